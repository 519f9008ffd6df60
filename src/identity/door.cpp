#include <base/handle.h>
#include <identity/door.h>
#include <identity/register.h>
#include <sandbox/door.h>

#include <fcntl.h>
#include <sys/file.h>

namespace identity {

base::Status serve(const DoorOptions& o, const base::Clock& clock, const std::function<void()>& ready) {
  const auto house = TRY(Register::open(o.folder, clock));
  const base::Fd alone(::open((o.folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!alone || ::flock(alone.get(), LOCK_EX | LOCK_NB))
    return base::Error{base::Refusal::conflict, "another process serves the register in " + o.folder};
  sandbox::DoorOptions door;
  door.what = "the identity register";
  door.socket = o.socket.empty() ? o.folder + "/door" : o.socket;
  door.peers = o.peers, door.with_parent = o.with_parent, door.log = o.log;
  door.fault =
      "{\"refused\":{\"why\":\"damaged\",\"message\":\"the register could not do this; its log says "
      "why\",\"reason\":\"fault\",\"alarm\":true}}";
  return sandbox::serve_door(
      door, [&](std::string_view request) { return house->answer(request); }, ready);
}

base::Result<std::string> ask(const std::string& socket, std::string_view request, int seconds) {
  return sandbox::ask_door("the identity register", socket, request, seconds);
}

}  // namespace identity

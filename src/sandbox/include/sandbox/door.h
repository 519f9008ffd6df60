#pragma once
// A process of its own behind a door (SECURITY.md 3.1): a UNIX socket on which it is asked, one request a
// connection, by those whom the kernel names as its peers. Once confined it may read and write the files that
// its user may and answer at this door; it starts nothing, calls nobody and makes no other socket.

#include <base/result.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace sandbox {

struct DoorOptions {
  std::string what;          // "the identity register": for messages
  std::string socket;        // its path
  std::vector<uid_t> peers;  // beside its own user and root
  bool with_parent = false;  // ends when the process that started it ends or says so, not by Ctrl-C
  std::string fault;         // the answer when answering failed
  std::function<void(std::string_view)> log;
};
using Answer = std::function<std::string(std::string_view request)>;

// Serves until SIGTERM or SIGINT. `ready` is called when it listens and is confined. Refuses: not_found (no
// folder for the socket), unsupported (no system-call list on this kernel).
base::Status serve_door(const DoorOptions& options, const Answer& answer, const std::function<void()>& ready);

inline constexpr std::size_t kMessageMax = 160 * 1024;

// Asks the process `what` behind the socket. Refuses: not_found (nobody serves there), exhausted (no answer
// in time), invalid (too long).
base::Result<std::string> ask_door(std::string_view what, const std::string& socket, std::string_view request,
                                   int seconds = 10);

}  // namespace sandbox

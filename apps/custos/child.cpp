#include "child.h"

#include <base/bytes.h>
#include <base/handle.h>
#include <base/json.h>
#include <evidence/office.h>
#include <identity/door.h>
#include <keys/doors.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cli {

Child::~Child() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {}
}
void Child::start(std::vector<std::string> words) {
  words.insert(words.begin(), "custos");
  std::vector<char*> argv;
  for (std::string& w : words) argv.push_back(w.data());
  argv.push_back(nullptr);
  if (::posix_spawn(&pid_, "/proc/self/exe", nullptr, nullptr, argv.data(), environ))
    base::fault_errno("cannot start another process of this program");
}
bool Child::ended() {
  int status = 0;
  if (pid_ <= 0 || ::waitpid(pid_, &status, WNOHANG) != pid_) return pid_ <= 0;
  pid_ = -1;
  return true;
}

void forget_variable(const char* name) {
  if (char* at = std::getenv(name)) ::explicit_bzero(at, std::strlen(at));
  ::unsetenv(name);
}

namespace {

// Waits until `ready` or the child ended.
base::Status wait_for(const char* what, Child& child, const std::function<bool()>& ready) {
  for (int hundredth = 0; hundredth < 3000; ++hundredth) {
    if (child.ended())
      return base::Error{base::Refusal::denied, std::string(what) + " did not start; its message is above"};
    if (ready()) return base::Done{};
    ::usleep(10'000);
  }
  return base::Error{base::Refusal::exhausted, std::string(what) + " did not start in half a minute"};
}

}  // namespace

base::Status IdentityChild::start(const std::string& folder) {
  // Its passphrase is its own: this program keeps none.
  const char* given = std::getenv("CUSTOS_IDENTITY_PASSPHRASE");
  std::string passphrase = given ? given : "";
  forget_variable("CUSTOS_IDENTITY_PASSPHRASE");
  child_.start({"identity", "serve", "--register", folder, "--with-parent"});
  const std::string door = folder + "/door";
  TRY(wait_for("the identity register", child_,
               [&] { return identity::ask(door, "{\"op\":\"status\"}").ok(); }));
  if (passphrase.empty()) return base::Done{};
  const auto said =
      identity::ask(door, "{\"op\":\"unseal\",\"passphrase\":" + base::json_string(passphrase) + "}", 60);
  base::wipe(passphrase);
  if (!said.ok() || said->find("\"refused\"") != std::string::npos)
    return base::Error{base::Refusal::denied,
                       "CUSTOS_IDENTITY_PASSPHRASE does not open the identity register"};
  return base::Done{};
}

base::Status KeysChildren::start(const std::string& office, std::string doors, const std::string& peer) {
  const std::string folder = evidence::keys_folder() + "/" + office;
  TRY(keys::how_they_lie(folder));
  doors_ = doors.empty() ? folder + "/doors/" + std::to_string(::getpid()) : std::move(doors);
  std::error_code error;
  // Of programs that were killed, their folders of doors are left.
  for (const std::string& others : keys::doors_in(folder))
    if (::kill(static_cast<pid_t>(std::atol(std::filesystem::path(others).filename().c_str())), 0) &&
        errno == ESRCH)
      std::filesystem::remove_all(others, error);
  std::filesystem::create_directories(doors_, error);
  if (error) return base::Error{base::Refusal::denied, "cannot make " + doors_ + ": " + error.message()};
  ::chmod(doors_.c_str(), peer.empty() ? 0700 : 0755);
  for (auto& [child, duty] :
       {std::pair<Child&, keys::Duty>{service_, keys::Duty::key_service}, {signer_, keys::Duty::signer}}) {
    std::vector<std::string> words{"keys",    "serve",  "--office",
                                   office,    "--duty", std::string(keys::name_of(duty)),
                                   "--doors", doors_,   "--with-parent"};
    if (!peer.empty()) words.insert(words.end(), {"--peer", peer});
    child.start(std::move(words));
  }
  TRY(wait_for("the key service", service_,
               [&] { return keys::state_of(doors_, keys::Duty::key_service).ok(); }));
  TRY(wait_for("the log signer", signer_, [&] { return keys::state_of(doors_, keys::Duty::signer).ok(); }));
  forget_variable("CUSTOS_PASSPHRASE");
  return base::Done{};
}
KeysChildren::~KeysChildren() {
  if (doors_.empty()) return;
  std::error_code error;
  for (const char* socket : {"/keys", "/signer"}) std::filesystem::remove(doors_ + socket, error);
  std::filesystem::remove(doors_, error);
}

}  // namespace cli

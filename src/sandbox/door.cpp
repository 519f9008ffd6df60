#include "calls.h"

#include <base/handle.h>
#include <sandbox/door.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace sandbox {
namespace {

using base::Error;
using base::Refusal;

std::atomic<bool> g_stop{false};

// A socket's path may be 107 bytes long; its folder is reached through an open handle instead.
struct Place {
  base::Fd folder;
  sockaddr_un address{};
};
base::Result<Place> place_of(const std::string& socket) {
  const std::size_t slash = socket.rfind('/');
  const std::string folder =
      slash == std::string::npos ? "." : socket.substr(0, std::max<std::size_t>(1, slash));
  Place p{base::Fd(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC))};
  const std::string path = "/proc/self/fd/" + std::to_string(p.folder.get()) + "/" + socket.substr(slash + 1);
  if (!p.folder || path.size() >= sizeof p.address.sun_path)
    return Error{Refusal::not_found, "there is no folder " + folder + " for a door"};
  p.address.sun_family = AF_UNIX;
  path.copy(p.address.sun_path, path.size());
  return p;
}
const sockaddr* generic(const sockaddr_un& a) { return reinterpret_cast<const sockaddr*>(&a); }

void wait_at_most(int fd, int seconds) {
  const timeval t{seconds, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t);
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
  const int room = static_cast<int>(kMessageMax) * 2;
  ::setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
}

// Files of its own, this door, memory that is never code.
base::Status confine(const std::string& what) {
  Calls calls;
  calls.computing();
  calls.rule(SCMP_ACT_ALLOW,
             {"pwrite64",   "newfstatat", "stat",    "lstat",     "statx",    "access",       "faccessat",
              "faccessat2", "open",       "openat",  "unlink",    "unlinkat", "rename",       "renameat",
              "renameat2",  "ftruncate",  "fsync",   "fdatasync", "fcntl",    "getcwd",       "readlink",
              "readlinkat", "getdents64", "fchmod",  "mlock",     "munlock",  "memfd_secret", "accept",
              "accept4",    "recvfrom",   "recvmsg", "sendto",    "sendmsg",  "getsockopt",   "setsockopt",
              "shutdown",   "flock"});
  calls.rule(SCMP_ACT_KILL_PROCESS, {"fork", "vfork", "socket", "connect", "bind", "listen"});
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || !calls.load())
    return Error{Refusal::unsupported, "this kernel does not confine " + what + ": no list of system calls"};
  return base::Done{};
}

}  // namespace

base::Status serve_door(const DoorOptions& o, const Answer& answer_to, const std::function<void()>& ready) {
  if (o.with_parent) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const auto handler = [](int) { g_stop = true; };
  struct sigaction act {};
  act.sa_handler = handler;
  ::sigaction(SIGTERM, &act, nullptr);
  // Ctrl-C reaches every process of a terminal: one that ends with its parent is told by it, once it is not
  // needed.
  if (o.with_parent) act.sa_handler = SIG_IGN;
  ::sigaction(SIGINT, &act, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  ::pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);

  const std::string& socket = o.socket;
  Place place = TRY(place_of(socket));
  const base::Fd door(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  ::unlink(socket.c_str());
  const mode_t before = ::umask(o.peers.empty() ? 0177 : 0111);
  const bool bound = door && ::bind(door.get(), generic(place.address), sizeof place.address) == 0;
  ::umask(before);
  if (!bound || ::listen(door.get(), 64)) base::fault_errno("cannot listen at " + socket);
  TRY(confine(o.what));
  if (ready) ready();

  const uid_t own = ::geteuid();
  std::string message(kMessageMax, '\0');
  while (!g_stop) {
    pollfd waiting{door.get(), POLLIN, 0};
    if (::poll(&waiting, 1, 1000) <= 0) continue;
    const base::Fd peer(::accept4(door.get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (!peer) continue;
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(peer.get(), SOL_SOCKET, SO_PEERCRED, &who, &size) ||
        (who.uid != own && who.uid != 0 && std::ranges::find(o.peers, who.uid) == o.peers.end())) {
      if (o.log) o.log("somebody else's process came to the door of " + o.what + " and was sent away");
      continue;
    }
    wait_at_most(peer.get(), 5);
    const ssize_t n = ::recv(peer.get(), message.data(), message.size(), MSG_TRUNC);
    if (n <= 0 || static_cast<std::size_t>(n) > message.size()) continue;
    std::string answer;
    try {
      answer = answer_to({message.data(), static_cast<std::size_t>(n)});
    } catch (const std::exception& e) {
      if (o.log) o.log(o.what + " could not answer: " + e.what());
      answer = o.fault;
    }
    ::explicit_bzero(message.data(), static_cast<std::size_t>(n));
    const ssize_t given = ::send(peer.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
    ::explicit_bzero(answer.data(), answer.size());
    if (given < 0 && o.log) o.log("an answer of " + o.what + " could not be given");
  }
  ::unlink(socket.c_str());
  return base::Done{};
}

base::Result<std::string> ask_door(std::string_view what, const std::string& socket, std::string_view request,
                                   int seconds) {
  const std::string name(what);
  if (request.size() > kMessageMax) return Error{Refusal::invalid, "this is too long for " + name};
  const Error nobody{Refusal::not_found, name + " does not answer at " + socket};
  const auto place = place_of(socket);
  if (!place.ok()) return nobody;
  const base::Fd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!fd || ::connect(fd.get(), generic(place->address), sizeof place->address)) return nobody;
  wait_at_most(fd.get(), seconds);
  if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return nobody;
  std::string answer;
  ssize_t n = ::recv(fd.get(), nullptr, 0, MSG_PEEK | MSG_TRUNC);  // how long it is
  if (n > 0) {
    answer.resize(static_cast<std::size_t>(n));
    n = ::recv(fd.get(), answer.data(), answer.size(), 0);
  }
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return Error{Refusal::exhausted, name + " did not answer in time; try again"};
  if (n <= 0) return nobody;
  answer.resize(static_cast<std::size_t>(n));
  return answer;
}

}  // namespace sandbox

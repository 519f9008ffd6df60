#include <base/handle.h>
#include <identity/door.h>
#include <identity/register.h>

#include <seccomp.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace identity {
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
    return Error{Refusal::not_found, "there is no folder " + folder + " for the door of the register"};
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

// The list of system calls: files of its own folder, this socket, memory that is never code.
base::Status confine() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    return Error{Refusal::unsupported, "this kernel does not confine the register"};
  const base::Handle<void, seccomp_release> filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
  bool well = filter != nullptr;
  const auto add = [&](std::uint32_t action, const char* name) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number != __NR_SCMP_ERROR && seccomp_rule_add(filter.get(), action, number, 0)) well = false;
  };
  for (const char* name : {"read",
                           "write",
                           "readv",
                           "writev",
                           "pread64",
                           "pwrite64",
                           "close",
                           "lseek",
                           "fstat",
                           "newfstatat",
                           "stat",
                           "lstat",
                           "statx",
                           "access",
                           "faccessat",
                           "faccessat2",
                           "open",
                           "openat",
                           "unlink",
                           "unlinkat",
                           "rename",
                           "renameat",
                           "renameat2",
                           "ftruncate",
                           "fsync",
                           "fdatasync",
                           "fcntl",
                           "getcwd",
                           "readlink",
                           "readlinkat",
                           "getdents64",
                           "fchmod",
                           "munmap",
                           "mremap",
                           "mlock",
                           "munlock",
                           "memfd_secret",
                           "brk",
                           "madvise",
                           "futex",
                           "getrandom",
                           "clock_gettime",
                           "clock_getres",
                           "gettimeofday",
                           "time",
                           "clock_nanosleep",
                           "nanosleep",
                           "exit",
                           "exit_group",
                           "rt_sigaction",
                           "rt_sigprocmask",
                           "rt_sigreturn",
                           "sigaltstack",
                           "getpid",
                           "gettid",
                           "getppid",
                           "getuid",
                           "geteuid",
                           "getgid",
                           "getegid",
                           "sched_yield",
                           "sched_getaffinity",
                           "set_robust_list",
                           "rseq",
                           "restart_syscall",
                           "sysinfo",
                           "uname",
                           "getrusage",
                           "poll",
                           "ppoll",
                           "accept",
                           "accept4",
                           "recvfrom",
                           "recvmsg",
                           "sendto",
                           "sendmsg",
                           "getsockopt",
                           "setsockopt",
                           "shutdown",
                           "flock",
                           "membarrier",
                           "getcpu"})
    add(SCMP_ACT_ALLOW, name);
  for (const char* name : {"mmap", "mprotect", "pkey_mprotect"})
    if (seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 1,
                         scmp_arg_cmp{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0}))
      well = false;
  if (seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
                       scmp_arg_cmp{2, SCMP_CMP_EQ, 0, 0}))
    well = false;
  for (const char* name : {"execve",
                           "execveat",
                           "fork",
                           "vfork",
                           "socket",
                           "connect",
                           "bind",
                           "listen",
                           "ptrace",
                           "process_vm_readv",
                           "process_vm_writev",
                           "kill",
                           "tkill",
                           "mount",
                           "umount2",
                           "pivot_root",
                           "unshare",
                           "setns",
                           "bpf",
                           "perf_event_open",
                           "userfaultfd",
                           "io_uring_setup",
                           "io_uring_enter",
                           "keyctl",
                           "add_key",
                           "request_key",
                           "init_module",
                           "finit_module",
                           "kexec_load",
                           "open_by_handle_at",
                           "reboot",
                           "chroot",
                           "pidfd_getfd"})
    add(SCMP_ACT_KILL_PROCESS, name);
  if (!well || seccomp_load(filter.get()))
    return Error{Refusal::unsupported, "this kernel does not confine the register: no list of system calls"};
  return base::Done{};
}

}  // namespace

base::Status serve(const DoorOptions& o, const base::Clock& clock, const std::function<void()>& ready) {
  if (o.with_parent) ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  const auto handler = [](int) { g_stop = true; };
  struct sigaction act {};
  act.sa_handler = handler;
  ::sigaction(SIGTERM, &act, nullptr);
  ::sigaction(SIGINT, &act, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  ::pthread_sigmask(SIG_UNBLOCK, &stop, nullptr);

  const auto house = TRY(Register::open(o.folder, clock));
  const base::Fd alone(::open((o.folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!alone || ::flock(alone.get(), LOCK_EX | LOCK_NB))
    return Error{Refusal::conflict, "another process serves the register in " + o.folder};
  const std::string socket = o.socket.empty() ? o.folder + "/door" : o.socket;
  Place place = TRY(place_of(socket));
  const base::Fd door(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  ::unlink(socket.c_str());
  const mode_t before = ::umask(o.peers.empty() ? 0177 : 0111);
  const bool bound = door && ::bind(door.get(), generic(place.address), sizeof place.address) == 0;
  ::umask(before);
  if (!bound || ::listen(door.get(), 64)) base::fault_errno("cannot listen at " + socket);
  TRY(confine());
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
      if (o.log) o.log("somebody else's process came to the door of the register and was sent away");
      continue;
    }
    wait_at_most(peer.get(), 5);
    const ssize_t n = ::recv(peer.get(), message.data(), message.size(), MSG_TRUNC);
    if (n <= 0 || static_cast<std::size_t>(n) > message.size()) continue;
    std::string answer;
    try {
      answer = house->answer({message.data(), static_cast<std::size_t>(n)});
    } catch (const std::exception& e) {
      if (o.log) o.log(std::string("the register could not answer: ") + e.what());
      answer =
          "{\"refused\":{\"why\":\"damaged\",\"message\":\"the register could not do this; its log says "
          "why\",\"reason\":\"fault\",\"alarm\":true}}";
    }
    ::explicit_bzero(message.data(), static_cast<std::size_t>(n));
    if (::send(peer.get(), answer.data(), answer.size(), MSG_NOSIGNAL) < 0 && o.log)
      o.log("an answer of the register could not be given");
  }
  ::unlink(socket.c_str());
  return base::Done{};
}

base::Result<std::string> ask(const std::string& socket, std::string_view request, int seconds) {
  if (request.size() > kMessageMax) return Error{Refusal::invalid, "this is too long for the register"};
  const Error nobody{Refusal::not_found, "the identity register does not answer at " + socket};
  const auto place = place_of(socket);
  if (!place.ok()) return nobody;
  const base::Fd fd(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!fd || ::connect(fd.get(), generic(place->address), sizeof place->address)) return nobody;
  wait_at_most(fd.get(), seconds);
  if (::send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return nobody;
  std::string answer(kMessageMax * 2, '\0');
  const ssize_t n = ::recv(fd.get(), answer.data(), answer.size(), 0);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
    return Error{Refusal::exhausted, "the identity register did not answer in time; try again"};
  if (n <= 0) return nobody;
  answer.resize(static_cast<std::size_t>(n));
  return answer;
}

}  // namespace identity

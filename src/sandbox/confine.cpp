#include "calls.h"

#include <base/handle.h>
#include <sandbox/confine.h>

#include <linux/landlock.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sandbox {
namespace {

base::Error cannot(const char* what) {
  return {base::Refusal::unsupported,
          std::string("the sandbox cannot be built here: ") + what + ": " + std::strerror(errno)};
}

bool write_text(const char* path, const std::string& text) {
  const base::Fd fd(::open(path, O_WRONLY | O_CLOEXEC));
  return fd && base::write_all(fd.get(), text);
}

// Landlock rights by ABI; Debian 12's headers know the first two only, so the numbers stand here.
base::Status landlock() {
  const long abi = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) return cannot("Landlock");
  struct {
    std::uint64_t files, network, scoped;
  } rights{0x1fff, 0, 0};
  if (abi >= 2) rights.files |= 1ull << 13;
  if (abi >= 3) rights.files |= 1ull << 14;
  if (abi >= 5) rights.files |= 1ull << 15;
  std::size_t size = 8;
  if (abi >= 4) rights.network = 3, size = 16;
  if (abi >= 6) rights.scoped = 3, size = 24;
  const base::Fd rules(static_cast<int>(syscall(SYS_landlock_create_ruleset, &rights, size, 0)));
  if (!rules || syscall(SYS_landlock_restrict_self, rules.get(), 0)) return cannot("Landlock");
  return base::Done{};
}

}  // namespace

base::Status enter_namespaces() {
  const uid_t uid = getuid();
  const gid_t gid = getgid();
  if (uid == 0) {
    // Root of the machine must not be root in here, even outside of the walls.
    if (setgroups(0, nullptr) || setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
      return cannot("setuid");
    prctl(PR_SET_DUMPABLE, 1);
  }
  const uid_t inner_uid = uid == 0 ? 65534 : uid;
  const gid_t inner_gid = uid == 0 ? 65534 : gid;
  if (unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID))
    return cannot("namespaces");
  write_text("/proc/self/setgroups", "deny");
  if (!write_text("/proc/self/uid_map", "0 " + std::to_string(inner_uid) + " 1") ||
      !write_text("/proc/self/gid_map", "0 " + std::to_string(inner_gid) + " 1"))
    return cannot("user map");
  const pid_t first = fork();
  if (first < 0) return cannot("fork");
  if (first > 0) {
    // Only waits, so that whoever started us sees one process end.
    for (int i = 0; i < 1024; ++i) ::close(i);
    int status = 0;
    while (waitpid(first, &status, 0) < 0 && errno == EINTR) {}
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128);
  }
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) ||
      mount("none", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "size=64k") || chdir("/tmp") ||
      syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH) || chdir("/") ||
      mount(nullptr, "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
            nullptr))
    return cannot("empty root");
  for (int c = 0; c < 64; ++c) prctl(PR_CAPBSET_DROP, c, 0, 0, 0);
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return cannot("no_new_privs");
  struct {
    std::uint32_t version;
    int pid;
  } head{0x20080522, 0};
  std::uint32_t none[6]{};
  if (syscall(SYS_capset, &head, none)) return cannot("capabilities");
  return landlock();
}

void confine_child(const ChildLimits& l) {
  const auto limit = [](__rlimit_resource what, std::uint64_t value) {
    const rlimit r{value, value};
    if (setrlimit(what, &r)) base::fault_errno("cannot limit the child");
  };
  limit(RLIMIT_DATA, l.memory_bytes);
  limit(RLIMIT_CPU, l.cpu_seconds);
  limit(RLIMIT_FSIZE, 0);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NOFILE, 16);
  limit(RLIMIT_MEMLOCK, 0);
  prctl(PR_SET_DUMPABLE, 0);

  Calls calls;
  calls.computing();
  calls.rule(SCMP_ACT_ALLOW, {"set_tid_address", "getrlimit", "times", "arch_prctl"});
  const auto compare = [](unsigned argument, scmp_compare how, scmp_datum_t a, scmp_datum_t b) {
    return scmp_arg_cmp{argument, how, a, b};  // the library's own macros are no C++ to clang
  };
  // Only for abort() of itself, which the process namespace confines.
  calls.rule(SCMP_ACT_ALLOW, "tgkill", compare(0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()), 0));
  // Threads of this process are no way out, and libraries that cannot start theirs wait for them without end.
  // A new process is refused; clone3 hides its flags behind a pointer, so the C library is sent back to
  // clone.
  constexpr auto thread = static_cast<scmp_datum_t>(CLONE_THREAD);
  calls.rule(SCMP_ACT_ALLOW, "clone", compare(0, SCMP_CMP_MASKED_EQ, thread, thread));
  calls.rule(SCMP_ACT_ERRNO(EAGAIN), "clone", compare(0, SCMP_CMP_MASKED_EQ, thread, 0));
  calls.rule(SCMP_ACT_ERRNO(ENOSYS), {"clone3"});
  calls.rule(SCMP_ACT_ERRNO(EAGAIN), {"fork", "vfork"});
  calls.rule(SCMP_ACT_ERRNO(ENOENT),
             {"open", "openat", "openat2", "stat", "lstat", "newfstatat", "statx", "access", "faccessat",
              "faccessat2", "readlink", "readlinkat", "getcwd", "statfs", "getdents64", "mkdir", "unlink"});
  if (!calls.load()) base::fault("seccomp is missing");
}

namespace {

struct Escape {
  const char* name;
  bool (*attempt)();
};

bool made(int fd) { return fd >= 0; }

const Escape kEscapes[] = {
    {"read a file", [] { return made(::open("/etc/passwd", O_RDONLY)); }},
    {"read a file by a raw call",
     [] { return made(static_cast<int>(syscall(SYS_openat, AT_FDCWD, "/", O_RDONLY | O_DIRECTORY))); }},
    {"create a file", [] { return made(::open("/created", O_CREAT | O_WRONLY, 0600)); }},
    {"see a file",
     [] {
       struct stat s;
       return ::stat("/etc", &s) == 0;
     }},
    {"open a network socket", [] { return made(::socket(AF_INET, SOCK_STREAM, 0)); }},
    {"open a local socket", [] { return made(::socket(AF_UNIX, SOCK_STREAM, 0)); }},
    {"make a pair of sockets",
     [] {
       int p[2];
       return ::socketpair(AF_UNIX, SOCK_STREAM, 0, p) == 0;
     }},
    {"start a process",
     [] {
       const pid_t p = static_cast<pid_t>(syscall(SYS_fork));
       if (p == 0) _exit(0);
       return p > 0;
     }},
    {"run a program",
     [] {
       char* none[] = {nullptr};
       return ::execve("/bin/true", none, none) == 0;
     }},
    {"trace a process", [] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }},
    {"signal a process", [] { return ::kill(1, 0) == 0; }},
    {"make memory executable",
     [] {
       return ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) !=
              MAP_FAILED;
     }},
    {"turn memory executable",
     [] {
       void* m = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
       return ::mprotect(m, 4096, PROT_READ | PROT_EXEC) == 0;
     }},
    {"change a mode", [] { return ::chmod("/", 0777) == 0 || ::fchmod(0, 0777) == 0; }},
    {"use io_uring",
     [] {
       char p[128]{};
       return syscall(SYS_io_uring_setup, 1, p) >= 0;
     }},
    {"make a namespace", [] { return ::unshare(CLONE_NEWUSER) == 0; }},
    {"mount", [] { return ::mount("none", "/", "tmpfs", 0, nullptr) == 0; }},
    {"raise a limit",
     [] {
       const rlimit r{RLIM_INFINITY, RLIM_INFINITY};
       return ::setrlimit(RLIMIT_CPU, &r) == 0;
     }},
    {"take more memory than allowed",
     [] {
       void* m = ::mmap(nullptr, 2ull << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
       return m != MAP_FAILED;
     }},
    {"clone a process",
     [] {
       const auto p = syscall(SYS_clone, SIGCHLD, nullptr, nullptr, nullptr, nullptr);
       if (p == 0) _exit(0);
       return p > 0;
     }},
};

}  // namespace

std::string escape_that_succeeds() {
  for (const Escape& e : kEscapes) {
    const pid_t child = fork();
    if (child < 0) return "the self-test cannot fork";
    if (child == 0) {
      confine_child({});
      _exit(e.attempt() ? 77 : 0);
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    const bool refused = (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
                         (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
    if (!refused) return e.name;
  }
  // The control: what a child must be able to do, it can. Otherwise the test above proves nothing.
  const pid_t child = fork();
  if (child == 0) {
    confine_child({});
    void* m = ::mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (m == MAP_FAILED) _exit(1);
    std::memset(m, 1, 1 << 20);
    _exit(42);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {}
  return WIFEXITED(status) && WEXITSTATUS(status) == 42 ? "" : "the self-test's control failed";
}

}  // namespace sandbox

#include "calls.h"

#include <sys/mman.h>

namespace sandbox {

void Calls::rule(std::uint32_t action, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number != __NR_SCMP_ERROR && seccomp_rule_add(filter_.get(), action, number, 0)) well_ = false;
  }
}
void Calls::rule(std::uint32_t action, const char* name, const scmp_arg_cmp& when) {
  if (seccomp_rule_add(filter_.get(), action, seccomp_syscall_resolve_name(name), 1, when)) well_ = false;
}

void Calls::computing() {
  if (!well_) return;
  rule(SCMP_ACT_ALLOW, {"read",
                        "write",
                        "readv",
                        "writev",
                        "pread64",
                        "close",
                        "lseek",
                        "fstat",
                        "munmap",
                        "mremap",
                        "brk",
                        "madvise",
                        "futex",
                        "getrandom",
                        "clock_gettime",
                        "clock_getres",
                        "gettimeofday",
                        "time",
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
                        "set_robust_list",
                        "sched_getaffinity",
                        "rseq",
                        "restart_syscall",
                        "sysinfo",
                        "uname",
                        "getrusage",
                        "nanosleep",
                        "clock_nanosleep",
                        "getcpu",
                        "membarrier",
                        "poll",
                        "ppoll"});
  // Memory may be mapped and changed, but never be both foreign and executable.
  for (const char* name : {"mmap", "mprotect", "pkey_mprotect"})
    rule(SCMP_ACT_ALLOW, name, scmp_arg_cmp{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0});
  // Limits are read, never set.
  rule(SCMP_ACT_ALLOW, "prlimit64", scmp_arg_cmp{2, SCMP_CMP_EQ, 0, 0});
  rule(SCMP_ACT_KILL_PROCESS,
       {"execve",         "execveat",        "ptrace",      "process_vm_readv",  "process_vm_writev",
        "kill",           "tkill",           "mount",       "umount2",           "pivot_root",
        "unshare",        "setns",           "bpf",         "perf_event_open",   "userfaultfd",
        "io_uring_setup", "io_uring_enter",  "keyctl",      "add_key",           "request_key",
        "init_module",    "finit_module",    "kexec_load",  "open_by_handle_at", "reboot",
        "chroot",         "process_madvise", "pidfd_getfd", "modify_ldt"});
}

}  // namespace sandbox

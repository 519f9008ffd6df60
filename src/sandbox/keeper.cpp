#include <base/bytes.h>
#include <sandbox/confine.h>
#include <sandbox/lane.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "control.h"

namespace sandbox {

bool send_control(int socket, const Control& c, int fd, std::string_view extra) {
  iovec parts[2] = {{const_cast<Control*>(&c), sizeof c}, {const_cast<char*>(extra.data()), extra.size()}};
  msghdr m{};
  m.msg_iov = parts;
  m.msg_iovlen = extra.empty() ? 1 : 2;
  alignas(cmsghdr) char room[CMSG_SPACE(sizeof(int))]{};
  if (fd >= 0) {
    m.msg_control = room;
    m.msg_controllen = sizeof room;
    cmsghdr* h = CMSG_FIRSTHDR(&m);
    h->cmsg_level = SOL_SOCKET;
    h->cmsg_type = SCM_RIGHTS;
    h->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(h), &fd, sizeof fd);
  }
  while (::sendmsg(socket, &m, MSG_NOSIGNAL) < 0)
    if (errno != EINTR) return false;
  return true;
}

bool receive_control(int socket, Control& c, base::Fd* fd, std::string* extra) {
  char more[4096];
  iovec parts[2] = {{&c, sizeof c}, {more, sizeof more}};
  msghdr m{};
  m.msg_iov = parts;
  m.msg_iovlen = 2;
  alignas(cmsghdr) char room[CMSG_SPACE(sizeof(int))]{};
  m.msg_control = room;
  m.msg_controllen = sizeof room;
  ssize_t n;
  while ((n = ::recvmsg(socket, &m, MSG_CMSG_CLOEXEC)) < 0)
    if (errno != EINTR) return false;
  if (n < static_cast<ssize_t>(sizeof c)) return false;
  if (extra) extra->assign(more, static_cast<std::size_t>(n) - sizeof c);
  for (cmsghdr* h = CMSG_FIRSTHDR(&m); h; h = CMSG_NXTHDR(&m, h))
    if (h->cmsg_level == SOL_SOCKET && h->cmsg_type == SCM_RIGHTS) {
      int got = -1;
      std::memcpy(&got, CMSG_DATA(h), sizeof got);
      base::Fd owned(got);
      if (fd) *fd = std::move(owned);
    }
  return true;
}

// One job after the other: fork, wait for the child or for the word to kill it, tell how it ended.
int keep(int control, const std::string& versions, void (*job)(int)) {
  ::signal(SIGPIPE, SIG_IGN);
  // What libraries print goes nowhere: the caller's own streams may be files, and children may not write to
  // files.
  const base::Fd nowhere(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!nowhere) return 1;
  for (const int fd : {0, 1, 2}) ::dup2(nowhere.get(), fd);
  if (const base::Status s = enter_namespaces(); !s.ok()) {
    send_control(control, {Control::failed}, -1, s.error().message);
    return 1;
  }
  if (const std::string escape = escape_that_succeeds(); !escape.empty()) {
    send_control(control, {Control::failed}, -1, "the sandbox leaks: a confined process could " + escape);
    return 1;
  }
  send_control(control, {Control::ready}, -1, versions);
  for (;;) {
    Control c{};
    base::Fd socket;
    if (!receive_control(control, c, &socket, nullptr)) return 0;
    if (c.what != Control::run || !socket) continue;
    const pid_t child = fork();
    if (child < 0) {
      send_control(control, {Control::ended, -1}, -1, {});
      continue;
    }
    if (child == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      const int fd = 3;
      if (socket.get() != fd) ::dup2(socket.get(), fd);
      syscall(SYS_close_range, 4, ~0u, 0);
      confine_child({c.memory_bytes, c.cpu_seconds});
      job(fd);
      _exit(0);
    }
    socket.close();
    const base::Fd watch(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
    for (;;) {
      pollfd p[2] = {{watch.get(), POLLIN, 0}, {control, POLLIN, 0}};
      if (::poll(p, 2, -1) < 0 && errno == EINTR) continue;
      if (p[0].revents) break;
      Control word{};
      if (!receive_control(control, word, nullptr, nullptr) || word.what == Control::kill)
        ::kill(child, SIGKILL);
    }
    int status = 0;
    rusage use{};
    while (::wait4(child, &status, 0, &use) < 0 && errno == EINTR) {}
    Control end{Control::ended, status};
    end.peak_kib = static_cast<std::uint64_t>(use.ru_maxrss);
    if (!send_control(control, end, -1, {})) return 0;
  }
}

}  // namespace sandbox

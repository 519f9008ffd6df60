#include "control.h"

#include <base/bytes.h>
#include <sandbox/lane.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace sandbox {

Lane::Lane(LaneOptions options, const base::Clock& clock) : options_(std::move(options)), clock_(clock) {}
Lane::~Lane() { stop(); }

void Lane::stop() {
  control_.close();
  if (keeper_ > 0) {
    ::kill(keeper_, SIGKILL);
    while (::waitpid(keeper_, nullptr, 0) < 0 && errno == EINTR) {}
  }
  keeper_ = -1;
}

void Lane::start() {
  constexpr int attempts = 3;
  for (int n = 1; !try_start(); ++n)
    if (n == attempts)
      base::fault("the worker " + options_.worker + " ended before it was ready, " +
                  std::to_string(attempts) + " times");
}

bool Lane::try_start() {
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
    base::fault_errno("cannot start the worker");
  control_ = base::Fd(pair[0]);
  base::Fd theirs(pair[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, theirs.get(), 3);
  std::string path = options_.worker, first = "--keeper", second = options_.ocr ? "--ocr" : "--plain";
  char* arguments[] = {path.data(), first.data(), second.data(), nullptr};
  // An environment of its own: nothing of ours (a passphrase) is inherited, OpenMP makes no threads, which a
  // forked child would wait for without end, and functions of libraries are looked up once, not by every
  // child again.
  std::string words[] = {"PATH=/usr/bin:/bin", "LANG=C.UTF-8", "OMP_THREAD_LIMIT=1", "OMP_NUM_THREADS=1",
                         "LD_BIND_NOW=1"};
  char* environment[std::size(words) + 1] = {};
  for (std::size_t i = 0; i < std::size(words); ++i) environment[i] = words[i].data();
  const int failed = ::posix_spawn(&keeper_, path.c_str(), &actions, nullptr, arguments, environment);
  posix_spawn_file_actions_destroy(&actions);
  if (failed) {
    errno = failed;
    keeper_ = -1;
    base::fault_errno("cannot start " + path);
  }
  theirs.close();
  Control c{};
  std::string said;
  if (!receive_control(control_.get(), c, nullptr, &said)) {
    stop();
    return false;
  }
  if (c.what != Control::ready) {
    stop();
    base::fault(said + "; nothing is processed. Run `custos version --sandbox` for details");
  }
  versions_ = said;
  return true;
}

JobEnd Lane::run(const std::vector<Task>& tasks, FrameReader::Listener& to) {
  if (!control_) start();
  int pair[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair)) base::fault_errno("cannot start a job");
  base::Fd ours(pair[0]), theirs(pair[1]);
  ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
  Control order{Control::run};
  order.memory_bytes = options_.memory_bytes;
  order.cpu_seconds = static_cast<std::uint64_t>(options_.cpu_seconds);
  if (!send_control(control_.get(), order, theirs.get(), {})) {
    stop();
    base::fault("the worker is gone");
  }
  theirs.close();

  std::string outgoing = job_text(tasks);
  std::size_t sent = 0;
  std::uint64_t bytes = 0;
  for (const Task& t : tasks) bytes += t.size;
  const double start = clock_.seconds();
  const double total_max =
      options_.idle_seconds + options_.seconds_a_mebibyte * static_cast<double>(bytes) / 1048576;
  double heard = start;
  FrameReader reader(to, tasks.size());
  JobEnd end;
  const auto kill = [&](Ended how, std::string detail) {
    end.how = how;
    end.detail = std::move(detail);
    send_control(control_.get(), {Control::kill}, -1, {});
  };
  const auto window = [&](std::uint64_t item, std::uint64_t offset, std::uint32_t n) -> base::Status {
    const Task& t = tasks[item];
    std::string piece;
    if (t.inlined)
      piece = offset < t.bytes.size() ? t.bytes.substr(offset, n) : std::string_view();
    else if (offset < t.size)
      piece = TRY(t.window(offset, std::min<std::uint64_t>(n, t.size - offset)));
    base::append_le<std::uint32_t>(outgoing, static_cast<std::uint32_t>(piece.size()));
    outgoing += piece;
    return base::Done{};
  };
  for (;;) {
    if (sent == outgoing.size()) outgoing.clear(), sent = 0;
    pollfd p{ours.get(), static_cast<short>(POLLIN | (outgoing.empty() ? 0 : POLLOUT)), 0};
    const int n = ::poll(&p, 1, 500);
    if (n < 0 && errno != EINTR) base::fault_errno("poll");
    const double now = clock_.seconds();
    if (n > 0 && (p.revents & POLLOUT)) {
      const ssize_t k = ::send(ours.get(), outgoing.data() + sent, outgoing.size() - sent, MSG_NOSIGNAL);
      if (k > 0)
        sent += static_cast<std::size_t>(k), heard = now;
      else if (k < 0 && errno != EAGAIN && errno != EINTR)
        outgoing.clear(), sent = 0;
    }
    if (n > 0 && (p.revents & (POLLIN | POLLHUP | POLLERR))) {
      const ssize_t k = ::recv(ours.get(), buffer_.data(), buffer_.size(), 0);
      if (k == 0) break;
      if (k < 0) {
        if (errno == EAGAIN || errno == EINTR) continue;
        break;
      }
      heard = now;
      if (const base::Status s = reader.take({buffer_.data(), static_cast<std::size_t>(k)}, window);
          !s.ok()) {
        kill(Ended::broken_frames, s.error().message);
        break;
      }
    }
    if (options_.cancelled && options_.cancelled()) {
      kill(Ended::cancelled, "");
      break;
    }
    if (now - heard > options_.idle_seconds || now - start > total_max) {
      kill(Ended::timed_out, "no end after " + std::to_string(static_cast<int>(now - start)) + " s");
      break;
    }
  }
  ours.close();
  Control ended{};
  do {
    if (!receive_control(control_.get(), ended, nullptr, nullptr)) {
      stop();
      if (end.how == Ended::well) end.how = Ended::crashed, end.detail = "the worker itself ended";
      break;
    }
  } while (ended.what != Control::ended);
  end.items_done = reader.next();
  end.peak_kib = ended.peak_kib;
  if (end.how == Ended::well &&
      (ended.status != 0 || !reader.between_items() || reader.next() < tasks.size())) {
    const int signal = WIFSIGNALED(ended.status) ? WTERMSIG(ended.status) : 0;
    const bool full = ended.peak_kib * 1024 > options_.memory_bytes / 10 * 9;
    end.how = signal == SIGXCPU || (signal == SIGKILL) ? Ended::timed_out
              : full                                   ? Ended::out_of_memory
                                                       : Ended::crashed;
    end.detail =
        signal ? "signal " + std::to_string(signal) : "status " + std::to_string(WEXITSTATUS(ended.status));
  }
  return end;
}

}  // namespace sandbox

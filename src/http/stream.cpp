#include <base/handle.h>
#include <http/response.h>
#include <http/stream.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace http {
namespace {

struct BytesSource final : Source {
  explicit BytesSource(std::string b) : bytes(std::move(b)) {}
  std::uint64_t size() const override { return bytes.size(); }
  base::Result<std::string> read_at(std::uint64_t offset, std::size_t n) override {
    return bytes.substr(std::min<std::size_t>(offset, bytes.size()), n);
  }
  std::string bytes;
};

struct FileSource final : Source {
  FileSource(base::Fd f, std::uint64_t n) : fd(std::move(f)), bytes(n) {}
  std::uint64_t size() const override { return bytes; }
  base::Result<std::string> read_at(std::uint64_t offset, std::size_t n) override {
    std::string out(n, '\0');
    std::size_t got = 0;
    while (got < n) {
      const ssize_t k = ::pread(fd.get(), out.data() + got, n - got, static_cast<off_t>(offset + got));
      if (k < 0 && errno == EINTR) continue;
      if (k < 0) base::fault_errno("cannot read a file that is being sent");
      if (k == 0) break;
      got += static_cast<std::size_t>(k);
    }
    out.resize(got);
    return out;
  }
  base::Fd fd;
  std::uint64_t bytes;
};

bool one_line(std::string_view s) { return s.find_first_of(std::string_view("\r\n\0", 3)) == s.npos; }

}  // namespace

std::unique_ptr<Source> source_of(std::string bytes) {
  return std::make_unique<BytesSource>(std::move(bytes));
}

base::Result<std::unique_ptr<Source>> source_of_file(const std::string& path) {
  base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat st {};
  if (!fd || ::fstat(fd.get(), &st) || !S_ISREG(st.st_mode))
    return base::Error{base::Refusal::not_found, "There is no file of that name."};
  return std::unique_ptr<Source>(
      std::make_unique<FileSource>(std::move(fd), static_cast<std::uint64_t>(st.st_size)));
}

std::shared_ptr<EventStream> EventStream::make(std::size_t bytes_max) {
  return std::shared_ptr<EventStream>(new EventStream(bytes_max));
}

bool EventStream::send(std::string_view event, std::string_view data, std::string_view id) {
  if (!one_line(event) || !one_line(id)) base::fault("the name or id of an event is more than one line");
  std::string text;
  if (!id.empty()) text.append("id: ").append(id).append("\n");
  if (!event.empty()) text.append("event: ").append(event).append("\n");
  // CR, LF and CR LF all end a line; each line of the data is a field of its own.
  for (std::size_t from = 0; from <= data.size();) {
    const std::size_t end = std::min(data.find_first_of("\r\n", from), data.size());
    text.append("data: ").append(data.substr(from, end - from)).append("\n");
    from = end + (data.substr(end, 2) == "\r\n" ? 2 : 1);
  }
  text += '\n';

  const std::lock_guard lock(mutex_);
  if (state_ != State::open) return false;
  const bool was_empty = waiting_.empty();
  if (waiting_.size() + text.size() > bytes_max_) {
    state_ = State::cut;
    waiting_ = {};
  } else {
    waiting_ += text;
  }
  if (wake_ && (was_empty || state_ == State::cut)) wake_();
  return state_ == State::open;
}

void EventStream::close() {
  const std::lock_guard lock(mutex_);
  if (state_ != State::open) return;
  state_ = State::closing;
  if (wake_) wake_();
}

bool EventStream::open() const {
  const std::lock_guard lock(mutex_);
  return state_ == State::open;
}

bool EventStream::is_cut() const {
  const std::lock_guard lock(mutex_);
  return state_ == State::cut;
}

void EventStream::attach(std::function<void()> wake) {
  const std::lock_guard lock(mutex_);
  wake_ = std::move(wake);
}

void EventStream::detach() {
  const std::lock_guard lock(mutex_);
  wake_ = nullptr;
  state_ = State::cut;
  waiting_ = {};
}

EventStream::State EventStream::take(std::string& out) {
  const std::lock_guard lock(mutex_);
  out += waiting_;
  waiting_.clear();
  return state_;
}

}  // namespace http

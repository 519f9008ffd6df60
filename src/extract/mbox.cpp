#include "mbox.h"

#include "readers_list.h"
#include "types.h"

#include <cstdio>
#include <cstring>

namespace extract {
namespace {

constexpr std::size_t kWindow = 1 << 20;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "From sender weekday month day hh:mm:ss year": the time is what no sentence has in its place.
bool is_separator(std::string_view line) {
  if (!line.starts_with("From ") || line.size() > 400) return false;
  for (std::size_t i = 5; i + 3 < line.size(); ++i)
    if (line[i] == ':' && is_digit(line[i - 1]) && is_digit(line[i + 1]) && is_digit(line[i + 2]))
      return true;
  return false;
}

bool is_blank(std::string_view line) { return line == "\n" || line == "\r\n" || line.empty(); }

class Box {
 public:
  explicit Box(Sink& sink) : sink_(sink) {}

  void line(std::string_view l, bool at_line_start) {
    if (at_line_start && blank_before_ && is_separator(l)) {
      end();
      begin();
    } else if (at_line_start && l.starts_with('>') &&
               l.substr(std::min(l.find_first_not_of('>'), l.size())).starts_with("From ")) {
      flush(l.data());
      from_ = l.data() + 1;  // what the mailbox put there is taken off (mboxrd)
      ++unquoted_;
    }
    blank_before_ = at_line_start && is_blank(l);
    if (!open_ && !before_first_ && !blank_before_) before_first_ = true;
  }
  // The bytes up to here are given; the window they lie in goes away.
  void flush(const char* to) {
    if (open_ && from_ && to > from_)
      given_ = given_ && sink_.part_bytes({from_, static_cast<std::size_t>(to - from_)});
    from_ = nullptr;
  }
  void resume(const char* at) { from_ = at; }
  void mark(const char* at) {
    flush(at);
    from_ = at;
  }
  void end() {
    if (!open_) return;
    sink_.end_part();
    open_ = false;
  }
  void begin() {
    PartInfo info;
    char name[32];
    std::snprintf(name, sizeof name, "%05llu.eml", static_cast<unsigned long long>(count_ + 1));
    info.name = name, info.kind = PartKind::message, info.type = types::kMail, info.order = count_++;
    if (!stopped_) open_ = given_ = sink_.begin_part(info);
    stopped_ |= !open_;
  }
  std::uint64_t count() const { return count_; }
  std::uint64_t unquoted() const { return unquoted_; }
  bool stray() const { return before_first_; }

 private:
  Sink& sink_;
  const char* from_ = nullptr;
  std::uint64_t count_ = 0, unquoted_ = 0;
  bool open_ = false, given_ = false, stopped_ = false, blank_before_ = true, before_first_ = false;
};

}  // namespace

bool holds_messages(std::string_view bytes) {
  for (std::size_t k = bytes.find("\nFrom ", 5); k != bytes.npos; k = bytes.find("\nFrom ", k + 1)) {
    const bool blank = bytes[k - 1] == '\n' || (k >= 2 && bytes[k - 1] == '\r' && bytes[k - 2] == '\n');
    if (blank && is_separator(bytes.substr(k + 1, bytes.find('\n', k + 1) - k - 1))) return true;
  }
  return false;
}

base::Status read_mbox(Source& source, const Request&, Sink& sink) {
  const std::uint64_t size = source.size();
  Box box(sink);
  bool at_line_start = true;
  for (std::uint64_t at = 0; at < size;) {
    std::string_view w = source.read(at, kWindow);
    if (w.empty()) {
      sink.finding(Reason::unreadable, "the bytes end early");
      break;
    }
    // Whole lines only, but for a line longer than the window.
    if (at + w.size() < size)
      if (const std::size_t last = w.rfind('\n'); last != w.npos) w = w.substr(0, last + 1);
    box.resume(w.data());
    for (std::size_t i = 0; i < w.size();) {
      const auto* nl = static_cast<const char*>(std::memchr(w.data() + i, '\n', w.size() - i));
      const std::size_t next = nl ? static_cast<std::size_t>(nl - w.data()) + 1 : w.size();
      const std::string_view l = w.substr(i, next - i);
      if (at_line_start && l.starts_with("From ")) box.mark(l.data());
      box.line(l, at_line_start);
      at_line_start = nl != nullptr;
      i = next;
    }
    box.flush(w.data() + w.size());
    at += w.size();
  }
  box.end();
  sink.expect(box.count());
  sink.meta("x.messages", std::to_string(box.count()));
  if (box.unquoted()) sink.meta("x.unquoted_from_lines", std::to_string(box.unquoted()));
  if (box.stray()) sink.finding(Reason::damaged, "text before the first message");
  return base::Done{};
}

namespace {
constexpr std::string_view kMboxTypes[] = {types::kMbox};
}

const Reader mbox_reader{{"custos.mbox", "1"}, kMboxTypes, read_mbox};

}  // namespace extract

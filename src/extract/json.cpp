#include "charset.h"
#include "readers_list.h"
#include "text_out.h"
#include "types.h"

#include <base/text.h>

namespace extract {
namespace {

constexpr std::size_t kWindow = 1 << 20;

// A machine over characters: what is not a string, a number or punctuation passes through as it is, so
// that nothing of a broken file is lost. It holds no more than an escape.
class Scan {
 public:
  explicit Scan(TextOut& out) : out_(out) {}

  void add(std::string_view s) {
    std::size_t i = 0;
    while (i < s.size() && !out_.full()) {
      if (escape_) {
        escaped(s[i++]);
      } else if (in_string_) {
        const std::size_t end = std::min(s.find_first_of("\"\\", i), s.size());
        if (end > i) flush_surrogate();
        out_.add(s.substr(i, end - i));
        i = end;
        if (i >= s.size()) break;
        if (s[i] == '\\') escape_ = 1;
        else in_string_ = false, flush_surrogate();
        ++i;
      } else {
        outside(s[i++]);
      }
    }
  }
  bool open() const { return in_string_ || depth_ > 0; }

 private:
  void outside(char c) {
    switch (c) {
      case '"': in_string_ = true; return;
      case ':': out_.add(": "); return;
      case '{':
      case '[': ++depth_; return out_.line();
      case '}':
      case ']': depth_ -= depth_ > 0; return out_.line();
      case ',': return out_.line();
      case ' ':
      case '\t':
      case '\r':
      case '\n': return;
      default: return out_.add(std::string_view(&c, 1));
    }
  }
  void escaped(char c) {
    if (escape_ == 1) {
      escape_ = 0;
      switch (c) {
        case 'n': return plain("\n");
        case 't': return plain("\t");
        case 'r': return plain("\n");
        case 'b':
        case 'f': return plain(" ");
        case 'u': escape_ = 2, unit_ = 0; return;
        default: return plain(std::string_view(&c, 1));
      }
    }
    const int v = c >= '0' && c <= '9'                 ? c - '0'
                  : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
                                                       : -1;
    if (v < 0) {
      escape_ = 0;
      plain("\xEF\xBF\xBD");
      return;
    }
    unit_ = unit_ * 16 + static_cast<char32_t>(v);
    if (++escape_ < 6) return;
    escape_ = 0;
    std::string t;
    if (high_ && unit_ >= 0xDC00 && unit_ < 0xE000) {
      base::append_utf8(t, 0x10000 + ((high_ - 0xD800) << 10) + (unit_ - 0xDC00));
      high_ = 0;
      return out_.add(t);
    }
    flush_surrogate();
    if (unit_ >= 0xD800 && unit_ < 0xDC00) {
      high_ = unit_;
      return;
    }
    base::append_utf8(t, unit_);
    out_.add(t);
  }
  void plain(std::string_view s) {
    flush_surrogate();
    out_.add(s);
  }
  void flush_surrogate() {
    if (std::exchange(high_, 0)) out_.add("\xEF\xBF\xBD");
  }
  TextOut& out_;
  int escape_ = 0;  // 1: after the backslash; 2 to 5: digits of \u
  char32_t unit_ = 0, high_ = 0;
  std::uint64_t depth_ = 0;
  bool in_string_ = false;
};

base::Status read_json(Source& source, const Request&, Sink& sink) {
  const std::uint64_t size = source.size();
  const std::string charset = charset_of(source.read(0, kWindow));
  Decoder decoder(charset);
  TextOut out(sink);
  Scan scan(out);
  std::string text;
  for (std::uint64_t at = 0; at < size && !out.full();) {
    std::string_view window = source.read(at, kWindow);
    if (window.empty()) break;
    const bool first = at == 0;
    at += window.size();
    if (first) window.remove_prefix(mark_bytes(window, charset));
    text.clear();
    decoder.add(window, at >= size, text);
    scan.add(text);
  }
  out.flush();
  sink.meta("charset", charset);
  if (scan.open() && !out.full()) sink.finding(Reason::truncated, "objects or strings are left open");
  return base::Done{};
}

constexpr std::string_view kJsonTypes[] = {types::kJson, "application/x-ndjson"};

}  // namespace

const Reader json_reader{{"custos.json", "1"}, kJsonTypes, read_json};

}  // namespace extract

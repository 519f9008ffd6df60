#include "chat_stamp.h"

#include "sniff.h"

#include <base/text.h>

namespace extract {
namespace {

// Walks code points; digits of Arabic and Persian count as digits.
class Walk {
 public:
  explicit Walk(std::string_view s) : s_(s) {}
  std::size_t at() const { return at_; }
  void back(std::size_t to) { at_ = to; }
  char32_t peek() const {
    std::size_t k = at_;
    return k < s_.size() ? base::next_code_point(s_, k) : 0;
  }
  char32_t next() { return at_ < s_.size() ? base::next_code_point(s_, at_) : 0; }
  static int digit(char32_t c) {
    if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
    if (c >= 0x660 && c <= 0x669) return static_cast<int>(c - 0x660);
    if (c >= 0x6F0 && c <= 0x6F9) return static_cast<int>(c - 0x6F0);
    return -1;
  }
  static bool mark(char32_t c) {  // direction marks, which exports sprinkle
    return (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0xFEFF ||
           (c >= 0x2066 && c <= 0x2069);
  }
  static bool space(char32_t c) { return c == ' ' || c == 0xA0 || c == 0x202F || c == 0x2009; }
  bool spaces() {
    const std::size_t from = at_;
    while (space(peek()) || mark(peek())) next();
    return at_ != from;
  }
  void marks() {
    while (mark(peek())) next();
  }
  // A number of one to `most` digits; how many digits, or 0.
  int number(int most, int& value) {
    int n = 0;
    value = 0;
    marks();
    while (n < most && digit(peek()) >= 0) value = value * 10 + digit(next()), ++n;
    return digit(peek()) >= 0 ? 0 : n;
  }

 private:
  std::string_view s_;
  std::size_t at_ = 0;
};

bool date(Walk& w, ChatStamp& s) {
  for (int i = 0; i < 3; ++i) {
    if (!(s.digits[i] = w.number(4, s.date[i]))) return false;
    w.marks();
    if (i == 2) break;
    const char32_t c = w.next();
    if (c != '/' && c != '.' && c != '-') return false;
    s.separator = static_cast<char>(c);
    if (c == '.' && w.peek() == ' ') w.next();
  }
  return s.digits[1] <= 2 && (s.digits[0] <= 2 || s.digits[2] <= 2);
}

DayHalf half_of(std::string_view word) {
  std::string w;
  for (const char c : base::lower_ascii(word))
    if (c != '.' && c != ' ' && c != '\xA0' && c != '\xC2') w += c;
  if (w == "am" || w == "a" || w == "ص" || w == "قبلازظهر" || w == "上午" || w == "öö" || w == "פנה״צ")
    return DayHalf::am;
  if (w == "pm" || w == "p" || w == "م" || w == "بعدازظهر" || w == "下午" || w == "ös" || w == "אחה״צ")
    return DayHalf::pm;
  return DayHalf::none;
}

bool clock(Walk& w, ChatStamp& s) {
  if (!w.number(2, s.hour)) return false;
  if (w.peek() != ':' && w.peek() != '.') return false;
  w.next();
  if (w.number(2, s.minute) != 2) return false;
  if (w.peek() == ':' || w.peek() == '.') {
    const std::size_t before = w.at();
    w.next();
    if (w.number(2, s.second) != 2) s.second = -1, w.back(before);
  }
  return s.hour <= 24 && s.minute < 60 && s.second < 60;
}

}  // namespace

std::optional<ChatStamp> chat_stamp(std::string_view line) {
  line = line.substr(0, 96);
  ChatStamp s;
  Walk w(line);
  w.marks();
  if (w.peek() == '[') s.bracketed = true, w.next();
  if (!date(w, s)) return {};
  if (w.peek() == ',' || w.peek() == 0x60C) w.next();
  if (!w.spaces()) return {};
  for (int i = 0; i < 6 && Walk::digit(w.peek()) < 0; ++i)  // "at", "um", "às"
    if (w.next() == 0) return {};
  if (!clock(w, s)) return {};
  // Up to the end of the stamp there may be the half of the day.
  const std::size_t from = w.at();
  for (int i = 0; i < 16; ++i) {
    const std::size_t here = w.at();
    const char32_t c = w.next();
    if (c == 0) return {};
    if (s.bracketed ? c != ']' : c != '-' && c != 0x2013) continue;
    if (!s.bracketed && !Walk::space(w.peek())) return {};
    std::string_view word = base::trim(line.substr(from, here - from));
    if (word.starts_with("\xE2\x80\xAF")) word.remove_prefix(3);
    if (word.starts_with("\xC2\xA0")) word.remove_prefix(2);
    s.half = half_of(word);
    if (!word.empty() && s.half == DayHalf::none) return {};
    w.spaces();
    s.length = w.at();
    return s;
  }
  return {};
}

namespace sniff {

bool looks_like_whatsapp(std::string_view head) {
  int lines = 0, stamps = 0;
  while (!head.empty() && lines < 30) {
    const std::size_t end = head.find('\n');
    const auto stamp = chat_stamp(head.substr(0, end));
    if (lines == 0 && !stamp) return false;
    if (stamp) {
      const std::string_view rest = head.substr(0, end).substr(stamp->length);
      stamps +=
          rest.find(": ") != rest.npos || rest.find(":.") != rest.npos || rest.find("end-to-end") != rest.npos
              ? 2
              : 1;
    }
    ++lines;
    if (end == head.npos) break;
    head.remove_prefix(end + 1);
  }
  return stamps >= 3 || (lines <= 3 && stamps >= 2);
}

}  // namespace sniff
}  // namespace extract

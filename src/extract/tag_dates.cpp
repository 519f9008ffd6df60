// Each date is checked against the calendar: a date that cannot be is not told.
#include "tag_dates.h"

#include <base/text.h>
#include <base/time.h>

#include <array>
#include <cstdint>
#include <cstdio>

namespace extract {
namespace {

// Digits in groups as the pattern says, anything between them that is not a digit is passed over.
struct Digits {
  std::string_view s;
  std::size_t at = 0;
  int take(std::size_t n) {
    if (at + n > s.size()) return -1;
    int v = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const char c = s[at + i];
      if (c < '0' || c > '9') return -1;
      v = v * 10 + (c - '0');
    }
    at += n;
    return v;
  }
  void pass(std::string_view any) {
    if (at < s.size() && any.find(s[at]) != std::string_view::npos) ++at;
  }
};

std::string written(const base::Civil& c, std::string_view offset) {
  if (c.year < 1 || !base::from_civil(c)) return {};
  std::array<char, 40> room;
  const int n = std::snprintf(room.data(), room.size(), "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month,
                              c.day, c.hour, c.minute, c.second);
  return std::string(room.data(), static_cast<std::size_t>(n)) + std::string(offset);
}

// "+02:00", "+02'00'", "+0200", "Z": as RFC 3339 has it, or nothing.
std::string offset_of(std::string_view s) {
  if (s.starts_with('Z') || s.starts_with('z')) return "Z";
  if (s.empty() || (s[0] != '+' && s[0] != '-')) return {};
  Digits d{s, 1};
  const int hours = d.take(2);
  d.pass(":'");
  const int minutes = d.at < s.size() ? d.take(2) : 0;
  if (hours < 0 || hours > 15 || minutes > 59) return {};
  std::array<char, 16> room;
  const int n =
      std::snprintf(room.data(), room.size(), "%c%02d:%02d", s[0], hours, minutes < 0 ? 0 : minutes);
  return {room.data(), static_cast<std::size_t>(n)};
}

}  // namespace

std::string pdf_date(std::string_view text) {
  text = base::trim(text);
  if (text.starts_with("D:")) text.remove_prefix(2);
  Digits d{text};
  base::Civil c{d.take(4), 1, 1, 0, 0, 0};
  for (int* field : {&c.month, &c.day, &c.hour, &c.minute, &c.second}) {
    const int v = d.take(2);
    if (v < 0) break;
    *field = v;
  }
  return written(c, offset_of(text.substr(d.at)));
}

std::string exif_date(std::string_view text, std::string_view offset) {
  text = base::trim(text);
  Digits d{text};
  base::Civil c{d.take(4), 0, 0, 0, 0, 0};
  for (int* field : {&c.month, &c.day, &c.hour, &c.minute, &c.second}) {
    d.pass(":-/ T");
    const int v = d.take(2);
    if (v >= 0) *field = v;
  }
  if (offset.empty()) offset = text.substr(std::min(d.at, text.size()));
  return written(c, offset_of(offset));
}

std::string loose_date(std::string_view text) {
  text = base::trim(text);
  Digits d{text};
  base::Civil c{d.take(4), 1, 1, 0, 0, 0};
  if (c.year < 1 || (text.size() > 4 && text[4] != '-')) return {};
  int fields = 0;
  for (int* field : {&c.month, &c.day, &c.hour, &c.minute, &c.second}) {
    d.pass("-T :");
    const int v = d.take(2);
    if (v < 0) break;
    *field = v, ++fields;
  }
  const std::string whole = written(c, {});
  if (whole.empty()) return {};
  if (fields < 3) return whole.substr(0, fields == 0 ? 4 : fields == 1 ? 7 : 10);
  std::string_view rest = text.substr(std::min(d.at, text.size()));
  if (rest.starts_with('.'))
    rest.remove_prefix(std::min(rest.find_first_not_of("0123456789", 1), rest.size()));
  return whole + offset_of(rest);
}

}  // namespace extract

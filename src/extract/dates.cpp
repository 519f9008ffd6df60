#include "dates.h"

#include <base/text.h>
#include <base/time.h>

#include <cstdio>
#include <optional>

namespace extract {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Up to `most` digits at the front, taken off.
std::optional<int> number(std::string_view& s, std::size_t most, std::size_t least = 1) {
  std::size_t n = 0;
  int v = 0;
  while (n < most && n < s.size() && is_digit(s[n])) v = v * 10 + (s[n++] - '0');
  if (n < least) return {};
  s.remove_prefix(n);
  return v;
}

std::string_view next_word(std::string_view& s) {
  std::size_t k = 0;
  while (k < s.size() && (s[k] == ' ' || s[k] == '\t' || s[k] == ',' || s[k] == '\r' || s[k] == '\n')) ++k;
  s.remove_prefix(k);
  k = 0;
  while (k < s.size() && s[k] != ' ' && s[k] != '\t' && s[k] != ',' && s[k] != '\r' && s[k] != '\n') ++k;
  const std::string_view w = s.substr(0, k);
  s.remove_prefix(k);
  return w;
}

int month_of(std::string_view w) {
  static constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
  if (w.size() < 3) return 0;
  const std::string low = base::lower_ascii(w.substr(0, 3));
  const std::size_t k = kMonths.find(low);
  return k == kMonths.npos || k % 3 ? 0 : static_cast<int>(k / 3) + 1;
}

struct Zone {
  std::string_view name, offset;
};
constexpr Zone kZones[] = {{"UT", "Z"},        {"GMT", "Z"},       {"UTC", "Z"},      {"Z", "Z"},
                           {"EST", "-05:00"},  {"EDT", "-04:00"},  {"CST", "-06:00"}, {"CDT", "-05:00"},
                           {"MST", "-07:00"},  {"MDT", "-06:00"},  {"PST", "-08:00"}, {"PDT", "-07:00"},
                           {"CET", "+01:00"},  {"CEST", "+02:00"}, {"MET", "+01:00"}, {"EET", "+02:00"},
                           {"EEST", "+03:00"}, {"BST", "+01:00"},  {"WET", "Z"},      {"MSK", "+03:00"}};

// "+0200", "+02:00", "GMT"; "-0000" says that the zone is not known.
std::string offset_of(std::string_view w) {
  if (w.size() >= 3 && (w[0] == '+' || w[0] == '-')) {
    std::string digits;
    for (const char c : w.substr(1)) {
      if (is_digit(c)) digits += c;
      else if (c != ':') break;
    }
    if (digits.size() == 2) digits += "00";
    if (digits.size() == 3) digits.insert(0, "0");
    if (digits.size() != 4 || digits > "1800" || digits[2] > '5') return {};
    if (w[0] == '-' && digits == "0000") return {};
    return std::string(1, w[0]) + digits.substr(0, 2) + ":" + digits.substr(2);
  }
  for (const Zone& z : kZones)
    if (base::iequals_ascii(w, z.name)) return std::string(z.offset);
  return {};
}

bool clock(std::string_view w, DateFields& f) {
  const auto hour = number(w, 2);
  if (!hour || !(w.starts_with(':') || w.starts_with('.'))) return false;
  w.remove_prefix(1);
  const auto minute = number(w, 2);
  if (!minute) return false;
  f.hour = *hour, f.minute = *minute, f.second = 0;
  if (w.starts_with(':') || w.starts_with('.')) {
    w.remove_prefix(1);
    f.second = number(w, 2).value_or(0);
  }
  return true;
}

}  // namespace

std::string date_text(const DateFields& f, std::string_view offset) {
  const int second = f.second == 60 ? 59 : f.second;
  if (f.year < 1 || f.year > 9999 || !base::from_civil({f.year, f.month, f.day, f.hour, f.minute, second}))
    return {};
  char out[40];
  std::snprintf(out, sizeof out, "%04d-%02d-%02dT%02d:%02d:%02d", f.year, f.month, f.day, f.hour, f.minute,
                second);
  return out + std::string(offset);
}

std::string mail_date(std::string_view s) {
  s = s.substr(0, 128);
  DateFields f;
  std::string offset;
  bool have_clock = false;
  std::optional<int> half;
  for (int words = 0; words < 12; ++words) {
    const std::string_view w = next_word(s);
    if (w.empty()) break;
    if (w[0] == '(') break;
    if (w.find(':') != w.npos && is_digit(w[0])) {
      have_clock = have_clock || clock(w, f);
    } else if (is_digit(w[0])) {
      std::string_view rest = w;
      const std::size_t digits = std::min(w.find_first_not_of("0123456789"), w.size());
      const int v = number(rest, 4).value_or(0);
      if (rest.starts_with('-') && !f.day) {  // 04-Mar-2021
        const std::size_t dash = rest.find('-', 1);
        f.day = v, f.month = month_of(rest.substr(1));
        if (dash != rest.npos) {
          std::string_view y = rest.substr(dash + 1);
          f.year = number(y, 4).value_or(0);
        }
      } else if (digits <= 2 && !f.day) {
        f.day = v;
      } else if (!f.year && rest.empty()) {
        f.year = digits == 2 || digits == 3 ? v : v;
        if (digits == 2) f.year += v < 50 ? 2000 : 1900;
        else if (digits == 3) f.year += 1900;
      }
    } else if (const int m = month_of(w); m && !f.month && f.year == 0) {
      f.month = m;
    } else if (base::iequals_ascii(w, "am") || base::iequals_ascii(w, "pm")) {
      half = base::iequals_ascii(w, "pm") ? 12 : 0;
    } else if (have_clock && offset.empty()) {
      offset = offset_of(w);
    }
  }
  if (half && f.hour <= 12) f.hour = f.hour % 12 + *half;
  if (!have_clock || !f.year) return {};
  return date_text(f, offset);
}

std::string iso_date(std::string_view s) {
  s = base::trim(s).substr(0, 64);
  DateFields f;
  const auto year = number(s, 4, 4);
  if (!year) return {};
  f.year = *year;
  const bool dashed = s.starts_with('-') || s.starts_with('/');
  if (dashed) s.remove_prefix(1);
  const auto month = number(s, 2, dashed ? 1 : 2);
  if (!month) return {};
  if (dashed && !s.empty()) s.remove_prefix(1);
  const auto day = number(s, 2, dashed ? 1 : 2);
  if (!day) return {};
  f.month = *month, f.day = *day;
  if (s.empty() || (s[0] != 'T' && s[0] != 't' && s[0] != ' ')) {
    const std::string t = date_text(f, "");
    return t.substr(0, 10);
  }
  s.remove_prefix(1);
  const auto hour = number(s, 2, 2);
  if (!hour) return date_text(f, "").substr(0, 10);
  if (s.starts_with(':')) s.remove_prefix(1);
  const auto minute = number(s, 2, 2);
  if (!minute) return {};
  f.hour = *hour, f.minute = *minute;
  if (s.starts_with(':')) s.remove_prefix(1);
  f.second = number(s, 2, 2).value_or(0);
  if (s.starts_with('.') || s.starts_with(',')) {
    s.remove_prefix(1);
    while (!s.empty() && is_digit(s[0])) s.remove_prefix(1);
  }
  return date_text(f, offset_of(base::trim(s)));
}

std::string any_date(std::string_view text) {
  std::string t = iso_date(text);
  return t.empty() ? mail_date(text) : t;
}

std::string filetime_date(std::uint64_t filetime) {
  // Zero, and what lies before 1980 or beyond 2200, is no time that a program wrote.
  const std::uint64_t seconds = filetime / 10'000'000;
  if (seconds < 11960000000ull || seconds > 18904000000ull) return {};
  return base::rfc3339(static_cast<std::int64_t>(seconds) - 11644473600);
}

}  // namespace extract

#include <base/text.h>
#include <base/time.h>
#include <kinds/date.h>

#include <cstdio>
#include <optional>

namespace kinds {
namespace {

bool leap(int y) { return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0; }
int days_in(int y, int m) {
  static constexpr int n[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return m == 2 && leap(y) ? 29 : n[m - 1];
}

// Digits, of which the last ones may be X: the least and the greatest number meant.
struct Bounds {
  int least, greatest;
};
std::optional<Bounds> digits(std::string_view s, std::size_t given) {
  Bounds b{0, 0};
  bool open = false;
  for (std::size_t i = 0; i < s.size(); ++i) {
    const bool x = s[i] == 'X';
    if ((open && !x) || (x && i < given) || (!x && (s[i] < '0' || s[i] > '9'))) return {};
    open |= x;
    b.least = b.least * 10 + (x ? 0 : s[i] - '0');
    b.greatest = b.greatest * 10 + (x ? 9 : s[i] - '0');
  }
  return b;
}

std::optional<Days> one(std::string_view s) {
  if (!s.empty() && (s.back() == '?' || s.back() == '~' || s.back() == '%')) s.remove_suffix(1);
  if (s.size() != 4 && s.size() != 7 && s.size() != 10) return {};
  if ((s.size() > 4 && s[4] != '-') || (s.size() > 7 && s[7] != '-')) return {};
  const auto year = digits(s.substr(0, 4), 2);
  if (!year || year->least < 1) return {};
  const bool year_open = year->least != year->greatest;
  Bounds month{1, 12};
  if (s.size() > 4 && s.substr(5, 2) != "XX") {
    const auto m = digits(s.substr(5, 2), 2);
    if (!m || m->least < 1 || m->least > 12 || year_open) return {};
    month = *m;
  }
  const bool month_open = month.least != month.greatest;
  Bounds day{1, days_in(year->greatest, month.greatest)};
  if (s.size() > 7 && s.substr(8, 2) != "XX") {
    const auto d = digits(s.substr(8, 2), 2);
    if (!d || month_open || d->least < 1 || d->least > day.greatest) return {};
    day = *d;
  }
  return Days{base::days_from_civil(year->least, month.least, day.least),
              base::days_from_civil(year->greatest, month.greatest, day.greatest)};
}

}  // namespace

base::Result<Days> days_of(std::string_view date) {
  const base::Error wrong{base::Refusal::invalid,
                          "a date is 2019, 2019-03 or 2019-03-05, with ? or ~ where it is uncertain or "
                          "approximate, or two of them with / between"};
  const std::size_t slash = date.find('/');
  if (slash == std::string_view::npos) {
    const auto d = one(date);
    if (!d) return wrong;
    return *d;
  }
  const std::string_view a = date.substr(0, slash), b = date.substr(slash + 1);
  Days out{Days::kFirst, Days::kLast};
  if (a == ".." && b == "..") return wrong;
  if (a != "..") {
    const auto d = one(a);
    if (!d) return wrong;
    out.from = d->from;
  }
  if (b != "..") {
    const auto d = one(b);
    if (!d) return wrong;
    out.to = d->to;
    if (a != ".." && one(a)->from > d->to)
      return base::Error{base::Refusal::invalid, "the span begins after its end: put the earlier date first"};
  }
  return out;
}

std::string date_of(std::int64_t day) { return base::rfc3339(day * 86400).substr(0, 10); }

}  // namespace kinds

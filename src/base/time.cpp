#include <base/time.h>

#include <cstdio>
#include <ctime>

namespace base {
namespace {

struct SystemClock final : Clock {
  std::int64_t unix_micros() const override {
    timespec t{};
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1'000'000LL + t.tv_nsec / 1000;
  }
  double seconds() const override {
    timespec t{};
    clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
  }
};

}  // namespace

const Clock& system_clock() {
  static const SystemClock clock;
  return clock;
}

// Days since 1970-01-01 of a date of the proleptic Gregorian calendar: whole 400-year cycles, then
// the day of a year that begins in March.
std::int64_t days_from_civil(int year, int month, int day) {
  const std::int64_t y = month <= 2 ? year - 1LL : year;
  const std::int64_t cycle = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t of_cycle = y - cycle * 400;
  const std::int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  return cycle * 146097 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - 719468;
}

Civil civil(std::int64_t s) {
  std::int64_t days = s / 86400, rest = s % 86400;
  if (rest < 0) {
    rest += 86400;
    --days;
  }
  days += 719468;
  const std::int64_t cycle = (days >= 0 ? days : days - 146096) / 146097;
  const std::int64_t of_cycle = days - cycle * 146097;
  const std::int64_t year = (of_cycle - of_cycle / 1460 + of_cycle / 36524 - of_cycle / 146096) / 365;
  const std::int64_t of_year = of_cycle - (365 * year + year / 4 - year / 100);
  const std::int64_t m = (5 * of_year + 2) / 153;
  const int day = static_cast<int>(of_year - (153 * m + 2) / 5 + 1);
  const int month = static_cast<int>(m < 10 ? m + 3 : m - 9);
  return {static_cast<int>(year + cycle * 400 + (month <= 2)),
          month,
          day,
          static_cast<int>(rest / 3600),
          static_cast<int>(rest / 60 % 60),
          static_cast<int>(rest % 60)};
}

std::optional<std::int64_t> from_civil(const Civil& c) {
  static constexpr int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (c.year < -9999 || c.year > 9999 || c.month < 1 || c.month > 12 || c.day < 1) return {};
  const bool leap = (c.year % 4 == 0 && c.year % 100 != 0) || c.year % 400 == 0;
  if (c.day > lengths[c.month - 1] + (leap && c.month == 2)) return {};
  if (c.hour < 0 || c.hour > 23 || c.minute < 0 || c.minute > 59 || c.second < 0 || c.second > 60) return {};
  return days_from_civil(c.year, c.month, c.day) * 86400 + c.hour * 3600 + c.minute * 60 + c.second;
}

std::string rfc3339_micros(std::int64_t us) {
  std::int64_t s = us / 1'000'000, f = us % 1'000'000;
  if (f < 0) {
    f += 1'000'000;
    --s;
  }
  const Civil c = civil(s);
  char b[64];
  std::snprintf(b, sizeof b, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", c.year, c.month, c.day, c.hour, c.minute,
                c.second, static_cast<int>(f));
  return b;
}

std::string rfc3339(std::int64_t s) { return rfc3339(s, 0); }

std::string rfc3339(std::int64_t s, int offset) {
  const Civil c = civil(s + offset * 60LL);
  char b[80];
  const int n = std::snprintf(b, sizeof b, "%04d-%02d-%02dT%02d:%02d:%02d", c.year, c.month, c.day, c.hour,
                              c.minute, c.second);
  std::string out(b, static_cast<std::size_t>(n));
  if (!offset) return out + "Z";
  const int a = offset < 0 ? -offset : offset;
  std::snprintf(b, sizeof b, "%c%02d:%02d", offset < 0 ? '-' : '+', a / 60 % 100, a % 60);
  return out + b;
}

std::optional<std::int64_t> parse_rfc3339(std::string_view t) {
  const auto number = [&](std::size_t at, std::size_t n) -> int {
    if (at + n > t.size()) return -1;
    int v = 0;
    for (std::size_t i = at; i < at + n; ++i) {
      if (t[i] < '0' || t[i] > '9') return -1;
      v = v * 10 + (t[i] - '0');
    }
    return v;
  };
  if (t.size() < 10 || t[4] != '-' || t[7] != '-') return {};
  Civil c{number(0, 4), number(5, 2), number(8, 2), 0, 0, 0};
  if (c.year < 0) return {};
  if (t.size() == 10) return from_civil(c);
  if (t.size() < 19 || (t[10] != 'T' && t[10] != ' ') || t[13] != ':' || t[16] != ':') return {};
  c.hour = number(11, 2), c.minute = number(14, 2), c.second = number(17, 2);
  const std::optional<std::int64_t> s = from_civil(c);
  if (!s) return {};
  std::size_t at = 19;
  if (at < t.size() && t[at] == '.') {
    ++at;
    while (at < t.size() && t[at] >= '0' && t[at] <= '9') ++at;
  }
  if (at == t.size() || t.substr(at) == "Z") return s;
  if (t.size() != at + 6 || (t[at] != '+' && t[at] != '-') || t[at + 3] != ':') return {};
  const int h = number(at + 1, 2), m = number(at + 4, 2);
  if (h < 0 || m < 0) return {};
  const int offset = h * 60 + m;
  return *s - (t[at] == '-' ? -offset : offset) * 60;
}

}  // namespace base

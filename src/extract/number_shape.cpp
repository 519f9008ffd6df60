#include "number_shape.h"

#include <base/time.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace extract {
namespace {

using Kind = NumberFormat::Kind;
using Section = NumberFormat::Section;
using Token = NumberFormat::Token;

constexpr int kSignificant = 15;  // digits that spreadsheets keep

// A number at or above 0 as decimal digits: 0.d1d2d3... * 10^exponent.
struct Decimal {
  std::string digits;  // without zeros at either end; none: the number is 0
  int exponent = 0;

  explicit Decimal(double v) {
    char text[40];
    std::snprintf(text, sizeof text, "%.*e", kSignificant - 1, v);
    for (const char* c = text; *c && *c != 'e'; ++c)
      if (*c >= '0' && *c <= '9') digits += *c;
    const std::string_view said = text;
    if (const std::size_t e = said.find('e'); e != said.npos) exponent = std::atoi(text + e + 1) + 1;
    trim();
  }
  // Rounds half up to so many digits after the point.
  void round(int decimals) {
    const int keep = exponent + decimals;
    if (keep >= static_cast<int>(digits.size())) return;
    if (keep < 0) return digits.clear(), trim();
    const bool up = digits[static_cast<std::size_t>(keep)] >= '5';
    digits.resize(static_cast<std::size_t>(keep));
    if (up) {
      std::size_t i = digits.size();
      while (i > 0 && digits[i - 1] == '9') --i;
      digits.resize(i);
      if (i) ++digits[i - 1];
      else digits = "1", ++exponent;
    }
    trim();
  }
  std::string whole() const {
    const auto places = static_cast<std::size_t>(std::max(exponent, 0));
    std::string out = digits.substr(0, places);
    out.resize(places, '0');
    return out;
  }
  std::string decimals() const {
    const auto places = static_cast<std::size_t>(std::abs(exponent));
    if (exponent < 0) return std::string(places, '0') + digits;
    return places < digits.size() ? digits.substr(places) : "";
  }

 private:
  void trim() {
    while (!digits.empty() && digits.back() == '0') digits.pop_back();
    if (digits.empty()) exponent = 0;
  }
};

// Gives digits to placeholders from the right; the leftmost takes what is left over.
class Whole {
 public:
  Whole(std::string digits, unsigned places, bool thousands)
      : digits_(std::move(digits)), left_(places), thousands_(thousands) {}
  std::string next(char place) {
    std::string out;
    const std::size_t rank = left_;  // this placeholder's, counted from the right
    if (rank > digits_.size()) out = filler(place, rank);
    else if (first_)
      for (std::size_t r = digits_.size(); r >= rank; --r) out += digit(r);
    else out = digit(rank);
    first_ = false;
    if (left_) --left_;
    return out;
  }

 private:
  std::string digit(std::size_t rank) {
    std::string out(1, digits_[digits_.size() - rank]);
    if (thousands_ && rank > 1 && rank % 3 == 1) out += ',';
    return out;
  }
  std::string filler(char place, std::size_t rank) {
    if (place == '#') return {};
    if (place == '?') return " ";
    return thousands_ && rank > 1 && rank % 3 == 1 ? "0," : "0";
  }
  std::string digits_;
  std::size_t left_;
  bool thousands_, first_ = true;
};

std::string fraction_digit(const std::string& digits, std::size_t i, char place) {
  if (i < digits.size()) return std::string(1, digits[i]);
  return place == '0' ? "0" : place == '?' ? " " : "";
}

std::string plain_number(const Section& s, double v) {
  v *= std::pow(100.0, s.percents) / std::pow(1000.0, s.thousandths);
  if (!std::isfinite(v)) return general_number(v);
  Decimal d(v);
  int power = 0;
  const int decimals = static_cast<int>(std::min(s.decimals, 30u));
  if (s.exponent) {
    const int step = static_cast<int>(std::clamp(s.whole, 1u, 30u));
    const auto settle = [&] {
      const int e = d.digits.empty() ? 0 : d.exponent - 1;
      const int down = (e >= 0 ? e / step : -((-e + step - 1) / step)) * step;
      d.exponent -= d.digits.empty() ? 0 : down;
      power += down;
    };
    settle();
    d.round(decimals);
    settle();
  } else {
    d.round(decimals);
  }
  Whole whole(d.whole(), s.whole, s.thousands);
  const std::string after = d.decimals();
  std::string out;
  bool pointed = false, powered = false, whole_given = s.whole > 0;
  std::size_t i = 0;
  unsigned power_places = 0;
  for (const Token& t : s.tokens)
    if (powered && t.kind == Kind::digit) ++power_places;
    else powered |= t.kind == Kind::exponent;
  powered = false;
  for (const Token& t : s.tokens) {
    switch (t.kind) {
      case Kind::literal: out += t.bytes; break;
      case Kind::percent: out += '%'; break;
      case Kind::general: out += general_number(v); break;
      case Kind::text: out += general_number(v); break;
      case Kind::point:
        if (!whole_given) out += d.whole();
        pointed = whole_given = true;
        out += '.';
        break;
      case Kind::exponent: {
        powered = true;
        out += 'E';
        if (power < 0) out += '-';
        else if (t.c == '+') out += '+';
        std::string p = std::to_string(std::abs(power));
        if (p.size() < power_places && power_places < 10) p.insert(0, power_places - p.size(), '0');
        out += p;
        break;
      }
      case Kind::digit:
        if (powered) break;
        out += pointed ? fraction_digit(after, i++, t.c) : whole.next(t.c);
        break;
      default: break;
    }
  }
  return out;
}

// 5 1/4: the whole before the last blank ahead of the numerator, a denominator said or of so many digits.
std::string with_fraction(const Section& s, double v) {
  std::size_t slash = 0;
  while (s.tokens[slash].kind != Kind::slash) ++slash;
  std::size_t numerator = slash;
  while (numerator > 0 && s.tokens[numerator - 1].kind == Kind::digit) --numerator;
  bool has_whole = false;
  for (std::size_t i = 0; i < numerator; ++i) has_whole |= s.tokens[i].kind == Kind::digit;
  std::size_t end = slash + 1;
  std::string said;
  for (; end < s.tokens.size(); ++end) {
    const Token& t = s.tokens[end];
    if (t.kind == Kind::digit) said += t.c;
    else if (t.kind == Kind::literal && !t.bytes.empty() &&
             t.bytes.find_first_not_of("0123456789") == t.bytes.npos)
      said += t.bytes;
    else break;
  }
  if (v >= 1e15) return general_number(v);
  const double whole = has_whole ? std::floor(v) : 0, rest = v - whole;
  double best_n = 0, best_d = 1;
  if (said.find_first_of("123456789") != said.npos && said.find('#') == said.npos) {
    best_d = std::clamp(std::atof(said.c_str()), 1.0, 99999.0);
    best_n = std::round(rest * best_d);
  } else {
    const int max = said.size() <= 1 ? 9 : said.size() == 2 ? 99 : 999;
    double least = 2;
    for (int d = 1; d <= max; ++d) {
      const double n = std::round(rest * d), off = std::abs(rest - n / d);
      if (off < least - 1e-12) least = off, best_n = n, best_d = d;
    }
  }
  double carried = whole;
  if (has_whole && best_n >= best_d) carried += 1, best_n = 0;
  char text[64];
  const bool bare = has_whole && best_n == 0;
  std::string out;
  for (std::size_t i = 0; i < numerator; ++i) {
    const Token& t = s.tokens[i];
    if (t.kind == Kind::literal) out += t.bytes;
    if (t.kind != Kind::digit || (i && s.tokens[i - 1].kind == Kind::digit)) continue;
    std::snprintf(text, sizeof text, "%.0f", carried);
    if (carried > 0 || bare) out += text;
  }
  if (!bare) {
    std::snprintf(text, sizeof text, "%.0f/%.0f", best_n, best_d);
    out += text;
  }
  for (std::size_t i = end; i < s.tokens.size(); ++i) {
    if (s.tokens[i].kind == Kind::literal) out += s.tokens[i].bytes;
    if (s.tokens[i].kind == Kind::percent) out += '%';
  }
  return out;
}

constexpr const char* kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                   "July",    "August",   "September", "October", "November", "December"};
constexpr const char* kDays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                 "Thursday", "Friday", "Saturday"};

std::string padded(std::int64_t v, unsigned n) {
  std::string t = std::to_string(v);
  if (t.size() < n && n < 20) t.insert(0, n - t.size(), '0');
  return t;
}

std::string date_and_time(const Section& s, double v, bool since_1904) {
  constexpr double kEnd = 2958466;  // the year 10000
  if (!(v < kEnd) || !(v >= 0)) return general_number(v);
  if (since_1904) v += 1462;
  unsigned places = 0;
  for (const Token& t : s.tokens)
    if (t.kind == Kind::fraction) places = std::max(places, t.n);
  const std::int64_t unit = places == 0 ? 1 : places == 1 ? 10 : places == 2 ? 100 : 1000;
  const std::int64_t day_units = 86400 * unit;
  const auto all = static_cast<std::int64_t>(std::llround(v * static_cast<double>(day_units)));
  const std::int64_t whole = all / day_units, part = all % day_units;
  const std::int64_t seconds = part / unit, hour = seconds / 3600;
  const std::int64_t past = (all - (since_1904 ? 1462 * day_units : 0)) / unit;
  base::Civil c = base::civil((whole - (whole > 60 ? 25569 : 25568)) * 86400);
  if (whole == 60) c = {1900, 2, 29, 0, 0, 0};  // the leap day that 1900 never had
  if (whole == 0) c = {1900, 1, 0, 0, 0, 0};
  std::string out;
  for (const Token& t : s.tokens) {
    switch (t.kind) {
      case Kind::literal: out += t.bytes; break;
      case Kind::slash: out += '/'; break;
      case Kind::percent: out += '%'; break;
      case Kind::year: out += t.n <= 2 ? padded(c.year % 100, 2) : padded(c.year, 4); break;
      case Kind::month: {
        const std::string_view name = kMonths[std::clamp(c.month, 1, 12) - 1];
        out += t.n <= 2   ? padded(c.month, t.n)
               : t.n == 3 ? std::string(name.substr(0, 3))
               : t.n == 5 ? std::string(name.substr(0, 1))
                          : std::string(name);
        break;
      }
      case Kind::day: {
        const std::string_view name = kDays[(whole + 6) % 7];
        out += t.n <= 2 ? padded(c.day, t.n) : std::string(t.n == 3 ? name.substr(0, 3) : name);
        break;
      }
      case Kind::hour: out += padded(s.half ? (hour + 11) % 12 + 1 : hour, std::min(t.n, 2u)); break;
      case Kind::minute: out += padded(seconds / 60 % 60, t.n); break;
      case Kind::second: out += padded(seconds % 60, std::min(t.n, 2u)); break;
      case Kind::fraction: {
        const std::string digits = padded(part % unit, places);
        out += "." + digits.substr(0, t.n);
        break;
      }
      case Kind::half: out += hour < 12 ? 'A' : 'P', out += t.c == 'm' ? "M" : ""; break;
      case Kind::past_hours: out += padded(past / 3600, t.n); break;
      case Kind::past_minutes: out += padded(past / 60, t.n); break;
      case Kind::past_seconds: out += padded(past, t.n); break;
      default: break;
    }
  }
  return out;
}

void drop_zeros(std::string& t) {
  if (t.find('.') == t.npos) return;
  while (t.back() == '0') t.pop_back();
  if (t.back() == '.') t.pop_back();
}

}  // namespace

std::string shape_number(const Section& s, double value, bool minus, bool since_1904) {
  if (s.date) {
    // Dates have no sign; spans of time have.
    const bool past = std::any_of(s.tokens.begin(), s.tokens.end(),
                                  [](const Token& t) { return t.kind >= Kind::past_hours; });
    if (value < 0 && !past && minus) return general_number(value);
    return (minus ? "-" : "") + date_and_time(s, std::abs(value), since_1904);
  }
  if (s.tokens.empty()) return {};
  std::string out = s.slash ? with_fraction(s, std::abs(value)) : plain_number(s, std::abs(value));
  const bool of_value = std::any_of(s.tokens.begin(), s.tokens.end(), [](const Token& t) {
    return t.kind == Kind::digit || t.kind == Kind::general || t.kind == Kind::text;
  });
  if (!of_value && value != 0) return out + ' ' + general_number(value);
  const bool zero = out.find_first_of("123456789") == out.npos;
  return minus && !zero ? "-" + out : out;
}

std::string general_number(double v) {
  if (std::isnan(v)) return "#NUM!";
  if (std::isinf(v)) return "#DIV/0!";
  if (v == 0) return "0";
  char text[64];
  std::snprintf(text, sizeof text, "%.5e", v);
  const double size = std::abs(v);
  if (size < 1e15 && v == std::floor(v)) {
    std::snprintf(text, sizeof text, "%.0f", v);
    return text;
  }
  if (size >= 1e-4 && size < 1e11) {
    const int e = static_cast<int>(std::floor(std::log10(size)));
    std::snprintf(text, sizeof text, "%.*f", std::clamp(e >= 0 ? 9 - e : 9, 0, 9), v);
    std::string out = text;
    drop_zeros(out);
    return out;
  }
  if (size < 1e-4) {
    char all[64];
    std::snprintf(all, sizeof all, "%.9f", v);
    std::string out = all;
    drop_zeros(out);
    if (std::abs(std::strtod(all, nullptr) - v) < size * 1e-12) return out;
  }
  std::string out = text;
  const std::size_t e = out.find('e');
  std::string mantissa = out.substr(0, e);
  drop_zeros(mantissa);
  return mantissa + "E" + out.substr(e + 1);
}

}  // namespace extract

// The codes of formats: how they are read, which are built in, and who of a book has which.
#include "number_format.h"
#include "number_shape.h"

#include <base/text.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace extract {
namespace {

using Kind = NumberFormat::Kind;
using Section = NumberFormat::Section;
using Token = NumberFormat::Token;

constexpr std::size_t kCodeMax = 512;          // bytes; programs allow 255 characters
constexpr std::size_t kCodesMax = 512 << 10;  // bytes of all codes of a book

// Reads one code into its sections. Each step takes at least one byte.
class Parser {
 public:
  explicit Parser(std::string_view code) : s_(code) {}

  std::vector<Section> run() {
    std::vector<Section> out(1);
    section_ = &out.back();
    while (at_ < s_.size()) {
      if (s_[at_] == ';') {
        ++at_;
        finish();
        if (out.size() == 4) return out;
        section_ = &out.emplace_back();
        previous_ = Kind::literal;
        continue;
      }
      step();
    }
    finish();
    return out;
  }

 private:
  Token& add(Kind kind, char c = 0, unsigned n = 0) {
    section_->tokens.push_back({kind, c, n, {}});
    return section_->tokens.back();
  }
  void literal(std::string_view bytes) {
    auto& tokens = section_->tokens;
    if (tokens.empty() || tokens.back().kind != Kind::literal) add(Kind::literal);
    tokens.back().bytes += bytes;
  }
  // One whole character of UTF-8.
  std::string_view character() {
    const std::size_t from = at_++;
    while (at_ < s_.size() && (static_cast<unsigned char>(s_[at_]) & 0xC0) == 0x80) ++at_;
    return s_.substr(from, at_ - from);
  }
  unsigned run_of(char c) {
    unsigned n = 0;
    while (at_ < s_.size() && (s_[at_] | 0x20) == c) ++at_, ++n;
    return n;
  }
  bool take(std::string_view word) {
    if (!base::starts_with_ci(s_.substr(at_), word)) return false;
    at_ += word.size();
    return true;
  }
  static bool is_digit(char c) { return c == '0' || c == '#' || c == '?'; }

  void step() {
    const char c = s_[at_];
    if (take("general")) return static_cast<void>(add(Kind::general));
    if (is_digit(c)) return ++at_, static_cast<void>(add(Kind::digit, c));
    switch (c) {
      case '"': return quoted();
      case '[': return bracket();
      case '\\':
        ++at_;
        if (at_ < s_.size()) literal(character());
        return;
      case '_':
      case '*':
        ++at_;
        if (at_ < s_.size()) character();
        return;
      case '%':
        ++at_, ++section_->percents;
        add(Kind::percent);
        return;
      case '@':
        ++at_, section_->text = true;
        add(Kind::text);
        return;
      case ',': return comma();
      case '.': return point();
      case '/':
        ++at_;
        add(Kind::slash);
        return;
      case 'E':
      case 'e':
        if (at_ + 1 < s_.size() && (s_[at_ + 1] == '+' || s_[at_ + 1] == '-')) {
          add(Kind::exponent, s_[at_ + 1]);
          at_ += 2;
          return;
        }
        ++at_;
        return date(Kind::year, 4);
      case 'A':
      case 'a':
        if (take("AM/PM")) return half('m');
        if (take("A/P")) return half('a');
        return literal(character());
      case 'Y':
      case 'y': return date(Kind::year, run_of('y'));
      case 'D':
      case 'd': return date(Kind::day, run_of('d'));
      case 'H':
      case 'h': return date(Kind::hour, run_of('h'));
      case 'S':
      case 's': return seconds(run_of('s'));
      case 'M':
      case 'm': {
        const unsigned n = run_of('m');
        return date(n <= 2 && after_hour() ? Kind::minute : Kind::month, n);
      }
      default: return literal(character());
    }
  }
  bool after_hour() const { return previous_ == Kind::hour || previous_ == Kind::past_hours; }
  void date(Kind kind, unsigned n) {
    section_->date = true;
    previous_ = kind;
    add(kind, 0, n);
  }
  void half(char c) {
    section_->half = true, section_->date = true;
    add(Kind::half, c);
  }
  // What stood before the seconds as months were minutes.
  void seconds(unsigned n) {
    if (previous_ == Kind::month) {
      auto& tokens = section_->tokens;
      const auto month = std::find_if(tokens.rbegin(), tokens.rend(),
                                      [](const Token& t) { return t.kind == Kind::month; });
      if (month != tokens.rend() && month->n <= 2) month->kind = Kind::minute;
    }
    date(Kind::second, n);
  }
  void quoted() {
    const std::size_t end = std::min(s_.find('"', ++at_), s_.size());
    literal(s_.substr(at_, end - at_));
    at_ = std::min(end + 1, s_.size());
  }
  void bracket() {
    const std::size_t end = std::min(s_.find(']', at_), s_.size());
    const std::string_view in = s_.substr(at_ + 1, end - std::min(end, at_ + 1));
    at_ = std::min(end + 1, s_.size());
    if (in.empty()) return;
    if (in[0] == '$') return literal(in.substr(1, in.find('-') == in.npos ? in.npos : in.find('-') - 1));
    const std::string low = base::lower_ascii(in);
    if (low.find_first_not_of(low[0]) == low.npos) {
      if (low[0] == 'h') return date(Kind::past_hours, static_cast<unsigned>(in.size()));
      if (low[0] == 'm') return date(Kind::past_minutes, static_cast<unsigned>(in.size()));
      if (low[0] == 's') {
        seconds(static_cast<unsigned>(in.size()));
        section_->tokens.back().kind = Kind::past_seconds;
        return;
      }
    }
    if (in.find_first_of("<>=") != 0) return;  // a colour
    const std::size_t number = std::min(in.find_first_not_of("<>="), in.size());
    const std::string_view sign = in.substr(0, number);
    section_->condition = sign == "<=" ? 'l' : sign == ">=" ? 'g' : sign == "<>" ? 'n' : sign[0];
    section_->bound = std::strtod(std::string(in.substr(number)).c_str(), nullptr);
  }
  // Between digits it divides thousands; after the last of them each divides the number by a thousand.
  void comma() {
    ++at_;
    const auto& tokens = section_->tokens;
    if (tokens.empty() || tokens.back().kind != Kind::digit) return literal(",");
    unsigned n = 1;
    for (; at_ < s_.size() && s_[at_] == ','; ++at_) ++n;
    if (at_ < s_.size() && is_digit(s_[at_])) section_->thousands = true;
    else section_->thousandths += std::min(n, 8u);
  }
  void point() {
    ++at_;
    if (previous_ != Kind::second && previous_ != Kind::past_seconds)
      return static_cast<void>(add(Kind::point));
    unsigned n = 0;
    for (; at_ < s_.size() && s_[at_] == '0'; ++at_) ++n;
    if (!n) return literal(".");
    previous_ = Kind::fraction;
    add(Kind::fraction, 0, std::min(n, 3u));
  }
  // What the shape of a number needs to know, and what only looked like a part of one.
  void finish() {
    Section& s = *section_;
    bool point = false, exponent = false;
    for (std::size_t i = 0; i < s.tokens.size(); ++i) {
      Token& t = s.tokens[i];
      const auto to_literal = [&](std::string_view bytes) { t.kind = Kind::literal, t.bytes = bytes; };
      if (t.kind == Kind::digit) {
        if (s.date) to_literal(t.c == '0' ? "0" : "");
        else if (!exponent) ++(point ? s.decimals : s.whole);
      } else if (t.kind == Kind::point) {
        if (point || exponent || s.date) to_literal(".");
        point = true;
      } else if (t.kind == Kind::exponent) {
        if (exponent || s.date) to_literal(t.c == '+' ? "E+" : "E-");
        exponent = true;
      } else if (t.kind == Kind::slash) {
        const bool between = i && s.tokens[i - 1].kind == Kind::digit && i + 1 < s.tokens.size();
        if (s.date || point || exponent || s.slash || !between) to_literal("/");
        else s.slash = true;
      }
    }
    s.exponent = exponent && !s.date;
    s.thousandths = std::min(s.thousandths, 8u), s.percents = std::min(s.percents, 8u);
  }

  std::string_view s_;
  std::size_t at_ = 0;
  Section* section_ = nullptr;
  Kind previous_ = Kind::literal;  // the last part of a date or a time
};

bool holds(const Section& s, double v) {
  switch (s.condition) {
    case '<': return v < s.bound;
    case '>': return v > s.bound;
    case '=': return v == s.bound;
    case 'l': return v <= s.bound;
    case 'g': return v >= s.bound;
    case 'n': return v != s.bound;
    default: return true;
  }
}

std::string_view builtin(std::uint32_t id) {
  static constexpr std::string_view kCodes[] = {
      "General", "0", "0.00", "#,##0", "#,##0.00",
      "\"$\"#,##0_);(\"$\"#,##0)", "\"$\"#,##0_);[Red](\"$\"#,##0)",
      "\"$\"#,##0.00_);(\"$\"#,##0.00)", "\"$\"#,##0.00_);[Red](\"$\"#,##0.00)",
      "0%", "0.00%", "0.00E+00", "# ?/?", "# ??" "/??",
      "m/d/yy", "d-mmm-yy", "d-mmm", "mmm-yy",
      "h:mm AM/PM", "h:mm:ss AM/PM", "h:mm", "h:mm:ss", "m/d/yy h:mm"};
  static constexpr std::string_view kMore[] = {  // from 37
      "#,##0_);(#,##0)", "#,##0_);[Red](#,##0)", "#,##0.00_);(#,##0.00)", "#,##0.00_);[Red](#,##0.00)",
      "_(* #,##0_);_(* (#,##0);_(* \"-\"_);_(@_)", "_(\"$\"* #,##0_);_(\"$\"* (#,##0);_(\"$\"* \"-\"_);_(@_)",
      "_(* #,##0.00_);_(* (#,##0.00);_(* \"-\"??_);_(@_)",
      "_(\"$\"* #,##0.00_);_(\"$\"* (#,##0.00);_(\"$\"* \"-\"??_);_(@_)",
      "mm:ss", "[h]:mm:ss", "mm:ss.0", "##0.0E+0", "@"};
  if (id < std::size(kCodes)) return kCodes[id];
  if (id >= 37 && id < 37 + std::size(kMore)) return kMore[id - 37];
  // Of East Asian systems: dates and times.
  if ((id >= 32 && id <= 35) || id == 55 || id == 56) return "h:mm:ss";
  if ((id >= 27 && id <= 36) || (id >= 50 && id <= 58)) return "m/d/yy";
  return kCodes[0];
}

bool shows(std::string_view text) { return !base::trim(text).empty(); }

}  // namespace

NumberFormat::NumberFormat(std::string_view code)
    : sections_(Parser(code.size() > kCodeMax ? "General" : code).run()) {}

std::string NumberFormat::number(double value, bool since_1904) const {
  if (!std::isfinite(value)) return general_number(value);
  const std::size_t n = sections_.size();
  const bool conditions =
      std::any_of(sections_.begin(), sections_.end(), [](const Section& s) { return s.condition; });
  std::size_t which = 0;
  if (conditions) {
    while (which + 1 < std::min<std::size_t>(n, 3) && !holds(sections_[which], value)) ++which;
    if (!holds(sections_[which], value)) return general_number(value);
  } else if (n == 2 && !sections_[1].text) {
    which = value < 0;
  } else if (n > 2) {
    which = value < 0 ? 1 : value > 0 ? 0 : 2;
  }
  const Section& s = sections_[which];
  // A section for negative numbers says itself that they are.
  const Section& first = sections_[0];
  const bool from_zero = (first.condition == '>' || first.condition == 'g') && first.bound == 0;
  const bool below_zero = (s.condition == '<' || s.condition == 'l') && s.bound <= 0;
  const bool says_sign = below_zero || (which == 1 && (!conditions || from_zero));
  const std::string out = shape_number(s, value, value < 0 && !says_sign, since_1904);
  return shows(out) ? out : general_number(value);
}

std::string NumberFormat::text(std::string_view value) const {
  const Section& s = sections_[sections_.size() == 4 ? 3 : sections_.size() - 1];
  if (!s.text) return std::string(value);
  std::string out;
  bool given = false;
  for (const Token& t : s.tokens) {
    if (t.kind == Kind::literal) out += t.bytes;
    else if (t.kind == Kind::text && !std::exchange(given, true)) out += value;
  }
  return out;
}

void NumberFormats::define(std::uint32_t id, std::string_view code) {
  code_bytes_ += std::min(code.size(), kCodeMax) + 16;
  if (code_bytes_ < kCodesMax) formats_.insert_or_assign(id, NumberFormat(code));
}
const NumberFormat& NumberFormats::of(std::uint32_t id) {
  const auto f = formats_.find(id);
  if (f != formats_.end()) return f->second;
  if (id > 58) id = 0;
  return formats_.try_emplace(id, builtin(id)).first->second;
}
std::string NumberFormats::number(std::uint32_t id, double value) {
  return of(id).number(value, since_1904);
}
std::string NumberFormats::text(std::uint32_t id, std::string_view value) { return of(id).text(value); }

}  // namespace extract

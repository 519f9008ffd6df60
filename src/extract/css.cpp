#include "css.h"

#include "css_colours.h"

#include <base/text.h>

#include <algorithm>
#include <cmath>

namespace extract::css {
namespace {

constexpr std::size_t kRulesMax = 5000, kCompoundsMax = 8;
constexpr std::size_t kAlikeMax = 400;  // rules that may fit one name, class or id

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         static_cast<signed char>(c) < 0;
}
std::string_view taken_name(std::string_view& s) {
  std::size_t n = 0;
  while (n < s.size() && is_name(s[n])) ++n;
  const std::string_view out = s.substr(0, n);
  s.remove_prefix(n);
  return out;
}

std::string without_comments(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  while (!s.empty()) {
    const std::size_t k = std::min(s.find("/*"), s.size());
    out += s.substr(0, k);
    s.remove_prefix(k);
    if (s.empty()) break;
    const std::size_t end = s.find("*/", 2);
    s.remove_prefix(end == s.npos ? s.size() : end + 2);
  }
  for (const std::string_view mark : {"<!--", "-->"})
    for (std::size_t k = out.find(mark); k != out.npos; k = out.find(mark, k))
      std::fill_n(out.begin() + static_cast<std::ptrdiff_t>(k), mark.size(), ' ');
  return out;
}

// Where the block that begins at `open` (a '{') ends: its '}', or the end of the text.
std::size_t end_of_block(std::string_view s, std::size_t open) {
  std::size_t depth = 0;
  for (std::size_t k = open; k < s.size(); ++k)
    if (s[k] == '{')
      ++depth;
    else if (s[k] == '}' && --depth == 0)
      return k;
  return s.size();
}

float number(std::string_view& s) {
  std::size_t n = 0;
  const bool negative = !s.empty() && s[0] == '-';
  if (!s.empty() && (s[0] == '-' || s[0] == '+')) ++n;
  double v = 0, place = 0;
  const std::size_t from = n;
  for (; n < s.size() && n < 24; ++n) {
    if (s[n] >= '0' && s[n] <= '9') {
      v = v * 10 + (s[n] - '0');
      if (place > 0) place *= 10;
    } else if (s[n] == '.' && place == 0) {
      place = 1;
    } else {
      break;
    }
  }
  if (n == from) return NAN;
  s.remove_prefix(n);
  if (place > 0) v /= place;
  return static_cast<float>(negative ? -v : v);
}

}  // namespace

void Sheet::add(std::string_view text) {
  texts_.push_back(without_comments(text));
  rules(texts_.back(), 0);
}

void Sheet::rules(std::string_view s, unsigned depth) {
  while (!s.empty() && rules_.size() < kRulesMax) {
    while (!s.empty() && (is_space(s[0]) || s[0] == '}' || s[0] == ';')) s.remove_prefix(1);
    const std::size_t open = s.find('{'), semicolon = s.find(';');
    if (!s.empty() && s[0] == '@' && semicolon < open) {  // @import, @charset: nothing is fetched
      s.remove_prefix(semicolon + 1);
      continue;
    }
    if (open == s.npos) return;
    const std::string_view head = base::trim(s.substr(0, open));
    const std::size_t end = end_of_block(s, open);
    const std::string_view body = s.substr(open + 1, std::max(end, open + 1) - open - 1);
    s.remove_prefix(std::min(end + 1, s.size()));
    if (!head.starts_with('@'))
      rule(head, body);
    else if (base::starts_with_ci(head, "@media") && head.find('(') == head.npos &&
             (head.find("screen") != head.npos || head.find("all") != head.npos) && depth < 3)
      rules(body, depth + 1);
  }
}

void Sheet::rule(std::string_view selectors, std::string_view declarations) {
  for (const std::string_view one : base::split(selectors, ',')) {
    auto parsed = parse(base::trim(one));
    if (!parsed || rules_.size() >= kRulesMax) continue;
    Rule r{std::move(*parsed), declarations, 0};
    for (const Compound& c : r.selector)
      r.weight += (c.id.empty() ? 0u : 10'000u) + static_cast<unsigned>(c.classes.size()) * 100 +
                  (c.name.empty() ? 0u : 1u);
    const Compound& last = r.selector.back();
    const std::string_view key = !last.id.empty()        ? last.id
                                 : !last.classes.empty() ? last.classes.front()
                                                         : last.name;
    std::vector<std::size_t>& alike = by_key_[key];
    if (alike.size() >= kAlikeMax) continue;
    alike.push_back(rules_.size());
    rules_.push_back(std::move(r));
  }
}

std::optional<std::vector<Sheet::Compound>> Sheet::parse(std::string_view s) {
  std::vector<Compound> out;
  bool child = false;
  while (!s.empty()) {
    Compound c;
    c.child = std::exchange(child, false);
    bool any = false;
    while (!s.empty() && !is_space(s[0]) && s[0] != '>') {
      const char kind = s[0];
      if (kind == '*') {
        s.remove_prefix(1);
        any = true;
        continue;
      }
      if (kind == '.' || kind == '#')
        s.remove_prefix(1);
      else if (kind == ':') {
        s.remove_prefix(1);
        if (const std::string_view pseudo = taken_name(s); pseudo != "link" && pseudo != "root") return {};
        continue;
      }
      const std::string_view name = taken_name(s);
      if (name.empty()) return {};
      if (kind == '.')
        c.classes.push_back(name);
      else if (kind == '#')
        c.id = name;
      else
        c.name = name;
      any = true;
    }
    if (!any || out.size() >= kCompoundsMax) return {};
    out.push_back(std::move(c));
    while (!s.empty() && (is_space(s[0]) || s[0] == '>')) {
      child |= s[0] == '>';
      s.remove_prefix(1);
    }
  }
  if (out.empty() || child) return {};
  return out;
}

bool Sheet::fits(const Compound& c, const Element& e) {
  if (!c.name.empty() && !base::iequals_ascii(c.name, e.name)) return false;
  if (!c.id.empty() && c.id != e.id) return false;
  for (const std::string_view wanted : c.classes) {
    std::string_view all = e.classes;
    bool has = false;
    while (!all.empty() && !has) {
      while (!all.empty() && is_space(all[0])) all.remove_prefix(1);
      std::size_t n = 0;
      while (n < all.size() && !is_space(all[n])) ++n;
      has = n > 0 && all.substr(0, n) == wanted;
      all.remove_prefix(n);
    }
    if (!has) return false;
  }
  return true;
}

bool Sheet::fits(const Rule& r, std::span<const Element> open) {
  if (!fits(r.selector.back(), open.back())) return false;
  std::size_t at = open.size() - 1;
  for (std::size_t k = r.selector.size() - 1; k > 0; --k) {
    const Compound& wanted = r.selector[k - 1];
    if (r.selector[k].child) {
      if (at == 0 || !fits(wanted, open[--at])) return false;
      continue;
    }
    do {
      if (at == 0) return false;
    } while (!fits(wanted, open[--at]));
  }
  return true;
}

std::vector<std::string_view> Sheet::of(std::span<const Element> open) const {
  std::vector<std::size_t> met;
  if (open.empty() || rules_.empty()) return {};
  const Element& e = open.back();
  const auto look = [&](std::string_view key) {
    if (const auto all = by_key_.find(key); all != by_key_.end())
      for (const std::size_t n : all->second)
        if (fits(rules_[n], open)) met.push_back(n);
  };
  look("");
  look(e.name);
  if (!e.id.empty()) look(e.id);
  std::string_view all = e.classes;
  for (std::size_t n = 0; !all.empty() && n < 32; ++n) {
    while (!all.empty() && is_space(all[0])) all.remove_prefix(1);
    std::size_t end = 0;
    while (end < all.size() && !is_space(all[end])) ++end;
    if (end > 0) look(all.substr(0, end));
    all.remove_prefix(end);
  }
  std::sort(met.begin(), met.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(rules_[a].weight, a) < std::pair(rules_[b].weight, b);
  });
  met.erase(std::unique(met.begin(), met.end()), met.end());
  std::vector<std::string_view> out;
  for (const std::size_t n : met) out.push_back(rules_[n].declarations);
  return out;
}

void each_declaration(std::string_view block,
                      const std::function<void(std::string_view, std::string_view)>& f) {
  while (!block.empty()) {
    // To the next ';' that stands in no bracket and no quotes.
    std::size_t end = 0;
    char quote = 0;
    for (unsigned brackets = 0; end < block.size(); ++end) {
      const char c = block[end];
      if (quote)
        quote = c == quote ? '\0' : quote;
      else if (c == '"' || c == '\'')
        quote = c;
      else if (c == '(')
        ++brackets;
      else if (c == ')')
        brackets -= brackets > 0;
      else if (c == ';' && brackets == 0)
        break;
    }
    if (quote) end = std::min(block.find(';'), block.size());  // quotes that never end
    const std::string_view one = block.substr(0, end);
    block.remove_prefix(std::min(end + 1, block.size()));
    const std::size_t colon = one.find(':');
    if (colon == one.npos) continue;
    std::string_view value = one.substr(colon + 1);
    if (const std::size_t mark = value.rfind('!'); mark != value.npos) value = value.substr(0, mark);
    f(base::lower_ascii(base::trim(one.substr(0, colon))), base::trim(value));
  }
}

std::optional<std::uint32_t> colour(std::string_view v) {
  v = base::trim(v);
  const auto hex = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
  };
  if (v.starts_with('#')) {
    v.remove_prefix(1);
    std::uint32_t out = 0;
    if (v.size() != 3 && v.size() < 6) return {};
    for (const char c : v.substr(0, v.size() == 3 ? 3 : 6)) {
      const int d = hex(c);
      if (d < 0) return {};
      out = v.size() == 3 ? out << 8 | static_cast<std::uint32_t>(d * 17)
                          : out << 4 | static_cast<std::uint32_t>(d);
    }
    return out;
  }
  if (base::starts_with_ci(v, "rgb")) {
    const std::size_t open = v.find('(');
    if (open == v.npos) return {};
    v.remove_prefix(open + 1);
    std::uint32_t out = 0;
    for (int n = 0; n < 4; ++n) {
      while (!v.empty() && (is_space(v[0]) || v[0] == ',' || v[0] == '/')) v.remove_prefix(1);
      float d = number(v);
      if (std::isnan(d)) {
        if (n == 3) break;
        return {};
      }
      const bool percent = v.starts_with('%');
      if (percent) v.remove_prefix(1);
      if (n == 3) {
        if (d <= 0) return {};  // it cannot be seen
        break;
      }
      if (percent) d *= 2.55f;
      out = out << 8 | static_cast<std::uint32_t>(std::clamp(d, 0.f, 255.f));
    }
    return out;
  }
  const std::string lower = base::lower_ascii(v);
  const auto* at =
      std::lower_bound(std::begin(kNamedColours), std::end(kNamedColours), std::string_view(lower),
                       [](const NamedColour& a, std::string_view b) { return a.name < b; });
  if (at != std::end(kNamedColours) && at->name == lower) return at->colour;
  return {};
}

std::optional<Length> length(std::string_view v, float em) {
  v = base::trim(v);
  const float n = number(v);
  if (std::isnan(n)) return {};
  const std::string unit = base::lower_ascii(v.substr(0, 4));
  const auto is = [&](std::string_view u) { return unit.starts_with(u); };
  float px = n;
  if (is("%")) return Length{n / 100, true};
  if (is("pt"))
    px = n * 4 / 3;
  else if (is("rem"))
    px = n * 16;
  else if (is("em"))
    px = n * em;
  else if (is("ex"))
    px = n * em / 2;
  else if (is("cm"))
    px = n * 96 / 2.54f;
  else if (is("mm"))
    px = n * 96 / 25.4f;
  else if (is("in"))
    px = n * 96;
  else if (is("pc"))
    px = n * 16;
  else if (is("v"))
    return {};
  return Length{std::clamp(px, -20'000.f, 20'000.f), false};
}

}  // namespace extract::css

#include "html_scan.h"

#include "entities.h"

#include <base/text.h>

#include <algorithm>

namespace extract::html {
namespace {

// What stands for the numbers 128 to 159, which mean Windows-1252 to every browser.
constexpr char16_t kC1[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                              0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                              0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                              0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

}  // namespace

std::size_t entity(std::string_view s, char32_t& c) {
  if (s.size() < 3) return 0;
  if (s[1] == '#') {
    const bool hex = s[2] == 'x' || s[2] == 'X';
    std::size_t k = hex ? 3 : 2;
    const std::size_t from = k;
    c = 0;
    for (; k < s.size() && k < from + 10; ++k) {
      const char d = low(s[k]);
      const int v = d >= '0' && d <= '9' ? d - '0' : hex && d >= 'a' && d <= 'f' ? d - 'a' + 10 : -1;
      if (v < 0) break;
      c = std::min<char32_t>(c * (hex ? 16 : 10) + static_cast<char32_t>(v), 0x110000);
    }
    if (k == from) return 0;
    if (c >= 128 && c < 160) c = kC1[c - 128];
    return k + (k < s.size() && s[k] == ';');
  }
  std::size_t k = 1;
  while (k < s.size() && k < 12 && ((low(s[k]) >= 'a' && low(s[k]) <= 'z') || (s[k] >= '0' && s[k] <= '9')))
    ++k;
  const std::string_view name = s.substr(1, k - 1);
  const auto* n = std::lower_bound(std::begin(kNamedCharacters), std::end(kNamedCharacters), name,
                                   [](const NamedCharacter& a, std::string_view b) { return a.name < b; });
  if (n == std::end(kNamedCharacters) || n->name != name) return 0;
  const bool closed = k < s.size() && s[k] == ';';
  if (!closed && n->character > 0xFF) return 0;  // only those of Latin-1 were ever allowed bare
  c = n->character;
  return k + closed;
}

std::string_view attribute(std::string_view a, std::string_view wanted) {
  std::size_t k = 0;
  while (k < a.size()) {
    while (k < a.size() && (is_space(a[k]) || a[k] == '/')) ++k;
    const std::size_t from = k;
    while (k < a.size() && a[k] != '=' && !is_space(a[k]) && a[k] != '/') ++k;
    const std::string_view name = a.substr(from, k - from);
    while (k < a.size() && is_space(a[k])) ++k;
    if (k >= a.size() || a[k] != '=') {
      if (k == from) ++k;
      continue;
    }
    ++k;
    while (k < a.size() && is_space(a[k])) ++k;
    std::string_view value;
    if (k < a.size() && (a[k] == '"' || a[k] == '\'')) {
      const std::size_t end = std::min(a.find(a[k], k + 1), a.size());
      value = a.substr(k + 1, end - k - 1);
      k = std::min(end + 1, a.size());
    } else {
      const std::size_t start = k;
      while (k < a.size() && !is_space(a[k])) ++k;
      value = a.substr(start, k - start);
    }
    if (base::iequals_ascii(name, wanted)) return value;
  }
  return {};
}

bool has_attribute(std::string_view attributes, std::string_view key) {
  // An attribute without a value is one too.
  const std::string all = base::lower_ascii(attributes);
  for (std::size_t k = all.find(key); k != all.npos; k = all.find(key, k + 1)) {
    const bool begins = k == 0 || is_space(all[k - 1]) || all[k - 1] == '"' || all[k - 1] == '\'';
    const char after = k + key.size() < all.size() ? all[k + key.size()] : ' ';
    if (begins && (after == '=' || is_space(after) || after == '/')) return true;
  }
  return false;
}

// Moves past `end`, or only past the first '>' when there is no such end; looks for it in vain only once.
void Scan::skip_past(std::string_view end, bool& missing) {
  const std::size_t k = missing ? s_.npos : s_.find(end, at_);
  if (k != s_.npos) {
    at_ = k + end.size();
    return;
  }
  missing = true;
  const std::size_t close = s_.find('>', at_);
  truncated_ |= close == s_.npos;
  at_ = close == s_.npos ? s_.size() : close + 1;
}

Scan::Markup Scan::markup() {
  const std::string_view rest = s_.substr(at_);
  const char c = rest.size() > 1 ? rest[1] : '\0';
  if (c == '!') {
    if (rest.starts_with("<!--")) {
      if (rest.starts_with("<!-->"))
        at_ += 5;
      else
        at_ += 4, skip_past("-->", no_comment_end_);
    } else if (rest.starts_with("<![CDATA[")) {
      at_ += 9;
    } else {
      skip_past(">", no_close_);
    }
    return Markup::none;
  }
  const auto skipped = [&] {
    skip_past(">", no_close_);
    return Markup::none;
  };
  if (c == '?') return skipped();
  const bool closing = c == '/';
  std::size_t k = closing ? 2 : 1;
  if (k >= rest.size() || low(rest[k]) < 'a' || low(rest[k]) > 'z') {
    if (closing) return skipped();
    ++at_;
    return Markup::bare;
  }
  name_bytes_ = 0;
  while (k < rest.size() && !is_space(rest[k]) && rest[k] != '>' && rest[k] != '/') {
    if (name_bytes_ < sizeof name_) name_[name_bytes_++] = low(rest[k]);
    ++k;
  }
  const std::size_t end = tag_end(at_ + k);
  attributes_ = s_.substr(at_ + k, end - at_ - k), closing_ = closing;
  at_ = std::min(end + 1, s_.size());
  return Markup::tag;
}

// The '>' of the tag, past quoted values; without a closing quote the first '>' ends it.
std::size_t Scan::tag_end(std::size_t from) {
  for (std::size_t k = from; k < s_.size(); ++k) {
    const char c = s_[k];
    if (c == '>') return k;
    if ((c == '"' || c == '\'') && k > from) {
      std::size_t before = k;
      while (before > from && is_space(s_[before - 1])) --before;
      if (before == from || s_[before - 1] != '=') continue;
      bool& missing = c == '"' ? no_double_ : no_single_;
      const std::size_t close = missing ? s_.npos : s_.find(c, k + 1);
      if (close == s_.npos)
        missing = true;
      else
        k = close;
    }
  }
  truncated_ = true;
  return s_.size();
}

std::string_view Scan::raw_text() {
  bool& missing = name() == "script" ? no_script_end_ : no_style_end_;
  for (std::size_t k = missing ? s_.npos : s_.find("</", at_); k != s_.npos; k = s_.find("</", k + 2))
    if (base::starts_with_ci(s_.substr(k + 2), name())) {
      const std::string_view within = s_.substr(at_, k - at_);
      at_ = std::min(s_.find('>', k), s_.size() - 1) + 1;
      return within;
    }
  missing = true;
  return {};
}

}  // namespace extract::html

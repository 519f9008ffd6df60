#include "html_text.h"

#include "charset.h"
#include "dates.h"
#include "entities.h"
#include "xml_scan.h"

#include <base/text.h>

#include <algorithm>
#include <array>

namespace extract {
namespace {

constexpr std::size_t kLinks = 200, kMetas = 64, kTitleBytes = 4096;

enum class Shape : std::uint8_t {
  inline_,
  line,
  paragraph,
  cell,
  pre,
  raw,
  title,
  break_,
  image,
  link,
  meta,
  html,
  input
};

struct Tag {
  std::string_view name;
  Shape shape;
};
constexpr Tag kTags[] = {
    {"a", Shape::link},
    {"address", Shape::line},
    {"area", Shape::image},
    {"article", Shape::line},
    {"aside", Shape::line},
    {"base", Shape::inline_},
    {"blockquote", Shape::paragraph},
    {"body", Shape::line},
    {"br", Shape::break_},
    {"caption", Shape::line},
    {"center", Shape::line},
    {"dd", Shape::line},
    {"details", Shape::line},
    {"dialog", Shape::line},
    {"dir", Shape::line},
    {"div", Shape::line},
    {"dl", Shape::paragraph},
    {"dt", Shape::line},
    {"fieldset", Shape::line},
    {"figcaption", Shape::line},
    {"figure", Shape::line},
    {"footer", Shape::line},
    {"form", Shape::line},
    {"frame", Shape::link},
    {"h1", Shape::paragraph},
    {"h2", Shape::paragraph},
    {"h3", Shape::paragraph},
    {"h4", Shape::paragraph},
    {"h5", Shape::paragraph},
    {"h6", Shape::paragraph},
    {"head", Shape::line},
    {"header", Shape::line},
    {"hr", Shape::line},
    {"html", Shape::html},
    {"iframe", Shape::link},
    {"img", Shape::image},
    {"input", Shape::input},
    {"legend", Shape::line},
    {"li", Shape::line},
    {"main", Shape::line},
    {"menu", Shape::line},
    {"meta", Shape::meta},
    {"nav", Shape::line},
    {"noscript", Shape::line},
    {"ol", Shape::paragraph},
    {"optgroup", Shape::line},
    {"option", Shape::line},
    {"p", Shape::paragraph},
    {"pre", Shape::pre},
    {"script", Shape::raw},
    {"section", Shape::line},
    {"select", Shape::line},
    {"style", Shape::raw},
    {"summary", Shape::line},
    {"table", Shape::paragraph},
    {"tbody", Shape::line},
    {"td", Shape::cell},
    {"textarea", Shape::line},
    {"tfoot", Shape::line},
    {"th", Shape::cell},
    {"thead", Shape::line},
    {"title", Shape::title},
    {"tr", Shape::line},
    {"ul", Shape::paragraph},
};
static_assert(std::is_sorted(std::begin(kTags), std::end(kTags),
                             [](auto& a, auto& b) { return a.name < b.name; }));

Shape shape_of(std::string_view lower) {
  const auto* t = std::lower_bound(std::begin(kTags), std::end(kTags), lower,
                                   [](const Tag& a, std::string_view b) { return a.name < b; });
  return t != std::end(kTags) && t->name == lower ? t->shape : Shape::inline_;
}

// Bytes that end a run of plain text: white space, '<', '&'.
constexpr std::array<bool, 256> kStops = [] {
  std::array<bool, 256> stops{};
  for (const unsigned char c : {' ', '\t', '\n', '\r', '\f', '\v', '<', '&'}) stops[c] = true;
  return stops;
}();

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
char low(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// What stands for the numbers 128 to 159, which mean Windows-1252 to every browser.
constexpr char16_t kC1[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                              0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                              0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                              0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

// The character of the entity at the start of `s` (which begins with '&'), and its length; 0 when it is none.
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

class Page {
 public:
  Page(std::string_view s, HtmlText& out) : s_(s), out_(out) { out_.text.reserve(s.size() / 2); }

  void read() {
    while (at_ < s_.size()) {
      const char c = s_[at_];
      if (c == '<') {
        tag();
      } else if (c == '&') {
        char32_t ch = 0;
        const std::size_t n = entity(s_.substr(at_), ch);
        begin_run();
        if (n) base::append_utf8(target(), ch == 0xA0 ? U' ' : ch);
        else target() += '&';
        at_ += n ? n : 1;
      } else if (is_space(c)) {
        if (pre_) {
          if (c != '\r') begin_run(), target() += c;
        } else {
          space_ = true;
        }
        ++at_;
      } else {
        std::size_t end = at_ + 1;
        while (end < s_.size() && !kStops[static_cast<unsigned char>(s_[end])]) ++end;
        begin_run();
        target().append(s_.substr(at_, end - at_));
        at_ = end;
      }
    }
  }

 private:
  std::string& target() { return in_title_ && out_.title.size() < kTitleBytes ? out_.title : out_.text; }

  // What was put off (line ends, a space) comes before the next character.
  void begin_run() {
    std::string& t = target();
    if (&t == &out_.text && breaks_) {
      if (!t.empty()) {
        while (!pre_ && !t.empty() && (t.back() == ' ')) t.pop_back();
        t.append(static_cast<std::size_t>(breaks_), '\n');
      }
      breaks_ = 0, space_ = false;
    } else if (space_) {
      if (!t.empty() && t.back() != '\n' && t.back() != ' ' && t.back() != '\t') t += ' ';
      space_ = false;
    }
  }
  void put_word(std::string_view raw) {
    raw = base::trim(raw);
    if (raw.empty()) return;
    space_ = true;
    begin_run();
    append_html_decoded(target(), raw);
    space_ = true;
  }
  void need(int breaks) { breaks_ = std::max(breaks_, breaks); }

  // Moves past `end`, or only past the first '>' when there is no such end; looks for it in vain only once.
  void skip_past(std::string_view end, bool& missing) {
    const std::size_t k = missing ? s_.npos : s_.find(end, at_);
    if (k != s_.npos) {
      at_ = k + end.size();
      return;
    }
    missing = true;
    const std::size_t close = s_.find('>', at_);
    out_.truncated |= close == s_.npos;
    at_ = close == s_.npos ? s_.size() : close + 1;
  }

  void tag() {
    const std::string_view rest = s_.substr(at_);
    const char c = rest.size() > 1 ? rest[1] : '\0';
    if (c == '!') {
      if (rest.starts_with("<!--")) {
        if (rest.starts_with("<!-->")) at_ += 5;
        else at_ += 4, skip_past("-->", no_comment_end_);
      } else if (rest.starts_with("<![CDATA[")) {
        at_ += 9;
      } else {
        skip_past(">", no_close_);
      }
      return;
    }
    if (c == '?') return skip_past(">", no_close_);
    const bool closing = c == '/';
    std::size_t k = closing ? 2 : 1;
    if (k >= rest.size() || low(rest[k]) < 'a' || low(rest[k]) > 'z') {
      if (closing) return skip_past(">", no_close_);
      begin_run();
      target() += '<';
      ++at_;
      return;
    }
    char name[16];
    std::size_t n = 0;
    while (k < rest.size() && !is_space(rest[k]) && rest[k] != '>' && rest[k] != '/') {
      if (n < sizeof name) name[n++] = low(rest[k]);
      ++k;
    }
    const std::size_t end = tag_end(at_ + k);
    const std::string_view attributes = s_.substr(at_ + k, end - at_ - k);
    at_ = std::min(end + 1, s_.size());
    act(std::string_view(name, n), closing, attributes);
  }

  // The '>' of the tag, past quoted values; without a closing quote the first '>' ends it.
  std::size_t tag_end(std::size_t from) {
    for (std::size_t k = from; k < s_.size(); ++k) {
      const char c = s_[k];
      if (c == '>') return k;
      if ((c == '"' || c == '\'') && k > from) {
        std::size_t before = k;
        while (before > from && is_space(s_[before - 1])) --before;
        if (before == from || s_[before - 1] != '=') continue;
        bool& missing = c == '"' ? no_double_ : no_single_;
        const std::size_t close = missing ? s_.npos : s_.find(c, k + 1);
        if (close == s_.npos) missing = true;
        else k = close;
      }
    }
    out_.truncated = true;
    return s_.size();
  }

  void act(std::string_view name, bool closing, std::string_view attributes) {
    if (in_title_ && name != "title") in_title_ = false;  // a title that never ends
    switch (shape_of(name)) {
      case Shape::inline_: return;
      case Shape::line: return need(1);
      case Shape::paragraph: return need(2);
      case Shape::break_: breaks_ = std::min(breaks_ + 1, 2); return;
      case Shape::cell:
        if (!closing && !breaks_ && !out_.text.empty() && out_.text.back() != '\n' &&
            out_.text.back() != '\t')
          out_.text += '\t', space_ = false;
        return;
      case Shape::pre:
        need(2);
        pre_ = !closing;
        return;
      case Shape::title:
        // Titles inside SVG pictures are text like any other.
        in_title_ = !closing && !had_title_;
        had_title_ |= closing;
        need(1);
        return;
      case Shape::raw:
        if (!closing) skip_raw(name);
        return;
      case Shape::image:
        if (!closing) put_word(attribute(attributes, "alt")), link(attribute(attributes, "href"));
        return;
      case Shape::link:
        if (!closing) link(attribute(attributes, name == "a" ? "href" : "src"));
        return;
      case Shape::input:
        if (const std::string_view type = attribute(attributes, "type");
            !closing && !base::iequals_ascii(type, "hidden"))
          put_word(attribute(attributes, "value")), put_word(attribute(attributes, "placeholder"));
        return;
      case Shape::html:
        if (const std::string_view l = attribute(attributes, "lang"); !l.empty() && !closing)
          add_meta("language", base::lower_ascii(l.substr(0, l.find_first_of("-_"))));
        return need(1);
      case Shape::meta:
        if (!closing) meta(attributes);
        return;
    }
  }

  // Past </script> or </style>; without one, nothing of the rest is lost.
  void skip_raw(std::string_view name) {
    bool& missing = name == "script" ? no_script_end_ : no_style_end_;
    for (std::size_t k = missing ? s_.npos : s_.find("</", at_); k != s_.npos; k = s_.find("</", k + 2))
      if (base::starts_with_ci(s_.substr(k + 2), name)) {
        at_ = std::min(s_.find('>', k), s_.size() - 1) + 1;
        return;
      }
    missing = true;
  }

  static std::string_view attribute(std::string_view a, std::string_view wanted) {
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

  void link(std::string_view href) {
    if (href.empty() || href[0] == '#' || out_.links.size() >= kLinks ||
        base::starts_with_ci(href, "javascript:") || base::starts_with_ci(href, "data:"))
      return;
    std::string l;
    append_html_decoded(l, base::trim(href.substr(0, 2048)));
    if (std::find(out_.links.begin(), out_.links.end(), l) == out_.links.end())
      out_.links.push_back(std::move(l));
  }

  bool has_meta(std::string_view key) const {
    return std::any_of(out_.metas.begin(), out_.metas.end(), [&](const auto& m) { return m.first == key; });
  }
  void add_meta(std::string_view key, std::string_view value) {
    if (out_.metas.size() < kMetas && !value.empty()) out_.metas.emplace_back(key, value);
  }

  void meta(std::string_view attributes) {
    std::string_view name = attribute(attributes, "name");
    if (name.empty()) name = attribute(attributes, "property");
    if (name.empty()) name = attribute(attributes, "http-equiv");
    if (name.empty()) name = attribute(attributes, "itemprop");
    if (name.empty()) return;
    std::string value;
    append_html_decoded(value, base::trim(attribute(attributes, "content")));
    const std::string n = base::lower_ascii(name.substr(0, 64));
    static constexpr std::pair<std::string_view, std::string_view> kKeys[] = {
        {"author", "author"},
        {"dc.creator", "author"},
        {"article:author", "author"},
        {"keywords", "keywords"},
        {"generator", "software"},
        {"description", "x.description"},
        {"og:site_name", "x.site_name"},
        {"og:url", "x.url"},
        {"article:section", "category"}};
    static constexpr std::pair<std::string_view, std::string_view> kDates[] = {
        {"article:published_time", "date.created"},
        {"date", "date.created"},
        {"dc.date", "date.created"},
        {"datepublished", "date.created"},
        {"dcterms.created", "date.created"},
        {"pubdate", "date.created"},
        {"created", "date.created"},
        {"creation-date", "date.created"},
        {"article:modified_time", "date.modified"},
        {"last-modified", "date.modified"},
        {"og:updated_time", "date.modified"},
        {"datemodified", "date.modified"},
        {"dcterms.modified", "date.modified"},
        {"changed", "date.modified"}};
    for (const auto& [from, key] : kKeys)
      if (n == from) add_meta(key, value);
    for (const auto& [from, key] : kDates)
      if (n == from) {
        if (!has_meta(key)) add_meta(key, any_date(value));
      }
    if (n == "og:title" && out_.title.empty()) og_title(value);
  }
  void og_title(const std::string& value) {
    if (!in_title_) out_.title = value.substr(0, kTitleBytes), had_title_ = false;
  }

  std::string_view s_;
  HtmlText& out_;
  std::size_t at_ = 0;
  int breaks_ = 0;
  bool space_ = false, pre_ = false, in_title_ = false, had_title_ = false;
  bool no_comment_end_ = false, no_close_ = false, no_double_ = false, no_single_ = false,
       no_script_end_ = false, no_style_end_ = false;
};

}  // namespace

void append_html_decoded(std::string& out, std::string_view raw) {
  for (std::size_t i = 0; i < raw.size();) {
    char32_t c = 0;
    if (const std::size_t n = raw[i] == '&' ? entity(raw.substr(i), c) : 0) {
      base::append_utf8(out, c == 0xA0 ? U' ' : c);
      i += n;
    } else {
      out += raw[i++];
    }
  }
}

std::string html_charset(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 8192);
  for (std::size_t k = head.find("<"); k != head.npos; k = head.find('<', k + 1)) {
    if (!base::starts_with_ci(head.substr(k), "<meta")) continue;
    const std::string_view tag = head.substr(k, head.substr(k).find('>'));
    for (std::size_t i = 5; i + 8 < tag.size(); ++i) {
      if (low(tag[i]) != 'c' || !base::starts_with_ci(tag.substr(i), "charset")) continue;
      std::size_t v = i + 7;
      while (v < tag.size() && (is_space(tag[v]) || tag[v] == '=' || tag[v] == '"' || tag[v] == '\'')) ++v;
      std::size_t end = v;
      while (end < tag.size() && !is_space(tag[end]) && tag[end] != '"' && tag[end] != '\'' &&
             tag[end] != ';' && tag[end] != '/')
        ++end;
      if (end > v) return std::string(tag.substr(v, end - v));
    }
  }
  return std::string(xml_encoding(bytes));
}

HtmlText html_text(std::string_view bytes, std::string_view declared_charset) {
  HtmlText out;
  std::string storage;
  std::string declared(declared_charset);
  if (declared.empty()) declared = html_charset(bytes);
  const std::string_view text = decode_view(bytes, declared, storage, &out.charset);
  Page(text, out).read();
  std::string title;  // line ends of the source mean nothing in a title
  for (const char c : out.title)
    if (!is_space(c)) title += c;
    else if (!title.empty() && title.back() != ' ') title += ' ';
  out.title = base::trim(title);
  return out;
}

}  // namespace extract

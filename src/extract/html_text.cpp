#include "html_text.h"

#include "charset.h"
#include "dates.h"
#include "html_scan.h"
#include "xml_scan.h"

#include <base/text.h>

#include <algorithm>
#include <array>

namespace extract {
namespace {

using html::is_space;
using html::low;

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

class Page {
 public:
  Page(std::string_view s, HtmlText& out) : scan_(s), out_(out) { out_.text.reserve(s.size() / 2); }

  void read() {
    while (!scan_.done()) {
      const std::string_view rest = scan_.rest();
      const char c = rest[0];
      if (c == '<') {
        const html::Scan::Markup met = scan_.markup();
        if (met == html::Scan::Markup::bare) begin_run(), target() += '<';
        if (met == html::Scan::Markup::tag) act(scan_.name(), scan_.closing());
      } else if (c == '&') {
        char32_t ch = 0;
        const std::size_t n = html::entity(rest, ch);
        begin_run();
        if (n)
          base::append_utf8(target(), ch == 0xA0 ? U' ' : ch);
        else
          target() += '&';
        scan_.pass(n ? n : 1);
      } else if (is_space(c)) {
        if (pre_) {
          if (c != '\r') begin_run(), target() += c;
        } else {
          space_ = true;
        }
        scan_.pass(1);
      } else {
        std::size_t end = 1;
        while (end < rest.size() && !kStops[static_cast<unsigned char>(rest[end])]) ++end;
        begin_run();
        target().append(rest.substr(0, end));
        scan_.pass(end);
      }
    }
    out_.truncated = scan_.truncated();
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

  void act(std::string_view name, bool closing) {
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
        if (!closing) scan_.raw_text();
        return;
      case Shape::image:
        if (!closing) put_word(scan_.attribute("alt")), link(scan_.attribute("href"));
        return;
      case Shape::link:
        if (!closing) link(scan_.attribute(name == "a" ? "href" : "src"));
        return;
      case Shape::input:
        if (const std::string_view type = scan_.attribute("type");
            !closing && !base::iequals_ascii(type, "hidden"))
          put_word(scan_.attribute("value")), put_word(scan_.attribute("placeholder"));
        return;
      case Shape::html:
        if (const std::string_view l = scan_.attribute("lang"); !l.empty() && !closing)
          add_meta("language", base::lower_ascii(l.substr(0, l.find_first_of("-_"))));
        return need(1);
      case Shape::meta:
        if (!closing) meta();
        return;
    }
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

  void meta() {
    std::string_view name = scan_.attribute("name");
    if (name.empty()) name = scan_.attribute("property");
    if (name.empty()) name = scan_.attribute("http-equiv");
    if (name.empty()) name = scan_.attribute("itemprop");
    if (name.empty()) return;
    std::string value;
    append_html_decoded(value, base::trim(scan_.attribute("content")));
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

  html::Scan scan_;
  HtmlText& out_;
  int breaks_ = 0;
  bool space_ = false, pre_ = false, in_title_ = false, had_title_ = false;
};

}  // namespace

void append_html_decoded(std::string& out, std::string_view raw) {
  for (std::size_t i = 0; i < raw.size();) {
    char32_t c = 0;
    if (const std::size_t n = raw[i] == '&' ? html::entity(raw.substr(i), c) : 0) {
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
    if (!is_space(c))
      title += c;
    else if (!title.empty() && title.back() != ' ')
      title += ' ';
  out.title = base::trim(title);
  return out;
}

}  // namespace extract

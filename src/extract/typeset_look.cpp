#include "typeset_look.h"

#include "css.h"
#include "html_scan.h"

#include <base/text.h>

namespace extract::typeset {
namespace {

constexpr float kLine = 1.2f;

struct Known {
  std::string_view name;
  Does does;
};
constexpr Known kKnown[] = {
    {"a", Does::link},
    {"address", Does::block},
    {"article", Does::block},
    {"aside", Does::block},
    {"b", Does::bold},
    {"bdi", Does::nothing},
    {"bdo", Does::nothing},
    {"big", Does::big},
    {"blockquote", Does::quote},
    {"body", Does::body},
    {"br", Does::br},
    {"button", Does::mark},
    {"caption", Does::caption},
    {"center", Does::centre},
    {"cite", Does::italic},
    {"code", Does::mono},
    {"dd", Does::term},
    {"del", Does::deleted},
    {"details", Does::block},
    {"dfn", Does::italic},
    {"dialog", Does::block},
    {"dir", Does::list},
    {"div", Does::block},
    {"dl", Does::paragraph},
    {"dt", Does::block},
    {"em", Does::italic},
    {"embed", Does::frame},
    {"fieldset", Does::block},
    {"figcaption", Does::block},
    {"figure", Does::paragraph},
    {"font", Does::font},
    {"footer", Does::block},
    {"form", Does::block},
    {"frame", Does::frame},
    {"h1", Does::heading},
    {"h2", Does::heading},
    {"h3", Does::heading},
    {"h4", Does::heading},
    {"h5", Does::heading},
    {"h6", Does::heading},
    {"head", Does::head},
    {"header", Does::block},
    {"hr", Does::hr},
    {"i", Does::italic},
    {"iframe", Does::frame},
    {"img", Does::image},
    {"input", Does::input},
    {"ins", Does::inserted},
    {"kbd", Does::mono},
    {"legend", Does::block},
    {"li", Does::item},
    {"main", Does::block},
    {"mark", Does::mark},
    {"menu", Does::list},
    {"nav", Does::block},
    {"noscript", Does::block},
    {"ol", Does::list},
    {"optgroup", Does::block},
    {"option", Does::block},
    {"p", Does::paragraph},
    {"pre", Does::pre},
    {"s", Does::strike},
    {"samp", Does::mono},
    {"script", Does::raw},
    {"section", Does::block},
    {"select", Does::block},
    {"small", Does::small},
    {"strike", Does::strike},
    {"strong", Does::bold},
    {"style", Does::raw},
    {"sub", Does::sub},
    {"summary", Does::block},
    {"sup", Does::sup},
    {"table", Does::table},
    {"tbody", Does::group},
    {"td", Does::cell},
    {"template", Does::hides},
    {"textarea", Does::block},
    {"tfoot", Does::group},
    {"th", Does::cell},
    {"thead", Does::group},
    {"title", Does::title},
    {"tr", Does::row},
    {"tt", Does::mono},
    {"u", Does::underline},
    {"ul", Does::list},
    {"var", Does::italic},
    {"video", Does::frame},
};
static_assert(std::is_sorted(std::begin(kKnown), std::end(kKnown),
                             [](auto& a, auto& b) { return a.name < b.name; }));

void align(std::string_view a, Look& l) {
  if (a == "center" || a == "middle" || a == "-webkit-center")
    l.align = Align::centre;
  else if (a == "right" || (a == "end" && l.direction != Direction::rtl))
    l.align = Align::right;
  else if (a == "left" || a == "end")
    l.align = Align::left;
  else if (a == "justify")
    l.align = Align::justify;
  else if (a == "start")
    l.align = Align::start;
}

void family(std::string_view names, Look& l) {
  if (names != "inherit" && names != "initial") l.style.family = family_of(names);
}

void size(std::string_view v, float em, float& to) {
  if (v.empty()) return;
  if (const auto n = css::length(v, em); n && n->value > 0)
    to = n->share ? -std::min(n->value, 1.f) : n->value;
}

void ground(const std::string& v, Look& l) {
  if (v.find("url(") != v.npos || v.find("gradient") != v.npos) l.pictured = true;
  std::string_view rest = v;
  if (const auto whole = css::colour(rest)) {
    l.back = *whole;
    return;
  }
  for (const std::string_view word : base::split(rest, ' '))
    if (const auto c = css::colour(word)) l.back = *c;
  if (v == "none" || v == "transparent") l.back = kNoColour;
}

void font_size(std::string_view v, Style& s) {
  static constexpr std::pair<std::string_view, float> kWords[] = {
      {"xx-small", 9}, {"x-small", 10}, {"small", 13},   {"medium", 16},
      {"large", 18},   {"x-large", 24}, {"xx-large", 32}};
  for (const auto& [word, size] : kWords)
    if (v == word) s.size = size;
  if (v == "smaller") s.size *= 0.83f;
  if (v == "larger") s.size *= 1.2f;
  if (const auto n = css::length(v, s.size); n && (n->value > 0 || v[0] == '0')) {
    const float px = n->share ? n->value * s.size : n->value;
    // Nobody can read letters of a point: they are hidden, and shown as such.
    if (px < 2.5f)
      s.hidden = true;
    else
      s.size = std::clamp(px, 7.f, 120.f);
  }
}

void edges(std::string_view side, const std::string& v, float em, Edges& to, Look* gives) {
  std::vector<std::string_view> words;
  for (const std::string_view w : base::split(v, ' '))
    if (!w.empty()) words.push_back(w);
  if (words.empty()) return;
  const auto one = [&](std::string_view w, float& edge, bool* gives_way) {
    if (gives_way) *gives_way = w == "auto";
    if (const auto n = css::length(w, em); n && !n->share)
      edge = std::clamp(n->value, gives ? -40.f : 0.f, 300.f);
  };
  const auto at = [&](std::size_t k) {
    return words.size() == 1   ? words[0]
           : words.size() == 2 ? words[k % 2]
           : words.size() == 3 ? words[k == 3 ? 1 : k]
                               : words[k];
  };
  if (side.empty() || side == "-top") one(at(0), to.top, nullptr);
  if (side.empty() || side == "-right")
    one(at(side.empty() ? 1 : 0), to.right, gives ? &gives->right_gives : nullptr);
  if (side.empty() || side == "-bottom") one(at(side.empty() ? 2 : 0), to.bottom, nullptr);
  if (side.empty() || side == "-left")
    one(at(side.empty() ? 3 : 0), to.left, gives ? &gives->left_gives : nullptr);
  if (gives) to.top = std::max(to.top, 0.f), to.bottom = std::max(to.bottom, 0.f);
}

void border(std::string_view side, const std::string& v, float em, Look& l) {
  if (side.starts_with("-radius") || side.starts_with("-collapse") || side.starts_with("-spacing")) return;
  static constexpr std::string_view kSides[] = {"-top", "-right", "-bottom", "-left"};
  for (std::size_t k = 0; k < 4; ++k) {
    std::string_view what = side;
    if (what.starts_with(kSides[k]))
      what.remove_prefix(kSides[k].size());
    else if (std::any_of(std::begin(kSides), std::end(kSides),
                         [&](std::string_view s) { return what.starts_with(s); }))
      continue;
    Line& line = l.border[k];
    if (what.empty() && v.find("none") == v.npos && v.find("hidden") == v.npos)
      line.width = std::max(line.width, 1.f);
    for (const std::string_view word : base::split(v, ' ')) {
      if (word == "none" || word == "hidden") line.width = 0;
      if (what == "-style" && (word == "solid" || word == "double")) line.width = std::max(line.width, 1.f);
      if (const auto c = css::colour(word))
        line.colour = *c;
      else if (const auto n = css::length(word, em); n && what != "-style" && what != "-color" && !n->share)
        line.width = std::clamp(n->value, 0.f, 20.f);
    }
  }
}

void declare(std::string_view name, std::string_view value, Look& l) {
  Style& s = l.style;
  const std::string v = base::lower_ascii(value.substr(0, 400));
  const auto has_word = [&](std::string_view w) { return v.find(w) != v.npos; };
  if (name == "color") {
    if (const auto c = css::colour(v)) s.colour = *c;
  } else if (name == "background-color" || name == "background") {
    ground(v, l);
  } else if (name == "background-image") {
    l.pictured |= has_word("url") || has_word("gradient");
  } else if (name == "font-size") {
    font_size(v, s);
  } else if (name == "font-weight") {
    s.bold = has_word("bold") || std::atoi(v.c_str()) >= 600;
  } else if (name == "font-style") {
    s.italic = has_word("italic") || has_word("oblique");
  } else if (name == "font-family") {
    family(v, l);
  } else if (name == "font") {
    if (has_word("bold")) s.bold = true;
    if (has_word("italic")) s.italic = true;
    for (const std::string_view word : base::split(v, ' '))
      if (const std::string_view n = word.substr(0, word.find('/'));
          !n.empty() && n[0] >= '0' && n[0] <= '9' && n.find_first_of("ptemx%") != n.npos)
        font_size(n, s);
    if (const std::size_t last = v.rfind(' '); last != v.npos) family(v.substr(last), l);
  } else if (name == "text-align") {
    align(v, l);
  } else if (name == "direction") {
    if (v == "rtl" || v == "ltr") l.direction = v == "rtl" ? Direction::rtl : Direction::ltr;
  } else if (name == "text-decoration" || name == "text-decoration-line") {
    if (has_word("none")) s.underline = s.strike = false;
    if (has_word("underline")) s.underline = true;
    if (has_word("line-through")) s.strike = true;
  } else if (name == "vertical-align") {
    if (v == "super")
      s.rise = 1;
    else if (v == "sub")
      s.rise = -1;
  } else if (name == "line-height") {
    if (const auto n = css::length(v, s.size); n && v != "normal" && n->value > 0) {
      const bool factor = v.find_first_not_of("0123456789.") == v.npos;
      l.leading = std::clamp((factor || n->share ? n->value : n->value / s.size) / kLine, 0.85f, 2.5f);
    }
  } else if (name == "white-space") {
    l.pre = has_word("pre") && !has_word("pre-line");
  } else if (name == "display") {
    if (v == "none")
      s.hidden = true;
    else if (v == "inline")
      l.in_line = true;
  } else if (name == "visibility") {
    s.hidden |= v == "hidden";
  } else if (name == "opacity") {
    if (!v.empty() && std::atof(v.c_str()) < 0.05) s.hidden = true;
  } else if (name == "mso-hide") {
    s.hidden |= v == "all";
  } else if (name == "width" || name == "max-width") {
    if (name == "width" || l.width <= 0) size(v, s.size, l.width);
  } else if (name == "height" || name == "min-height") {
    float h = 0;
    size(v, s.size, h);
    if (h > 0) l.height = std::min(h, 1000.f);
  } else if (name == "page-break-before" || name == "break-before") {
    l.leaf |= v == "always" || v == "page";
  } else if (name.starts_with("margin")) {
    edges(name.substr(6), v, s.size, l.margin, &l);
  } else if (name.starts_with("padding")) {
    edges(name.substr(7), v, s.size, l.padding, nullptr);
  } else if (name.starts_with("border")) {
    border(name.substr(6), v, s.size, l);
  }
}

}  // namespace

bool far_from(std::uint32_t a, std::uint32_t b) {
  for (const int shift : {16, 8, 0})
    if (std::abs(static_cast<int>(a >> shift & 255) - static_cast<int>(b >> shift & 255)) > 20) return true;
  return false;
}

Family family_of(std::string_view names) {
  const std::string f = base::lower_ascii(names.substr(0, 200));
  const auto has_one = [&](std::initializer_list<std::string_view> all) {
    return std::any_of(all.begin(), all.end(), [&](std::string_view n) { return f.find(n) != f.npos; });
  };
  if (has_one({"mono", "courier", "consolas", "menlo"})) return Family::mono;
  if (f.find("sans") == f.npos &&
      has_one({"serif", "times", "georgia", "garamond", "cambria", "palatino", "roman", "bookman"}))
    return Family::serif;
  return Family::sans;
}

Does does_of(std::string_view name) {
  const auto* k = std::lower_bound(std::begin(kKnown), std::end(kKnown), name,
                                   [](const Known& a, std::string_view b) { return a.name < b; });
  return k != std::end(kKnown) && k->name == name ? k->does : Does::nothing;
}
bool breaks_lines(Does d) {
  return (d >= Does::block && d <= Does::caption) || d == Does::centre || d == Does::body;
}
bool is_void(Does d) { return d == Does::image || d == Does::br || d == Does::hr || d == Does::input; }

void look_of_element(Does d, std::string_view name, std::string_view attributes, Look& l) {
  const float em = l.style.size;
  switch (d) {
    case Does::paragraph: l.margin.top = l.margin.bottom = em; return;
    case Does::heading: {
      static constexpr float kSizes[] = {2, 1.5f, 1.17f, 1, 0.83f, 0.67f};
      const float share = kSizes[std::clamp(name[1] - '1', 0, 5)];
      l.style.size = em * share, l.style.bold = true;
      l.margin.top = l.margin.bottom = l.style.size * 0.7f;
      return;
    }
    case Does::list: (l.direction == Direction::rtl ? l.padding.right : l.padding.left) = 24; return;
    case Does::term: l.margin.left = 40; return;
    case Does::quote: l.margin = {em, 24, em, 24}; return;
    case Does::pre:
      l.pre = true, l.style.family = Family::mono, l.style.size = em * 0.85f;
      l.margin.top = l.margin.bottom = em;
      return;
    case Does::table: {
      const std::string border(html::attribute(attributes, "border").substr(0, 4)),
          pad(html::attribute(attributes, "cellpadding").substr(0, 4));
      l.cell_border = border.empty() && !html::has_attribute(attributes, "border")
                          ? 0
                          : std::clamp(static_cast<float>(std::atoi(border.c_str())), 0.f, 1.f);
      if (html::has_attribute(attributes, "border") && border.empty()) l.cell_border = 1;
      l.cell_padding = pad.empty() ? 1 : std::clamp(static_cast<float>(std::atoi(pad.c_str())), 0.f, 60.f);
      if (l.cell_border > 0) l.border.fill({1, 0x888888});
      return;
    }
    case Does::cell:
      if (name == "th") l.style.bold = true, l.align = Align::centre;
      l.padding = {l.cell_padding, l.cell_padding, l.cell_padding, l.cell_padding};
      if (l.cell_border > 0) l.border.fill({1, 0x888888});
      return;
    case Does::caption:
    case Does::centre: l.align = Align::centre; return;
    case Does::bold: l.style.bold = true; return;
    case Does::italic: l.style.italic = true; return;
    case Does::underline: l.style.underline = true; return;
    case Does::strike: l.style.strike = true; return;
    case Does::inserted: l.style.inserted = true; return;
    case Does::deleted: l.style.deleted = true; return;
    case Does::mono: l.style.family = Family::mono, l.style.size = em * 0.9f; return;
    case Does::small: l.style.size = em * 0.83f; return;
    case Does::big: l.style.size = em * 1.2f; return;
    case Does::sub: l.style.rise = -1; return;
    case Does::sup: l.style.rise = 1; return;
    case Does::mark: l.style.back = name == "mark" ? 0xFFF3A0 : 0xEEEEEE; return;
    case Does::link:
      if (html::has_attribute(attributes, "href")) l.style.colour = 0x0645AD, l.style.underline = true;
      return;
    case Does::hides: l.style.hidden = true; return;
    default: return;
  }
}

void look_of_attributes(Does d, std::string_view attributes, Look& l) {
  if (attributes.empty()) return;
  const auto value = [&](std::string_view key) { return html::attribute(attributes, key); };
  if (const auto c = css::colour(value("bgcolor"))) l.back = *c;
  if (!value("background").empty()) l.pictured = true;
  if (const std::string dir = base::lower_ascii(value("dir")); dir == "rtl" || dir == "ltr")
    l.direction = dir == "rtl" ? Direction::rtl : Direction::ltr;
  if (d != Does::table && d != Does::image)
    if (const std::string a = base::lower_ascii(value("align")); !a.empty()) align(a, l);
  if (d == Does::font) {
    if (const auto c = css::colour(value("color"))) l.style.colour = *c;
    if (!value("face").empty()) family(value("face"), l);
    if (const std::string_view size = value("size"); !size.empty()) {
      static constexpr float kSizes[] = {10, 13, 16, 18, 24, 32, 48};
      const int n = std::atoi(std::string(size.substr(0, 4)).c_str());
      l.style.size = kSizes[std::clamp(size[0] == '+' || size[0] == '-' ? 3 + n : n, 1, 7) - 1];
    }
  }
  if (d == Does::body)
    if (const auto c = css::colour(value("text"))) l.style.colour = *c;
  if (d == Does::table || d == Does::cell || d == Does::image || d == Does::frame || d == Does::hr ||
      d == Does::row) {
    size(value("width"), l.style.size, l.width);
    if (float h = 0; d != Does::table) {
      size(value("height"), l.style.size, h);
      l.height = std::max(h, 0.f);
    }
  }
  if (html::has_attribute(attributes, "hidden")) l.style.hidden = true;
}

void declare(std::string_view block, Look& l) {
  css::each_declaration(block,
                        [&](std::string_view name, std::string_view value) { declare(name, value, l); });
}

}  // namespace extract::typeset

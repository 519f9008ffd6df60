#include "word_styles.h"

#include "css.h"

#include <base/text.h>

#include <algorithm>

namespace extract::typeset {
namespace {

using Event = XmlScan::Event;

constexpr float kTwip = 1.f / 15;  // a twentieth of a point

int number(const std::string& s) { return std::atoi(s.substr(0, 9).c_str()); }
float twips(const std::string& s) {
  return std::clamp(static_cast<float>(number(s)) * kTwip, -2000.f, 2000.f);
}
bool on(const XmlScan& xml) {
  const std::string v = xml.attribute("val");
  return v != "0" && v != "false" && v != "off" && v != "none";
}
std::optional<std::uint32_t> hex_colour(const std::string& v) {
  if (v.size() != 6) return {};
  return css::colour("#" + v);
}

// Each element below the one that just began, until it ends.
template <class F>
void each_within(XmlScan& xml, F&& f) {
  const std::size_t level = xml.depth();
  for (Event e = xml.next(); e != Event::done && !(e == Event::end && xml.depth() <= level); e = xml.next())
    if (e == Event::start) f(xml.name());
}

std::string letters(int n, char first) {
  std::string out;
  for (; n > 0 && out.size() < 8; n = (n - 1) / 26)
    out.insert(out.begin(), static_cast<char>(first + (n - 1) % 26));
  return out;
}
std::string roman(int n) {
  static constexpr std::pair<int, std::string_view> kDigits[] = {
      {1000, "m"}, {900, "cm"}, {500, "d"}, {400, "cd"}, {100, "c"}, {90, "xc"}, {50, "l"},
      {40, "xl"},  {10, "x"},   {9, "ix"},  {5, "v"},    {4, "iv"},  {1, "i"}};
  std::string out;
  if (n > 3999) return std::to_string(n);
  for (const auto& [v, d] : kDigits)
    for (; n >= v; n -= v) out += d;
  return out;
}
std::string numeral(int n, std::string_view format) {
  std::string out = std::to_string(n);
  if (format == "lowerLetter")
    out = letters(n, 'a');
  else if (format == "upperLetter")
    out = letters(n, 'A');
  else if (format == "lowerRoman" || format == "upperRoman")
    out = roman(n);
  else if (format == "decimalZero" && n < 10)
    out = "0" + out;
  if (format == "upperRoman")
    for (char& c : out) c = static_cast<char>(c - 32);
  return out;
}

}  // namespace

void WordRun::over(const WordRun& o) {
  const auto take = [](auto& mine, const auto& other) {
    if (!mine) mine = other;
  };
  take(size, o.size), take(colour, o.colour), take(back, o.back), take(family, o.family), take(bold, o.bold);
  take(italic, o.italic), take(underline, o.underline), take(strike, o.strike), take(hidden, o.hidden);
  take(rise, o.rise);
}

void WordRun::dress(Style& s) const {
  s = {};
  s.size = size.value_or(13.33f);
  s.colour = colour.value_or(0), s.back = back.value_or(kNoColour), s.family = family.value_or(Family::serif);
  s.bold = bold.value_or(false), s.italic = italic.value_or(false), s.underline = underline.value_or(false);
  s.strike = strike.value_or(false), s.hidden = hidden.value_or(false),
  s.rise = rise.value_or(std::int8_t{0});
}

void WordParagraph::over(const WordParagraph& o) {
  const auto take = [](auto& mine, const auto& other) {
    if (!mine) mine = other;
  };
  take(align, o.align), take(right_to_left, o.right_to_left), take(leaf, o.leaf), take(left, o.left);
  take(right, o.right), take(first, o.first), take(before, o.before), take(after, o.after);
  take(leading, o.leading), take(back, o.back), take(list, o.list), take(level, o.level);
}

WordRun word_run(XmlScan& xml) {
  WordRun r;
  each_within(xml, [&](std::string_view n) {
    if (n == "rStyle")
      r.style = xml.attribute("val");
    else if (n == "b")
      r.bold = on(xml);
    else if (n == "i")
      r.italic = on(xml);
    else if (n == "u")
      r.underline = on(xml);
    else if (n == "strike" || n == "dstrike")
      r.strike = on(xml);
    else if (n == "vanish" || n == "webHidden")
      r.hidden = on(xml);
    else if (n == "sz")
      r.size = std::clamp(static_cast<float>(number(xml.attribute("val"))) * 2 / 3, 4.f, 190.f);
    else if (n == "color")
      r.colour = hex_colour(xml.attribute("val")).value_or(0);
    else if (n == "highlight") {
      const std::string v = base::lower_ascii(xml.attribute("val"));
      if (v != "none") r.back = css::colour(v).value_or(0xFFF3A0);
    } else if (n == "shd") {
      if (const auto c = hex_colour(xml.attribute("fill"))) r.back = c;
    } else if (n == "rFonts") {
      std::string f = xml.attribute("ascii");
      if (f.empty()) f = xml.attribute("cs");
      if (!f.empty())
        r.family = family_of(f);
      else if (!xml.attribute("asciiTheme").empty())
        r.family = Family::sans;
    } else if (n == "vertAlign") {
      const std::string v = xml.attribute("val");
      r.rise = v == "superscript" ? std::int8_t{1} : v == "subscript" ? std::int8_t{-1} : std::int8_t{0};
    } else if (n == "rPrChange") {
      xml.skip();
    }
  });
  return r;
}

WordParagraph word_paragraph(XmlScan& xml, bool* ends_section) {
  WordParagraph p;
  each_within(xml, [&](std::string_view n) {
    const std::string v = xml.attribute("val");
    if (n == "pStyle")
      p.style = v;
    else if (n == "jc")
      p.align = v == "center"                      ? Align::centre
                : v == "right"                     ? Align::right
                : v == "both" || v == "distribute" ? Align::justify
                : v == "left"                      ? Align::left
                                                   : Align::start;
    else if (n == "bidi")
      p.right_to_left = on(xml);
    else if (n == "pageBreakBefore")
      p.leaf = on(xml);
    else if (n == "ind") {
      std::string left = xml.attribute("left"), right = xml.attribute("right");
      if (left.empty()) left = xml.attribute("start");
      if (right.empty()) right = xml.attribute("end");
      if (!left.empty()) p.left = std::clamp(twips(left), 0.f, 500.f);
      if (!right.empty()) p.right = std::clamp(twips(right), 0.f, 500.f);
      if (const std::string f = xml.attribute("firstLine"); !f.empty()) p.first = twips(f);
      if (const std::string h = xml.attribute("hanging"); !h.empty()) p.first = -twips(h);
    } else if (n == "spacing") {
      if (const std::string b = xml.attribute("before"); !b.empty()) p.before = std::max(twips(b), 0.f);
      if (const std::string a = xml.attribute("after"); !a.empty()) p.after = std::max(twips(a), 0.f);
      const std::string rule = xml.attribute("lineRule"), line = xml.attribute("line");
      if (!line.empty() && (rule.empty() || rule == "auto"))
        p.leading = static_cast<float>(number(line)) / 240;
    } else if (n == "shd") {
      if (const auto c = hex_colour(xml.attribute("fill"))) p.back = c;
    } else if (n == "ilvl") {
      p.level = std::clamp(number(v), 0, 8);
    } else if (n == "numId") {
      p.list = number(v);
    } else if (n == "sectPr") {
      if (ends_section) *ends_section = true;
      xml.skip();
    } else if (n == "rPr" || n == "pPrChange") {
      xml.skip();
    }
  });
  return p;
}

void WordStyles::load(std::string_view styles_xml) {
  XmlScan xml(styles_xml);
  One* one = nullptr;
  bool defaults = false;
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    const std::string_view n = xml.name();
    if (e == Event::end) {
      if (n == "style")
        one = nullptr;
      else if (n == "docDefaults")
        defaults = false;
      continue;
    }
    if (e != Event::start) continue;
    if (n == "docDefaults")
      defaults = true;
    else if (n == "style") {
      if (styles_.size() > 5000) return;
      const std::string id = xml.attribute("styleId");
      one = &styles_[id];
      if (xml.attribute("type") == "paragraph" && xml.attribute("default") == "1") usual_ = id;
    } else if (n == "basedOn" && one) {
      one->based_on = xml.attribute("val");
    } else if (n == "pPr" && (one || defaults)) {
      (one ? one->paragraph : paragraph_) = word_paragraph(xml);
    } else if (n == "rPr" && (one || defaults)) {
      (one ? one->run : run_) = word_run(xml);
    } else if (n == "tblBorders" && one) {
      one->lines = true;
    } else if (n == "tblStylePr") {
      xml.skip();
    }
  }
}

std::vector<const WordStyles::One*> WordStyles::chain(const std::string& name) const {
  std::vector<const One*> out;
  for (auto at = styles_.find(name); at != styles_.end() && out.size() < 20;
       at = styles_.find(at->second.based_on))
    out.push_back(&at->second);
  return out;
}

WordParagraph WordStyles::paragraph(const WordParagraph& own) const {
  WordParagraph p = own;
  for (const One* s : chain(own.style.empty() ? usual_ : own.style)) p.over(s->paragraph);
  p.over(paragraph_);
  return p;
}
WordRun WordStyles::run(const WordParagraph& within, const WordRun& own) const {
  WordRun r = own;
  if (!own.style.empty())
    for (const One* s : chain(own.style)) r.over(s->run);
  for (const One* s : chain(within.style.empty() ? usual_ : within.style)) r.over(s->run);
  r.over(run_);
  return r;
}
bool WordStyles::table_has_lines(const std::string& style) const {
  for (const One* s : chain(style))
    if (s->lines) return true;
  return false;
}

void WordLists::load(std::string_view numbering_xml) {
  XmlScan xml(numbering_xml);
  Levels* levels = nullptr;
  Level* level = nullptr;
  int list = 0;
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    if (e != Event::start) continue;
    const std::string_view n = xml.name();
    const std::string v = xml.attribute("val");
    if (n == "abstractNum") {
      if (kinds_.size() > 5000) return;
      levels = &kinds_[number(xml.attribute("abstractNumId"))], level = nullptr;
    } else if (n == "lvl" && levels) {
      level = &(*levels)[static_cast<std::size_t>(std::clamp(number(xml.attribute("ilvl")), 0, 8))];
    } else if (n == "num") {
      list = number(xml.attribute("numId")), levels = nullptr, level = nullptr;
    } else if (n == "abstractNumId" && !levels) {
      kind_of_[list] = number(v);
    } else if (level) {
      if (n == "start")
        level->start = number(v);
      else if (n == "numFmt")
        level->format = v;
      else if (n == "lvlText")
        level->text = v;
      else if (n == "pPr")
        level->indents = word_paragraph(xml);
    }
  }
}

std::string WordLists::next(int list, int level, WordParagraph& indents) {
  const auto kind = kind_of_.find(list);
  if (list == 0 || kind == kind_of_.end()) return {};
  const auto levels = kinds_.find(kind->second);
  if (levels == kinds_.end()) return {};
  const auto at = static_cast<std::size_t>(std::clamp(level, 0, 8));
  const Level& l = levels->second[at];
  indents = l.indents;
  std::array<int, 9>& counted = counted_[kind->second];
  ++counted[at];
  for (std::size_t k = at + 1; k < 9; ++k) counted[k] = 0;
  if (l.format == "bullet") return "•";
  if (l.format == "none" || l.text.empty()) return {};
  std::string out;
  for (std::size_t k = 0; k < l.text.size(); ++k) {
    if (l.text[k] == '%' && k + 1 < l.text.size() && l.text[k + 1] >= '1' && l.text[k + 1] <= '9') {
      const auto of = static_cast<std::size_t>(l.text[++k] - '1');
      const Level& other = levels->second[of];
      out += numeral(std::max(counted[of], 1) + other.start - 1, other.format);
    } else {
      out += l.text[k];
    }
  }
  return out;
}

}  // namespace extract::typeset

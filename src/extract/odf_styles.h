#pragma once
// How paragraphs, letters, cells and frames of OpenDocument look, by their styles (OpenDocument 1.3, part 3,
// 16 and 20).

#include "css.h"
#include "typeset.h"
#include "xml_scan.h"

#include <algorithm>
#include <map>
#include <set>

namespace extract::typeset {

inline std::optional<float> odf_length(const XmlScan& xml, std::string_view key) {
  const std::string v = xml.attribute(key);
  if (v.empty()) return {};
  const auto n = css::length(v, 16);
  if (!n || n->share) return {};
  return std::clamp(n->value, -3000.f, 3000.f);
}

struct OdfLooks {
  std::string parent;
  std::optional<float> size, left, right, top, bottom, first, width, height;
  std::optional<std::uint32_t> colour, back, ground;  // of letters; of a paragraph or cell
  std::optional<bool> bold, italic, underline, strike, hidden, leaf, rtl, lines;
  std::optional<Family> family;
  std::optional<Align> align;
  std::optional<std::int8_t> rise;
  float share = 0;  // of the size of the parent
  void over(const OdfLooks& o) {
    const auto take = [](auto& mine, const auto& other) {
      if (!mine) mine = other;
    };
    if (!size && share > 0 && o.size) size = *o.size * share;
    take(size, o.size), take(left, o.left), take(right, o.right), take(top, o.top), take(bottom, o.bottom);
    take(first, o.first), take(colour, o.colour), take(back, o.back), take(ground, o.ground),
        take(bold, o.bold);
    take(italic, o.italic), take(underline, o.underline), take(strike, o.strike), take(hidden, o.hidden);
    take(rtl, o.rtl), take(lines, o.lines), take(family, o.family), take(align, o.align), take(rise, o.rise);
    take(width, o.width), take(height, o.height);
  }
};

class OdfStyles {
  using Event = XmlScan::Event;

 public:
  void load(std::string_view xml_text) {
    XmlScan xml(xml_text);
    OdfLooks* one = nullptr;
    std::string list, layout;
    for (Event e = xml.next(); e != Event::done; e = xml.next()) {
      const std::string_view n = xml.full_name();
      if (e == Event::end) {
        if (n == "style:style" || n == "style:default-style") one = nullptr;
        if (n == "office:automatic-styles" && xml_text.find("<office:body") != xml_text.npos) return;
        continue;
      }
      if (e != Event::start || all_.size() > 50'000) continue;
      if (n == "style:style" || n == "style:default-style") {
        const std::string family = xml.attribute("style:family");
        one = &all_[family + "/" + (n == "style:style" ? xml.attribute("style:name") : "")];
        *one = {};  // automatic styles of the content hide those of the same name
        one->parent = n == "style:style" ? family + "/" + xml.attribute("style:parent-style-name") : "";
      } else if (n == "style:font-face") {
        fonts_[xml.attribute("style:name")] = xml.attribute("svg:font-family");
      } else if (n == "text:list-style") {
        list = xml.attribute("style:name");
        if (one) xml.skip();  // how the marks of lists look
      } else if (n == "text:list-level-style-number" || n == "text:list-level-style-bullet") {
        const auto level =
            static_cast<std::size_t>(std::clamp(std::atoi(xml.attribute("text:level").c_str()), 1, 10));
        if (n.ends_with("number") && !xml.attribute("style:num-format").empty())
          counts_.insert(list + "/" + std::to_string(level));
      } else if (n == "style:page-layout") {
        layout = xml.attribute("style:name");
      } else if (n == "style:master-page") {
        const auto at = pages_.find(xml.attribute("style:page-layout-name"));
        if (at != pages_.end() && !page_known_) page = at->second, page_known_ = true;
      } else if (n == "style:page-layout-properties" && pages_.size() < 500) {
        Section& own = pages_[layout];
        own.width = std::clamp(odf_length(xml, "fo:page-width").value_or(kA4Width), 200.f, 3000.f);
        own.height = std::clamp(odf_length(xml, "fo:page-height").value_or(kA4Height), 150.f, 3000.f);
        const float all = odf_length(xml, "fo:margin").value_or(56);
        const auto edge = [&](std::string_view key) {
          return std::clamp(odf_length(xml, key).value_or(all), 0.f, 250.f);
        };
        own.margin = {edge("fo:margin-top"), edge("fo:margin-right"), edge("fo:margin-bottom"),
                      edge("fo:margin-left")};
      } else if (one) {
        read(xml, n, *one);
      }
    }
  }

  OdfLooks of(std::string_view family, const std::string& name, bool usual = true) const {
    OdfLooks out;
    std::string key = std::string(family) + "/" + name;
    for (int n = 0; n < 20; ++n) {
      const auto at = all_.find(key);
      if (at == all_.end()) break;
      if (n == 0)
        out = at->second;
      else
        out.over(at->second);
      key = at->second.parent;
      if (key.empty()) break;
    }
    if (const auto most = all_.find(std::string(family) + "/"); usual && most != all_.end())
      out.over(most->second);
    return out;
  }
  bool counts(const std::string& list, std::size_t level) const {
    return counts_.contains(list + "/" + std::to_string(level));
  }
  Section page;

 private:
  void read(const XmlScan& xml, std::string_view n, OdfLooks& l) const {
    const auto colour = [&](std::string_view key) -> std::optional<std::uint32_t> {
      const std::string v = xml.attribute(key);
      return v.starts_with('#') ? css::colour(v) : std::nullopt;
    };
    if (n == "style:text-properties") {
      if (const std::string v = xml.attribute("fo:font-size"); v.ends_with('%'))
        l.share = std::clamp(static_cast<float>(std::atof(v.c_str())) / 100, 0.1f, 10.f);
      else if (const auto s = odf_length(xml, "fo:font-size"))
        l.size = std::clamp(*s, 3.f, 190.f);
      if (const std::string v = xml.attribute("fo:font-weight"); !v.empty())
        l.bold = v == "bold" || std::atoi(v.c_str()) >= 600;
      if (const std::string v = xml.attribute("fo:font-style"); !v.empty()) l.italic = v != "normal";
      if (const std::string v = xml.attribute("style:text-underline-style"); !v.empty())
        l.underline = v != "none";
      if (const std::string v = xml.attribute("style:text-line-through-style"); !v.empty())
        l.strike = v != "none";
      if (const std::string v = xml.attribute("text:display"); !v.empty()) l.hidden = v == "none";
      if (const auto c = colour("fo:color")) l.colour = c;
      if (const auto c = colour("fo:background-color")) l.back = c;
      std::string font = xml.attribute("fo:font-family");
      if (font.empty())
        if (const auto f = fonts_.find(xml.attribute("style:font-name")); f != fonts_.end()) font = f->second;
      if (!font.empty()) l.family = family_of(font);
      if (const std::string v = xml.attribute("style:text-position"); !v.empty())
        l.rise = v.starts_with("super")                       ? std::int8_t{1}
                 : v.starts_with("sub") || v.starts_with('-') ? std::int8_t{-1}
                 : v.starts_with('0')                         ? std::int8_t{0}
                                                              : std::int8_t{1};
    } else if (n == "style:paragraph-properties") {
      const std::string a = xml.attribute("fo:text-align");
      if (!a.empty())
        l.align = a == "center"                ? Align::centre
                  : a == "end" || a == "right" ? Align::right
                  : a == "justify"             ? Align::justify
                  : a == "left"                ? Align::left
                                               : Align::start;
      if (const auto v = odf_length(xml, "fo:margin-left")) l.left = std::max(*v, 0.f);
      if (const auto v = odf_length(xml, "fo:margin-right")) l.right = std::max(*v, 0.f);
      if (const auto v = odf_length(xml, "fo:margin-top")) l.top = std::max(*v, 0.f);
      if (const auto v = odf_length(xml, "fo:margin-bottom")) l.bottom = std::max(*v, 0.f);
      if (const auto v = odf_length(xml, "fo:text-indent")) l.first = v;
      if (xml.attribute("fo:break-before") == "page") l.leaf = true;
      if (const std::string v = xml.attribute("style:writing-mode"); !v.empty()) l.rtl = v.starts_with("rl");
      if (const auto c = colour("fo:background-color")) l.ground = c;
    } else if (n == "style:table-cell-properties") {
      if (const auto c = colour("fo:background-color")) l.ground = c;
      for (const std::string_view key : {"fo:border", "fo:border-top", "fo:border-left", "fo:border-bottom"})
        if (const std::string v = xml.attribute(key); !v.empty() && v != "none") l.lines = true;
    } else if (n == "style:table-column-properties") {
      l.width = odf_length(xml, "style:column-width");
    } else if (n == "style:graphic-properties" || n == "style:drawing-page-properties") {
      if (xml.attribute("draw:fill") == "solid") l.ground = colour("draw:fill-color");
      if (xml.attribute("presentation:visibility") == "hidden") l.hidden = true;
    }
  }
  std::map<std::string, OdfLooks, std::less<>> all_;
  std::map<std::string, std::string, std::less<>> fonts_;
  std::map<std::string, Section, std::less<>> pages_;
  std::set<std::string> counts_;  // "list/level" of lists with numbers
  bool page_known_ = false;
};

// The sheets of a content.xml.
void compose_odf_sheets(std::string_view content, const OdfStyles& styles, Composer& out);

}  // namespace extract::typeset

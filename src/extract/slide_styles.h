#pragma once
// What slides have of their layout, master and theme (ECMA-376, part 1, 19.3 and 20.1): places, sizes,
// colours.

#include "css.h"
#include "ooxml.h"
#include "overheard.h"
#include "typeset.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

namespace extract::typeset {

inline constexpr float kEmu = 1.f / 9525;       // 914,400 are an inch of 96 pixels
inline constexpr float kHundredth = 4.f / 300;  // of a point, to pixels

inline float emu(const std::string& s) {
  return std::clamp(static_cast<float>(std::atof(s.substr(0, 20).c_str())) * kEmu, -20'000.f, 20'000.f);
}
inline int whole_number(const std::string& s) { return std::atoi(s.substr(0, 9).c_str()); }

struct Rect {
  float x = 0, y = 0, width = 0, height = 0;
  bool known = false;
};

struct Level {
  float size = 24;
  Align align = Align::start;
  bool bullet = false;
};
using Levels = std::array<Level, 9>;

// What a layout or master keeps for the slides that are made of it.
struct Holder {
  std::string type, index;
  Rect rect;
};
struct Model {
  std::vector<Holder> holders;
  std::uint32_t back = kNoColour;
};

class SlideStyles {
 public:
  using Event = XmlScan::Event;
  explicit SlideStyles(const ZipPackage& zip) : zip_(zip) {
    for (std::size_t k = 0; k < 9; ++k)
      body[k].bullet = true, body[k].size = std::max(16.f, 34.f - 4 * static_cast<float>(k));
    title.fill({52, Align::start, false});
    other.fill({24, Align::start, false});
  }
  Levels title, body, other;  // of the master that was read last
  std::optional<std::uint32_t> named(std::string_view colour_of_theme) const {
    const auto at = colours_.find(colour_of_theme);
    if (at == colours_.end()) return {};
    return at->second;
  }

  static const std::string* related(const ooxml::Relations& all, std::string_view type) {
    for (const auto& [id, r] : all)
      if (!r.external && r.type.ends_with(type)) return &r.target;
    return nullptr;
  }

  void theme(const ooxml::Relations& master) {
    const std::string* name = related(master, "/theme");
    if (!name || *name == theme_) return;
    theme_ = *name, colours_.clear();
    const auto bytes = zip_.read(*name, quiet_);
    if (!bytes) return;
    XmlScan xml(*bytes);
    std::string of;
    for (Event e = xml.next(); e != Event::done; e = xml.next()) {
      if (e == Event::end && xml.name() == "clrScheme") return;
      if (e != Event::start) continue;
      const std::string_view n = xml.name();
      if (n == "srgbClr" || n == "sysClr") {
        const std::string v = xml.attribute(n == "sysClr" ? "lastClr" : "val");
        if (const auto c = css::colour("#" + v); c && !of.empty()) colours_.try_emplace(of, *c);
      } else {
        of = n;
      }
    }
  }
  std::optional<std::uint32_t> colour(const XmlScan& xml) const {
    const std::string v = xml.attribute("val");
    if (xml.name() == "srgbClr") return css::colour("#" + v);
    if (xml.name() == "sysClr") return css::colour("#" + xml.attribute("lastClr"));
    if (xml.name() == "prstClr") return css::colour(v);
    if (xml.name() != "schemeClr") return {};
    const std::string name = v == "bg1"   ? "lt1"
                             : v == "tx1" ? "dk1"
                             : v == "bg2" ? "lt2"
                             : v == "tx2" ? "dk2"
                                          : v;
    const auto at = colours_.find(name);
    if (at == colours_.end()) return {};
    return at->second;
  }

  std::uint32_t background(std::string_view bytes) const {
    XmlScan xml(bytes);
    bool within = false;
    for (Event e = xml.next(); e != Event::done; e = xml.next()) {
      if (e == Event::text) continue;
      if (xml.name() == "bg") within = e == Event::start;
      if (xml.name() == "spTree") break;
      if (e == Event::start && within)
        if (const auto c = colour(xml)) return *c;
    }
    return kNoColour;
  }

  // The places of a layout or master, and the sizes of its texts.
  Model model(const std::string& name) {
    Model m;
    const auto bytes = zip_.read(name, quiet_);
    if (!bytes) return m;
    m.back = background(*bytes);
    XmlScan xml(*bytes);
    Holder* holder = nullptr;
    Levels* levels = nullptr;
    Level* level = nullptr;
    bool in_shape = false;
    for (Event e = xml.next(); e != Event::done; e = xml.next()) {
      if (e == Event::text) continue;
      const std::string_view n = xml.name();
      if (n == "sp" || n == "pic") in_shape = e == Event::start, holder = nullptr;
      if (n == "txStyles") level = nullptr, levels = nullptr;
      if (e != Event::start) continue;
      if (n == "ph" && in_shape && m.holders.size() < 500) {
        m.holders.push_back({xml.attribute("type"), xml.attribute("idx"), {}});
        holder = &m.holders.back();
      } else if (n == "off" && holder) {
        holder->rect.x = emu(xml.attribute("x")), holder->rect.y = emu(xml.attribute("y"));
      } else if (n == "ext" && holder && !xml.attribute("cx").empty()) {
        holder->rect.width = emu(xml.attribute("cx")), holder->rect.height = emu(xml.attribute("cy"));
        holder->rect.known = true;
      } else if (n == "titleStyle") {
        levels = &title;
      } else if (n == "bodyStyle") {
        levels = &body;
      } else if (n == "otherStyle") {
        levels = nullptr, level = nullptr;
      } else if (levels && n.starts_with("lvl") && n.ends_with("pPr") && n[3] >= '1' && n[3] <= '9') {
        level = &(*levels)[static_cast<std::size_t>(n[3] - '1')];
        level->align = align_of(xml.attribute("algn"), level->align);
      } else if (level && n == "defRPr") {
        if (const int size = whole_number(xml.attribute("sz")); size > 0)
          level->size = static_cast<float>(size) * kHundredth;
      } else if (level && (n == "buChar" || n == "buAutoNum")) {
        level->bullet = true;
      } else if (level && n == "buNone") {
        level->bullet = false;
      }
    }
    return m;
  }
  static Align align_of(const std::string& v, Align otherwise) {
    return v == "ctr"    ? Align::centre
           : v == "r"    ? Align::right
           : v == "l"    ? Align::left
           : v == "just" ? Align::justify
                         : otherwise;
  }

 private:
  const ZipPackage& zip_;
  Overheard quiet_;
  std::map<std::string, std::uint32_t, std::less<>> colours_;
  std::string theme_;
};

}  // namespace extract::typeset

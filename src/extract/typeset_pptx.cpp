// Slides: a page each, with texts, tables and pictures at their places.
#include "ooxml.h"
#include "overheard.h"
#include "slide_styles.h"
#include "typeset_from.h"

#include <base/text.h>

#include <algorithm>
#include <cmath>

namespace extract::typeset {
namespace {

using Event = XmlScan::Event;
using Kind = Block::Kind;

constexpr std::size_t kGroupsDeepMax = 50, kShapesMax = 5000;

// Of a group: how what is in it comes to stand on the slide.
struct Frame {
  float x = 0, y = 0, sx = 1, sy = 1;
  Rect of(const Rect& r) const { return {x + r.x * sx, y + r.y * sy, r.width * sx, r.height * sy, r.known}; }
};

class Slides {
 public:
  Slides(const ZipPackage& zip, Composer& out, float width, float height)
      : zip_(zip), out_(out), width_(width), height_(height), styles_(zip) {}

  void set(const std::string& name, std::uint32_t part) {
    const auto bytes = zip_.read(name, quiet_);
    Section s;
    s.part = part, s.one_page = true;
    s.width = width_, s.height = height_, s.margin = {0, 0, 0, 0};
    relations_ = ooxml::relations_of(zip_, name, quiet_);
    Model layout, master;
    if (const std::string* l = SlideStyles::related(relations_, "/slideLayout")) {
      const ooxml::Relations up = ooxml::relations_of(zip_, *l, quiet_);
      layout = styles_.model(*l);
      if (const std::string* m = SlideStyles::related(up, "/slideMaster")) {
        styles_.theme(ooxml::relations_of(zip_, *m, quiet_));
        master = styles_.model(*m);
      }
    }
    models_[0] = &layout, models_[1] = &master;
    back_ = bytes ? styles_.background(*bytes) : kNoColour;
    if (back_ == kNoColour) back_ = layout.back;
    if (back_ == kNoColour) back_ = master.back;
    if (back_ == kNoColour) back_ = 0xFFFFFF;
    s.back = back_;
    out_.section(std::move(s));
    if (!bytes) return;
    hidden_ = bytes->substr(0, 4000).find(" show=\"0\"") != std::string::npos;
    slide(*bytes);
    beside(part);
  }

 private:
  const Holder* holder_of(const std::string& type, const std::string& index) const {
    const auto same = [](const std::string& a, const std::string& b) {
      return a == b || (a == "ctrTitle" && b == "title") || (a == "title" && b == "ctrTitle") ||
             (a.empty() && b == "body") || (a == "subTitle" && b == "body");
    };
    for (const bool by_index : {true, false})
      for (const Model* m : models_)
        for (const Holder& h : m->holders)
          if (h.rect.known &&
              (by_index ? !index.empty() && h.index == index && m == models_[0] : same(type, h.type)))
            return &h;
    return nullptr;
  }

  struct Shape {
    Rect rect;
    std::string type, index, picture, alt;  // of a place holder; relation of a picture
    bool holder = false, begun = false, table = false, no_fill = false;
    std::uint32_t back = kNoColour, edge = kNoColour;
    float anchor = 0, scale = 1;
    Edges inset{5, 10, 5, 10};
  };

  void slide(std::string_view bytes) {
    XmlScan xml(bytes);
    std::vector<Frame> groups{{}};
    Frame group_frame;
    Shape shape;
    enum class In { nothing, fill, line, text } in = In::nothing;
    bool in_shape = false, in_group_head = false, in_run = false;
    Paragraph p;
    std::size_t shapes = 0;
    for (Event e = xml.next(); e != Event::done && !out_.full(); e = xml.next()) {
      const std::string_view n = xml.name();
      if (e == Event::text) {
        if (in_run) write(shape, p, xml.text());
        continue;
      }
      const bool begins = e == Event::start;
      if (n == "grpSp") {
        if (begins && groups.size() < kGroupsDeepMax)
          groups.push_back(groups.back()), in_group_head = true;
        else if (!begins && groups.size() > 1)
          groups.pop_back();
        continue;
      }
      if (n == "grpSpPr") {
        in_group_head = begins;
        continue;
      }
      if (in_group_head && begins) {
        group(xml, n, groups, group_frame);
        continue;
      }
      if (n == "sp" || n == "pic" || n == "graphicFrame" || n == "cxnSp") {
        if (begins) {
          shape = {}, in_shape = ++shapes <= kShapesMax, in = In::nothing;
        } else if (in_shape) {
          finish(shape, groups.back());
          in_shape = false;
        }
        continue;
      }
      if (!in_shape) continue;
      if (n == "spPr")
        in = begins ? In::fill : In::nothing;
      else if (n == "ln")
        in = begins ? In::line : In::fill;
      else if (n == "txBody" && begins)
        in = In::text, p = {};
      else if (n == "style" && begins)
        xml.skip();
      if (in == In::fill && begins) {
        if (n == "noFill")
          shape.no_fill = true;
        else if (shape.back == kNoColour)
          shape.back = styles_.colour(xml).value_or(kNoColour);
      } else if (in == In::line && begins && shape.edge == kNoColour) {
        shape.edge = styles_.colour(xml).value_or(kNoColour);
      }
      place(xml, n, begins, shape);
      words(xml, n, begins, shape, groups.back(), p, in_run);
      table(xml, n, begins, shape, groups.back());
    }
  }

  static void group(const XmlScan& xml, std::string_view n, std::vector<Frame>& groups, Frame& now) {
    Frame& f = groups.back();
    if (n == "off")
      now.x = emu(xml.attribute("x")), now.y = emu(xml.attribute("y"));
    else if (n == "ext")
      now.sx = emu(xml.attribute("cx")), now.sy = emu(xml.attribute("cy"));
    else if (n == "chOff")
      f.x += (now.x - emu(xml.attribute("x"))) * f.sx, f.y += (now.y - emu(xml.attribute("y"))) * f.sy,
          now.x = emu(xml.attribute("x")), now.y = emu(xml.attribute("y"));
    else if (n == "chExt") {
      const float w = emu(xml.attribute("cx")), h = emu(xml.attribute("cy"));
      const float sx = w > 0 ? std::clamp(now.sx / w, 0.01f, 100.f) : 1,
                  sy = h > 0 ? std::clamp(now.sy / h, 0.01f, 100.f) : 1;
      // The origin of what is inside stays where it was.
      f.x += now.x * f.sx * (1 - sx), f.y += now.y * f.sy * (1 - sy);
      f.sx *= sx, f.sy *= sy;
    }
  }

  void place(const XmlScan& xml, std::string_view n, bool begins, Shape& s) const {
    if (!begins) return;
    if (n == "ph")
      s.holder = true, s.type = xml.attribute("type"), s.index = xml.attribute("idx");
    else if (n == "off")
      s.rect.x = emu(xml.attribute("x")), s.rect.y = emu(xml.attribute("y"));
    else if (n == "ext" && !xml.attribute("cx").empty())
      s.rect.width = emu(xml.attribute("cx")), s.rect.height = emu(xml.attribute("cy")), s.rect.known = true;
    else if (n == "cNvPr")
      s.alt = xml.attribute("descr");
    else if (n == "blip" && s.picture.empty()) {
      s.picture = xml.attribute("embed");
      if (s.picture.empty()) s.picture = xml.attribute("link");
    } else if (n == "bodyPr") {
      const std::string a = xml.attribute("anchor");
      s.anchor = a == "ctr"                                                 ? 0.5f
                 : a == "b"                                                 ? 1.f
                 : a.empty() && (s.type == "title" || s.type == "ctrTitle") ? 0.5f
                                                                            : 0.f;
      const auto inset = [&](std::string_view key, float& edge) {
        if (const std::string v = xml.attribute(key); !v.empty()) edge = std::clamp(emu(v), 0.f, 200.f);
      };
      inset("tIns", s.inset.top), inset("rIns", s.inset.right), inset("bIns", s.inset.bottom),
          inset("lIns", s.inset.left);
    } else if (n == "normAutofit") {
      if (const int v = whole_number(xml.attribute("fontScale")); v > 0)
        s.scale = std::clamp(static_cast<float>(v) / 100'000, 0.2f, 1.f);
    }
  }

  struct Paragraph {
    std::size_t level = 0;
    Align align = Align::start;
    bool aligned = false, rtl = false, counts = false, no_bullet = false, bullet = false, fresh = true;
    float left = 0;
    int number = 0;
    std::optional<float> size;
    std::optional<std::uint32_t> colour;
    bool bold = false, italic = false, underline = false, in_run = false;
  };

  void words(XmlScan& xml, std::string_view n, bool begins, Shape& s, const Frame& f, Paragraph& p,
             bool& in_run) {
    if (n == "t") {
      in_run = begins && !xml.empty_element();
    } else if (n == "p" && begins) {
      const int counted = p.number;
      p = {};
      p.number = counted;
    } else if (n == "p") {
      if (s.begun) {
        p.fresh = true;
        const bool empty = !out_.in_paragraph();
        if (empty)
          out_.style = {}, out_.style.size = level_of(s, p).size * s.scale * 0.6f, out_.paragraph = {};
        out_.end_paragraph(true);
      }
    } else if (n == "pPr" && begins) {
      p.level = static_cast<std::size_t>(std::clamp(whole_number(xml.attribute("lvl")), 0, 8));
      if (const std::string a = xml.attribute("algn"); !a.empty())
        p.align = SlideStyles::align_of(a, Align::start), p.aligned = true;
      p.rtl = xml.attribute("rtl") == "1";
      p.left = std::clamp(emu(xml.attribute("marL")), 0.f, 300.f);
    } else if (n == "buNone" && begins) {
      p.no_bullet = true;
    } else if (n == "buChar" && begins) {
      p.bullet = true;
    } else if (n == "buAutoNum" && begins) {
      p.bullet = p.counts = true;
    } else if (n == "rPr" && begins) {
      const auto on = [&](std::string_view key) {
        const std::string v = xml.attribute(key);
        return v == "1" || v == "true";
      };
      p.bold = on("b"), p.italic = on("i"),
      p.underline = !xml.attribute("u").empty() && xml.attribute("u") != "none";
      p.size.reset(), p.colour.reset();
      if (const int size = whole_number(xml.attribute("sz")); size > 0)
        p.size = static_cast<float>(size) * kHundredth;
      p.in_run = true;
    } else if (n == "rPr") {
      p.in_run = false;
    } else if (p.in_run && begins && !p.colour) {
      p.colour = styles_.colour(xml);
    } else if (n == "br" && begins) {
      open(s, f);
      write(s, p, "\n");
    } else if ((n == "r" || n == "fld") && begins) {
      open(s, f);
      p.size.reset(), p.colour.reset(), p.bold = p.italic = p.underline = false;
    }
  }

  const Level& level_of(const Shape& s, const Paragraph& p) const {
    const bool title = s.type == "title" || s.type == "ctrTitle";
    const bool body =
        s.holder && (s.type.empty() || s.type == "body" || s.type == "subTitle" || s.type == "obj");
    return (title ? styles_.title : body ? styles_.body : styles_.other)[p.level];
  }

  void write(const Shape& s, Paragraph& p, std::string_view text) {
    const Level& l = level_of(s, p);
    const float usual = s.table ? 20 : l.size;
    if (p.fresh) {
      p.fresh = false;
      Block b;
      b.align = p.aligned ? p.align : s.type == "subTitle" || s.type == "ctrTitle" ? Align::centre : l.align;
      b.direction = p.rtl ? Direction::rtl : Direction::by_text;
      const bool bullet = !p.no_bullet && !s.table && s.type != "subTitle" && (p.bullet || l.bullet);
      b.margin.left = p.left > 0 ? p.left : static_cast<float>(p.level) * 36;
      b.margin.top = usual * s.scale * (l.bullet ? 0.25f : 0);
      if (!p.counts) p.number = 0;
      out_.paragraph = b;
      if (bullet && text != "\n") {
        out_.paragraph.first = -22;
        out_.paragraph.margin.left = std::max(0.f, b.margin.left - 22);
        dress(s, p, usual);
        out_.style.underline = false;
        out_.text((p.counts ? std::to_string(++p.number) + "." : "•") + std::string("\t"));
      }
    }
    dress(s, p, usual);
    out_.text(text);
  }
  void dress(const Shape& s, const Paragraph& p, float usual) {
    Style& style = out_.style;
    style = {};
    style.size = p.size.value_or(usual) * s.scale;
    style.bold = p.bold, style.italic = p.italic, style.underline = p.underline;
    style.hidden = hidden_;
    style.colour = p.colour.value_or(styles_.named("dk1").value_or(0));
    // Light letters on a picture that is not drawn, or on a colour that is not known, must be read too.
    const std::uint32_t ground = s.back != kNoColour ? s.back : back_;
    if (!far_from(style.colour, ground)) style.colour = far_from(0x222222, ground) ? 0x222222 : 0xFFFFFF;
  }

  Rect rect_of(const Shape& s, const Frame& f) const {
    Rect r = f.of(s.rect);
    if (!s.rect.known && s.holder)
      if (const Holder* h = holder_of(s.type, s.index)) r = h->rect;
    if (!(r.width > 0) || !(r.height >= 0)) r = {40, 40, width_ - 80, 60, true};
    return r;
  }
  // The box of a shape begins with its first word.
  void open(Shape& s, const Frame& f) {
    if (s.begun || s.table) return;
    s.begun = true;
    const Rect r = rect_of(s, f);
    Block box{.kind = Kind::box};
    box.fixed = true, box.x = r.x, box.y = r.y, box.width = std::max(r.width, 20.f), box.height = r.height;
    box.padding = s.inset, box.anchor = s.anchor;
    if (box.padding.left + box.padding.right > box.width / 2) box.padding.left = box.padding.right = 2;
    if (s.no_fill) s.back = kNoColour;
    box.back = s.back;
    if (s.edge != kNoColour) box.frame(1, s.edge);
    out_.begin(std::move(box));
  }

  void table(XmlScan& xml, std::string_view n, bool begins, Shape& s, const Frame& f) {
    if (n == "tbl" && begins) {
      open(s, f);
      s.table = true;
      Block t{.kind = Kind::table};
      t.border[1] = t.border[2] = {1, 0x888888};
      table_ = std::move(t);
    } else if (n == "gridCol" && begins && s.table && table_.widths.size() < kColumnsMax) {
      table_.widths.push_back(std::max(emu(xml.attribute("w")), 1.f) * f.sx);
    } else if (n == "tr" && s.table) {
      if (begins) {
        if (table_.kind == Kind::table) out_.begin(std::exchange(table_, {}));
        Block row{.kind = Kind::row};
        row.height = std::clamp(emu(xml.attribute("h")), 0.f, 400.f);
        out_.begin(std::move(row));
      } else {
        out_.end();
      }
    } else if (n == "tc" && s.table) {
      if (begins) {
        Block cell{.kind = Kind::cell};
        cell.padding = {4, 8, 4, 8};
        cell.border[0] = cell.border[3] = {1, 0x888888};
        if (const int span = whole_number(xml.attribute("gridSpan")); span > 1)
          cell.columns = static_cast<std::uint16_t>(std::min(span, 500));
        if (xml.attribute("vMerge") == "1") cell.border[0] = {};
        s.back = kNoColour;
        merged_ = xml.attribute("hMerge") == "1";
        if (!merged_) out_.begin(std::move(cell));
      } else if (!std::exchange(merged_, false)) {
        out_.end();
      }
    } else if (n == "tbl" && s.table) {
      if (table_.kind != Kind::table) out_.end();
      table_ = {};
    }
  }

  void finish(Shape& s, const Frame& f) {
    if (!s.picture.empty()) return picture(s, f);
    if (!s.begun && !s.no_fill && (s.back != kNoColour || s.edge != kNoColour) && s.rect.known)
      open(s, f);  // only a shape
    if (s.begun) out_.end();
  }

  void picture(Shape& s, const Frame& f) {
    if (!s.begun) {
      s.back = kNoColour, s.inset = {0, 0, 0, 0}, s.edge = kNoColour;
      open(s, f);
    }
    const Rect r = rect_of(s, f);
    const auto at = relations_.find(s.picture);
    out_.paragraph = {}, out_.style = {};
    if (at != relations_.end()) {
      const std::string& name = at->second.target;
      const auto fetch = [&] { return zip_.read(name, quiet_); };
      if (at->second.external || !out_.image(name, fetch, r.width, r.height, std::max(r.width, 20.f)))
        out_.missing_image((s.alt.empty() ? "" : s.alt + " — ") + at->second.target, r.width, r.height);
    }
    out_.end();
  }

  // Notes, comments, charts and diagrams: on a page of their own behind the slide.
  void beside(std::uint32_t part) {
    std::vector<std::string> texts;
    for (const auto& [id, r] : relations_) {
      if (r.external || !(r.type.ends_with("/notesSlide") || r.type.ends_with("/diagramData") ||
                          r.type.ends_with("/comments") || r.type.ends_with("/chart")))
        continue;
      const auto bytes = zip_.read(r.target, quiet_);
      if (!bytes) continue;
      Overheard heard;
      heard.text_max = kTextMax;
      TextOut text(heard);
      ooxml::drawing_text(*bytes, text);
      text.flush();
      const std::string_view words = base::trim(heard.pages[0]);
      // The notes of a slide without notes hold its number.
      if (words.find_first_not_of("0123456789") != words.npos) texts.emplace_back(words);
    }
    if (texts.empty() || out_.full()) return;
    Section s;
    s.part = part, s.width = width_, s.height = height_, s.back = 0xFAFAFA;
    out_.section(std::move(s));
    for (const std::string& t : texts) {
      Block box{.kind = Kind::box};
      box.frame(1, 0xBBBBBB), box.padding = {8, 10, 8, 10}, box.margin.bottom = 8;
      out_.begin(std::move(box));
      out_.style = {};
      compose_plain(t, out_);
      out_.end();
    }
  }

  const ZipPackage& zip_;
  Composer& out_;
  Overheard quiet_;
  const float width_, height_;
  ooxml::Relations relations_;
  SlideStyles styles_;
  const Model* models_[2] = {};
  std::uint32_t back_ = 0xFFFFFF;
  Block table_;
  bool hidden_ = false, merged_ = false;
};

}  // namespace

void compose_slides(const ZipPackage& zip, std::string_view main, Composer& out) {
  Overheard quiet;
  const ooxml::Relations relations = ooxml::relations_of(zip, main, quiet);
  std::vector<std::string> names;
  float width = 960, height = 720;
  const auto presentation = zip.read(main, quiet);
  XmlScan xml(presentation ? std::string_view(*presentation) : std::string_view{});
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    if (e != Event::start) continue;
    if (xml.name() == "sldId") {
      if (const auto r = relations.find(xml.attribute("r:id")); r != relations.end())
        names.push_back(r->second.target);
    } else if (xml.name() == "sldSz") {
      width = std::clamp(emu(xml.attribute("cx")), 200.f, 3000.f),
      height = std::clamp(emu(xml.attribute("cy")), 150.f, 3000.f);
    }
  }
  if (names.empty()) names = ooxml::numbered(zip, "ppt/slides/slide", ".xml");
  Slides slides(zip, out, width, height);
  std::uint32_t part = 0;
  for (const std::string& name : names) {
    if (out.full()) return;
    slides.set(name, ++part);
  }
}

}  // namespace extract::typeset

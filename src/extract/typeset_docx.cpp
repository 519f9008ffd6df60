// Documents of WordprocessingML: what is in them in order, changes that were tracked and comments as such.
#include "css.h"
#include "ooxml.h"
#include "overheard.h"
#include "typeset_from.h"
#include "word_styles.h"

#include <base/text.h>

#include <algorithm>
#include <cmath>

namespace extract::typeset {
namespace {

using Event = XmlScan::Event;
using Kind = Block::Kind;

constexpr float kTwip = 1.f / 15, kEmu = 1.f / 9525;  // of drawings: 914,400 are an inch

int number(const std::string& s) { return std::atoi(s.substr(0, 9).c_str()); }

struct Geometry {
  Section section;
  std::string header, footer;  // their relations
  bool goes_on = false;        // on the same page
};

class Word {
 public:
  Word(const ZipPackage& zip, std::string_view main, Composer& out) : zip_(zip), out_(out) {
    relations_ = ooxml::relations_of(zip, main, quiet_);
    const std::size_t slash = main.rfind('/');
    folder_ = slash == main.npos ? "" : std::string(main.substr(0, slash + 1));
    if (const auto styles = zip.read(folder_ + "styles.xml", quiet_)) styles_.load(*styles);
    if (const auto lists = zip.read(folder_ + "numbering.xml", quiet_)) lists_.load(*lists);
  }

  void read(std::string_view document) {
    sections_ = geometries(document);
    begin_section();
    story(document);
    notes("footnotes.xml", "footnote", "");
    notes("endnotes.xml", "endnote", "e");
    notes("comments.xml", "comment", "c");
    for (const std::string_view name : {"diagrams/data", "charts/chart"})
      for (const std::string& member : ooxml::numbered(zip_, folder_ + std::string(name), ".xml"))
        drawing(member);
  }

 private:
  // The sizes of pages are told where their section ends.
  static std::vector<Geometry> geometries(std::string_view document) {
    std::vector<Geometry> out;
    XmlScan xml(document);
    bool within = false;
    for (Event e = xml.next(); e != Event::done && out.size() < 500; e = xml.next()) {
      const std::string_view n = xml.name();
      if (e == Event::end && n == "sectPr") within = false;
      if (e != Event::start) continue;
      if (n == "sectPr")
        within = true, out.emplace_back();
      else if (n == "sectPrChange")
        xml.skip();
      if (!within) continue;
      Geometry& g = out.back();
      Section& s = g.section;
      const auto twips = [&](std::string_view key, float least, float most, float otherwise) {
        const std::string v = xml.attribute(key);
        return v.empty() ? otherwise
                         : std::clamp(std::abs(static_cast<float>(number(v))) * kTwip, least, most);
      };
      if (n == "pgSz")
        s.width = twips("w", 200, 3000, kA4Width), s.height = twips("h", 200, 3000, kA4Height);
      else if (n == "pgMar")
        s.margin = {twips("top", 10, 300, 56), twips("right", 10, 300, 56), twips("bottom", 10, 300, 56),
                    twips("left", 10, 300, 56)};
      else if (n == "headerReference" && (g.header.empty() || xml.attribute("type") == "default"))
        g.header = xml.attribute("id");
      else if (n == "footerReference" && (g.footer.empty() || xml.attribute("type") == "default"))
        g.footer = xml.attribute("id");
      else if (n == "type")
        g.goes_on = xml.attribute("val") == "continuous";
    }
    return out;
  }

  void begin_section() {
    const std::size_t n = section_++;
    if (n >= sections_.size() || (n > 0 && sections_[n].goes_on)) return;
    Geometry& g = sections_[n];
    if (g.header.empty() && n > 0) g.header = sections_[n - 1].header;  // as before, when it says nothing
    if (g.footer.empty() && n > 0) g.footer = sections_[n - 1].footer;
    Section s = g.section;
    if (s.width - s.margin.left - s.margin.right < 150) s.margin.left = s.margin.right = 20;
    out_.section(std::move(s));
    const auto of = [&](const std::string& id) -> std::vector<Block> {
      const auto r = relations_.find(id);
      const auto bytes = r == relations_.end() ? std::nullopt : zip_.read(r->second.target, quiet_);
      if (!bytes) return {};
      const ooxml::Relations own = ooxml::relations_of(zip_, r->second.target, quiet_);
      const ooxml::Relations body = std::exchange(relations_, own);
      auto blocks = out_.aside([&] { story(*bytes); });
      relations_ = body;
      return blocks;
    };
    auto header = of(g.header), footer = of(g.footer);
    out_.here().header = std::move(header), out_.here().footer = std::move(footer);
  }

  struct Table {
    bool lines = false, opened = false;
    std::size_t level = 0;  // of the composer
    Block block;
    std::size_t column = 0;
  };

  void story(std::string_view bytes, const std::string& note = {}) {
    XmlScan xml(bytes);
    std::vector<Table> tables;
    WordParagraph paragraph;
    WordRun run;
    bool in_text = false, ends_section = false;
    unsigned inserted = 0, deleted = 0;
    const std::size_t base = out_.depth();
    std::string mark = note;
    const auto dress = [&] {
      styles_.run(paragraph, run).dress(out_.style);
      out_.style.inserted = inserted > 0, out_.style.deleted = deleted > 0;
    };
    for (Event e = xml.next(); e != Event::done && !out_.full(); e = xml.next()) {
      const std::string_view n = xml.name();
      if (e == Event::text) {
        if (in_text) dress(), out_.text(xml.text());
        continue;
      }
      if (e == Event::end) {
        in_text = false;
        if (n == "p") {
          dress();
          out_.end_paragraph(true);
          if (std::exchange(ends_section, false) && tables.empty()) begin_section();
        } else if (n == "ins" || n == "moveTo") {
          inserted -= inserted > 0;
        } else if (n == "del" || n == "moveFrom") {
          deleted -= deleted > 0;
        } else if (n == "txbxContent") {
          if (out_.depth() > base) out_.end();
        } else if (n == "tc" || n == "tr") {
          const std::size_t level = tables.empty() ? SIZE_MAX : tables.back().level + (n == "tc");
          while (out_.depth() > level) out_.end();
        } else if (n == "tbl" && !tables.empty()) {
          while (out_.depth() >= tables.back().level && tables.back().opened) out_.end();
          tables.pop_back();
        }
        continue;
      }
      if (n == "p") {
        paragraph = {}, run = {};
        XmlScan ahead = xml;
        Event first = ahead.next();
        if (first == Event::text) first = ahead.next();
        if (first != Event::start || ahead.name() != "pPr") begin_paragraph(styles_.paragraph({}), mark);
      } else if (n == "pPr") {
        paragraph = word_paragraph(xml, &ends_section);
        begin_paragraph(styles_.paragraph(paragraph), mark);
      } else if (n == "r") {
        run = {};
      } else if (n == "rPr") {
        run = word_run(xml);
      } else if (n == "t" || n == "delText") {
        in_text = !xml.empty_element();
      } else if (n == "tab" && xml.attribute("val").empty()) {
        dress(), out_.text("\t");
      } else if (n == "br" || n == "cr") {
        dress();
        if (xml.attribute("type") == "page")
          out_.leaf();
        else
          out_.text("\n");
      } else if (n == "noBreakHyphen") {
        dress(), out_.text("-");
      } else if (n == "sym") {
        symbol(xml, dress);
      } else if (n == "ins" || n == "moveTo") {
        inserted += !xml.empty_element();
      } else if (n == "del" || n == "moveFrom") {
        deleted += !xml.empty_element();
      } else if (n == "footnoteReference" || n == "endnoteReference" || n == "commentReference") {
        dress();
        out_.style.rise = 1;
        out_.text((n[0] == 'f' ? "[" : n[0] == 'e' ? "[e" : "[c") + xml.attribute("id") + "]");
      } else if (n == "txbxContent") {
        Block box{.kind = Kind::box};
        box.frame(1, 0xAAAAAA), box.padding = {4, 6, 4, 6};
        out_.begin(std::move(box));
      } else if (n == "drawing" || n == "pict" || n == "object") {
        width_ = height_ = 0;
      } else if (n == "extent") {
        width_ = static_cast<float>(std::atof(xml.attribute("cx").c_str())) * kEmu;
        height_ = static_cast<float>(std::atof(xml.attribute("cy").c_str())) * kEmu;
      } else if (n == "docPr") {
        alt_ = xml.attribute("descr");
      } else if (n == "shape") {
        shape(xml.attribute("style"));
      } else if (n == "blip" || n == "imagedata") {
        std::string id = xml.attribute("embed");
        if (id.empty()) id = xml.attribute("r:id");
        if (id.empty()) id = xml.attribute("link");
        dress(), image(id);
      } else if (n == "tbl") {
        out_.end_paragraph();
        tables.push_back({});
      } else if (n == "tblBorders") {
        if (!tables.empty()) tables.back().lines = true;
      } else if (n == "tblStyle") {
        if (!tables.empty()) tables.back().lines |= styles_.table_has_lines(xml.attribute("val"));
      } else if (n == "bidiVisual") {
        if (!tables.empty()) tables.back().block.direction = Direction::rtl;
      } else if (n == "gridCol") {
        if (!tables.empty() && tables.back().block.widths.size() < kColumnsMax)
          tables.back().block.widths.push_back(
              std::clamp(static_cast<float>(number(xml.attribute("w"))) * kTwip, 0.f, 2000.f));
      } else if (n == "tr") {
        begin_row(tables);
      } else if (n == "tc") {
        begin_cell(xml, tables);
      } else if (n == "Fallback" || n == "instrText" || n == "delInstrText" || n == "sectPr" ||
                 n == "tblPrEx" || n == "tblGridChange" || n == "trPr") {
        xml.skip();
      }
    }
    out_.end_paragraph();
    while (out_.depth() > base) out_.end();
  }

  void begin_paragraph(WordParagraph p, std::string& mark) {
    Block b;
    WordParagraph indents;
    std::string item = mark;
    if (p.list && *p.list != 0 && mark.empty()) item = pending_mark(p, indents);
    p.over(indents);
    b.align = p.align.value_or(Align::start);
    b.direction = p.right_to_left ? (*p.right_to_left ? Direction::rtl : Direction::ltr) : Direction::by_text;
    // In a paragraph from right to left, left and right are its own.
    if (b.direction == Direction::rtl && b.align == Align::left)
      b.align = Align::start;
    else if (b.direction == Direction::rtl && b.align == Align::right)
      b.align = Align::left;
    b.margin = {p.before.value_or(0), p.right.value_or(0), p.after.value_or(0), p.left.value_or(0)};
    if (b.direction == Direction::rtl) std::swap(b.margin.left, b.margin.right);
    b.first = p.first.value_or(0), b.leading = p.leading.value_or(0);
    if (b.first < 0) {  // Pango hangs the first line out of its width; Word's margin is that of the others
      float& edge = b.direction == Direction::rtl ? b.margin.right : b.margin.left;
      edge = std::max(0.f, edge + b.first);
    }
    if (p.leaf.value_or(false)) out_.leaf();
    out_.paragraph = b;
    mark_ = item;
    if (!mark.empty()) {
      styles_.run(p, {}).dress(out_.style);
      out_.style.bold = true;
      out_.text(std::exchange(mark, {}) + " ");
      mark_.clear();
    } else if (!mark_.empty()) {
      styles_.run(p, {}).dress(out_.style);
      out_.paragraph.first = b.first < 0 ? b.first : -22;
      out_.text(std::exchange(mark_, {}) + "\t");
    }
  }
  std::string pending_mark(const WordParagraph& p, WordParagraph& indents) {
    return lists_.next(*p.list, p.level.value_or(0), indents);
  }

  template <class F>
  void symbol(const XmlScan& xml, F&& dress) {
    std::string t;
    const auto c = static_cast<char32_t>(std::strtoul(xml.attribute("char").c_str(), nullptr, 16));
    base::append_utf8(t, c >= 0xF020 && c <= 0xF0FF ? c - 0xF000 : c ? c : U' ');
    dress(), out_.text(t);
  }

  void begin_row(std::vector<Table>& tables) {
    if (tables.empty()) return;
    Table& t = tables.back();
    if (!t.opened) {
      t.opened = true;
      t.block.kind = Kind::table;
      t.block.margin = {3, 0, 3, 0};
      float sum = 0;
      for (const float w : t.block.widths) sum += w;
      if (sum < 20) t.block.widths.clear();
      // Lines above and left of each cell, and here for the last ones.
      if (t.lines) t.block.border[1] = t.block.border[2] = {1, 0x666666};
      out_.begin(std::move(t.block));
      t.level = out_.depth();
    }
    while (out_.depth() > t.level) out_.end();
    out_.begin({.kind = Kind::row});
    t.column = 0;
  }

  // At the start of w:tc: its properties come first.
  void begin_cell(XmlScan& xml, std::vector<Table>& tables) {
    if (tables.empty()) return;
    Table& t = tables.back();
    if (!t.opened) begin_row(tables);
    while (out_.depth() > t.level + 1) out_.end();
    if (out_.depth() < t.level + 1) out_.begin({.kind = Kind::row});
    Block cell{.kind = Kind::cell};
    cell.padding = {1, 6, 1, 6};
    if (t.lines) cell.border[0] = cell.border[3] = {1, 0x666666};
    // Read ahead by a copy: what follows tcPr is the content.
    XmlScan ahead = xml;
    if (ahead.next() == Event::text) ahead.next();
    if (ahead.name() == "tcPr") {
      const std::size_t level = ahead.depth();
      for (Event e = ahead.next(); e != Event::done && !(e == Event::end && ahead.depth() <= level);
           e = ahead.next()) {
        if (e != Event::start) continue;
        const std::string_view n = ahead.name();
        if (n == "gridSpan")
          cell.columns = static_cast<std::uint16_t>(std::clamp(number(ahead.attribute("val")), 1, 500));
        else if (n == "vMerge" && ahead.attribute("val") != "restart")
          cell.border[0] = {};
        else if (n == "shd") {
          if (const std::string fill = ahead.attribute("fill"); fill.size() == 6)
            cell.back = css::colour("#" + fill).value_or(kNoColour);
        } else if (n == "tcBorders" && !t.lines) {
          cell.frame(1, 0x888888);
        } else if (n == "tcPrChange") {
          ahead.skip();
        }
      }
    }
    t.column += cell.columns;
    out_.begin(std::move(cell));
  }

  void shape(const std::string& style) {
    css::each_declaration(style, [&](std::string_view name, std::string_view value) {
      const auto n = css::length(value, 16);
      if (!n || n->share) return;
      if (name == "width") width_ = n->value;
      if (name == "height") height_ = n->value;
    });
  }

  void image(const std::string& id) {
    const auto r = relations_.find(id);
    const Section& s = out_.here();
    const float room = s.width - s.margin.left - s.margin.right;
    if (r == relations_.end()) return;
    const float w = std::clamp(width_, 0.f, 4000.f), h = std::clamp(height_, 0.f, 4000.f);
    if (!r->second.external)
      if (out_.image(
              r->second.target, [&] { return zip_.read(r->second.target, quiet_); }, w, h, room))
        return;
    // Drawn in a format that is not read here, or standing elsewhere: it is never fetched.
    out_.missing_image((alt_.empty() ? "" : alt_ + " — ") + r->second.target, w, h);
  }

  // Notes and comments stand behind the text, under the marks that it has for them.
  void notes(std::string_view member, std::string_view element, std::string_view prefix) {
    const std::string name = folder_ + std::string(member);
    const auto bytes = zip_.read(name, quiet_);
    if (!bytes) return;
    const ooxml::Relations body = std::exchange(relations_, ooxml::relations_of(zip_, name, quiet_));
    XmlScan xml(*bytes);
    bool first = true;
    for (Event e = xml.next(); e != Event::done && !out_.full(); e = xml.next()) {
      if (e != Event::start || xml.name() != element) continue;
      const std::string type = xml.attribute("type"), id = xml.attribute("id");
      const std::string_view rest = xml.rest();
      const std::string author = xml.attribute("author"), date = xml.attribute("date");
      xml.skip();
      if (type == "separator" || type.starts_with("continuation")) continue;
      const std::string_view within = rest.substr(0, rest.size() - xml.rest().size());
      Block box{.kind = Kind::box};
      if (std::exchange(first, false)) box.margin.top = 16, box.border[0] = {1, 0x888888};
      if (element == "comment")
        box.back = 0xFFF8DC, box.frame(1, 0xD8C47A), box.padding = {3, 6, 3, 6}, box.margin.bottom = 3;
      out_.begin(std::move(box));
      std::string mark = "[" + std::string(prefix) + id + "]";
      if (!author.empty()) mark += " " + author + (date.empty() ? "" : " " + date) + ":";
      story(within, mark);
      out_.end();
    }
    relations_ = body;
  }

  void drawing(const std::string& member) {
    const auto bytes = zip_.read(member, quiet_);
    if (!bytes) return;
    Overheard heard;
    heard.text_max = kTextMax;
    {
      TextOut text(heard);
      ooxml::drawing_text(*bytes, text);
      text.flush();
    }
    if (base::trim(heard.pages[0]).empty()) return;
    Block box{.kind = Kind::box};
    box.frame(1, 0xAAAAAA), box.padding = {4, 6, 4, 6}, box.margin.top = 8;
    out_.begin(std::move(box));
    out_.style = {}, out_.style.size = 12;
    compose_plain(heard.pages[0], out_);
    out_.end();
  }

  const ZipPackage& zip_;
  Composer& out_;
  Overheard quiet_;
  ooxml::Relations relations_;
  std::string folder_, mark_, alt_;
  WordStyles styles_;
  WordLists lists_;
  std::vector<Geometry> sections_;
  std::size_t section_ = 0;
  float width_ = 0, height_ = 0;  // of the drawing around
};

}  // namespace

void compose_word(const ZipPackage& zip, std::string_view main, Composer& out) {
  Overheard quiet;
  const auto document = zip.read(main, quiet);
  if (document) Word(zip, main, out).read(*document);
}

}  // namespace extract::typeset

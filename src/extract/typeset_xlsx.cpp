// Sheets as tables with the letters of their columns and the numbers of their rows.
#include "css.h"
#include "overheard.h"
#include "typeset_from.h"
#include "typeset_sheet.h"
#include "workbook.h"

#include <base/text.h>

#include <algorithm>

namespace extract::typeset {
namespace {

using Event = XmlScan::Event;

constexpr std::size_t kMergedMax = 5000;

int number(const std::string& s) { return std::atoi(s.substr(0, 9).c_str()); }

struct Place {
  std::size_t column = 0, row = 0;  // from 1
};
Place place_of(std::string_view reference) {
  Place p;
  for (const char c : reference)
    if (c >= 'A' && c <= 'Z' && p.column < 100'000)
      p.column = p.column * 26 + static_cast<std::size_t>(c - 'A' + 1);
    else if (c >= '0' && c <= '9' && p.row < 100'000'000)
      p.row = p.row * 10 + static_cast<std::size_t>(c - '0');
  return p;
}
std::uint32_t colour_of(const XmlScan& xml, std::uint32_t otherwise) {
  std::string rgb = xml.attribute("rgb");
  if (rgb.size() == 8) rgb.erase(0, 2);
  if (rgb.size() != 6) return otherwise;
  return css::colour("#" + rgb).value_or(otherwise);
}

std::vector<SheetLook> looks_of(const ZipPackage& zip, Sink& sink) {
  std::vector<SheetLook> fonts, out;
  std::vector<std::uint32_t> fills;
  const auto bytes = zip.read("xl/styles.xml", sink);
  if (!bytes) return out;
  XmlScan xml(*bytes);
  std::string_view list;
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    const std::string_view n = xml.name();
    if (e == Event::start &&
        (n == "fonts" || n == "fills" || n == "cellXfs" || n == "cellStyleXfs" || n == "dxfs"))
      list = n;
    if (e != Event::start || out.size() > 70'000) continue;
    if (list == "fonts") {
      if (n == "font") fonts.emplace_back();
      if (fonts.empty()) continue;
      const std::string v = xml.attribute("val");
      const bool on = v != "0" && v != "false" && v != "none";
      if (n == "b")
        fonts.back().bold = on;
      else if (n == "i")
        fonts.back().italic = on;
      else if (n == "u")
        fonts.back().underline = on;
      else if (n == "strike")
        fonts.back().strike = on;
      else if (n == "color")
        fonts.back().colour = colour_of(xml, 0);
    } else if (list == "fills") {
      if (n == "fill") fills.push_back(kNoColour);
      if (n == "fgColor" && !fills.empty()) fills.back() = colour_of(xml, kNoColour);
    } else if (list == "cellXfs") {
      if (n == "xf") {
        const auto font = static_cast<std::size_t>(std::max(number(xml.attribute("fontId")), 0));
        const auto fill = static_cast<std::size_t>(std::max(number(xml.attribute("fillId")), 0));
        out.push_back(font < fonts.size() ? fonts[font] : SheetLook{});
        if (fill > 1 && fill < fills.size()) out.back().back = fills[fill];
      } else if (n == "alignment" && !out.empty()) {
        const std::string h = xml.attribute("horizontal");
        out.back().align = h == "center"  ? Align::centre
                           : h == "right" ? Align::right
                           : h == "left"  ? Align::left
                                          : Align::start;
      }
    }
  }
  return out;
}

class Sheets {
 public:
  Sheets(const ZipPackage& zip, ooxml::Book& book, Composer& out)
      : zip_(zip), book_(book), out_(out), looks_(looks_of(zip, quiet_)) {}

  void set(const ooxml::Book::Sheet& of, std::uint32_t part) {
    Sheet sheet;
    sheet.name = of.name, sheet.part = part;
    sheet.hidden = !of.state.empty() && of.state != "visible";
    if (const auto bytes = of.member.empty() ? std::nullopt : zip_.read(of.member, quiet_))
      read(*bytes, sheet);
    compose_sheet(sheet, out_);
    remarks(of.member);
  }

 private:
  void read(std::string_view bytes, Sheet& sheet) {
    merged_.clear();
    for (XmlScan m(bytes.substr(std::min(bytes.find("<mergeCells"), bytes.size()))); m.next() != Event::done;)
      if (m.name() == "mergeCell" && merged_.size() < kMergedMax) {
        const std::string ref = m.attribute("ref");
        const std::size_t colon = ref.find(':');
        if (colon != ref.npos)
          merged_.push_back({place_of(ref.substr(0, colon)), place_of(ref.substr(colon + 1))});
      }
    XmlScan xml(bytes);
    std::string type, style, value;
    bool in_value = false;
    std::size_t row_number = 0, column = 0;
    for (Event e = xml.next(); e != Event::done && !out_.full(); e = xml.next()) {
      const std::string_view n = xml.name();
      if (e == Event::text) {
        if (in_value) value += xml.text();
      } else if (e == Event::start) {
        if (n == "col") {
          const auto to = static_cast<std::size_t>(std::clamp(number(xml.attribute("max")), 1, 16'384));
          const bool hides = xml.attribute("hidden") == "1";
          const float chars = static_cast<float>(std::atof(xml.attribute("width").c_str()));
          sheet.columns[to] = {hides ? 40.f : std::clamp(chars * 7 + 5, 16.f, 700.f), hides};
        } else if (n == "sheetFormatPr") {
          const float chars = static_cast<float>(std::atof(xml.attribute("defaultColWidth").c_str()));
          if (chars > 0) sheet.usual_width = std::clamp(chars * 7 + 5, 16.f, 400.f);
        } else if (n == "row") {
          const int r = number(xml.attribute("r"));
          row_number = r > 0 ? static_cast<std::size_t>(r) : row_number + 1;
          column = 0;
          sheet.rows.push_back({row_number, xml.attribute("hidden") == "1", {}});
        } else if (n == "c") {
          const Place p = place_of(xml.attribute("r"));
          column = p.column > 0 ? p.column : column + 1;
          type = xml.attribute("t"), style = xml.attribute("s");
          value.clear();
        } else if (n == "v" || n == "t") {
          in_value = true;
        } else if (n == "f" || n == "rPh") {
          in_value = false;
          xml.skip();
        }
      } else if (n == "v" || n == "t") {
        in_value = false;
      } else if (n == "c" && !sheet.rows.empty() && column <= 16'384) {
        SheetCell done;
        done.column = column;
        done.text = value.empty() ? "" : ooxml::cell_text(book_, type, style, value);
        done.number = type.empty() || type == "n";
        const auto look = static_cast<std::size_t>(std::max(number(style), 0));
        if (look < looks_.size()) done.look = looks_[look];
        if (done.text.empty() && done.look.back == kNoColour) continue;
        if (column > kColumnsMax || ++cells_ > kCellsMax) {
          out_.cut();
          continue;
        }
        for (const auto& [first, last] : merged_)
          if (first.row == row_number && first.column == column && last.column > column)
            done.span = last.column - column + 1;
        sheet.add(std::move(done));
      }
    }
    // Rows that say nothing at the end are not shown.
    while (!sheet.rows.empty() && sheet.rows.back().cells.empty()) sheet.rows.pop_back();
  }

  // Comments, and what stands in drawings: below the sheet, with the cell they belong to.
  void remarks(const std::string& member) {
    for (const auto& [id, r] : ooxml::relations_of(zip_, member, quiet_)) {
      if (r.external || out_.full()) continue;
      const bool comments = r.type.ends_with("/comments") || r.type.ends_with("/threadedComment");
      if (!comments && !r.type.ends_with("/drawing")) continue;
      const auto bytes = zip_.read(r.target, quiet_);
      if (!bytes) continue;
      if (comments) {
        XmlScan xml(*bytes);
        std::string where, words;
        bool in_text = false;
        for (Event e = xml.next(); e != Event::done; e = xml.next()) {
          if (e == Event::text && in_text) words += xml.text();
          if (e == Event::start && (xml.name() == "comment" || xml.name() == "threadedComment"))
            where = xml.attribute("ref"), words.clear();
          if (xml.name() == "t" || xml.name() == "text")
            in_text = e == Event::start || (in_text && e == Event::text);
          if (e == Event::end && (xml.name() == "comment" || xml.name() == "threadedComment"))
            compose_remark("[" + where + "] " + words, 0xFFF8DC, out_);
        }
        continue;
      }
      Overheard heard;
      heard.text_max = kTextMax;
      TextOut text(heard);
      ooxml::drawing_text(*bytes, text);
      text.flush();
      if (!base::trim(heard.pages[0]).empty()) compose_remark(base::trim(heard.pages[0]), kNoColour, out_);
      for (const auto& [picture, to] : ooxml::relations_of(zip_, r.target, quiet_))
        if (to.type.ends_with("/image") && !to.external) {
          const std::string& name = to.target;
          out_.paragraph = {};
          out_.paragraph.margin.top = 8;
          if (!out_.image(
                  name, [&] { return zip_.read(name, quiet_); }, 0, 0, 700))
            out_.missing_image(name, 0, 0);
          out_.end_paragraph();
        }
    }
  }
  const ZipPackage& zip_;
  ooxml::Book& book_;
  Composer& out_;
  Overheard quiet_;
  std::vector<SheetLook> looks_;
  std::vector<std::pair<Place, Place>> merged_;
  std::size_t cells_ = 0;
};

}  // namespace

void compose_sheets(const ZipPackage& zip, std::string_view main, Composer& out) {
  Overheard quiet;
  const auto workbook = zip.read(main, quiet);
  if (!workbook) return;
  ooxml::Book book = ooxml::read_book(zip, *workbook, ooxml::relations_of(zip, main, quiet), quiet);
  Sheets sheets(zip, book, out);
  std::uint32_t part = 0;
  for (const ooxml::Book::Sheet& s : book.sheets) {
    if (out.full()) return;
    sheets.set(s, ++part);
  }
}

}  // namespace extract::typeset

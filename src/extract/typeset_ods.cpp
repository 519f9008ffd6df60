// Sheets of OpenDocument: the words of each cell, and how they look.
#include "odf_styles.h"
#include "typeset_sheet.h"

#include <algorithm>

namespace extract::typeset {
namespace {

using Event = XmlScan::Event;

constexpr std::size_t kRepeatsMax = 60;  // of cells and rows that are told once for many

}  // namespace

void compose_odf_sheets(std::string_view content, const OdfStyles& styles, Composer& out) {
  XmlScan xml(content);
  Sheet sheet;
  SheetCell cell;
  std::size_t column = 0, row = 0, repeat = 1, repeat_rows = 1, cells = 0, columns = 0;
  unsigned paragraphs = 0;
  bool in_cell = false, in_note = false;
  std::vector<std::string> remarks;
  const auto times = [&](std::string_view key, int most) {
    return static_cast<std::size_t>(std::clamp(std::atoi(xml.attribute(key).c_str()), 1, most));
  };
  for (Event e = xml.next(); e != Event::done && !out.full(); e = xml.next()) {
    const std::string_view n = xml.full_name();
    if (e == Event::text) {
      if (paragraphs > 0 && in_note)
        remarks.back() += xml.text();
      else if (paragraphs > 0 && in_cell)
        cell.text += xml.text();
    } else if (n == "office:annotation") {
      in_note = e == Event::start && in_cell;
      if (in_note && remarks.size() < 5000)
        remarks.push_back("[" + std::to_string(row) + "] ");
      else if (e == Event::start)
        xml.skip(), in_note = false;
    } else if (n == "text:p") {
      if (e == Event::end)
        paragraphs -= paragraphs > 0;
      else if (++paragraphs; in_cell && !in_note && !cell.text.empty())
        cell.text += '\n';
    } else if (e == Event::start) {
      if (n == "table:table") {
        const std::uint32_t part = sheet.part;
        sheet = {};
        sheet.part = part + (row > 0 || columns > 0), sheet.name = xml.attribute("table:name");
        row = columns = 0;
        remarks.clear();
      } else if (n == "table:table-column") {
        const OdfLooks l = styles.of("table-column", xml.attribute("table:style-name"));
        columns += times("table:number-columns-repeated", 20'000);
        sheet.columns[columns] = {std::clamp(l.width.value_or(85), 12.f, 700.f),
                                  xml.attribute("table:visibility") == "collapse"};
      } else if (n == "table:table-row") {
        repeat_rows = times("table:number-rows-repeated", 2'000'000);
        sheet.rows.push_back({++row, xml.attribute("table:visibility") == "collapse", {}});
        column = 0;
      } else if ((n == "table:table-cell" || n == "table:covered-table-cell") && !sheet.rows.empty()) {
        repeat = times("table:number-columns-repeated", 20'000);
        cell = {};
        cell.column = ++column, cell.span = times("table:number-columns-spanned", 500);
        const OdfLooks l = styles.of("table-cell", xml.attribute("table:style-name"));
        cell.look.bold = l.bold.value_or(false), cell.look.italic = l.italic.value_or(false);
        cell.look.underline = l.underline.value_or(false), cell.look.strike = l.strike.value_or(false);
        cell.look.colour = l.colour.value_or(0), cell.look.back = l.ground.value_or(kNoColour);
        cell.look.align = l.align.value_or(Align::start);
        const std::string type = xml.attribute("office:value-type");
        cell.number = type == "float" || type == "currency" || type == "percentage";
        in_cell = true;
      } else if (n == "text:s" && in_cell) {
        cell.text += ' ';
      }
    } else if (n == "table:table-cell" || n == "table:covered-table-cell") {
      for (std::size_t k = 0; in_cell && !cell.text.empty() && k < std::min(repeat, kRepeatsMax); ++k) {
        if (column + k > kColumnsMax || ++cells > kCellsMax) {
          out.cut();
          break;
        }
        cell.column = column + k;
        sheet.add(cell);
      }
      column += repeat - 1;
      in_cell = false;
    } else if (n == "table:table-row" && !sheet.rows.empty()) {
      const SheetRow one = sheet.rows.back();
      if (one.cells.empty()) sheet.rows.pop_back();
      // Rows that repeat are shown a few times; the numbers go on.
      for (std::size_t k = 1; k < std::min(repeat_rows, kRepeatsMax) && !one.cells.empty(); ++k) {
        sheet.rows.push_back(one);
        sheet.rows.back().number = one.number + k;
        if ((cells += one.cells.size()) > kCellsMax) return out.cut();
      }
      if (!one.cells.empty() && repeat_rows > kRepeatsMax) out.cut();
      row += repeat_rows - 1;
    } else if (n == "table:table") {
      compose_sheet(sheet, out);
      for (const std::string& r : remarks) compose_remark(r, 0xFFF8DC, out);
    }
  }
}

}  // namespace extract::typeset

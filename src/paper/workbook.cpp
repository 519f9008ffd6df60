#include "pack.h"

#include <base/text.h>
#include <paper/workbook.h>

#include <charconv>

// Written by ourselves: libxlsxwriter 1.1.4 puts the content into files of its own on the disk, unsealed.
namespace paper {
namespace {

constexpr std::size_t kRowsMax = 1'048'575, kCellMax = 32'767;

std::string column_name(std::size_t c) {
  std::string out;
  for (++c; c; c = (c - 1) / 26) out.insert(out.begin(), static_cast<char>('A' + (c - 1) % 26));
  return out;
}
// A number only where writing it again gives the same text: codes with leading zeros stay texts.
bool is_number(const std::string& cell) {
  double number = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
  if (error != std::errc{} || end != cell.data() + cell.size() || number != number) return false;
  char again[32];
  const auto w = std::to_chars(again, again + sizeof again, number);
  return std::string_view(again, static_cast<std::size_t>(w.ptr - again)) == cell &&
         cell.find_first_of("in") == std::string::npos;
}
void write(std::string& out, std::size_t row, std::size_t column, const std::string& cell, bool bold) {
  if (cell.empty()) return;
  out += "<c r=\"" + column_name(column) + std::to_string(row + 1) + "\"" + (bold ? " s=\"1\"" : "");
  if (!bold && is_number(cell)) {
    out += "><v>" + cell + "</v></c>";
    return;
  }
  out += " t=\"inlineStr\"><is><t xml:space=\"preserve\">";
  if (cell.size() <= kCellMax)
    out += escaped(cell);
  else
    out += escaped(std::string(base::cut(cell, kCellMax - 30)) + " […]");
  out += "</t></is></c>";
}

}  // namespace

base::Result<std::string> workbook(const std::string& name, const std::vector<std::string>& header,
                                   const std::vector<std::vector<std::string>>& rows) {
  if (rows.size() > kRowsMax)
    return base::Error{base::Refusal::exhausted,
                       "a sheet holds at most 1,048,575 rows: narrow the query, or take CSV"};
  const std::string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const std::string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const std::string relations = "http://schemas.openxmlformats.org/package/2006/relationships";
  const std::string kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.";
  std::string sheet(kHead);
  sheet +=
      "<worksheet xmlns=\"" + main +
      "\"><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" "
      "activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><cols><col min=\"1\" max=\"" +
      std::to_string(std::max<std::size_t>(header.size(), 1)) +
      "\" width=\"22\" customWidth=\"1\"/></cols><sheetData>";
  const auto row = [&](std::size_t r, const std::vector<std::string>& cells, bool bold) {
    sheet += "<row r=\"" + std::to_string(r + 1) + "\">";
    for (std::size_t c = 0; c < cells.size(); ++c) write(sheet, r, c, cells[c], bold);
    sheet += "</row>";
  };
  row(0, header, true);
  for (std::size_t r = 0; r < rows.size(); ++r) row(r + 1, rows[r], false);
  sheet += "</sheetData>";
  if (!header.empty())
    sheet +=
        "<autoFilter ref=\"A1:" + column_name(header.size() - 1) + std::to_string(rows.size() + 1) + "\"/>";
  sheet += "</worksheet>";
  const std::string title = escaped(base::cut(name, 31));
  const auto relation = [](const char* id, const std::string& type, const char* target) {
    return std::string("<Relationship Id=\"") + id + "\" Type=\"" + type + "\" Target=\"" + target + "\"/>";
  };
  const std::string head(kHead);
  return packed(
      {{"[Content_Types].xml",
        head +
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default "
            "Extension=\"rels\" "
            "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default "
            "Extension=\"xml\" "
            "ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"" +
            kind + "sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" +
            kind + "worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"" + kind +
            "styles+xml\"/></Types>"},
       {"_rels/.rels", head + "<Relationships xmlns=\"" + relations + "\">" +
                           relation("rId1", office + "/officeDocument", "xl/workbook.xml") +
                           "</Relationships>"},
       {"xl/workbook.xml", head + "<workbook xmlns=\"" + main + "\" xmlns:r=\"" + office +
                               "\"><sheets><sheet name=\"" + title +
                               "\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"},
       {"xl/_rels/workbook.xml.rels", head + "<Relationships xmlns=\"" + relations + "\">" +
                                          relation("rId1", office + "/worksheet", "worksheets/sheet1.xml") +
                                          relation("rId2", office + "/styles", "styles.xml") +
                                          "</Relationships>"},
       {"xl/styles.xml",
        head + "<styleSheet xmlns=\"" + main +
            "\"><fonts count=\"2\"><font><sz val=\"11\"/></font><font><b/><sz "
            "val=\"11\"/></font></fonts><fills "
            "count=\"1\"><fill><patternFill patternType=\"none\"/></fill></fills><borders "
            "count=\"1\"><border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs "
            "count=\"2\"><xf "
            "xfId=\"0\"/><xf xfId=\"0\" fontId=\"1\" applyFont=\"1\"/></cellXfs></styleSheet>"},
       {"xl/worksheets/sheet1.xml", sheet}});
}

}  // namespace paper

#include "typeset_sheet.h"

#include <algorithm>

namespace extract::typeset {
namespace {

using Kind = Block::Kind;

constexpr float kBand = 1500;                  // the columns beside each other on a page
constexpr float kWords = 300, kLetter = 6.4f;  // what a cell gets for its words, and for a letter
constexpr float kRowNumbers = 44, kText = 12.5f, kMargin = 36;
constexpr std::uint32_t kGrid = 0xC8C8C8, kEdge = 0xEFEFEF;

std::string letters_of(std::size_t column) {
  std::string out;
  for (; column > 0; column = (column - 1) / 26)
    out.insert(out.begin(), static_cast<char>('A' + (column - 1) % 26));
  return out;
}

bool hides(const Sheet& sheet, std::size_t column) {
  const auto at = sheet.columns.lower_bound(column);
  return at != sheet.columns.end() && at->second.hidden;
}

void edge(const std::string& words, Composer& out) {
  Block cell{.kind = Kind::cell};
  cell.back = kEdge, cell.border[1] = cell.border[2] = {1, kGrid}, cell.padding = {1, 3, 1, 3};
  out.begin(std::move(cell));
  out.paragraph = {}, out.style = {};
  out.paragraph.align = Align::centre;
  out.style.size = 10, out.style.colour = 0x666666;
  out.text(words);
  out.end();
}

void cell(const SheetCell* of, std::size_t span, bool hidden, Composer& out) {
  Block b{.kind = Kind::cell};
  b.border[1] = b.border[2] = {1, kGrid}, b.padding = {1, 3, 1, 3};
  b.columns = static_cast<std::uint16_t>(std::min(span, kColumnsMax));
  if (of) b.back = of->look.back;
  out.begin(std::move(b));
  if (of) {
    const SheetLook& l = of->look;
    out.paragraph = {}, out.style = {};
    out.paragraph.align = l.align == Align::start && of->number ? Align::right : l.align;
    Style& s = out.style;
    s.size = kText, s.bold = l.bold, s.italic = l.italic, s.underline = l.underline, s.strike = l.strike;
    s.colour = l.colour;
    s.hidden = hidden || !far_from(l.colour, l.back == kNoColour ? 0xFFFFFF : l.back);
    out.text(of->text);
  }
  out.end();
}

// Columns `begin` to before `end`.
void band(const Sheet& sheet, const std::vector<float>& widths, std::size_t begin, std::size_t end,
          Composer& out) {
  Block table{.kind = Kind::table};
  table.border[0] = table.border[3] = {1, kGrid};
  table.widths = {kRowNumbers};
  for (std::size_t c = begin; c < end; ++c) table.widths.push_back(widths[c]);
  out.begin(std::move(table));
  out.begin({.kind = Kind::row});
  edge("", out);
  for (std::size_t c = begin; c < end; ++c) edge(letters_of(c), out);
  out.end();
  for (const SheetRow& row : sheet.rows) {
    if (row.cells.empty()) continue;  // the numbers show that rows are left out
    if (out.full()) break;
    out.begin({.kind = Kind::row});
    edge(std::to_string(row.number), out);
    auto at = row.cells.begin();
    for (std::size_t c = begin; c < end;) {
      while (at != row.cells.end() && at->column < c) ++at;
      const bool here = at != row.cells.end() && at->column == c;
      const std::size_t span = here ? std::clamp<std::size_t>(at->span, 1, end - c) : 1;
      cell(here ? &*at : nullptr, span, sheet.hidden || row.hidden || hides(sheet, c), out);
      c += span;
    }
    out.end();
  }
  out.end();
}

}  // namespace

void Sheet::add(SheetCell c) {
  if (rows.empty()) rows.push_back({1, false, {}});  // a cell whose row was taken from it
  last_column = std::max(last_column, c.column);
  rows.back().cells.push_back(std::move(c));
}

void compose_sheet(const Sheet& sheet, Composer& out) {
  std::vector<float> widths(sheet.last_column + 1, sheet.usual_width);
  std::size_t next = 1;
  for (const auto& [to, columns] : sheet.columns)
    for (; next <= to && next <= sheet.last_column; ++next) widths[next] = columns.width;
  // Words that ran over into empty cells get the room in their own column.
  for (const SheetRow& row : sheet.rows)
    for (const SheetCell& c : row.cells)
      if (!hides(sheet, c.column) && c.span == 1)
        widths[c.column] =
            std::max(widths[c.column], std::min(kWords, static_cast<float>(c.text.size()) * kLetter + 8));
  float whole = kRowNumbers;
  for (std::size_t c = 1; c <= sheet.last_column; ++c) whole += widths[c];
  Section s;
  s.part = sheet.part;
  s.margin = {kMargin, kMargin, kMargin, kMargin};
  if (whole > s.width - 2 * kMargin) {
    s.width = std::min(whole, kBand + kRowNumbers) + 2 * kMargin;
    s.height = std::max(s.width / 1.414f, 560.f);
  }
  out.section(std::move(s));
  for (std::size_t begin = 1; begin <= std::max<std::size_t>(sheet.last_column, 1) && !out.full();) {
    std::size_t end = begin;
    float wide = 0;
    while (end <= sheet.last_column && (end == begin || wide + widths[end] <= kBand)) wide += widths[end++];
    if (begin > 1) out.leaf();
    out.paragraph = {}, out.style = {};
    out.paragraph.margin.bottom = 8;
    out.style.size = 16, out.style.bold = true, out.style.hidden = sheet.hidden;
    out.text(sheet.name);
    if (begin > 1 || end <= sheet.last_column)
      out.text(" (" + letters_of(begin) + "–" + letters_of(end - 1) + ")");
    out.end_paragraph();
    if (!sheet.rows.empty() && end > begin) band(sheet, widths, begin, end, out);
    begin = std::max(end, begin + 1);
  }
}

void compose_remark(std::string_view words, std::uint32_t back, Composer& out) {
  Block box{.kind = Kind::box};
  box.back = back, box.frame(1, 0xBBBBBB), box.padding = {3, 6, 3, 6}, box.margin.top = 4;
  out.begin(std::move(box));
  out.paragraph = {}, out.style = {};
  out.style.size = 12;
  out.text(words);
  out.end();
}

}  // namespace extract::typeset

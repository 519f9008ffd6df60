#pragma once
// A sheet as a table with the letters of its columns and the numbers of its rows, for the formats that have
// sheets.

#include "typeset.h"

#include <map>

namespace extract::typeset {

inline constexpr std::size_t kCellsMax = 60'000;  // of all sheets, empty ones too

struct SheetLook {
  bool bold = false, italic = false, underline = false, strike = false;
  std::uint32_t colour = 0, back = kNoColour;
  Align align = Align::start;
};
struct SheetCell {
  std::size_t column = 0;  // from 1
  std::string text;
  SheetLook look;
  bool number = false;
  std::size_t span = 1;  // columns
};
struct SheetRow {
  std::size_t number = 0;
  bool hidden = false;
  std::vector<SheetCell> cells;  // by column
};
struct Sheet {
  struct Columns {
    float width = 64;
    bool hidden = false;
  };
  std::string name;
  bool hidden = false;
  std::uint32_t part = 1;
  std::vector<SheetRow> rows;
  std::map<std::size_t, Columns> columns;  // up to this one
  float usual_width = 64;

  void add(SheetCell cell);  // to the last row
  std::size_t last_column = 0;
};

// On pages of its own, as many columns beside each other as can be read.
void compose_sheet(const Sheet& sheet, Composer& out);
// A remark below a sheet.
void compose_remark(std::string_view words, std::uint32_t back, Composer& out);

}  // namespace extract::typeset

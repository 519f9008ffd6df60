#pragma once
// Tables as text: RFC 4180, with ',' or ';' between cells.

#include <base/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace kinds {

struct CsvLine {
  std::size_t line = 0;  // in the file, from 1, where it begins
  std::vector<std::string> cells;
};
// Lines without any cell are left out. Refuses: invalid (a quote that does not end, a quote within a cell,
// text that is no UTF-8), with the line.
base::Result<std::vector<CsvLine>> read_csv(std::string_view text);
// One line with its end. A cell that a spreadsheet would take for a formula begins with an apostrophe.
void write_csv_line(std::string& out, const std::vector<std::string>& cells);

}  // namespace kinds

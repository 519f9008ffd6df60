#pragma once
// A table as an XLSX workbook: one sheet, its header frozen and filtered. Texts stay texts: no cell is a
// formula.

#include <base/result.h>

#include <string>
#include <vector>

namespace paper {

// Refuses: exhausted (more than 1,048,575 rows; longer cells than 32,767 bytes are cut and say so).
base::Result<std::string> workbook(const std::string& sheet, const std::vector<std::string>& header,
                                   const std::vector<std::vector<std::string>>& rows);

}  // namespace paper

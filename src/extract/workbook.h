#pragma once
// What the sheets of a workbook share (ECMA-376, part 1, 18): their names, strings and formats of numbers.

#include "number_format.h"
#include "ooxml.h"

namespace extract::ooxml {

struct Book {
  struct Sheet {
    std::string name, member, state;  // state: "hidden", "veryHidden"; a member of the package, or ""
  };
  std::vector<Sheet> sheets;
  std::vector<std::string> strings;
  std::vector<std::uint32_t> styles;  // ids of formats
  NumberFormats formats;
};
Book read_book(const ZipPackage& zip, std::string_view workbook, const Relations& relations, Sink& sink);
// What a program for tables shows in a cell: `type`, `style` and `value` as the cell has them.
std::string cell_text(Book& book, std::string_view type, const std::string& style, std::string_view value);

}  // namespace extract::ooxml

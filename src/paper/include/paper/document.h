#pragma once
// A document to be read, printed and filed: made once, written as tagged PDF or as DOCX. Each page carries
// the classification above and below, reference, page number and when it was made. Headings, lists, tables
// and their headers are told to screen readers; the document tells its title and language.

#include <base/result.h>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace paper {

struct Heading {
  int level = 1;  // 1 to 4
  std::string text;
};
struct Paragraph {
  std::string text;
};
struct List {
  bool numbered = false;
  std::vector<std::string> items;
};
struct Table {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // as many cells as the header
  std::vector<double> widths;                  // shares; empty: alike
};
struct PageBreak {};
struct Signature {  // a line to sign on, and below it who signs, where and when
  std::string text;
};
using Block = std::variant<Heading, Paragraph, List, Table, PageBreak, Signature>;

struct Document {
  std::string title, language;          // "en", "fr"
  std::string classification;           // as it stands on every page
  std::string reference, office, made;  // made: a date as it is read
  std::vector<Block> blocks;
};

// PDF 1.5 with a structure tree, /Lang and a displayed title.
std::string pdf(const Document& d);
std::string docx(const Document& d);

}  // namespace paper

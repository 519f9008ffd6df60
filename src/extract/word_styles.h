#pragma once
// How paragraphs and characters of WordprocessingML look: their own properties, those of their styles, and
// the numbers of lists (ECMA-376, part 1, 17.3, 17.7, 17.9).

#include "typeset.h"
#include "xml_scan.h"
#include "zip_package.h"

#include <map>
#include <optional>

namespace extract::typeset {

struct WordRun {
  std::optional<float> size;
  std::optional<std::uint32_t> colour, back;
  std::optional<Family> family;
  std::optional<bool> bold, italic, underline, strike, hidden;
  std::optional<std::int8_t> rise;
  std::string style;
  void over(const WordRun& other);  // what `other` says goes before
  void dress(Style& s) const;
};
struct WordParagraph {
  std::optional<Align> align;
  std::optional<bool> right_to_left, leaf;
  std::optional<float> left, right, first, before, after, leading;
  std::optional<std::uint32_t> back;
  std::string style;
  std::optional<int> list, level;
  void over(const WordParagraph& other);
};

// At the start of w:rPr or w:pPr; passes it.
WordRun word_run(XmlScan& xml);
WordParagraph word_paragraph(XmlScan& xml, bool* ends_section = nullptr);

class WordStyles {
 public:
  void load(std::string_view styles_xml);
  // Of a paragraph or run: its own properties over those of its style and what that is based on.
  WordParagraph paragraph(const WordParagraph& own) const;
  WordRun run(const WordParagraph& within, const WordRun& own) const;
  bool table_has_lines(const std::string& style) const;

 private:
  struct One {
    std::string based_on;
    WordParagraph paragraph;
    WordRun run;
    bool lines = false;
  };
  std::vector<const One*> chain(const std::string& name) const;  // the farthest first
  std::map<std::string, One, std::less<>> styles_;
  std::string usual_;  // of paragraphs that name none
  WordParagraph paragraph_;
  WordRun run_;
};

class WordLists {
 public:
  void load(std::string_view numbering_xml);
  // The mark of the next item, and the indents of its level.
  std::string next(int list, int level, WordParagraph& indents);

 private:
  struct Level {
    std::string format, text;
    int start = 1;
    WordParagraph indents;
  };
  using Levels = std::array<Level, 9>;
  std::map<int, Levels> kinds_;  // of lists
  std::map<int, int> kind_of_;   // of a list
  std::map<int, std::array<int, 9>> counted_;
};

}  // namespace extract::typeset

#pragma once
// Documents as they are declared: templates, which are data (data/templates/*.json), and what they become
// once records are put in. docs/formats/templates.md has the members.

#include <kinds/kind.h>

#include <functional>

namespace kinds {

// Where a repetition takes what it repeats over; several steps lead one after the other.
struct Step {
  enum class Is : std::uint8_t {
    field,   // records that the present one names in a field
    naming,  // records of a kind that name the present one in a field
    query,   // records of a kind, in the case of the document
    rows,    // rows of a table of the present one
    items,   // items that the present one names
  };
  Is is = Is::query;
  std::string kind, field;
  boost::json::array filter;  // of naming and query; "from", "to" and "today" are days where a date is asked
  std::vector<std::string> sort;  // of the same; else as they were made
};

struct TemplateBlock {
  enum class Show : std::uint8_t {
    heading,
    paragraph,
    list,
    table,
    counts,
    values,
    each,
    if_,
    sources,
    page_break,
    signature,
  };
  Show show = Show::paragraph;
  Words text, none;  // none: said where there is nothing to repeat; empty: nothing is said
  std::int64_t level = 1;
  bool numbered = false, as_table = false;
  std::vector<Step> of;
  std::string field;                   // of if_; what counts counts by
  std::vector<boost::json::value> is;  // of if_: one of these; empty: anything
  std::vector<std::string> fields;     // of values
  struct Column {
    Words label, text;
    double width = 1;
  };
  std::vector<Column> columns;
  std::vector<TemplateBlock> blocks, otherwise;
};

struct Template {
  std::string name, source, kind;  // kind: of the main record; empty: a report
  std::int64_t version = 1;
  bool ratified = false;
  Words label, title;
  std::vector<std::string> periods;  // "week", "month", "year", "any"; empty: it has no period
  std::vector<TemplateBlock> blocks;
  boost::json::object declaration;  // as it was read
  std::set<std::string> kinds;      // that it reads
};

// Refuses: invalid, with the place and what to do: "template charges.blocks[2]: ...".
base::Result<Template> read_template(const Declared& declared, std::string_view json);

// What became of a template: nothing of it is to be looked up any more.
struct Filled {
  struct Block {
    enum class Is : std::uint8_t { heading, paragraph, list, table, page_break, signature };
    Is is = Is::paragraph;
    std::string text;
    int level = 1;
    bool numbered = false;
    std::vector<std::string> items, header;
    std::vector<std::vector<std::string>> rows;
    std::vector<double> widths;
  };
  std::string title, reference, about, language;
  rights::Classification classification = rights::Classification::internal;  // the highest that was put in
  std::set<std::string> cases;                                               // whose labels count as well
  std::vector<Block> blocks;
  std::vector<std::string> records;  // that it carries
};
boost::json::array blocks_json(const Filled& filled);

// A text with its placeholders: `plain` is called with what is said as it stands, `named` with what is
// between braces. Refuses: invalid, what is wrong with its braces.
base::Status each_piece(std::string_view text, const std::function<void(std::string_view)>& plain,
                        const std::function<void(std::string_view)>& named);

}  // namespace kinds

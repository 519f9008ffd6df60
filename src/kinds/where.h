#pragma once
#include <base/result.h>
#include <kinds/kind.h>
#include <record/wire.h>

#include <list>
#include <string>
#include <vector>

namespace kinds {

// A condition in SQL with what it binds.
struct Where {
  Where() = default;
  Where(Where&&) = default;  // never copied: its cells look at its own texts
  Where& operator=(Where&&) = default;
  std::string text;
  std::vector<record::Cell> cells;
  std::list<std::string> kept;  // what text cells look at
  bool joined = false;          // it asks of the table of the kind, as `k`; heads are `r`

  void bind(std::string s) { cells.push_back(record::Cell::text(kept.emplace_back(std::move(s)))); }
  void bind(std::int64_t v) { cells.push_back(record::Cell::of(v)); }
  void bind(double v) { cells.push_back(record::Cell::of(v)); }
};

// A line of a filter, as it was sent: what is missing is empty.
struct Line {
  std::string field, op;
  boost::json::value value;
};
std::vector<Line> lines_of(const boost::json::array& filter);

// Adds " and " and what is asked of a field. Refuses: invalid, naming the field.
base::Status narrow(Where& w, const Kind& kind, const std::string& field, const std::string& op,
                    const boost::json::value& value, const std::vector<std::int64_t>& labels_of_case);

}  // namespace kinds

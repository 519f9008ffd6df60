#pragma once
// The parts of bring(), and what the matrix and the reviews need of one another.
#include <kinds/records.h>

#include <algorithm>

namespace casework {

void bring_plans(kinds::Records& records);
void bring_priorities(kinds::Records& records);
void bring_reviews(kinds::Records& records);
void bring_counts(kinds::Records& records);
void bring_falls(kinds::Records& records);
void bring_manual(kinds::Records& records);
void bring_gcu(kinds::Records& records);
void bring_tracking(kinds::Records& records);
void bring_public(kinds::Records& records);

inline std::vector<std::string> texts(const boost::json::object& o, std::string_view name) {
  std::vector<std::string> out;
  if (const auto* v = o.if_contains(name); v && v->is_array())
    for (const auto& each : v->get_array())
      if (each.is_string()) out.emplace_back(each.get_string());
  return out;
}
inline const boost::json::array& rows_in(const boost::json::object& o, std::string_view name) {
  static const boost::json::array none;
  const auto* v = o.if_contains(name);
  return v && v->is_array() ? v->get_array() : none;
}
inline bool yes(const boost::json::object& o, std::string_view name) {
  const auto* v = o.if_contains(name);
  return v && v->is_bool() && v->get_bool();
}
// A code of a vocabulary as it was declared, with what else it says; null: there is none.
const boost::json::object* code_of(const kinds::Declared& declared, std::string_view vocabulary,
                                   std::string_view code);

// Whether a crime, a mode or an element is of other editions of the legal texts than the one a count is
// charged under (casework.md 7.2, 15). What names no `editions` is of all.
inline bool of_another_edition(const boost::json::object& code, const std::string& edition) {
  const std::vector<std::string> of = texts(code, "editions");
  return !of.empty() && std::ranges::find(of, edition) == of.end();
}
// That of a count. One from before there were editions is of the first that was declared.
std::string edition_of(const kinds::Declared& declared, const boost::json::object& count);
// A crime and what it is a part of: 8bis(2)(a), 8bis. The elements of all of them are to be proved.
std::vector<std::string> with_what_it_is_part_of(const kinds::Declared& declared, std::string crime);

// What follows from the ratings, propositions and links that stand in a matrix: levels, coverage, gaps. Of
// those alone, so that what was left out tells nothing.
void judge(boost::json::object& matrix);
// The matrix as it is now; nothing: the code is of no person in a case and of no count that they may read.
std::optional<boost::json::object> matrix_of(kinds::Records& records, const kinds::Asker& who,
                                             std::string_view code, std::string_view standard);
// The matrix that a review froze, as far as they may read now what stands in it, with "frozen": the hash,
// whether what was kept has it still, and what is otherwise by now. Nothing: there is none. Refuses: damaged.
base::Result<std::optional<boost::json::object>> frozen_matrix(kinds::Records& records,
                                                               const kinds::Asker& who,
                                                               std::string_view code);

}  // namespace casework

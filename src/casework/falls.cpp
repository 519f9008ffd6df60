// What weakened: a rating that is lower than it was, and since when, until it is back where it fell from.
#include "rules.h"

#include <kinds/date.h>
#include <kinds/value.h>

namespace casework {
namespace {

namespace json = boost::json;
using kinds::Records;
using kinds::text_in;

void fall(Records& records, Records::Writing& w) {
  const auto declared = records.declared();
  const auto rank = [&](const json::value* rating) -> std::optional<double> {
    if (!rating || !rating->is_string()) return {};
    const json::object* code = code_of(*declared, "proof_rating", std::string_view(rating->get_string()));
    return code ? std::optional(kinds::figure_in(*code, "rank", 0)) : std::nullopt;
  };
  const json::value* is = w.values.if_contains("rating");
  const json::value* was = w.before ? w.before->if_contains("rating") : nullptr;
  const bool same_standard = w.before && text_in(*w.before, "standard") == text_in(w.values, "standard");
  const auto now = rank(is), then = same_standard ? rank(was) : std::nullopt;
  if (now && then && *now < *then) {
    // Of falls one after the other, the height is that of the first.
    if (const auto first = rank(w.values.if_contains("fell_from")); !first || *first < *then)
      w.values["fell_from"] = *was;
    w.values["fell_on"] = kinds::date_of(w.today);
  } else if (const auto first = rank(w.values.if_contains("fell_from"));
             !now || !same_standard || (first && *now >= *first)) {
    w.values.erase("fell_from"), w.values.erase("fell_on");
  }
}

}  // namespace

void bring_falls(Records& records) {
  for (const char* kind : {"element_rating", "proposition"})
    records.on_write(kind, [&records](Records::Writing& w) { fall(records, w); });
}

}  // namespace casework

#pragma once
// The values of a record: whether they fit the declaration, and what they are once they do.

#include <kinds/date.h>
#include <kinds/kind.h>

#include <functional>

namespace kinds {

// One thing that is wrong, for the person who can put it right.
struct Wrong {
  std::string field;  // "steps[2].by" for a row
  std::string code;   // required, form, too_long, range, unknown_code, unknown, order, pattern, taken, ...
  Words words;
};

// What must be asked of the world to judge a value.
struct Known {
  std::int64_t today = 0;  // days since 1970
  std::string_view state;
  const boost::json::object* before = nullptr;  // a code that is retired since may stay
  const Declared* declared = nullptr;
  // Whether a record, a person of the office, an item is there to be named by whoever writes.
  std::function<bool(const Field&, std::string_view code)> reference;
  std::function<bool(std::string_view code)> staff;
  std::function<bool(std::string_view id)> item;
};

// The text of a member; empty when it is not there, or no text.
std::string text_in(const boost::json::object& o, std::string_view member);
// The number of a member; otherwise where there is none.
double figure_in(const boost::json::object& o, std::string_view member, double otherwise);
bool filled(const boost::json::object& values, std::string_view field);
// `elsewhere`: whether it holds of the record of that code; without it nothing holds of others.
using Elsewhere = std::function<bool(std::string_view code, const Condition& c)>;
bool holds(const Condition& c, const Kind& kind, const boost::json::object& values, std::string_view state,
           std::int64_t today, const Elsewhere& elsewhere = {});

// The one spelling of values: texts trimmed, codes of people in their form, nothing where nothing was given,
// nothing in fields whose condition does not hold. What is wrong is added to `wrong`; then the answer is not
// to be used. Rules of the kind are asked as well.
boost::json::object fit(const Kind& kind, const boost::json::object& given, const Known& known,
                        std::vector<Wrong>& wrong);

// Of one text, as it stands in a cell of a CSV file. Many values are separated by '|'.
std::optional<boost::json::value> from_cell(const Field& field, std::string_view cell, bool decimal_comma);
std::string to_cell(const Field& field, const boost::json::value& value);
// What is searched: the words of open fields.
std::string text_of(const Kind& kind, const boost::json::object& values, const Declared& declared);

boost::json::object json_schema(const Kind& kind, const Declared& declared);

}  // namespace kinds

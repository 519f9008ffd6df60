#pragma once
// Dates as people know them: exact to a year, a month or a day, uncertain, or only within bounds.
// Extended Date/Time Format, level 1 (ISO 8601-2:2019): "2019", "2019-03", "2019-03-05", "201X", "2019-XX",
// each with "?" (uncertain), "~" (approximate) or "%" (both); "A/B", "A/..", "../B".

#include <base/result.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace kinds {

// The first and the last day that may be meant, counted from 1970-01-01. The qualifiers do not widen them.
struct Days {
  static constexpr std::int64_t kFirst = std::numeric_limits<std::int32_t>::min();  // an open beginning
  static constexpr std::int64_t kLast = std::numeric_limits<std::int32_t>::max();   // an open end
  std::int64_t from = 0, to = 0;
  bool operator==(const Days&) const = default;
};

// Refuses: invalid, saying what is expected.
base::Result<Days> days_of(std::string_view date);
std::string date_of(std::int64_t day);  // "2019-03-05"

}  // namespace kinds

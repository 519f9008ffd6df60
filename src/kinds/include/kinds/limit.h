#pragma once
// Time limits: the last day on which something may be done, counted from the day of an event. Both the limits
// (vocabulary time_limit) and the days on which nobody works (vocabulary non_working_day) are data of the
// office. Docs: docs/formats/records.md, "Time limits".

#include <base/result.h>
#include <boost/json.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <utility>

namespace kinds {

class WorkingDays {
 public:
  WorkingDays() = default;  // every day is one
  // Of the declaration of the vocabulary. Its codes: "monday" ... "sunday", "12-25" (that day of every year),
  // "2026-04-03" (that day alone). Refuses: invalid, naming the code.
  static base::Result<WorkingDays> of(const boost::json::object& declaration);
  bool working(std::int64_t day) const;  // counted from 1970-01-01
 private:
  std::set<int> weekdays_;                // 0 is Sunday
  std::set<std::pair<int, int>> yearly_;  // month, day
  std::set<std::int64_t> days_;
};

struct Limit {
  enum class Unit { day, working_day, week, month, year };
  enum class Roll { no, next, previous };  // to a working day, when the last day is none
  std::int64_t number = 0;                 // 1 to 10,000
  Unit unit = Unit::day;
  bool before = false;  // the event lies ahead, and the last day lies before it
  Roll roll = Roll::no;
  // Of a code of the vocabulary. Refuses: not_found (the code is no limit of this kind, such as "reminder"),
  // invalid, naming the member.
  static base::Result<Limit> of(const boost::json::object& code);
};

struct Reckoning {
  std::int64_t counted = 0;  // the last day by the count alone
  std::int64_t due = 0;      // the same, moved to a working day where the limit says so
};
// The day of the event does not count. A month ends on the day of the same number, or where the month has
// none on its last day. Refuses: invalid (no working day within a hundred days).
base::Result<Reckoning> reckon(const Limit& limit, std::int64_t event, const WorkingDays& days);

// All limits of the vocabulary time_limit for an event of that day:
// {"limits":[{"code","label","number","unit", "before","rolls","source","counted","due"}]}, days as dates.
// Refuses: as above.
base::Result<boost::json::object> limits_from(const boost::json::object& limits,
                                              const boost::json::object& non_working_days,
                                              std::int64_t event);

}  // namespace kinds

#include <base/time.h>
#include <kinds/date.h>
#include <kinds/limit.h>
#include <kinds/value.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace kinds {
namespace {

namespace json = boost::json;
using base::Refusal;
using Civil = std::chrono::year_month_day;

constexpr std::array<std::string_view, 7> kWeekdays{"sunday",   "monday", "tuesday", "wednesday",
                                                    "thursday", "friday", "saturday"};
constexpr std::array<std::string_view, 5> kUnits{"day", "working_day", "week", "month", "year"};
constexpr std::array<std::string_view, 3> kRolls{"no", "next", "previous"};

Civil civil(std::int64_t day) { return std::chrono::sys_days(std::chrono::days(day)); }
std::int64_t number(const Civil& date) { return std::chrono::sys_days(date).time_since_epoch().count(); }

template <std::size_t N>
std::optional<int> place(const std::array<std::string_view, N>& names, std::string_view name) {
  const auto at = std::ranges::find(names, name);
  if (at == names.end()) return {};
  return static_cast<int>(at - names.begin());
}
std::int64_t months_from(std::int64_t day, std::int64_t months) {
  const Civil from = civil(day);
  const auto month = std::chrono::year_month(from.year(), from.month()) + std::chrono::months(months);
  const auto last = (month / std::chrono::last).day();
  return number(month / std::min(from.day(), last));
}

}  // namespace

base::Result<WorkingDays> WorkingDays::of(const json::object& declaration) {
  WorkingDays out;
  const auto* codes = declaration.if_contains("codes");
  if (!codes || !codes->is_array()) return out;
  for (const auto& each : codes->get_array()) {
    if (!each.is_object()) continue;
    if (const auto* gone = each.get_object().if_contains("retired");
        gone && gone->is_bool() && gone->get_bool())
      continue;
    const std::string code(text_in(each.get_object(), "code"));
    if (const auto weekday = place(kWeekdays, code)) {
      out.weekdays_.insert(*weekday);
      continue;
    }
    // A year of 366 days stands for every year.
    const bool yearly = code.size() == 5;
    const auto day = days_of(yearly ? "2000-" + code : code);
    if (!day.ok() || day->from != day->to || (!yearly && code.size() != 10))
      return base::Error{Refusal::invalid,
                         "non_working_day: \"" + code +
                             "\" is no weekday (monday), no day of every year (12-25) and no "
                             "day (2026-04-03)"};
    const Civil date = civil(day->from);
    if (yearly)
      out.yearly_.emplace(unsigned(date.month()), unsigned(date.day()));
    else
      out.days_.insert(day->from);
  }
  return out;
}

bool WorkingDays::working(std::int64_t day) const {
  const Civil date = civil(day);
  const auto weekday = std::chrono::weekday(std::chrono::sys_days(date)).c_encoding();
  return !weekdays_.contains(static_cast<int>(weekday)) && !days_.contains(day) &&
         !yearly_.contains({unsigned(date.month()), unsigned(date.day())});
}

base::Result<Limit> Limit::of(const json::object& code) {
  const std::string name(text_in(code, "code"));
  const auto wrong = [&](const std::string& what) {
    return base::Error{Refusal::invalid, "time_limit." + name + ": " + what};
  };
  const auto* count = code.if_contains("number");
  if (!count && !code.if_contains("unit"))
    return base::Error{Refusal::not_found, "\"" + name + "\" does not run from an event"};
  if (!count || !count->is_int64() || count->get_int64() < 1 || count->get_int64() > 10'000)
    return wrong("\"number\" is a whole number from 1 to 10000");
  const auto unit = place(kUnits, text_in(code, "unit"));
  if (!unit) return wrong("\"unit\" is one of day, working_day, week, month, year");
  const std::string direction = text_in(code, "direction"), rolls = text_in(code, "rolls");
  if (direction != "after" && direction != "before") return wrong("\"direction\" is after or before");
  const auto roll = rolls.empty() ? std::optional(0) : place(kRolls, rolls);
  if (!roll) return wrong("\"rolls\" is one of no, next, previous");
  return Limit{count->get_int64(), static_cast<Unit>(*unit), direction == "before", static_cast<Roll>(*roll)};
}

base::Result<Reckoning> reckon(const Limit& limit, std::int64_t event, const WorkingDays& days) {
  constexpr int kPatience = 100;
  const base::Error nobody{Refusal::invalid,
                           "there is no working day within a hundred days: the vocabulary "
                           "non_working_day leaves none"};
  const std::int64_t step = limit.before ? -1 : 1, n = limit.number * step;
  Reckoning out;
  switch (limit.unit) {
    case Limit::Unit::day: out.counted = event + n; break;
    case Limit::Unit::week: out.counted = event + 7 * n; break;
    case Limit::Unit::month: out.counted = months_from(event, n); break;
    case Limit::Unit::year: out.counted = months_from(event, 12 * n); break;
    case Limit::Unit::working_day:
      out.counted = event;
      for (std::int64_t left = limit.number; left > 0; --left) {
        int tries = 0;
        do {
          out.counted += step;
          if (++tries > kPatience) return nobody;
        } while (!days.working(out.counted));
      }
  }
  out.due = out.counted;
  if (limit.roll == Limit::Roll::no) return out;
  for (int tries = 0; !days.working(out.due); ++tries) {
    if (tries > kPatience) return nobody;
    out.due += limit.roll == Limit::Roll::next ? 1 : -1;
  }
  return out;
}

base::Result<json::object> limits_from(const json::object& limits, const json::object& non_working_days,
                                       std::int64_t event) {
  const WorkingDays days = TRY(WorkingDays::of(non_working_days));
  json::array out;
  for (const auto& each : limits.at("codes").as_array()) {
    const json::object& code = each.as_object();
    const auto limit = Limit::of(code);
    if (!limit.ok() && limit.error().why == Refusal::not_found) continue;
    if (!limit.ok()) return limit.error();
    if (const auto* gone = code.if_contains("retired"); gone && gone->is_bool() && gone->get_bool()) continue;
    const Reckoning r = TRY(reckon(*limit, event, days));
    out.push_back(
        json::object{{"code", code.at("code")},
                     {"label", json::object{{"en", text_in(code, "en")}, {"fr", text_in(code, "fr")}}},
                     {"number", limit->number},
                     {"unit", kUnits[static_cast<std::size_t>(limit->unit)]},
                     {"before", limit->before},
                     {"rolls", kRolls[static_cast<std::size_t>(limit->roll)]},
                     {"source", text_in(code, "source")},
                     {"counted", date_of(r.counted)},
                     {"due", date_of(r.due)}});
  }
  return json::object{{"limits", std::move(out)}};
}

}  // namespace kinds

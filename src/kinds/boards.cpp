// What was found, as a board by state and as days of a calendar.
#include "say.h"

#include <base/time.h>
#include <kinds/records.h>

#include <algorithm>
#include <unordered_map>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::size_t kCards = 100, kEntries = 500;

// One day, or a span between two days that are each known: "2026-11" is neither.
bool stands_on_days(std::string_view value, std::int64_t a, std::int64_t z) {
  if (a == z) return true;
  const std::size_t slash = value.find('/');
  if (slash == std::string_view::npos) return false;
  for (const std::string_view end : {value.substr(0, slash), value.substr(slash + 1)})
    if (const auto days = days_of(end); !days || days->from != days->to) return false;
  return true;
}

}  // namespace

// A column a state, in the order of the workflow; the cards in the order of the list, with the days since
// they came to their state.
base::Result<json::object> Records::board(const Asker& who, std::string_view id) {
  const auto found = kept(who, id);
  if (!found) return not_there();
  const Kind& kind = *found->kind;
  const std::vector<std::int64_t> now = visible(who, kind, rights::Act::search);
  std::unordered_map<std::int64_t, std::string> states;
  states.reserve(found->ids.size());
  sql().each(
      "select id, state, label from record where kind = ?",
      [&](store::Statement& s) {
        if (std::ranges::find(now, s.integer(2)) != now.end()) states.emplace(s.integer(0), s.text(1));
      },
      kind.name);
  struct Column {
    std::int64_t total = 0;
    std::vector<std::int64_t> ids;
  };
  std::map<std::string, Column, std::less<>> columns;
  std::int64_t total = 0;
  for (const std::int64_t record : found->ids) {
    const auto at = states.find(record);
    if (at == states.end()) continue;
    Column& c = columns[at->second];
    ++total, ++c.total;
    if (c.ids.size() < kCards) c.ids.push_back(record);
  }
  std::map<std::string, std::string> cases;
  for (const auto& c : around_.cases()) cases[c.id] = c.code;
  json::array out;
  for (const State& state : kind.workflow.states) {
    const auto at = columns.find(state.name);
    json::array cards;
    for (const Stored& r : many(kind, at == columns.end() ? std::vector<std::int64_t>() : at->second.ids)) {
      // The oldest version since the last that was in another state.
      const std::int64_t since = sql().number(
          "select min(at) from record_version where record = ? and version > (select coalesce(max(version), "
          "0) "
          "from record_version where record = ? and state <> ?)",
          r.id, r.id, r.state);
      json::object values;
      for (const Field& f : kind.fields)
        if (f.list && !f.retired)
          if (const auto* v = r.values.if_contains(f.name)) values[f.name] = *v;
      cards.push_back(json::object{{"code", r.code},
                                   {"title", r.title},
                                   {"case", cases[label_row(r.label).case_id]},
                                   {"version", r.version},
                                   {"days", std::max<std::int64_t>(0, today() - since / 86'400'000'000)},
                                   {"values", std::move(values)}});
    }
    out.push_back(json::object{{"state", state.name},
                               {"total", at == columns.end() ? 0 : at->second.total},
                               {"cards", std::move(cards)}});
  }
  json::object people;
  for (const auto& p : around_.staff()) people[p.code] = p.name;
  return json::object{{"total", total}, {"columns", std::move(out)}, {"names", std::move(people)}};
}

// Days on which something of a field lies. A date that is known to a month or a year alone stands on no day:
// how many those are is told.
base::Result<json::object> Records::days(const Asker& who, std::string_view id, std::string_view field,
                                         std::string_view from, std::string_view to) {
  const auto found = kept(who, id);
  if (!found) return not_there();
  const Kind& kind = *found->kind;
  const Field* f = kind.field(field);
  if (!f || f->guard != Guard::open || f->type != Type::date)
    return base::Error{base::Refusal::invalid, "\"field\" is no open field that is a date"};
  const auto first = days_of(from), last = days_of(to);
  if (!first || !last || last->to < first->from || last->to - first->from > 3700)
    return base::Error{base::Refusal::invalid, "\"from\" and \"to\" are days, at most ten years apart"};
  std::unordered_map<std::int64_t, std::size_t> place;
  place.reserve(found->ids.size());
  for (std::size_t i = 0; i < found->ids.size(); ++i) place.emplace(found->ids[i], i);
  const std::vector<std::int64_t> now = visible(who, kind, rights::Act::search);
  std::map<std::int64_t, std::int64_t> counts;
  std::int64_t vague = 0;
  struct Entry {
    std::int64_t from;
    std::size_t place;
    json::object shown;
  };
  std::vector<Entry> entries;
  std::size_t more = 0;
  const std::string column = "k.f_" + f->name;
  sql().each(
      "select r.id, r.label, r.code, r.title, r.state, " + column + ", " + column + "_a, " + column +
          "_z from record r join " + kind.table() + " k on k.id = r.id where " + column + "_z >= ? and " +
          column + "_a <= ? order by " + column + "_a, r.id",
      [&](store::Statement& s) {
        const auto at = place.find(s.integer(0));
        if (at == place.end() || std::ranges::find(now, s.integer(1)) == now.end()) return;
        const std::string value(s.text(5));
        const std::int64_t a = s.integer(6), z = s.integer(7);
        if (!stands_on_days(value, a, z)) {
          ++vague;
          return;
        }
        for (std::int64_t d = std::max(a, first->from); d <= std::min(z, last->to); ++d) ++counts[d];
        if (entries.size() >= kEntries) {
          ++more;
          return;
        }
        entries.push_back({a, at->second,
                           json::object{{"code", std::string(s.text(2))},
                                        {"title", std::string(s.text(3))},
                                        {"state", std::string(s.text(4))},
                                        {"from", date_of(std::max(a, first->from))},
                                        {"to", date_of(std::min(z, last->to))},
                                        {"value", value}}});
      },
      first->from, last->to);
  json::array days, shown;
  for (const auto& [d, n] : counts) days.push_back(json::object{{"day", date_of(d)}, {"count", n}});
  for (Entry& e : entries) shown.push_back(std::move(e.shown));
  return json::object{
      {"days", std::move(days)}, {"entries", std::move(shown)}, {"more", more}, {"vague", vague}};
}

}  // namespace kinds

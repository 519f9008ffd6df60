// The schedule of a plan: from the rows of its record to days, and back.
#include "rules.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/json.h>
#include <casework/module.h>
#include <casework/plan.h>
#include <kinds/date.h>
#include <kinds/value.h>

#include <algorithm>
#include <thread>

namespace casework {
namespace {

namespace json = boost::json;
using base::Refusal;
using kinds::figure_in;
using kinds::Records;
using kinds::text_in;

std::optional<kinds::Days> days(const json::object& o, std::string_view name) {
  const auto d = kinds::days_of(text_in(o, name));
  return d ? std::optional(*d) : std::nullopt;
}
std::vector<std::string> codes(std::string_view list) {
  std::vector<std::string> out(1);
  for (const char c : list)
    if (c == ' ' || c == ',' || c == ';' || c == '|')
      out.emplace_back();
    else
      out.back() += c;
  std::erase(out, "");
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

PlanTask task_of(const json::object& row) {
  PlanTask t;
  t.code = text_in(row, "code"), t.days = static_cast<std::int64_t>(figure_in(row, "days", 0));
  t.after = codes(text_in(row, "after"));
  if (const auto begins = days(row, "begins")) t.not_before = begins->from;
  const auto* done = row.if_contains("done");
  const bool ended = done && done->is_bool() && done->get_bool();
  if (const auto actual = days(row, "actual")) {
    t.began = actual->from;
    if (ended && actual->to != kinds::Days::kLast) t.ended = actual->to;
  }
  // Done, and nobody said when: as it was planned.
  if (ended && !t.ended) t.ended = t.not_before.value_or(0) + std::max<std::int64_t>(t.days - 1, 0);
  if (const auto baseline = days(row, "baseline"); baseline && baseline->to != kinds::Days::kLast)
    t.due = baseline->to;
  return t;
}
std::vector<PlanTask> tasks_of(const json::object& values) {
  std::vector<PlanTask> out;
  if (const auto* rows = values.if_contains("tasks"); rows && rows->is_array())
    for (const auto& row : rows->get_array())
      if (row.is_object()) out.push_back(task_of(row.get_object()));
  return out;
}

// How long the tasks of these plans took, in planned days.
std::vector<double> ratios_of(const std::vector<Records::Seen>& plans) {
  std::vector<double> out;
  for (const Records::Seen& plan : plans)
    if (const auto* rows = plan.values.if_contains("tasks"); rows && rows->is_array())
      for (const auto& row : rows->get_array()) {
        if (!row.is_object() || !days(row.get_object(), "actual")) continue;
        const PlanTask t = task_of(row.get_object());
        if (!t.ended || !t.began || t.days < 1 || *t.ended < *t.began) continue;
        out.push_back(static_cast<double>(*t.ended - *t.began + 1) / static_cast<double>(t.days));
      }
  return out;
}

// The vocabulary plan_forecast.
struct Settings {
  std::size_t least = 10;
  std::uint32_t futures = 1'000;
  std::int64_t plans = 100;
  Plan::Past past;
};
base::Result<Settings> settings_of(const json::object& vocabulary) {
  Settings s;
  const auto wrong = [](std::string_view code, std::string_view what) {
    return base::Error{Refusal::invalid, "plan_forecast." + std::string(code) + ": " + std::string(what)};
  };
  for (const auto& each : vocabulary.at("codes").as_array()) {
    const json::object& c = each.as_object();
    const std::string code = text_in(c, "code");
    const double n = figure_in(c, "number", -1);
    if (code == "ratios") {
      const auto* all = c.if_contains("ratios");
      if (!all || !all->is_array() || all->get_array().empty())
        return wrong(code, "\"ratios\" is a list of numbers");
      for (const auto& r : all->get_array()) {
        if (!r.is_number() || !(r.to_number<double>() > 0 && r.to_number<double>() < 1000))
          return wrong(code, "a ratio is a number above 0 and below 1000");
        s.past.ratios.push_back(r.to_number<double>());
      }
    } else if (code == "shared") {
      s.past.shared = figure_in(c, "share", -1);
      if (!(s.past.shared >= 0 && s.past.shared <= 1))
        return wrong(code, "\"share\" is a number from 0 to 1");
    } else if (code == "past_least" || code == "futures" || code == "plans") {
      if (!(n >= 1 && n <= 100'000)) return wrong(code, "\"number\" is a number from 1 to 100000");
      if (code == "past_least")
        s.least = static_cast<std::size_t>(n);
      else if (code == "futures")
        s.futures = static_cast<std::uint32_t>(n);
      else
        s.plans = static_cast<std::int64_t>(n);
    }
  }
  if (s.past.ratios.empty()) return wrong("ratios", "the code is missing");
  return s;
}

}  // namespace

void bring_plans(Records& records) {
  records.on_write("plan", [](Records::Writing& w) {
    std::size_t n = 0;
    for (const auto& each : rows_in(w.values, "milestones")) {
      const json::object& row = each.get_object();
      const auto begins = days(row, "begins");
      for (const char* field : {"baseline", "forecast", "actual"})
        if (const auto d = days(row, field); begins && d && d->to < begins->from)
          w.wrong.push_back({"milestones[" + std::to_string(n) + "]." + field,
                             "before_its_start",
                             {"This is before the work towards the milestone begins, " +
                                  text_in(row, "begins") + ": change one of the two",
                              "C'est avant le début des travaux de ce jalon, " + text_in(row, "begins") +
                                  " : modifiez l'un des deux"}});
      ++n;
    }
    std::string circle;
    for (const std::string& code : circle_of(tasks_of(w.values)))
      circle += (circle.empty() ? "" : ", ") + code;
    if (circle.empty()) return;
    w.wrong.push_back(
        {"tasks",
         "circle",
         {"These tasks wait for one another, or for some that do: " + circle + ". Take one out of \"After\"",
          "Ces tâches s'attendent les unes les autres : " + circle + ". Retirez-en une de « Après »"}});
  });
  records.on_vocabulary("plan_forecast", [](const kinds::Vocabulary& v) -> base::Status {
    static_cast<void>(TRY(settings_of(v.declaration)));
    return base::Done{};
  });
}

base::Result<json::object> schedule(Records& records, const kinds::Asker& who, std::string_view code,
                                    std::int64_t today) {
  const auto record = records.one(who, "plan", code);
  if (!record) return base::Error{Refusal::not_found, "there is nothing here, or nothing for you to see"};
  const Plan plan = TRY(Plan::of(tasks_of(record->values)));
  Settings s = TRY(settings_of(TRY(records.vocabulary("plan_forecast"))));
  std::vector<double> past = ratios_of(records.every(who, "plan", s.plans));
  const std::size_t known = past.size();
  const bool own = known >= s.least;
  if (own) s.past.ratios = std::move(past);
  // The same plan on the same day has the same futures.
  const std::uint64_t seed =
      base::load_le<std::uint64_t>(base::sha256(record->code).data()) ^ static_cast<std::uint64_t>(today);
  const unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  const Plan::Schedule days = plan.schedule(today);
  const Plan::Forecast f = TRY(plan.forecast(today, s.past, s.futures, seed, threads));
  std::string payload;
  base::JsonWriter(payload)
      .object()
      .member("tasks", static_cast<std::uint64_t>(plan.tasks().size()))
      .end_object();
  TRY(records.tell(who, "schedule_viewed", record->code, payload));
  json::array tasks;
  for (std::size_t i = 0; i < plan.tasks().size(); ++i) {
    const Plan::Place& at = days.places[i];
    tasks.push_back(json::object{{"code", plan.tasks()[i].code},
                                 {"begins", kinds::date_of(at.begins)},
                                 {"ends", kinds::date_of(at.ends)},
                                 {"slack", at.slack},
                                 {"critical", at.critical},
                                 {"late", f.late[i]},
                                 {"decides", f.decides[i]}});
  }
  return json::object{{"code", record->code},
                      {"tasks", std::move(tasks)},
                      {"ends", kinds::date_of(days.ends)},
                      {"p50", kinds::date_of(f.end.p50)},
                      {"p80", kinds::date_of(f.end.p80)},
                      {"p95", kinds::date_of(f.end.p95)},
                      {"past", known},
                      {"past_used", own},
                      {"futures", s.futures}};
}

}  // namespace casework

// Budget forecasts: from the rows of a record to futures, and back.
#include "settings.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/json.h>
#include <base/text.h>
#include <kinds/date.h>
#include <kinds/value.h>
#include <protection/module.h>
#include <risk/cost.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <thread>

namespace protection {
namespace {

namespace json = boost::json;
using base::Refusal;
using kinds::figure_in;
using kinds::text_in;
using risk::Cohort;
using risk::CostForecast;

std::uint32_t count(const json::object& o, std::string_view name, std::uint32_t otherwise = 0) {
  return static_cast<std::uint32_t>(std::clamp(figure_in(o, name, otherwise), 0.0, 4e9));
}

// The vocabulary cost_forecast.
struct CostSettings {
  double futures = 0, spread_cases = 0, spread_prices = 0, inflation = 0, cell_least = 0, drivers = 0;
};
base::Result<CostSettings> cost_settings(const json::object& vocabulary) {
  CostSettings s;
  TRY(read_figures(vocabulary, "cost_forecast",
                   {{"futures", 100, 1e6, "100 to 1000000", &s.futures},
                    {"spread_cases", 0, 5, "0 to 5", &s.spread_cases},
                    {"spread_prices", 0, 5, "0 to 5", &s.spread_prices},
                    {"inflation", -0.4, 2, "-0.4 to 2", &s.inflation},
                    {"cell_least", 1, 1000, "1 to 1000", &s.cell_least},
                    {"drivers", 0, 100, "0 to 100", &s.drivers}}));
  return s;
}

risk::CostModel model_of(const json::object& values, const CostSettings& s) {
  risk::CostModel m;
  m.months = count(values, "months", 12);
  m.fate_cv = s.spread_cases, m.price_cv = s.spread_prices, m.inflation = s.inflation;
  for (const json::object* row : rows_of(values, "cohorts")) {
    Cohort c;
    c.code = text_in(*row, "code"), c.fate = text_in(*row, "fate");
    c.present = count(*row, "present"), c.intake = figure_in(*row, "intake", 0);
    c.stay_p50 = figure_in(*row, "stay_p50", 0), c.stay_p90 = figure_in(*row, "stay_p90", 0);
    c.others = count(*row, "others"), c.others_share = figure_in(*row, "others_share", 0);
    c.once = figure_in(*row, "once", 0), c.monthly = figure_in(*row, "monthly", 0),
    c.borne = figure_in(*row, "borne", 0);
    if (row->if_contains("places") && row->at("places").is_number()) c.places = count(*row, "places");
    m.cohorts.push_back(std::move(c));
  }
  return m;
}
double households(const Cohort& c, std::uint32_t months) { return c.present + c.intake * months; }

// R-BUD-1: what is told of together. No line is of fewer households than `least`, and no sum or difference of
// lines is either: small cohorts are put together with others once, and every other way to divide the costs
// keeps together what is together.
struct Line {
  std::string name;  // empty: merged, or not said
  std::vector<std::size_t> cohorts;
};
std::vector<Line> lines_by_cohort(const risk::CostModel& m, double least) {
  std::vector<Line> all;
  for (std::size_t i = 0; i < m.cohorts.size(); ++i) all.push_back({m.cohorts[i].code, {i}});
  const auto size = [&](const Line& l) {
    double n = 0;
    for (const std::size_t i : l.cohorts) n += households(m.cohorts[i], m.months);
    return n;
  };
  Line merged;
  const auto merge = [&](std::vector<Line>::iterator at) {
    merged.cohorts.insert(merged.cohorts.end(), at->cohorts.begin(), at->cohorts.end());
    return all.erase(at);
  };
  for (auto at = all.begin(); at != all.end();) at = size(*at) < least ? merge(at) : std::next(at);
  while (!merged.cohorts.empty() && size(merged) < least && !all.empty())
    merge(std::ranges::min_element(all, {}, size));
  if (!merged.cohorts.empty()) all.push_back(std::move(merged));
  return all;
}
// By a name of each cohort; the names that one line of cohorts joins become one line.
std::vector<Line> lines_by(const std::vector<Line>& by_cohort, const std::vector<std::string>& name) {
  std::vector<Line> out;
  for (const Line& together : by_cohort) {
    Line line{name[together.cohorts[0]], together.cohorts};
    const auto joins = [&](const Line& other) {
      return std::ranges::any_of(line.cohorts, [&](std::size_t a) {
        return std::ranges::any_of(other.cohorts, [&](std::size_t b) { return name[a] == name[b]; });
      });
    };
    for (auto at = out.begin(); at != out.end();)
      if (joins(*at)) {
        line.cohorts.insert(line.cohorts.begin(), at->cohorts.begin(), at->cohorts.end());
        at = out.erase(at);
      } else {
        ++at;
      }
    if (std::ranges::any_of(line.cohorts, [&](std::size_t i) { return name[i] != name[line.cohorts[0]]; }))
      line.name.clear();
    out.push_back(std::move(line));
  }
  return out;
}

json::object shown(const risk::Spread& s) {
  return {{"mean", std::round(s.mean)}, {"p10", std::round(s.p10)}, {"p50", std::round(s.p50)},
          {"p80", std::round(s.p80)},   {"p95", std::round(s.p95)}, {"shortfall", std::round(s.shortfall)}};
}

// The first day of a month that lies so many behind a day.
std::string month_behind(std::int64_t day, std::uint32_t months) {
  const std::chrono::year_month_day d{std::chrono::sys_days{std::chrono::days{day}}};
  const auto at = d.year() / d.month() + std::chrono::months(months);
  return kinds::date_of(std::chrono::sys_days{at / 1}.time_since_epoch().count()).substr(0, 7);
}

}  // namespace

void bring_costs(kinds::Records& records) {
  records.on_vocabulary("cost_forecast", [](const kinds::Vocabulary& v) -> base::Status {
    static_cast<void>(TRY(cost_settings(v.declaration)));
    return base::Done{};
  });
  records.on_write("budget", [](kinds::Records::Writing& w) {
    std::vector<std::string> codes;
    for (const json::object* row : rows_of(w.values, "cohorts")) {
      const std::string code = text_in(*row, "code");
      if (std::ranges::find(codes, code) != codes.end())
        w.wrong.push_back({"cohorts",
                           "twice",
                           {"The code \"" + code + "\" stands for two cohorts: change one",
                            "Le code « " + code + " » désigne deux cohortes : changez-en un"}});
      codes.push_back(code);
      if (figure_in(*row, "stay_p90", 0) < figure_in(*row, "stay_p50", 0))
        w.wrong.push_back(
            {"cohorts",
             "stay",
             {"Of the cohort \"" + code + "\" nine of ten stay at least as long as half: correct the months",
              "Dans la cohorte « " + code +
                  " », neuf sur dix restent au moins aussi longtemps que la moitié : corrigez les mois"}});
    }
  });
}

base::Result<json::object> cost_forecast(kinds::Records& records, const kinds::Asker& who,
                                         std::string_view code, const WhatIf& change) {
  const auto record = records.one(who, "budget", code);
  if (!record) return base::Error{Refusal::not_found, "there is nothing here, or nothing for you to see"};
  if (!(change.intake >= 0 && change.intake <= 10))
    return base::Error{Refusal::invalid,
                       "\"intake\" is a number from 0 to 10: times as many as the record says"};
  const json::object settings = TRY(records.vocabulary("cost_forecast"));
  const CostSettings s = TRY(cost_settings(settings));
  risk::CostModel m = model_of(record->values, s);
  // What is told together is settled by the record: what is asked of it tells of no fewer households.
  std::vector<Line> by_cohort = lines_by_cohort(m, s.cell_least);
  for (const std::string& left : change.without)
    if (std::erase_if(by_cohort, [&](const Line& l) { return !l.name.empty() && l.name == left; }) == 0)
      return base::Error{Refusal::invalid,
                         "\"without\": \"" + left +
                             "\" is no cohort that can be left out: there is none, or it has so "
                             "few households that it is told of with others (R-BUD-1)"};
  for (Cohort& c : m.cohorts)
    if (std::ranges::find(change.without, c.code) != change.without.end())
      c.present = 0, c.intake = 0;
    else
      c.intake *= change.intake;
  if (by_cohort.empty()) return base::Error{Refusal::invalid, "\"without\" leaves no cohort: name fewer"};

  std::vector<std::string> cases, payers;
  for (const json::object* row : rows_of(record->values, "cohorts"))
    cases.push_back(text_in(*row, "fate")), payers.push_back(text_in(*row, "payer"));
  const std::array<std::vector<Line>, 3> told{by_cohort, lines_by(by_cohort, cases),
                                              lines_by(by_cohort, payers)};
  for (const auto& lines : told)
    for (const Line& l : lines) m.groups.push_back(l.cohorts);

  // The same figures have the same futures, so that a change shows its effect and nothing else.
  const base::Digest figures = base::sha256(json::serialize(record->values), json::serialize(settings));
  const std::string made_of = base::hex(base::view(figures));
  const std::uint64_t seed = base::load_le<std::uint64_t>(base::sha256(record->code).data());
  const CostForecast f = TRY(risk::forecast_cost(m, static_cast<std::uint32_t>(s.futures), seed,
                                                 std::max(1u, std::thread::hardware_concurrency())));
  std::string payload;
  base::JsonWriter(payload)
      .object()
      .member("figures", made_of)
      .member("without", base::join(change.without, " "))
      .member("intake_percent", static_cast<std::int64_t>(std::round(change.intake * 100)))
      .end_object();
  TRY(records.tell(who, "forecast_viewed", record->code, payload));

  const std::int64_t begins = TRY(kinds::days_of(text_in(record->values, "begins"))).from;
  json::array years, months, drivers, queues;
  for (std::size_t y = 0; y < f.years.size(); ++y) {
    json::object year{{"year", static_cast<std::int64_t>(y + 1)},
                      {"from", month_behind(begins, static_cast<std::uint32_t>(12 * y))},
                      {"cost", shown(risk::spread_of(f.years[y]))},
                      {"spent", nullptr},
                      {"place", nullptr},
                      {"score", nullptr}};
    for (const json::object* row : rows_of(record->values, "spent"))
      if (figure_in(*row, "year", 0) == static_cast<double>(y + 1)) {
        const double amount = figure_in(*row, "amount", 0);
        year["spent"] = amount;
        year["place"] = rounded(risk::share_below(f.years[y], amount), 1000);
        year["score"] = std::round(risk::ranked_score(f.years[y], amount));
      }
    years.push_back(std::move(year));
  }
  for (std::size_t i = 0; i < f.months.size(); ++i)
    months.push_back(json::object{{"month", month_behind(begins, static_cast<std::uint32_t>(i))},
                                  {"p50", std::round(f.months[i].p50)},
                                  {"p80", std::round(f.months[i].p80)},
                                  {"p95", std::round(f.months[i].p95)}});
  const auto told_alone = [&](std::size_t of, std::string_view name) {
    return std::ranges::any_of(told[of], [&](const Line& l) { return !l.name.empty() && l.name == name; });
  };
  using Of = CostForecast::Driver::Of;
  for (const auto& d : f.drivers) {
    if (static_cast<double>(drivers.size()) >= s.drivers) break;
    if (d.of != Of::prices && !told_alone(0, d.name) && !(d.of == Of::fate && told_alone(1, d.name)))
      continue;
    constexpr std::array<const char*, 4> kOf{"prices", "case", "intake", "stay"};
    drivers.push_back(json::object{{"of", kOf[static_cast<std::size_t>(d.of)]},
                                   {"name", d.name},
                                   {"correlation", rounded(d.correlation, 1000)}});
  }
  for (const auto& q : f.queues)
    if (told_alone(0, q.cohort))
      queues.push_back(json::object{{"cohort", q.cohort},
                                    {"places", q.places},
                                    {"needed_p50", q.needed_p50},
                                    {"needed_p80", q.needed_p80},
                                    {"needed_p95", q.needed_p95},
                                    {"full", rounded(q.full, 1000)},
                                    {"wait_p50", rounded(q.wait_p50, 10)},
                                    {"wait_p95", rounded(q.wait_p95, 10)}});
  json::object out{{"code", record->code},
                   {"currency", text_in(record->values, "currency")},
                   {"futures", static_cast<std::int64_t>(s.futures)},
                   {"figures", made_of},
                   {"error", rounded(f.p80_error, 10'000)},
                   {"total", shown(f.total)},
                   {"contingency", std::round(f.total.p80 - f.total.p50)},
                   {"years", std::move(years)},
                   {"months", std::move(months)},
                   {"drivers", std::move(drivers)},
                   {"queues", std::move(queues)}};
  std::size_t group = 0;
  constexpr std::array<const char*, 3> kBy{"cohorts", "cases", "payers"};
  for (std::size_t by = 0; by < told.size(); ++by) {
    json::array lines;
    for (const Line& l : told[by])
      lines.push_back(json::object{{"name", l.name}, {"cost", shown(f.groups[group++])}});
    out[kBy[by]] = std::move(lines);
  }
  return out;
}

}  // namespace protection

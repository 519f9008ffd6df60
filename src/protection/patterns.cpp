// The pattern laboratory: what the incidents that a person may read have in common in time and space. A
// pattern changes no level: it is for a person to judge (R-PAT-1).
#include "settings.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/json.h>
#include <kinds/date.h>
#include <kinds/value.h>
#include <protection/module.h>
#include <risk/patterns.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <thread>

namespace protection {
namespace {

namespace json = boost::json;
using base::Refusal;
using kinds::Records;
using kinds::text_in;

struct PatternSettings {
  double most = 0, period_days = 0, few = 0, baseline_weeks = 0, gap_weeks = 0, least_deviation = 0,
         alert_above = 0;
  double epoch_days = 0, near_metres = 0, near_days = 0, precise_days = 0;
  double scan_days = 0, scan_zones = 0, scan_metres = 0, scan_least = 0, replicates = 0;
};
base::Result<PatternSettings> pattern_settings(const json::object& vocabulary) {
  PatternSettings s;
  TRY(read_figures(vocabulary, "pattern_model",
                   {{"most", 1, 100'000, "1 to 100000", &s.most},
                    {"period_days", 28, 36'525, "28 to 36525", &s.period_days},
                    {"few", 0, 10'000, "0 to 10000", &s.few},
                    {"baseline_weeks", 2, 52, "2 to 52", &s.baseline_weeks},
                    {"gap_weeks", 0, 26, "0 to 26", &s.gap_weeks},
                    {"least_deviation", 0.01, 100, "0.01 to 100", &s.least_deviation},
                    {"alert_above", 0.5, 20, "0.5 to 20", &s.alert_above},
                    {"epoch_days", 1, 90, "1 to 90", &s.epoch_days},
                    {"near_metres", 1, 1e7, "1 to 10000000", &s.near_metres},
                    {"near_days", 0, 365, "0 to 365", &s.near_days},
                    {"precise_days", 1, 365, "1 to 365", &s.precise_days},
                    {"scan_days", 7, 3650, "7 to 3650", &s.scan_days},
                    {"scan_zones", 2, 500, "2 to 500", &s.scan_zones},
                    {"scan_metres", 1, 1e7, "1 to 10000000", &s.scan_metres},
                    {"scan_least", 2, 1000, "2 to 1000", &s.scan_least},
                    {"replicates", 99, 99'999, "99 to 99999", &s.replicates}}));
  return s;
}

struct Incident {
  std::string code, title;
  kinds::Days when;
  std::optional<std::pair<double, double>> place;  // degrees
};
std::optional<kinds::Days> bounded(const json::object& values, std::string_view field) {
  const auto d = kinds::days_of(text_in(values, field));
  if (!d || d->from == kinds::Days::kFirst || d->to == kinds::Days::kLast) return std::nullopt;
  return *d;
}
std::optional<Incident> incident_of(const Records::Seen& r) {
  const auto when = bounded(r.values, "when");
  if (!when) return std::nullopt;
  Incident i{r.code, r.title, *when, {}};
  if (const auto* p = r.values.if_contains("place"); p && p->is_object())
    if (const auto* lat = p->get_object().if_contains("lat"))
      i.place = {lat->to_number<double>(), kinds::figure_in(p->get_object(), "lon", 0)};
  return i;
}

// Metres in a plane that touches the middle of the places: exact enough within a region.
struct Plane {
  double lat0, lon0;
  explicit Plane(const std::vector<Incident>& all) : lat0(0), lon0(all.empty() ? 0 : all[0].place->second) {
    for (const Incident& i : all) lat0 += i.place->first / static_cast<double>(all.size());
  }
  risk::Event event(const Incident& i) const {
    constexpr double kDegree = 6'371'008.8 * std::numbers::pi / 180;  // of a great circle, mean radius (IUGG)
    double east = i.place->second - lon0;
    east -= 360 * std::round(east / 360);
    return {east * kDegree * std::cos(lat0 * std::numbers::pi / 180), (i.place->first - lat0) * kDegree,
            static_cast<double>(i.when.from + i.when.to) / 2};
  }
};

// Places near one another become one zone, ever coarser until there are no more than these: the work of a
// scan grows with the square of the zones.
struct Zones {
  std::vector<std::size_t> of;  // of each event
  std::vector<risk::Event> at;  // the first event of each
};
Zones zones_of(const std::vector<risk::Event>& events, double most) {
  for (double grid = 1;; grid *= 2) {
    Zones z;
    std::map<std::pair<std::int64_t, std::int64_t>, std::size_t> place;
    for (const risk::Event& e : events) {
      const auto [at, fresh] =
          place.emplace(std::pair(std::llround(e.x / grid), std::llround(e.y / grid)), z.at.size());
      if (fresh) z.at.push_back(e);
      z.of.push_back(at->second);
    }
    if (static_cast<double>(z.at.size()) <= most) return z;
  }
}

json::value cluster_in(const std::vector<Incident>& placed, const std::vector<risk::Event>& events,
                       std::int64_t last, const PatternSettings& s, std::uint64_t seed) {
  const auto days = static_cast<std::size_t>(s.scan_days);
  const std::int64_t first = last - static_cast<std::int64_t>(days) + 1;
  std::vector<std::size_t> in;
  std::vector<risk::Event> recent;
  for (std::size_t i = 0; i < events.size(); ++i)
    if (events[i].day >= static_cast<double>(first)) in.push_back(i), recent.push_back(events[i]);
  if (static_cast<double>(recent.size()) < 2 * s.scan_least) return nullptr;
  const Zones z = zones_of(recent, s.scan_zones);
  std::vector<std::vector<std::int64_t>> cases(z.at.size(), std::vector<std::int64_t>(days));
  std::vector<std::int64_t> weight(z.at.size());
  const auto day_of = [&](const risk::Event& e) {
    return std::min(static_cast<std::size_t>(e.day - static_cast<double>(first)), days - 1);
  };
  for (std::size_t i = 0; i < recent.size(); ++i) ++cases[z.of[i]][day_of(recent[i])], ++weight[z.of[i]];
  // Circles around each zone that grow by the next, up to the largest and to half of the incidents.
  std::vector<std::vector<std::size_t>> windows;
  for (std::size_t c = 0; c < z.at.size(); ++c) {
    std::vector<std::pair<double, std::size_t>> near;
    for (std::size_t o = 0; o < z.at.size(); ++o) {
      const double away = std::hypot(z.at[o].x - z.at[c].x, z.at[o].y - z.at[c].y);
      if (away <= s.scan_metres) near.emplace_back(away, o);
    }
    std::ranges::sort(near);
    std::vector<std::size_t> circle;
    std::int64_t sum = 0;
    for (const auto& [away, o] : near) {
      sum += weight[o];
      if (2 * sum > static_cast<std::int64_t>(recent.size())) break;
      circle.push_back(o);
      windows.push_back(circle);
    }
  }
  const risk::Cluster best = risk::scan(cases, windows, static_cast<std::int64_t>(s.scan_least),
                                        static_cast<std::int64_t>(s.replicates), seed,
                                        std::max(1u, std::thread::hardware_concurrency()));
  if (best.zones.empty()) return nullptr;
  json::array members;
  for (std::size_t i = 0; i < recent.size(); ++i)
    if (std::ranges::find(best.zones, z.of[i]) != best.zones.end() && day_of(recent[i]) >= best.from_day)
      members.push_back(json::object{{"code", placed[in[i]].code}, {"title", placed[in[i]].title}});
  return json::object{{"cases", best.cases},
                      {"expected", rounded(best.expected, 100)},
                      {"from", kinds::date_of(first + static_cast<std::int64_t>(best.from_day))},
                      {"to", kinds::date_of(last)},
                      {"p", rounded(best.p, 10'000)},
                      {"recurs", std::round(1 / best.p)},
                      {"incidents", std::move(members)}};
}

}  // namespace

void bring_patterns(Records& records) {
  records.on_vocabulary("pattern_model", [](const kinds::Vocabulary& v) -> base::Status {
    static_cast<void>(TRY(pattern_settings(v.declaration)));
    return base::Done{};
  });
}

base::Result<json::object> patterns(Records& records, const kinds::Asker& who, const PatternsOf& asked) {
  const json::object settings = TRY(records.vocabulary("pattern_model"));
  const PatternSettings s = TRY(pattern_settings(settings));
  std::vector<Incident> all;
  std::string looked_at;
  std::size_t met = 0, left_out = 0;
  const auto most = static_cast<std::int64_t>(s.most);
  for (const Records::Seen& r : records.every(who, "incident", most)) {
    ++met;
    if (!asked.case_id.empty() && r.case_id != asked.case_id) continue;
    if (!asked.family.empty() && text_in(r.values, "act_family") != asked.family) continue;
    if (!text_in(r.values, "duplicate_of").empty()) continue;
    if (auto i = incident_of(r)) {
      all.push_back(std::move(*i));
      looked_at += r.code + " " + std::to_string(r.changed) + "\n";
    } else {
      ++left_out;
    }
  }
  const base::Digest figures = base::sha256(looked_at, json::serialize(settings));
  const auto seed = base::load_le<std::uint64_t>(figures.data());
  std::string payload;
  base::JsonWriter(payload)
      .object()
      .member("incidents", static_cast<std::uint64_t>(all.size()))
      .member("case", asked.case_id)
      .member("family", asked.family)
      .member("figures", base::hex(base::view(figures)))
      .end_object();
  TRY(records.tell(who, "patterns_viewed", "incident", payload));

  json::object out{{"incidents", all.size()},
                   {"left_out", left_out},
                   {"placed", 0},
                   {"more", met == static_cast<std::size_t>(most)},
                   {"few", static_cast<double>(all.size()) < s.few},
                   {"from", nullptr},
                   {"to", nullptr},
                   {"weeks", json::array{}},
                   {"epoch", nullptr},
                   {"near", nullptr},
                   {"cluster", nullptr},
                   {"figures", base::hex(base::view(figures))}};
  if (all.empty()) return out;
  std::int64_t first = all[0].when.from, last = all[0].when.to;
  for (const Incident& i : all) first = std::min(first, i.when.from), last = std::max(last, i.when.to);
  first = std::max(first, last - static_cast<std::int64_t>(s.period_days) + 1);
  out["from"] = kinds::date_of(first), out["to"] = kinds::date_of(last);

  // Weeks begin on Mondays; 1970-01-01 was a Thursday.
  const std::int64_t monday = first - (((first + 3) % 7) + 7) % 7;
  std::vector<std::pair<double, double>> in_weeks, in_days;
  for (const Incident& i : all) {
    const auto from = static_cast<double>(i.when.from), to = static_cast<double>(i.when.to + 1);
    in_weeks.emplace_back((from - static_cast<double>(monday)) / 7, (to - static_cast<double>(monday)) / 7);
    in_days.emplace_back(from - static_cast<double>(first), to - static_cast<double>(first));
  }
  const std::vector<double> weeks =
      risk::aoristic(in_weeks, static_cast<std::size_t>((last - monday) / 7 + 1));
  const auto above = risk::above_baseline(weeks, static_cast<std::size_t>(s.baseline_weeks),
                                          static_cast<std::size_t>(s.gap_weeks), s.least_deviation);
  json::array told;
  for (std::size_t w = 0; w < weeks.size(); ++w)
    told.push_back(
        json::object{{"week", kinds::date_of(monday + 7 * static_cast<std::int64_t>(w))},
                     {"count", rounded(weeks[w], 100)},
                     {"above", above[w] ? json::value(rounded(*above[w], 100)) : json::value(nullptr)},
                     {"alert", above[w] && *above[w] >= s.alert_above}});
  out["weeks"] = std::move(told);

  // Filings and hearings that the person may read.
  std::vector<std::size_t> events;
  for (const char* kind : {"filing", "hearing"})
    for (const Records::Seen& r : records.every(who, kind, most)) {
      if (!asked.case_id.empty() && r.case_id != asked.case_id) continue;
      const auto on = bounded(r.values, "on");
      if (on && on->from == on->to && on->from >= first && on->from <= last)
        events.push_back(static_cast<std::size_t>(on->from - first));
    }
  if (!events.empty()) {
    const auto days = static_cast<std::size_t>(s.epoch_days);
    const risk::Epochs e = risk::superposed(
        risk::aoristic(in_days, static_cast<std::size_t>(last - first + 1)), events, days, days);
    json::array around;
    for (std::size_t k = 0; k < e.around.size(); ++k)
      around.push_back(json::object{{"day", static_cast<std::int64_t>(k) - static_cast<std::int64_t>(days)},
                                    {"count", rounded(e.around[k], 1000)}});
    out["epoch"] = json::object{{"events", events.size()},          {"days", days},
                                {"within", rounded(e.within, 100)}, {"expected", rounded(e.expected, 100)},
                                {"p", rounded(e.p, 10'000)},        {"moves", e.moves},
                                {"around", std::move(around)}};
  }

  std::vector<Incident> placed;
  for (Incident& i : all)
    if (i.place && static_cast<double>(i.when.to - i.when.from) < s.precise_days)
      placed.push_back(std::move(i));
  out["placed"] = placed.size();
  if (placed.size() < 3) return out;
  const Plane plane(placed);
  std::vector<risk::Event> at;
  for (const Incident& i : placed) at.push_back(plane.event(i));
  const risk::Knox near = risk::knox(at, s.near_metres, s.near_days, static_cast<std::int64_t>(s.replicates),
                                     seed, risk::Distance::straight);
  out["near"] = json::object{{"metres", s.near_metres},
                             {"days", s.near_days},
                             {"close", near.close},
                             {"expected", rounded(near.mean, 100)},
                             {"p", rounded(near.p, 10'000)},
                             {"exact", near.exact},
                             {"permutations", near.permutations}};
  out["cluster"] = cluster_in(placed, at, last, s, seed);
  return out;
}

}  // namespace protection

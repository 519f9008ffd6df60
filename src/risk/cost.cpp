#include <base/mixed.h>
#include <risk/cost.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <numeric>
#include <optional>
#include <queue>
#include <thread>
#include <utility>

namespace risk {
namespace {

constexpr double kQuantile90 = 1.2815515655446004;  // the normal quantile of 0.9
constexpr double kMostUnits = 2e8;                  // drawn in all: a minute of work

class Draws {
 public:
  Draws(std::uint64_t seed, std::uint64_t future, std::uint64_t of)
      : at_(base::mixed(base::mixed(seed ^ base::mixed(future)) ^ of)) {}
  double uniform() {  // in (0, 1)
    at_ += base::kMixStep;
    return (static_cast<double>(base::mixed(at_) >> 11) + 0.5) * 0x1p-53;
  }
  double normal() {  // Box and Muller, both of the pair
    if (spare_) return *std::exchange(spare_, std::nullopt);
    const double r = std::sqrt(-2 * std::log(uniform())), a = 2 * std::numbers::pi * uniform();
    spare_ = r * std::sin(a);
    return r * std::cos(a);
  }
  std::uint32_t poisson(double mean) {  // Knuth, in parts that do not run out of digits
    std::uint32_t n = 0;
    for (; mean > 0; mean -= 16) {
      const double least = std::exp(-std::min(mean, 16.0));
      for (double p = uniform(); p > least; p *= uniform()) ++n;
    }
    return n;
  }
  double gamma(double shape) {  // Marsaglia and Tsang 2000; of scale 1
    if (shape < 1) {
      const double u = uniform();
      return gamma(shape + 1) * std::pow(u, 1 / shape);
    }
    const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
    for (;;) {
      const double x = normal(), v = std::pow(1 + c * x, 3);
      if (v > 0 && std::log(uniform()) < 0.5 * x * x + d * (1 - v + std::log(v))) return d * v;
    }
  }

 private:
  std::uint64_t at_;
  std::optional<double> spare_;
};

double quantile(std::span<const double> sorted, double q) {
  const auto n = static_cast<double>(sorted.size());
  return sorted[static_cast<std::size_t>(std::clamp(std::ceil(q * n) - 1, 0.0, n - 1))];
}

// Spearman: Pearson's correlation of ranks, equal values share theirs.
std::vector<double> ranks_of(const std::vector<double>& v) {
  std::vector<std::uint32_t> order(v.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::sort(order, [&](auto a, auto b) { return v[a] < v[b]; });
  std::vector<double> ranks(v.size());
  for (std::size_t i = 0, j = 0; i < order.size(); i = j) {
    for (j = i; j < order.size() && v[order[j]] == v[order[i]];) ++j;
    for (std::size_t k = i; k < j; ++k) ranks[order[k]] = static_cast<double>(i + j - 1) / 2;
  }
  return ranks;
}
double correlation_of(const std::vector<double>& a, const std::vector<double>& b) {
  const double mean = (static_cast<double>(a.size()) - 1) / 2;
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean) * (b[i] - mean);
    aa += (a[i] - mean) * (a[i] - mean), bb += (b[i] - mean) * (b[i] - mean);
  }
  return aa > 0 && bb > 0 ? ab / std::sqrt(aa * bb) : 0;
}

base::Status fits(const CostModel& m, std::uint32_t futures) {
  const auto wrong = [](std::string what) { return base::Error{base::Refusal::invalid, std::move(what)}; };
  if (m.cohorts.empty()) return wrong("a forecast needs at least one cohort");
  if (m.months < 1 || m.months > 600) return wrong("a forecast is of 1 to 600 months");
  if (futures < 20) return wrong("a forecast needs at least 20 futures");
  const auto within = [](double v, double most) {
    return v >= 0 && v <= most;
  };  // false for what is no number
  if (!within(m.fate_cv, 5) || !within(m.price_cv, 5)) return wrong("a spread (CV) is a number from 0 to 5");
  if (!(m.inflation > -0.5 && m.inflation <= 2)) return wrong("inflation is a number from -0.5 to 2 a year");
  for (const auto& group : m.groups)
    for (const std::size_t i : group)
      if (i >= m.cohorts.size()) return wrong("a group holds a cohort that is not there");
  double units = 0;
  for (const Cohort& c : m.cohorts) {
    const std::string of = "the cohort \"" + c.code + "\": ";
    if (!within(c.intake, 10'000)) return wrong(of + "new units a month are 0 to 10000");
    if (!(c.stay_p50 > 0 && c.stay_p50 <= 1200 && c.stay_p90 >= c.stay_p50 && c.stay_p90 <= 12'000))
      return wrong(of + "half stay above 0 months, and nine of ten at least as long");
    if (c.others > 50 || !within(c.others_share, 1))
      return wrong(of + "at most 50 others, each with a probability from 0 to 1");
    if (!within(c.once, 1e12) || !within(c.monthly, 1e12)) return wrong(of + "a cost is 0 or more");
    if (!within(c.borne, 1)) return wrong(of + "the share that others bear is 0 to 1");
    if (c.present > 1'000'000) return wrong(of + "at most 1000000 units at the beginning");
    units += c.present + c.intake * m.months;
  }
  if (units * futures > kMostUnits)
    return wrong("about " + std::to_string(static_cast<std::int64_t>(units)) + " units in " +
                 std::to_string(futures) + " futures are too many: fewer futures, or fewer months");
  return base::Done{};
}

// What one thread draws of one future: kept, so that nothing is made anew.
struct Room {
  std::vector<double> spent;       // of each month, of one cohort
  std::vector<double> rate, rest;  // a month: what begins or ends to be paid; what is paid of it alone
  std::vector<std::int32_t> more;  // units a month
};

// One cohort in one future.
struct Lived {
  double units = 0, stays = 0;  // new ones; the months that all of them stay
  double most = 0;              // units at the fullest, were there no limit
  std::uint32_t waited = 0;     // units
};
Lived live(const Cohort& c, const CostModel& m, double fate, Draws draw, Room& room,
           std::vector<double>& waits) {
  const std::size_t months = m.months;
  const double end = static_cast<double>(months);
  const double mu = std::log(c.stay_p50), sigma = std::log(c.stay_p90 / c.stay_p50) / kQuantile90;
  room.rate.assign(months + 1, 0), room.rest.assign(months + 1, 0), room.more.assign(months + 1, 0);
  std::priority_queue<double, std::vector<double>, std::greater<>> leaves;  // of those in a place
  Lived out;
  const auto persons = [&] {
    std::uint32_t n = 1;
    for (std::uint32_t i = 0; i < c.others; ++i) n += draw.uniform() < c.others_share;
    return n;
  };
  const auto stay = [&](double comes, double lasts, bool is_new) {
    const double cost = c.monthly * persons();
    const double goes = std::min(comes + lasts, end);
    ++room.more[static_cast<std::size_t>(comes)], --room.more[static_cast<std::size_t>(std::ceil(goes))];
    double from = comes;
    if (c.places && is_new) {
      while (!leaves.empty() && leaves.top() <= comes) leaves.pop();
      if (leaves.size() >= *c.places) {
        for (from = end; *c.places > 0 && leaves.size() >= *c.places; leaves.pop()) from = leaves.top();
        ++out.waited;
        waits.push_back(std::min(from, end) - comes);
      }
    }
    if (c.places) leaves.push(from + lasts);
    if (from >= end) return;
    if (is_new) room.rest[static_cast<std::size_t>(from)] += c.once;
    // Paid from `from` to `to`: whole months at their rate, the first and the last by their part.
    const double to = std::min(from + lasts, end);
    const auto first = static_cast<std::size_t>(from), last = static_cast<std::size_t>(to);
    room.rate[first] += cost, room.rate[last] -= cost;
    room.rest[first] -= cost * (from - static_cast<double>(first));
    room.rest[last] += cost * (to - static_cast<double>(last));
  };
  // Who is there already is more probably one who stays long, and somewhere in that stay: the length-biased
  // lognormal is the same with its mean higher by the variance.
  for (std::uint32_t i = 0; i < c.present; ++i)
    stay(0, draw.uniform() * std::exp(mu + sigma * sigma + sigma * draw.normal()), false);
  for (std::size_t month = 0; month < months; ++month)
    for (std::uint32_t n = draw.poisson(c.intake * fate); n > 0; --n) {
      const double lasts = std::exp(mu + sigma * draw.normal());
      ++out.units, out.stays += lasts;
      stay(static_cast<double>(month), lasts, true);
    }
  double rate = 0;
  std::int32_t units = 0;
  for (std::size_t i = 0; i < months; ++i) {
    rate += room.rate[i], units += room.more[i];
    room.spent[i] = (rate + room.rest[i]) * (1 - c.borne);
    out.most = std::max(out.most, static_cast<double>(units));
  }
  return out;
}

}  // namespace

Spread spread_of(std::span<const double> sorted) {
  Spread s;
  if (sorted.empty()) return s;
  s.mean = std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(sorted.size());
  s.p10 = quantile(sorted, .1), s.p50 = quantile(sorted, .5);
  s.p80 = quantile(sorted, .8), s.p95 = quantile(sorted, .95);
  const std::size_t worst = std::max<std::size_t>(1, sorted.size() / 20);
  s.shortfall = std::accumulate(sorted.end() - static_cast<std::ptrdiff_t>(worst), sorted.end(), 0.0) /
                static_cast<double>(worst);
  return s;
}

base::Result<CostForecast> forecast_cost(const CostModel& m, std::uint32_t futures, std::uint64_t seed,
                                         unsigned threads) {
  TRY(fits(m, futures));
  const std::size_t cohorts = m.cohorts.size(), months = m.months, years = (months + 11) / 12;
  // The fates, by first appearance.
  std::vector<std::string> fates;
  std::vector<std::size_t> fate_of(cohorts);
  std::map<std::string, std::size_t> place;
  for (std::size_t i = 0; i < cohorts; ++i) {
    const Cohort& c = m.cohorts[i];
    const auto [at, fresh] = place.emplace(c.fate.empty() ? "\n" + c.code : c.fate, fates.size());
    if (fresh) fates.push_back(c.fate.empty() ? c.code : c.fate);
    fate_of[i] = at->second;
  }
  std::vector<std::vector<std::size_t>> groups_of(cohorts);
  for (std::size_t g = 0; g < m.groups.size(); ++g)
    for (const std::size_t i : m.groups[g]) groups_of[i].push_back(g);
  std::vector<double> price(months);  // of each month
  for (std::size_t i = 0; i < months; ++i) price[i] = std::pow(1 + m.inflation, static_cast<double>(i) / 12);

  using Column = std::vector<double>;  // a number a future
  const auto columns = [&](std::size_t n) { return std::vector<Column>(n, Column(futures)); };
  Column total(futures), prices(futures);
  auto by_group = columns(m.groups.size()), by_year = columns(years);
  auto by_month = columns(months), drawn_fate = columns(fates.size());
  auto units = columns(cohorts), stays = columns(cohorts), most = columns(cohorts), waited = columns(cohorts);
  threads = std::clamp(threads, 1u, 64u);
  std::vector<std::vector<Column>> waits(threads, std::vector<Column>(cohorts));
  const auto work = [&](unsigned part) {
    Room room;
    room.spent.resize(months);
    for (std::uint32_t f = part; f < futures; f += threads) {
      Draws shared(seed, f, 0);
      const double s2 = std::log(1 + m.price_cv * m.price_cv);
      const double level = m.price_cv > 0 ? std::exp(std::sqrt(s2) * shared.normal() - s2 / 2) : 1;
      prices[f] = level;
      for (std::size_t i = 0; i < fates.size(); ++i) {
        const double shape = m.fate_cv > 0 ? 1 / (m.fate_cv * m.fate_cv) : 0;
        drawn_fate[i][f] = shape > 0 ? shared.gamma(shape) / shape : 1;
      }
      for (std::size_t i = 0; i < cohorts; ++i) {
        const Cohort& c = m.cohorts[i];
        const Lived lived =
            live(c, m, drawn_fate[fate_of[i]][f], Draws(seed, f, i + 1), room, waits[part][i]);
        double all = 0;
        for (std::size_t k = 0; k < months; ++k) {
          const double cost = room.spent[k] * price[k] * level;
          by_month[k][f] += cost, by_year[k / 12][f] += cost, all += cost;
        }
        total[f] += all;
        for (const std::size_t g : groups_of[i]) by_group[g][f] += all;
        units[i][f] = lived.units, stays[i][f] = lived.units > 0 ? lived.stays / lived.units : 0;
        most[i][f] = lived.most, waited[i][f] = lived.waited;
      }
    }
  };
  std::vector<std::thread> crew;
  for (unsigned part = 1; part < threads; ++part) crew.emplace_back(work, part);
  work(0);
  for (std::thread& t : crew) t.join();

  CostForecast out;
  // Before the futures are sorted: which of their numbers goes with the total.
  const std::vector<double> rank = ranks_of(total);
  using Driver = CostForecast::Driver;
  const auto drives = [&](Driver::Of of, const std::string& name, const Column& numbers) {
    if (const double r = correlation_of(ranks_of(numbers), rank); r != 0)
      out.drivers.push_back({of, name, r});
  };
  drives(Driver::Of::prices, "", prices);
  for (std::size_t i = 0; i < fates.size(); ++i) drives(Driver::Of::fate, fates[i], drawn_fate[i]);
  for (std::size_t i = 0; i < cohorts; ++i) {
    drives(Driver::Of::intake, m.cohorts[i].code, units[i]);
    drives(Driver::Of::stay, m.cohorts[i].code, stays[i]);
  }
  std::ranges::stable_sort(out.drivers, [](const Driver& a, const Driver& b) {
    return std::abs(a.correlation) > std::abs(b.correlation);
  });

  // The error of P80, by batches of the futures as they were drawn.
  constexpr std::size_t kBatches = 20;
  Column p80s;
  for (std::size_t b = 0; b < kBatches; ++b) {
    Column some;
    for (std::size_t f = b; f < futures; f += kBatches) some.push_back(total[f]);
    std::ranges::sort(some);
    p80s.push_back(quantile(some, .8));
  }
  const double mean = std::accumulate(p80s.begin(), p80s.end(), 0.0) / kBatches;
  double square = 0;
  for (const double p : p80s) square += (p - mean) * (p - mean);
  constexpr double kT19 = 2.0930240544082634;  // Student's t of 0.975 with 19 degrees of freedom
  if (mean > 0) out.p80_error = kT19 * std::sqrt(square / (kBatches - 1) / kBatches) / mean;

  const auto spread = [](Column& c) {
    std::ranges::sort(c);
    return spread_of(c);
  };
  out.total = spread(total);
  for (Column& c : by_group) out.groups.push_back(spread(c));
  for (Column& c : by_month) out.months.push_back(spread(c));
  for (Column& c : by_year) std::ranges::sort(c), out.years.push_back(std::move(c));
  for (std::size_t i = 0; i < cohorts; ++i) {
    const Cohort& c = m.cohorts[i];
    if (!c.places) continue;
    CostForecast::Queue q;
    q.cohort = c.code, q.places = *c.places;
    std::ranges::sort(most[i]);
    q.needed_p50 = quantile(most[i], .5), q.needed_p80 = quantile(most[i], .8);
    q.needed_p95 = quantile(most[i], .95);
    q.full = static_cast<double>(std::ranges::count_if(waited[i], [](double n) { return n > 0; })) / futures;
    Column all;
    for (auto& part : waits) all.insert(all.end(), part[i].begin(), part[i].end());
    std::ranges::sort(all);
    if (!all.empty()) q.wait_p50 = quantile(all, .5), q.wait_p95 = quantile(all, .95);
    out.queues.push_back(std::move(q));
  }
  return out;
}

double share_below(std::span<const double> sorted, double came) {
  return static_cast<double>(std::ranges::upper_bound(sorted, came) - sorted.begin()) /
         static_cast<double>(sorted.size());
}
double ranked_score(std::span<const double> sorted, double came) {
  const auto n = static_cast<double>(sorted.size());
  double away = 0, apart = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    away += std::abs(sorted[i] - came);
    apart += sorted[i] * (2 * static_cast<double>(i) + 1 - n);  // half of the sum of all distances
  }
  return away / n - apart / (n * n);
}

}  // namespace risk

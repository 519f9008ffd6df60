#include <base/mixed.h>
#include <risk/patterns.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <thread>

namespace risk {
namespace {

double apart(const Event& a, const Event& b, Distance how) {
  const double dx = std::abs(a.x - b.x), dy = std::abs(a.y - b.y);
  return how == Distance::manhattan ? dx + dy : std::hypot(dx, dy);
}

// A generator that is told its place in the row of replicates: each replicate is the same whoever computes
// it.
class Random {
 public:
  Random(std::uint64_t seed, std::uint64_t replicate)
      : state_(base::mixed(seed + base::kMixStep * replicate)) {}
  std::uint64_t next() {
    const std::uint64_t drawn = base::mixed(state_);
    state_ += base::kMixStep;
    return drawn;
  }
  // Below n, without bias (Lemire 2019).
  std::uint64_t below(std::uint64_t n) {
    for (;;) {
      const Wide product = static_cast<Wide>(next()) * n;
      const auto low = static_cast<std::uint64_t>(product);
      if (low >= n || low >= (0 - n) % n) return static_cast<std::uint64_t>(product >> 64);
    }
  }

 private:
  __extension__ using Wide = unsigned __int128;
  std::uint64_t state_;
};

template <class T>
void shuffle(std::vector<T>& v, Random& random) {
  for (std::size_t i = v.size(); i > 1; --i) std::swap(v[i - 1], v[random.below(i)]);
}

bool rising(std::span<const double> edges) {
  if (edges.size() < 2) return false;
  for (std::size_t i = 1; i < edges.size(); ++i)
    if (!(edges[i - 1] < edges[i])) return false;
  return true;
}

}  // namespace

base::Result<std::vector<std::vector<std::int64_t>>> knox_table(std::span<const Event> events,
                                                                std::span<const double> space,
                                                                std::span<const double> time, Distance how) {
  if (!rising(space) || !rising(time))
    return base::Error{base::Refusal::invalid, "the edges of bins rise, and there are two at least"};
  std::vector<std::vector<std::int64_t>> table(space.size() - 1, std::vector<std::int64_t>(time.size() - 1));
  const auto bin = [](std::span<const double> edges, double v) -> std::ptrdiff_t {
    return std::upper_bound(edges.begin(), edges.end(), v) - edges.begin() - 1;  // [from, to)
  };
  for (std::size_t i = 0; i < events.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      const auto s = bin(space, apart(events[i], events[j], how)),
                 t = bin(time, std::abs(events[i].day - events[j].day));
      if (s >= 0 && t >= 0 && s < static_cast<std::ptrdiff_t>(table.size()) &&
          t < static_cast<std::ptrdiff_t>(table[0].size()))
        ++table[static_cast<std::size_t>(s)][static_cast<std::size_t>(t)];
    }
  return table;
}

Knox knox(std::span<const Event> events, double metres, double days, std::int64_t replicates,
          std::uint64_t seed, Distance how) {
  std::vector<std::pair<std::size_t, std::size_t>> near;  // once: a permutation then costs no more than these
  std::vector<double> when;
  for (std::size_t i = 0; i < events.size(); ++i) {
    when.push_back(events[i].day);
    for (std::size_t j = 0; j < i; ++j)
      if (apart(events[i], events[j], how) <= metres) near.emplace_back(i, j);
  }
  const auto close = [&](const std::vector<double>& d) {
    std::int64_t n = 0;
    for (const auto& [i, j] : near) n += std::abs(d[i] - d[j]) <= days;
    return n;
  };
  Knox out;
  out.close = close(when);
  std::int64_t as_many = 0, sum = 0;
  if (events.size() <= 8) {
    out.exact = true;
    std::vector<std::size_t> order(events.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::vector<double> d(when.size());
    do {
      for (std::size_t i = 0; i < order.size(); ++i) d[i] = when[order[i]];
      const std::int64_t n = close(d);
      ++out.permutations, sum += n, as_many += n >= out.close;
    } while (std::next_permutation(order.begin(), order.end()));
    out.p = static_cast<double>(as_many) / static_cast<double>(out.permutations);
  } else {
    for (std::int64_t r = 0; r < replicates; ++r) {
      std::vector<double> d = when;
      Random random(seed, static_cast<std::uint64_t>(r));
      shuffle(d, random);
      const std::int64_t n = close(d);
      ++out.permutations, sum += n, as_many += n >= out.close;
    }
    out.p = static_cast<double>(as_many + 1) / static_cast<double>(replicates + 1);
  }
  if (out.permutations) out.mean = static_cast<double>(sum) / static_cast<double>(out.permutations);
  return out;
}

namespace {

struct Best {
  double llr = 0;
  std::size_t window = 0, from = 0;
  std::int64_t cases = 0;
  double expected = 0;
};

// The best cylinder: a window of zones over the days from `from` to the last. The whole period is no
// cylinder.
Best best_of(const std::vector<std::vector<std::int64_t>>& cases,
             const std::vector<std::vector<std::size_t>>& windows, const std::vector<std::int64_t>& of_zone,
             const std::vector<std::int64_t>& of_day, std::int64_t total, std::int64_t least) {
  Best best;
  const std::size_t days = of_day.size();
  const auto c_all = static_cast<double>(total);
  for (std::size_t w = 0; w < windows.size(); ++w) {
    std::int64_t in_zones = 0;
    for (const std::size_t z : windows[w]) in_zones += of_zone[z];
    std::int64_t c = 0, in_days = 0;
    for (std::size_t d = days; d-- > 1;) {
      for (const std::size_t z : windows[w]) c += cases[z][d];
      in_days += of_day[d];
      const double expected = static_cast<double>(in_zones) * static_cast<double>(in_days) / c_all;
      if (c < least || static_cast<double>(c) <= expected) continue;
      const auto n = static_cast<double>(c);
      const double rest = c_all - n;
      const double llr =
          n * std::log(n / expected) + (rest > 0 ? rest * std::log(rest / (c_all - expected)) : 0);
      if (llr > best.llr) best = {llr, w, d, c, expected};
    }
  }
  return best;
}

}  // namespace

Cluster scan(const std::vector<std::vector<std::int64_t>>& cases,
             const std::vector<std::vector<std::size_t>>& windows, std::int64_t least_cases,
             std::int64_t replicates, std::uint64_t seed, unsigned threads) {
  const std::size_t zones = cases.size(), days = zones ? cases[0].size() : 0;
  std::vector<std::int64_t> of_zone(zones), of_day(days);
  std::vector<std::uint32_t> zone_of_case, day_of_case;
  for (std::size_t z = 0; z < zones; ++z)
    for (std::size_t d = 0; d < days; ++d)
      for (std::int64_t i = 0; i < cases[z][d]; ++i) {
        ++of_zone[z], ++of_day[d];
        zone_of_case.push_back(static_cast<std::uint32_t>(z)),
            day_of_case.push_back(static_cast<std::uint32_t>(d));
      }
  const auto total = static_cast<std::int64_t>(zone_of_case.size());
  Cluster out;
  if (!total) return out;
  const Best seen = best_of(cases, windows, of_zone, of_day, total, least_cases);
  if (seen.llr <= 0) return out;
  out.zones = windows[seen.window], out.from_day = seen.from, out.cases = seen.cases,
  out.expected = seen.expected, out.llr = seen.llr;
  out.replicates = replicates;
  threads = std::max(1u, threads);
  std::vector<std::int64_t> as_high(threads);
  const auto work = [&](unsigned me) {
    std::vector<std::vector<std::int64_t>> permuted(zones, std::vector<std::int64_t>(days));
    for (std::int64_t r = me; r < replicates; r += threads) {
      std::vector<std::uint32_t> when = day_of_case;
      Random random(seed, static_cast<std::uint64_t>(r));
      shuffle(when, random);
      for (auto& row : permuted) std::fill(row.begin(), row.end(), 0);
      for (std::size_t i = 0; i < when.size(); ++i) ++permuted[zone_of_case[i]][when[i]];
      as_high[me] += best_of(permuted, windows, of_zone, of_day, total, least_cases).llr >= seen.llr - 1e-12;
    }
  };
  std::vector<std::thread> others;
  for (unsigned t = 1; t < threads; ++t) others.emplace_back(work, t);
  work(0);
  for (std::thread& t : others) t.join();
  const std::int64_t r = std::accumulate(as_high.begin(), as_high.end(), std::int64_t{0});
  out.p = static_cast<double>(r + 1) / static_cast<double>(replicates + 1);
  return out;
}

double expected_gap(double a, double b, double c, double d) {
  // E|X - Y| for uniform X in [a,b], Y in [c,d]: differences of F(t) = |t|^3 / 6 at the four corners.
  if (a == b && c == d) return std::abs(a - c);
  if (a == b || c == d) {
    const double x = a == b ? a : c, from = a == b ? c : a, to = a == b ? d : b;
    if (x <= from || x >= to) return std::abs(x - (from + to) / 2);
    return ((x - from) * (x - from) + (to - x) * (to - x)) / (2 * (to - from));
  }
  const auto f = [](double t) { return std::abs(t) * t * t / 6; };
  return (f(b - c) - f(b - d) - f(a - c) + f(a - d)) / ((b - a) * (d - c));
}

double link_log_bayes(std::span<const std::pair<double, double>> features) {
  double out = 0;
  for (const auto& [linked, unlinked] : features) out += std::log(linked / unlinked);
  return out;
}
double link_posterior(double log_bayes, double prior) {
  return 1 / (1 + std::exp(-(log_bayes + std::log(prior / (1 - prior)))));
}

std::vector<double> aoristic(std::span<const std::pair<double, double>> intervals, std::size_t bins) {
  std::vector<double> out(bins);
  for (const auto& [from, to] : intervals) {
    const double a = std::clamp(from, 0.0, static_cast<double>(bins)),
                 b = std::clamp(to, 0.0, static_cast<double>(bins));
    if (b <= a) {
      if (from >= 0 && from < static_cast<double>(bins)) out[static_cast<std::size_t>(from)] += 1;
      continue;
    }
    for (auto i = static_cast<std::size_t>(a); i < bins && static_cast<double>(i) < b; ++i) {
      const double part = std::min(b, static_cast<double>(i + 1)) - std::max(a, static_cast<double>(i));
      out[i] += part / (to - from);
    }
  }
  return out;
}

std::vector<std::optional<double>> above_baseline(std::span<const double> counts, std::size_t baseline,
                                                  std::size_t gap, double floor) {
  std::vector<std::optional<double>> out(counts.size());
  if (baseline < 2) return out;
  for (std::size_t i = baseline + gap; i < counts.size(); ++i) {
    const auto before = counts.subspan(i - gap - baseline, baseline);
    const auto n = static_cast<double>(baseline);
    const double mean = std::accumulate(before.begin(), before.end(), 0.0) / n;
    double square = 0;
    for (const double c : before) square += (c - mean) * (c - mean);
    out[i] = (counts[i] - mean) / std::max(std::sqrt(square / (n - 1)), floor);
  }
  return out;
}

Epochs superposed(std::span<const double> counts, std::span<const std::size_t> events, std::size_t before,
                  std::size_t after) {
  Epochs out;
  const std::size_t days = counts.size();
  out.around.assign(before + after + 1, 0);
  if (!days || events.empty()) return out;
  std::vector<char> behind(days, 0);
  for (const std::size_t e : events)
    for (std::size_t d = 0; d <= after && d < days; ++d) behind[(e + d) % days] = 1;
  std::vector<std::size_t> marked;
  for (std::size_t d = 0; d < days; ++d)
    if (behind[d]) marked.push_back(d);
  const auto moved = [&](std::size_t by) {
    double n = 0;
    for (const std::size_t d : marked) n += counts[d + by < days ? d + by : d + by - days];
    return n;
  };
  out.within = moved(0);
  double sum = 0;
  std::int64_t as_many = 0;
  for (std::size_t by = 0; by < days; ++by) {
    const double n = moved(by);
    sum += n, as_many += n >= out.within - 1e-9, ++out.moves;
  }
  out.expected = sum / static_cast<double>(out.moves);
  out.p = static_cast<double>(as_many) / static_cast<double>(out.moves);
  for (std::size_t k = 0; k < out.around.size(); ++k) {
    for (const std::size_t e : events) {
      const std::size_t at = e + k;  // less `before`
      if (at >= before && at - before < days) out.around[k] += counts[at - before];
    }
    out.around[k] /= static_cast<double>(events.size());
  }
  return out;
}

}  // namespace risk

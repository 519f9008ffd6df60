#pragma once
// Patterns among few, vague, dated and placed incidents: exact or permutation tests, the same result on any
// number of threads. A finding changes no level: it opens a review (R-PAT-1). Methods: protection.md section
// 5; Knox 1964 with half-open bins, Kulldorff 2005 (space-time permutation), Porter 2016 (linkage).

#include <base/result.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace risk {

struct Event {
  double x = 0, y = 0;  // metres, in a plane
  double day = 0;
};
enum class Distance { straight, manhattan };

// Pairs by distance and days in bins [from, to): `space` and `time` are the edges, the last may be infinite.
// Answer: rows of space, columns of time. Refuses: invalid (edges that do not rise).
base::Result<std::vector<std::vector<std::int64_t>>> knox_table(std::span<const Event> events,
                                                                std::span<const double> space,
                                                                std::span<const double> time,
                                                                Distance how = Distance::manhattan);

struct Knox {
  std::int64_t close = 0;  // pairs within both limits
  double mean = 0;         // of the permutations of days
  double p = 1;            // that as many or more come by chance
  bool exact = false;      // all permutations were counted
  std::int64_t permutations = 0;
};
// Pairs at most `metres` and `days` apart. Exact for 8 events or fewer, else `replicates` permutations by the
// seed.
Knox knox(std::span<const Event> events, double metres, double days, std::int64_t replicates,
          std::uint64_t seed, Distance how = Distance::manhattan);

struct Cluster {
  std::vector<std::size_t> zones;
  std::size_t from_day = 0;  // to the last day
  std::int64_t cases = 0;
  double expected = 0, llr = 0;
  double p = 1;  // (r + 1) / (R + 1)
  std::int64_t replicates = 0;
};
// Prospective space-time permutation scan. `cases[zone][day]`; candidate zones are given as sets, for example
// circles around each. Days are permuted among the cases. The same on any number of threads.
Cluster scan(const std::vector<std::vector<std::int64_t>>& cases,
             const std::vector<std::vector<std::size_t>>& windows, std::int64_t least_cases,
             std::int64_t replicates, std::uint64_t seed, unsigned threads = 1);

// Expected |X - Y| of two times known only as intervals, uniform in each.
double expected_gap(double a, double b, double c, double d);

// ln of the Bayes factor that two incidents are of one hand: densities of each feature when linked and when
// not.
double link_log_bayes(std::span<const std::pair<double, double>> linked_unlinked);
double link_posterior(double log_bayes, double prior);

// Weight of each hour, day, ... bin for incidents known only as [from, to) in bins: each incident has weight
// 1 in all (aoristic analysis).
std::vector<double> aoristic(std::span<const std::pair<double, double>> intervals, std::size_t bins);

// How many standard deviations each count lies above the mean of `baseline` counts that end `gap` before it:
// C2 of EARS (Hutwagner and others 2003). `floor`: the least deviation that is believed, as few incidents
// have none. Nothing where there is no whole baseline.
std::vector<std::optional<double>> above_baseline(std::span<const double> counts, std::size_t baseline,
                                                  std::size_t gap, double floor);

struct Epochs {
  double within = 0;           // incidents on the day of an event or at most `after` days behind one
  double expected = 0, p = 1;  // by all moves of the events: that as many or more come by chance
  std::int64_t moves = 0;
  std::vector<double> around;  // incidents a day, from `before` days before an event to `after` behind it
};
// Superposed epochs: do incidents follow events, such as filings and hearings? All events are moved together
// by each number of days, around the end of the period to its beginning, which keeps their distances and
// those of the incidents; all moves are counted, so p is exact. `counts`: a day of the period; `events`: days
// in it.
Epochs superposed(std::span<const double> counts, std::span<const std::size_t> events, std::size_t before,
                  std::size_t after);

}  // namespace risk

#pragma once
// What protecting people will probably cost: futures of cohorts, drawn with one fate for each case and one
// for prices, since independent draws understate the tail (protection.md section 6; its golden vector 17). A
// unit is a subject with their household. The same numbers for the same seed on any number of threads.

#include <base/result.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace risk {

// Units that are alike: in one case, protected in one way.
struct Cohort {
  std::string code;
  std::string fate;           // a case: its cohorts grow in more or fewer together; empty: a fate of its own
  std::uint32_t present = 0;  // units at the beginning, somewhere in their stay
  double intake = 0;          // new units a month, on average
  double stay_p50 = 1, stay_p90 = 1;  // months: lognormal by two of its quantiles; equal: always that long
  std::uint32_t others = 0;           // persons beside the subject, at most
  double others_share = 0;            // how probable each of them is
  double once = 0, monthly = 0;       // a new unit; a person and month: in prices of the beginning
  double borne = 0;                   // 0 to 1: the share that others bear, for example a State
  std::optional<std::uint32_t>
      places{};  // units at a time; the rest waits, first come, and costs nothing yet
};
struct CostModel {
  std::vector<Cohort> cohorts;
  std::vector<std::vector<std::size_t>> groups{};  // of cohorts by their place: what is told of together
  std::uint32_t months = 12;
  double fate_cv = 0;    // of the gamma with mean 1 that multiplies the intake of a case
  double price_cv = 0;   // of the lognormal with mean 1 that multiplies all costs of a future
  double inflation = 0;  // a year; 0.03 is 3 %
};

struct Spread {
  double mean = 0, p10 = 0, p50 = 0, p80 = 0, p95 = 0;
  double shortfall = 0;  // the mean of the worst 5 %
};
// Of sorted values.
Spread spread_of(std::span<const double> sorted);

struct CostForecast {
  Spread total;
  std::vector<Spread> groups;              // in their order
  std::vector<Spread> months;              // what is spent in each
  std::vector<std::vector<double>> years;  // twelve months each, the last may be shorter: sorted futures
  struct Driver {
    enum class Of { prices, fate, intake, stay } of;
    std::string name;        // of the fate or cohort
    double correlation = 0;  // Spearman's, with the total
  };
  std::vector<Driver> drivers;  // the strongest first; what does not vary is left out
  struct Queue {
    std::string cohort;
    std::uint32_t places = 0;
    double needed_p50 = 0, needed_p80 = 0, needed_p95 = 0;  // places at the fullest, were there no limit
    double full = 0;                                        // share of futures in which somebody waits
    double wait_p50 = 0, wait_p95 = 0;                      // months, of those who wait; of all futures
  };
  std::vector<Queue> queues;
  double p80_error = 0;  // half of the 95 % interval of P80 by twenty batches, as a share of it
};
// Refuses: invalid (which cohort and what is wrong; too many units and futures in all).
base::Result<CostForecast> forecast_cost(const CostModel& model, std::uint32_t futures, std::uint64_t seed,
                                         unsigned threads = 1);

// Back-testing: how surprising what came was. The share of the futures at most as dear (the probability
// integral transform), and the continuous ranked probability score (Gneiting and Raftery 2007), in the unit
// of the costs. Of sorted values.
double share_below(std::span<const double> sorted, double came);
double ranked_score(std::span<const double> sorted, double came);

}  // namespace risk

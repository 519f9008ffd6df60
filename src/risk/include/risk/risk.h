#pragma once
// The arithmetic of risk to a person: what evidence weighs, how threat and vulnerability make a rate, how
// sure one may be, what measures leave, and which level that is. Numbers order work and explain change; a
// trained person makes the final rating (structured professional judgement).
//
// Formulas: data and golden vectors of the domain document, protection.md sections 3 and 4.4. Every weight is
// in Model, which is data of the office; the values here are the shipped defaults, to be ratified.

#include <base/result.h>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace risk {

struct Model {
  // Admiralty: reliability A to F and credibility 1 to 6. F and 6 are "unknown", not "average".
  std::array<double, 6> reliability{1, .8, .6, .35, .1, .4};
  std::array<double, 6> credibility{1, .8, .6, .35, .1, .4};
  std::array<double, 3> threat{.4, .35, .25};  // intent, capability, inhibiting context
  double base = 2;                             // a step of threat or vulnerability multiplies the rate
  std::array<double, 4> level_from{.01, .05, .2,
                                   .5};  // probability over 12 months from which L2, L3, L4, L5 begin
  std::array<double, 5> severity{1, 3, 10, 30, 100};  // of impact 1 to 5, for ranking inside a level
  double common_cause = .1, best_reduction = .95;     // of barriers on one path
  double spread_least = .25, spread_more = 1.2;       // of the logit of a probability
  double low_below = .35, moderate_below = .7;        // confidence
  // [likelihood 1 to 5][impact 1 to 5]: 0 low, 1 medium, 2 high, 3 very high, 4 unacceptable.
  std::array<std::array<int, 5>, 5> matrix{
      {{0, 0, 0, 0, 1}, {0, 0, 0, 1, 1}, {0, 0, 1, 2, 2}, {0, 1, 2, 2, 3}, {0, 1, 2, 3, 4}}};
};
// Refuses: invalid, naming the cells: a matrix in which more likelihood or more impact gives a lower level,
// or an impact of 5 stands below medium.
base::Status check_matrix(const Model& m);

// How much of its weight an item of age t days keeps: 1 - (t/tau)^(1/delta); 1 when it never ages (tau none).
double decay(double days, std::optional<double> tau, double delta);
// Weight of a graded item: 0 to 1. reliability 'A' to 'F', credibility 1 to 6. Refuses: invalid (another
// grade).
base::Result<double> weight(const Model& m, char reliability, int credibility, double kept = 1);

enum class Fit { strongly_for, for_, neutral, against, strongly_against };  // CC, C, N, I, II
struct Evidence {
  std::string origin;  // group of one ultimate origin: it counts once, by its strongest item
  double weight = 0;
  Fit fit = Fit::neutral;
};
double posterior(double prior, std::span<const Evidence> all);
double inconsistency(std::span<const Evidence> all);  // Heuer: the least inconsistent hypothesis leads

// 1 to 5 each; capped so that no average hides a missing intention or capability.
double threat(const Model& m, double intent, double capability, double inhibiting);
// 1 to 5 from factors of 0 to 1: what exposes, and what the person can set against it.
double vulnerability(std::span<const double> exposed, std::span<const double> able);
// Incidents a person-year: n seen in `years`, shrunk to a prior of a0 in b0 years.
double base_rate(double a0, double b0, double n, double years);
double rate(const Model& m, double reference, double threat, double vulnerability, double near_repeat = 1,
            double stage = 1);
double probability(double rate, double days);
int likelihood_level(const Model& m, double probability_of_a_year);  // 1 to 5

struct Confidence {
  double value = 0;
  enum class Word { low, moderate, high } word = Word::low;
};
// `strongest`: of each origin group; unknown: share of items graded F or 6; assumptions: unverified key ones;
// spread: levels between the assessors.
Confidence confidence(const Model& m, std::span<const double> strongest, double unknown, int assumptions,
                      int spread = 0);
struct Interval {
  double p05, p50, p80, p95;
};
Interval interval(const Model& m, double probability, double confidence);
// The probability a decision looks at: P80 while confidence is not high, else P50. It can only raise.
double decided_on(const Interval& i, Confidence::Word word);

struct Path {  // of one scenario: its share of the rate, and the barriers on it as they work now, 0 to 1
  double rate = 0;
  std::vector<double> barriers;
};
double barrier(double design, double carried_out, double days_overdue, double interval_days,
               std::span<const double> escalation = {});
// Credit is given path by path: a path without a barrier is never diluted by the others.
double residual(const Model& m, std::span<const Path> paths, double introduced = 0);

enum class Level { low, medium, high, very_high, unacceptable };
Level level(const Model& m, int likelihood, int impact);  // both 1 to 5
double expected_harm(const Model& m, double probability, int impact);

// That help is there before harm: two lognormals by their p50 and p90, in one unit.
struct Lognormal {
  double p50, p90;
};
double response_beats_harm(const Lognormal& response, const Lognormal& harm);

}  // namespace risk

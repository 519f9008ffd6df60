#pragma once
// Which of several cases comes first (SYSTEMS.md M03): a weighted sum of what assessors say under each
// criterion, and how much of the order is the weights'. Scores are means over assessors; the weights sum
// to 1.

#include <base/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace casework {

// What assessors said of one case under one criterion.
struct Assessed {
  double mean = 0, low = 0, high = 0;
  double spread = 0;  // standard deviation over the assessors; of one: 0
  std::size_t assessors = 0;
};
Assessed assessed(const std::vector<double>& scores);  // at least one

class Ranking {
 public:
  // `scores`: a row a case, a column a criterion. `weights`: of the criteria, at least 0, some above; any
  // sum. Refuses: invalid (no criterion, a row of another length, a weight that is none).
  static base::Result<Ranking> of(std::vector<std::vector<double>> scores, std::vector<double> weights);

  const std::vector<double>& weights() const { return weights_; }  // summing to 1
  double score(std::size_t a_case) const;
  // Cases in their order, the first first; of equals the one that was given first.
  const std::vector<std::size_t>& order() const { return order_; }

  // The smallest change of a single weight, all others keeping their proportions, after which two cases are
  // equal, and beyond which they change places. Nothing: no weight of any criterion alone does it.
  // With d the differences of the scores, D = sum of w d, and R = (D - w_k d_k) / (1 - w_k): t = R / (R -
  // d_k).
  struct Turn {
    std::size_t criterion = 0;
    double to = 0;  // the weight of the criterion, 0 to 1
  };
  std::optional<Turn> turn(std::size_t above, std::size_t below) const;

  // How many cases are at least as good under every criterion and better under one: they come before whatever
  // the weights (where all are above 0).
  std::size_t dominated_by(std::size_t a_case) const;

  struct Acceptability {
    std::vector<std::vector<double>> share;  // of each case: of the draws in which it has each rank
    std::vector<std::size_t> best, worst;    // ranks met, from 0
  };
  // Ranks under weights drawn from a Dirichlet distribution around the office's with that sum of parameters,
  // the same for the same seed. A criterion without weight stays without. `closeness` 0: evenly over all
  // weights there can be, of all criteria; the weights of one criterion alone are looked at as well for best
  // and worst.
  Acceptability acceptability(std::uint32_t draws, double closeness, std::uint64_t seed) const;

 private:
  std::vector<std::vector<double>> scores_;
  std::vector<double> weights_;
  std::vector<std::size_t> order_;
};

}  // namespace casework

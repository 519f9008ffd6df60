#pragma once
// Competing hypotheses (Heuer, Psychology of Intelligence Analysis, chapter 8): what speaks against each,
// which evidence tells them apart, and on what the order rests. Formulas: protection.md section 3 (weights of
// grades, update by origin group, inconsistency); those of one hypothesis alone are in risk.h.

#include <base/result.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace risk {

struct Rated {
  double likelihood = 1;  // of the evidence where the hypothesis is true, against where it is not
  double against = 0;     // what it counts against the hypothesis
};
struct Weighed {
  std::string origin;     // of one ultimate origin: counts once in what follows by origin
  double weight = 0;      // 0 to 1
  std::vector<Rated> of;  // each hypothesis, in their order
};

struct Hypotheses {
  std::vector<double> inconsistency;  // the sum of weight and against: the least leads
  std::vector<double> once;           // the same by the strongest item of each origin alone
  std::vector<std::size_t> rank;      // 1: the least inconsistent; equals share a rank
  std::vector<std::size_t> rank_once;
  // Of each hypothesis against its denial, from a prior that favours none: 1 / n. They need not add up to 1.
  std::vector<double> posterior;
  std::vector<double> diagnosticity;  // of each item: the range of ln likelihood; 0: it tells nothing apart
  struct Turn {
    std::vector<std::size_t> without;  // items: one, or all of one origin
    std::vector<std::size_t> least;    // the hypotheses that have the least against them then
  };
  std::vector<Turn> turns;  // only where these are others than with all evidence
};
// Refuses: invalid (no hypothesis; an item that is not rated for each; a weight, ratio or count that is
// none).
base::Result<Hypotheses> weigh(std::span<const Weighed> evidence, std::size_t hypotheses);

}  // namespace risk

#include <casework/priority.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace casework {
namespace {

double uniform(std::mt19937_64& r) {  // in (0, 1)
  return (static_cast<double>(r() >> 11) + 0.5) * 0x1p-53;
}
double normal(std::mt19937_64& r) {  // Box and Muller
  return std::sqrt(-2 * std::log(uniform(r))) * std::cos(2 * 3.14159265358979323846 * uniform(r));
}
// Marsaglia and Tsang (2000).
double gamma(std::mt19937_64& r, double shape) {
  if (shape < 1) return gamma(r, shape + 1) * std::pow(uniform(r), 1 / shape);
  const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = normal(r), v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(uniform(r)) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

double sum_of(const std::vector<double>& scores, const std::vector<double>& weights) {
  return std::inner_product(scores.begin(), scores.end(), weights.begin(), 0.0);
}
// What two weights give for equal scores may differ in the last digits.
double rounded(double score) { return std::round(score * 1e9) / 1e9; }

std::vector<std::size_t> order_by(const std::vector<std::vector<double>>& scores,
                                  const std::vector<double>& weights) {
  std::vector<double> sums;
  for (const auto& row : scores) sums.push_back(rounded(sum_of(row, weights)));
  std::vector<std::size_t> out(scores.size());
  std::iota(out.begin(), out.end(), std::size_t{0});
  std::ranges::stable_sort(out, [&](std::size_t a, std::size_t b) { return sums[a] > sums[b]; });
  return out;
}

}  // namespace

Assessed assessed(const std::vector<double>& scores) {
  CHECK(!scores.empty());
  Assessed out;
  const double n = static_cast<double>(scores.size());
  out.assessors = scores.size();
  out.mean = std::accumulate(scores.begin(), scores.end(), 0.0) / n;
  out.low = *std::ranges::min_element(scores), out.high = *std::ranges::max_element(scores);
  if (scores.size() > 1) {
    double squares = 0;
    for (const double s : scores) squares += (s - out.mean) * (s - out.mean);
    out.spread = std::sqrt(squares / (n - 1));
  }
  return out;
}

base::Result<Ranking> Ranking::of(std::vector<std::vector<double>> scores, std::vector<double> weights) {
  const auto wrong = [](const char* what) { return base::Error{base::Refusal::invalid, what}; };
  if (weights.empty()) return wrong("there is no criterion to rank by");
  if (std::ranges::any_of(weights, [](double w) { return !(w >= 0) || !std::isfinite(w); }))
    return wrong("a weight is a number of at least 0");
  const double whole = std::accumulate(weights.begin(), weights.end(), 0.0);
  if (!(whole > 0)) return wrong("some weight is above 0");
  for (const auto& row : scores)
    if (row.size() != weights.size()) return wrong("every case has a score under every criterion");
  Ranking out;
  for (double& w : weights) w /= whole;
  out.scores_ = std::move(scores), out.weights_ = std::move(weights);
  out.order_ = order_by(out.scores_, out.weights_);
  return out;
}

double Ranking::score(std::size_t a_case) const { return sum_of(scores_[a_case], weights_); }

std::optional<Ranking::Turn> Ranking::turn(std::size_t above, std::size_t below) const {
  const auto& a = scores_[above];
  const auto& b = scores_[below];
  const double whole = score(above) - score(below);
  std::optional<Turn> best;
  for (std::size_t k = 0; k < weights_.size(); ++k) {
    const double w = weights_[k], d = a[k] - b[k];
    if (w >= 1) continue;  // nothing keeps its proportion
    const double rest = (whole - w * d) / (1 - w);
    if (rest == d) continue;
    const double to = rest / (rest - d);
    if (!(to >= 0 && to <= 1)) continue;
    if (!best || std::abs(to - w) < std::abs(best->to - weights_[best->criterion])) best = Turn{k, to};
  }
  return best;
}

std::size_t Ranking::dominated_by(std::size_t a_case) const {
  const auto& own = scores_[a_case];
  return static_cast<std::size_t>(std::ranges::count_if(scores_, [&](const std::vector<double>& other) {
    bool better = false;
    for (std::size_t k = 0; k < own.size(); ++k) {
      if (other[k] < own[k]) return false;
      better = better || other[k] > own[k];
    }
    return better;
  }));
}

Ranking::Acceptability Ranking::acceptability(std::uint32_t draws, double closeness,
                                              std::uint64_t seed) const {
  const std::size_t cases = scores_.size();
  Acceptability out;
  out.share.assign(cases, std::vector<double>(cases));
  out.best.assign(cases, cases), out.worst.assign(cases, 0);
  const auto look = [&](const std::vector<double>& weights, double counts) {
    const auto order = order_by(scores_, weights);
    for (std::size_t rank = 0; rank < cases; ++rank) {
      const std::size_t c = order[rank];
      out.share[c][rank] += counts;
      out.best[c] = std::min(out.best[c], rank), out.worst[c] = std::max(out.worst[c], rank);
    }
  };
  std::mt19937_64 random(seed);
  std::vector<double> weights(weights_.size());
  for (std::uint32_t i = 0; i < draws; ++i) {
    double whole = 0;
    for (std::size_t k = 0; k < weights.size(); ++k) {
      const double shape = closeness > 0 ? closeness * weights_[k] : 1;
      whole += weights[k] = shape > 0 ? gamma(random, shape) : 0;
    }
    for (double& w : weights) w /= whole;
    look(weights, 1.0 / draws);
  }
  if (!(closeness > 0))
    for (std::size_t k = 0; k < weights.size(); ++k) {
      std::ranges::fill(weights, 0);
      weights[k] = 1;
      look(weights, 0);
    }
  return out;
}

}  // namespace casework

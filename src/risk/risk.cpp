#include <risk/risk.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace risk {
namespace {

double logit(double p) { return std::log(p / (1 - p)); }
double sigmoid(double z) { return 1 / (1 + std::exp(-z)); }
double normal(double x) { return .5 * std::erfc(-x / std::sqrt(2.0)); }

constexpr double kZ90 = 1.2816, kZ80 = .8416, kZ95 = 1.645;
constexpr double kLikelihoodRatio[] = {4, 2, 1, .5, .25};
constexpr double kInconsistency[] = {0, 0, 0, 1, 2};

}  // namespace

base::Status check_matrix(const Model& m) {
  const auto cell = [](std::size_t l, std::size_t i) {
    return "L" + std::to_string(l + 1) + " I" + std::to_string(i + 1);
  };
  for (std::size_t l = 0; l < 5; ++l)
    for (std::size_t i = 0; i < 5; ++i) {
      const int here = m.matrix[l][i];
      if (here < 0 || here > 4)
        return base::Error{base::Refusal::invalid, cell(l, i) + " is no level: 0 to 4"};
      if (l && m.matrix[l - 1][i] > here)
        return base::Error{base::Refusal::invalid, cell(l, i) + " lies below " + cell(l - 1, i) +
                                                       ": more likelihood never lowers the level"};
      if (i && m.matrix[l][i - 1] > here)
        return base::Error{base::Refusal::invalid, cell(l, i) + " lies below " + cell(l, i - 1) +
                                                       ": more impact never lowers the level"};
    }
  for (std::size_t l = 0; l < 5; ++l)
    if (m.matrix[l][4] < 1)
      return base::Error{base::Refusal::invalid, cell(l, 4) + ": an impact of 5 is never below medium"};
  return base::Done{};
}

double decay(double days, std::optional<double> tau, double delta) {
  if (!tau) return 1;
  if (days < 0) return 0;
  return std::max(0.0, 1 - std::pow(days / *tau, 1 / delta));
}

base::Result<double> weight(const Model& m, char reliability, int credibility, double kept) {
  if (reliability < 'A' || reliability > 'F' || credibility < 1 || credibility > 6)
    return base::Error{
        base::Refusal::invalid,
        "a grade of the Admiralty scheme is a letter A to F and a figure 1 to 6; grades of other "
        "schemes are translated by the crosswalk first"};
  return m.reliability[static_cast<std::size_t>(reliability - 'A')] *
         m.credibility[static_cast<std::size_t>(credibility - 1)] * kept;
}

double posterior(double prior, std::span<const Evidence> all) {
  std::map<std::string_view, double> strongest;
  for (const Evidence& e : all) {
    const double x = e.weight * std::log(kLikelihoodRatio[static_cast<std::size_t>(e.fit)]);
    double& held = strongest[e.origin];
    if (std::abs(x) > std::abs(held)) held = x;
  }
  double z = logit(prior);
  for (const auto& [origin, x] : strongest) z += x;
  return sigmoid(z);
}
double inconsistency(std::span<const Evidence> all) {
  double out = 0;
  for (const Evidence& e : all) out += e.weight * kInconsistency[static_cast<std::size_t>(e.fit)];
  return out;
}

double threat(const Model& m, double intent, double capability, double inhibiting) {
  return std::min(m.threat[0] * intent + m.threat[1] * capability + m.threat[2] * inhibiting,
                  std::min(intent, capability) + 1);
}
double vulnerability(std::span<const double> exposed, std::span<const double> able) {
  double u = 1, k = 1;
  for (const double x : exposed) u *= 1 - x;
  for (const double x : able) k *= 1 - x;
  return 1 + 4 * (1 - u) * k;
}
double base_rate(double a0, double b0, double n, double years) { return (a0 + n) / (b0 + years); }
double rate(const Model& m, double reference, double t, double v, double near_repeat, double stage) {
  return reference * std::pow(m.base, t - 3) * std::pow(m.base, v - 3) * near_repeat * stage;
}
double probability(double a_year, double days) { return -std::expm1(-a_year * days / 365); }
int likelihood_level(const Model& m, double p) {
  int out = 1;
  for (const double from : m.level_from) out += p >= from;
  return out;
}

Confidence confidence(const Model& m, std::span<const double> strongest, double unknown, int assumptions,
                      int spread) {
  double sum = 0;
  for (const double a : strongest) sum += a;
  Confidence c;
  c.value = (1 - std::exp(-sum / 2)) * (1 - .5 * unknown) * std::pow(.9, assumptions) *
            std::max(0.0, 1 - .1 * spread);
  c.word = c.value < m.low_below        ? Confidence::Word::low
           : c.value < m.moderate_below ? Confidence::Word::moderate
                                        : Confidence::Word::high;
  return c;
}
Interval interval(const Model& m, double p, double sure) {
  if (p <= 0) return {0, 0, 0, 0};
  if (p >= 1) return {1, 1, 1, 1};
  const double s = m.spread_least + m.spread_more * (1 - sure), z = logit(p);
  return {sigmoid(z - kZ95 * s), p, sigmoid(z + kZ80 * s), sigmoid(z + kZ95 * s)};
}
double decided_on(const Interval& i, Confidence::Word word) {
  return word == Confidence::Word::high ? i.p50 : i.p80;
}

double barrier(double design, double carried_out, double days_overdue, double interval_days,
               std::span<const double> escalation) {
  double e = design * carried_out;
  if (days_overdue > 0) e *= interval_days > 0 ? std::exp2(-days_overdue / interval_days) : 0;
  for (const double x : escalation) e *= 1 - x;
  return std::clamp(e, 0.0, 1.0);
}
double residual(const Model& m, std::span<const Path> paths, double introduced) {
  double out = introduced;
  for (const Path& p : paths) {
    double open = 1, best = 0;
    for (const double e : p.barriers) open *= 1 - e, best = std::max(best, e);
    const double left = p.barriers.empty() ? 1 : (1 - m.common_cause) * open + m.common_cause * (1 - best);
    out += p.rate * std::max(left, 1 - m.best_reduction);
  }
  return out;
}

Level level(const Model& m, int likelihood, int impact) {
  CHECK(likelihood >= 1 && likelihood <= 5 && impact >= 1 && impact <= 5);
  return static_cast<Level>(
      m.matrix[static_cast<std::size_t>(likelihood - 1)][static_cast<std::size_t>(impact - 1)]);
}
double expected_harm(const Model& m, double p, int impact) {
  return p * m.severity.at(static_cast<std::size_t>(impact - 1));
}

double response_beats_harm(const Lognormal& response, const Lognormal& harm) {
  const auto mean = [](const Lognormal& l) { return std::log(l.p50); };
  const auto spread = [](const Lognormal& l) { return (std::log(l.p90) - std::log(l.p50)) / kZ90; };
  return normal((mean(harm) - mean(response)) / std::hypot(spread(response), spread(harm)));
}

}  // namespace risk

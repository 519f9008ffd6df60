#include <risk/hypotheses.h>

#include <algorithm>
#include <cmath>
#include <map>

namespace risk {
namespace {

using Places = std::vector<std::size_t>;

// Sums of the same figures in another order may differ in the last digits.
double told(double x) { return std::round(x * 1e9) / 1e9; }

template <class Kept>
std::vector<double> inconsistencies(std::span<const Weighed> all, std::size_t hypotheses, Kept kept) {
  std::vector<double> out(hypotheses);
  for (std::size_t k = 0; k < all.size(); ++k)
    if (kept(k))
      for (std::size_t h = 0; h < hypotheses; ++h) out[h] += all[k].weight * all[k].of[h].against;
  for (double& x : out) x = told(x);
  return out;
}

Places least_of(const std::vector<double>& of) {
  Places out;
  const double least = *std::ranges::min_element(of);
  for (std::size_t h = 0; h < of.size(); ++h)
    if (of[h] == least) out.push_back(h);
  return out;
}

Places standing(const std::vector<double>& of) {
  Places out;
  for (const double x : of)
    out.push_back(1 + static_cast<std::size_t>(std::ranges::count_if(of, [&](double y) { return y < x; })));
  return out;
}

base::Status check_rated(std::span<const Weighed> all, std::size_t hypotheses) {
  const auto wrong = [](const char* what) { return base::Error{base::Refusal::invalid, what}; };
  if (hypotheses == 0) return wrong("there is no hypothesis to weigh");
  for (const Weighed& e : all) {
    if (e.of.size() != hypotheses) return wrong("each item is rated for each hypothesis");
    if (!(e.weight >= 0 && e.weight <= 1)) return wrong("a weight lies between 0 and 1");
    for (const Rated& r : e.of)
      if (!(r.likelihood > 0) || !std::isfinite(r.likelihood) || !(r.against >= 0) ||
          !std::isfinite(r.against))
        return wrong("a likelihood ratio is above 0, and what counts against a hypothesis at least 0");
  }
  return base::Done{};
}

}  // namespace

base::Result<Hypotheses> weigh(std::span<const Weighed> all, std::size_t hypotheses) {
  TRY(check_rated(all, hypotheses));
  Hypotheses out;
  std::map<std::string_view, Places> origins;
  for (std::size_t k = 0; k < all.size(); ++k) {
    origins[all[k].origin].push_back(k);
    const auto [low, high] = std::ranges::minmax_element(all[k].of, {}, &Rated::likelihood);
    out.diagnosticity.push_back(std::log(high->likelihood) - std::log(low->likelihood));
  }
  out.inconsistency = inconsistencies(all, hypotheses, [](std::size_t) { return true; });
  out.rank = standing(out.inconsistency);

  // With one hypothesis alone there is nothing to choose from: even odds.
  const double prior = hypotheses > 1 ? -std::log(static_cast<double>(hypotheses - 1)) : 0;
  for (std::size_t h = 0; h < hypotheses; ++h) {
    double against = 0, logit = prior;
    for (const auto& [origin, items] : origins) {
      double most = 0, strongest = 0;
      for (const std::size_t k : items) {
        most = std::max(most, all[k].weight * all[k].of[h].against);
        const double x = all[k].weight * std::log(all[k].of[h].likelihood);
        if (std::abs(x) > std::abs(strongest)) strongest = x;
      }
      against += most, logit += strongest;
    }
    out.once.push_back(told(against));
    out.posterior.push_back(1 / (1 + std::exp(-logit)));
  }
  out.rank_once = standing(out.once);

  const Places least = least_of(out.inconsistency);
  const auto drop = [&](const Places& without) {
    Places then = least_of(inconsistencies(
        all, hypotheses, [&](std::size_t k) { return std::ranges::find(without, k) == without.end(); }));
    if (then != least) out.turns.push_back({without, std::move(then)});
  };
  for (std::size_t k = 0; k < all.size(); ++k) drop({k});
  for (const auto& [origin, items] : origins)
    if (items.size() > 1) drop(items);
  return out;
}

}  // namespace risk

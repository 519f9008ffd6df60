// The costs of 500 persons a year over five years in 10,000 futures, on the processors there are; beside it
// what only drawing as many stays costs, with the generator of the standard library.
#include <risk/cost.h>

#include <chrono>
#include <cstdio>
#include <random>
#include <thread>

int main() {
  using Clock = std::chrono::steady_clock;
  constexpr std::uint32_t kFutures = 10'000;
  risk::CostModel m;
  m.months = 60, m.fate_cv = .5, m.price_cv = .1, m.inflation = .03;
  double units = 0;
  for (int i = 0; i < 20; ++i) {
    risk::Cohort c{.code = "C" + std::to_string(i), .fate = "F" + std::to_string(i % 5)};
    c.present = 10, c.intake = 500.0 / 3 / 12 / 20, c.stay_p50 = 9, c.stay_p90 = 24;
    c.others = 4, c.others_share = .5, c.once = 12'000, c.monthly = 2'500;
    if (i % 4 == 0) c.places = 12;
    units += c.present + c.intake * m.months;
    m.cohorts.push_back(c);
  }
  const auto seconds = [](auto&& f) {
    const auto began = Clock::now();
    f();
    return std::chrono::duration<double>(Clock::now() - began).count();
  };
  const unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  double p80 = 0, sum = 0;
  const double took = seconds([&] { p80 = risk::forecast_cost(m, kFutures, 1, threads)->total.p80; });
  const double peer = seconds([&] {
    std::mt19937_64 r(1);
    std::lognormal_distribution<double> stay(2.2, .77);
    for (double n = units * kFutures / threads; n > 0; --n) sum += stay(r);
  });
  std::printf(
      "{\"cost_units\":%.0f,\"futures\":%u,\"months\":%u,\"threads\":%u,\"forecast_s\":%.3f,"
      "\"drawing_alone_s\":%.3f,\"ratio\":%.2f,\"p80\":%.0f,\"drawn\":%.0f}\n",
      units, kFutures, m.months, threads, took, peer, took / peer, p80, sum);
}

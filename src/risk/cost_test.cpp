#include <gtest/gtest.h>
#include <risk/cost.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

using namespace risk;

namespace {

// The toy of protection.md, section 14, vector 17.
CostModel toy(double fate_cv = 0) {
  CostModel m;
  m.cohorts = {{.code = "A",
                .fate = "case",
                .intake = .5,
                .stay_p50 = 9,
                .stay_p90 = 24,
                .others = 4,
                .others_share = .5,
                .once = 12'000,
                .monthly = 2'500}};
  m.fate_cv = fate_cv;
  return m;
}
// The mean of the total where no places are limited and nobody is present at the beginning, without drawing:
// Campbell's theorem for the cost of arrivals.
double mean_cost(const CostModel& m) {
  const auto phi = [](double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; };
  double sum = 0;
  for (const Cohort& c : m.cohorts) {
    const double mu = std::log(c.stay_p50), s = std::log(c.stay_p90 / c.stay_p50) / 1.2815515655446004;
    const auto until = [&](double h) {  // the mean of a stay that is cut at h
      if (h <= 0) return 0.0;
      if (s == 0) return std::min(c.stay_p50, h);
      return std::exp(mu + s * s / 2) * phi((std::log(h) - mu - s * s) / s) +
             h * (1 - phi((std::log(h) - mu) / s));
    };
    const double persons = 1 + c.others * c.others_share;
    for (std::uint32_t month = 0; month < m.months; ++month) {
      sum += c.intake * c.once * (1 - c.borne) * std::pow(1 + m.inflation, month / 12.0);
      for (std::uint32_t paid = month; paid < m.months; ++paid)
        sum += c.intake * c.monthly * persons * (1 - c.borne) * std::pow(1 + m.inflation, paid / 12.0) *
               (until(paid - month + 1) - until(paid - month));
    }
  }
  return sum;
}
CostForecast drawn(const CostModel& m, std::uint32_t futures = 10'000, std::uint64_t seed = 1) {
  auto f = forecast_cost(m, futures, seed, 2);
  EXPECT_TRUE(f.ok()) << (f ? "" : f.error().message);
  return f ? std::move(*f) : CostForecast{};
}
CostModel any(std::mt19937_64& r) {
  const auto within = [&](double a, double b) { return std::uniform_real_distribution(a, b)(r); };
  CostModel m;
  m.months = 1 + static_cast<std::uint32_t>(r() % 40), m.inflation = within(-.02, .1);
  for (std::size_t i = 1 + r() % 3; i > 0; --i) {
    Cohort c;
    c.code = "C" + std::to_string(i), c.fate = r() % 2 ? "X" : "";
    c.intake = within(0, 4), c.stay_p50 = within(.2, 20), c.stay_p90 = c.stay_p50 * within(1, 4);
    c.others = static_cast<std::uint32_t>(r() % 6), c.others_share = within(0, 1);
    c.once = within(0, 1e4), c.monthly = within(0, 1e4), c.borne = within(0, 1);
    m.cohorts.push_back(std::move(c));
  }
  return m;
}

}  // namespace

TEST(Golden, v17_budget) {
  EXPECT_NEAR(mean_cost(toy()), 311'421, 2) << "whose quantile of 0.9 is rounded";
  const CostForecast alone = drawn(toy(), 60'000), together = drawn(toy(.5), 60'000);
  EXPECT_NEAR(alone.total.mean, 311'421, 2'000);
  EXPECT_NEAR(together.total.mean, 311'421, 3'000);
  // The vector is of 4,000 paths, which leaves a P95 uncertain by 2 %; its own formulas give 566,000 to
  // 571,000 and 708,000 to 717,000 with five times as many.
  EXPECT_NEAR(alone.total.p95, 581'000, 15'000);
  EXPECT_NEAR(together.total.p95, 726'000, 20'000);
  EXPECT_NEAR(alone.total.p95, 568'500, 4'000);
  EXPECT_NEAR(together.total.p95, 713'000, 7'000);
}

TEST(Cost, drawn_agrees_with_the_mean_that_is_worked_out) {
  std::mt19937_64 r(7);
  for (int i = 0; i < 12; ++i) {
    CostModel m = any(r);
    m.fate_cv = i % 2 ? .4 : 0, m.price_cv = i % 3 ? .1 : 0;
    const double mean = mean_cost(m);
    const CostForecast f = drawn(m, 5'000, r());
    // Six standard errors, as the spread of the drawn futures gives them.
    const double deviation = std::max(f.total.p80 - f.total.p10, 1.0);
    EXPECT_NEAR(f.total.mean, mean, 6 * deviation / std::sqrt(5'000.0)) << i;
  }
}
TEST(Cost, of_parts_sums_to_the_whole) {
  std::mt19937_64 r(8);
  for (int i = 0; i < 30; ++i) {
    CostModel m = any(r);
    m.fate_cv = .5, m.price_cv = .2;
    m.cohorts[0].present = 5, m.cohorts[0].places = 3;
    for (std::size_t k = 0; k < m.cohorts.size(); ++k) m.groups.push_back({k});
    m.groups.emplace_back();
    for (std::size_t k = 0; k < m.cohorts.size(); ++k) m.groups.back().push_back(k);
    const CostForecast f = drawn(m, 500, r());
    double cohorts = 0, months = 0, years = 0;
    for (std::size_t k = 0; k < m.cohorts.size(); ++k) cohorts += f.groups[k].mean;
    EXPECT_NEAR(f.groups.back().mean, f.total.mean, 1e-9 * std::max(1.0, f.total.mean));
    for (const Spread& s : f.months) months += s.mean;
    for (const auto& y : f.years) years += spread_of(y).mean;
    const double near = 1e-9 * std::max(1.0, f.total.mean);
    EXPECT_NEAR(cohorts, f.total.mean, near);
    EXPECT_NEAR(months, f.total.mean, near);
    EXPECT_NEAR(years, f.total.mean, near);
    EXPECT_LE(f.total.p10, f.total.p50);
    EXPECT_LE(f.total.p50, f.total.p80);
    EXPECT_LE(f.total.p80, f.total.p95);
    EXPECT_LE(f.total.p95, f.total.shortfall + near);
  }
}
TEST(Cost, is_the_same_on_any_number_of_threads) {
  CostModel m = toy(.5);
  m.price_cv = .1, m.cohorts[0].places = 2, m.cohorts[0].present = 1;
  const auto one = forecast_cost(m, 3'000, 42, 1), five = forecast_cost(m, 3'000, 42, 5);
  EXPECT_EQ(one->total.p80, five->total.p80);
  EXPECT_EQ(one->years, five->years);
  EXPECT_EQ(one->queues[0].wait_p95, five->queues[0].wait_p95);
  EXPECT_EQ(one->drivers[0].correlation, five->drivers[0].correlation);
  EXPECT_NE(one->total.p80, forecast_cost(m, 3'000, 43, 1)->total.p80);
}
TEST(Cost, of_cases_with_one_fate_has_the_longer_tail) {
  CostModel m = toy(.6);
  m.cohorts.push_back(m.cohorts[0]), m.cohorts[1].code = "B";
  CostModel apart = m;
  apart.cohorts[1].fate = "another";
  const CostForecast one = drawn(m), two = drawn(apart);
  EXPECT_NEAR(one.total.mean, two.total.mean, .02 * one.total.mean);
  EXPECT_GT(one.total.p95, 1.05 * two.total.p95);
}
TEST(Cost, is_driven_by_what_varies) {
  CostModel m = toy();
  m.price_cv = .5;
  m.cohorts[0].intake = 20;
  const CostForecast f = drawn(m, 2'000);
  ASSERT_FALSE(f.drivers.empty());
  EXPECT_EQ(f.drivers[0].of, CostForecast::Driver::Of::prices);
  EXPECT_GT(f.drivers[0].correlation, .9);
  for (const auto& d : f.drivers) EXPECT_NE(d.of, CostForecast::Driver::Of::fate) << "it does not vary";
}
TEST(Cost, of_who_is_there_already_is_that_of_the_rest_of_a_stay) {
  // A stay of always ten months, of which five are left on average.
  CostModel m;
  m.months = 24;
  m.cohorts = {{.code = "A", .present = 100, .stay_p50 = 10, .stay_p90 = 10, .once = 1e6, .monthly = 1}};
  const CostForecast f = drawn(m, 2'000);
  EXPECT_NEAR(f.total.mean, 500, 2) << "who is there already is not admitted again";
  EXPECT_NEAR(f.months[0].mean, 95, 1);
  EXPECT_EQ(f.months[23].mean, 0);
}
TEST(Cost, of_a_full_place_comes_later_and_never_more_than_the_places) {
  CostModel m = toy();
  m.months = 60;
  Cohort& c = m.cohorts[0];
  c.intake = 2, c.others = 0, c.once = 0, c.monthly = 1, c.stay_p50 = c.stay_p90 = 12, c.places = 6;
  const CostForecast full = drawn(m, 2'000);
  EXPECT_NEAR(full.total.p95, 6 * 60, 6 * 8);
  for (const Spread& s : full.months) EXPECT_LE(s.p95, 6 + 1e-9);
  ASSERT_EQ(full.queues.size(), 1u);
  EXPECT_GT(full.queues[0].full, .99);
  EXPECT_NEAR(full.queues[0].needed_p50, 32, 6) << "24 on average, at the fullest of five years more";
  EXPECT_GT(full.queues[0].wait_p95, full.queues[0].wait_p50);
  c.places = 500;
  const CostForecast wide = drawn(m, 2'000);
  EXPECT_EQ(wide.queues[0].full, 0);
  c.places.reset();
  EXPECT_EQ(wide.total.p80, drawn(m, 2'000).total.p80) << "places enough are as no limit";
  c.present = 9, c.places = 2;
  EXPECT_LE(drawn(m, 500).months[40].p95, 2 + 1e-9) << "who was there before does not keep more places";
  c.places = 0;
  EXPECT_NEAR(drawn(m, 500).months[40].p95, 0, 1e-9);
}
TEST(Cost, error_of_the_p80_falls_with_the_futures) {
  const double few = drawn(toy(.5), 1'000).p80_error, many = drawn(toy(.5), 100'000).p80_error;
  EXPECT_LT(many, few);
  EXPECT_LT(many, .02);
  EXPECT_GT(many, 0);
}
TEST(Cost, that_came_is_scored_against_its_forecast) {
  const std::vector<double> sorted{1, 2, 3, 4};
  EXPECT_EQ(share_below(sorted, 0), 0);
  EXPECT_EQ(share_below(sorted, 2), .5);
  EXPECT_EQ(share_below(sorted, 9), 1);
  std::mt19937_64 r(9);
  for (int i = 0; i < 100; ++i) {
    std::vector<double> v(1 + r() % 20);
    for (double& x : v) x = static_cast<double>(r() % 1000);
    std::ranges::sort(v);
    const double came = static_cast<double>(r() % 1000), n = static_cast<double>(v.size());
    double away = 0, apart = 0;
    for (const double a : v) {
      away += std::abs(a - came) / n;
      for (const double b : v) apart += std::abs(a - b) / (2 * n * n);
    }
    EXPECT_NEAR(ranked_score(v, came), away - apart, 1e-9);
  }
}
TEST(Cost, of_wrong_figures_is_refused_by_what_is_wrong) {
  const auto says = [](auto change, std::string_view what, std::uint32_t futures = 100) {
    CostModel m = toy();
    change(m);
    const auto f = forecast_cost(m, futures, 1);
    return !f.ok() && f.error().message.find(what) != std::string::npos;
  };
  EXPECT_TRUE(says([](CostModel& m) { m.cohorts.clear(); }, "at least one cohort"));
  EXPECT_TRUE(says([](CostModel& m) { m.groups = {{1}}; }, "not there"));
  EXPECT_TRUE(says([](CostModel& m) { m.months = 0; }, "1 to 600 months"));
  EXPECT_TRUE(says([](CostModel& m) { m.cohorts[0].stay_p90 = 1; }, "\"A\""));
  EXPECT_TRUE(says([](CostModel& m) { m.cohorts[0].intake = -1; }, "new units"));
  EXPECT_TRUE(says([](CostModel& m) { m.cohorts[0].intake = std::numeric_limits<double>::quiet_NaN(); },
                   "new units"));
  EXPECT_TRUE(says([](CostModel& m) { m.cohorts[0].borne = 1.5; }, "others bear"));
  EXPECT_TRUE(says([](CostModel& m) { m.price_cv = -1; }, "CV"));
  EXPECT_TRUE(says([](CostModel&) {}, "20 futures", 1));
  EXPECT_TRUE(says([](CostModel& m) { m.cohorts[0].intake = 10'000; }, "too many", 100'000));
}

#include <risk/patterns.h>

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

using namespace risk;

namespace {
constexpr double kInfinite = std::numeric_limits<double>::infinity();
}

TEST(Golden, v12_bins_are_half_open) {
  const std::vector<Event> pair{{0, 0, 0}, {0, 100, 3}};
  const std::vector<double> space{0, .1, 101, 201, kInfinite}, time{0, 4, 7, kInfinite};
  const auto table = knox_table(pair, space, time);
  ASSERT_TRUE(table);
  EXPECT_EQ((*table)[1][0], 1) << "second row, first column";
  const std::vector<double> edge{0, 100, 200}, days{0, 3, 6};
  EXPECT_EQ((*knox_table(pair, edge, days))[1][1], 1)
      << "what lies on an edge belongs to the bin that begins there";
  EXPECT_FALSE(knox_table(pair, days, std::vector<double>{3, 3}));
}
TEST(Golden, v13_knox_exactly) {
  const std::vector<Event> six{{0, 0, 0},        {50, 0, 1},      {80, 20, 2},
                               {5000, 5000, 30}, {9000, 100, 61}, {4000, 9000, 95}};
  const Knox k = knox(six, 200, 7, 999, 7);
  EXPECT_TRUE(k.exact);
  EXPECT_EQ(k.close, 3);
  EXPECT_NEAR(k.mean, .6, 1e-12);
  EXPECT_NEAR(k.p, 36.0 / 720, 1e-12);
}
TEST(Golden, v14_expected_gap_of_two_intervals) {
  EXPECT_NEAR(expected_gap(0, 10, 20, 30), 20, 1e-9);
  EXPECT_NEAR(expected_gap(0, 10, 5, 15), 5.4167, 5e-5);
  EXPECT_NEAR(expected_gap(0, 10, 2, 4), 2.9333, 5e-5);
  EXPECT_NEAR(expected_gap(0, 0, 3, 9), 6, 1e-9);
}
TEST(Golden, v15_scan) {
  const std::vector<std::vector<std::int64_t>> cases{{1, 0, 4}, {3, 3, 1}, {2, 3, 1}};
  const std::vector<std::vector<std::size_t>> windows{{0}, {1}, {2}, {0, 1}, {0, 2}, {1, 2}};
  const Cluster c = scan(cases, windows, 1, 999, 11);
  EXPECT_NEAR(c.llr, 1.34377, 5e-6);
  EXPECT_EQ(c.zones, std::vector<std::size_t>{0});
  EXPECT_EQ(c.from_day, 2u);
  EXPECT_EQ(c.cases, 4);
  EXPECT_NEAR(c.expected, 1.66667, 5e-6);
}
TEST(Golden, v16_link) {
  const std::vector<std::pair<double, double>> f{{.55, .08}, {.40, .15}, {.30, .25}, {.10, .30}};
  EXPECT_NEAR(link_log_bayes(f), 1.9924, 5e-5);
  EXPECT_NEAR(link_posterior(link_log_bayes(f), .02), .1302, 5e-5);
}

TEST(Patterns, are_the_same_on_any_number_of_threads) {
  std::mt19937 random(3);
  std::vector<std::vector<std::int64_t>> cases(20, std::vector<std::int64_t>(30));
  std::vector<std::vector<std::size_t>> windows;
  for (std::size_t z = 0; z < 20; ++z) {
    for (auto& c : cases[z]) c = static_cast<std::int64_t>(random() % 3 == 0);
    for (std::size_t n = 1; n <= 4; ++n) {
      windows.emplace_back();
      for (std::size_t i = 0; i < n; ++i) windows.back().push_back((z + i) % 20);
    }
  }
  const Cluster one = scan(cases, windows, 3, 199, 42, 1);
  for (const unsigned threads : {2u, 3u, 7u}) {
    const Cluster many = scan(cases, windows, 3, 199, 42, threads);
    EXPECT_EQ(many.p, one.p);
    EXPECT_EQ(many.llr, one.llr);
    EXPECT_EQ(many.zones, one.zones);
  }
  EXPECT_NE(scan(cases, windows, 3, 199, 43).replicates, 0);
}
TEST(Patterns, of_chance_are_found_by_chance_only) {
  // Under no pattern p is uniform: of 200 data sets about a tenth have p <= .1.
  int low = 0;
  for (unsigned run = 0; run < 200; ++run) {
    std::mt19937 random(run);
    std::vector<Event> events;
    for (int i = 0; i < 12; ++i)
      events.push_back({static_cast<double>(random() % 1000), static_cast<double>(random() % 1000),
                        static_cast<double>(random() % 60)});
    low += knox(events, 400, 12, 99, run).p <= .1;
  }
  EXPECT_LE(low, 36);
}
TEST(Patterns, expected_gap_agrees_with_counting) {
  std::mt19937 random(4);
  std::uniform_real_distribution<double> where(0, 10);
  for (int i = 0; i < 50; ++i) {
    double a = where(random), b = where(random), c = where(random), d = where(random);
    if (a > b) std::swap(a, b);
    if (c > d) std::swap(c, d);
    double sum = 0;
    constexpr int n = 200;
    for (int x = 0; x < n; ++x)
      for (int y = 0; y < n; ++y) sum += std::abs(a + (x + .5) * (b - a) / n - c - (y + .5) * (d - c) / n);
    EXPECT_NEAR(expected_gap(a, b, c, d), sum / (n * n), .01);
  }
}
TEST(Patterns, aoristic_weights_sum_to_the_incidents) {
  const std::vector<std::pair<double, double>> i{{1.5, 3.5}, {0, 24}, {7, 7}};
  const auto w = aoristic(i, 24);
  double sum = 0;
  for (const double x : w) sum += x;
  EXPECT_NEAR(sum, 3, 1e-12);
  EXPECT_NEAR(w[2], .5 + 1.0 / 24, 1e-12);
}

TEST(Patterns, above_their_baseline_are_told_in_deviations) {
  const std::vector<double> counts{1, 3, 1, 3, 1, 3, 2, 9, 9, 5};
  const auto above = above_baseline(counts, 7, 2, .2);
  for (std::size_t i = 0; i < 9; ++i) EXPECT_FALSE(above[i].has_value()) << i;
  // Of 1 3 1 3 1 3 2: mean 2, deviation 1.
  EXPECT_NEAR(above[9].value(), 3, 1e-12);
  const auto still = above_baseline(std::vector<double>{0, 0, 0, 1}, 2, 1, .5);
  EXPECT_NEAR(still[3].value(), 2, 1e-12) << "the floor stands for a deviation of nothing";
}
TEST(Patterns, behind_events_are_counted_against_all_moves_of_the_events) {
  // Ten days, one event on day 2, incidents on days 2 and 3: of the ten moves only the first has both.
  std::vector<double> counts(10, 0);
  counts[2] = counts[3] = 1;
  const std::vector<std::size_t> events{2};
  const Epochs e = superposed(counts, events, 1, 1);
  EXPECT_EQ(e.within, 2);
  EXPECT_EQ(e.moves, 10);
  EXPECT_NEAR(e.expected, .4, 1e-12);
  EXPECT_NEAR(e.p, .1, 1e-12);
  EXPECT_EQ(e.around, (std::vector<double>{0, 1, 1}));
  EXPECT_EQ(superposed(counts, {}, 1, 1).p, 1);
}
TEST(Patterns, behind_events_of_chance_are_found_by_chance_only) {
  // p is at most a half in at most about half of the trials, as an exact test must.
  std::mt19937_64 r(5);
  int low = 0;
  for (int i = 0; i < 400; ++i) {
    std::vector<double> counts(60, 0);
    for (int k = 0; k < 20; ++k) ++counts[r() % 60];
    std::vector<std::size_t> events;
    for (int k = 0; k < 3; ++k) events.push_back(r() % 60);
    low += superposed(counts, events, 3, 5).p <= .1;
  }
  EXPECT_LE(low, 40 + 3 * 6) << "three standard errors above 10 %";
}

#include <risk/risk.h>

#include <gtest/gtest.h>

#include <random>

using namespace risk;

namespace {
const Model model;
double alpha(char r, int c) { return *weight(model, r, c); }
}  // namespace

// Golden vectors: protection.md section 14, by their numbers.
TEST(Golden, v1_weights_of_grades) {
  EXPECT_NEAR(alpha('A', 1), 1, 1e-12);
  EXPECT_NEAR(alpha('B', 2), .64, 1e-12);
  EXPECT_NEAR(alpha('C', 3), .36, 1e-12);
  EXPECT_NEAR(alpha('D', 4), .1225, 1e-12);
  EXPECT_NEAR(alpha('F', 6), .16, 1e-12);
  EXPECT_FALSE(weight(model, 'G', 1));
  EXPECT_FALSE(weight(model, '2', 2)) << "a grade of 3x5x2 is no Admiralty grade";
}
TEST(Golden, v2_decay) {
  EXPECT_NEAR(decay(45, 180, 2), .5, 1e-12);
  EXPECT_NEAR(decay(45, 180, .5), .9375, 1e-12);
  EXPECT_EQ(decay(10'000, std::nullopt, .5), 1) << "R-INF-3: an identity that was exposed stays exposed";
}
TEST(Golden, v3_posterior_counts_one_origin_once) {
  const std::vector<Evidence> e{{"s1", alpha('B', 2), Fit::strongly_for},
                                {"s1", alpha('C', 3), Fit::for_},
                                {"s2", alpha('F', 6), Fit::for_},
                                {"s3", alpha('A', 1), Fit::against}};
  EXPECT_NEAR(posterior(.2, e), .2533, 5e-5);
}
TEST(Golden, v4_to_v6_threat_vulnerability_and_rate) {
  EXPECT_NEAR(threat(model, 4, 3, 4), 3.65, 1e-12);
  EXPECT_NEAR(threat(model, 1, 5, 5), 2, 1e-12);
  const std::vector<double> u{.6, .3, .2}, k{.3, .2};
  const double v = vulnerability(u, k), l = rate(model, .10, 3.65, v, 1, 1.5);
  EXPECT_NEAR(v, 2.7382, 5e-5);
  EXPECT_NEAR(l, .1963, 5e-5);
  EXPECT_NEAR(probability(l, 90), .0473, 5e-5);
  EXPECT_NEAR(probability(l, 365), .1783, 5e-5);
}
TEST(Golden, v7_base_rate) { EXPECT_NEAR(base_rate(1, 20, 6, 85), .06667, 5e-6); }
TEST(Golden, v8_confidence_and_interval_raise_the_level_while_it_is_low) {
  const std::vector<double> a{.64, .36, .16};
  const Confidence c = confidence(model, a, 1.0 / 3, 2);
  EXPECT_NEAR(c.value, .2971, 5e-5);
  EXPECT_EQ(c.word, Confidence::Word::low);
  const std::vector<double> u{.6, .3, .2}, k{.3, .2};
  const Interval i =
      interval(model, probability(rate(model, .10, 3.65, vulnerability(u, k), 1, 1.5), 365), c.value);
  EXPECT_NEAR(i.p05, .0347, 5e-5);
  EXPECT_NEAR(i.p50, .1783, 5e-5);
  EXPECT_NEAR(i.p80, .3525, 5e-5);
  EXPECT_NEAR(i.p95, .5672, 5e-5);
  EXPECT_EQ(likelihood_level(model, i.p50), 3);
  EXPECT_EQ(likelihood_level(model, decided_on(i, c.word)), 4);
}
TEST(Golden, v9_and_v10_residual_by_path) {
  const std::vector<Path> two{{.06, {.8, .5}}, {.04, {}}}, one{{.10, {.8, .5}}};
  EXPECT_NEAR(residual(model, two), .0466, 1e-12);
  EXPECT_NEAR(residual(model, one), .011, 1e-12);
}
TEST(Golden, v11_response_against_harm) {
  EXPECT_NEAR(response_beats_harm({2, 6}, {8, 48}), .8010, 5e-5);
  EXPECT_NEAR(response_beats_harm({6, 24}, {8, 48}), .5646, 5e-5);
}
TEST(Golden, v18_the_shipped_matrix_is_monotone_and_a_wrong_one_is_refused_by_its_cells) {
  EXPECT_TRUE(check_matrix(model).ok());
  Model wrong = model;
  wrong.matrix[4][2] = 0;
  EXPECT_EQ(check_matrix(wrong).error().message,
            "L5 I3 lies below L4 I3: more likelihood never lowers the level");
  wrong = model;
  wrong.matrix[0][4] = 0;
  EXPECT_EQ(check_matrix(wrong).error().message, "L1 I5: an impact of 5 is never below medium");
}

TEST(Risk, never_falls_when_threat_vulnerability_or_evidence_for_it_rise) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> five(1, 5), one(0, 1);
  for (int i = 0; i < 20'000; ++i) {
    const double a = five(random), b = five(random), c = five(random), more = one(random);
    EXPECT_LE(threat(model, a, b, c), threat(model, std::min(5.0, a + more), b, c) + 1e-12);
    EXPECT_LE(threat(model, a, b, c), threat(model, a, std::min(5.0, b + more), c) + 1e-12);
    std::vector<double> u{one(random), one(random)}, k{one(random)};
    const double v = vulnerability(u, k);
    EXPECT_GE(v, 1);
    EXPECT_LE(v, 5);
    u.push_back(more);
    EXPECT_GE(vulnerability(u, k), v - 1e-12) << "another exposure";
    k.push_back(more);
    EXPECT_LE(vulnerability(u, k), vulnerability(u, std::vector<double>{k[0]}) + 1e-12) << "another capacity";
    std::vector<Evidence> e{{"a", one(random), Fit::for_}};
    const double p = posterior(.3, e);
    e.push_back({"b", more, Fit::strongly_for});
    EXPECT_GE(posterior(.3, e), p - 1e-12);
    e.push_back({"b", more / 2, Fit::strongly_for});
    EXPECT_NEAR(posterior(.3, e), posterior(.3, std::vector<Evidence>{e[0], e[1]}), 1e-12)
        << "the same origin again";
  }
}
TEST(Risk, of_an_uncovered_path_is_never_diluted) {
  std::mt19937 random(6);
  std::uniform_real_distribution<double> one(0, 1);
  for (int i = 0; i < 20'000; ++i) {
    const double open = one(random);
    std::vector<Path> paths{{open, {}}};
    for (int n = 0; n < 4; ++n) paths.push_back({one(random), {one(random), one(random)}});
    const double left = residual(model, paths);
    EXPECT_GE(left, open);
    paths[1].barriers.push_back(one(random));
    EXPECT_LE(residual(model, paths), left + 1e-12) << "another barrier never raises it";
  }
}
TEST(Risk, decided_on_is_never_below_the_median) {
  std::mt19937 random(7);
  std::uniform_real_distribution<double> one(.001, .999);
  for (int i = 0; i < 20'000; ++i) {
    const Interval x = interval(model, one(random), one(random));
    EXPECT_TRUE(x.p05 <= x.p50 && x.p50 <= x.p80 && x.p80 <= x.p95);
    EXPECT_GE(decided_on(x, Confidence::Word::low), x.p50);
  }
}
TEST(Risk, credit_of_a_barrier_is_lost_while_its_verification_is_overdue) {
  EXPECT_NEAR(barrier(.8, 1, 0, 30), .8, 1e-12);
  EXPECT_NEAR(barrier(.8, 1, 30, 30), .4, 1e-12);
  const std::vector<double> worse{.5};
  EXPECT_NEAR(barrier(.8, .5, 0, 30, worse), .2, 1e-12);
}

#include <casework/priority.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

namespace {

using namespace casework;
using Rows = std::vector<std::vector<double>>;

Ranking ranking(Rows scores, std::vector<double> weights) {
  auto r = Ranking::of(std::move(scores), std::move(weights));
  EXPECT_TRUE(r.ok());
  return std::move(*r);
}

TEST(Priorities, several_assessors_make_a_mean_and_how_far_they_are_apart) {
  const Assessed a = assessed({2, 3, 5, 2});
  EXPECT_DOUBLE_EQ(a.mean, 3);
  EXPECT_DOUBLE_EQ(a.spread, std::sqrt(2.0));  // (1 + 0 + 4 + 1) / 3
  EXPECT_EQ((std::vector{a.low, a.high}), (std::vector{2.0, 5.0}));
  EXPECT_EQ(assessed({4}).spread, 0);
}

// By hand: weights 3 and 1 are 0.75 and 0.25; A has 0.75*4 + 0.25*1 = 3.25, B 0.75*2 + 0.25*5 = 2.75. They
// are equal where 4t + (1 - t) = 2t + 5(1 - t): t = 2/3.
TEST(Priorities, are_ordered_by_weights_that_may_have_any_sum_and_tell_what_would_turn_two) {
  const Ranking r = ranking({{2, 5}, {4, 1}}, {3, 1});
  EXPECT_EQ(r.order(), (std::vector<std::size_t>{1, 0}));
  EXPECT_DOUBLE_EQ(r.score(1), 3.25);
  EXPECT_DOUBLE_EQ(r.score(0), 2.75);
  const auto turn = r.turn(1, 0);
  ASSERT_TRUE(turn);
  EXPECT_NEAR(turn->criterion == 0 ? turn->to : 1 - turn->to, 2.0 / 3, 1e-12);
  EXPECT_FALSE(ranking({{3, 3}, {2, 1}}, {1, 1}).turn(0, 1)) << "one is better whatever the weights";
}

// By hand, three criteria of 0.5, 0.3 and 0.2: A (4, 2, 3) has 3.2, B (3, 4, 2) has 3.1; D = 0.1, d = (1, -2,
// 1). For the first: R = (0.1 - 0.5) / 0.5 = -0.8, t = -0.8 / -1.8 = 4/9, a change of 1/18. For the second:
// R = (0.1 + 0.6) / 0.7 = 1, t = 1/3, a change of 1/30. For the third: R = (0.1 - 0.2) / 0.8, t = 1/9, of
// 4/45.
TEST(Priorities, name_the_smallest_change_of_one_weight) {
  const auto turn = ranking({{4, 2, 3}, {3, 4, 2}}, {0.5, 0.3, 0.2}).turn(0, 1);
  ASSERT_TRUE(turn);
  EXPECT_EQ(turn->criterion, 1u);
  EXPECT_NEAR(turn->to, 1.0 / 3, 1e-12);
}

// By hand: over all weights of two criteria A comes first where t > 2/3, which is a third of them.
TEST(Priorities, hold_their_rank_in_a_share_of_all_weights) {
  const Ranking r = ranking({{4, 1}, {2, 5}}, {3, 1});
  const auto all = r.acceptability(40'000, 0, 7);
  EXPECT_NEAR(all.share[0][0], 1.0 / 3, 0.01);
  EXPECT_EQ((std::vector{all.best[0], all.worst[0]}), (std::vector<std::size_t>{0, 1}));
  const auto near = r.acceptability(40'000, 1000, 7);
  EXPECT_GT(near.share[0][0], 0.999) << "0.75 is six deviations from 2/3";
  // Beta(15, 5) is above 2/3 with probability 0.8121 (regularised incomplete beta function).
  EXPECT_NEAR(r.acceptability(40'000, 20, 7).share[0][0], 0.8121, 0.01);
  EXPECT_EQ(r.acceptability(100, 20, 7).share, r.acceptability(100, 20, 7).share);
}

TEST(Priorities, refuse_what_cannot_be_ranked) {
  EXPECT_FALSE(Ranking::of({{1}}, {}));
  EXPECT_FALSE(Ranking::of({{1}}, {0}));
  EXPECT_FALSE(Ranking::of({{1}}, {-1}));
  EXPECT_FALSE(Ranking::of({{1, 2}}, {1}));
  EXPECT_TRUE(Ranking::of({}, {1})->order().empty());
}

// Laws that hold whatever the scores.
class PriorityLaws : public testing::Test {
 protected:
  std::mt19937 draw{20261128};
  int upto(int n) { return std::uniform_int_distribution(0, n)(draw); }
  Rows scores;
  std::vector<double> weights;
  Ranking any() {
    scores.assign(static_cast<std::size_t>(1 + upto(5)), {});
    weights.assign(static_cast<std::size_t>(1 + upto(4)), 0);
    for (auto& row : scores)
      for (std::size_t k = 0; k < weights.size(); ++k) row.push_back(upto(10) / 2.0);
    for (double& w : weights) w = upto(5);
    weights[0] += 1;
    return ranking(scores, weights);
  }
};

TEST_F(PriorityLaws, shares_of_a_case_and_of_a_rank_are_one_whole) {
  for (int i = 0; i < 200; ++i) {
    const Ranking r = any();
    for (const double closeness : {0.0, 30.0}) {
      const auto a = r.acceptability(50, closeness, static_cast<std::uint64_t>(i));
      for (std::size_t c = 0; c < scores.size(); ++c) {
        double of_case = 0, of_rank = 0;
        for (std::size_t k = 0; k < scores.size(); ++k) of_case += a.share[c][k], of_rank += a.share[k][c];
        EXPECT_NEAR(of_case, 1, 1e-9);
        EXPECT_NEAR(of_rank, 1, 1e-9);
        EXPECT_LE(a.best[c], a.worst[c]);
      }
    }
  }
}
TEST_F(PriorityLaws, two_are_equal_at_the_turn_and_change_places_beyond_it) {
  int met = 0;
  for (int i = 0; i < 500; ++i) {
    const Ranking r = any();
    for (std::size_t k = 0; k + 1 < scores.size(); ++k) {
      const std::size_t a = r.order()[k], b = r.order()[k + 1];
      const auto turn = r.turn(a, b);
      if (!turn) continue;
      const auto at = [&](double t) {
        std::vector<double> w = r.weights();
        for (std::size_t j = 0; j < w.size(); ++j)
          w[j] = j == turn->criterion ? t : w[j] * (1 - t) / (1 - r.weights()[turn->criterion]);
        double d = 0;
        for (std::size_t j = 0; j < w.size(); ++j) d += w[j] * (scores[a][j] - scores[b][j]);
        return d;
      };
      EXPECT_NEAR(at(turn->to), 0, 1e-9);
      const double beyond = turn->to + (turn->to - r.weights()[turn->criterion]) * 0.01;
      EXPECT_LE(at(beyond), 1e-9);
      ++met;
    }
  }
  EXPECT_GT(met, 100);
}
TEST_F(PriorityLaws, who_is_better_under_everything_is_never_behind) {
  for (int i = 0; i < 300; ++i) {
    any();
    std::vector<double> better = scores[0];
    for (double& s : better) s += 1;
    scores.push_back(better);
    const Ranking r = ranking(scores, weights);
    EXPECT_GE(r.dominated_by(0), 1u);
    const auto a = r.acceptability(30, 0, 1);
    EXPECT_GE(a.best[0], 1u);
    EXPECT_FALSE(r.turn(scores.size() - 1, 0));
  }
}
TEST_F(PriorityLaws, the_sum_of_the_weights_does_not_matter) {
  for (int i = 0; i < 200; ++i) {
    const Ranking r = any();
    for (double& w : weights) w *= 7;
    EXPECT_EQ(ranking(scores, weights).order(), r.order());
  }
}

}  // namespace

#include <risk/hypotheses.h>
#include <risk/risk.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

using namespace risk;

namespace {

const Rated CC{4, 0}, C{2, 0}, N{1, 0}, I{.5, 1}, II{.25, 2};
const Rated kAll[] = {CC, C, N, I, II};

std::vector<Weighed> some(std::mt19937& random, std::size_t items, std::size_t hypotheses) {
  std::uniform_real_distribution<double> one(0, 1);
  std::vector<Weighed> out;
  for (std::size_t k = 0; k < items; ++k) {
    Weighed e{"o" + std::to_string(random() % 4), one(random), {}};
    for (std::size_t h = 0; h < hypotheses; ++h) e.of.push_back(kAll[random() % 5]);
    out.push_back(e);
  }
  return out;
}
std::vector<Evidence> of_one(const std::vector<Weighed>& all, std::size_t h) {
  std::vector<Evidence> out;
  for (const Weighed& e : all)
    for (std::size_t fit = 0; fit < 5; ++fit)
      if (kAll[fit].likelihood == e.of[h].likelihood)
        out.push_back({e.origin, e.weight, static_cast<Fit>(fit)});
  return out;
}
double least(const std::vector<double>& of) { return *std::ranges::min_element(of); }

}  // namespace

// Worked out by hand: weights .64 (B2), .36 (C3), 1 (A1).
TEST(Hypotheses, are_ranked_by_what_speaks_against_them) {
  const std::vector<Weighed> all{{"a", .64, {CC, I, N}}, {"b", .36, {I, C, I}}, {"c", 1, {II, I, N}}};
  const Hypotheses w = *weigh(all, 3);
  EXPECT_NEAR(w.inconsistency[0], 2.36, 1e-9);  // .36 * 1 + 1 * 2
  EXPECT_NEAR(w.inconsistency[1], 1.64, 1e-9);  // .64 * 1 + 1 * 1
  EXPECT_NEAR(w.inconsistency[2], .36, 1e-9);   // .36 * 1
  EXPECT_EQ(w.rank, (std::vector<std::size_t>{3, 2, 1}));
  EXPECT_NEAR(w.diagnosticity[0], std::log(8), 1e-9);  // 4 against .5
  EXPECT_NEAR(w.diagnosticity[1], std::log(4), 1e-9);
  EXPECT_NEAR(w.diagnosticity[2], std::log(4), 1e-9);
  // Prior 1/3, odds 1/2; H1: .64 ln 4 + .36 ln .5 + ln .25 = -.7486; e^-.7486 / 2 = .2365; .2365 / 1.2365.
  EXPECT_NEAR(w.posterior[0], .1913, 5e-5);
  // Without the third H1 has .36, H2 .64 and H3 .36 against it.
  ASSERT_EQ(w.turns.size(), 1u);
  EXPECT_EQ(w.turns[0].without, (std::vector<std::size_t>{2}));
  EXPECT_EQ(w.turns[0].least, (std::vector<std::size_t>{0, 2}));
}
TEST(Hypotheses, tell_on_which_evidence_their_order_rests) {
  const std::vector<Weighed> all{{"a", .64, {C, I}}, {"b", .36, {I, C}}, {"c", .16, {N, N}}};
  const Hypotheses w = *weigh(all, 2);
  EXPECT_EQ(w.rank, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(w.diagnosticity[2], 0) << "fits both equally";
  ASSERT_EQ(w.turns.size(), 1u);
  EXPECT_EQ(w.turns[0].without, (std::vector<std::size_t>{0}));
  EXPECT_EQ(w.turns[0].least, (std::vector<std::size_t>{1}));
}
TEST(Hypotheses, are_told_from_one_origin_once) {
  // Three reports of one rumour against H1, one of another origin against H2.
  const std::vector<Weighed> all{
      {"r", .36, {I, C}}, {"r", .36, {I, C}}, {"r", .16, {I, N}}, {"s", .64, {N, I}}};
  const Hypotheses w = *weigh(all, 2);
  EXPECT_NEAR(w.inconsistency[0], .88, 1e-9);
  EXPECT_NEAR(w.once[0], .36, 1e-9);
  EXPECT_EQ(w.rank, (std::vector<std::size_t>{2, 1}));
  EXPECT_EQ(w.rank_once, (std::vector<std::size_t>{1, 2}));
  const auto whole =
      std::ranges::find(w.turns, (std::vector<std::size_t>{0, 1, 2}), &Hypotheses::Turn::without);
  ASSERT_NE(whole, w.turns.end()) << "the origin is dropped as a whole too";
  EXPECT_EQ(whole->least, (std::vector<std::size_t>{0}));
}
TEST(Hypotheses, are_not_weighed_from_what_is_none) {
  EXPECT_FALSE(weigh({}, 0));
  EXPECT_FALSE(weigh(std::vector<Weighed>{{"a", .5, {C}}}, 2));
  EXPECT_FALSE(weigh(std::vector<Weighed>{{"a", 1.5, {C}}}, 1));
  EXPECT_FALSE(weigh(std::vector<Weighed>{{"a", .5, {{0, 0}}}}, 1));
  EXPECT_FALSE(weigh(std::vector<Weighed>{{"a", .5, {{1, NAN}}}}, 1));
  const Hypotheses empty = *weigh({}, 4);
  EXPECT_EQ(empty.rank, (std::vector<std::size_t>{1, 1, 1, 1}));
  EXPECT_NEAR(empty.posterior[2], .25, 1e-12) << "none is favoured";
}
TEST(Hypotheses, are_weighed_as_each_alone_is) {
  std::mt19937 random(11);
  for (int round = 0; round < 2'000; ++round) {
    const std::size_t n = 2 + random() % 4;
    const auto all = some(random, random() % 9, n);
    const Hypotheses w = *weigh(all, n);
    for (std::size_t h = 0; h < n; ++h) {
      EXPECT_NEAR(w.inconsistency[h], inconsistency(of_one(all, h)), 1e-8);
      EXPECT_NEAR(w.posterior[h], posterior(1 / static_cast<double>(n), of_one(all, h)), 1e-9);
      EXPECT_LE(w.once[h], w.inconsistency[h] + 1e-9);
      EXPECT_EQ(w.rank[h] == 1, w.inconsistency[h] == least(w.inconsistency));
    }
  }
}
TEST(Hypotheses, are_not_told_apart_by_what_fits_all_equally) {
  std::mt19937 random(12);
  for (int round = 0; round < 2'000; ++round) {
    const std::size_t n = 2 + random() % 4;
    auto all = some(random, random() % 9, n);
    const Hypotheses before = *weigh(all, n);
    all.push_back({"new", .5, std::vector<Rated>(n, kAll[random() % 5])});
    const Hypotheses after = *weigh(all, n);
    EXPECT_EQ(after.diagnosticity.back(), 0);
    EXPECT_EQ(after.rank, before.rank);
    for (const auto& t : after.turns)
      EXPECT_NE(t.without, (std::vector<std::size_t>{all.size() - 1})) << "nothing rests on it";
  }
}
TEST(Hypotheses, turn_where_the_least_changes_and_nowhere_else) {
  std::mt19937 random(13);
  for (int round = 0; round < 2'000; ++round) {
    const std::size_t n = 2 + random() % 3;
    const auto all = some(random, 1 + random() % 7, n);
    const Hypotheses w = *weigh(all, n);
    for (std::size_t k = 0; k < all.size(); ++k) {
      auto rest = all;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(k));
      const Hypotheses then = *weigh(rest, n);
      bool same = true;
      for (std::size_t h = 0; h < n; ++h) same = same && (w.rank[h] == 1) == (then.rank[h] == 1);
      const auto told = std::ranges::find(w.turns, std::vector<std::size_t>{k}, &Hypotheses::Turn::without);
      EXPECT_EQ(told == w.turns.end(), same);
    }
  }
}
TEST(Hypotheses, keep_their_order_whichever_way_the_evidence_is_listed) {
  std::mt19937 random(14);
  for (int round = 0; round < 2'000; ++round) {
    auto all = some(random, random() % 9, 3);
    const Hypotheses one = *weigh(all, 3);
    std::ranges::shuffle(all, random);
    const Hypotheses other = *weigh(all, 3);
    EXPECT_EQ(one.rank, other.rank);
    EXPECT_EQ(one.rank_once, other.rank_once);
    EXPECT_EQ(one.turns.size(), other.turns.size());
  }
}

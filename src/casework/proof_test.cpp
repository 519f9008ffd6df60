#include <casework/proof.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace {

using namespace casework;

const Ranks kRanks{{"X", -1}, {"0", 0}, {"1", 1}, {"2", 2}, {"3", 3}, {"4", 4}, {"5", 5}};

Level level(const std::vector<Element>& e, const std::vector<std::string>& modes) {
  return level_of_count(e, modes, kRanks);
}
int rank(const Level& l) { return l.rating ? kRanks.at(*l.rating) : -1000; }

TEST(ProofMatrix, a_count_is_as_strong_as_the_weakest_element_of_its_best_mode) {
  const std::vector<Element> elements{
      {"killing", "", {"4"}}, {"context", "", {"3"}}, {"order", "O", {"2"}}, {"command", "C", {"5"}}};
  EXPECT_EQ(level(elements, {"O"}).rating, "2");
  EXPECT_EQ(level(elements, {"O"}).weakest, std::vector<std::string>{"order"});
  const Level best = level(elements, {"O", "C"});
  EXPECT_EQ(best.rating, "3");
  EXPECT_EQ(best.mode, "C");
  EXPECT_EQ(best.weakest, std::vector<std::string>{"context"});
}

TEST(ProofMatrix, what_is_not_rated_is_below_what_is_contradicted_and_is_named) {
  const std::vector<Element> elements{{"killing", "", {"4"}}, {"context", "", {}}, {"order", "O", {"X"}}};
  const Level l = level(elements, {"O"});
  EXPECT_FALSE(l.rating);
  EXPECT_EQ(l.weakest, std::vector<std::string>{"context"});
  EXPECT_FALSE(level({{"killing", "", {"4"}}}, {"O"}).rating) << "a mode of which nothing is rated";
  EXPECT_EQ(level({{"killing", "", {"4"}}}, {}).rating, "4");
  EXPECT_FALSE(level({}, {}).rating);
}

// By hand: ordering has three elements of its own, command five. The crime holds 4 and 3. Under ordering the
// least of (4, 3, 5, 4, 2) is 2, held by the third of ordering; under command the least of (4, 3, 3, 4, 5, 3,
// 4) is 3, held by the context, by the first and by the fourth of command. The better of the two is command.
TEST(ProofMatrix, each_mode_has_elements_of_its_own_and_the_best_mode_counts) {
  std::vector<Element> elements{{"killing", "", {"4"}}, {"context", "", {"3"}}, {"O-1", "O", {"5"}},
                                {"O-2", "O", {"4"}},    {"O-3", "O", {"2"}},    {"C-1", "C", {"3"}},
                                {"C-2", "C", {"4"}},    {"C-3", "C", {"5"}},    {"C-4", "C", {"3"}},
                                {"C-5", "C", {"4"}}};
  EXPECT_EQ(level(elements, {"O"}).rating, "2");
  EXPECT_EQ(level(elements, {"O"}).weakest, std::vector<std::string>{"O-3"});
  const Level best = level(elements, {"O", "C"});
  EXPECT_EQ(best.rating, "3");
  EXPECT_EQ(best.mode, "C");
  EXPECT_EQ(best.weakest, (std::vector<std::string>{"context", "C-1", "C-4"}));
  elements[6].ratings.clear();  // one element of command is not rated: ordering is better now
  EXPECT_EQ(level(elements, {"O", "C"}).mode, "O");
  EXPECT_EQ(level(elements, {"O", "C"}).rating, "2");
}

TEST(ProofMatrix, what_is_not_mandatory_holds_no_count_down) {
  const std::vector<Element> elements{
      {"killing", "", {"4"}}, {"O-1", "O", {"3"}}, {"O", "O", {"0"}, false}, {"aside", "", {}, false}};
  EXPECT_EQ(level(elements, {"O"}).rating, "3");
  EXPECT_FALSE(level({{"killing", "", {"4"}}, {"O", "O", {"5"}, false}}, {"O"}).rating)
      << "a mode of which nothing mandatory is rated";
}

TEST(ProofMatrix, where_two_reviewers_differ_the_lower_holds) {
  EXPECT_EQ(level({{"killing", "", {"4", "2"}}}, {}).rating, "2");
  EXPECT_EQ(gaps_of({"killing", "", {"4", "2"}}, {}, 1, 0).back(), Gap::disputed);
}

TEST(ProofMatrix, one_voice_counts_once_however_often_it_speaks) {
  const std::vector<Link> links{{"1", "incriminating", "W-1", "T01", {"a"}, true},
                                {"2", "incriminating", "W-1", "T01", {"b"}, true},
                                {"3", "incriminating", "", "D02", {"c"}, true},
                                {"4", "exonerating", "W-2", "T01", {"d"}, true},
                                {"5", "credibility", "W-3", "T01", {"e"}, true}};
  const Coverage c = coverage_of(links);
  EXPECT_EQ(c.sources, 2);
  EXPECT_EQ(c.sources_by_type, (std::map<std::string, std::int64_t>{{"T01", 1}, {"D02", 1}}));
  EXPECT_EQ((std::vector{c.links, c.incriminating, c.exonerating}), (std::vector<std::int64_t>{5, 3, 1}));
  EXPECT_FALSE(c.depends);
}

TEST(ProofMatrix, an_element_that_rests_on_what_cannot_be_disclosed_alone_is_told) {
  const Coverage c = coverage_of({{"1", "incriminating", "ngo", "D06", {"a"}, false}});
  EXPECT_TRUE(c.depends);
  EXPECT_EQ(c.disclosable_sources, 0);
  const std::vector<Gap> gaps = gaps_of({"e", "", {"3"}}, c, 1, 1);
  EXPECT_EQ(gaps, (std::vector{Gap::one_source, Gap::no_exonerating_search, Gap::depends}));
}

// Laws that hold whatever the matrix.
class Laws : public testing::Test {
 protected:
  std::mt19937 draw{20261127};
  int upto(int n) { return std::uniform_int_distribution(0, n)(draw); }
  std::string rating() {
    static const std::string all[] = {"X", "0", "1", "2", "3", "4", "5"};
    return all[upto(6)];
  }
  std::vector<Element> elements() {
    static const std::string modes[] = {"", "", "A", "B", "C"};
    std::vector<Element> out;
    for (int i = upto(8); i > 0; --i) {
      Element e{"e" + std::to_string(i), modes[upto(4)], {}};
      for (int r = upto(2); r > 0; --r) e.ratings.push_back(rating());
      out.push_back(e);
    }
    return out;
  }
  std::vector<Link> links() {
    static const std::string ways[] = {"incriminating", "incriminating", "exonerating", "neutral",
                                       "credibility"};
    std::vector<Link> out;
    for (int i = upto(12); i > 0; --i)
      out.push_back({std::to_string(i),
                     ways[upto(4)],
                     upto(2) ? "s" + std::to_string(upto(3)) : "",
                     upto(1) ? "T01" : "D02",
                     {std::to_string(upto(5))},
                     upto(3) > 0});
    return out;
  }
};

TEST_F(Laws, a_better_rating_never_lowers_a_count) {
  for (int i = 0; i < 3000; ++i) {
    auto e = elements();
    if (e.empty()) continue;
    const int before = rank(level(e, {"A", "B"}));
    Element& one = e[static_cast<std::size_t>(upto(static_cast<int>(e.size()) - 1))];
    for (std::string& r : one.ratings)
      if (r != "5") r = r == "X" ? "0" : std::string(1, static_cast<char>(r[0] + 1));
    EXPECT_GE(rank(level(e, {"A", "B"})), before);
  }
}
TEST_F(Laws, one_more_mode_never_lowers_and_one_more_element_never_raises_a_count) {
  for (int i = 0; i < 3000; ++i) {
    auto e = elements();
    const int before = rank(level(e, {"A", "B"}));
    EXPECT_GE(rank(level(e, {"A", "B", "C"})), before);
    const bool bare = std::ranges::none_of(e, [](const Element& x) { return x.mode.empty(); });
    if (bare) continue;  // the first element of a mode makes it provable at all
    e.push_back({"new", "", {rating()}});
    EXPECT_LE(rank(level(e, {"A", "B"})), before);
  }
}
TEST_F(Laws, no_order_changes_a_level_or_a_coverage) {
  for (int i = 0; i < 1000; ++i) {
    auto e = elements();
    auto l = links();
    const Level one = level(e, {"A", "B"});
    const Coverage c = coverage_of(l);
    std::ranges::shuffle(e, draw);
    std::ranges::shuffle(l, draw);
    EXPECT_EQ(level(e, {"A", "B"}).rating, one.rating);
    EXPECT_EQ(level(e, {"B", "A"}).rating, one.rating);
    EXPECT_EQ(coverage_of(l).sources, c.sources);
    EXPECT_EQ(coverage_of(l).disclosable_sources, c.disclosable_sources);
  }
}
TEST_F(Laws, what_is_left_without_the_undisclosable_never_covers_more) {
  for (int i = 0; i < 3000; ++i) {
    auto l = links();
    const Coverage whole = coverage_of(l);
    std::erase_if(l, [](const Link& x) { return !x.disclosable; });
    const Coverage open = coverage_of(l);
    EXPECT_EQ(open.sources, whole.disclosable_sources);
    EXPECT_LE(open.sources, whole.sources);
    EXPECT_EQ(whole.depends, whole.sources > 0 && open.sources == 0);
  }
}
TEST_F(Laws, exonerating_proof_never_adds_a_source) {
  for (int i = 0; i < 1000; ++i) {
    auto l = links();
    const Coverage before = coverage_of(l);
    l.push_back({"x", "exonerating", "quite new", "T01", {"z"}, true});
    EXPECT_EQ(coverage_of(l).sources, before.sources);
    EXPECT_EQ(coverage_of(l).exonerating, before.exonerating + 1);
  }
}

}  // namespace

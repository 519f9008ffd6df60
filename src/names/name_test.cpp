#include "labelled.h"

#include <names/index.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace {

using namespace names;

const Speller& s = speller();
double score(std::string_view a, std::string_view b) { return s.compare(s.read(a), s.read(b)).score; }
std::vector<std::string> words(std::string_view name) {
  std::vector<std::string> out;
  for (const Word& w : s.read(name).words) out.push_back(w.written);
  return out;
}
std::string told(std::string_view a, std::string_view b) {
  std::string out;
  for (const Part& p : s.compare(s.read(a), s.read(b)).parts) {
    if (!out.empty()) out += ", ";
    out += p.asked;
    out += out.empty() || p.asked.empty() ? "" : " ";
    out += name_of(p.how);
    if (!p.met.empty()) out += " " + p.met;
  }
  return out;
}

TEST(Names, leave_articles_out_and_keep_together_what_is_one) {
  EXPECT_EQ(words("Abd al-Rahman El Hassan"), (std::vector<std::string>{"abdrahman", "hassan"}));
  EXPECT_EQ(words("عبد الرحمن الحسن"), (std::vector<std::string>{"عبدرحمن", "حسن"}));
  EXPECT_EQ(words("Сейф ад-Дин О'Брайен"), (std::vector<std::string>{"сейфдин", "обрайен"}));
  EXPECT_EQ(words("N'Diaye, Jean-Pierre"), (std::vector<std::string>{"ndiaye", "jean", "pierre"}));
  EXPECT_TRUE(s.read("Omar bin Hamid").words[1].optional);
  EXPECT_TRUE(s.read("J. Hamid").words[0].initial);
  EXPECT_TRUE(words(" - 12 , ").empty());
  EXPECT_EQ(s.read("Αλέξανδρος").words[0].sound, s.read("Aleksandros").words[0].sound) << "by ICU";
}

TEST(Names, are_found_in_three_scripts_and_two_languages) {
  for (const char* other :
       {"محمد حسن", "Мухаммед Хасан", "Mohamed Hacene", "Hassan, Muhammad", "Mouhamed Hassan"})
    EXPECT_GE(score("Mohammed Hassan", other), s.match()) << other;
  for (const char* other : {"Хрущёв", "Khrouchtchev", "Chruschtschow", "خروتشوف"})
    EXPECT_GE(score("Khrushchev", other), s.match()) << other;
  EXPECT_GE(score("Alexandros Ivanov", "Αλέξανδρος Иванов"), s.match());
  for (const char* other : {"Mohammed Hamid", "Mahmoud Haddad", "Ratko Mladić"})
    EXPECT_LT(score("Mohammed Hassan", other), s.match()) << other;
}

TEST(Names, are_explained_word_by_word) {
  EXPECT_EQ(told("Omar Hassan Dagalo", "Dagalo, Omar"),
            "omar same omar, hassan only_asked, dagalo same dagalo");
  EXPECT_EQ(told("Omar Musa", "Омар Мусса"), "omar transliterated омар, musa transliterated мусса");
  EXPECT_EQ(told("Omar Hamid", "عمر حميد"), "omar sounds عمر, hamid sounds حميد");
  EXPECT_EQ(told("J. Kony", "Joseph Kony"), "j initial joseph, kony same kony");
  EXPECT_EQ(told("Petrov", "Igor Petof"), "petrov near petof, only_met igor");
}

// The promise of the casework issue, on the half of the pairs that was never looked at to set a figure.
TEST(Names, of_the_labelled_pairs_are_told_apart) {
  std::map<std::string, Tally> by;
  for (const Labelled& l : labelled(CUSTOS_SOURCE "/tests/names/pairs.tsv"))
    if (l.half == "test") by[l.script].take(l.match, score(l.one, l.other) >= s.match());
  ASSERT_EQ(by.size(), 3u);
  for (const auto& [script, t] : by) {
    EXPECT_GE(t.recall(), 0.95) << script;
    EXPECT_GE(t.precision(), 0.98) << script;
    EXPECT_GE(t.found + t.missed, 100) << script;
  }
}

// Laws that hold whatever the names.
class Laws : public testing::Test {
 protected:
  Laws() {
    for (const Labelled& l : labelled(CUSTOS_SOURCE "/tests/names/pairs.tsv"))
      for (const std::string& name : {l.one, l.other}) all.push_back(name);
    std::ranges::shuffle(all, draw);
    all.resize(1500);
    for (const char* odd : {"J.", "J. K.", "ben", "Ben Ali", "Abu Ali Hassan", "Ali Abu Hassan", "مح", "Aé",
                            "Žž Čč", "李小龙", "Ng"})
      all.emplace_back(odd);
  }
  std::mt19937 draw{20261128};
  std::vector<std::string> all;
  const std::string& any() { return all[draw() % all.size()]; }
};

TEST_F(Laws, a_name_is_most_like_itself_and_order_does_not_matter) {
  for (const std::string& name : all) {
    Name one = s.read(name), turned = one;
    EXPECT_EQ(s.compare(one, one).score, 1) << name;
    std::ranges::shuffle(turned.words, draw);
    EXPECT_EQ(s.compare(one, turned).score, 1) << name;
    const Name other = s.read(any());
    EXPECT_EQ(s.compare(one, other).score, s.compare(turned, other).score) << name;
    EXPECT_EQ(s.compare(one, other).score, s.compare(other, one).score) << name;
    if (one.letters != other.letters) { EXPECT_LT(s.compare(one, other).score, 1) << name; }
  }
}

TEST_F(Laws, an_index_answers_what_a_look_at_every_name_would) {
  Index index(s);
  std::vector<std::vector<Name>> of(400);
  for (int round = 0; round < 3; ++round) {
    for (std::uint32_t owner = 0; owner < of.size(); ++owner) {
      if (round && draw() % 3) continue;  // some keep what they have, some have less or nothing now
      of[owner].clear();
      for (std::size_t n = draw() % 4; n > 0; --n) of[owner].push_back(s.read(any()));
      index.put(owner, of[owner]);
    }
    for (int i = 0; i < 150; ++i) {
      const Name asked = s.read(any());
      std::vector<Index::Found> want;
      for (std::uint32_t owner = 0; owner < of.size(); ++owner) {
        Index::Found best{owner, 0, -1};
        for (std::uint32_t n = 0; n < of[owner].size(); ++n)
          if (const double x = s.compare(asked, of[owner][n]).score; x >= s.least() && x > best.score)
            best.place = n, best.score = x;
        if (best.score >= 0) want.push_back(best);
      }
      std::ranges::sort(want, [](const auto& a, const auto& b) {
        return a.score != b.score ? a.score > b.score : a.owner < b.owner;
      });
      EXPECT_EQ(index.find(asked), want);
    }
  }
}

TEST_F(Laws, one_more_name_never_takes_an_answer_away) {
  Index index(s);
  for (std::uint32_t i = 0; i < 300; ++i) index.put(i, {s.read(all[i])});
  for (int i = 0; i < 200; ++i) {
    const Name asked = s.read(any());
    const auto before = index.find(asked);
    const auto owner = static_cast<std::uint32_t>(draw() % 300);
    index.put(owner, {s.read(all[owner]), s.read(any())});
    const auto after = index.find(asked);
    for (const Index::Found& f : before)
      EXPECT_TRUE(std::ranges::any_of(
          after, [&](const Index::Found& g) { return g.owner == f.owner && g.score >= f.score; }));
    index.put(owner, {s.read(all[owner])});
  }
}

TEST(Index, forgets_names_that_are_gone_and_takes_no_more_room_for_it) {
  Index index(s);
  const std::vector<Name> names{s.read("Joseph Kony"), s.read("عمر البشير")};
  for (std::uint32_t i = 0; i < 2000; ++i) index.put(i, names);
  const std::size_t most = index.bytes();
  for (int round = 0; round < 20; ++round)
    for (std::uint32_t i = 0; i < 2000; ++i) index.put(i, names);
  EXPECT_EQ(index.names(), 4000u);
  EXPECT_LT(index.bytes(), 3 * most);
  for (std::uint32_t i = 1; i < 2000; ++i) index.put(i, {});
  EXPECT_EQ(index.find(s.read("Omar al-Bashir")).size(), 1u);
  EXPECT_EQ(index.find(s.read("Omar al-Bashir"))[0].place, 1u);
}

}  // namespace

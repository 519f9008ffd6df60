#pragma once
// What the data says, as it is computed with. Costs and likenesses are whole thousandths, so that two ways of
// adding them up give the same.
#include <names/name.h>

#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace names {

constexpr std::size_t kWordsMax = 12, kLettersMax = 40;
constexpr int kSigns = 32, kWhole = 1000;

// Of the differences between two words, where `a` or `b` may be of a script without short vowels.
struct Costs {
  std::array<std::array<int, kSigns>, kSigns> swap{};
  std::array<int, kSigns> drop_a{}, drop_b{};
};

struct Speller::Table {
  std::array<int, 128> place{};                                              // of a sign
  std::array<Costs, 3> costs{};                                              // both alike; a bare; b bare
  std::array<std::unordered_map<std::u32string, std::string>, 3> letters{};  // anywhere; beginning; end
  std::size_t longest = 1;
  std::unordered_set<std::string> articles{}, before_hyphen{}, optional{}, next{}, previous{};
  int word_least = 0, word_sounds = 0, initial = 0;
  int other_letters = 0, missing = 0, single = 0, weakest = 0, least = 0, match = 0;

  const Costs& between(bool a_bare, bool b_bare) const {
    return costs[a_bare == b_bare ? 0 : a_bare ? 1 : 2];
  }
  int at(char sign) const { return place[static_cast<unsigned char>(sign) & 127]; }
  // The likeness for a cost and what the two words would cost alone; 0 below the least.
  int likeness(int cost, int alone_a, int alone_b) const {
    const int most = alone_a > alone_b ? alone_a : alone_b;
    const int l = most > 0 ? kWhole - cost * kWhole / most : 0;
    return l >= word_least ? l : 0;
  }
  int begins_alike(char a, char b) const {  // of an initial and a word
    return costs[0].swap[static_cast<std::size_t>(at(a))][static_cast<std::size_t>(at(b))] <= kWhole * 3 / 10
               ? initial
               : 0;
  }
};

// Likenesses of the needed words of two names, and what comes of them.
struct Grid {
  std::size_t asked = 0, met = 0;
  std::array<std::array<int, kWordsMax>, kWordsMax> alike{};
  std::array<bool, kWordsMax> asked_initial{}, met_initial{};
};
struct Paired {
  int score = 0;                      // thousandths
  std::array<int, kWordsMax> with{};  // of each word asked for, the word it goes with; -1: none
};
// `same_letters`: the two have the same words. The pairs have the greatest sum of likenesses there can be,
// and of those the greatest least.
Paired paired(const Speller::Table& t, const Grid& g, bool same_letters);
// What `paired` can reach at most when so many words are alike with that sum.
int reach(const Speller::Table& t, std::size_t asked, std::size_t met, int sum);

}  // namespace names

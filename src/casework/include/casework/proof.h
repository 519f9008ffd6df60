#pragma once
// The proof matrix: for each count its elements, what is to be proved of each, and what proves it. A reviewer
// rates an element; nothing here ever makes a rating. What is computed: how far the proof reaches (coverage),
// and the level of a count: that of the weakest element of its best mode (casework.md 2.2, [P]).

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace casework {

// An element of the crime or of a mode of liability, as one count needs it.
struct Element {
  std::string code;
  std::string mode;  // empty: of the crime, needed whatever the mode
  std::vector<std::string>
      ratings;            // newest of each reviewer under the standard asked for; several may differ
  bool mandatory = true;  // false: it is shown and rated, and holds no count down
};

// Ratings and their order: the vocabulary proof_rating, "rank". What is not rated ranks below all.
using Ranks = std::map<std::string, int, std::less<>>;

// The level of an element is the lowest of what its reviewers said: a difference is not decided by the
// program.
std::optional<std::string> level_of(const Element& e, const Ranks& ranks);

struct Level {
  std::optional<std::string> rating;  // nothing: an element of every mode is not rated
  std::string mode;                   // the best one, the first named of equals
  std::vector<std::string> weakest;   // codes of the elements that hold it there
};
// A count is as strong as its weakest mandatory element under a mode, and as its best mode. A mode without
// mandatory elements of its own counts as one element that is not rated. Without modes: of the elements of
// the crime alone.
Level level_of_count(const std::vector<Element>& elements, const std::vector<std::string>& modes,
                     const Ranks& ranks);

// A link between a proposition and an item, at its place.
struct Link {
  std::string code, direction;     // incriminating, exonerating, neutral, credibility
  std::string source;              // who or what independently says so; empty: each item stands for itself
  std::string type;                // of evidence; empty: not said
  std::vector<std::string> items;  // ids
  bool disclosable = true;         // false: article 54(3)(e), privilege
};

struct Coverage {
  std::int64_t links = 0, incriminating = 0, exonerating = 0;
  std::map<std::string, std::int64_t>
      sources_by_type;                   // independent incriminating sources; "" is no type said
  std::int64_t sources = 0;              // independent incriminating sources
  std::int64_t disclosable_sources = 0;  // those that remain without what cannot be disclosed
  bool depends = false;                  // some stand, and none would without it
};
Coverage coverage_of(const std::vector<Link>& links);

// What is missing before one can rely on an element.
enum class Gap : std::uint8_t {
  no_proposition,
  no_proof,               // nothing incriminating
  one_source,             // a single independent source
  no_exonerating_search,  // art. 54(1)(a): not recorded for some proposition
  depends,                // on what cannot be disclosed
  exonerating,            // exonerating proof stands against it
  not_rated,
  disputed,  // reviewers differ
};
std::vector<Gap> gaps_of(const Element& e, const Coverage& c, std::size_t propositions,
                         std::size_t unsearched);
const char* name_of(Gap g);

}  // namespace casework

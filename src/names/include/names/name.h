#pragma once
// Names of people in any script: read into words, compared, and told in words why they are alike. Which
// letters sound alike and what each difference costs is data: data/names. Docs: docs/adr/0023.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace names {

struct Word {
  std::string written;    // in lower case
  std::string sound;      // by the signs of data/names/letters.txt
  bool bare = false;      // of a script that leaves out short vowels
  bool optional = false;  // "bin", "de": written or left out as the writer likes
  bool initial = false;   // a single letter
};
// Articles are left out, and words that belong together ("Abd al-Rahman") are one.
struct Name {
  std::vector<Word> words;
  std::uint64_t letters = 0;   // equal for the same words in any order
  std::size_t needed() const;  // words that are not optional; if all are, all
};

enum class How : std::uint8_t {
  same,            // the same letters
  transliterated,  // other letters of another script, the same sound
  sounds,          // sounds alike
  near,            // a letter or two apart
  initial,         // a word and its first letter
  only_asked,      // missing in the other
  only_met,        // missing in what was asked
};
const char* name_of(How how);
struct Part {
  std::string asked, met;  // as written; empty where it is missing
  How how = How::same;
  double alike = 0;  // 0 to 1
};
struct Match {
  double score = 0;  // 0 to 1; 1 only for the same words in any order
  std::vector<Part> parts;
};

class Speller {
 public:
  Speller();  // of the data that the program carries
  ~Speller();
  Speller(const Speller&) = delete;
  Speller& operator=(const Speller&) = delete;

  Name read(std::string_view name) const;  // UTF-8; at most 12 words, of 40 letters each
  // 0 when they are too far apart to be told of. The same in both directions.
  double alike(const Word& a, const Word& b) const;
  Match compare(const Name& asked, const Name& met) const;
  double least() const;  // the score from which a name is an answer
  double match() const;  // and from which the two are taken for one name where nobody looks

  struct Table;
  const Table& table() const { return *table_; }

 private:
  std::unique_ptr<const Table> table_;
};

// One for the whole program, made when it is first asked for.
const Speller& speller();

std::string_view shipped_letters();
std::string_view shipped_matching();

}  // namespace names

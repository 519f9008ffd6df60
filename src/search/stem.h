#pragma once
// Word stems by Snowball. A stem is indexed as its language's mark and the stem, beside the word itself, and
// only where the two differ: a search for a word asks for both.

#include <memory>
#include <string>
#include <string_view>
#include <cstdint>
#include <vector>

struct sb_stemmer;

namespace search {

// The mark of a language in the index: 0 if there is no stemmer for it. Marks are permanent
// (docs/formats/index.md).
char stem_mark(std::string_view language);
const std::vector<std::string_view>& stem_languages();

class Stemmer {
 public:
  explicit Stemmer(std::string_view language);
  ~Stemmer();
  Stemmer(Stemmer&&) noexcept;
  char mark() const { return mark_; }
  // The folded stem of a lower-case word; the view lives until the next call. Frequent words are kept.
  std::string_view stem(std::string_view lower);

 private:
  // A table small enough for the processor's cache: a word has one place, and the last one there stays.
  struct Kept {
    std::uint8_t word_bytes = 0, stem_bytes = 0;
    char bytes[46];  // the word, then its stem
  };
  static constexpr std::size_t kPlaces = 1 << 15;
  sb_stemmer* stemmer_ = nullptr;
  char mark_ = 0;
  std::vector<Kept> kept_;
  std::string long_;
};

}  // namespace search

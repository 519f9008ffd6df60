#pragma once
// Word stems by Snowball. A stem is indexed as its language's mark and the stem, beside the word itself, and only
// where the two differ: a search for a word asks for both.

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct sb_stemmer;

namespace search {

// The mark of a language in the index: 0 if there is no stemmer for it. Marks are permanent (docs/formats/index.md).
char stem_mark(std::string_view language);
const std::vector<std::string_view>& stem_languages();

class Stemmer {
 public:
  explicit Stemmer(std::string_view language);
  ~Stemmer();
  Stemmer(Stemmer&&) noexcept;
  char mark() const { return mark_; }
  // The folded stem of a lower-case word, kept while there is room.
  const std::string& stem(std::string_view lower);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>()(s); }
  };
  sb_stemmer* stemmer_ = nullptr;
  char mark_ = 0;
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> kept_;
};

}  // namespace search

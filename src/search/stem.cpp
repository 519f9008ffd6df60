#include "fold.h"
#include "stem.h"

#include <libstemmer.h>

#include <utility>

namespace search {
namespace {

struct Language {
  std::string_view code;
  const char* algorithm;
};
// The position is the mark; a language is never moved or removed, only added.
constexpr Language kLanguages[] = {
    {"en", "english"}, {"fr", "french"},  {"es", "spanish"}, {"ru", "russian"}, {"ar", "arabic"},    {"de", "german"},
    {"it", "italian"}, {"pt", "portuguese"}, {"nl", "dutch"}, {"sr", "serbian"}, {"tr", "turkish"},  {"ro", "romanian"},
    {"hu", "hungarian"}, {"sv", "swedish"}, {"da", "danish"}, {"no", "norwegian"}, {"fi", "finnish"}, {"el", "greek"},
};
constexpr std::size_t kKeptMax = 200'000;

}  // namespace

char stem_mark(std::string_view code) {
  for (std::size_t i = 0; i < std::size(kLanguages); ++i)
    if (kLanguages[i].code == code) return static_cast<char>(i + 1 < 9 ? i + 1 : i + 3);  // 9 and 10 are \t and \n
  return 0;
}
const std::vector<std::string_view>& stem_languages() {
  static const std::vector<std::string_view> all = [] {
    std::vector<std::string_view> v;
    for (const Language& l : kLanguages) v.push_back(l.code);
    return v;
  }();
  return all;
}

Stemmer::Stemmer(std::string_view code) : mark_(stem_mark(code)) {
  for (const Language& l : kLanguages)
    if (l.code == code) stemmer_ = sb_stemmer_new(l.algorithm, "UTF_8");
  if (!stemmer_) mark_ = 0;
}
Stemmer::~Stemmer() {
  if (stemmer_) sb_stemmer_delete(stemmer_);
}
Stemmer::Stemmer(Stemmer&& o) noexcept
    : stemmer_(std::exchange(o.stemmer_, nullptr)), mark_(o.mark_), kept_(std::move(o.kept_)) {}

const std::string& Stemmer::stem(std::string_view lower) {
  if (const auto at = kept_.find(lower); at != kept_.end()) return at->second;
  if (kept_.size() >= kKeptMax) kept_.clear();
  const auto* s = sb_stemmer_stem(stemmer_, reinterpret_cast<const sb_symbol*>(lower.data()), static_cast<int>(lower.size()));
  const std::string_view out(reinterpret_cast<const char*>(s), static_cast<std::size_t>(sb_stemmer_length(stemmer_)));
  return kept_.emplace(std::string(lower), folded(out)).first->second;
}

}  // namespace search

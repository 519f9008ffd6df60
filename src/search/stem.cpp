#include "fold.h"
#include "stem.h"

#include <libstemmer.h>

#include <cstring>
#include <utility>

namespace search {
namespace {

struct Language {
  std::string_view code;
  const char* algorithm;
};
// The position is the mark; a language is never moved or removed, only added.
constexpr Language kLanguages[] = {
    {"en", "english"},   {"fr", "french"},   {"es", "spanish"},    {"ru", "russian"}, {"ar", "arabic"},
    {"de", "german"},    {"it", "italian"},  {"pt", "portuguese"}, {"nl", "dutch"},   {"sr", "serbian"},
    {"tr", "turkish"},   {"ro", "romanian"}, {"hu", "hungarian"},  {"sv", "swedish"}, {"da", "danish"},
    {"no", "norwegian"}, {"fi", "finnish"},  {"el", "greek"},
};

}  // namespace

char stem_mark(std::string_view code) {
  for (std::size_t i = 0; i < std::size(kLanguages); ++i)
    if (kLanguages[i].code == code)
      return static_cast<char>(i + 1 < 9 ? i + 1 : i + 3);  // 9 and 10 are \t and \n
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

Stemmer::Stemmer(std::string_view code) : mark_(stem_mark(code)), kept_(kPlaces) {
  for (const Language& l : kLanguages)
    if (l.code == code) stemmer_ = sb_stemmer_new(l.algorithm, "UTF_8");
  if (!stemmer_) mark_ = 0;
}
Stemmer::~Stemmer() {
  if (stemmer_) sb_stemmer_delete(stemmer_);
}
Stemmer::Stemmer(Stemmer&& o) noexcept
    : stemmer_(std::exchange(o.stemmer_, nullptr)),
      mark_(o.mark_),
      kept_(std::move(o.kept_)),
      long_(std::move(o.long_)) {}

std::string_view Stemmer::stem(std::string_view lower) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : lower) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  Kept& k = kept_[(h ^ h >> 29) % kPlaces];
  if (k.word_bytes == lower.size() && std::memcmp(k.bytes, lower.data(), lower.size()) == 0 && k.word_bytes)
    return {k.bytes + k.word_bytes, k.stem_bytes};
  const auto* s = sb_stemmer_stem(stemmer_, reinterpret_cast<const sb_symbol*>(lower.data()),
                                  static_cast<int>(lower.size()));
  long_ = folded({reinterpret_cast<const char*>(s), static_cast<std::size_t>(sb_stemmer_length(stemmer_))});
  if (lower.size() + long_.size() <= sizeof k.bytes) {
    k.word_bytes = static_cast<std::uint8_t>(lower.size()),
    k.stem_bytes = static_cast<std::uint8_t>(long_.size());
    std::memcpy(k.bytes, lower.data(), lower.size());
    std::memcpy(k.bytes + lower.size(), long_.data(), long_.size());
  }
  return long_;
}

}  // namespace search

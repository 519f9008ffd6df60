#include "tokenize.h"

#include <search/words.h>

#include <algorithm>

namespace search {

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  each_word(text, [&](const Word& w) {
    out.emplace_back(w.exact);
    return true;
  });
  return out;
}

std::string marked_piece(std::string_view text, const std::vector<std::string>& words, std::size_t bytes) {
  std::vector<std::pair<std::size_t, std::size_t>> hits;
  each_word(text, [&](const Word& w) {
    const bool hit = std::ranges::any_of(words, [&](const std::string& s) { return w.exact.starts_with(s); });
    if (hit && (hits.empty() || w.end - hits.front().first < bytes)) hits.emplace_back(w.begin, w.end);
    return hits.empty() || w.begin - hits.front().first < bytes;
  });
  std::size_t from = hits.empty() ? 0 : hits.front().first - std::min(hits.front().first, bytes / 3);
  while (from > 0 && (static_cast<unsigned char>(text[from]) & 0xC0) == 0x80) --from;
  const std::string_view piece = base::cut(text.substr(from), bytes);
  std::string out;
  std::size_t at = from;
  for (const auto& [begin, end] : hits) {
    if (end > from + piece.size()) break;
    out.append(text.substr(at, begin - at)) += '\2';
    out.append(text.substr(begin, end - begin)) += '\3';
    at = end;
  }
  return out.append(text.substr(at, from + piece.size() - at));
}

}  // namespace search

#include "say.h"

#include <search/words.h>

namespace kinds {

std::vector<std::string> search_words(std::string_view text) { return search::words_of(text); }

std::string snippet(std::string_view text, const std::vector<std::string>& words) {
  return search::marked_piece(text, words, 200);
}

}  // namespace kinds

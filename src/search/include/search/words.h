#pragma once
// Words as the index knows them, for those who keep a small index of their own.

#include <string>
#include <string_view>
#include <vector>

namespace search {

// Folded: case, accents and forms of letters are gone; Chinese, Japanese and Thai are cut into words.
std::vector<std::string> words_of(std::string_view text);

// About `bytes` of a text around the first word that begins as one of `words` (folded), each such word there
// between U+0002 and U+0003. The beginning when there is none.
std::string marked_piece(std::string_view text, const std::vector<std::string>& words, std::size_t bytes);

}  // namespace search

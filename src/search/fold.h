#pragma once
// One spelling for what readers take as the same word: case, width, accents, Arabic vowels and letter
// variants.

#include <cstdint>
#include <string>
#include <string_view>

namespace search {

enum class Class : std::uint8_t {
  gap,        // not part of a word
  word,       // letters, digits, marks
  segmented,  // scripts written without spaces: words are found by dictionary
};
Class class_of(char32_t c);
// Appends the folded form of one code point (nothing for marks that are dropped).
void fold_into(std::string& out, char32_t c);
void lower_into(std::string& out, char32_t c);  // simple lower case, accents kept: what stemmers expect
std::string folded(std::string_view utf8);

}  // namespace search

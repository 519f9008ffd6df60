#pragma once
// Which languages a text is in, by CLD2: a guess for search, never a fact of the record.

#include <string>
#include <string_view>

namespace extract {

// ISO 639-1 codes, at most three, most frequent first, separated by a space. Empty when the text is too short
// to tell.
std::string languages_of(std::string_view utf8);

}  // namespace extract

#pragma once
// What a term of a query stands for in the index.

#include "stem.h"

#include <search/query.h>

#include <string>
#include <vector>

namespace search {

// The indexed forms of a word for texts in any of these languages (all languages where empty).
std::vector<std::string> forms(const Term& term, std::vector<Stemmer>& stemmers);
// Does a word of a text fit the term? `mark`/`stem` of the text's own languages are tried by the caller's
// forms.
bool fits_wildcard(std::string_view pattern, std::string_view word);
bool within_distance(std::u32string_view a, std::u32string_view b,
                     int distance);  // Damerau: swaps of neighbours count one

}  // namespace search

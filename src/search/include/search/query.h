#pragma once
// The query language (docs/query.md): words, =exact, "phrases", AND OR NOT ( ), a NEAR/5 b, wild* c?rds,
// fuzzy~1, fields and ranges. A wrong query is refused with the position and what was expected there.

#include <base/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace search {

struct Term {
  enum class Kind { stemmed, exact, prefix, wildcard, fuzzy } kind = Kind::stemmed;
  std::string word;   // folded; for wildcards with * and ?
  std::string lower;  // for stemming
  int distance = 0;   // of fuzzy
};

struct Node {
  enum class Kind { phrase, near, conjunction, disjunction, negation, field, everything } kind{};
  std::vector<Term> terms;  // phrase
  std::string column;       // phrase in one field of text: "title", "from", ...; empty: all
  int distance = 0;         // near
  std::vector<std::unique_ptr<Node>> children;  // near: phrases; negation: one
  std::string field, low, high;                 // field: canonical name; equal for a single value
  std::size_t at = 0;                           // position in the query, in bytes
};

// Refuses: invalid; the message begins with the position in characters, from 1.
base::Result<std::unique_ptr<Node>> parse_query(std::string_view query);

// One spelling for names that differ in case or width alone; accents count.
std::string caseless(std::string_view utf8);

}  // namespace search

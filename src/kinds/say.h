#pragma once
// What is said in the same words everywhere in this room.

#include <access/policy.h>
#include <base/result.h>

#include <boost/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kinds {

inline base::Error not_there() {
  return {base::Refusal::not_found, "there is nothing here, or nothing for you to see"};
}
// For acts on what the person sees.
inline base::Error no_right() {
  return {base::Refusal::denied, "your roles do not allow this; ask the head of your team"};
}
// Leaves the transaction; the list says why.
inline const base::Error kUnfit{base::Refusal::invalid, "unfit"};
inline base::Error needs_another() {
  return {base::Refusal::denied, "another person than who wrote it must do this: ask a colleague"};
}
inline boost::json::object words_json(const rights::Words& w) { return {{"en", w.en}, {"fr", w.fr}}; }

// Words of a text as they are searched: folded, each once or more, in order.
std::vector<std::string> search_words(std::string_view text);
// The piece of a text around the first word that begins as one of those, marked by U+0002 and U+0003.
std::string snippet(std::string_view text, const std::vector<std::string>& words);

}  // namespace kinds

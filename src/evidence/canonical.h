#pragma once
// JSON in the one spelling that ledger entries and sealing payloads may have (RFC 8785 with integers only):
// what parses here could not have been written in any other way.

#include <base/result.h>

#include <map>
#include <string>
#include <string_view>

namespace evidence::canonical {

struct Value {
  enum class Kind { string, integer, other } kind = Kind::other;
  std::string text;  // of a string
  std::int64_t integer = 0;
};
using Object = std::map<std::string, Value>;

// The members of one object. Refuses: invalid, when anything is spelled otherwise.
base::Result<Object> parse_object(std::string_view json);
bool is_time(std::string_view text);  // 2026-11-25T21:44:37.123456Z, a time of the calendar

}  // namespace evidence::canonical

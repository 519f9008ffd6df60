#pragma once
// Numbers in addresses, queries and fields of requests.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>

namespace service {

// A whole number in decimal digits and nothing else.
inline std::optional<std::uint64_t> number_in(std::string_view digits) {
  std::uint64_t n = 0;
  const auto r = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  if (digits.empty() || r.ec != std::errc() || r.ptr != digits.data() + digits.size()) return {};
  return n;
}
// The same as a key of records: what is no such number is 0, which none has.
inline std::int64_t key_in(std::string_view digits) {
  const auto n = number_in(digits);
  return n && *n <= INT64_MAX ? static_cast<std::int64_t>(*n) : 0;
}

}  // namespace service

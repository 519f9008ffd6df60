#pragma once
// Crockford's base 32: no I, L, O, U, so that what is read aloud or written by hand comes back.

#include <cstdint>
#include <string>
#include <string_view>

namespace rights {

inline constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

// 0 to 31; -1: no character of the alphabet. Lower case, and I, L, O as people write them, are read.
constexpr int crockford_value(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  const std::size_t at = kCrockford.find(c);
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace rights

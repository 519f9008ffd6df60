#include "crockford.h"

#include <access/person_code.h>
#include <base/result.h>

namespace rights {
namespace {

constexpr std::size_t kLength = 10;

// GF(32) by x^5 + x^2 + 1, in which 2 generates all 31 other elements.
constexpr unsigned times(unsigned a, unsigned b) {
  unsigned product = 0;
  for (int i = 0; i < 5; ++i) {
    if (b >> i & 1) product ^= a << i;
  }
  for (int i = 8; i >= 5; --i)
    if (product >> i & 1) product ^= 0b100101u << (i - 5);
  return product;
}

// Weights 2, 4, 8 ...: all different, and none is that of the check character itself, 1.
unsigned check_of(const unsigned (&values)[kLength]) {
  unsigned sum = 0, weight = 1;
  for (const unsigned v : values) {
    weight = times(weight, 2);
    sum ^= times(weight, v);
  }
  return sum;
}

}  // namespace

std::string make_person_code(const Random& random) {
  const std::string bytes = random(kLength);
  CHECK(bytes.size() == kLength);
  unsigned values[kLength];
  std::string code = "W-";
  for (std::size_t i = 0; i < kLength; ++i) {
    values[i] =
        static_cast<unsigned char>(bytes[i]) & 31;  // 256 is a multiple of 32: every character as likely
    code += kCrockford[values[i]];
  }
  return code + kCrockford[check_of(values)];
}

base::Result<std::string> read_person_code(std::string_view typed) {
  const base::Error wrong{
      base::Refusal::invalid,
      "this is no person code: W- and eleven characters; look for a wrong one and type it again"};
  unsigned values[kLength] = {};
  std::string code;
  for (const char c : typed) {
    if (c == ' ' || c == '-') continue;
    if (code.empty()) {
      if (c != 'W' && c != 'w') return wrong;
      code = "W-";
      continue;
    }
    const int v = crockford_value(c);
    const std::size_t at = code.size() - 2;
    if (v < 0 || at > kLength) return wrong;
    if (at < kLength)
      values[at] = static_cast<unsigned>(v);
    else if (static_cast<unsigned>(v) != check_of(values))
      return wrong;
    code += kCrockford[static_cast<std::size_t>(v)];
  }
  if (code.size() != kLength + 3) return wrong;
  return code;
}

bool is_person_code(std::string_view text) {
  const auto read = read_person_code(text);
  return read.ok() && *read == text;
}

}  // namespace rights

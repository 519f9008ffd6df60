#include <access/shares.h>
#include <base/crypto.h>

#include <algorithm>

namespace rights {
namespace {

using base::Error;
using base::Refusal;

// The product in GF(256); every step is taken whatever the bits are.
constexpr std::uint8_t times(std::uint8_t a, std::uint8_t b) {
  unsigned product = 0, x = a;
  for (int i = 0; i < 8; ++i) {
    product ^= x & (0u - (b >> i & 1u));
    x = (x << 1) ^ (0x11bu & (0u - (x >> 7 & 1u)));
  }
  return static_cast<std::uint8_t>(product);
}
constexpr std::uint8_t inverse(std::uint8_t a) {  // a^254
  std::uint8_t power = a, out = 1;
  for (int i = 1; i < 8; ++i) power = times(power, power), out = times(out, power);
  return out;
}
static_assert(times(0x57, 0x83) == 0xc1 && times(0x57, 0x13) == 0xfe &&
              inverse(0x53) == 0xca);  // FIPS 197 §4.2

// The value at `x` of the polynomial through the first `n` shares (Lagrange).
std::string value_at(std::uint8_t x, std::span<const Share> shares) {
  std::string out(shares[0].bytes.size(), '\0');
  for (const Share& i : shares) {
    std::uint8_t weight = 1;
    for (const Share& j : shares)
      if (i.number != j.number)
        weight = times(weight, times(x ^ j.number, inverse(static_cast<std::uint8_t>(i.number ^ j.number))));
    for (std::size_t k = 0; k < out.size(); ++k)
      out[k] = static_cast<char>(out[k] ^ times(weight, static_cast<std::uint8_t>(i.bytes[k])));
  }
  return out;
}

}  // namespace

base::Result<std::vector<Share>> split(std::string_view secret, const Split& how, const Random& random) {
  if (secret.empty() || how.needed < 2 || how.shares < how.needed || how.shares > 255)
    return Error{Refusal::invalid, "a secret is split into 2 to 255 shares of which at least 2 are needed"};
  std::vector<Share> out;
  for (int n = 1; n <= how.shares; ++n)
    out.push_back({static_cast<std::uint8_t>(n), static_cast<std::uint8_t>(how.needed), std::string(secret)});
  std::string coefficients = random(secret.size() * static_cast<std::size_t>(how.needed - 1));
  CHECK(coefficients.size() == secret.size() * static_cast<std::size_t>(how.needed - 1));
  for (Share& s : out) {
    std::uint8_t power = 1;
    for (std::size_t i = 0; i < coefficients.size(); ++i) {
      if (i % secret.size() == 0) power = times(power, s.number);
      char& at = s.bytes[i % secret.size()];
      at = static_cast<char>(at ^ times(power, static_cast<std::uint8_t>(coefficients[i])));
    }
  }
  base::wipe(coefficients);
  return out;
}

base::Result<std::string> restore(std::span<const Share> shares) {
  if (shares.empty()) return Error{Refusal::invalid, "no share was given"};
  const Share& first = shares[0];
  for (std::size_t i = 0; i < shares.size(); ++i) {
    if (!shares[i].number || shares[i].needed != first.needed ||
        shares[i].bytes.size() != first.bytes.size() || first.bytes.empty())
      return Error{Refusal::invalid, "the shares are not of one split; look at their first two numbers"};
    for (std::size_t j = 0; j < i; ++j)
      if (shares[i].number == shares[j].number)
        return Error{Refusal::invalid, "share " + std::to_string(shares[i].number) + " was given twice"};
  }
  if (first.needed < 2 || shares.size() < first.needed)
    return Error{Refusal::invalid, "too few shares: " + std::to_string(first.needed) + " are needed"};
  const auto enough = shares.first(first.needed);
  for (const Share& more : shares.subspan(first.needed))
    if (value_at(more.number, enough) != more.bytes)
      return Error{Refusal::invalid, "the shares do not agree: one of them is wrong or of another split"};
  return value_at(0, enough);
}

}  // namespace rights

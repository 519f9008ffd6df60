#include "crockford.h"

#include <access/shares.h>
#include <base/crypto.h>

#include <charconv>

namespace rights {
namespace {

using base::Error;
using base::Refusal;

std::string base32(std::string_view bytes) {
  std::string out;
  unsigned held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8 | static_cast<unsigned char>(c)) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) out += kCrockford[held >> (bits - 5) & 31];
  }
  if (bits) out += kCrockford[held << (5 - bits) & 31];
  return out;
}

std::string check_of(const Share& s) {
  const std::string head{static_cast<char>(s.needed), static_cast<char>(s.number)};
  return base32(base::view(base::sha256(head, s.bytes))).substr(0, 4);
}

constexpr std::string_view kInfo = "custos root key v1";

}  // namespace

std::string print_share(const Share& s) {
  return std::to_string(s.needed) + "-" + std::to_string(s.number) + "-" + base32(s.bytes) + check_of(s);
}

base::Result<Share> read_share(std::string_view typed) {
  const Error wrong{Refusal::invalid, "this is no share: compare it with the paper, character by character"};
  Share s;
  const char *at = typed.data(), *end = at + typed.size();
  for (std::uint8_t* number : {&s.needed, &s.number}) {
    const auto r = std::from_chars(at, end, *number);
    if (r.ec != std::errc{} || r.ptr == end || *r.ptr != '-' || !*number) return wrong;
    at = r.ptr + 1;
  }
  std::string characters, check;
  for (; at < end; ++at) {
    if (*at == ' ' || *at == '-') continue;
    const int v = crockford_value(*at);
    if (v < 0 || characters.size() > 4096) return wrong;
    characters += kCrockford[static_cast<std::size_t>(v)];
  }
  if (characters.size() < 6) return wrong;
  check = characters.substr(characters.size() - 4);
  characters.resize(characters.size() - 4);
  unsigned held = 0;
  int bits = 0;
  for (const char c : characters) {
    held = (held << 5 | static_cast<unsigned>(crockford_value(c))) & 0xfff;
    if ((bits += 5) >= 8) s.bytes += static_cast<char>(held >> (bits -= 8) & 255);
  }
  if (base32(s.bytes) != characters || check != check_of(s)) return wrong;
  return s;
}

SealedRoot seal_root(std::string_view root_key, std::string_view unseal_key, const Random& random) {
  SealedRoot r{.salt = random(32), .nonce = random(base::Aead::nonce_bytes)};
  std::string keys = base::hkdf_sha512(unseal_key, r.salt, kInfo, 64);
  r.commitment = keys.substr(32);
  r.sealed.resize(root_key.size() + base::Aead::tag_bytes);
  std::string key = keys.substr(0, 32);
  base::Aead(key).seal(reinterpret_cast<const unsigned char*>(r.nonce.data()), kInfo, root_key.data(),
                       root_key.size(), r.sealed.data());
  base::wipe(key);
  base::wipe(keys);
  return r;
}

base::Result<std::string> open_root(const SealedRoot& r, std::span<const Share> shares) {
  std::string unseal_key = TRY(restore(shares));
  auto root = open_root(r, std::string_view(unseal_key));
  base::wipe(unseal_key);
  return root;
}
base::Result<std::string> open_root(const SealedRoot& r, std::string_view unseal_key) {
  const Error wrong{Refusal::damaged,
                    "these shares do not open the root key: one is wrong or of another office"};
  if (r.sealed.size() < base::Aead::tag_bytes || r.nonce.size() != base::Aead::nonce_bytes) return wrong;
  std::string keys = base::hkdf_sha512(unseal_key, r.salt, kInfo, 64), key = keys.substr(0, 32);
  std::string root(r.sealed.size() - base::Aead::tag_bytes, '\0');
  const bool right = std::string_view(keys).substr(32) == r.commitment &&
                     base::Aead(key).open(reinterpret_cast<const unsigned char*>(r.nonce.data()), kInfo,
                                          r.sealed.data(), root.size(), root.data());
  for (std::string* secret : {&keys, &key}) base::wipe(*secret);
  if (!right) return wrong;
  return root;
}

}  // namespace rights

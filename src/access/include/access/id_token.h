#pragma once
// Who somebody is, in the word of the office's own identity provider (OpenID Connect Core 1.0 §3.1.3.7, RFC
// 7515, RFC 7517, RFC 7518 §3.3 and §3.4). It says who, never what they may.
//
// Taken are RS256 and ES256 alone, named by the key and not by the token: "none", and a key of one kind used
// as another, are nothing. The pure part: the caller fetches, keeps the nonce, and lets it be used once.

#include <access/policy.h>

#include <string>
#include <string_view>
#include <vector>

namespace rights {

struct ProviderKey {
  std::string id;              // "kid"; empty where the provider has one key without a name
  std::int64_t algorithm = 0;  // -257 RS256, -7 ES256, as in webauthn.h
  std::string a, b;            // n, e | x, y
};
// The signing keys of a JSON Web Key Set; keys of other kinds and uses are passed over. Refuses: invalid (no
// set, a key twice), unsupported (no key of ours in it).
base::Result<std::vector<ProviderKey>> read_key_set(std::string_view json);

struct TokenExpected {
  std::string issuer, audience, nonce;
  Time now = 0;
  Time skew = 60;
  Time age_max = 600;  // since it was issued
};
// The claim asked for. Refuses: invalid (cannot be read), denied (readable, but not this provider's word
// about a sign-in begun here and now).
base::Result<std::string> claim_of(std::string_view token, const std::vector<ProviderKey>& keys,
                                   const TokenExpected& expected, std::string_view claim);

}  // namespace rights

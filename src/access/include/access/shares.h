#pragma once
// The unseal key of the office in shares: any `needed` of them give it back, fewer tell nothing at all
// (Shamir, "How to share a secret", 1979, over GF(256) with the polynomial of AES, FIPS 197 §4.2). No tables
// and no branches on secret bytes. A wrong share gives a wrong key without a word: only the sealed root key
// tells.

#include <access/person_code.h>
#include <base/result.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rights {

struct Share {
  std::uint8_t number = 0;  // 1 to 255
  std::uint8_t needed = 0;
  std::string bytes{};  // secret
};
struct Split {
  int shares = 5, needed = 3;
};

// Refuses: invalid (an empty secret, fewer than 2 needed, more needed than there are, more than 255).
base::Result<std::vector<Share>> split(std::string_view secret, const Split& how, const Random& random);
// From as many shares as are needed; more must agree. Refuses: invalid (too few, one twice, of different
// splits).
base::Result<std::string> restore(std::span<const Share> shares);

// A share on paper: "3-1-K7Q2..."; four characters at the end find a slip of the pen. Refuses: invalid.
std::string print_share(const Share& share);
base::Result<Share> read_share(std::string_view typed);

// The root key, sealed by the unseal key: says whether the shares were right. AES-256-GCM does not commit to
// its key, so a commitment stands beside it.
struct SealedRoot {
  std::string salt, commitment, nonce, sealed;
};
SealedRoot seal_root(std::string_view root_key, std::string_view unseal_key, const Random& random);
// Refuses: invalid as restore() does, damaged (a share is wrong, or the sealed key was changed).
base::Result<std::string> open_root(const SealedRoot& root, std::span<const Share> shares);
// The same by the unseal key itself, for example one made from a passphrase.
base::Result<std::string> open_root(const SealedRoot& root, std::string_view unseal_key);

}  // namespace rights

#pragma once
// Public keys as authenticators write them (RFC 9052, RFC 9053, RFC 8230), and what they signed. Verification
// is OpenSSL's.

#include "cbor.h"

#include <base/crypto.h>

namespace rights {

struct CoseKey {
  std::int64_t algorithm = 0;  // -8 EdDSA with Ed25519, -7 ES256 with P-256, -257 RS256
  std::string a, b;            // x | x, y | n, e
};
// The whole of `bytes`, and no member beyond those of its kind. Refuses: invalid, unsupported.
base::Result<CoseKey> read_cose_key(std::string_view bytes);
bool verify_signature(const CoseKey& key, std::string_view message, std::string_view signature);

}  // namespace rights

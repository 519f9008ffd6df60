#pragma once
// What only one reader can open: RFC 9180 (HPKE), base mode, one message, of the suite DHKEM(X25519,
// HKDF-SHA256), HKDF-SHA256, AES-256-GCM. A browser speaks it with WebCrypto alone. Forms go to the register
// and opened identities to one browser in it, so that the office's server carries them unread.

#include <base/result.h>

#include <string>
#include <string_view>

namespace identity {

struct Sealed {
  std::string enc, box;  // 32 bytes; ciphertext and tag
};
std::string public_of(std::string_view private_key);  // X25519, 32 bytes each
// Refuses: invalid (no key of X25519, or one of small order).
base::Result<Sealed> seal_to(std::string_view public_key, std::string_view info, std::string_view aad,
                             std::string_view plain);
// Refuses: damaged (sealed for another, for another use, or changed).
base::Result<std::string> open_for(std::string_view private_key, std::string_view info, std::string_view aad,
                                   const Sealed& sealed);

// The parts, as the RFC names them; for its test vectors.
base::Result<std::string> decap(std::string_view private_key, std::string_view enc);
struct Schedule {
  std::string key, nonce;
};
Schedule key_schedule(std::string_view shared, std::string_view info, unsigned aead, std::size_t key_bytes);

}  // namespace identity

#pragma once
// The cryptography of the house, each a thin face of OpenSSL or libsodium; nothing home-made.

#include <base/result.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace base {

using Digest = std::array<unsigned char, 32>;
inline std::string_view view(const Digest& d) { return {reinterpret_cast<const char*>(d.data()), d.size()}; }

Digest sha256(std::string_view bytes);
Digest sha256(std::string_view a, std::string_view b);  // of a ‖ b

class Hasher {  // incremental; algorithm by OpenSSL name: "SHA256", "SHA1", "MD5"
 public:
  explicit Hasher(const char* algorithm = "SHA256");
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  void add(std::string_view bytes);
  std::string finish();  // raw bytes; the hasher starts anew

 private:
  void* context_;
  const void* algorithm_;
};

void random_bytes(void* to, std::size_t n);
std::string random_bytes(std::size_t n);

std::string hkdf_sha512(std::string_view key, std::string_view salt, std::string_view info, std::size_t n);
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// AES-256-GCM with a 12-byte nonce and a 16-byte tag. One object a thread; the key schedule is kept.
class Aead {
 public:
  static constexpr std::size_t key_bytes = 32, nonce_bytes = 12, tag_bytes = 16;
  explicit Aead(std::string_view key);
  ~Aead();
  Aead(const Aead&) = delete;
  Aead& operator=(const Aead&) = delete;
  // `out` has room for n bytes and the tag, which follows the ciphertext. May be in place.
  void seal(const unsigned char* nonce, std::string_view aad, const char* in, std::size_t n, char* out);
  // `in` is ciphertext of n bytes followed by the tag. False: it is not what was sealed.
  [[nodiscard]] bool open(const unsigned char* nonce, std::string_view aad, const char* in, std::size_t n,
                          char* out);

 private:
  void* context(bool sealing);
  std::string key_;
  void *seal_ = nullptr, *open_ = nullptr;
};

struct SigningKey {        // Ed25519
  std::string seed;        // 32 bytes, secret
  std::string public_key;  // 32 bytes
  static SigningKey make();
  static SigningKey from_seed(std::string_view seed);
  std::string sign(std::string_view message) const;  // 64 bytes
};
bool verify_ed25519(std::string_view public_key, std::string_view message, std::string_view signature);

// Argon2id. Parameters are stored with what was made by them.
struct Argon2 {
  std::uint32_t memory_kib = 256 * 1024, passes = 3;
};
std::string argon2id(std::string_view passphrase, std::string_view salt16, const Argon2& cost, std::size_t n);

void wipe(std::string& secret);

}  // namespace base

#pragma once
// Ciphers of other people's formats: to open what they sealed, never to seal anything of ours.

#include <optional>
#include <string>
#include <string_view>

namespace base {

enum class Chaining { cbc, ecb };
// AES over whole blocks, padding left on. Nothing when the key is not of 16, 24 or 32 bytes, the start value
// of CBC not of 16, or `bytes` no whole number of blocks.
std::optional<std::string> open_aes(Chaining chaining, std::string_view key, std::string_view start,
                                    std::string_view bytes);
// PBKDF2 with HMAC-SHA-1 (RFC 8018): n bytes of key. Nothing when `rounds` or `n` is 0.
std::optional<std::string> pbkdf2_sha1(std::string_view password, std::string_view salt, unsigned rounds,
                                       std::size_t n);

}  // namespace base

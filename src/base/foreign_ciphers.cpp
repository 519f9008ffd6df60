#include <base/foreign_ciphers.h>
#include <base/handle.h>
#include <base/result.h>

#include <openssl/evp.h>

namespace base {
namespace {

const unsigned char* raw(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }
unsigned char* raw(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }

constexpr std::size_t kBlock = 16;

}  // namespace

std::optional<std::string> open_aes(Chaining chaining, std::string_view key, std::string_view start,
                                    std::string_view bytes) {
  const bool cbc = chaining == Chaining::cbc;
  const EVP_CIPHER* cipher = key.size() == 16   ? (cbc ? EVP_aes_128_cbc() : EVP_aes_128_ecb())
                             : key.size() == 24 ? (cbc ? EVP_aes_192_cbc() : EVP_aes_192_ecb())
                             : key.size() == 32 ? (cbc ? EVP_aes_256_cbc() : EVP_aes_256_ecb())
                                                : nullptr;
  if (!cipher || (cbc && start.size() != kBlock) || bytes.size() % kBlock || bytes.size() > INT32_MAX)
    return {};
  const Handle<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> context(EVP_CIPHER_CTX_new());
  std::string out(bytes.size() + kBlock, '\0');
  int n = 0;
  if (!context || !EVP_DecryptInit_ex(context.get(), cipher, nullptr, raw(key), cbc ? raw(start) : nullptr) ||
      !EVP_CIPHER_CTX_set_padding(context.get(), 0) ||
      !EVP_DecryptUpdate(context.get(), raw(out), &n, raw(bytes), static_cast<int>(bytes.size())))
    fault("cryptography failed: AES of a foreign format");
  out.resize(static_cast<std::size_t>(n));
  return out;
}

std::optional<std::string> pbkdf2_sha1(std::string_view password, std::string_view salt, unsigned rounds,
                                       std::size_t n) {
  if (rounds == 0 || rounds > INT32_MAX || n == 0) return {};
  std::string out(n, '\0');
  if (!PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), raw(salt),
                         static_cast<int>(salt.size()), static_cast<int>(rounds), EVP_sha1(),
                         static_cast<int>(n), raw(out)))
    fault("cryptography failed: PBKDF2 of a foreign format");
  return out;
}

}  // namespace base

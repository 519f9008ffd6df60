#include <base/crypto.h>
#include <base/handle.h>
#include <identity/hpke.h>

#include <openssl/evp.h>

namespace identity {
namespace {

using Key = base::Handle<EVP_PKEY, EVP_PKEY_free>;
constexpr unsigned kAes256Gcm = 2;

std::string two(unsigned n) { return {static_cast<char>(n >> 8), static_cast<char>(n & 255)}; }
std::string suite(unsigned aead) { return "HPKE" + two(0x20) + two(1) + two(aead); }

std::string extract(const std::string& of, std::string_view salt, const char* label, std::string_view input) {
  return base::hmac_sha256(salt, "HPKE-v1" + of + label + std::string(input));
}
// At most one block of SHA-256, which is all that this suite asks for.
std::string expand(const std::string& of, const std::string& key, const char* label, std::string_view info,
                   std::size_t n) {
  CHECK(n <= 32);
  const std::string text =
      two(static_cast<unsigned>(n)) + "HPKE-v1" + of + label + std::string(info) + std::string(1, '\1');
  return base::hmac_sha256(key, text).substr(0, n);
}

const unsigned char* bytes(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

Key private_key_of(std::string_view raw) {
  CHECK(raw.size() == 32);
  Key k(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, bytes(raw), raw.size()));
  CHECK(k);
  return k;
}

base::Result<std::string> agree(std::string_view mine, std::string_view theirs) {
  const base::Error wrong{base::Refusal::invalid, "this is no key of X25519"};
  if (theirs.size() != 32) return wrong;
  const Key a = private_key_of(mine);
  const Key b(EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, bytes(theirs), theirs.size()));
  const base::Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> c(EVP_PKEY_CTX_new(a.get(), nullptr));
  std::string out(32, '\0');
  std::size_t n = out.size();
  // OpenSSL refuses the result that keys of small order give.
  if (!b || !c || EVP_PKEY_derive_init(c.get()) <= 0 || EVP_PKEY_derive_set_peer(c.get(), b.get()) <= 0 ||
      EVP_PKEY_derive(c.get(), reinterpret_cast<unsigned char*>(out.data()), &n) <= 0 || n != 32)
    return wrong;
  return out;
}

std::string shared_of(std::string dh, std::string_view enc, std::string_view receiver) {
  const std::string kem = "KEM" + two(0x20);
  std::string prk = extract(kem, "", "eae_prk", dh);
  base::wipe(dh);
  std::string out = expand(kem, prk, "shared_secret", std::string(enc) + std::string(receiver), 32);
  base::wipe(prk);
  return out;
}

}  // namespace

std::string public_of(std::string_view private_key) {
  const Key k = private_key_of(private_key);
  std::string out(32, '\0');
  std::size_t n = out.size();
  CHECK(EVP_PKEY_get_raw_public_key(k.get(), reinterpret_cast<unsigned char*>(out.data()), &n) > 0);
  return out;
}

base::Result<std::string> decap(std::string_view private_key, std::string_view enc) {
  return shared_of(TRY(agree(private_key, enc)), enc, public_of(private_key));
}

Schedule key_schedule(std::string_view shared, std::string_view info, unsigned aead, std::size_t key_bytes) {
  const std::string of = suite(aead);
  const std::string context =
      std::string(1, '\0') + extract(of, "", "psk_id_hash", "") + extract(of, "", "info_hash", info);
  std::string secret = extract(of, shared, "secret", "");
  Schedule out{expand(of, secret, "key", context, key_bytes), expand(of, secret, "base_nonce", context, 12)};
  base::wipe(secret);
  return out;
}

base::Result<Sealed> seal_to(std::string_view public_key, std::string_view info, std::string_view aad,
                             std::string_view plain) {
  std::string mine = base::random_bytes(32);
  Sealed out{public_of(mine), std::string(plain.size() + base::Aead::tag_bytes, '\0')};
  auto dh = agree(mine, public_key);
  base::wipe(mine);
  if (!dh.ok()) return dh.error();
  Schedule s = key_schedule(shared_of(*std::move(dh), out.enc, public_key), info, kAes256Gcm, 32);
  base::Aead(s.key).seal(bytes(s.nonce), aad, plain.data(), plain.size(), out.box.data());
  base::wipe(s.key);
  return out;
}

base::Result<std::string> open_for(std::string_view private_key, std::string_view info, std::string_view aad,
                                   const Sealed& sealed) {
  const base::Error wrong{base::Refusal::damaged, "this was not sealed for this reader, or was changed"};
  const auto shared = decap(private_key, sealed.enc);
  if (!shared.ok() || sealed.box.size() < base::Aead::tag_bytes) return wrong;
  Schedule s = key_schedule(*shared, info, kAes256Gcm, 32);
  std::string out(sealed.box.size() - base::Aead::tag_bytes, '\0');
  const bool opened = base::Aead(s.key).open(bytes(s.nonce), aad, sealed.box.data(), out.size(), out.data());
  base::wipe(s.key);
  if (!opened) return wrong;
  return out;
}

}  // namespace identity

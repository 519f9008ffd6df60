#include <base/crypto.h>
#include <base/handle.h>

#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/sha.h>
#include <sodium.h>

namespace base {
namespace {

const unsigned char* bytes(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }
unsigned char* bytes(std::string& s) { return reinterpret_cast<unsigned char*>(s.data()); }

void need(bool ok, const char* what) {
  if (!ok) fault(std::string("cryptography failed: ") + what);
}

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using MdContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;

// What OpenSSL looks up by name costs more than a short input, so it is looked up once a process.
const EVP_MD* digest(const char* name) {
  static const Handle<EVP_MD, EVP_MD_free> sha256(EVP_MD_fetch(nullptr, "SHA256", nullptr)),
      sha1(EVP_MD_fetch(nullptr, "SHA1", nullptr)), md5(EVP_MD_fetch(nullptr, "MD5", nullptr)),
      sha384(EVP_MD_fetch(nullptr, "SHA384", nullptr)), sha512(EVP_MD_fetch(nullptr, "SHA512", nullptr));
  const std::string_view n = name;
  return n == "SHA256"   ? sha256.get()
         : n == "SHA1"   ? sha1.get()
         : n == "MD5"    ? md5.get()
         : n == "SHA384" ? sha384.get()
         : n == "SHA512" ? sha512.get()
                         : nullptr;
}
const EVP_CIPHER* aes_256_gcm() {
  static const Handle<EVP_CIPHER, EVP_CIPHER_free> cipher(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr));
  return cipher.get();
}

}  // namespace

// The low-level calls avoid the provider look-up, which costs more than hashing a short leaf.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
Digest sha256(std::string_view a) { return sha256(a, {}); }
Digest sha256(std::string_view a, std::string_view b) {
  SHA256_CTX c;
  SHA256_Init(&c);
  SHA256_Update(&c, a.data(), a.size());
  SHA256_Update(&c, b.data(), b.size());
  Digest d;
  SHA256_Final(d.data(), &c);
  return d;
}
#pragma GCC diagnostic pop

Hasher::Hasher(const char* name) : context_(EVP_MD_CTX_new()), algorithm_(digest(name)) {
  need(context_ && algorithm_, name);
  need(EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), static_cast<const EVP_MD*>(algorithm_), nullptr),
       name);
}
Hasher::~Hasher() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }
Hasher::Hasher(Hasher&& o) noexcept
    : context_(std::exchange(o.context_, nullptr)), algorithm_(o.algorithm_) {}
void Hasher::add(std::string_view b) {
  need(EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), b.data(), b.size()), "digest");
}
std::string Hasher::finish() {
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned n = 0;
  auto* c = static_cast<EVP_MD_CTX*>(context_);
  need(EVP_DigestFinal_ex(c, bytes(out), &n), "digest");
  need(EVP_DigestInit_ex(c, static_cast<const EVP_MD*>(algorithm_), nullptr), "digest");
  out.resize(n);
  return out;
}

void random_bytes(void* to, std::size_t n) { randombytes_buf(to, n); }
std::string random_bytes(std::size_t n) {
  std::string s(n, '\0');
  random_bytes(s.data(), n);
  return s;
}

std::string hkdf_sha512(std::string_view key, std::string_view salt, std::string_view info, std::size_t n) {
  const Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free> c(EVP_PKEY_CTX_new_id(EVP_PKEY_HKDF, nullptr));
  std::string out(n, '\0');
  need(c && EVP_PKEY_derive_init(c.get()) > 0 && EVP_PKEY_CTX_set_hkdf_md(c.get(), EVP_sha512()) > 0 &&
           EVP_PKEY_CTX_set1_hkdf_salt(c.get(), bytes(salt), static_cast<int>(salt.size())) > 0 &&
           EVP_PKEY_CTX_set1_hkdf_key(c.get(), bytes(key), static_cast<int>(key.size())) > 0 &&
           EVP_PKEY_CTX_add1_hkdf_info(c.get(), bytes(info), static_cast<int>(info.size())) > 0 &&
           EVP_PKEY_derive(c.get(), bytes(out), &n) > 0,
       "HKDF");
  return out;
}

std::string hmac_sha256(std::string_view key, std::string_view b) {
  // A context keeps its digest from one key to the next.
  thread_local const Handle<EVP_MAC_CTX, EVP_MAC_CTX_free> context = [] {
    const Handle<EVP_MAC, EVP_MAC_free> hmac(EVP_MAC_fetch(nullptr, "HMAC", nullptr));
    Handle<EVP_MAC_CTX, EVP_MAC_CTX_free> c(hmac ? EVP_MAC_CTX_new(hmac.get()) : nullptr);
    char name[] = "SHA256";
    const OSSL_PARAM with[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                               OSSL_PARAM_construct_end()};
    need(c && EVP_MAC_CTX_set_params(c.get(), with), "HMAC");
    return c;
  }();
  std::string out(32, '\0');
  std::size_t n = 32;
  need(EVP_MAC_init(context.get(), bytes(key), key.size(), nullptr) &&
           EVP_MAC_update(context.get(), bytes(b), b.size()) &&
           EVP_MAC_final(context.get(), bytes(out), &n, out.size()),
       "HMAC");
  return out;
}

Aead::Aead(std::string_view key) : key_(key) { CHECK(key.size() == key_bytes); }
Aead::~Aead() {
  EVP_CIPHER_CTX_free(static_cast<EVP_CIPHER_CTX*>(seal_));
  EVP_CIPHER_CTX_free(static_cast<EVP_CIPHER_CTX*>(open_));
  wipe(key_);
}
// The key schedule of each direction is made when it is first needed.
void* Aead::context(bool sealing) {
  void*& c = sealing ? seal_ : open_;
  if (!c) {
    c = EVP_CIPHER_CTX_new();
    need(c && EVP_CipherInit_ex(static_cast<EVP_CIPHER_CTX*>(c), aes_256_gcm(), nullptr, bytes(key_), nullptr,
                                sealing),
         "AES-256-GCM");
  }
  return c;
}
void Aead::seal(const unsigned char* nonce, std::string_view aad, const char* in, std::size_t n, char* out) {
  auto* c = static_cast<EVP_CIPHER_CTX*>(context(true));
  int k = 0;
  auto* o = reinterpret_cast<unsigned char*>(out);
  need(EVP_EncryptInit_ex(c, nullptr, nullptr, nullptr, nonce) &&
           EVP_EncryptUpdate(c, nullptr, &k, bytes(aad), static_cast<int>(aad.size())) &&
           EVP_EncryptUpdate(c, o, &k, reinterpret_cast<const unsigned char*>(in), static_cast<int>(n)) &&
           EVP_EncryptFinal_ex(c, o + n, &k) &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, tag_bytes, o + n),
       "seal");
}
bool Aead::open(const unsigned char* nonce, std::string_view aad, const char* in, std::size_t n, char* out) {
  auto* c = static_cast<EVP_CIPHER_CTX*>(context(false));
  int k = 0;
  char tag[tag_bytes];
  std::memcpy(tag, in + n, tag_bytes);
  auto* o = reinterpret_cast<unsigned char*>(out);
  unsigned char none[16];
  return EVP_DecryptInit_ex(c, nullptr, nullptr, nullptr, nonce) &&
         EVP_DecryptUpdate(c, nullptr, &k, bytes(aad), static_cast<int>(aad.size())) &&
         EVP_DecryptUpdate(c, o, &k, reinterpret_cast<const unsigned char*>(in), static_cast<int>(n)) &&
         EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, tag_bytes, tag) && EVP_DecryptFinal_ex(c, none, &k) > 0;
}

SigningKey SigningKey::make() { return from_seed(random_bytes(32)); }
SigningKey SigningKey::from_seed(std::string_view seed) {
  const Key k(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes(seed), seed.size()));
  SigningKey out{std::string(seed), std::string(32, '\0')};
  std::size_t n = 32;
  need(k && EVP_PKEY_get_raw_public_key(k.get(), bytes(out.public_key), &n), "Ed25519");
  return out;
}
std::string SigningKey::sign(std::string_view message) const {
  const Key k(EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, bytes(seed), seed.size()));
  const MdContext c(EVP_MD_CTX_new());
  std::string out(64, '\0');
  std::size_t n = 64;
  need(k && c && EVP_DigestSignInit(c.get(), nullptr, nullptr, nullptr, k.get()) > 0 &&
           EVP_DigestSign(c.get(), bytes(out), &n, bytes(message), message.size()) > 0,
       "Ed25519");
  return out;
}
bool verify_ed25519(std::string_view public_key, std::string_view message, std::string_view signature) {
  const Key k(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(public_key), public_key.size()));
  const MdContext c(EVP_MD_CTX_new());
  return k && c && EVP_DigestVerifyInit(c.get(), nullptr, nullptr, nullptr, k.get()) > 0 &&
         EVP_DigestVerify(c.get(), bytes(signature), signature.size(), bytes(message), message.size()) == 1;
}

std::string argon2id(std::string_view passphrase, std::string_view salt, const Argon2& cost, std::size_t n) {
  CHECK(salt.size() == crypto_pwhash_SALTBYTES);
  need(sodium_init() >= 0, "libsodium");
  std::string out(n, '\0');
  if (crypto_pwhash(bytes(out), n, passphrase.data(), passphrase.size(), bytes(salt), cost.passes,
                    std::size_t{cost.memory_kib} * 1024, crypto_pwhash_ALG_ARGON2ID13))
    fault("not enough memory for Argon2id");
  return out;
}

void wipe(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace base

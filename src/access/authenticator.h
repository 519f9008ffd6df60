#pragma once
// For tests: an authenticator and a browser in one, with keys of OpenSSL. What it sends can be spoilt on
// purpose.

#include <access/webauthn.h>
#include <base/bytes.h>
#include <base/crypto.h>
#include <base/handle.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

namespace authenticator {

inline std::string head(unsigned major, std::uint64_t n) {
  const auto byte = [](std::uint64_t v) { return static_cast<char>(v & 255); };
  if (n < 24) return {byte(major << 5 | n)};
  if (n < 256) return {byte(major << 5 | 24), byte(n)};
  return {byte(major << 5 | 25), byte(n >> 8), byte(n)};
}
inline std::string integer(std::int64_t v) {
  return v >= 0 ? head(0, static_cast<std::uint64_t>(v)) : head(1, static_cast<std::uint64_t>(-1 - v));
}
inline std::string octets(std::string_view b) { return head(2, b.size()).append(b); }
inline std::string text(std::string_view b) { return head(3, b.size()).append(b); }

class Authenticator {
 public:
  explicit Authenticator(std::int64_t kind) : algorithm(kind) {
    EVP_PKEY* k = algorithm == -8   ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                  : algorithm == -7 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256")
                                    : EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
    key_.reset(k);
    CHECK(k);
    id = base::random_bytes(32);
  }

  const std::int64_t algorithm;
  std::string id, aaguid = std::string(16, 'm');
  std::uint32_t counter = 0;
  unsigned flags = 1 | 4;
  std::string rp_id = "custos.example", origin = "https://custos.example", more_client_data{};

  std::string sign(std::string_view message) const {
    const base::Handle<EVP_MD_CTX, EVP_MD_CTX_free> c(EVP_MD_CTX_new());
    CHECK(EVP_DigestSignInit(c.get(), nullptr, algorithm == -8 ? nullptr : EVP_sha256(), nullptr,
                             key_.get()) > 0);
    std::size_t n = 1024;
    std::string out(n, '\0');
    CHECK(EVP_DigestSign(c.get(), reinterpret_cast<unsigned char*>(out.data()), &n,
                         reinterpret_cast<const unsigned char*>(message.data()), message.size()) > 0);
    out.resize(n);
    return out;
  }

  std::string cose_key() const {
    if (algorithm == -8)
      return head(5, 4) + integer(1) + integer(1) + integer(3) + integer(-8) + integer(-1) + integer(6) +
             integer(-2) + octets(raw());
    if (algorithm == -7) {
      const std::string x = number(OSSL_PKEY_PARAM_EC_PUB_X, 32), y = number(OSSL_PKEY_PARAM_EC_PUB_Y, 32);
      return head(5, 5) + integer(1) + integer(2) + integer(3) + integer(-7) + integer(-1) + integer(1) +
             integer(-2) + octets(x) + integer(-3) + octets(y);
    }
    return head(5, 4) + integer(1) + integer(3) + integer(3) + integer(-257) + integer(-1) +
           octets(number(OSSL_PKEY_PARAM_RSA_N, 256)) + integer(-2) +
           octets(number(OSSL_PKEY_PARAM_RSA_E, 3));
  }

  std::string client_data(std::string_view type, std::string_view challenge) const {
    return "{\"type\":\"" + std::string(type) + "\",\"challenge\":\"" + rights::base64url(challenge) +
           "\",\"origin\":\"" + origin + "\"" + more_client_data + "}";
  }
  std::string authenticator_data(bool attested) const {
    std::string d(base::view(base::sha256(rp_id)));
    d += static_cast<char>(flags | (attested ? 64 : 0));
    for (int i = 24; i >= 0; i -= 8) d += static_cast<char>(counter >> i);
    if (attested) {
      d += aaguid;
      d += static_cast<char>(id.size() >> 8);
      d += static_cast<char>(id.size());
      d += id + cose_key();
    }
    return d;
  }
  static std::string object(std::string_view format, std::string_view statement, std::string_view data) {
    return head(5, 3) + text("fmt") + text(format) + text("attStmt") + std::string(statement) +
           text("authData") + octets(data);
  }
  std::string attestation_none() const { return object("none", head(5, 0), authenticator_data(true)); }
  std::string attestation_packed(std::string_view client_data) const {
    const std::string d = authenticator_data(true);
    const std::string sig = sign(d + std::string(base::view(base::sha256(client_data))));
    return object("packed", head(5, 2) + text("alg") + integer(algorithm) + text("sig") + octets(sig), d);
  }
  rights::Assertion assertion(std::string_view challenge) {
    ++counter;
    rights::Assertion a{.credential_id = id,
                        .client_data = client_data("webauthn.get", challenge),
                        .authenticator_data = authenticator_data(false)};
    a.signature = sign(a.authenticator_data + std::string(base::view(base::sha256(a.client_data))));
    return a;
  }
  rights::Credential credential() const {
    return {.id = id, .public_key = cose_key(), .algorithm = algorithm, .counter = counter, .aaguid = aaguid};
  }

 private:
  std::string raw() const {
    std::string out(32, '\0');
    std::size_t n = 32;
    CHECK(EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(out.data()), &n) > 0);
    return out;
  }
  std::string number(const char* name, int bytes) const {
    BIGNUM* n = nullptr;
    CHECK(EVP_PKEY_get_bn_param(key_.get(), name, &n) > 0);
    const base::Handle<BIGNUM, BN_free> held(n);
    std::string out(static_cast<std::size_t>(bytes), '\0');
    CHECK(BN_bn2binpad(n, reinterpret_cast<unsigned char*>(out.data()), bytes) == bytes);
    return out;
  }
  base::Handle<EVP_PKEY, EVP_PKEY_free> key_;
};

}  // namespace authenticator

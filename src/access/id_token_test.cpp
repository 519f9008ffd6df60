#include "testing.h"

#include <access/id_token.h>
#include <access/webauthn.h>
#include <base/bytes.h>
#include <base/handle.h>

#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

using namespace rights;

namespace {

std::string part(std::string_view text) { return base64url(text); }

struct Provider {
  explicit Provider(bool rsa) : is_rsa(rsa) {
    key.reset(rsa ? EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})
                  : EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  }
  std::string number(const char* name, int bytes) const {
    BIGNUM* n = nullptr;
    CHECK(EVP_PKEY_get_bn_param(key.get(), name, &n) > 0);
    const base::Handle<BIGNUM, BN_free> held(n);
    std::string out(static_cast<std::size_t>(bytes), '\0');
    CHECK(BN_bn2binpad(n, reinterpret_cast<unsigned char*>(out.data()), bytes) == bytes);
    return out;
  }
  std::string jwk(const std::string& id) const {
    if (is_rsa)
      return "{\"kty\":\"RSA\",\"use\":\"sig\",\"alg\":\"RS256\",\"kid\":\"" + id + "\",\"n\":\"" +
             part(number(OSSL_PKEY_PARAM_RSA_N, 256)) + "\",\"e\":\"AQAB\"}";
    return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"" + id + "\",\"x\":\"" +
           part(number(OSSL_PKEY_PARAM_EC_PUB_X, 32)) + "\",\"y\":\"" +
           part(number(OSSL_PKEY_PARAM_EC_PUB_Y, 32)) + "\"}";
  }
  std::string sign(const std::string& what) const {
    const base::Handle<EVP_MD_CTX, EVP_MD_CTX_free> c(EVP_MD_CTX_new());
    CHECK(EVP_DigestSignInit(c.get(), nullptr, EVP_sha256(), nullptr, key.get()) > 0);
    std::size_t n = 1024;
    std::string out(n, '\0');
    CHECK(EVP_DigestSign(c.get(), reinterpret_cast<unsigned char*>(out.data()), &n,
                         reinterpret_cast<const unsigned char*>(what.data()), what.size()) > 0);
    out.resize(n);
    if (is_rsa) return out;
    const auto* at = reinterpret_cast<const unsigned char*>(out.data());
    const base::Handle<ECDSA_SIG, ECDSA_SIG_free> sig(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(n)));
    std::string raw(64, '\0');
    auto* to = reinterpret_cast<unsigned char*>(raw.data());
    CHECK(BN_bn2binpad(ECDSA_SIG_get0_r(sig.get()), to, 32) == 32);
    CHECK(BN_bn2binpad(ECDSA_SIG_get0_s(sig.get()), to + 32, 32) == 32);
    return raw;
  }
  std::string token(const std::string& head, const std::string& claims) const {
    const std::string what = part(head) + "." + part(claims);
    return what + "." + part(sign(what));
  }
  base::Handle<EVP_PKEY, EVP_PKEY_free> key;
  bool is_rsa;
};

std::string claims(const std::string& iss = "https://id.example", const std::string& aud = "\"custos\"",
                   const std::string& nonce = "n1", Time exp = kNow + 300, Time iat = kNow,
                   const std::string& more = "") {
  return "{\"iss\":\"" + iss + "\",\"sub\":\"7\",\"aud\":" + aud + ",\"nonce\":\"" + nonce +
         "\",\"exp\":" + std::to_string(exp) + ",\"iat\":" + std::to_string(iat) +
         ",\"preferred_username\":\"ada\"" + more + "}";
}
const TokenExpected kExpected{"https://id.example", "custos", "n1", kNow};

std::string said(const std::string& token, const std::vector<ProviderKey>& keys) {
  const auto r = claim_of(token, keys, kExpected, "preferred_username");
  return r.ok() ? *r : "refused: " + r.error().message;
}

}  // namespace

TEST(IdToken, of_either_algorithm_says_who_comes) {
  const Provider rsa(true), ec(false);
  const auto keys = read_key_set("{\"keys\":[" + rsa.jwk("r") + "," + ec.jwk("e") + "]}").value();
  EXPECT_EQ(said(rsa.token("{\"alg\":\"RS256\",\"kid\":\"r\"}", claims()), keys), "ada");
  for (int i = 0; i < 40; ++i)  // r and s with leading zeros, and with a high bit
    EXPECT_EQ(said(ec.token("{\"alg\":\"ES256\",\"kid\":\"e\"}", claims()), keys), "ada");
}

TEST(IdToken, that_is_not_a_word_about_this_sign_in_is_refused) {
  const Provider p(false);
  const auto keys = read_key_set("{\"keys\":[" + p.jwk("e") + "]}").value();
  const std::string head = "{\"alg\":\"ES256\",\"kid\":\"e\"}";
  const std::string wrong[] = {
      claims("https://other.example"),
      claims("https://id.example", "\"other\""),
      claims("https://id.example", "[\"custos\",\"other\"]"),
      claims("https://id.example", "[]"),
      claims("https://id.example", "\"custos\"", "n2"),
      claims("https://id.example", "\"custos\"", ""),
      claims("https://id.example", "\"custos\"", "n1", kNow - 61),
      claims("https://id.example", "\"custos\"", "n1", kNow + 300, kNow - 601),
      claims("https://id.example", "\"custos\"", "n1", kNow + 300, kNow + 61),
      claims("https://id.example", "\"custos\"", "n1", kNow + 300, kNow, ",\"azp\":\"other\""),
      claims("https://id.example", "\"custos\"", "n1", kNow + 300, kNow, ",\"nbf\":1900000061"),
      claims("https://id.example", "\"custos\"", "n1", kNow + 300, kNow, ",\"nonce\":\"n1\""),
      "{\"iss\":\"https://id.example\",\"aud\":\"custos\",\"nonce\":\"n1\"}",
  };
  for (const std::string& c : wrong) EXPECT_TRUE(said(p.token(head, c), keys).starts_with("refused")) << c;
  EXPECT_EQ(said(p.token(head, claims("https://id.example", "[\"custos\"]")), keys), "ada") << "the control";
}

TEST(IdToken, without_a_signature_or_by_another_key_is_refused) {
  const Provider p(false), other(false), rsa(true);
  const auto keys = read_key_set("{\"keys\":[" + p.jwk("e") + "," + rsa.jwk("r") + "]}").value();
  const std::string body = part(claims());
  for (const char* none : {"none", "None", "HS256", "ES384", "RS512", ""})
    EXPECT_TRUE(said(part("{\"alg\":\"" + std::string(none) + "\",\"kid\":\"e\"}") + "." + body + ".", keys)
                    .starts_with("refused"));
  EXPECT_TRUE(said(other.token("{\"alg\":\"ES256\",\"kid\":\"e\"}", claims()), keys).starts_with("refused"));
  EXPECT_TRUE(said(rsa.token("{\"alg\":\"RS256\",\"kid\":\"e\"}", claims()), keys).starts_with("refused"));
  EXPECT_TRUE(said(rsa.token("{\"alg\":\"ES256\",\"kid\":\"r\"}", claims()), keys).starts_with("refused"));
  EXPECT_TRUE(said(p.token("{\"alg\":\"ES256\",\"kid\":\"x\"}", claims()), keys).starts_with("refused"));
  EXPECT_TRUE(said(p.token("{\"alg\":\"ES256\"}", claims()), keys).starts_with("refused"))
      << "two keys, no name";
  EXPECT_TRUE(said(p.token("{\"alg\":\"ES256\",\"kid\":\"e\",\"crit\":[\"x\"]}", claims()), keys)
                  .starts_with("refused"));
}

TEST(IdToken, with_any_byte_changed_is_refused) {
  const Provider p(false);
  const auto keys = read_key_set("{\"keys\":[" + p.jwk("e") + "]}").value();
  const std::string token = p.token("{\"alg\":\"ES256\",\"kid\":\"e\"}", claims());
  ASSERT_EQ(said(token, keys), "ada");
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_TRUE(said(changed, keys).starts_with("refused")) << i;
    EXPECT_TRUE(said(token.substr(0, i), keys).starts_with("refused")) << i;
  }
}

TEST(KeySet, is_read_strictly) {
  const Provider p(false);
  EXPECT_FALSE(read_key_set("{}").ok());
  EXPECT_FALSE(read_key_set("{\"keys\":[]}").ok());
  EXPECT_FALSE(read_key_set("{\"keys\":[" + p.jwk("e") + "," + p.jwk("e") + "]}").ok()) << "a name twice";
  EXPECT_FALSE(read_key_set("{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}").ok())
      << "a secret is no key of ours";
  EXPECT_FALSE(read_key_set("{\"keys\":[{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}]}").ok())
      << "too short";
}

#include "cose.h"

#include <base/handle.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <sodium.h>

namespace rights {
namespace {

using base::Error;
using base::Handle;
using base::Refusal;

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Builder = Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = Handle<OSSL_PARAM, OSSL_PARAM_free>;
using Number = Handle<BIGNUM, BN_free>;

const unsigned char* bytes(std::string_view s) { return reinterpret_cast<const unsigned char*>(s.data()); }

Key key_from(const char* kind, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* raw = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) <= 0 ||
      EVP_PKEY_fromdata(context.get(), &raw, EVP_PKEY_PUBLIC_KEY, params.get()) <= 0)
    return nullptr;
  return Key(raw);
}

Key open_key(const CoseKey& k) {
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!builder) base::fault("cryptography failed: parameters");
  if (k.algorithm == -7) {
    const std::string point = "\x04" + k.a + k.b;
    if (!OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) ||
        !OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()))
      return nullptr;
    return key_from("EC", builder.get());  // refuses a point that is not on the curve
  }
  const Number n(BN_bin2bn(bytes(k.a), static_cast<int>(k.a.size()), nullptr)),
      e(BN_bin2bn(bytes(k.b), static_cast<int>(k.b.size()), nullptr));
  if (!n || !e || !OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) ||
      !OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()))
    return nullptr;
  return key_from("RSA", builder.get());
}

bool known(const CoseKey& k) {
  if (k.algorithm == -8) return crypto_core_ed25519_is_valid_point(bytes(k.a)) == 1;  // not of small order
  return open_key(k) != nullptr;
}

}  // namespace

base::Result<CoseKey> read_cose_key(std::string_view cbor) {
  const Error wrong{Refusal::invalid, "the public key of the authenticator cannot be read; use another one"};
  const Error other{Refusal::unsupported,
                    "this kind of key is not known: Ed25519, ECDSA with P-256 and RSA from 2,048 bits are"};
  std::size_t used = 0;
  const auto map = read_cbor(cbor, used);
  if (!map.ok() || used != cbor.size() || map->is != Cbor::Is::map) return wrong;
  const auto number = [&](std::int64_t name) -> std::int64_t {
    const Cbor* c = map->find(name);
    return c && c->is == Cbor::Is::integer ? c->number : 0;
  };
  const auto octets = [&](std::int64_t name) -> std::string_view {
    const Cbor* c = map->find(name);
    return c && c->is == Cbor::Is::bytes ? c->bytes : std::string_view();
  };
  CoseKey k{.algorithm = number(3)};
  std::size_t members = 0;
  bool fits = false;
  switch (k.algorithm) {
    case -8:
      members = 4;
      k.a = octets(-2);
      fits = number(1) == 1 && number(-1) == 6 && k.a.size() == 32;
      break;
    case -7:
      members = 5;
      k.a = octets(-2);
      k.b = octets(-3);
      fits = number(1) == 2 && number(-1) == 1 && k.a.size() == 32 && k.b.size() == 32;
      break;
    case -257:
      members = 4;
      k.a = octets(-1);
      k.b = octets(-2);
      fits = number(1) == 3 && k.a.size() >= 256 && k.a.size() <= 512 && (k.a[0] & 0x80) &&
             (k.a.back() & 1) && k.b == std::string_view("\x01\x00\x01", 3);
      break;
    default: return other;
  }
  if (!fits || map->items.size() != members * 2 || !known(k)) return wrong;
  return k;
}

bool verify_signature(const CoseKey& k, std::string_view message, std::string_view signature) {
  if (k.algorithm == -8) return signature.size() == 64 && base::verify_ed25519(k.a, message, signature);
  const Key key = open_key(k);
  const Handle<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  // RSA is PKCS #1 v1.5 by default, ECDSA is in DER: what RS256 and ES256 of WebAuthn say.
  return key && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get()) > 0 &&
         EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(message),
                          message.size()) == 1;
}

}  // namespace rights

#include "cbor.h"

#include <access/webauthn.h>
#include <base/bytes.h>
#include <base/result.h>

namespace {

std::string head(unsigned major, std::uint64_t n) {
  std::string out;
  const int bytes = n < 24 ? 0 : n < 0x100 ? 1 : n < 0x10000 ? 2 : n < 0x1'0000'0000 ? 4 : 8;
  const unsigned low = bytes == 0   ? static_cast<unsigned>(n)
                       : bytes == 1 ? 24
                       : bytes == 2 ? 25
                       : bytes == 4 ? 26
                                    : 27;
  out += static_cast<char>(major << 5 | low);
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(n >> (8 * i));
  return out;
}

std::string written(const rights::Cbor& c) {
  using Is = rights::Cbor::Is;
  std::string out;
  switch (c.is) {
    case Is::integer:
      return c.number >= 0 ? head(0, static_cast<std::uint64_t>(c.number))
                           : head(1, static_cast<std::uint64_t>(-1 - c.number));
    case Is::bytes: return head(2, c.bytes.size()).append(c.bytes);
    case Is::text: return head(3, c.bytes.size()).append(c.bytes);
    case Is::boolean: return c.number ? "\xf5" : "\xf4";
    case Is::null: return "\xf6";
    case Is::array: out = head(4, c.items.size()); break;
    case Is::map: out = head(5, c.items.size() / 2); break;
  }
  for (const rights::Cbor& item : c.items) out += written(item);
  return out;
}

}  // namespace

// Two bytes of length, client data of that length, then an attestation object or authenticator data. What is
// read as CBOR is in its one spelling; what is taken has the shape that is promised; nothing is ever taken as
// a signature.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rights::RelyingParty self{"custos.example", {"https://custos.example"}};
  static const std::string challenge(32, 'c');
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  if (size < 2) return 0;
  const std::string_view rest = all.substr(2), client = rest.substr(0, base::load_le<std::uint16_t>(data));
  const std::string_view object = rest.substr(client.size());

  std::size_t used = 0;
  if (const auto cbor = rights::read_cbor(object, used); cbor.ok())
    CHECK(used <= object.size() && written(*cbor) == object.substr(0, used));

  // The client data of the input, and one that holds, so that the object is reached.
  const std::string good = "{\"type\":\"webauthn.create\",\"challenge\":\"" + rights::base64url(challenge) +
                           "\",\"origin\":\"https://custos.example\"}";
  for (const std::string_view c : {client, std::string_view(good)})
    if (const auto made = rights::verify_registration(self, challenge, c, object); made.ok()) {
      const rights::Credential& k = made->credential;
      CHECK(!k.id.empty() && k.id.size() <= 1023 && k.aaguid.size() == 16 &&
            (k.backup_eligible || !k.backed_up));
      CHECK(k.algorithm == -7 || k.algorithm == -8 || k.algorithm == -257);
      const rights::Assertion a{k.id, std::string(c), std::string(object.substr(0, 37)), std::string(object)};
      CHECK(!rights::verify_assertion(self, challenge, k, a).ok());
    }
  return 0;
}

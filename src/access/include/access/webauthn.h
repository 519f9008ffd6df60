#pragma once
// Passkeys, the normal way to sign in (W3C Web Authentication Level 2, §7.1 and §7.2): checks what a browser
// sends when a credential is made and when it is used. The caller gives the challenge it made, and lets it be
// used once.
//
// Held to: type, challenge and origin exactly, no embedding in another page, the hash of our own id, a person
// present and verified, a counter that goes up. Keys: Ed25519 (-8), ECDSA with P-256 (-7), RSA of 2,048 to
// 4,096 bits (-257). Attestation `none` and `packed` by the credential itself are checked; any other is
// recorded unchecked, so that the make of an authenticator is a claim until an officer has seen it.

#include <access/policy.h>

namespace rights {

struct RelyingParty {
  std::string id;                    // "custos.office.example"
  std::vector<std::string> origins;  // "https://custos.office.example"; compared as they are
};

struct Credential {
  std::string id;          // 1 to 1,023 bytes
  std::string public_key;  // COSE_Key, as it came
  std::int64_t algorithm = 0;
  std::uint32_t counter = 0;
  std::string aaguid;            // 16 bytes: the make, as claimed
  bool backup_eligible = false;  // may be copied to other devices: never hardware
  bool backed_up = false;
};

enum class Attestation : std::uint8_t { none, self, recorded };
struct Registration {
  Credential credential;
  Attestation attestation = Attestation::none;
  std::string format;  // "none", "packed", "tpm" ...
};

// Refuses: invalid (cannot be read, in the one canonical form), unsupported (another kind of key), denied
// (readable, but not what was asked for).
// The caller makes sure that nobody has the credential id already.
base::Result<Registration> verify_registration(const RelyingParty& self, std::string_view challenge,
                                               std::string_view client_data,
                                               std::string_view attestation_object);

struct Assertion {
  std::string credential_id, client_data, authenticator_data, signature;
};
// Returns the credential as it is to be stored: with the new counter. Refuses: invalid, unsupported, denied
// (also a counter that did not go up: the authenticator may have been copied; tell an officer).
base::Result<Credential> verify_assertion(const RelyingParty& self, std::string_view challenge,
                                          const Credential& credential, const Assertion& assertion);

// "hardware" for a credential that cannot be copied, of a make on the office's list; "passkey" for any other.
SignIn strength_of(const Credential& credential, std::span<const std::string> aaguids_of_hardware);

std::string base64url(std::string_view bytes);  // RFC 4648 §5, without padding
// In that one spelling; nothing for any other.
std::optional<std::string> unbase64url(std::string_view text);

}  // namespace rights

#include "cose.h"
#include "json_tree.h"

#include <access/webauthn.h>
#include <base/bytes.h>

#include <algorithm>

namespace rights {
namespace {

using base::Done;
using base::Error;
using base::Refusal;
using base::Status;

constexpr unsigned kPresent = 1, kVerified = 4, kBackupEligible = 8, kBackedUp = 16, kAttested = 64,
                   kExtensions = 128;

Error unreadable(const char* what) {
  return {Refusal::invalid,
          std::string("the answer of the authenticator cannot be read (") + what + "); try again"};
}
Error denied(const char* what) {
  return {Refusal::denied, std::string("the sign-in does not hold (") + what + "); begin again"};
}

Status check_client_data(const RelyingParty& self, std::string_view type, std::string_view challenge,
                         std::string_view json) {
  const auto tree = read_tree(json, {.bytes_max = 8192, .nodes_max = 64, .depth_max = 4});
  if (!tree.ok() || tree->is != Node::Is::object) return unreadable("client data");
  const auto text = [&](const char* name) -> const std::string* {
    const Node* n = tree->find(name);
    return n && n->is == Node::Is::string ? &n->text : nullptr;
  };
  const std::string *is = text("type"), *asked = text("challenge"), *origin = text("origin");
  if (!is || !asked || !origin) return unreadable("client data");
  if (*is != type) return denied("type");
  if (challenge.size() < 16 || *asked != base64url(challenge)) return denied("challenge");
  if (std::find(self.origins.begin(), self.origins.end(), *origin) == self.origins.end())
    return denied("origin");
  if (const Node* cross = tree->find("crossOrigin"))
    if (cross->is != Node::Is::boolean || cross->number) return denied("embedded in another page");
  if (tree->find("topOrigin")) return denied("embedded in another page");
  return Done{};
}

struct AuthenticatorData {
  unsigned flags = 0;
  std::uint32_t counter = 0;
  std::string_view aaguid, credential_id, public_key;  // when attested
};

base::Result<AuthenticatorData> read_authenticator_data(const RelyingParty& self, std::string_view bytes) {
  base::Cursor c(bytes);
  const std::string_view hash = c.take(32);
  AuthenticatorData d;
  d.flags = c.be<std::uint8_t>();
  d.counter = c.be<std::uint32_t>();
  if (!c.ok()) return unreadable("authenticator data");
  if (d.flags & kAttested) {
    d.aaguid = c.take(16);
    const auto length = c.be<std::uint16_t>();
    d.credential_id = c.take(length);
    if (!c.ok() || length == 0 || length > 1023) return unreadable("credential");
    std::size_t used = 0;
    if (const auto key = read_cbor(bytes.substr(c.at()), used); !key.ok()) return unreadable("public key");
    d.public_key = c.take(used);
  }
  if (d.flags & kExtensions) {
    std::size_t used = 0;
    const auto extensions = read_cbor(bytes.substr(c.at()), used);
    if (!extensions.ok() || extensions->is != Cbor::Is::map) return unreadable("extensions");
    c.take(used);
  }
  if (c.left()) return unreadable("authenticator data");
  if (hash != base::view(base::sha256(self.id))) return denied("made for another site");
  if (!(d.flags & kPresent)) return denied("nobody was present");
  if (!(d.flags & kVerified)) return denied("the person was not verified");
  if ((d.flags & kBackedUp) && !(d.flags & kBackupEligible)) return denied("contradicts itself about backup");
  return d;
}

}  // namespace

std::optional<std::string> unbase64url(std::string_view text) {
  std::string plain(text);
  if (plain.find_first_of("+/=") != std::string::npos) return {};
  std::ranges::replace(plain, '-', '+');
  std::ranges::replace(plain, '_', '/');
  plain.append((4 - plain.size() % 4) % 4, '=');
  return base::unbase64(plain);
}
std::string base64url(std::string_view bytes) {
  std::string s = base::base64(bytes);
  for (char& c : s) c = c == '+' ? '-' : c == '/' ? '_' : c;
  while (!s.empty() && s.back() == '=') s.pop_back();
  return s;
}

base::Result<Registration> verify_registration(const RelyingParty& self, std::string_view challenge,
                                               std::string_view client_data,
                                               std::string_view attestation_object) {
  TRY(check_client_data(self, "webauthn.create", challenge, client_data));
  std::size_t used = 0;
  const auto object = read_cbor(attestation_object, used);
  if (!object.ok() || used != attestation_object.size() || object->is != Cbor::Is::map ||
      object->items.size() != 6)
    return unreadable("attestation");
  const Cbor *format = object->find("fmt"), *data = object->find("authData"),
             *statement = object->find("attStmt");
  if (!format || format->is != Cbor::Is::text || !data || data->is != Cbor::Is::bytes || !statement ||
      statement->is != Cbor::Is::map || format->bytes.size() > 32)
    return unreadable("attestation");

  const AuthenticatorData d = TRY(read_authenticator_data(self, data->bytes));
  if (!(d.flags & kAttested)) return unreadable("credential");
  const CoseKey key = TRY(read_cose_key(d.public_key));
  Registration r;
  r.credential = {.id = std::string(d.credential_id),
                  .public_key = std::string(d.public_key),
                  .algorithm = key.algorithm,
                  .counter = d.counter,
                  .aaguid = std::string(d.aaguid),
                  .backup_eligible = (d.flags & kBackupEligible) != 0,
                  .backed_up = (d.flags & kBackedUp) != 0};
  r.format = format->bytes;
  if (r.format == "none") {
    if (!statement->items.empty()) return unreadable("attestation statement");
    return r;
  }
  r.attestation = Attestation::recorded;
  if (r.format == "packed" && !statement->find("x5c") && !statement->find("ecdaaKeyId")) {
    const Cbor *algorithm = statement->find("alg"), *signature = statement->find("sig");
    if (!algorithm || algorithm->is != Cbor::Is::integer || !signature || signature->is != Cbor::Is::bytes ||
        statement->items.size() != 4)
      return unreadable("attestation statement");
    if (algorithm->number != key.algorithm) return denied("attestation by another kind of key");
    std::string signed_bytes(data->bytes);
    signed_bytes += base::view(base::sha256(client_data));
    if (!verify_signature(key, signed_bytes, signature->bytes)) return denied("signature of the attestation");
    r.attestation = Attestation::self;
  }
  return r;
}

base::Result<Credential> verify_assertion(const RelyingParty& self, std::string_view challenge,
                                          const Credential& credential, const Assertion& a) {
  if (credential.id.empty() || a.credential_id != credential.id) return denied("another credential");
  TRY(check_client_data(self, "webauthn.get", challenge, a.client_data));
  if (a.authenticator_data.size() > 4096 || a.signature.size() > 1024)
    return unreadable("authenticator data");
  const AuthenticatorData d = TRY(read_authenticator_data(self, a.authenticator_data));
  if (d.flags & kAttested) return unreadable("authenticator data");
  const CoseKey key = TRY(read_cose_key(credential.public_key));
  if (!verify_signature(key, a.authenticator_data + std::string(base::view(base::sha256(a.client_data))),
                        a.signature))
    return denied("signature");
  if (((d.flags & kBackupEligible) != 0) != credential.backup_eligible) return denied("changed its nature");
  if ((d.counter || credential.counter) && d.counter <= credential.counter)
    return denied("the counter did not go up: the authenticator may have been copied");
  Credential next = credential;
  next.counter = d.counter;
  next.backed_up = (d.flags & kBackedUp) != 0;
  return next;
}

SignIn strength_of(const Credential& c, std::span<const std::string> aaguids) {
  const bool listed = std::find(aaguids.begin(), aaguids.end(), c.aaguid) != aaguids.end();
  return listed && !c.backup_eligible && !c.backed_up ? SignIn::hardware : SignIn::passkey;
}

}  // namespace rights

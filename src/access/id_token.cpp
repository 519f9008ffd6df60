#include "cose.h"
#include "json_tree.h"

#include <access/id_token.h>
#include <access/webauthn.h>
#include <base/text.h>

#include <algorithm>

namespace rights {
namespace {

using base::Error;
using base::Refusal;

constexpr TreeLimits kLimits{.bytes_max = 64 * 1024, .nodes_max = 4000, .depth_max = 8};

std::string text_in(const Node& of, std::string_view name) {
  const Node* n = of.find(name);
  return n && n->is == Node::Is::string ? n->text : std::string();
}
std::optional<Time> time_in(const Node& of, std::string_view name) {
  const Node* n = of.find(name);
  if (!n || n->is != Node::Is::integer || n->number < 0) return {};
  return n->number;
}

// r ‖ s of RFC 7518 as the DER that OpenSSL reads.
std::string der_of(std::string_view raw) {
  const auto integer = [](std::string_view n) {
    while (n.size() > 1 && n[0] == '\0' && !(n[1] & 0x80)) n.remove_prefix(1);
    std::string body(n);
    if (body[0] & 0x80) body.insert(body.begin(), '\0');
    return std::string("\x02") + static_cast<char>(body.size()) + body;
  };
  const std::string both = integer(raw.substr(0, 32)) + integer(raw.substr(32));
  return std::string("\x30") + static_cast<char>(both.size()) + both;
}

bool signed_by(const ProviderKey& k, std::string_view what, const std::string& signature) {
  const CoseKey key{k.algorithm, k.a, k.b};
  if (k.algorithm == -257) return signature.size() == k.a.size() && verify_signature(key, what, signature);
  return signature.size() == 64 && verify_signature(key, what, der_of(signature));
}

// One value, or a list of which one is ours; a list of several must say for whom it was made (azp).
bool is_for(const Node& claims, const std::string& audience) {
  const Node* aud = claims.find("aud");
  if (!aud) return false;
  const std::string party = text_in(claims, "azp");
  if (!party.empty() && party != audience) return false;
  if (aud->is == Node::Is::string) return aud->text == audience;
  if (aud->is != Node::Is::array) return false;
  const bool ours = std::ranges::any_of(aud->members, [&](const auto& m) {
    return m.second.is == Node::Is::string && m.second.text == audience;
  });
  return ours && (aud->members.size() == 1 || party == audience);
}

}  // namespace

base::Result<std::vector<ProviderKey>> read_key_set(std::string_view json) {
  const Node tree = TRY(read_tree(json, kLimits));
  const Node* keys = tree.find("keys");
  if (!keys || keys->is != Node::Is::array)
    return Error{Refusal::invalid, "this is no set of keys: \"keys\" is missing, or no list"};
  std::vector<ProviderKey> out;
  for (const auto& member : keys->members) {
    const Node& k = member.second;
    if (k.is != Node::Is::object) return Error{Refusal::invalid, "a key of the set is no object"};
    if (const std::string use = text_in(k, "use"); !use.empty() && use != "sig") continue;
    ProviderKey key{.id = text_in(k, "kid")};
    const std::string kind = text_in(k, "kty"), algorithm = text_in(k, "alg");
    const auto number = [&](const char* name) { return unbase64url(text_in(k, name)).value_or(""); };
    if (kind == "RSA" && (algorithm.empty() || algorithm == "RS256")) {
      key.algorithm = -257, key.a = number("n"), key.b = number("e");
      if (key.a.size() < 256 || key.a.size() > 512 || !(key.a[0] & 0x80) ||
          key.b != std::string_view("\x01\x00\x01", 3))
        return Error{Refusal::invalid,
                     "an RSA key of the set is not usable: 2,048 to 4,096 bits and the exponent 65537"};
    } else if (kind == "EC" && text_in(k, "crv") == "P-256" && (algorithm.empty() || algorithm == "ES256")) {
      key.algorithm = -7, key.a = number("x"), key.b = number("y");
      if (key.a.size() != 32 || key.b.size() != 32)
        return Error{Refusal::invalid, "a key on P-256 of the set is not whole"};
    } else {
      continue;
    }
    if (std::ranges::find(out, key.id, &ProviderKey::id) != out.end())
      return Error{Refusal::invalid, "two keys of the set have the name \"" + key.id + "\""};
    out.push_back(std::move(key));
  }
  if (out.empty())
    return Error{Refusal::unsupported,
                 "no key of the set is for RS256 or ES256; the provider must sign by one"};
  return out;
}

base::Result<std::string> claim_of(std::string_view token, const std::vector<ProviderKey>& keys,
                                   const TokenExpected& e, std::string_view claim) {
  const Error wrong{Refusal::invalid, "the provider's word cannot be read"};
  const auto denied = [](const char* what) { return Error{Refusal::denied, what}; };
  const std::vector<std::string_view> parts = base::split(token, '.');
  if (parts.size() != 3) return wrong;
  const auto head_text = unbase64url(parts[0]), claims_text = unbase64url(parts[1]),
             signature = unbase64url(parts[2]);
  if (!head_text || !claims_text || !signature) return wrong;
  const auto head = read_tree(*head_text, kLimits), claims = read_tree(*claims_text, kLimits);
  if (!head.ok() || !claims.ok()) return wrong;
  const std::string algorithm = text_in(*head, "alg"), id = text_in(*head, "kid");
  if (head->find("crit")) return denied("the token asks for what is not known here");
  const auto key = std::ranges::find_if(
      keys, [&](const ProviderKey& k) { return id.empty() ? keys.size() == 1 : k.id == id; });
  if (key == keys.end()) return denied("the token is not signed by a key of the set");
  if (algorithm != (key->algorithm == -257 ? "RS256" : "ES256"))
    return denied("the token names another algorithm than its key has");
  if (!signed_by(*key, token.substr(0, parts[0].size() + 1 + parts[1].size()), *signature))
    return denied("the signature does not hold");
  if (text_in(*claims, "iss") != e.issuer) return denied("another issuer");
  if (!is_for(*claims, e.audience)) return denied("made for somebody else");
  if (e.nonce.empty() || text_in(*claims, "nonce") != e.nonce) return denied("of another sign-in");
  const auto expires = time_in(*claims, "exp"), issued = time_in(*claims, "iat");
  if (!expires || e.now >= *expires + e.skew) return denied("expired");
  if (!issued || *issued > e.now + e.skew || e.now - *issued > e.age_max) return denied("not of now");
  if (const auto begins = time_in(*claims, "nbf"); begins && *begins > e.now + e.skew)
    return denied("not yet");
  std::string out = text_in(*claims, claim);
  if (out.empty()) return denied("the claim is missing, or no text");
  return out;
}

}  // namespace rights

#pragma once
// Signing in with the office's own directory (OpenID Connect, authorization code with PKCE: OpenID Connect
// Core 1.0 §3.1, RFC 7636, RFC 9207 where the provider does it). The provider says who comes, by one claim;
// which account that is stands in the office's own list. It makes no account, gives no role, and counts as
// the second class of sign-in. Two calls leave the machine, both to the one host that is configured: for the
// token, and for the keys.

#include <access/id_token.h>
#include <base/result.h>
#include <evidence/office.h>

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace service {

struct Provider {
  std::string issuer, authorization, token;  // addresses
  std::string keys_url, keys_file;           // one of them
  std::string client_id, client_secret;
  std::string claim;           // "preferred_username"
  std::string authority_file;  // PEM, of the provider's certificate; empty: the system's
  std::map<std::string, std::string, std::less<>> people;  // what the claim says -> code of the person
};
// {"issuer","authorization_endpoint","token_endpoint","keys_url"|"keys_file","client_id","claim",
// "client_secret_file","authority_file"?,"people":{"ada":"P-1"}}. Refuses: invalid, not_found, naming the
// member.
base::Result<Provider> read_provider(std::string_view json);

class Book;

class Directory {
 public:
  Directory(Provider provider, const evidence::Office& office, Book& book);

  struct Begun {
    std::string address;  // where the browser goes
    std::string cookie;   // that it brings back: the sign-in belongs to this browser
  };
  // The state that goes with it is what is remembered, sealed: any process of the office finishes it, once.
  Begun begin(const std::string& redirect, rights::Time until) const;
  // The code of the person. Refuses: denied, in one sentence whatever was wrong (`why` is for the log of the
  // operator and names no person), unsupported (the provider does not answer).
  base::Result<std::string> finish(const std::string& state, const std::string& code,
                                   const std::string& cookie, const std::string& redirect, rights::Time now,
                                   std::string& why);

 private:
  base::Result<std::vector<rights::ProviderKey>> keys(bool anew, rights::Time now);
  const Provider provider_;
  const evidence::Office& office_;
  Book& book_;
  std::mutex mutex_;
  std::vector<rights::ProviderKey> keys_;
  rights::Time keys_at_ = 0;
};

}  // namespace service

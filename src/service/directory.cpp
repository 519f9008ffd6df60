#include "directory.h"

#include "book.h"

#include <access/webauthn.h>
#include <base/bytes.h>
#include <base/crypto.h>
#include <base/handle.h>
#include <base/text.h>
#include <http/request.h>

#include <boost/json.hpp>
#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace service {
namespace {

using base::Error;
using base::Refusal;

constexpr rights::Time kKeysLive = 3600, kKeysAnewAfter = 60;
constexpr std::size_t kAnswerMax = 256 * 1024;
constexpr std::string_view kPurpose = "sign-in with the directory";

// What is remembered between beginning and end.
struct Waiting {
  std::string cookie_hash, nonce, verifier;
  rights::Time until = 0;
  std::string text() const {
    return nonce + "\n" + verifier + "\n" + std::to_string(until) + "\n" + cookie_hash;
  }
  static Waiting of(const std::string& text) {
    const auto parts = base::split(text, '\n');
    CHECK(parts.size() >= 4);
    Waiting w{{}, std::string(parts[0]), std::string(parts[1]), std::stoll(std::string(parts[2]))};
    w.cookie_hash =
        text.substr(static_cast<std::size_t>(parts[3].data() - text.data()));  // bytes, to the end
    return w;
  }
};

std::string host_of(std::string_view url) {
  const std::size_t at = url.find("://");
  if (at == std::string_view::npos) return {};
  const std::string_view rest = url.substr(at + 3);
  return std::string(rest.substr(0, rest.find_first_of("/?#")));
}
bool is_safe(const std::string& url) {
  const std::string host = host_of(url);
  if (host.empty() || host.find('@') != std::string::npos) return false;
  // On this machine itself nothing is carried that a wire could tell.
  const std::string name = host.substr(0, host.rfind(':'));
  return url.starts_with("https://") ||
         (url.starts_with("http://") && (name == "localhost" || name == "127.0.0.1"));
}

std::size_t take(char* bytes, std::size_t size, std::size_t n, void* to) {
  auto& out = *static_cast<std::string*>(to);
  if (out.size() + size * n > kAnswerMax) return 0;
  out.append(bytes, size * n);
  return size * n;
}

// One call to the provider; `form`: as POST. Redirects are not followed, proxies are not asked.
base::Result<std::string> call(const Provider& p, const std::string& url, const std::string* form) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) base::fault("libcurl does not start");
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) base::fault("no memory for a call");
  CURL* c = curl.get();
  std::string answer;
  char said[CURL_ERROR_SIZE] = "";
  curl_easy_setopt(c, CURLOPT_URL, url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_PROXY, "");
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(c, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  curl_easy_setopt(c, CURLOPT_TIMEOUT, 10L);
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_ERRORBUFFER, said);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &answer);
  if (!p.authority_file.empty()) curl_easy_setopt(c, CURLOPT_CAINFO, p.authority_file.c_str());
  if (form) {
    curl_easy_setopt(c, CURLOPT_POSTFIELDS, form->c_str());
    curl_easy_setopt(c, CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
    curl_easy_setopt(c, CURLOPT_USERNAME, http::percent_encoded(p.client_id).c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, http::percent_encoded(p.client_secret).c_str());
  }
  const CURLcode done = curl_easy_perform(c);
  long status = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  if (done != CURLE_OK)
    return Error{Refusal::unsupported,
                 std::string("the provider does not answer: ") + (*said ? said : curl_easy_strerror(done))};
  if (status != 200) return Error{Refusal::denied, "the provider answered " + std::to_string(status)};
  return answer;
}

}  // namespace

base::Result<Provider> read_provider(std::string_view text) {
  const auto wrong = [](std::string what) {
    return Error{Refusal::invalid, "the file of the directory: " + std::move(what)};
  };
  boost::system::error_code broken;
  const boost::json::value v = boost::json::parse(text, broken);
  const auto* o = v.if_object();
  if (broken || !o) return wrong("it is no JSON object");
  Provider p;
  std::string secret_file;
  const std::pair<std::string_view, std::string*> members[] = {{"issuer", &p.issuer},
                                                               {"authorization_endpoint", &p.authorization},
                                                               {"token_endpoint", &p.token},
                                                               {"keys_url", &p.keys_url},
                                                               {"keys_file", &p.keys_file},
                                                               {"client_id", &p.client_id},
                                                               {"claim", &p.claim},
                                                               {"client_secret_file", &secret_file},
                                                               {"authority_file", &p.authority_file}};
  for (const auto& m : *o) {
    const std::string_view name = m.key();
    if (name == "people") {
      const auto* people = m.value().if_object();
      if (!people) return wrong("\"people\" is an object: what the claim says, and the code of the person");
      for (const auto& one : *people) {
        if (!one.value().is_string()) return wrong("\"people\" holds codes of persons, as \"P-7\"");
        p.people.emplace(std::string(one.key()), std::string(one.value().get_string()));
      }
      continue;
    }
    const auto at = std::ranges::find(members, name, &std::pair<std::string_view, std::string*>::first);
    if (at == std::end(members)) return wrong("\"" + std::string(name) + "\" is not known");
    if (!m.value().is_string()) return wrong("\"" + std::string(name) + "\" must be a text");
    *at->second = std::string(m.value().get_string());
  }
  for (const auto& [name, value] : members)
    if (value->empty() && name != "keys_url" && name != "keys_file" && name != "authority_file")
      return wrong("\"" + std::string(name) + "\" is missing");
  if (p.keys_url.empty() == p.keys_file.empty())
    return wrong("one of \"keys_url\" and \"keys_file\" is needed, and not both");
  for (const std::string* url : {&p.issuer, &p.authorization, &p.token})
    if (!is_safe(*url)) return wrong(*url + " is no address that begins with https://");
  if (!p.keys_url.empty() && (!is_safe(p.keys_url) || host_of(p.keys_url) != host_of(p.token)))
    return wrong(
        "\"keys_url\" is on the host of \"token_endpoint\": this program calls one host and no other");
  if (p.people.empty()) return wrong("\"people\" is empty: nobody could sign in");
  for (const std::string* file : {&secret_file, &p.keys_file, &p.authority_file})
    if (!file->empty() && !base::file_exists(*file))
      return Error{Refusal::not_found, "the file of the directory: there is no file " + *file};
  p.client_secret = std::string(base::trim(base::read_file(secret_file)));
  if (!p.keys_file.empty()) TRY(rights::read_key_set(base::read_file(p.keys_file)));
  return p;
}

Directory::Directory(Provider provider, const evidence::Office& office, Book& book)
    : provider_(std::move(provider)), office_(office), book_(book) {}

base::Result<std::vector<rights::ProviderKey>> Directory::keys(bool anew, rights::Time now) {
  if (!provider_.keys_file.empty()) return rights::read_key_set(base::read_file(provider_.keys_file));
  {
    const std::lock_guard lock(mutex_);
    const rights::Time age = now - keys_at_;
    if (!keys_.empty() && age >= 0 && age < (anew ? kKeysAnewAfter : kKeysLive)) return keys_;
  }
  auto met = TRY(rights::read_key_set(TRY(call(provider_, provider_.keys_url, nullptr))));
  const std::lock_guard lock(mutex_);
  keys_ = met, keys_at_ = now;
  return met;
}

Directory::Begun Directory::begin(const std::string& redirect, rights::Time until) const {
  const auto random = [] { return rights::base64url(base::random_bytes(32)); };
  const std::string cookie = random();
  const Waiting w{std::string(base::view(base::sha256(cookie))), random(), random(), until};
  const std::string state = rights::base64url(office_.seal(kPurpose, w.text()));
  const auto encoded = [](const std::string& s) { return http::percent_encoded(s); };
  return {provider_.authorization + (provider_.authorization.find('?') == std::string::npos ? "?" : "&") +
              "response_type=code&scope=openid%20profile&client_id=" + encoded(provider_.client_id) +
              "&redirect_uri=" + encoded(redirect) + "&state=" + state + "&nonce=" + w.nonce +
              "&code_challenge=" + rights::base64url(base::view(base::sha256(w.verifier))) +
              "&code_challenge_method=S256",
          cookie};
}

base::Result<std::string> Directory::finish(const std::string& state, const std::string& code,
                                            const std::string& cookie, const std::string& redirect,
                                            rights::Time now, std::string& why) {
  const Error refused{Refusal::denied, "the directory does not sign you in here; sign in another way"};
  const auto no = [&](std::string reason) { return why = std::move(reason), refused; };
  std::optional<Waiting> w;
  if (const auto sealed = rights::unbase64url(state))
    if (const auto text = office_.unseal(kPurpose, *sealed)) w = Waiting::of(*text);
  // Once, whatever comes of it.
  if (!w || w->until <= now || !book_.first_time(kPurpose, state, w->until))
    return no("nothing was begun under this state");
  if (cookie.empty() || base::view(base::sha256(cookie)) != w->cookie_hash)
    return no("begun in another browser");
  const auto encoded = [](const std::string& s) { return http::percent_encoded(s); };
  const std::string form = "grant_type=authorization_code&code=" + encoded(code) +
                           "&redirect_uri=" + encoded(redirect) +
                           "&client_id=" + encoded(provider_.client_id) + "&code_verifier=" + w->verifier;
  const auto answer = call(provider_, provider_.token, &form);
  if (!answer.ok()) {
    why = answer.error().message;
    if (answer.error().why != Refusal::unsupported) return refused;
    return Error{Refusal::unsupported,
                 "the directory does not answer; sign in another way, and tell the operator"};
  }
  boost::system::error_code broken;
  const boost::json::value v = boost::json::parse(*answer, broken);
  const auto* o = v.if_object();
  const auto* token = o ? o->if_contains("id_token") : nullptr;
  if (broken || !token || !token->is_string()) return no("the provider gave no id_token");
  const std::string_view text(token->get_string());
  const rights::TokenExpected expected{provider_.issuer, provider_.client_id, w->nonce, now};
  base::Result<std::string> said = refused;
  for (const bool anew : {false, true}) {  // a key that is not there may be a new one
    const auto set = keys(anew, now);
    if (!set.ok()) return no("the keys of the provider: " + set.error().message);
    said = rights::claim_of(text, *set, expected, provider_.claim);
    if (said.ok()) break;
  }
  if (!said.ok()) return no(said.error().message);
  const auto at = provider_.people.find(*said);
  if (at == provider_.people.end()) return no("nobody of the list has this claim");
  return at->second;
}

}  // namespace service

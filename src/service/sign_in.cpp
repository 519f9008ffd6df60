// Signing in and out, and the keys by which people do (SECURITY.md 3.2, 3.3).
#include "core.h"

#include <access/totp.h>
#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>
#include <http/security.h>

#include <boost/json.hpp>

#include <algorithm>

namespace service {
namespace {

using http::Request;
using http::Response;
using rights::SignIn;
using rights::Time;

base::Error wrong_sign_in() {
  return {base::Refusal::denied, "name, password or code is wrong; try again, or ask for a new link"};
}

base::Result<std::string> bytes_member(const boost::json::value& body, std::string_view name) {
  const std::string text = TRY(base::text_of(body, name));
  if (auto bytes = rights::unbase64url(text)) return std::move(*bytes);
  return base::Error{base::Refusal::invalid, "\"" + std::string(name) + "\" is not base64url"};
}

class SignInDesk {
 public:
  explicit SignInDesk(Core& core) : core_(core) {}

  std::string session_json(const Who& who) const {
    const rights::Limits& limits = core_.policy.limits();
    std::string out;
    base::JsonWriter w(out);
    w.object().key("person").object();
    w.member("id", who.account.code)
        .member("name", who.account.name)
        .member("language", who.account.language);
    w.key("roles").array();
    for (const std::string& r : strings_of(who.account.roles)) w.value(r);
    w.end_array().end_object();
    w.member("csrf", rights::csrf_of(who.token)).member("strength", rights::name_of(who.session.strength));
    w.member("idle_until", base::rfc3339(who.session.last_seen + limits.idle));
    w.member("ends", base::rfc3339(who.session.began + limits.absolute));
    w.member("must_enrol", who.session.strength == SignIn::link);
    w.key("may").array();
    for (const auto& [name, allowed] : offered(who))
      if (allowed) w.value(name);
    w.end_array().end_object();
    return out;
  }
  // What the screens offer; each request is decided for itself all the same.
  std::vector<std::pair<std::string_view, bool>> offered(const Who& who) const {
    using rights::Act;
    const auto in_a_case = [&](Act act) {
      return std::ranges::any_of(who.cases, [&](const std::string& id) {
        return core_.could(who, {act, "item", id});
      });
    };
    const auto at_all = [&](Act act, const char* kind) { return core_.could(who, {act, kind}); };
    const bool reviews = std::ranges::any_of(who.cases, [&](const std::string& id) {
      return core_.could(who, {Act::review, "case", id});
    });
    const bool shapes = std::ranges::any_of(who.cases, [&](const std::string& id) {
      return core_.could(who, {Act::change, "case", id});
    });
    const rights::RoleSet glass = who.subject.roles & core_.policy.may_break_glass();
    return {{"evidence.upload", in_a_case(Act::add)},
            {"evidence.case.create", at_all(Act::change, "account")},
            {"evidence.tag", in_a_case(Act::annotate)},
            {"evidence.custody", in_a_case(Act::transfer)},
            {"evidence.scheme", shapes},
            {"evidence.original", in_a_case(Act::read_original)},
            {"admin.people", at_all(Act::read, "account")},
            {"admin.people.change", at_all(Act::change, "account")},
            {"admin.recovery", at_all(Act::read, "recovery")},
            {"admin.recovery.ask", at_all(Act::grant, "recovery")},
            {"admin.break_glass", glass && who.subject.sign_in >= SignIn::passkey},
            {"admin.break_glass.see", glass || at_all(Act::review, "ledger") || reviews},
            {"identity", concerned_with_identities(who)},
            {"office.seal", core_.options.seal && at_all(Act::seal, "key")},
            {"admin.ledger", at_all(Act::read, "ledger")}};
  }

  bool concerned_with_identities(const Who& who) const {
    const auto bits = [&](const char* role) { return core_.policy.role(role).value_or(0); };
    return core_.could(who, {rights::Act::seal, "key"}) ||
           (who.subject.roles & (bits("identity_officer") | bits("identity_approver"))) != 0;
  }
  http::Cookie cookie(const Request& request, std::string token) const {
    return {request.secure ? "__Host-sid" : "sid", std::move(token), request.secure, {}};
  }
  // Answers with a session of which the browser has the token.
  base::Result<Response> answer(Request& request, const rights::Tokens& tokens, int status = 200) {
    const std::shared_ptr<Who> who = core_.who_of(std::string_view(tokens.session));
    if (!who) return wrong_sign_in();
    return Response::json(session_json(*who), status).with(cookie(request, tokens.session));
  }
  base::Result<Response> begin(Request& request, const Account& account, SignIn strength,
                               const std::function<base::Status(const Book::Write&)>& also) {
    const rights::Begun begun =
        rights::begin_session({account.person, strength, account.epoch}, core_.book.now(), Book::random());
    const std::vector<std::string> surplus =
        rights::surplus(core_.book.sessions(account.person), core_.policy.limits());
    TRY(core_.book.write(account.code, [&](const Book::Write& w) -> base::Status {
      for (const std::string& id : surplus)
        w.sql.run("delete from session where id = ?", std::string_view(id));
      if (also) TRY(also(w));
      std::string payload;
      base::JsonWriter(payload)
          .object()
          .member("by", rights::name_of(strength))
          .member("from", request.peer)
          .member("session", begun.session.id)
          .end_object();
      TRY(w.change.add(begun.session, {"signed_in", w.who, account.code, payload}));
      return base::Done{};
    }));
    return answer(request, begun.tokens);
  }
  // A fresh proof by who is signed in: the same session under a new token.
  base::Result<Response> step_up(Request& request, const Who& who, SignIn strength, int status,
                                 const std::function<base::Status(const Book::Write&)>& also) {
    const rights::Begun after = rights::stepped_up(who.session, strength, core_.book.now(), Book::random());
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      TRY(also(w));
      w.sql.run("delete from session where id = ?", std::string_view(who.session.id));
      return w.change.add(after.session, {"proved", w.who, who.account.code, "{}"});
    }));
    return answer(request, after.tokens, status);
  }

  base::Result<Response> by_link(Request& request) {
    const std::string token = TRY(base::text_of(TRY(request.json()), "token"));
    const base::Error wrong{base::Refusal::denied, "this link was used or is too old; ask for a new one"};
    TRY(may_try(request, "link"));
    const std::optional<rights::SignInLink> link = core_.book.link(token);
    if (!link) return wrong;
    const auto used = rights::accept_link(*link, token, core_.book.now(), core_.policy.limits());
    const std::optional<Account> account = core_.book.account(link->person);
    if (!used.ok() || !account || account->disabled) return wrong;
    forget(request, "link");
    return begin(request, *account, SignIn::link, [&](const Book::Write& w) -> base::Status {
      // Once: whoever comes second finds it used, also when both came at the same moment.
      if (w.sql.number("select count(*) from sign_in_link where token_hash = ? and used is null",
                       record::Cell::blob(used->token_hash.bytes)) != 1)
        return wrong;
      return w.edit(*used, "link_used", account->code);
    });
  }

  // With the office's own directory: it says who, this office says what they may.
  base::Result<Response> directory_offered(Request&) {
    return Response::json(core_.directory ? "{\"offered\":true}" : "{\"offered\":false}");
  }
  base::Result<Response> directory_begin(Request& request) {
    if (!core_.directory) return not_found();
    const Directory::Begun begun = core_.directory->begin(core_.self.origins.front() + "/",
                                                          core_.book.now() + core_.policy.limits().challenge);
    std::string out;
    base::JsonWriter(out).object().member("address", begun.address).end_object();
    return Response::json(out).with(directory_cookie(request, begun.cookie));
  }
  base::Result<Response> directory_finish(Request& request) {
    if (!core_.directory) return not_found();
    const boost::json::value body = TRY(request.json());
    const std::string state = TRY(base::text_of(body, "state")), code = TRY(base::text_of(body, "code"));
    TRY(may_try(request, "directory " + state));
    std::string why;
    const auto person =
        core_.directory->finish(state, code, std::string(request.cookie(directory_cookie(request, "").name)),
                                core_.self.origins.front() + "/", core_.book.now(), why);
    if (!person.ok() && core_.options.log) core_.options.log("sign-in with the directory refused: " + why);
    const auto account = core_.book.account_named(TRY(person));
    if (!account || account->code != *person || account->disabled)
      return base::Error{base::Refusal::denied,
                         "the directory does not sign you in here; sign in another way"};
    forget(request, "directory " + state);
    return begin(request, *account, SignIn::password, [&](const Book::Write& w) -> base::Status {
      w.tell("signed_in_by_directory", account->code, "{}");
      return base::Done{};
    });
  }
  http::Cookie directory_cookie(const Request& request, std::string value) const {
    return {request.secure ? "__Host-directory" : "directory", std::move(value), request.secure, {}};
  }

  base::Result<Response> by_password(Request& request) {
    const boost::json::value body = TRY(request.json());
    const std::string name = TRY(base::text_of(body, "name")),
                      password = TRY(base::text_of(body, "password")),
                      code = TRY(base::text_of(body, "code"));
    TRY(may_try(request, name));
    const std::optional<Account> account = core_.book.account_named(name);
    // The same work for somebody who is not there, or has no password.
    if (!account || account->disabled || account->password.empty() || !account->totp) {
      static_cast<void>(TRY(core_.passwords.verify_nobody(password)));
      return wrong_sign_in();
    }
    const rights::PasswordVerdict verdict = TRY(core_.passwords.verify(password, account->password));
    const auto secret = core_.book.unseal(account->totp->bytes);
    if (!verdict.matches || !secret) return wrong_sign_in();
    const auto step = rights::accept_totp(*secret, code, core_.book.now(), account->totp_step);
    if (!step.ok()) return wrong_sign_in();
    forget(request, name);
    return begin(request, *account, SignIn::password, [&](const Book::Write& w) -> base::Status {
      if (w.sql.number("select totp_step from account where person = ?", account->person) >= *step)
        return wrong_sign_in();  // somebody was faster with the same code
      w.sql.run("update account set totp_step = ? where person = ?", *step, account->person);
      return base::Done{};
    });
  }

  std::string challenge(std::int64_t person) {
    return core_.challenges.make(person, core_.book.now() + core_.policy.limits().challenge);
  }
  std::optional<std::string> take_challenge(std::string_view client_data, std::int64_t person) {
    return core_.challenges.take(client_data, person, core_.book.now());
  }

  base::Result<Response> passkey_begin(Request&) {
    std::string out;
    base::JsonWriter(out)
        .object()
        .member("challenge", rights::base64url(challenge(0)))
        .member("rp_id", core_.self.id)
        .member("timeout", core_.policy.limits().challenge * 1000)
        .end_object();
    return Response::json(out);
  }
  base::Result<Response> passkey_finish(Request& request) {
    const base::Error wrong{base::Refusal::denied,
                            "this passkey opens nothing here; use another, or ask for a link"};
    const rights::Assertion said = TRY(assertion_in(request));
    TRY(may_try(request, "passkey"));
    const std::optional<std::string> made = take_challenge(said.client_data, 0);
    const std::optional<Passkey> key = core_.book.passkey(said.credential_id);
    if (!made || !key) return wrong;
    const std::optional<Account> account = core_.book.account(key->person);
    const auto after = rights::verify_assertion(core_.self, *made, credential_of(*key), said);
    if (!after.ok() || !account || account->disabled) return wrong;
    forget(request, "passkey");
    return begin(request, *account, core_.strength_of(*key), [&](const Book::Write& w) -> base::Status {
      w.sql.run("update passkey set counter = ? where id = ?", std::int64_t{after->counter},
                record::Cell::blob(key->id.bytes));
      return base::Done{};
    });
  }
  // A fresh proof, asked for by an act: one of their own passkeys, used now. The session goes on under a new
  // token.
  base::Result<Response> proof_begin(Request& request) {
    const Who& who = Core::who(request);
    std::string out;
    base::JsonWriter w(out);
    w.object()
        .member("challenge", rights::base64url(challenge(who.account.person)))
        .member("rp_id", core_.self.id)
        .member("timeout", core_.policy.limits().challenge * 1000);
    w.key("allow").array();
    for (const Passkey& k : core_.book.passkeys(who.account.person)) w.value(rights::base64url(k.id.bytes));
    w.end_array().end_object();
    return Response::json(out);
  }
  base::Result<Response> proof_finish(Request& request) {
    const Who& who = Core::who(request);
    const base::Error wrong{base::Refusal::denied, "this proves nothing: use one of your own passkeys"};
    const rights::Assertion said = TRY(assertion_in(request));
    TRY(may_try(request, "proof " + who.account.code));
    const std::optional<std::string> made = take_challenge(said.client_data, who.account.person);
    const std::optional<Passkey> key = core_.book.passkey(said.credential_id);
    if (!made || !key || key->person != who.account.person) return wrong;
    const auto after = rights::verify_assertion(core_.self, *made, credential_of(*key), said);
    if (!after.ok()) return wrong;
    forget(request, "proof " + who.account.code);
    return step_up(request, who, core_.strength_of(*key), 200, [&](const Book::Write& w) -> base::Status {
      w.sql.run("update passkey set counter = ? where id = ?", std::int64_t{after->counter},
                record::Cell::blob(key->id.bytes));
      return base::Done{};
    });
  }
  static base::Result<rights::Assertion> assertion_in(Request& request) {
    const boost::json::value body = TRY(request.json());
    return rights::Assertion{TRY(bytes_member(body, "id")), TRY(bytes_member(body, "client_data")),
                             TRY(bytes_member(body, "authenticator_data")),
                             TRY(bytes_member(body, "signature"))};
  }
  static rights::Credential credential_of(const Passkey& k) {
    return {k.id.bytes,     k.public_key.bytes, k.algorithm, static_cast<std::uint32_t>(k.counter),
            k.aaguid.bytes, k.backup_eligible,  false};
  }

  base::Result<Response> enrol_begin(Request& request) {
    const Who& who = Core::who(request);
    std::string out;
    base::JsonWriter w(out);
    w.object()
        .member("challenge", rights::base64url(challenge(who.account.person)))
        .member("rp_id", core_.self.id)
        .member("rp_name", "Custos")
        .member("user_id", rights::base64url(who.account.handle.bytes))
        .member("user_name", who.account.code)
        // Only an office that lists makes asks for the make.
        .member("attestation", core_.makes.empty() ? "none" : "direct");
    w.key("algorithms").array().value(-8).value(-7).value(-257).end_array().key("exclude").array();
    for (const Passkey& k : core_.book.passkeys(who.account.person)) w.value(rights::base64url(k.id.bytes));
    w.end_array().end_object();
    return Response::json(out);
  }
  base::Result<Response> enrol_finish(Request& request) {
    const Who& who = Core::who(request);
    const boost::json::value body = TRY(request.json());
    const std::string client_data = TRY(bytes_member(body, "client_data"));
    const std::string attestation = TRY(bytes_member(body, "attestation_object"));
    const std::string label = TRY(base::text_of(body, "label"));
    TRY(may_add_key(who));
    const std::optional<std::string> made = take_challenge(client_data, who.account.person);
    if (!made) return base::Error{base::Refusal::denied, "the time to enrol is over; begin again"};
    const rights::Registration r =
        TRY(rights::verify_registration(core_.self, *made, client_data, attestation));
    if (core_.book.passkey(r.credential.id))
      return base::Error{base::Refusal::conflict,
                         "this passkey is enrolled already; use another authenticator"};
    const Passkey key{{r.credential.id},
                      who.account.person,
                      {r.credential.public_key},
                      {r.credential.aaguid},
                      r.credential.algorithm,
                      std::int64_t{r.credential.counter},
                      r.credential.backup_eligible,
                      std::string(base::cut(label, 100)),
                      core_.book.now()};
    return step_up(request, who, core_.strength_of(key), 201,
                   [&](const Book::Write& w) { return w.add(key, "passkey_enrolled", who.account.code); });
  }
  // Who came by a link may enrol; who has keys already adds one only with a fresh proof.
  base::Status may_add_key(const Who& who) const {
    if (who.session.strength == SignIn::link) return base::Done{};
    if (who.session.stepped_up && core_.book.now() - *who.session.stepped_up <= core_.policy.limits().step_up)
      return base::Done{};
    if (core_.book.now() - who.session.began <= core_.policy.limits().step_up) return base::Done{};
    return base::Error{base::Refusal::denied, "sign in again first: a key is added only right after that"};
  }

  base::Result<Response> totp_begin(Request& request) {
    const Who& who = Core::who(request);
    const std::string password = TRY(base::text_of(TRY(request.json()), "password"));
    TRY(may_add_key(who));
    const std::string_view own[] = {who.account.name, who.account.code, "custos"};
    TRY(rights::acceptable_password(password, own, core_.common, core_.policy.limits()));
    const Waiting waiting{TRY(core_.passwords.hash(password)), rights::make_totp_secret(Book::random())};
    std::string out;
    base::JsonWriter(out)
        .object()
        .member("secret", rights::base32(waiting.secret))
        .member("uri", rights::otpauth_uri("Custos", who.account.code, waiting.secret))
        .end_object();
    core_.book.keep(kEnrolment, who.account.code, waiting.hash + "\n" + waiting.secret,
                    core_.book.now() + core_.policy.limits().challenge);
    return Response::json(out);
  }
  base::Result<Response> totp_confirm(Request& request) {
    const Who& who = Core::who(request);
    const std::string code = TRY(base::text_of(TRY(request.json()), "code"));
    TRY(may_try(request, "totp " + who.account.code));
    const auto kept = core_.book.kept(kEnrolment, who.account.code);
    if (!kept) return base::Error{base::Refusal::denied, "the time to enrol is over; begin again"};
    const std::size_t line = kept->find('\n');
    const Waiting waiting{kept->substr(0, line), kept->substr(line + 1)};
    const auto step = rights::accept_totp(waiting.secret, code, core_.book.now(), -1);
    if (!step.ok())
      return base::Error{base::Refusal::invalid,
                         "this is not the code of now; check the clock of the telephone and try again"};
    Account account = who.account;
    account.password = waiting.hash;
    account.totp = record::Octets{core_.book.seal(waiting.secret)};
    account.totp_step = *step;
    ++account.version;
    auto answer = step_up(request, who, SignIn::password, 200, [&](const Book::Write& w) {
      return w.edit(account, "password_set", account.code);
    });
    core_.book.forget(kEnrolment, who.account.code);
    return answer;
  }

  base::Result<Response> current(Request& request) {
    return Response::json(session_json(Core::who(request)));
  }
  base::Result<Response> end(Request& request) {
    const Who& who = Core::who(request);
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      w.sql.run("delete from session where id = ?", std::string_view(who.session.id));
      w.tell("signed_out", who.account.code, "{}");
      return base::Done{};
    }));
    http::Cookie gone = cookie(request, "");
    gone.lives = std::chrono::seconds(0);
    return Response::empty().with(gone).with("Clear-Site-Data", "\"*\"");
  }

 private:
  // Every attempt counts as failed until it succeeded, by account and source, and by source alone.
  base::Status may_try(const Request& request, std::string_view account) {
    const std::lock_guard lock(mutex_);
    if (tries_.size() > 100'000) tries_.clear();
    for (const bool whole : {false, true}) {
      rights::Tries& t = tries_[std::string(whole ? "" : account) + "\n" + request.peer];
      const rights::Attempt a = rights::begin_attempt(t, core_.book.now(), core_.policy.limits(),
                                                      whole ? core_.policy.limits().source_free_tries : 1);
      t = a.after;
      if (a.wait_seconds > 0)
        return base::Error{base::Refusal::exhausted,
                           "too many attempts; wait " + std::to_string(a.wait_seconds) + " s and try again"};
    }
    return base::Done{};
  }
  void forget(const Request& request, std::string_view account) {
    const std::lock_guard lock(mutex_);
    tries_[std::string(account) + "\n" + request.peer] = rights::succeeded();
    tries_["\n" + request.peer] = rights::succeeded();
  }

  static constexpr std::string_view kEnrolment = "enrolment of a password";
  struct Waiting {
    std::string hash, secret;  // the hash is one line
  };
  Core& core_;
  std::mutex mutex_;
  std::unordered_map<std::string, rights::Tries> tries_;
};

}  // namespace

std::vector<http::Route> sign_in_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<SignInDesk>(core);
  // Who is refused is not signed in: 401, in the same words whatever was wrong.
  const auto opens = [desk](base::Result<Response> (SignInDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) -> base::Result<Response> {
      base::Result<Response> answer = ((*desk).*f)(r);
      if (!answer.ok() && answer.error().why == base::Refusal::denied)
        return Response::problem({401, "refused", "", answer.error().message, {}, {}});
      return answer;
    };
  };
  const auto does = [desk](base::Result<Response> (SignInDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::post, "/sign-in/link", "sign_in.link", "application/json", 4096, http::Runs::in_pool,
                 opens(&SignInDesk::by_link)});
  out.push_back({Method::post, "/sign-in/password", "sign_in.password", "application/json", 8192,
                 http::Runs::in_pool, opens(&SignInDesk::by_password)});
  out.push_back({Method::post, "/sign-in/passkey/begin", "sign_in.passkey_begin", "application/json", 4096,
                 http::Runs::in_pool, opens(&SignInDesk::passkey_begin)});
  out.push_back({Method::post, "/sign-in/passkey/finish", "sign_in.passkey", "application/json", 64 * 1024,
                 http::Runs::in_pool, opens(&SignInDesk::passkey_finish)});
  out.push_back({Method::get, "/sign-in/directory", "sign_in.directory_offered", "application/json", 0,
                 http::Runs::in_pool, does(&SignInDesk::directory_offered)});
  out.push_back({Method::post, "/sign-in/directory/begin", "sign_in.directory_begin", "application/json",
                 4096, http::Runs::in_pool, opens(&SignInDesk::directory_begin)});
  out.push_back({Method::post, "/sign-in/directory/finish", "sign_in.directory", "application/json",
                 16 * 1024, http::Runs::in_pool, opens(&SignInDesk::directory_finish)});
  out.push_back({Method::get, "/session", "session.read", "application/json", 0, http::Runs::in_pool,
                 does(&SignInDesk::current)});
  out.push_back({Method::delete_, "/session", "session.end", "application/json", 4096, http::Runs::in_pool,
                 does(&SignInDesk::end)});
  out.push_back({Method::post, "/me/passkeys/begin", "enrol.passkey_begin", "application/json", 4096,
                 http::Runs::in_pool, does(&SignInDesk::enrol_begin)});
  out.push_back({Method::post, "/me/passkeys/finish", "enrol.passkey", "application/json", 64 * 1024,
                 http::Runs::in_pool, does(&SignInDesk::enrol_finish)});
  out.push_back({Method::post, "/me/totp", "enrol.totp_begin", "application/json", 8192, http::Runs::in_pool,
                 does(&SignInDesk::totp_begin)});
  out.push_back({Method::post, "/me/totp/confirm", "enrol.totp", "application/json", 4096,
                 http::Runs::in_pool, does(&SignInDesk::totp_confirm)});
  out.push_back({Method::post, "/me/proof/begin", "proof.begin", "application/json", 4096,
                 http::Runs::in_pool, does(&SignInDesk::proof_begin)});
  out.push_back({Method::post, "/me/proof/finish", "proof.finish", "application/json", 64 * 1024,
                 http::Runs::in_pool, does(&SignInDesk::proof_finish)});
  return out;
}

}  // namespace service

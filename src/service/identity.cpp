// The way from a person's browser to the identity register (docs/formats/identity.md). What passes here is
// sealed for the register or for one browser, and signed by the person: this program decides who may ask at
// all, tells the ledger and the alarms of it, and holds no name.
#include "alarms.h"

#include <access/person_code.h>
#include <base/bytes.h>
#include <base/json.h>
#include <base/parsed.h>
#include <base/text.h>
#include <identity/door.h>
#include <identity/register.h>

#include <boost/json.hpp>

#include <algorithm>

namespace service {
namespace {

using base::member;
using boost::json::value;
using http::Request;
using http::Response;
using rights::Act;

constexpr std::int64_t kSomebodyElse = std::int64_t{1} << 40;  // nobody of the office has this number

std::string text_in(const value& v, std::string_view name) {
  const value& m = member(v, name);
  return m.is_string() ? std::string(m.get_string()) : std::string();
}
std::int64_t number_in(const value& v, std::string_view name) {
  const value& m = member(v, name);
  return m.is_int64() ? m.get_int64() : 0;
}
// A case as the register numbers it: what stands in a signed request is exact in every program (RFC 8785).
std::int64_t number_there(std::string_view case_id) {
  return static_cast<std::int64_t>(number_of_case(case_id) & ((std::uint64_t{1} << 52) - 1));
}

// For whom an attempt is told that the register refused.
struct Told {
  const Who* who = nullptr;
  std::string case_id{}, code{};
};

class IdentityDesk {
 public:
  explicit IdentityDesk(Core& core) : core_(core) {}

  base::Result<Response> read(Request& request) {
    const Who& who = Core::who(request);
    if (!concerned(who)) return not_found();
    value status;
    std::string state = core_.options.identity.empty() ? "absent" : "away";
    if (auto said = ask("{\"op\":\"status\"}"); said.ok()) status = *said, state = text_in(status, "state");
    std::string out;
    base::JsonWriter w(out);
    w.object().key("register").object().member("state", state);
    w.member("public_key", text_in(status, "public_key")).member("rp_id", text_in(status, "rp_id"));
    w.member("given", number_in(status, "given")).member("needed", number_in(status, "needed")).end_object();
    w.key("me").object().member("person", who.account.person).key("standing");
    const auto mine = state == "open" ? ask(with("standing", who)) : not_found();
    w.raw(mine.ok() ? boost::json::serialize(member(*mine, "standing")) : "[]").end_object();
    w.key("fields").array();
    for (const std::string& f : identity::register_fields()) w.value(f);
    w.end_array().key("roles").array();
    for (const char* role : {"identity_officer", "identity_approver"})
      if (const auto bit = core_.policy.role(role); bit && (who.subject.roles & *bit)) w.value(role);
    w.end_array().key("cases").array();
    for (const std::string& id : who.cases) {
      const bool registers = registers_in(who, id), opens = opens_in(who, id),
                 approves = approves_in(who, id);
      const auto met = core_.book.case_of(id);
      if (!met || !(registers || opens || approves)) continue;
      w.object().member("id", id).member("code", met->code).member("number", number_there(id));
      w.member("may_register", registers)
          .member("may_open", opens)
          .member("may_approve", approves)
          .end_object();
    }
    w.end_array().key("purposes").array();
    for (std::size_t p = 0; p < core_.policy.purposes().size(); ++p) {
      if (!(core_.policy.may_name(static_cast<rights::PurposeId>(p)) & who.subject.roles)) continue;
      const rights::PurposeRule& rule = core_.policy.purposes()[p];
      w.object().member("id", rule.name).key("label").object();
      w.member("en", rule.label.en).member("fr", rule.label.fr).end_object().end_object();
    }
    w.end_array().member("opening_seconds", core_.policy.limits().opening);
    w.member("may_seal", may_seal(who)).end_object();
    return Response::json(out);
  }

  base::Result<Response> ask_admission(Request& request) {
    const Who& who = Core::who(request);
    const value body = TRY(request.json());
    const std::string role = TRY(base::text_of(body, "role"));
    const auto bit = core_.policy.role(role);
    if (!bit || !(who.subject.roles & *bit) || !concerned(who)) return not_found();
    const auto id = rights::unbase64url(TRY(base::text_of(body, "passkey")));
    const std::optional<Passkey> key = id ? core_.book.passkey(*id) : std::nullopt;
    if (!key || key->person != who.account.person) return not_found();
    std::string passkey;
    base::JsonWriter(passkey)
        .object()
        .member("id", rights::base64url(key->id.bytes))
        .member("public_key", rights::base64url(key->public_key.bytes))
        .member("aaguid", rights::base64url(key->aaguid.bytes))
        .member("algorithm", key->algorithm)
        .member("counter", key->counter)
        .member("may_be_copied", key->backup_eligible)
        .end_object();
    const value said = TRY(
        ask(with("ask_admission", who, ",\"role\":" + base::json_string(role) + ",\"passkey\":" + passkey)));
    TRY(tell(who, "identity_admission_asked", who.account.code, {}));
    return Response::json(boost::json::serialize(said));
  }

  // A person is registered, corrected, or asked for: the form is sealed, the act is signed.
  base::Result<Response> add(Request& request) {
    return form(request, "register", "identity_registered", 201);
  }
  base::Result<Response> amend(Request& request) { return form(request, "amend", "identity_amended", 200); }
  base::Result<Response> known(Request& request) {
    return form(request, "known", "identity_asked_whether_known", 200);
  }

  base::Result<Response> openings(Request& request) {
    const Who& who = Core::who(request);
    if (!concerned(who)) return not_found();
    const value said = TRY(ask(with("openings", who)));
    const std::vector<Account> accounts = core_.book.accounts();
    std::string out;
    base::JsonWriter w(out);
    w.object().key("openings").array();
    for (const value& one : member(said, "openings").get_array()) {
      boost::system::error_code broken;
      const value asked = boost::json::parse(text_in(one, "request"), broken);
      const std::string id = case_numbered(who, number_in(asked, "case"));
      const auto met = id.empty() ? std::nullopt : core_.book.case_of(id);
      w.object();
      for (const char* name : {"id", "state", "request", "asked", "until"})
        w.member(name, text_in(one, name));
      w.member("case", met ? met->code : std::string());
      for (const char* name : {"requester", "approver"}) {
        const auto a = std::ranges::find(accounts, number_in(one, name), &Account::person);
        w.key(name);
        if (a == accounts.end())
          w.null();
        else
          w.object().member("id", a->code).member("name", a->name).end_object();
      }
      w.member("mine", member(one, "mine").get_bool());
      w.member("may_decide", member(one, "may_decide").get_bool() && !id.empty() && approves_in(who, id));
      w.end_object();
    }
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> open(Request& request) {
    const Who& who = Core::who(request);
    const value body = TRY(request.json());
    const std::string text = TRY(base::text_of(body, "request"));
    boost::system::error_code broken;
    const value asked = boost::json::parse(text, broken);
    const std::string id = broken ? "" : case_numbered(who, number_in(asked, "case"));
    if (id.empty() || !opens_in(who, id)) return not_found();
    if (!rights::is_person_code(text_in(asked, "code")))
      return base::Error{
          base::Refusal::invalid,
          "this is no person code: compare it with where you have it from, character by character"};
    const value said = TRY(ask(with("ask", who,
                                    ",\"request\":" + base::json_string(text) + ",\"assertion\":" +
                                        boost::json::serialize(member(body, "assertion"))),
                               Told{&who, id, text_in(asked, "code")}));
    std::vector<std::int64_t> told;
    for (const Account& a : core_.book.accounts())
      if (a.organ != who.account.organ && approves_in(*core_.as_if_here(a), id)) told.push_back(a.person);
    TRY(tell(who, "identity_opening_asked", text_in(asked, "code"),
             {.opening = text_in(said, "opening"),
              .purpose = text_in(asked, "purpose"),
              .case_id = id,
              .told = told}));
    return Response::json(boost::json::serialize(said), 201);
  }

  base::Result<Response> approve(Request& request) {
    const Who& who = Core::who(request);
    if (!concerned(who)) return not_found();
    const std::string& opening = request.place("id");
    const value row = TRY(row_of(who, opening));
    boost::system::error_code broken;
    const value asked = boost::json::parse(text_in(row, "request"), broken);
    const std::string id = case_numbered(who, number_in(asked, "case"));
    const std::optional<Account> first = core_.book.account(number_in(row, "requester"));
    if (broken || id.empty() || !first || !approves_in(who, id)) return not_found();
    const value body = TRY(request.json());
    const std::string code = text_in(asked, "code");
    const value said =
        TRY(ask(with("approve", who,
                     ",\"opening\":" + base::json_string(opening) + ",\"requester\":" + word(*first) +
                         ",\"assertion\":" + boost::json::serialize(member(body, "assertion"))),
                Told{&who, id, code}));
    std::vector<std::int64_t> told = auditors_of(core_);
    told.push_back(first->person);
    TRY(tell(who, "identity_opening_permitted", code,
             {.opening = opening, .case_id = id, .alarm = "identity_permitted", .told = told}));
    return Response::json(boost::json::serialize(said));
  }
  base::Result<Response> refuse(Request& request) {
    const Who& who = Core::who(request);
    if (!concerned(who)) return not_found();
    const std::string& opening = request.place("id");
    const value row = TRY(row_of(who, opening));
    static_cast<void>(TRY(ask(with("refuse", who, ",\"opening\":" + base::json_string(opening)))));
    TRY(tell(who, "identity_opening_declined", "",
             {.opening = opening, .alarm = "identity_declined", .told = {number_in(row, "requester")}}));
    return Response::empty();
  }
  base::Result<Response> close(Request& request) {
    const Who& who = Core::who(request);
    if (!concerned(who)) return not_found();
    const std::string& opening = request.place("id");
    static_cast<void>(TRY(ask(with("close", who, ",\"opening\":" + base::json_string(opening)))));
    TRY(tell(who, "identity_opening_closed", "", {.opening = opening}));
    return Response::empty();
  }
  // The ledger knows of it before the answer leaves.
  base::Result<Response> show(Request& request) {
    const Who& who = Core::who(request);
    if (!concerned(who)) return not_found();
    const std::string& opening = request.place("id");
    const value row = TRY(row_of(who, opening));
    boost::system::error_code broken;
    const value asked = boost::json::parse(text_in(row, "request"), broken);
    if (broken || !member(row, "mine").get_bool()) return not_found();
    TRY(tell(who, "identity_shown", text_in(asked, "code"),
             {.opening = opening, .purpose = text_in(asked, "purpose")}));
    const value said = TRY(ask(with("show", who, ",\"opening\":" + base::json_string(opening))));
    return Response::json(boost::json::serialize(said));
  }

  // One person can seal; nobody unseals from here.
  base::Result<Response> seal(Request& request) {
    const Who& who = Core::who(request);
    if (!may_seal(who)) return not_found();
    static_cast<void>(TRY(ask("{\"op\":\"seal\",\"who\":" + base::json_string(who.account.code) + "}")));
    std::vector<std::int64_t> told = auditors_of(core_);
    for (const Account& a : core_.book.accounts())
      if (concerned(*core_.as_if_here(a))) told.push_back(a.person);
    TRY(tell(who, "identity_sealed", "", {.alarm = "identity_sealed", .told = told}));
    return Response::empty();
  }

 private:
  bool registers_in(const Who& who, const std::string& id) const {
    return core_.could(who, {Act::add, "identity", id});
  }
  bool opens_in(const Who& who, const std::string& id) const {
    return core_.could(who, {Act::reveal, "identity", id});
  }
  bool approves_in(const Who& who, const std::string& id) const {
    return core_.could(who, {.act = Act::approve,
                             .kind = "identity",
                             .case_id = id,
                             .author = kSomebodyElse,
                             .requester = kSomebodyElse});
  }
  bool may_seal(const Who& who) const { return core_.could(who, {Act::seal, "key"}); }
  bool concerned(const Who& who) const {
    return may_seal(who) || std::ranges::any_of(who.cases, [&](const std::string& id) {
             return registers_in(who, id) || opens_in(who, id) || approves_in(who, id);
           });
  }
  static std::string case_numbered(const Who& who, std::int64_t number) {
    for (const std::string& id : who.cases)
      if (number_there(id) == number) return id;
    return {};
  }

  // What the office says of a person, as it stands now.
  std::string word(const Account& a) const {
    std::string out;
    base::JsonWriter w(out);
    w.object().member("person", a.person).member("code", a.code).member("organ", a.organ);
    w.member("clearance", a.clearance).key("roles").array();
    if (!a.disabled)
      for (const std::string& r : strings_of(a.roles)) w.value(r);
    w.end_array().key("cases").array();
    for (const std::string& id : strings_of(a.cases)) w.value(number_there(id));
    w.end_array().end_object();
    return out;
  }
  std::string with(std::string_view op, const Who& who, const std::string& more = "") const {
    return "{\"op\":\"" + std::string(op) + "\",\"who\":" + word(who.account) + more + "}";
  }

  // What the register says, or why it does not. What it holds for an attempt is told at once.
  base::Result<value> ask(const std::string& request, const Told& about = {}) {
    if (core_.options.identity.empty())
      return base::Error{base::Refusal::conflict, "this office has no identity register yet"};
    const auto said = identity::ask(core_.options.identity, request);
    if (!said.ok())
      return base::Error{base::Refusal::conflict,
                         "the identity register does not answer; everything else works. Tell its custodians"};
    boost::system::error_code broken;
    value v = boost::json::parse(*said, broken);
    const value& no = member(v, "refused");
    if (broken)
      return base::Error{base::Refusal::damaged, "the identity register gave no answer that can be read"};
    if (no.is_null()) return v;
    const std::string why = text_in(no, "why"), reason = text_in(no, "reason");
    if (about.who && reason != "sealed") {
      const bool alarm = member(no, "alarm").is_bool() && member(no, "alarm").get_bool();
      TRY(tell(*about.who, "identity_refused", about.code,
               {.case_id = about.case_id,
                .reason = reason,
                .alarm = alarm ? "identity_attempt" : "",
                .told = alarm ? auditors_of(core_) : std::vector<std::int64_t>()}));
    }
    const auto refusal = why == "invalid"     ? base::Refusal::invalid
                         : why == "not_found" ? base::Refusal::not_found
                         : why == "denied"    ? base::Refusal::denied
                         : why == "exhausted" ? base::Refusal::exhausted
                         : why == "damaged"   ? base::Refusal::damaged
                                              : base::Refusal::conflict;
    if (refusal == base::Refusal::not_found) return not_found();
    return base::Error{refusal, text_in(no, "message")};
  }

  base::Result<Response> form(Request& request, const char* op, const char* act, int status) {
    const Who& who = Core::who(request);
    const value body = TRY(request.json());
    const std::string id = case_numbered(who, number_in(member(body, "act"), "case"));
    if (id.empty() || !registers_in(who, id)) return not_found();
    std::string more;
    for (const char* name : {"act", "assertion", "enc", "box"})
      more += ",\"" + std::string(name) + "\":" + boost::json::serialize(member(body, name));
    const value said = TRY(ask(with(op, who, more), Told{&who, id, text_in(member(body, "act"), "code")}));
    TRY(tell(who, act, text_in(said, "code"), {.case_id = id}));
    return Response::json(boost::json::serialize(said), status);
  }
  // An opening that this person may know of. Refuses: not_found.
  base::Result<value> row_of(const Who& who, const std::string& opening) {
    value said = TRY(ask(with("openings", who)));
    for (const value& one : member(said, "openings").get_array())
      if (text_in(one, "id") == opening) return one;
    return not_found();
  }

  struct What {
    std::string opening{}, purpose{}, case_id{}, reason{}, alarm{};
    std::vector<std::int64_t> told{};
  };
  // In the ledger of the office, by code alone, with the head of the register's own: the order of the two can
  // be proved, what is in the other cannot be read from here.
  base::Status tell(const Who& who, const char* act, const std::string& object, const What& what) {
    std::string payload, head = "null";
    if (const auto status = identity::ask(core_.options.identity, "{\"op\":\"status\"}"); status.ok()) {
      boost::system::error_code broken;
      const value v = boost::json::parse(*status, broken);
      head = boost::json::serialize(member(v, "head"));
    }
    base::JsonWriter w(payload);
    w.object().key("head").raw(head);
    const std::pair<const char*, const std::string*> said[] = {{"opening", &what.opening},
                                                               {"purpose", &what.purpose},
                                                               {"case", &what.case_id},
                                                               {"reason", &what.reason}};
    for (const auto& [name, text] : said)
      if (!text->empty()) w.member(name, *text);
    w.end_object();
    TRY(core_.book.write(who.account.code, [&](const Book::Write& book) -> base::Status {
      book.tell(act, object, payload);
      return raise_alarm(book, what.told,
                         {"", 0, what.alarm.empty() ? act : what.alarm, who.account.code, what.case_id,
                          what.opening, core_.book.now(), 0},
                         who.account.person);
    }));
    announce(core_, what.told);
    return base::Done{};
  }
  Core& core_;
};

}  // namespace

std::vector<http::Route> identity_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<IdentityDesk>(core);
  std::vector<http::Route> out;
  const auto route = [&](Method m, const char* path, http::Act act,
                         base::Result<Response> (IdentityDesk::*f)(Request&)) {
    out.push_back({m, path, act, "application/json", m == Method::get ? 0u : 128u * 1024, http::Runs::in_pool,
                   http::Answer([desk, f](Request& r) { return ((*desk).*f)(r); })});
  };
  route(Method::get, "/identity", "identity.read", &IdentityDesk::read);
  route(Method::post, "/identity/admission", "identity.ask_admission", &IdentityDesk::ask_admission);
  route(Method::post, "/identity/entries", "identity.register", &IdentityDesk::add);
  route(Method::post, "/identity/amendments", "identity.amend", &IdentityDesk::amend);
  route(Method::post, "/identity/questions", "identity.known", &IdentityDesk::known);
  route(Method::get, "/identity/openings", "identity.openings", &IdentityDesk::openings);
  route(Method::post, "/identity/openings", "identity.open", &IdentityDesk::open);
  route(Method::post, "/identity/openings/{id}/approve", "identity.approve", &IdentityDesk::approve);
  route(Method::post, "/identity/openings/{id}/refuse", "identity.refuse", &IdentityDesk::refuse);
  route(Method::post, "/identity/openings/{id}/close", "identity.close", &IdentityDesk::close);
  route(Method::post, "/identity/openings/{id}/show", "identity.show", &IdentityDesk::show);
  route(Method::post, "/identity/seal", "identity.seal", &IdentityDesk::seal);
  return out;
}

}  // namespace service

// Who works here, with which roles, on which cases; and the ledger of the office for its auditor.
#include "labels.h"
#include "versions.h"

#include <base/json.h>
#include <base/text.h>

#include <boost/json.hpp>

#include <algorithm>

namespace service {
namespace {

using http::Request;
using http::Response;

class PeopleDesk {
 public:
  explicit PeopleDesk(Core& core) : core_(core) {}

  base::Result<Response> list(Request& request) {
    const Who& who = Core::who(request);
    if (!core_.may(who, rights::Act::read, "account")) return not_found();
    std::string out;
    base::JsonWriter w(out);
    w.object().key("people").array();
    for (const Account& a : core_.book.accounts()) person_json(w, who, shown(who, a));
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> add(Request& request) {
    const Who& who = Core::who(request);
    if (!core_.may(who, rights::Act::add, "account")) return not_found();
    const boost::json::value body = TRY(request.json());
    const std::string name(base::trim(TRY(base::text_of(body, "name"))));
    if (name.empty() || name.size() > 200)
      return base::Error{base::Refusal::invalid, "\"name\" is empty or too long"};
    const std::vector<std::string> roles = TRY(list_member(body, "roles"));
    const std::vector<std::string> cases = TRY(list_member(body, "cases"));
    TRY(may_give(who, roles, cases, {}, {}));
    Account a;
    std::string token;
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      // The number goes on from whoever `custos users` knows.
      a.person = 1 + std::max(w.sql.number("select coalesce(max(person), 0) from account"),
                              w.sql.number("select count(*) from person"));
      a = new_account(a.person, name, roles, cases);
      TRY(w.add(a, "account_added", a.code));
      const rights::LinkMade made = rights::make_link(a.person, core_.book.now(), Book::random());
      token = made.token;
      return w.add(made.link, "link_made", a.code);
    }));
    std::string out;
    base::JsonWriter(out)
        .object()
        .member("id", a.code)
        .member("link", request.origin() + "/#/sign-in/" + token)
        .end_object();
    return Response::json(out, 201);
  }

  base::Result<Response> change(Request& request) {
    const Who& who = Core::who(request);
    if (!core_.may(who, rights::Act::change, "account")) return not_found();
    const boost::json::value body = TRY(request.json());
    const std::vector<std::string> roles = TRY(list_member(body, "roles"));
    const std::vector<std::string> cases = TRY(list_member(body, "cases"));
    const auto* disabled = body.if_object() ? body.get_object().if_contains("disabled") : nullptr;
    if (!disabled || !disabled->is_bool())
      return base::Error{base::Refusal::invalid, "\"disabled\" is missing, or neither true nor false"};
    std::optional<Account> a;
    for (Account& one : core_.book.accounts())
      if (one.code == request.place("id")) a = std::move(one);
    if (!a) return not_found();
    if (a->person == who.account.person)
      return base::Error{base::Refusal::denied, "nobody changes their own rights; ask another"};
    const std::string match(request.header("if-match"));
    if (match.empty())
      return Response::problem({428, "if_match", "", "send If-Match with the etag that you changed", {}, {}});
    const std::optional<Account> seen = a;
    if (match != etag_of(a->version)) return stale(who, *a);
    TRY(may_give(who, roles, cases, strings_of(a->cases), strings_of(a->roles)));
    // Cases that who changes does not see stay as they are.
    std::vector<std::string> kept = cases;
    for (const std::string& id : strings_of(a->cases))
      if (!core_.could(who, {rights::Act::assign, "case", id})) kept.push_back(id);
    a->roles = json_of(roles), a->cases = json_of(kept), a->disabled = disabled->get_bool();
    ++a->version, ++a->epoch;  // sessions with the older rights are dead at the next request
    bool late = false;
    const base::Status done = core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      if (w.sql.number("select version from account where person = ?", a->person) != seen->version) {
        late = true;
        return base::Error{base::Refusal::conflict, "somebody was faster"};
      }
      return w.edit(*a, "rights_changed", a->code);
    });
    if (late) return stale(who, *core_.book.account(a->person));
    TRY(done);
    std::string out;
    base::JsonWriter w(out);
    person_json(w, who, shown(who, *a));
    return Response::json(out).with("ETag", etag_of(a->version));
  }

  base::Result<Response> roles(Request&) {
    std::string out;
    base::JsonWriter w(out);
    w.object().key("roles").array();
    const auto words = [&](std::string_view key, const rights::Words& t) {
      w.key(key).object().member("en", t.en).member("fr", t.fr).end_object();
    };
    for (const rights::RoleRule& r : core_.policy.roles()) {
      w.object().member("id", r.name);
      words("label", r.label);
      words("description", r.description);
      w.member("by_two", given_by_two(core_.policy, r.name)).end_object();
    }
    w.end_array().key("organs").array();
    for (const rights::OrganRule& o : core_.policy.organs()) {
      w.object().member("id", o.name);
      words("label", o.label);
      w.end_object();
    }
    w.end_array().key("forbidden_together").array();
    const auto all = core_.policy.roles();
    for (std::size_t a = 0; a < all.size(); ++a)
      for (std::size_t b = a + 1; b < all.size(); ++b)
        if (core_.policy.excluded(rights::RoleSet{1} << a | rights::RoleSet{1} << b))
          w.array().value(all[a].name).value(all[b].name).end_array();
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> ledger(Request& request) {
    const Who& who = Core::who(request);
    if (!core_.may(who, rights::Act::read, "ledger")) return not_found();
    const auto asked = [&](const char* name) { return request.query(name).value_or(""); };
    const std::string by = asked("who"), act = asked("act"), object = asked("object"), from = asked("from"),
                      to = asked("to"), before = asked("before");
    // Reading the ledger is an act as well.
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      w.tell("ledger_read", "", "{}");
      return base::Done{};
    }));
    std::string out;
    base::JsonWriter w(out);
    w.object().key("rows").array();
    std::uint64_t next = 0;
    int given = 0;
    const auto at = static_cast<std::uint64_t>(before.empty() ? INT64_MAX : std::atoll(before.c_str()));
    core_.book.ledger(at, [&](const store::Ledger::Row& r) {
      boost::system::error_code broken;
      const boost::json::value v = boost::json::parse(r.entry, broken);
      const auto text = [&](const char* k) {
        const auto* f = v.is_object() ? v.get_object().if_contains(k) : nullptr;
        return f && f->is_string() ? std::string(f->get_string()) : std::string();
      };
      const std::string time = text("time");
      const auto lacks = [](const std::string& whole, const std::string& wanted) {
        return !wanted.empty() && whole.find(wanted) == std::string::npos;
      };
      if (lacks(text("actor"), by) || lacks(text("act"), act) || lacks(text("item"), object) ||
          (!from.empty() && time < from) || (!to.empty() && time > to))
        return true;
      if (given == 100) {
        next = r.seq + 1;
        return false;
      }
      ++given;
      w.object()
          .member("row", r.seq)
          .member("at", time)
          .member("who", text("actor"))
          .member("act", text("act"))
          .member("object", text("item"))
          .member("outcome", "done")
          .end_object();
      return true;
    });
    w.end_array().key("next");
    if (next)
      w.value(next);
    else
      w.null();
    w.end_object();
    return Response::json(out);
  }

  base::Result<Response> verify(Request& request) {
    const Who& who = Core::who(request);
    if (!core_.may(who, rights::Act::verify, "ledger")) return not_found();
    const evidence::Verdict v =
        core_.book.read([&](store::Sql& sql) { return evidence::verify_office(core_.office, sql); });
    const auto rows = v.rows;
    std::string wrong = v.deviations.empty() ? std::string() : v.deviations.front();
    if (wrong.empty())
      if (const auto s = core_.book.with_office([](evidence::Office& o) { return o.checkpoint(); }); !s.ok())
        wrong = s.error().message;
    std::string payload, found, out;
    base::JsonWriter(payload).object().member("rows", rows).member("wrong", wrong).end_object();
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      w.tell("ledger_verified", "", payload);
      return base::Done{};
    }));
    base::JsonWriter(found)
        .object()
        .member("done", rows)
        .member("expected", rows)
        .member("state", wrong.empty() ? "done" : "failed")
        .member("detail", wrong)
        .end_object();
    base::JsonWriter(out).object().member("job", core_.keep_check(who, found)).end_object();
    return Response::json(out, 202);
  }

  // One person, one act: told, then every process forgets the keys and every session ends.
  base::Result<Response> seal(Request& request) {
    const Who& who = Core::who(request);
    const Core::Ask ask{rights::Act::seal, "key"};
    if (!core_.could(who, ask)) return not_found();
    if (const auto v = core_.decide(who, ask); !v.decision.allowed)
      return core_.lacking(who, ask, v.decision.reason_for_ledger());
    if (!core_.options.seal)
      return base::Error{base::Refusal::unsupported,
                         "this server holds its keys itself; seal it on its machine"};
    const std::string reason = TRY(reason_member(TRY(request.json()), core_.policy.limits()));
    std::string payload;
    base::JsonWriter(payload).object().member("reason", reason).end_object();
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      w.tell("office_sealed", "", payload);
      return base::Done{};
    }));
    TRY(core_.book.with_office([](evidence::Office& o) { return o.checkpoint(); }));
    TRY(core_.options.seal());
    return Response::empty();
  }

  static Account new_account(std::int64_t person, const std::string& name,
                             const std::vector<std::string>& roles, const std::vector<std::string>& cases) {
    Account a;
    a.person = person;
    a.code = "P-" + std::to_string(person);
    a.name = name;
    a.roles = json_of(roles), a.cases = json_of(cases);
    a.clearance = std::string(rights::name_of(rights::Classification::confidential));
    a.organ = 1;
    a.language = "en";
    a.epoch = 1, a.version = 1, a.totp_step = -1;
    a.handle = {Book::random()(32)};
    return a;
  }

 private:
  void person_json(base::JsonWriter& w, const Who& who, const Account& a) const {
    w.object().member("id", a.code).member("name", a.name);
    w.key("roles").raw(a.roles).key("cases").raw(a.cases);
    clearance_members(w, core_, who, a);
    w.member("disabled", a.disabled).member("etag", etag_of(a.version)).end_object();
  }
  // What of a person somebody else may know: not the cases that they do not know themselves.
  Account shown(const Who& who, Account a) const {
    std::vector<std::string> cases = strings_of(a.cases);
    std::erase_if(cases, [&](const std::string& id) {
      return !core_.could(who, {rights::Act::read, "case", id});
    });
    a.cases = json_of(cases);
    return a;
  }
  base::Result<Response> stale(const Who& who, const Account& now) const {
    std::string current;
    base::JsonWriter w(current);
    person_json(w, who, shown(who, now));
    return Response::problem({412,
                              "changed_meanwhile",
                              "",
                              "somebody changed this since you read it; compare both and send it again",
                              {},
                              {{"current", current}}});
  }
  base::Status may_give(const Who& who, const std::vector<std::string>& roles,
                        const std::vector<std::string>& cases, const std::vector<std::string>& had,
                        const std::vector<std::string>& held) const {
    rights::RoleSet all = 0;
    for (const std::string& name : roles) {
      const auto bit = core_.policy.role(name);
      if (!bit) return base::Error{base::Refusal::invalid, "there is no role \"" + name + "\""};
      all |= *bit;
      // Those that open keys, identities and machines are given by two, with the clearance; never here.
      if (given_by_two(core_.policy, name) && std::ranges::find(held, name) == held.end())
        return base::Error{base::Refusal::denied,
                           "the role \"" + name + "\" is given by two persons, with the clearance"};
    }
    if (core_.policy.excluded(all))
      return base::Error{base::Refusal::invalid, "one person may not hold these roles together"};
    for (const std::string& id : cases) {
      if (std::ranges::find(had, id) != had.end()) continue;
      const auto assigns = core_.allowed(who, {rights::Act::assign, "case", id});
      if (!core_.book.case_of(id) || (!assigns.ok() && assigns.error().why == base::Refusal::not_found))
        return base::Error{base::Refusal::invalid, "\"cases\" names a case that is not there"};
      if (!assigns.ok()) return assigns.error();
    }
    return base::Done{};
  }
  Core& core_;
};

}  // namespace

Account first_account(const std::string& name, const std::vector<std::string>& cases) {
  return PeopleDesk::new_account(1, name, {"unified_team_head"}, cases);
}

std::vector<http::Route> people_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<PeopleDesk>(core);
  const auto does = [desk](base::Result<Response> (PeopleDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::get, "/people", "people.list", "application/json", 0, http::Runs::in_pool,
                 does(&PeopleDesk::list)});
  out.push_back({Method::post, "/people", "people.add", "application/json", 64 * 1024, http::Runs::in_pool,
                 does(&PeopleDesk::add)});
  out.push_back({Method::put, "/people/{id}", "people.change", "application/json", 64 * 1024,
                 http::Runs::in_pool, does(&PeopleDesk::change)});
  out.push_back({Method::get, "/roles", "people.roles", "application/json", 0, http::Runs::in_pool,
                 does(&PeopleDesk::roles)});
  return out;
}
std::vector<http::Route> ledger_routes(Core& core) {
  const auto desk = std::make_shared<PeopleDesk>(core);
  std::vector<http::Route> out;
  out.push_back({http::Method::get, "/ledger", "ledger.read", "application/json", 0, http::Runs::in_pool,
                 http::Answer([desk](Request& r) { return desk->ledger(r); })});
  out.push_back({http::Method::post, "/ledger/verify", "ledger.verify", "application/json", 4096,
                 http::Runs::in_pool, http::Answer([desk](Request& r) { return desk->verify(r); })});
  out.push_back({http::Method::post, "/office/seal", "office.seal", "application/json", 4096,
                 http::Runs::in_pool, http::Answer([desk](Request& r) { return desk->seal(r); })});
  return out;
}

}  // namespace service

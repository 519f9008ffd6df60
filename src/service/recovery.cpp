// When a person has lost every key: two officers of different organs, a time in which anybody can object, and
// then one link (SECURITY.md 3.2). No letter, no question, no single officer opens an account.
#include "alarms.h"

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>

#include <boost/json.hpp>

#include <algorithm>

namespace service {
namespace {

using http::Request;
using http::Response;
using rights::Act;

class RecoveryDesk {
 public:
  explicit RecoveryDesk(Core& core) : core_(core) {}

  base::Result<Response> ask(Request& request) {
    const Who& who = Core::who(request);
    if (!core_.could(who, {Act::grant, "recovery"})) return not_found();
    const boost::json::value body = TRY(request.json());
    const std::string code = TRY(base::text_of(body, "person"));
    const std::string reason = TRY(reason_member(body, core_.policy.limits()));
    TRY(fresh(who, Act::grant));
    std::optional<Account> account;
    for (Account& a : core_.book.accounts())
      if (a.code == code) account = std::move(a);
    if (!account || account->disabled)
      return base::Error{base::Refusal::invalid, "\"person\" names nobody who may sign in"};
    if (account->person == who.account.person)
      return base::Error{base::Refusal::denied, "nobody recovers their own sign-in; ask another officer"};
    if (std::ranges::any_of(all(), [&](const Recovery& r) { return r.person == account->person && open(r); }))
      return base::Error{base::Refusal::conflict, "a recovery of this person is on its way already"};
    const Recovery r{base::hex(Book::random()(8)),
                     account->person,
                     who.account.person,
                     reason,
                     core_.book.now(),
                     "waiting",
                     0,
                     0};
    return told(who, r, "recovery_asked", 201,
                [&](const Book::Write& w, const store::Act& act) { return w.change.add(r, act); });
  }

  base::Result<Response> approve(Request& request) {
    const Who& who = Core::who(request);
    Recovery r = TRY(met(who, request.place("id")));
    Core::Ask ask{Act::approve, "recovery"};
    ask.author = r.person, ask.requester = r.requester;
    if (!core_.could(who, ask)) return no_right();
    const std::optional<Account> requester = core_.book.account(r.requester);
    if (!requester || !requester->organ || !who.account.organ || requester->organ == who.account.organ)
      return base::Error{base::Refusal::denied,
                         "the second officer is of another organ than the first; ask one of another organ"};
    static_cast<void>(TRY(core_.allowed(who, ask)));
    r.state = "cooling", r.approver = who.account.person, r.approved = core_.book.now();
    return told(who, r, "recovery_approved", 200,
                [&](const Book::Write& w, const store::Act& act) -> base::Status {
                  TRY(still(w, r.id, "waiting"));
                  return w.change.edit(r, act);
                });
  }

  // The person who can still sign in objects; so does anybody who may see it.
  base::Result<Response> withdraw(Request& request) {
    const Who& who = Core::who(request);
    Recovery r = TRY(met(who, request.place("id")));
    const std::string was = r.state;
    if (!open(r)) return base::Error{base::Refusal::conflict, "this recovery is over"};
    r.state = "withdrawn";
    return told(who, r, "recovery_withdrawn", 200,
                [&](const Book::Write& w, const store::Act& act) -> base::Status {
                  TRY(still(w, r.id, was));
                  return w.change.edit(r, act);
                });
  }

  // Every key of the person is gone with it: what was lost opens nothing any more.
  base::Result<Response> link(Request& request) {
    const Who& who = Core::who(request);
    Recovery r = TRY(met(who, request.place("id")));
    if (r.requester != who.account.person && r.approver != who.account.person) return no_right();
    const rights::Time now = core_.book.now(), from = r.approved + core_.policy.limits().recovery_cooling;
    if (r.state != "cooling" || now < from)
      return base::Error{base::Refusal::conflict,
                         "there is no link yet: two officers agree first, and then the cooling time passes"};
    TRY(fresh(who, Act::grant));
    std::optional<Account> account = core_.book.account(r.person);
    if (!account || account->disabled) return not_found();
    account->password.clear(), account->totp.reset();
    ++account->epoch, ++account->version;
    r.state = "done";
    const rights::LinkMade made = rights::make_link(r.person, now, Book::random());
    const base::Result<Response> answer =
        told(who, r, "recovery_done", 200, [&](const Book::Write& w, const store::Act& act) -> base::Status {
          TRY(still(w, r.id, "cooling"));
          w.sql.run("delete from passkey where person = ?", r.person);
          w.sql.run("delete from session where person = ?", r.person);
          TRY(w.change.edit(*account));
          TRY(w.add(made.link, "link_made", account->code));
          return w.change.edit(r, act);
        });
    if (!answer.ok()) return answer.error();
    std::string out;
    base::JsonWriter(out).object().member("link", request.origin() + "/#/sign-in/" + made.token).end_object();
    return Response::json(out);
  }

  base::Result<Response> list(Request& request) {
    const Who& who = Core::who(request);
    std::string out;
    base::JsonWriter w(out);
    w.object().key("recoveries").array();
    const std::vector<Account> accounts = core_.book.accounts();
    for (const Recovery& r : all())
      if (may_see(who, r)) shown(w, who, r, accounts);
    w.end_array().end_object();
    return Response::json(out);
  }

 private:
  static bool open(const Recovery& r) { return r.state == "waiting" || r.state == "cooling"; }
  std::vector<Recovery> all() const {
    return core_.book.read(
        [&](store::Sql& sql) { return store::select<Recovery>(sql, "order by asked desc, id"); });
  }
  bool may_see(const Who& who, const Recovery& r) const {
    return r.person == who.account.person || core_.may(who, Act::read, "recovery");
  }
  base::Result<Recovery> met(const Who& who, const std::string& id) const {
    for (Recovery& r : all())
      if (r.id == id && may_see(who, r)) return std::move(r);
    return not_found();
  }
  static base::Status still(const Book::Write& w, const std::string& id, const std::string& state) {
    if (w.sql.number("select count(*) from recovery where id = ? and state = ?", std::string_view(id),
                     std::string_view(state)) == 1)
      return base::Done{};
    return base::Error{base::Refusal::conflict, "somebody was faster; look again"};
  }
  base::Status fresh(const Who& who, Act act) const {
    const auto proved = who.subject.stepped_up;
    if (proved && core_.book.now() - *proved < core_.policy.limits().step_up) return base::Done{};
    return core_.lacking(who, {act, "recovery"}, rights::Reason::step_up);
  }
  // Writes it, tells the person, both officers and the auditors, and answers with it.
  base::Result<Response> told(
      const Who& who, const Recovery& r, const char* act, int status,
      const std::function<base::Status(const Book::Write&, const store::Act&)>& write) {
    const std::vector<Account> accounts = core_.book.accounts();
    const auto about = std::ranges::find(accounts, r.person, &Account::person);
    const std::string code = about == accounts.end() ? std::string() : about->code;
    std::vector<std::int64_t> people = auditors_of(core_);
    for (const std::int64_t one : {r.person, r.requester, r.approver})
      if (one) people.push_back(one);
    // Who could be the second officer has to know that one is needed.
    if (r.state == "waiting")
      for (const Account& a : accounts)
        if (a.organ != who.account.organ && core_.could(*core_.as_if_here(a), {Act::grant, "recovery"}))
          people.push_back(a.person);
    std::string payload;
    base::JsonWriter(payload).object().member("recovery", r.id).member("reason", r.reason).end_object();
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      TRY(write(w, {act, w.who, code, payload}));
      return raise_alarm(w, people, {"", 0, act, code, "", r.id, core_.book.now(), 0}, who.account.person);
    }));
    announce(core_, people);
    std::string out;
    base::JsonWriter w(out);
    shown(w, who, r, accounts);
    return Response::json(out, status);
  }
  void shown(base::JsonWriter& w, const Who& who, const Recovery& r,
             const std::vector<Account>& accounts) const {
    const auto person = [&](std::string_view key, std::int64_t number) {
      w.key(key);
      const auto a = std::ranges::find(accounts, number, &Account::person);
      if (a == accounts.end())
        w.null();
      else
        w.object().member("id", a->code).member("name", a->name).end_object();
    };
    const rights::Time from = r.approved + core_.policy.limits().recovery_cooling;
    const std::int64_t me = who.account.person;
    w.object().member("id", r.id);
    person("person", r.person), person("requester", r.requester), person("approver", r.approver);
    w.member("reason", r.reason).member("asked", base::rfc3339(r.asked)).member("state", r.state);
    w.key("link_from");
    if (r.state == "cooling")
      w.value(base::rfc3339(from));
    else
      w.null();
    Core::Ask ask{Act::approve, "recovery"};
    ask.author = r.person, ask.requester = r.requester;
    const auto requester = std::ranges::find(accounts, r.requester, &Account::person);
    w.member("may_approve", r.state == "waiting" && core_.could(who, ask) && requester != accounts.end() &&
                                requester->organ != who.account.organ);
    w.member("may_link",
             r.state == "cooling" && core_.book.now() >= from && (r.requester == me || r.approver == me));
    w.member("may_withdraw", open(r)).end_object();
  }
  Core& core_;
};

}  // namespace

std::vector<http::Route> recovery_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<RecoveryDesk>(core);
  const auto does = [desk](base::Result<Response> (RecoveryDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  const auto post = [&](const char* path, http::Act act,
                        base::Result<Response> (RecoveryDesk::*f)(Request&)) {
    out.push_back({Method::post, path, act, "application/json", 16 * 1024, http::Runs::in_pool, does(f)});
  };
  out.push_back({Method::get, "/recoveries", "recovery.list", "application/json", 0, http::Runs::in_pool,
                 does(&RecoveryDesk::list)});
  post("/recoveries", "recovery.ask", &RecoveryDesk::ask);
  post("/recoveries/{id}/approve", "recovery.approve", &RecoveryDesk::approve);
  post("/recoveries/{id}/withdraw", "recovery.withdraw", &RecoveryDesk::withdraw);
  post("/recoveries/{id}/link", "recovery.link", &RecoveryDesk::link);
  return out;
}

}  // namespace service

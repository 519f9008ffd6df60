// Break-glass: reading a case that one is not assigned to, for a reason, told at once and reviewed afterwards
// (SECURITY.md 3.4). What it opens is decided where everything is; here it is asked for, told and reviewed.
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

class GlassDesk {
 public:
  explicit GlassDesk(Core& core) : core_(core) {}

  // The case is named by its code, known from elsewhere; whether it exists is told to who gets in alone.
  base::Result<Response> open(Request& request) {
    const Who& who = Core::who(request);
    const rights::Policy& policy = core_.policy;
    const rights::RoleSet able =
        who.subject.roles & policy.may_break_glass() & policy.counted_at(who.subject.sign_in);
    if (!able || who.subject.sign_in < rights::SignIn::passkey) return not_found();
    const boost::json::value body = TRY(request.json());
    const std::string code = TRY(base::text_of(body, "case")), purpose = TRY(base::text_of(body, "purpose"));
    const std::string reason = TRY(reason_member(body, policy.limits()));
    const auto named = policy.purpose(purpose);
    if (!named || !(policy.may_name(*named) & able))
      return base::Error{base::Refusal::invalid, "\"purpose\" is none that your roles may name"};
    const rights::Time now = core_.book.now();
    const std::optional<rights::Time> proved = who.subject.stepped_up;
    if (!proved || now - *proved >= policy.limits().step_up)
      return core_.lacking(who, {Act::read, "case"}, rights::Reason::step_up);
    for (const Glass& g : who.glasses)
      if (!g.reviewed && now - g.opened >= policy.limits().glass_review)
        return Response::problem({403,
                                  "review_overdue",
                                  "",
                                  "an earlier break-glass of yours was not reviewed in time; ask the auditor "
                                  "to review it first",
                                  {},
                                  {}});
    std::optional<evidence::CaseName> met;
    for (evidence::CaseName& c : core_.book.cases())
      if (base::iequals_ascii(c.code, code)) met = std::move(c);
    const std::string case_id = met ? met->id : "0";
    Glass g{base::hex(Book::random()(8)),
            who.account.person,
            case_id,
            purpose,
            reason,
            now,
            *proved,
            0,
            0,
            false,
            ""};
    const bool assigned = std::ranges::find(who.cases, case_id) != who.cases.end();
    const bool opens = !assigned && would_open(who, g);
    std::string payload;
    base::JsonWriter(payload)
        .object()
        .member("case", code)
        .member("purpose", purpose)
        .member("reason", reason)
        .member("until", base::rfc3339(now + policy.limits().glass))
        .end_object();
    if (met && assigned && !core_.purposes_in(who, case_id).empty())
      return base::Error{base::Refusal::conflict,
                         "you are assigned to this case; there is no glass to break"};
    if (!met || !opens) {
      TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
        w.tell("glass_refused", who.account.code, payload);
        return base::Done{};
      }));
      return not_found();
    }
    std::vector<std::int64_t> told = auditors_of(core_);
    for (const std::int64_t head : heads_of(core_, case_id)) told.push_back(head);
    const ChosenPurpose chosen{who.session.id + " " + case_id, who.session.id, case_id, purpose, reason,
                               now + policy.limits().glass};
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      TRY(w.change.add(g, {"glass_broken", w.who, met->code, payload}));
      w.sql.run("delete from chosen_purpose where id = ?", std::string_view(chosen.id));
      TRY(w.change.add(chosen));
      return raise_alarm(w, told, {"", 0, "break_glass", who.account.code, case_id, g.id, now, 0},
                         who.account.person);
    }));
    announce(core_, told);
    std::string out;
    base::JsonWriter(out)
        .object()
        .member("id", g.id)
        .member("case", case_id)
        .member("until", base::rfc3339(now + policy.limits().glass))
        .member("review_by", base::rfc3339(now + policy.limits().glass_review))
        .end_object();
    return Response::json(out, 201);
  }

  base::Result<Response> list(Request& request) {
    const Who& who = Core::who(request);
    const std::vector<Glass> all = core_.book.read(
        [&](store::Sql& sql) { return store::select<Glass>(sql, "order by opened desc, id"); });
    const std::vector<Account> accounts = core_.book.accounts();
    const rights::Limits& limits = core_.policy.limits();
    const rights::Time now = core_.book.now();
    const bool audits = core_.may(who, Act::read, "ledger");
    std::string out;
    base::JsonWriter w(out);
    w.object().key("break_glass").array();
    for (const Glass& g : all) {
      const bool reviews = may_review(who, g);
      if (g.person != who.account.person && !audits && !reviews) continue;
      const auto met = core_.book.case_of(g.case_id);
      w.object().member("id", g.id).member("case", met ? met->code : std::string());
      person(w, "person", accounts, g.person);
      w.member("purpose", g.purpose).member("reason", g.reason);
      w.member("opened", base::rfc3339(g.opened)).member("ends", base::rfc3339(g.opened + limits.glass));
      w.member("review_by", base::rfc3339(g.opened + limits.glass_review));
      w.member("state", g.reviewed                              ? "reviewed"
                        : now - g.opened >= limits.glass_review ? "overdue"
                        : now - g.opened >= limits.glass        ? "to_review"
                                                                : "open");
      w.key("review");
      if (g.reviewed) {
        w.object().member("at", base::rfc3339(g.reviewed)).member("justified", g.justified);
        person(w, "by", accounts, g.reviewer);
        w.member("note", g.note).end_object();
      } else
        w.null();
      w.member("may_review", reviews && !g.reviewed).end_object();
    }
    w.end_array().key("purposes").array();
    const rights::Policy& policy = core_.policy;
    const rights::RoleSet able = who.subject.roles & policy.may_break_glass();
    for (std::size_t p = 0; p < policy.purposes().size(); ++p)
      if (policy.may_name(static_cast<rights::PurposeId>(p)) & able) {
        const rights::PurposeRule& rule = policy.purposes()[p];
        w.object().member("id", rule.name).key("label").object();
        w.member("en", rule.label.en).member("fr", rule.label.fr).end_object().end_object();
      }
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> review(Request& request) {
    const Who& who = Core::who(request);
    const std::string& id = request.place("id");
    const std::vector<Glass> met = core_.book.read(
        [&](store::Sql& sql) { return store::select<Glass>(sql, "where id = ?", std::string_view(id)); });
    if (met.empty() || !may_review(who, met.front())) return not_found();
    Glass g = met.front();
    const boost::json::value body = TRY(request.json());
    const auto* justified = body.if_object() ? body.get_object().if_contains("justified") : nullptr;
    if (!justified || !justified->is_bool())
      return base::Error{base::Refusal::invalid, "\"justified\" is missing, or neither true nor false"};
    const std::string note = TRY(base::text_of(body, "note"));
    if (base::trim(note).size() < static_cast<std::size_t>(core_.policy.limits().reason_characters_min))
      return base::Error{base::Refusal::invalid, "say in \"note\" what you found"};
    const bool by_ledger = core_.could(who, {Act::review, "ledger"});
    static_cast<void>(TRY(core_.allowed(
        who, by_ledger ? Core::Ask{Act::review, "ledger"} : Core::Ask{Act::review, "case", g.case_id})));
    g.reviewed = core_.book.now(), g.reviewer = who.account.person;
    g.justified = justified->get_bool(), g.note = std::string(base::cut(note, 2000));
    std::string payload;
    base::JsonWriter(payload)
        .object()
        .member("break_glass", g.id)
        .member("justified", g.justified)
        .member("note", g.note)
        .end_object();
    std::vector<std::int64_t> told{g.person};
    if (!g.justified)
      for (const std::int64_t head : heads_of(core_, g.case_id)) told.push_back(head);
    const std::string about = core_.book.account(g.person)->code;
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      if (w.sql.number("select reviewed from break_glass where id = ?", std::string_view(g.id)))
        return base::Error{base::Refusal::conflict, "somebody reviewed this already"};
      TRY(w.change.edit(g, {"glass_reviewed", w.who, about, payload}));
      return raise_alarm(w, told,
                         {"", 0, g.justified ? "glass_justified" : "glass_unjustified", about, g.case_id,
                          g.id, g.reviewed, 0},
                         who.account.person);
    }));
    announce(core_, told);
    return Response::empty();
  }

 private:
  bool would_open(const Who& who, const Glass& g) const {
    const std::shared_ptr<Who> then = core_.as_if_here(who.account);
    then->session = who.session;
    then->subject.sign_in = who.subject.sign_in, then->subject.stepped_up = who.subject.stepped_up;
    then->glasses.push_back(g);
    then->purposes = {{"", "", g.case_id, g.purpose, g.reason, g.opened + core_.policy.limits().glass}};
    return std::ranges::any_of(core_.policy.kinds(), [&](const rights::KindRule& kind) {
      return kind.case_bound && core_.may(*then, Act::read, kind.name, g.case_id);
    });
  }
  bool may_review(const Who& who, const Glass& g) const {
    return g.person != who.account.person &&
           (core_.could(who, {Act::review, "ledger"}) || core_.could(who, {Act::review, "case", g.case_id}));
  }
  static void person(base::JsonWriter& w, std::string_view key, const std::vector<Account>& all,
                     std::int64_t number) {
    const auto a = std::ranges::find(all, number, &Account::person);
    w.key(key).object().member("id", a == all.end() ? std::string() : a->code);
    w.member("name", a == all.end() ? std::string() : a->name).end_object();
  }
  Core& core_;
};

}  // namespace

std::vector<http::Route> glass_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<GlassDesk>(core);
  const auto does = [desk](base::Result<Response> (GlassDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::get, "/break-glass", "glass.list", "application/json", 0, http::Runs::in_pool,
                 does(&GlassDesk::list)});
  out.push_back({Method::post, "/break-glass", "glass.open", "application/json", 16 * 1024,
                 http::Runs::in_pool, does(&GlassDesk::open)});
  out.push_back({Method::post, "/break-glass/{id}/review", "glass.review", "application/json", 16 * 1024,
                 http::Runs::in_pool, does(&GlassDesk::review)});
  return out;
}

}  // namespace service

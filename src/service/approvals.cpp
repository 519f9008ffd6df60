// The second person: who may not do an act alone asks here, somebody who may approve it says yes or no, and
// the act is then done once by who asked (SECURITY.md 3.4). What an approval counts for is decided by
// rights::decide.
#include "alarms.h"
#include "labels.h"

#include <base/bytes.h>
#include <base/text.h>

#include <boost/json.hpp>

#include <algorithm>

namespace service {
namespace {

using http::Request;
using http::Response;
using rights::Act;

constexpr std::int64_t kApprovalsShown = 200;

class ApprovalDesk {
 public:
  explicit ApprovalDesk(Core& core) : core_(core) {}

  base::Result<Response> ask(Request& request) {
    const Who& who = Core::who(request);
    const boost::json::value body = TRY(request.json());
    const std::string act_name = TRY(base::text_of(body, "act"));
    const auto act = rights::act_named(act_name);
    if (!act) return base::Error{base::Refusal::invalid, "there is no act \"" + act_name + "\""};
    const auto* what = body.get_object().if_contains("what");
    const Core::Ask meant =
        TRY(meaning(who, *act, TRY(base::text_of(body, "kind")), TRY(base::text_of(body, "object")),
                    what ? *what : boost::json::value()));
    const std::string reason = TRY(reason_member(body, core_.policy.limits()));
    if (!core_.could(who, meant)) return not_found();
    if (!core_.needs_second(who, meant))
      return base::Error{base::Refusal::conflict, "this needs no second person; do it"};
    ApprovalRequest r{base::hex(Book::random()(8)),
                      act_name,
                      meant.kind,
                      meant.object,
                      meant.case_id,
                      meant.what,
                      who.account.person,
                      reason,
                      core_.book.now(),
                      "waiting",
                      0,
                      0,
                      ""};
    const std::vector<std::int64_t> told = deciders(r);
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      TRY(w.change.add(r, {"approval_asked", w.who, r.id, told_of(r, reason)}));
      return raise_alarm(w, told, {"", 0, "approval_asked", who.account.code, r.case_id, r.id, r.asked, 0},
                         who.account.person);
    }));
    announce(core_, told);
    std::string out;
    base::JsonWriter(out).object().member("id", r.id).end_object();
    return Response::json(out, 201);
  }

  base::Result<Response> list(Request& request) {
    const Who& who = Core::who(request);
    const std::vector<ApprovalRequest> all = core_.book.read([&](store::Sql& sql) {
      return store::select<ApprovalRequest>(sql, "order by asked desc, id limit ?", kApprovalsShown);
    });
    const std::vector<Account> accounts = core_.book.accounts();
    std::string out;
    base::JsonWriter w(out);
    w.object().key("approvals").array();
    for (const ApprovalRequest& r : all) {
      const bool mine = r.requester == who.account.person;
      const bool decides = core_.could(who, asked_to_approve(r));
      if (mine || decides) shown(w, r, accounts, mine, decides);
    }
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> decide(Request& request) {
    const Who& who = Core::who(request);
    ApprovalRequest r = TRY(met(request.place("id")));
    if (!core_.could(who, asked_to_approve(r))) return not_found();
    const boost::json::value body = TRY(request.json());
    const auto* yes = body.if_object() ? body.get_object().if_contains("approve") : nullptr;
    if (!yes || !yes->is_bool())
      return base::Error{base::Refusal::invalid, "\"approve\" is missing, or neither true nor false"};
    r.note = std::string(base::cut(TRY(base::text_of(body, "note")), 1000));
    if (!yes->get_bool() &&
        base::trim(r.note).size() < static_cast<std::size_t>(core_.policy.limits().reason_characters_min))
      return base::Error{base::Refusal::invalid, "say in \"note\" why you refuse"};
    static_cast<void>(TRY(core_.allowed(who, asked_to_approve(r))));
    r.state = yes->get_bool() ? "approved" : "refused";
    r.approver = who.account.person, r.decided = core_.book.now();
    const std::vector<std::int64_t> told{r.requester};
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      TRY(still_waiting(w, r.id));
      TRY(w.change.edit(
          r, {yes->get_bool() ? "approved" : "approval_refused", w.who, r.id, told_of(r, r.note)}));
      return raise_alarm(w, told,
                         {"", 0, yes->get_bool() ? "approved" : "approval_refused", who.account.code,
                          r.case_id, r.id, r.decided, 0},
                         who.account.person);
    }));
    announce(core_, told);
    return Response::empty();
  }

  base::Result<Response> withdraw(Request& request) {
    const Who& who = Core::who(request);
    ApprovalRequest r = TRY(met(request.place("id")));
    if (r.requester != who.account.person) return not_found();
    r.state = "withdrawn";
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      TRY(still_waiting(w, r.id));
      return w.change.edit(r, {"approval_withdrawn", w.who, r.id, told_of(r, "")});
    }));
    return Response::empty();
  }

 private:
  base::Result<ApprovalRequest> met(const std::string& id) const {
    auto rows = core_.book.read([&](store::Sql& sql) {
      return store::select<ApprovalRequest>(sql, "where id = ?", std::string_view(id));
    });
    if (rows.empty()) return not_found();
    return std::move(rows.front());
  }
  static base::Status still_waiting(const Book::Write& w, const std::string& id) {
    if (w.sql.number("select count(*) from approval where id = ? and state = 'waiting'",
                     std::string_view(id)) == 1)
      return base::Done{};
    return base::Error{base::Refusal::conflict, "this request is decided already"};
  }

  // What the act itself will ask of the policy, from what the request names. Refuses: not_found, invalid.
  base::Result<Core::Ask> meaning(const Who& who, Act act, const std::string& kind, const std::string& object,
                                  const boost::json::value& what) const {
    Core::Ask out;
    if (kind != "item" && kind != "account" && core_.about_record(object)) {
      out = TRY(ask_for_record_label(core_, who, object, what));
    } else if (kind == "case") {
      if (core_.purposes_in(who, object).empty() || !core_.book.case_of(object)) return not_found();
      out = TRY(ask_for_label(core_, who, object, what));
    } else if (kind == "account") {
      if (!core_.could(who, {Act::change, "account"})) return not_found();
      std::optional<Account> account;
      for (Account& a : core_.book.accounts())
        if (a.code == object) account = std::move(a);
      if (!account) return not_found();
      out = TRY(ask_for_clearance(core_, who, *account, what));
    } else if (kind == "item") {
      const Core::ItemName item = TRY(core_.item_for(who, object, Act::read));
      out = {act, "item", item.in.id, object};
    } else {
      return not_found();
    }
    if (out.act != act)
      return base::Error{base::Refusal::conflict, "this needs no second person, or is another act; do it"};
    return out;
  }
  // Who gains by it is its author: neither they nor who asked is the second person.
  Core::Ask asked_to_approve(const ApprovalRequest& r) const {
    Core::Ask out{Act::approve, r.kind, r.case_id, r.object, r.what, r.requester, r.requester};
    if (const auto about = core_.about_record(r.object)) out.label = about->label;
    if (r.kind == "account")
      for (const Account& a : core_.book.accounts())
        if (a.code == r.object) out.author = a.person;
    return out;
  }
  std::vector<std::int64_t> deciders(const ApprovalRequest& r) const {
    std::vector<std::int64_t> out;
    for (const Account& a : core_.book.accounts())
      if (core_.could(*core_.as_if_here(a), asked_to_approve(r))) out.push_back(a.person);
    return out;
  }
  static std::string told_of(const ApprovalRequest& r, const std::string& reason) {
    std::string out;
    base::JsonWriter(out)
        .object()
        .member("act", r.act)
        .member("kind", r.kind)
        .member("object", r.object)
        .key("what")
        .raw(r.what.empty() ? "{}" : r.what)
        .member("reason", reason)
        .end_object();
    return out;
  }

  void shown(base::JsonWriter& w, const ApprovalRequest& r, const std::vector<Account>& accounts, bool mine,
             bool decides) const {
    const auto person = [&](std::string_view key, std::int64_t number) {
      w.key(key);
      const auto a = std::ranges::find(accounts, number, &Account::person);
      if (a == accounts.end())
        w.null();
      else
        w.object().member("id", a->code).member("name", a->name).end_object();
    };
    w.object().member("id", r.id).member("act", r.act).member("kind", r.kind).member("object", r.object);
    w.member("about", about(r, accounts)).key("what").raw(r.what.empty() ? "{}" : r.what);
    // The names of compartments that it speaks of: who decides has to know them.
    w.key("compartments").array();
    boost::system::error_code broken;
    if (const boost::json::value v = boost::json::parse(r.what.empty() ? "{}" : r.what, broken);
        !broken && v.is_object() && v.get_object().contains("compartments"))
      for (const std::string& id : strings_of(boost::json::serialize(v.at("compartments"))))
        core_.book.read([&](store::Sql& sql) {
          for (const Compartment& c : store::select<Compartment>(sql, "where id = ?", std::string_view(id)))
            w.object().member("id", c.id).member("name", c.name).end_object();
        });
    w.end_array();
    person("requester", r.requester);
    w.member("reason", r.reason).member("asked", base::rfc3339(r.asked));
    const rights::Time until = r.decided + core_.policy.limits().approval;
    const bool expired = r.state == "approved" && core_.book.now() >= until;
    w.member("state", expired ? std::string("expired") : r.state);
    person("approver", r.approver);
    w.key("decided");
    if (r.decided)
      w.value(base::rfc3339(r.decided));
    else
      w.null();
    w.key("until");
    if (r.state == "approved")
      w.value(base::rfc3339(until));
    else
      w.null();
    w.member("note", r.note).member("mine", mine);
    w.member("may_decide", decides && r.state == "waiting").end_object();
  }
  std::string about(const ApprovalRequest& r, const std::vector<Account>& accounts) const {
    if (r.kind == "account") {
      const auto a = std::ranges::find(accounts, r.object, &Account::code);
      return a == accounts.end() ? r.object : a->name;
    }
    if (core_.about_record(r.object)) return r.object;
    const auto in = core_.book.case_of(r.case_id);
    if (!in) return r.object;
    if (r.kind != "item") return in->code;
    const std::string number = r.object.substr(std::min(r.object.size(), r.object.find('-') + 1));
    return in->code + "-" + std::string(6 - std::min<std::size_t>(6, number.size()), '0') + number;
  }
  Core& core_;
};

}  // namespace

std::vector<http::Route> approval_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<ApprovalDesk>(core);
  const auto does = [desk](base::Result<Response> (ApprovalDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::get, "/approvals", "approval.list", "application/json", 0, http::Runs::in_pool,
                 does(&ApprovalDesk::list)});
  out.push_back({Method::post, "/approvals", "approval.ask", "application/json", 64 * 1024,
                 http::Runs::in_pool, does(&ApprovalDesk::ask)});
  out.push_back({Method::post, "/approvals/{id}", "approval.decide", "application/json", 16 * 1024,
                 http::Runs::in_pool, does(&ApprovalDesk::decide)});
  out.push_back({Method::delete_, "/approvals/{id}", "approval.withdraw", "application/json", 1024,
                 http::Runs::in_pool, does(&ApprovalDesk::withdraw)});
  return out;
}

}  // namespace service

// Labels of cases, compartments, and who is cleared for what (SECURITY.md 3.4): raising is one person's act,
// lowering and granting need two.
#include "core.h"
#include "labels.h"
#include "versions.h"

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>

#include <boost/json.hpp>

#include <algorithm>

namespace service {
namespace {

using http::Request;
using http::Response;

Response stale(const std::string& current) {
  return Response::problem({412,
                            "changed_meanwhile",
                            "",
                            "somebody changed this since you read it; compare both and send it again",
                            {},
                            {{"current", current}}});
}
Response no_match() {
  return Response::problem({428, "if_match", "", "send If-Match with the etag that you changed", {}, {}});
}

class LabelDesk {
 public:
  explicit LabelDesk(Core& core) : core_(core) {}

  base::Result<Response> compartments(Request& request) {
    std::string out;
    base::JsonWriter w(out);
    w.object().key("compartments").array();
    for (const Compartment& c : compartments_of(core_, Core::who(request).account.person))
      w.object().member("id", c.id).member("name", c.name).end_object();
    w.end_array().end_object();
    return Response::json(out);
  }

  // A new wall protects nothing yet: who makes it stands within it, and nobody else does.
  base::Result<Response> add_compartment(Request& request) {
    const Who& who = Core::who(request);
    static_cast<void>(TRY(core_.allowed(who, {rights::Act::add, "account"})));
    const std::string name(base::trim(TRY(base::text_of(TRY(request.json()), "name"))));
    if (name.empty() || name.size() > 100)
      return base::Error{base::Refusal::invalid, "\"name\" is empty or too long"};
    Compartment c{base::hex(Book::random()(8)), 0, name};
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      c.number = 1 + w.sql.number("select coalesce(max(number), 0) from compartment");
      if (static_cast<std::size_t>(c.number) >= rights::kCompartmentsMax)
        return base::Error{base::Refusal::exhausted, "an office has 511 compartments in its life"};
      std::string payload;
      base::JsonWriter(payload).object().member("name", name).end_object();
      TRY(w.change.add(c, {"compartment_made", w.who, c.id, payload}));
      return w.change.add(admission(who.account.person, c.id));
    }));
    std::string out;
    base::JsonWriter(out).object().member("id", c.id).end_object();
    return Response::json(out, 201);
  }

  base::Result<Response> label(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(known(who, request.place("id")));
    const CaseLabel now = record_of(name.id);
    return Response::json(shown(who, now)).with("ETag", etag_of(now.version));
  }

  base::Result<Response> set_label(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(known(who, request.place("id")));
    const boost::json::value body = TRY(request.json());
    const std::string reason = TRY(reason_member(body, core_.policy.limits()));
    const CaseLabel before = record_of(name.id);
    const std::string match(request.header("if-match"));
    if (match.empty()) return no_match();
    if (match != etag_of(before.version)) return stale(shown(who, before));
    const Core::Ask ask = TRY(ask_for_label(core_, who, name.id, body));
    if (*ask.label_after == core_.label_in(before)) return Response::json(shown(who, before));
    const Core::Verdict verdict = TRY(core_.allowed(who, ask));
    CaseLabel after{name.id, TRY(base::text_of(body, "classification")), "[]", before.version + 1};
    std::vector<std::string> walls = TRY(list_member(body, "compartments"));
    std::ranges::sort(walls);
    after.compartments = json_of(walls);
    std::string payload;
    base::JsonWriter(payload)
        .object()
        .member("from", before.classification)
        .member("to", after.classification)
        .key("compartments_from")
        .raw(before.compartments)
        .key("compartments_to")
        .raw(after.compartments)
        .member("reason", reason)
        .end_object();
    const char* act = ask.act == rights::Act::downgrade ? "label_lowered" : "label_raised";
    bool late = false;
    const base::Status done = core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      const std::int64_t version =
          w.sql.number("select version from case_label where case_id = ?", std::string_view(name.id));
      if (version != before.version) {
        late = true;
        return base::Error{base::Refusal::conflict, "somebody was faster"};
      }
      TRY(core_.spend(w, verdict));
      const store::Act told{act, w.who, name.code, payload};
      return before.version ? w.change.edit(after, told) : w.change.add(after, told);
    });
    if (late) return stale(shown(who, record_of(name.id)));
    TRY(done);
    return Response::json(shown(who, after)).with("ETag", etag_of(after.version));
  }

  // Clearance, compartments and organ of a person: more is granted by two, less is withdrawn by one.
  base::Result<Response> set_clearance(Request& request) {
    const Who& who = Core::who(request);
    if (!core_.could(who, {rights::Act::change, "account"})) return not_found();
    std::optional<Account> a;
    for (Account& one : core_.book.accounts())
      if (one.code == request.place("id")) a = std::move(one);
    if (!a) return not_found();
    if (a->person == who.account.person)
      return base::Error{base::Refusal::denied, "nobody changes their own rights; ask another"};
    const boost::json::value body = TRY(request.json());
    const std::string reason = TRY(reason_member(body, core_.policy.limits()));
    const std::string match(request.header("if-match"));
    if (match.empty()) return no_match();
    if (match != etag_of(a->version)) return stale(clearance_json(core_, who, *a));
    const Core::Ask ask = TRY(ask_for_clearance(core_, who, *a, body));
    const Core::Verdict verdict = TRY(core_.allowed(who, ask));
    const Clearance after = TRY(clearance_in(core_, who, body));
    const std::vector<Compartment> mine = compartments_of(core_, who.account.person);
    const std::int64_t version = a->version;
    a->clearance = after.classification, a->organ = after.organ;
    a->roles = json_of(roles_after(core_, *a, after));
    ++a->version, ++a->epoch;  // sessions with the older rights are dead at the next request
    std::string payload;
    base::JsonWriter(payload).object().key("after").raw(ask.what).member("reason", reason).end_object();
    bool late = false;
    const base::Status done = core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      if (w.sql.number("select version from account where person = ?", a->person) != version) {
        late = true;
        return base::Error{base::Refusal::conflict, "somebody was faster"};
      }
      TRY(core_.spend(w, verdict));
      // Compartments that who grants does not know stay as they are.
      for (const Compartment& c : mine)
        w.sql.run("delete from admission where id = ?", std::string_view(admission(a->person, c.id).id));
      for (const std::string& id : after.compartments) TRY(w.change.add(admission(a->person, id)));
      return w.change.edit(*a,
                           {ask.act == rights::Act::grant ? "granted" : "revoked", w.who, a->code, payload});
    });
    if (late) return stale(clearance_json(core_, who, *core_.book.account(a->person)));
    TRY(done);
    return Response::json(clearance_json(core_, who, *a)).with("ETag", etag_of(a->version));
  }

 private:
  static Admission admission(std::int64_t person, const std::string& compartment) {
    return {std::to_string(person) + " " + compartment, person, compartment};
  }
  // Whoever may know that a case exists sees its label, before they say why they work in it.
  base::Result<evidence::CaseName> known(const Who& who, const std::string& id) const {
    const bool there = !core_.purposes_in(who, id).empty();
    std::optional<evidence::CaseName> met = core_.book.case_of(id);
    if (!there || !met) return not_found();
    return std::move(*met);
  }
  CaseLabel record_of(const std::string& case_id) const {
    const auto met = core_.book.read([&](store::Sql& sql) {
      return store::select<CaseLabel>(sql, "where case_id = ?", std::string_view(case_id));
    });
    if (!met.empty()) return met.front();
    return {case_id, std::string(rights::name_of(core_.policy.limits().case_class)), "[]", 0};
  }
  std::string shown(const Who& who, const CaseLabel& l) const {
    std::string out = core_.label_json(l.case_id);
    out.pop_back();
    out += ",\"etag\":" + base::json_string(etag_of(l.version));
    const auto could = [&](rights::Act act) {
      Core::Ask ask{act, "case", l.case_id};
      ask.object = l.case_id, ask.label_after = core_.label_in(l);
      return core_.could(who, ask) ? "true" : "false";
    };
    out += std::string(",\"may_raise\":") + could(rights::Act::upgrade);
    return out + ",\"may_lower\":" + could(rights::Act::downgrade) + "}";
  }
  Core& core_;
};

}  // namespace

std::vector<Compartment> compartments_of(const Core& core, std::int64_t person) {
  return core.book.read([&](store::Sql& sql) {
    return store::select<Compartment>(
        sql, "where id in (select compartment from admission where person = ?) order by name", person);
  });
}

std::string Core::label_json(std::string_view case_id) const {
  return book.read([&](store::Sql& sql) {
    const auto met = store::select<CaseLabel>(sql, "where case_id = ?", case_id);
    std::string out;
    base::JsonWriter w(out);
    w.object().member("classification", met.empty() ? rights::name_of(policy.limits().case_class)
                                                    : std::string_view(met.front().classification));
    w.key("compartments").array();
    if (!met.empty())
      for (const std::string& id : strings_of(met.front().compartments))
        for (const Compartment& c : store::select<Compartment>(sql, "where id = ?", std::string_view(id)))
          w.object().member("id", c.id).member("name", c.name).end_object();
    w.end_array().end_object();
    return out;
  });
}

namespace {

// A class by its name, and compartments that who asks stands within.
base::Result<std::pair<rights::Classification, std::vector<std::string>>> label_members(
    const Core& core, const Who& who, const boost::json::value& body, std::string_view class_member) {
  const auto known = rights::classification_named(TRY(base::text_of(body, class_member)));
  if (!known)
    return base::Error{base::Refusal::invalid,
                       "\"" + std::string(class_member) + "\" is PUBLIC, INTERNAL, CONFIDENTIAL or SECRET"};
  std::vector<std::string> walls = TRY(list_member(body, "compartments"));
  std::ranges::sort(walls);
  walls.erase(std::unique(walls.begin(), walls.end()), walls.end());
  const std::vector<Compartment> mine = compartments_of(core, who.account.person);
  for (const std::string& id : walls)
    if (std::ranges::find(mine, id, &Compartment::id) == mine.end())
      return base::Error{base::Refusal::invalid, "\"compartments\" names one that is not there"};
  return std::pair{*known, std::move(walls)};
}

}  // namespace

bool along_in(const boost::json::value& body) {
  const auto* along = body.get_object().if_contains("along");
  return along && along->is_bool() && along->get_bool();
}

namespace {

// `of`: what is to be labelled, as the policy is asked of it; `now`: its label.
base::Result<Core::Ask> ask_to_label(const Core& core, const Who& who, Core::Ask of, const rights::Label& now,
                                     const boost::json::value& body) {
  const auto [known, walls] = TRY(label_members(core, who, body, "classification"));
  const rights::Label after =
      core.label_in({of.case_id, std::string(rights::name_of(known)), json_of(walls), 0});
  if (!who.subject.clearance || known > *who.subject.clearance)
    return base::Error{base::Refusal::invalid,
                       "this class is above your clearance: you would not see it any more; let somebody "
                       "label it who has the "
                       "clearance"};
  of.act = rights::lowers(now, after) ? rights::Act::downgrade : rights::Act::upgrade;
  of.label_after = after;
  base::JsonWriter w(of.what);
  w.object().member("classification", rights::name_of(known)).key("compartments").raw(json_of(walls));
  if (along_in(body)) w.member("along", true);  // who approves says yes to that, too
  w.end_object();
  return of;
}

}  // namespace

base::Result<Core::Ask> ask_for_label(const Core& core, const Who& who, const std::string& case_id,
                                      const boost::json::value& body) {
  Core::Ask of{rights::Act::upgrade, "case", case_id};
  of.object = case_id;
  return ask_to_label(core, who, std::move(of), core.label_of(case_id), body);
}

base::Result<Core::Ask> ask_for_record_label(Core& core, const Who& who, const std::string& code,
                                             const boost::json::value& body) {
  const auto about = core.about_record(code);
  if (!about) return not_found();
  Core::Ask of{rights::Act::read, std::string(about->rights), std::string(about->case_id)};
  of.object = code, of.label = about->label;
  if (!core.could(who, of)) return not_found();
  return ask_to_label(core, who, std::move(of), about->label, body);
}

base::Result<Clearance> clearance_in(const Core& core, const Who& who, const boost::json::value& body) {
  auto [known, walls] = TRY(label_members(core, who, body, "clearance"));
  const std::string organ = TRY(base::text_of(body, "organ"));
  const auto organs = core.policy.organs();
  const auto at = std::ranges::find(organs, organ, &rights::OrganRule::name);
  if (at == organs.end()) return base::Error{base::Refusal::invalid, "there is no organ \"" + organ + "\""};
  Clearance out{std::string(rights::name_of(known)), std::move(walls), 1 + (at - organs.begin())};
  if (!body.get_object().contains("by_two")) return out;
  out.by_two = TRY(list_member(body, "by_two"));
  std::ranges::sort(*out.by_two);
  for (const std::string& role : *out.by_two)
    if (!given_by_two(core.policy, role))
      return base::Error{base::Refusal::invalid,
                         "\"by_two\" names \"" + role + "\", which is no role of those"};
  return out;
}
bool given_by_two(const rights::Policy& policy, std::string_view role) {
  return std::ranges::any_of(policy.roles(), [&](const rights::RoleRule& r) {
    return r.name == role && r.sign_in == rights::SignIn::hardware;
  });
}
std::vector<std::string> roles_after(const Core& core, const Account& account, const Clearance& after) {
  std::vector<std::string> out = strings_of(account.roles);
  if (!after.by_two) return out;
  std::erase_if(out, [&](const std::string& r) { return given_by_two(core.policy, r); });
  out.insert(out.end(), after.by_two->begin(), after.by_two->end());
  return out;
}

base::Result<Core::Ask> ask_for_clearance(const Core& core, const Who& who, const Account& account,
                                          const boost::json::value& body) {
  const Clearance after = TRY(clearance_in(core, who, body));
  const auto was = rights::classification_named(account.clearance);
  bool more =
      !was || *rights::classification_named(after.classification) > *was || after.organ != account.organ;
  const std::vector<Compartment> had = compartments_of(core, account.person);
  for (const std::string& id : after.compartments)
    more |= std::ranges::find(had, id, &Compartment::id) == had.end();
  const std::vector<std::string> held = strings_of(account.roles), roles = roles_after(core, account, after);
  rights::RoleSet together = 0;
  for (const std::string& r : roles) {
    together |= core.policy.role(r).value_or(0);
    more |= std::ranges::find(held, r) == held.end();
  }
  if (core.policy.excluded(together))
    return base::Error{base::Refusal::invalid, "one person may not hold these roles together"};
  Core::Ask ask{more ? rights::Act::grant : rights::Act::revoke, "account"};
  ask.object = account.code;
  ask.author = account.person;  // who gains by it is not the second person
  base::JsonWriter what(ask.what);
  what.object();
  if (after.by_two) what.key("by_two").raw(json_of(*after.by_two));
  what.member("clearance", after.classification)
      .key("compartments")
      .raw(json_of(after.compartments))
      .member("organ", core.policy.organs()[static_cast<std::size_t>(after.organ - 1)].name)
      .end_object();
  return ask;
}

void clearance_members(base::JsonWriter& w, const Core& core, const Who& who, const Account& account) {
  const auto organs = core.policy.organs();
  const auto organ = static_cast<std::size_t>(account.organ);
  w.member("clearance", account.clearance)
      .member("organ", organ >= 1 && organ <= organs.size() ? organs[organ - 1].name : std::string());
  const std::vector<Compartment> mine = compartments_of(core, who.account.person);
  w.key("compartments").array();
  for (const Compartment& c : compartments_of(core, account.person))
    if (std::ranges::find(mine, c.id, &Compartment::id) != mine.end()) w.value(c.id);
  w.end_array();
}
std::string clearance_json(const Core& core, const Who& who, const Account& account) {
  std::string out;
  base::JsonWriter w(out);
  w.object().member("id", account.code);
  clearance_members(w, core, who, account);
  w.member("etag", etag_of(account.version)).end_object();
  return out;
}

std::vector<http::Route> label_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<LabelDesk>(core);
  const auto does = [desk](base::Result<Response> (LabelDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::get, "/compartments", "compartment.list", "application/json", 0, http::Runs::in_pool,
                 does(&LabelDesk::compartments)});
  out.push_back({Method::post, "/compartments", "compartment.add", "application/json", 4096,
                 http::Runs::in_pool, does(&LabelDesk::add_compartment)});
  out.push_back({Method::get, "/cases/{id}/label", "case.label", "application/json", 0, http::Runs::in_pool,
                 does(&LabelDesk::label)});
  out.push_back({Method::put, "/cases/{id}/label", "case.set_label", "application/json", 64 * 1024,
                 http::Runs::in_pool, does(&LabelDesk::set_label)});
  out.push_back({Method::put, "/people/{id}/clearance", "people.clear", "application/json", 64 * 1024,
                 http::Runs::in_pool, does(&LabelDesk::set_clearance)});
  return out;
}

}  // namespace service

// From a person and what they ask to the one function that decides (SECURITY.md 3.4), and from its reason to
// what they are told.
#include "core.h"

#include <base/bytes.h>
#include <base/json.h>

#include <algorithm>

namespace service {
namespace {

constexpr rights::Time kAlways = std::int64_t{1} << 60;

// The number by which an approval knows what it is for.
std::uint64_t number_of(const Core::Ask& ask) {
  if (ask.object.empty()) return 0;
  const base::Digest d = base::sha256(ask.kind + "\n" + ask.object + "\n" + ask.what);
  return base::load_le<std::uint64_t>(reinterpret_cast<const char*>(d.data())) | 1;
}

}  // namespace

void Core::load_rights(Who& who) const {
  const Account& account = who.account;
  who.cases = strings_of(account.cases);
  for (const std::string& id : who.cases) who.assignments.push_back({number_of_case(id), kAlways});
  rights::Subject& s = who.subject;
  s.person = static_cast<std::uint64_t>(account.person);
  s.organ = static_cast<std::uint32_t>(account.organ);
  for (const std::string& name : strings_of(account.roles))
    if (const auto bit = policy.role(name)) s.roles |= *bit;
  s.clearance = rights::classification_named(account.clearance);
  s.assignments = who.assignments;
  s.conflicts = std::span<const std::uint64_t>();
  s.sign_in = who.session.strength;
  s.stepped_up = who.session.stepped_up;
  s.epoch = static_cast<std::uint64_t>(account.epoch);
  book.read([&](store::Sql& sql) {
    sql.each(
        "select number from compartment join admission on compartment = compartment.id where person = ?",
        [&](store::Statement& row) { s.compartments.add(static_cast<std::size_t>(row.integer(0))); },
        account.person);
    who.purposes = store::select<ChosenPurpose>(sql, "where session = ?", std::string_view(who.session.id));
    who.glasses = store::select<Glass>(sql, "where person = ? order by opened", account.person);
  });
}
std::shared_ptr<Who> Core::as_if_here(const Account& account) const {
  auto who = std::make_shared<Who>();
  who->account = account;
  who->session.strength = rights::SignIn::passkey;
  if (!makes.empty())
    for (const Passkey& key : book.passkeys(account.person))
      who->session.strength = std::max(who->session.strength, strength_of(key));
  load_rights(*who);
  if (account.disabled) who->subject.roles = 0;
  return who;
}
std::shared_ptr<Who> Core::still_here(std::int64_t person, std::string_view session) const {
  const std::optional<Account> account = book.account(person);
  if (!account || account->disabled) return {};
  for (const rights::Session& s : book.sessions(person)) {
    if (s.id != session) continue;
    if (rights::life_of(s, book.now(), account->epoch, policy.limits()) != rights::Life::alive) return {};
    auto who = std::make_shared<Who>();
    who->account = *account;
    who->session = s;
    load_rights(*who);
    return who;
  }
  return {};
}

rights::Label Core::label_in(const CaseLabel& record) const {
  rights::Label out;
  // A class that is not known protects as the highest does.
  out.classification =
      rights::classification_named(record.classification).value_or(rights::Classification::secret);
  const std::vector<std::string> walls = strings_of(record.compartments);
  if (walls.empty()) return out;
  book.read([&](store::Sql& sql) {
    for (const std::string& id : walls)
      out.compartments.add(static_cast<std::size_t>(
          sql.number("select number from compartment where id = ?", std::string_view(id))));
  });
  return out;
}
rights::Label Core::label_of(std::string_view case_id) const {
  std::vector<CaseLabel> met;
  if (!case_id.empty())
    met = book.read(
        [&](store::Sql& sql) { return store::select<CaseLabel>(sql, "where case_id = ?", case_id); });
  if (met.empty()) return {policy.limits().case_class, {}};
  return label_in(met.front());
}

struct Core::Asking {
  rights::Subject subject;
  rights::Object object;
  rights::Request request;
};
Core::Asking Core::asking(const Who& who, const Ask& ask) const {
  Asking a = asking_of(who, ask);
  a.object.label = label_of(ask.case_id);
  if (ask.label) a.object.label = rights::join(*a.object.label, *ask.label);
  return a;
}
// All but the label of the object.
Core::Asking Core::asking_of(const Who& who, const Ask& ask) const {
  Asking a{who.subject, {}, {}};
  a.object.kind = policy.kind(ask.kind);
  a.object.id = number_of(ask);
  a.object.case_id = ask.case_id.empty() ? 0 : number_of_case(ask.case_id);
  a.object.author = static_cast<std::uint64_t>(ask.author);
  a.object.held = false;
  a.object.embargo_until = 0;
  a.request.act = ask.act;
  a.request.now = book.now();
  a.request.requester = static_cast<std::uint64_t>(ask.requester);
  a.request.label_after = ask.label_after;
  const rights::Time review = policy.limits().glass_review;
  for (const Glass& g : who.glasses)
    if (g.case_id == ask.case_id && (!g.reviewed || g.justified)) {
      const bool overdue = std::ranges::any_of(who.glasses, [&](const Glass& other) {
        return !other.reviewed && other.id != g.id && a.request.now - other.opened >= review;
      });
      a.subject.glass =
          rights::BreakGlass{number_of_case(g.case_id), g.opened, g.proved, !g.reason.empty(), overdue};
    }
  return a;
}

std::vector<rights::PurposeId> Core::purposes_for(const Who& who, const Ask& ask) const {
  std::vector<rights::PurposeId> out;
  Asking a = asking(who, ask);
  if (a.subject.sign_in >= rights::SignIn::passkey) a.subject.stepped_up = a.request.now;
  for (std::size_t p = 0; p < policy.purposes().size(); ++p) {
    const auto id = static_cast<rights::PurposeId>(p);
    if (!(policy.may_name(id) & who.subject.roles)) continue;
    a.request.purpose = rights::Purpose{id, a.object.case_id, a.request.now + 1, true};
    const rights::Decision d = rights::decide(policy, a.subject, a.object, a.request);
    if (d.allowed || d.reason_for_ledger() == rights::Reason::second_person) out.push_back(id);
  }
  return out;
}
bool Core::could(const Who& who, const Ask& ask) const {
  const auto kind = policy.kind(ask.kind);
  if (!kind) return false;
  if (policy.kinds()[*kind].purpose) return !purposes_for(who, ask).empty();
  Asking a = asking(who, ask);
  if (a.subject.sign_in >= rights::SignIn::passkey) a.subject.stepped_up = a.request.now;
  const rights::Decision d = rights::decide(policy, a.subject, a.object, a.request);
  return d.allowed || d.reason_for_ledger() == rights::Reason::second_person;
}
bool Core::needs_second(const Who& who, const Ask& ask) const {
  Asking a = asking(who, ask);
  if (a.subject.sign_in >= rights::SignIn::passkey) a.subject.stepped_up = a.request.now;
  const auto needs = [&] {
    return rights::decide(policy, a.subject, a.object, a.request).reason_for_ledger() ==
           rights::Reason::second_person;
  };
  if (!a.object.kind) return false;
  if (!policy.kinds()[*a.object.kind].purpose) return needs();
  for (const rights::PurposeId p : purposes_for(who, ask)) {
    a.request.purpose = rights::Purpose{p, a.object.case_id, a.request.now + 1, true};
    if (needs()) return true;
  }
  return false;
}

bool Core::must_choose(const ChosenPurpose* chosen, std::string_view case_id, std::size_t may_name) const {
  const bool reason = label_of(case_id).classification >= policy.limits().reason_from;
  const bool holds = chosen && chosen->until > book.now() && (!reason || !chosen->reason.empty());
  const bool alone = !chosen && !reason && may_name == 1;
  return !holds && !alone;
}

Core::Verdict Core::decide(const Who& who, const Ask& ask) const {
  Asking a = asking(who, ask);
  if (!a.object.kind) return {};
  if (policy.kinds()[*a.object.kind].purpose) {
    const auto chosen = std::ranges::find(who.purposes, ask.case_id, &ChosenPurpose::case_id);
    if (chosen != who.purposes.end()) {
      if (const auto id = policy.purpose(chosen->purpose))
        a.request.purpose = rights::Purpose{*id, a.object.case_id, chosen->until, !chosen->reason.empty()};
    } else {
      // Who can name one purpose alone has nothing to choose; where a reason is asked for, it is asked for
      // all the same.
      std::vector<rights::PurposeId> named;
      for (std::size_t p = 0; p < policy.purposes().size(); ++p)
        if (policy.may_name(static_cast<rights::PurposeId>(p)) & who.subject.roles)
          named.push_back(static_cast<rights::PurposeId>(p));
      if (named.size() == 1)
        a.request.purpose = rights::Purpose{named[0], a.object.case_id, a.request.now + 1, false};
    }
  }
  Verdict out{rights::decide(policy, a.subject, a.object, a.request)};
  if (out.decision.reason_for_ledger() != rights::Reason::second_person || ask.object.empty()) return out;
  // Nobody does this alone: what second persons said to this person, for this.
  const std::vector<ApprovalRequest> given = book.read([&](store::Sql& sql) {
    return store::select<ApprovalRequest>(
        sql,
        "where requester = ? and state = 'approved' and act = ? and kind = ? and object = ? and what = ? "
        "order by decided",
        who.account.person, rights::name_of(ask.act), std::string_view(ask.kind),
        std::string_view(ask.object), std::string_view(ask.what));
  });
  std::vector<rights::Approval> said;
  for (const ApprovalRequest& r : given) {
    rights::Approval& one = said.emplace_back();
    one.approver = static_cast<std::uint64_t>(r.approver);
    one.requester = static_cast<std::uint64_t>(r.requester);
    one.object = a.object.id;
    if (const std::optional<Account> account = book.account(r.approver)) {
      const std::shared_ptr<Who> approver = as_if_here(*account);
      one.organ = approver->subject.organ, one.roles = approver->subject.roles;
    }
    one.kind = a.object.kind, one.act = ask.act;
    one.at = r.decided, one.spent = false;
  }
  a.request.approvals = said;
  out.decision = rights::decide(policy, a.subject, a.object, a.request);
  if (out.decision.obligations.spend_approval) out.approval = given[out.decision.approval].id;
  return out;
}
rights::Decision Core::decide(const Who& who, rights::Object object, rights::Act act,
                              std::string_view case_id, std::int64_t requester) const {
  Asking a = asking_of(who, {act, {}, std::string(case_id)});
  a.object = object;
  a.request.requester = static_cast<std::uint64_t>(requester);
  const auto chosen = std::ranges::find(who.purposes, case_id, &ChosenPurpose::case_id);
  if (chosen != who.purposes.end()) {
    if (const auto id = policy.purpose(chosen->purpose))
      a.request.purpose = rights::Purpose{*id, object.case_id, chosen->until, !chosen->reason.empty()};
    return rights::decide(policy, a.subject, a.object, a.request);
  }
  // Lists of records go over cases of which none was entered: the first purpose that serves, as long as no
  // reason is asked for; it stands in the ledger with the role.
  rights::Decision last;
  for (std::size_t p = 0; p < policy.purposes().size(); ++p) {
    const auto id = static_cast<rights::PurposeId>(p);
    if (!(policy.may_name(id) & who.subject.roles)) continue;
    a.request.purpose = rights::Purpose{id, object.case_id, a.request.now + 1, false};
    const rights::Decision d = rights::decide(policy, a.subject, a.object, a.request);
    if (d.allowed) return d;
    // What is said is the nearest miss: a fresh proof, or another person, would be enough.
    if (last.reason_for_ledger() == rights::Reason::role || d.reason_for_ledger() == rights::Reason::step_up)
      last = d;
  }
  a.request.purpose.reset();
  const rights::Decision d = rights::decide(policy, a.subject, a.object, a.request);
  return d.allowed || last.reason_for_ledger() == rights::Reason::role ? d : last;
}
bool Core::may(const Who& who, rights::Act act, std::string_view kind, std::string_view case_id) const {
  return decide(who, {act, std::string(kind), std::string(case_id)}).decision.allowed;
}

base::Result<Core::Verdict> Core::allowed(const Who& who, const Ask& ask) const {
  const bool known = could(who, ask);
  Verdict v = decide(who, ask);
  if (v.decision.allowed) return v;
  if (!known) return not_found();
  return lacking(who, ask, v.decision.reason_for_ledger());
}
base::Error Core::lacking(const Who& who, const Ask& ask, rights::Reason why) const {
  http::Problem p{.status = 403, .code = "denied", .title = {}, .detail = {}};
  const auto text = [&](const char* name, std::string_view value) {
    p.members.emplace_back(name, base::json_string(value));
  };
  text("act", rights::name_of(ask.act));
  switch (why) {
    case rights::Reason::purpose:
    case rights::Reason::purpose_reason: {
      p.code = "purpose";
      p.detail = why == rights::Reason::purpose
                     ? "choose for which purpose you work in this case"
                     : "say why you work in this case: its class asks for a reason";
      text("case", ask.case_id);
      std::vector<std::string> names;
      for (const rights::PurposeId id : purposes_for(who, ask)) names.push_back(policy.purposes()[id].name);
      p.members.emplace_back("purposes", json_of(names));
      break;
    }
    case rights::Reason::step_up:
      p.code = "fresh_proof";
      p.detail = "prove once more that it is you: use your passkey, and ask again";
      break;
    case rights::Reason::second_person:
      p.code = "second_person";
      p.detail = "nobody does this alone: ask for a second person's approval, and do it when it is given";
      text("kind", ask.kind);
      text("object", ask.object);
      p.members.emplace_back("what", ask.what.empty() ? "{}" : ask.what);
      break;
    default: p.detail = no_right().message;
  }
  base::Error out{base::Refusal::denied, p.detail};
  who.lacking = std::move(p);
  return out;
}
base::Status Core::spend(const Book::Write& w, const Verdict& verdict) const {
  if (verdict.approval.empty()) return base::Done{};
  if (w.sql.run("update approval set state = 'spent' where id = ? and state = 'approved'",
                std::string_view(verdict.approval)) != 1)
    return base::Error{base::Refusal::conflict, "the approval was used already; ask for another"};
  w.tell("approval_spent", verdict.approval, "{}");
  return base::Done{};
}

std::vector<rights::PurposeId> Core::purposes_in(const Who& who, std::string_view case_id) const {
  std::vector<rights::PurposeId> out;
  for (const rights::KindRule& kind : policy.kinds())
    if (kind.case_bound && kind.purpose)
      for (const rights::Act act : {rights::Act::search, rights::Act::read})
        for (const rights::PurposeId p : purposes_for(who, {act, kind.name, std::string(case_id)}))
          if (std::ranges::find(out, p) == out.end()) out.push_back(p);
  std::ranges::sort(out);
  return out;
}
std::string Core::basis(const Who& who, std::string_view case_id) const {
  std::string purpose;
  const auto chosen = std::ranges::find(who.purposes, case_id, &ChosenPurpose::case_id);
  if (chosen != who.purposes.end())
    purpose = chosen->purpose;
  else
    for (std::size_t p = 0; p < policy.purposes().size(); ++p)
      if (policy.may_name(static_cast<rights::PurposeId>(p)) & who.subject.roles) {
        purpose = policy.purposes()[p].name;
        break;
      }
  std::string out = "\"purpose\":" + base::json_string(purpose);
  if (std::ranges::find(who.cases, case_id) == who.cases.end()) out += ",\"break_glass\":true";
  return out;
}

base::Result<evidence::CaseName> Core::case_for(const Who& who, std::string_view id, rights::Act act,
                                                std::string_view kind) {
  // The decisions are made before the case is looked for, so that both ways cost the same.
  const Ask ask{act, std::string(kind), std::string(id)};
  const bool known = could(who, ask);
  const Verdict v = decide(who, ask);
  std::optional<evidence::CaseName> met = book.case_of(id);
  if (!known || !met) return not_found();
  if (!v.decision.allowed) return lacking(who, ask, v.decision.reason_for_ledger());
  return std::move(*met);
}

}  // namespace service

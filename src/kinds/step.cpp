// A record goes from state to state, along the workflow of its kind.
#include "say.h"

#include <base/time.h>
#include <kinds/records.h>

#include <algorithm>
#include <set>

namespace kinds {
namespace {

namespace json = boost::json;

void fields_asked(const Condition& c, std::set<std::string>& out) {
  if (!c.field.empty()) out.insert(c.field);
  if (c.is != Condition::Is::of)  // what it asks of others is not changed here
    for (const Condition& each : c.of) fields_asked(each, out);
}

// What is locked, and what a second person says yes to, is not changed on the way: of the values that come
// with such a transition those alone are taken that it asks for.
void changes_nothing_else(const Kind& kind, const Transition& t, const json::object& given,
                          const json::object& before, const json::object& after, std::vector<Wrong>& wrong) {
  std::set<std::string> asked;
  for (const Need& n : t.needs) fields_asked(n.if_, asked);
  for (const auto& m : given) {
    const Field* f = kind.field(m.key());
    if (!f || asked.contains(f->name)) continue;
    const auto *was = before.if_contains(f->name), *is = after.if_contains(f->name);
    if (f->guard != Guard::sealed && (was ? is && *was == *is : !is)) continue;
    wrong.push_back({f->name,
                     "not_asked",
                     {"This step asks nothing of this field and changes nothing else: take the change out",
                      "Cette étape ne demande rien à ce champ et ne change rien d'autre : retirez la "
                      "modification"}});
  }
}

}  // namespace

std::vector<Words> Records::missing(const Stored& r, const Transition& t) {
  std::vector<Words> out;
  const Elsewhere elsewhere = [&](std::string_view code, const Condition& c) {
    const auto other = load(code);
    return other && holds(c, *other->kind, other->values, other->state, today(), elsewhere);
  };
  for (const Need& n : t.needs)
    if (!holds(n.if_, *r.kind, r.values, r.state, today(), elsewhere)) out.push_back(n.words);
  return out;
}

Answer<Records::Stand> Records::move(const Asker& who, std::string_view code, std::int64_t version,
                                     std::string_view name, std::string_view reason,
                                     const json::object* given) {
  auto met_now = met(who, code);
  if (!met_now) return met_now.error();
  const Stored before = std::move(*met_now);
  const Transition* t = before.kind->workflow.transition(name);
  if (!t || std::ranges::find(t->from, before.state) == t->from.end())
    return base::Error{base::Refusal::conflict, before.code + " is in another state now: look at it again"};
  if (before.version != version)
    return base::Error{base::Refusal::conflict,
                       "somebody else has changed " + before.code + " since: look at both versions"};
  if (const rights::Decision d = decide(who, before, t->act); !d.allowed)
    return refusal(who, before, t->act, d);
  if (t->four_eyes && (before.author == who.person || before.changed_by == who.code)) return needs_another();
  std::vector<Wrong> wrong;
  const std::string least = std::to_string(around_.reason_characters_min);
  if (t->reason && short_of_reason(reason))
    return Unfit{{{"reason",
                   "required",
                   {"is required: at least " + least + " characters",
                    "est obligatoire : au moins " + least + " caractères"}}}};
  Stored after = before;
  const base::Status done = desk_.change([&](kernel::Change& c) -> base::Status {
    json::object values;
    for (const auto& m : before.values)
      if (const Field* f = before.kind->field(m.key()); f && f->guard != Guard::sealed)
        values[m.key()] = m.value();
    if (given)
      for (const auto& m : *given) values[m.key()] = m.value();
    for (const auto& [field, to] : t->set) {
      if (to == "now")
        values[field] = base::rfc3339(clock_.unix_micros() / 1'000'000);
      else if (to == "today")
        values[field] = date_of(today());
      else if (to == "me")
        values[field] = who.code;
      else
        values[field] = to;
    }
    const std::uint64_t all =
        ~std::uint64_t{0};  // what the transition sets; nobody else's values are in `given`
    const std::uint64_t may = given ? decide(who, before, rights::Act::change).fields : all;
    after.values = merged(who, before, values, may, wrong);
    const State* from = before.kind->workflow.state(before.state);
    if (given && (t->four_eyes || (from && from->locked)))
      changes_nothing_else(*before.kind, *t, *given, before.values, after.values, wrong);
    for (const auto& [field, to] : t->set)
      if (const auto* v = values.if_contains(field)) after.values[field] = *v;
    if (!wrong.empty()) return kUnfit;
    for (const Words& w : missing(after, *t)) wrong.push_back({"", "missing", w});
    if (!wrong.empty()) return kUnfit;
    after.state = t->to;
    TRY(store(c, who, &before, after, {"record_moved", reason}, wrong));
    sql().run("update record_task set state = 'done' where record = ? and state = 'open'", after.id);
    if (t->task) open_task(who, after, *t->task);
    return base::Done{};
  });
  if (!wrong.empty()) return Unfit{std::move(wrong)};
  if (!done.ok()) return done.error();
  return Stand{after.code, after.version, after.state};
}

}  // namespace kinds

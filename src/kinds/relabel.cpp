// The label of a record after it was made: raised by one person, lowered by what the caller has had approved.
#include "say.h"

#include <base/bytes.h>
#include <base/json.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {

std::optional<Asked> Records::about(std::string_view code) {
  const auto r = load(code);
  if (!r) return {};
  return asked(*r, rights::Act::read);
}

base::Result<rights::Label> Records::label(const Asker& who, std::string_view code) {
  return label_row(TRY(met(who, code)).label).label;
}

// Records that name it in a field, and those that name these: as far as they may be read, each once.
std::vector<Records::Stored> Records::naming_it(const Asker& who, const Stored& r) {
  std::vector<Stored> out;
  std::set<std::int64_t> met{r.id};
  std::vector<std::int64_t> open{r.id};
  while (!open.empty()) {
    const std::int64_t target = open.back();
    open.pop_back();
    std::vector<std::int64_t> sources;
    sql().each(
        "select source from record_link where target = ? and field <> '' order by source",
        [&](store::Statement& s) { sources.push_back(s.integer(0)); }, target);
    for (const std::int64_t id : sources) {
      if (!met.insert(id).second) continue;
      auto other = load(id);
      if (!other || !decide(who, *other, rights::Act::read).allowed) continue;
      open.push_back(id);
      out.push_back(std::move(*other));
    }
  }
  return out;
}

base::Status Records::put_label(kernel::Change& c, const Asker& who, const Stored& before,
                                const rights::Label& to, const Relabel& how) {
  const LabelRow was = label_row(before.label);
  Stored after = before;
  after.label = label_of(was.case_id, to);
  const LabelRow is = label_row(after.label);
  // A sealed field is sealed under the compartments of its record.
  for (const Field& f : before.kind->fields) {
    const auto* v = f.guard == Guard::sealed && !f.retired ? before.values.if_contains(f.name) : nullptr;
    if (!v || !v->is_string()) continue;
    const auto bytes = base::unhex(std::string_view(v->get_string()));
    const auto plain = bytes ? around_.unseal(seal_key(before, f), *bytes) : std::nullopt;
    if (!plain)
      return base::Error{base::Refusal::damaged,
                         before.code + "." + f.name + " does not open: tell the key custodian"};
    after.values[f.name] = base::hex(around_.seal(seal_key(after, f), *plain));
  }
  const std::int64_t stamp =
      sql().number("select coalesce(max(stamp), 0) + 1 from record where kind = ?", before.kind->name);
  if (!sql().run(
          "update record set version = ?, label = ?, changed = ?, stamp = ? where id = ? and version = ?",
          before.version + 1, after.label, clock_.unix_micros(), stamp, before.id, before.version))
    return base::Error{base::Refusal::conflict,
                       "somebody else has changed " + before.code + " since: look at both versions"};
  write_values(after, false);
  const std::string_view act = rights::lowers(was.label, to) ? "label_lowered" : "label_raised";
  sql().run(
      "insert into record_version (record, version, at, who, act, reason, state, changes) values (?, ?, ?, "
      "?, ?, ?, ?, '[]')",
      before.id, before.version + 1, clock_.unix_micros(), who.code, act, how.reason, before.state);
  std::string payload;
  base::JsonWriter w(payload);
  w.object().member("kind", before.kind->name).member("version", before.version + 1);
  w.member("from", rights::name_of(was.label.classification))
      .member("to", rights::name_of(is.label.classification));
  if (!was.case_id.empty()) w.member("case", was.case_id);
  w.member("reason", how.reason);
  if (!who.purpose.empty()) w.member("purpose", who.purpose);
  w.end_object();
  c.tell({act, who.code, before.code, payload});
  return base::Done{};
}

base::Result<std::vector<std::pair<Records::Stored, rights::Label>>> Records::going_along(
    const Asker& who, const Stored& r, const rights::Label& label) {
  const LabelRow was = label_row(r.label);
  const bool lowers = rights::lowers(was.label, label);
  std::vector<std::pair<Stored, rights::Label>> out;
  for (Stored& other : naming_it(who, r)) {
    const LabelRow its = label_row(other.label);
    if (its.case_id != was.case_id) continue;                      // another case keeps its own walls
    if (lowers && other.kind->rights != r.kind->rights) continue;  // two said so of this one's rights alone
    // Raised: at least what this one has. Lowered: what was raised along with it, and nothing that had more.
    const rights::Label to =
        lowers ? its.label == was.label ? label : its.label : rights::join(its.label, label);
    if (to == its.label) continue;
    if (!lowers)
      if (const rights::Decision d = decide(who, other, rights::Act::upgrade); !d.allowed)
        return refusal(who, other, rights::Act::upgrade, d);
    out.emplace_back(std::move(other), to);
  }
  return out;
}

base::Result<std::vector<Records::Along>> Records::along(const Asker& who, std::string_view code,
                                                         const rights::Label& to) {
  const Stored r = TRY(met(who, code));
  std::vector<Along> out;
  for (auto& [other, its] : TRY(going_along(who, r, to)))
    out.push_back({std::move(other.code), std::move(other.title), other.kind});
  return out;
}

base::Result<Records::Relabelled> Records::relabel(const Asker& who, std::string_view code,
                                                   std::int64_t version, const Relabel& how) {
  const Stored r = TRY(met(who, code));
  if (r.version != version)
    return base::Error{base::Refusal::conflict,
                       "somebody else has changed " + r.code + " since: look at both versions"};
  const LabelRow was = label_row(r.label);
  std::vector<std::pair<Stored, rights::Label>> others;
  if (how.along) others = TRY(going_along(who, r, how.to));
  if (how.to == was.label && others.empty()) return Relabelled{{r.code, r.version, r.state}, 0};
  TRY(desk_.change([&](kernel::Change& c) -> base::Status {
    if (how.also) TRY(how.also(c, sql()));
    TRY(put_label(c, who, r, how.to, how));
    for (const auto& [other, to] : others) TRY(put_label(c, who, other, to, how));
    return base::Done{};
  }));
  know_labels();
  return Relabelled{{r.code, r.version + 1, r.state}, others.size()};
}

}  // namespace kinds

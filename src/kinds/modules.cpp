// What the modules read: records that the person may read, without what is guarded.
#include "say.h"

#include <kinds/records.h>

#include <algorithm>
#include <limits>

namespace kinds {

std::vector<Records::Seen> Records::seen(const Asker& who, const Kind& kind, std::vector<Stored> records) {
  const std::vector<std::int64_t> labels = visible(who, kind, rights::Act::read);
  std::vector<Seen> out;
  for (Stored& r : records) {
    if (std::ranges::find(labels, r.label) == labels.end()) continue;
    for (const Field& f : kind.fields)
      if (f.guard != Guard::open) r.values.erase(f.name);
    const LabelRow label = label_row(r.label);
    out.push_back(
        {r.code, r.title, r.state, label.case_id, r.made, r.changed, std::move(r.values), label.label});
  }
  return out;
}

std::optional<Records::Seen> Records::one(const Asker& who, std::string_view name, std::string_view code) {
  auto r = load(code);
  if (!r || r->kind->name != name || !decide(who, *r, rights::Act::read).allowed) return {};
  const Kind& kind = *r->kind;
  std::vector<Stored> alone;
  alone.push_back(std::move(*r));
  auto met = seen(who, kind, std::move(alone));
  return met.empty() ? std::nullopt : std::optional(std::move(met.front()));
}

std::vector<Records::Seen> Records::naming(const Asker& who, std::string_view name, std::string_view field,
                                           const std::vector<std::string>& codes) {
  const Kind* kind = declared_->kind(name);
  if (!kind) return {};
  std::vector<std::int64_t> ids;
  for (const std::string& code : codes)
    sql().each(
        "select l.source from record_link l join record t on t.id = l.target join record r on r.id = "
        "l.source "
        "where t.code = ? and l.field = ? and r.kind = ?",
        [&](store::Statement& s) { ids.push_back(s.integer(0)); }, code, field, kind->name);
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return seen(who, *kind, many(*kind, ids));
}

std::vector<Records::Seen> Records::every(const Asker& who, std::string_view name, std::int64_t most) {
  const Kind* kind = declared_->kind(name);
  if (!kind) return {};
  std::vector<Seen> out;
  constexpr std::int64_t kAtOnce = 1'000;
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  for (bool more = true; more && static_cast<std::int64_t>(out.size()) < most;) {
    std::vector<std::int64_t> ids;
    sql().each(
        "select id from record where kind = ? and id < ? order by id desc limit ?",
        [&](store::Statement& s) { ids.push_back(s.integer(0)); }, kind->name, before, kAtOnce);
    more = static_cast<std::int64_t>(ids.size()) == kAtOnce;
    if (!ids.empty()) before = ids.back();
    for (Seen& r : seen(who, *kind, many(*kind, ids)))
      if (static_cast<std::int64_t>(out.size()) < most) out.push_back(std::move(r));
  }
  return out;
}

std::optional<std::string> Records::kept(const Asker& who, std::string_view kind, std::string_view code,
                                         std::string_view name) {
  const auto r = load(code);
  if (!r || r->kind->name != kind || !decide(who, *r, rights::Act::read).allowed) return {};
  std::optional<std::string> out;
  sql().each(
      "select content from record_kept where record = ? and name = ?",
      [&](store::Statement& s) { out = std::string(s.text(0)); }, r->id, name);
  return out;
}

Asker Records::whole() {
  Asker all;
  all.decide = [](const Asked&) {
    rights::Decision yes;
    yes.allowed = true, yes.fields = ~std::uint64_t{0};
    return yes;
  };
  return all;
}

base::Status Records::tell(const Asker& who, std::string_view act, std::string_view object,
                           std::string_view payload) {
  desk_.tell({act, who.code, object, payload});
  return base::Done{};
}

}  // namespace kinds

// What the modules read: records that the person may read, without what is guarded; and what they may do
// while a record is written.
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

std::vector<std::pair<std::string, std::string>> Records::states_naming(std::string_view kind_name,
                                                                        std::string_view field,
                                                                        std::string_view code) {
  std::vector<std::pair<std::string, std::string>> out;
  const Kind* kind = declared_->kind(kind_name);
  if (!kind) return out;
  sql().each(
      "select r.code, r.state from record r join record_link l on l.source = r.id join record t on t.id = "
      "l.target where "
      "t.code = ? and l.field = ? and r.kind = ? order by r.id",
      [&](store::Statement& s) { out.emplace_back(s.text(0), s.text(1)); }, code, field, kind->name);
  return out;
}

void Records::equip(Writing& writing, const Asker& who, const Stored& after, Further& further) {
  writing.read = [this](std::string_view code) -> std::optional<json::object> {
    const auto r = load(code);
    return r ? std::optional(r->values) : std::nullopt;
  };
  writing.naming = [this](std::string_view k, std::string_view f, std::string_view code) {
    return states_naming(k, f, code);
  };
  writing.having = [this](std::string_view k, std::string_view f, std::string_view code) {
    std::vector<std::string> out;
    const Kind* of = declared_->kind(k);
    for (auto& [met, state] : states_naming(k, f, code))
      if (const State* s = of->workflow.state(state); s && !s->final) out.push_back(std::move(met));
    return out;
  };
  writing.add = [this, &further](std::string_view k, json::object values) {
    const Kind* of = declared_->kind(k);
    CHECK(of);
    further.emplace_back(of, std::move(values));
  };
  writing.found = [this, &who](std::string_view code) {
    const auto r = load(code);
    return r && decide(who, *r, rights::Act::search).allowed;
  };
  writing.task = [this, &who](std::string_view code, const TaskRule& rule) {
    if (const auto r = load(code)) open_task(who, *r, rule);
  };
  writing.keep = [this, &after](std::string_view name, std::string_view content) {
    sql().run("delete from record_kept where record = ? and name = ?", after.id, name);
    sql().run("insert into record_kept (record, name, content) values (?, ?, ?)", after.id, name, content);
  };
}

}  // namespace kinds

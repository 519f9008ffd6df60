#include "called.h"

#include <kinds/records.h>

#include <algorithm>
#include <limits>

namespace kinds {
namespace {

namespace json = boost::json;

std::string_view text(const json::value& v) { return {v.get_string().data(), v.get_string().size()}; }

void take(const Field& f, const json::value& v, std::vector<std::string>& out) {
  if (f.names && f.type == Type::text && v.is_string()) out.emplace_back(text(v));
  if (f.type != Type::rows || !v.is_array()) return;
  for (const auto& row : v.get_array())
    for (const Field& c : f.columns)
      if (const auto* cell = c.names && !c.retired ? row.get_object().if_contains(c.name) : nullptr)
        out.emplace_back(text(*cell));
}

}  // namespace

std::vector<std::string> spellings_in(const Kind& kind, const json::object& values) {
  std::vector<std::string> out;
  for (const Field& f : kind.fields)
    if (f.has_names())
      if (const auto* v = values.if_contains(f.name)) take(f, *v, out);
  return out;
}

Called::Called(const Kind& kind) : kind_(std::make_shared<const Kind>(kind)) {
  text_ = "select r.id, r.label, r.stamp";
  for (const Field& f : kind_->fields)
    if (f.has_names()) fields_.push_back(&f), text_ += ", k.f_" + f.name;
  text_ += " from record r join " + kind_->table() + " k on k.id = r.id where r.kind = ? and r.stamp > ?";
}

void Called::bring_up_to_date(store::Sql& sql) {
  if (fields_.empty()) return;
  const names::Speller& speller = names::speller();
  const std::unique_lock lock(mutex_);
  std::int64_t last = stamp_;
  sql.each(
      text_,
      [&](store::Statement& s) {
        CHECK(s.integer(0) >= 0 && s.integer(0) <= std::numeric_limits<std::uint32_t>::max());
        const auto id = static_cast<std::uint32_t>(s.integer(0));
        const std::int64_t label = s.integer(1);
        last = std::max(last, s.integer(2));
        std::vector<std::string> spellings;
        for (std::size_t i = 0; i < fields_.size(); ++i) {
          const std::string_view cell = s.text(static_cast<int>(3 + i));
          if (cell.empty()) continue;
          const json::string_view bytes(cell.data(), cell.size());
          take(*fields_[i], fields_[i]->type == Type::rows ? json::parse(bytes) : json::value(bytes),
               spellings);
        }
        std::vector<names::Name> all;
        for (const std::string& each : spellings) all.push_back(speller.read(each));
        if (const auto was = label_of_.find(id); was != label_of_.end() && was->second != label)
          by_label_.at(was->second).put(id, {});
        label_of_[id] = label;
        by_label_.try_emplace(label, speller).first->second.put(id, all);
      },
      kind_->name, stamp_);
  stamp_ = last;
}

std::vector<Likeness> Called::those(const std::vector<std::int64_t>& may, const names::Name& name) const {
  std::vector<Likeness> out;
  const std::shared_lock lock(mutex_);
  for (const std::int64_t label : may)
    if (const auto at = by_label_.find(label); at != by_label_.end())
      for (const names::Index::Found& f : at->second.find(name)) out.push_back({f.owner, f.score});
  std::ranges::sort(out, [](const Likeness& a, const Likeness& b) {
    return a.score != b.score ? a.score > b.score : a.record < b.record;
  });
  return out;
}

Called& Callings::of(const Kind& kind) {
  const std::lock_guard lock(mutex_);
  auto& at = all_[kind.name];
  if (!at) at = std::make_unique<Called>(kind);
  return *at;
}

std::vector<Likeness> Records::called(const Asker& who, const Kind& kind, std::string_view name) {
  const names::Name asked = names::speller().read(name);
  std::map<std::uint32_t, double> best;
  const std::vector<std::int64_t> may = visible(who, kind, rights::Act::search);
  const auto own = [&](const Kind& k) {
    Called& all = callings_->of(k);
    all.bring_up_to_date(sql());
    return all.those(visible(who, k, rights::Act::search), asked);
  };
  for (const Likeness& l : own(kind)) best[l.record] = l.score;
  // Those that name a record that is called so.
  for (const Field& f : kind.fields) {
    if (!f.names || f.retired || f.type != Type::reference) continue;
    for (const std::string& to : f.to)
      for (const Likeness& l : own(*declared_->kind(to)))
        sql().each(
            "select l.source, r.label from record_link l join record r on r.id = l.source where l.target = ? "
            "and l.field = ? and r.kind = ?",
            [&](store::Statement& s) {
              if (std::ranges::find(may, s.integer(1)) == may.end()) return;
              double& score = best[static_cast<std::uint32_t>(s.integer(0))];
              score = std::max(score, l.score);
            },
            std::int64_t{l.record}, f.name, kind.name);
  }
  std::vector<Likeness> out;
  for (const auto& [record, score] : best) out.push_back({record, score});
  std::ranges::stable_sort(out, std::greater<>(), &Likeness::score);
  return out;
}

// Which of its names is most like the one that was asked for, and how. null: none is any more.
json::value Records::likeness_of(const Asker& who, const Stored& r, std::string_view name) {
  const names::Speller& speller = names::speller();
  const names::Name asked = speller.read(name);
  names::Match best;
  std::string of;
  const auto look = [&](const Kind& kind, const json::object& values) {
    for (std::string& each : spellings_in(kind, values)) {
      names::Match m = speller.compare(asked, speller.read(each));
      if (m.score >= speller.least() && m.score > best.score) best = std::move(m), of = std::move(each);
    }
  };
  look(*r.kind, r.values);
  for (const Field& f : r.kind->fields) {
    const auto* v =
        f.names && !f.retired && f.type == Type::reference ? r.values.if_contains(f.name) : nullptr;
    if (!v || !v->is_string()) continue;
    const auto to = load(text(*v));
    if (to && decide(who, *to, rights::Act::search).allowed) look(*to->kind, to->values);
  }
  if (of.empty()) return nullptr;
  json::array parts;
  for (const names::Part& p : best.parts)
    parts.push_back(json::object{{"asked", p.asked}, {"met", p.met}, {"how", names::name_of(p.how)}});
  return json::object{{"name", of}, {"score", best.score}, {"parts", std::move(parts)}};
}

}  // namespace kinds

#include "filling.h"
#include "say.h"

#include <base/json.h>
#include <base/text.h>
#include <kinds/date.h>
#include <kinds/home.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::size_t kSeenMax = 20'000;

}  // namespace

std::vector<Records::Fill::Met> Records::Fill::follow(const std::vector<Step>& steps, const Here& from) {
  Met first;
  if (from.record) {
    first.fields = from.fields, first.table = from.table;
    first.record = std::shared_ptr<const Stored>(std::shared_ptr<void>(), from.record);
    if (from.row) first.row = *from.row;
  }
  std::vector<Met> now{std::move(first)};
  for (const Step& step : steps) {
    std::vector<Met> next;
    std::set<std::string> met;
    for (const Met& m : now) {
      if (failed_) return {};
      for (Met& reached : step_from(step, m)) {
        const std::string key = reached.item ? reached.item->code : reached.table ? "" : reached.record->code;
        if (key.empty() || met.insert(key).second) next.push_back(std::move(reached));
      }
    }
    seen_ += next.size();
    if (seen_ > kSeenMax)
      fail("it would look at more than 20,000 records: take a shorter period, or one case");
    now = std::move(next);
  }
  for (const Met& m : now)
    if (m.record) carry(*m.record);
  if (failed_) return {};
  return now;
}

std::vector<Records::Fill::Met> Records::Fill::step_from(const Step& step, const Met& from) {
  const auto* v = from.record && !step.field.empty() ? from.record->values.if_contains(step.field) : nullptr;
  std::vector<Met> out;
  switch (step.is) {
    case Step::Is::rows:
      if (!v || !v->is_array()) return out;
      for (const auto& row : v->get_array())
        if (row.is_object())
          out.push_back(
              {from.record, from.fields, from.record->kind->field(step.field), row.get_object(), {}});
      return out;
    case Step::Is::items:
      if (!v || !v->is_array()) return out;
      for (const auto& id : v->get_array())
        if (auto item = told(id.get_string())) out.push_back({nullptr, 0, nullptr, {}, std::move(item)});
      return out;
    case Step::Is::field:
      if (!v) return out;
      for (const auto& code : v->is_array() ? v->get_array() : json::array{*v})
        if (auto r = of_.load(code.get_string()))
          if (auto m = readable(std::move(*r))) out.push_back(std::move(*m));
      return out;
    case Step::Is::naming:
    case Step::Is::query: break;
  }
  const Kind& kind = *declared_->kind(step.kind);
  auto asked = where(kind, step, from);
  if (!asked) {
    failed_ = asked.error();
    return out;
  }
  std::vector<std::int64_t> ids;
  store::Statement& s =
      of_.sql().prepare("select r.id from record r" +
                        (asked->joined ? " join " + kind.table() + " k on k.id = r.id" : std::string()) +
                        " where " + asked->text + " order by r.id limit " + std::to_string(kSeenMax + 1));
  for (std::size_t i = 0; i < asked->cells.size(); ++i) s.bind(static_cast<int>(i + 1), asked->cells[i]);
  while (s.step()) ids.push_back(s.integer(0));
  s.reset();
  for (Stored& r : of_.many(kind, ids))
    if (auto m = readable(std::move(r))) out.push_back(std::move(*m));
  for (auto by = step.sort.rbegin(); by != step.sort.rend(); ++by) sort(out, kind, *by);
  return out;
}

std::optional<Records::Fill::Met> Records::Fill::readable(Stored r) const {
  if (!of_.decide(who_, r, rights::Act::read).allowed) return {};
  return met_of(std::make_shared<const Stored>(std::move(r)));
}

base::Result<Where> Records::Fill::where(const Kind& kind, const Step& step, const Met& from) {
  Query q;
  q.filter = step.filter;
  for (auto& line : q.filter)
    if (auto* o = line.if_object())
      if (auto* v = o->if_contains("value"); v && (*v == "from" || *v == "to") && is_day(kind, *o))
        *v = *v == "from" ? asked_.from : asked_.to;
  q.filter = asked_today(kind, q.filter, who_.code, of_.today());
  if (step.is == Step::Is::query) q.case_id = case_;
  Where w = TRY(of_.where(who_, kind, q));
  if (step.is == Step::Is::naming) {
    w.text += " and r.id in (select l.source from record_link l where l.target = ? and l.field = ?)";
    w.bind(from.record->id), w.bind(step.field);
  }
  return w;
}

bool Records::Fill::is_day(const Kind& kind, const json::object& line) {
  const std::string name = text_in(line, "field");
  const Field* f = kind.field(name);
  return f ? f->type == Type::date || f->type == Type::time : name == "made" || name == "changed";
}

void Records::Fill::sort(std::vector<Met>& all, const Kind& kind, std::string by) const {
  const bool down = by.starts_with('-');
  if (down) by.erase(0, 1);
  const Field* f = kind.field(by);
  const auto key = [&](const Met& m) -> std::pair<double, std::string> {
    const Stored& r = *m.record;
    if (!f && by == "title") return {0, base::lower_ascii(r.title)};
    if (!f) return {static_cast<double>(by == "made" ? r.made : r.changed), ""};
    const auto* v = r.values.if_contains(by);
    if (!v) return {0, ""};
    if (v->is_number()) return {v->to_number<double>(), ""};
    if (f->type == Type::date)
      if (const auto d = days_of(std::string_view(v->get_string())))
        return {static_cast<double>(d->from), ""};
    if (f->type == Type::coded && !f->many)
      if (const auto vocabulary = declared_->vocabulary(f->vocabulary))
        for (std::size_t i = 0; i < vocabulary->codes.size(); ++i)
          if (vocabulary->codes[i].code == std::string_view(v->get_string()))
            return {static_cast<double>(i), ""};
    return {0, base::lower_ascii(to_cell(*f, *v))};
  };
  const auto absent = [&](const Met& m) { return f && !m.record->values.contains(by); };
  std::ranges::stable_sort(all, [&](const Met& a, const Met& b) {
    if (absent(a) || absent(b)) return !absent(a) && absent(b);
    return down ? key(b) < key(a) : key(a) < key(b);
  });
}

}  // namespace kinds

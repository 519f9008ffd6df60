// One record, as a page of it is read: values, where it stands, its links, its past.
#include "say.h"

#include <base/json.h>
#include <base/text.h>
#include <base/time.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

std::string when(std::int64_t micros) { return base::rfc3339(micros / 1'000'000); }
// To the microsecond, so that of two versions of one second each can be asked for.
std::string moment(std::int64_t micros) {
  const std::string part = std::to_string(1'000'000 + micros % 1'000'000);
  return when(micros).substr(0, 19) + "." + part.substr(1) + "Z";
}
// The first microsecond behind a time: behind its second, where it says no more. Nothing: it is no time.
std::optional<std::int64_t> behind(std::string_view time) {
  const auto at = base::parse_rfc3339(time);
  if (!at) return {};
  if (time.size() < 21 || time[19] != '.') return (*at + 1) * 1'000'000;
  std::int64_t micros = 0, unit = 100'000;
  for (std::size_t i = 20; i < time.size() && time[i] >= '0' && time[i] <= '9'; ++i, unit /= 10)
    micros += (time[i] - '0') * unit;
  return *at * 1'000'000 + micros + 1;
}

json::value shown(const Field& f, const json::value& v, bool visible) {
  if (v.is_null()) return v;
  if (f.guard == Guard::sealed) return json::object{{"sealed", true}};
  if (!visible) return json::object{{"masked", true}};
  return v;
}

void codes_in(const json::value& v, std::set<std::string>& out) {
  if (v.is_string())
    out.insert(std::string(v.get_string()));
  else if (v.is_array())
    for (const auto& x : v.get_array()) codes_in(x, out);
  else if (v.is_object())
    for (const auto& m : v.get_object()) codes_in(m.value(), out);
}

}  // namespace

json::object Records::person(std::string_view code) {
  for (const auto& p : around_.staff())
    if (p.code == code) return {{"code", p.code}, {"name", p.name}};
  return {{"code", json::string_view(code.data(), code.size())},
          {"name", json::string_view(code.data(), code.size())}};
}

json::object Records::values_shown(const Stored& r, std::uint64_t fields, json::array& masked,
                                   json::array& sealed) const {
  json::object out;
  for (const Field& f : r.kind->fields) {
    const auto* v = f.retired ? nullptr : r.values.if_contains(f.name);
    if (!v) continue;
    if (f.guard == Guard::sealed)
      sealed.emplace_back(f.name);
    else if (f.guard == Guard::open || (fields >> f.number & 1))
      out[f.name] = *v;
    else
      masked.emplace_back(f.name);
  }
  return out;
}

json::array Records::transitions_of(const Asker& who, const Stored& r) {
  json::array out;
  for (const Transition& t : r.kind->workflow.transitions) {
    if (std::ranges::find(t.from, r.state) == t.from.end()) continue;
    const rights::Decision d = decide(who, r, t.act);
    const bool own = t.four_eyes && (r.author == who.person || r.changed_by == who.code);
    const bool proof = !d.allowed && d.reason_for_ledger() == rights::Reason::step_up;
    json::array lacks;
    for (const Words& w : missing(r, t)) lacks.push_back(words_json(w));
    const auto why = d.reason_for_ledger();
    if (own || why == rights::Reason::self_approval)
      lacks.push_back(words_json({"another person than who wrote it", "une autre personne que l'auteur"}));
    out.push_back(json::object{{"name", t.name},
                               {"label", words_json(t.label)},
                               {"to", t.to},
                               {"allowed", (d.allowed || proof) && !own},
                               {"step_up", proof},
                               {"missing", std::move(lacks)},
                               {"reason", t.reason}});
  }
  return out;
}

json::array Records::links_of(const Asker& who, const Stored& r) {
  json::array out;
  struct Row {
    std::int64_t id, other;
    std::string field, relation;
    bool outward;
  };
  std::vector<Row> rows;
  sql().each(
      "select id, source, target, field, relation from record_link where source = ? or target = ? order by "
      "id",
      [&](store::Statement& s) {
        const bool outward = s.integer(1) == r.id;
        rows.push_back({s.integer(0), outward ? s.integer(2) : s.integer(1), std::string(s.text(3)),
                        std::string(s.text(4)), outward});
      },
      r.id, r.id);
  for (const Row& row : rows) {
    const auto other = load(row.other);
    if (!other || !decide(who, *other, rights::Act::search).allowed) continue;
    const Field* f = (row.outward ? r.kind : other->kind)->field(row.field);
    if (f && f->guard != Guard::open) continue;
    out.push_back(json::object{{"id", row.id},
                               {"relation", row.relation},
                               {"direction", row.outward ? "out" : "in"},
                               {"field", row.field.empty() ? json::value() : json::value(row.field)},
                               {"code", other->code},
                               {"kind", other->kind->name},
                               {"title", other->title},
                               {"state", other->state}});
  }
  return out;
}

json::array Records::tasks_of(const Stored& r) {
  json::array out;
  sql().each(
      "select id, person, role, en, fr, due from record_task where record = ? and state = 'open' order by id",
      [&](store::Statement& s) {
        const std::int64_t due = s.integer(5);
        json::object t{
            {"id", s.integer(0)},
            {"label", json::object{{"en", std::string(s.text(3))}, {"fr", std::string(s.text(4))}}},
            {"due", due ? json::value(date_of(due)) : json::value()},
            {"overdue", due && due < today()}};
        if (const std::int64_t p = s.integer(1))
          t["who"] = person("P-" + std::to_string(p));
        else
          t["role"] = std::string(s.text(2));
        out.push_back(std::move(t));
      },
      r.id);
  return out;
}

// Titles of the records and names of the people that occur, as far as they may be known.
json::object Records::names_in(const Asker& who, const Stored& r) {
  json::object out;
  std::set<std::string> records, people;
  const auto collect = [&](const std::vector<Field>& fields, const json::object& values,
                           const auto& self) -> void {
    for (const Field& f : fields) {
      const auto* v = f.retired || f.guard == Guard::sealed ? nullptr : values.if_contains(f.name);
      if (!v) continue;
      if (f.type == Type::reference) codes_in(*v, records);
      if (f.type == Type::staff) codes_in(*v, people);
      if (f.type == Type::rows && v->is_array())
        for (const auto& row : v->get_array())
          if (row.is_object()) self(f.columns, row.get_object(), self);
    }
  };
  collect(r.kind->fields, r.values, collect);
  for (const std::string& code : records)
    if (const auto other = load(code); other && decide(who, *other, rights::Act::search).allowed)
      out[code] = other->title;
  if (!people.empty())
    for (const auto& p : around_.staff())
      if (people.contains(p.code)) out[p.code] = p.name;
  return out;
}

base::Result<json::object> Records::page(const Asker& who, std::string_view code, std::string_view as_of) {
  Stored r = TRY(met(who, code));
  const std::int64_t version = r.version;
  std::string changed_by = r.changed_by;
  if (!as_of.empty()) {
    const auto until = behind(as_of);
    if (!until)
      return base::Error{base::Refusal::invalid, "\"as_of\" is a time such as 2026-11-27T10:00:00Z"};
    if (r.made >= *until) return not_there();
    // Back from today, change by change.
    std::int64_t last = 0;
    sql().each(
        "select version, at, state, changes, who from record_version where record = ? order by version desc",
        [&](store::Statement& s) {
          if (last) return;
          if (s.integer(1) < *until) {
            last = s.integer(0), r.version = last, r.state = s.text(2), r.changed = s.integer(1),
            changed_by = s.text(4);
            return;
          }
          const json::value changes = json::parse(json::string_view(s.text(3).data(), s.text(3).size()));
          for (const auto& c : changes.get_array()) {
            const auto& name = c.at(0).get_string();
            if (c.at(1).is_null())
              r.values.erase(name);
            else
              r.values[name] = c.at(1);
          }
        },
        r.id);
  }
  const bool now = as_of.empty();
  const rights::Decision read = decide(who, r, rights::Act::read);
  const rights::Decision sensitive = decide(who, r, rights::Act::read_sensitive);
  const std::uint64_t fields = read.fields | (sensitive.allowed ? sensitive.fields : 0);
  json::array masked, sealed;
  json::object values = values_shown(r, fields, masked, sealed);
  std::string payload;
  base::JsonWriter w(payload);
  w.object().member("kind", r.kind->name).member("version", r.version);
  w.key("sensitive").array();
  for (const Field& f : r.kind->fields)
    if (f.guard == Guard::restricted && !f.retired && values.contains(f.name)) w.value(f.name);
  w.end_array();
  if (!who.purpose.empty()) w.member("purpose", who.purpose);
  w.end_object();
  const LabelRow label = label_row(r.label);
  json::value in_case;
  for (const auto& c : around_.cases())
    if (c.id == label.case_id) in_case = json::object{{"id", c.id}, {"code", c.code}, {"title", c.title}};
  const State* state = r.kind->workflow.state(r.state);
  json::array may;
  const bool locked = state && state->locked;
  for (const auto& [word, act] :
       {std::pair{"change", rights::Act::change}, std::pair{"comment", rights::Act::annotate},
        std::pair{"link", rights::Act::annotate}})
    if (now && decide(who, r, act).allowed && !(locked && act == rights::Act::change)) may.emplace_back(word);
  if (sensitive.allowed && !sealed.empty()) may.emplace_back("open_sealed");
  json::object out{{"code", r.code},
                   {"kind", r.kind->name},
                   {"title", r.title},
                   {"case", std::move(in_case)},
                   {"class", rights::name_of(label.label.classification)},
                   {"state", r.state},
                   {"version", r.version},
                   {"made", when(r.made)},
                   {"author", person("P-" + std::to_string(r.author))},
                   {"changed", when(r.changed)},
                   {"changed_by", person(changed_by)},
                   {"values", std::move(values)},
                   {"masked", std::move(masked)},
                   {"sealed", std::move(sealed)},
                   {"names", names_in(who, r)},
                   {"locked", locked},
                   {"may", std::move(may)}};
  out["newest"] = version;
  out["transitions"] = now ? transitions_of(who, r) : json::array();
  out["tasks"] = now ? tasks_of(r) : json::array();
  out["links"] = now ? links_of(who, r) : json::array();
  desk_.tell({"viewed", who.code, r.code, payload});
  return out;
}

base::Result<json::object> Records::history(const Asker& who, std::string_view code) {
  const Stored r = TRY(met(who, code));
  const rights::Decision read = decide(who, r, rights::Act::read);
  const rights::Decision sensitive = decide(who, r, rights::Act::read_sensitive);
  const std::uint64_t fields = read.fields | (sensitive.allowed ? sensitive.fields : 0);
  desk_.tell({"history_viewed", who.code, r.code, "{\"kind\":" + base::json_string(r.kind->name) + "}"});
  json::array versions;
  sql().each(
      "select version, at, who, act, reason, state, changes from record_version where record = ? order by "
      "version desc",
      [&](store::Statement& s) {
        json::array changes;
        const json::value all = json::parse(json::string_view(s.text(6).data(), s.text(6).size()));
        for (const auto& c : all.get_array()) {
          const Field* f = r.kind->field(c.at(0).get_string());
          if (!f) continue;
          const bool visible = f->guard == Guard::open || (fields >> f->number & 1);
          changes.push_back(json::object{{"field", f->name},
                                         {"before", shown(*f, c.at(1), visible)},
                                         {"after", shown(*f, c.at(2), visible)}});
        }
        versions.push_back(json::object{{"version", s.integer(0)},
                                        {"at", moment(s.integer(1))},
                                        {"who", std::string(s.text(2))},
                                        {"act", std::string(s.text(3))},
                                        {"reason", std::string(s.text(4))},
                                        {"state", std::string(s.text(5))},
                                        {"changes", std::move(changes)}});
      },
      r.id);
  for (auto& v : versions) v.as_object()["who"] = person(std::string(v.at("who").as_string()));
  return json::object{{"versions", std::move(versions)}};
}

// Who has read or changed it: for its author, and for whoever may read the ledger.
base::Result<json::object> Records::readers(const Asker& who, std::string_view code) {
  const Stored r = TRY(met(who, code));
  Asked ledger;
  ledger.act = rights::Act::read, ledger.rights = "ledger";
  ledger.label.classification = rights::Classification::internal;
  if (r.author != who.person && !who.decide(ledger).allowed) return no_right();
  json::array rows;
  store::Ledger(sql()).of_item(r.code, [&](const store::Ledger::Row& row) {
    boost::system::error_code broken;
    const json::value entry = json::parse(json::string_view(row.entry.data(), row.entry.size()), broken);
    if (broken || !entry.is_object()) return;
    const auto text = [&](const char* name) {
      const auto* v = entry.get_object().if_contains(name);
      return v && v->is_string() ? std::string(v->get_string()) : std::string();
    };
    rows.push_back(json::object{{"row", row.seq},
                                {"at", text("time")},
                                {"act", text("act")},
                                {"who", text("actor")},
                                {"detail", std::string(row.payload)}});
  });
  std::ranges::reverse(rows);
  for (auto& row : rows) row.as_object()["who"] = person(std::string(row.at("who").as_string()));
  return json::object{{"rows", std::move(rows)}};
}

base::Result<json::object> Records::comments(const Asker& who, std::string_view code) {
  const Stored r = TRY(met(who, code));
  json::array out;
  sql().each(
      "select id, at, author, text, withdrawn from record_comment where record = ? order by id",
      [&](store::Statement& s) {
        const bool withdrawn = s.integer(4) != 0;
        out.push_back(json::object{{"id", s.integer(0)},
                                   {"at", when(s.integer(1))},
                                   {"who", "P-" + std::to_string(s.integer(2))},
                                   {"text", withdrawn ? std::string() : std::string(s.text(3))},
                                   {"withdrawn", withdrawn},
                                   {"own", s.integer(2) == who.person}});
      },
      r.id);
  for (auto& c : out) c.as_object()["who"] = person(std::string(c.at("who").as_string()));
  return json::object{{"comments", std::move(out)}};
}

json::object Records::kinds(const Asker& who) {
  json::array out;
  for (const auto& k : declared_->kinds()) {
    json::array may = may_some(who, *k);
    if (may.empty()) continue;
    out.push_back(json::object{{"kind", k->name},
                               {"module", k->module},
                               {"label", words_json(k->label)},
                               {"plural", words_json(k->plural)},
                               {"may", std::move(may)}});
  }
  return {{"kinds", std::move(out)}};
}
json::array Records::may_some(const Asker& who, const Kind& kind) {
  json::array may;
  for (const auto& [word, act] :
       {std::pair{"search", rights::Act::search}, std::pair{"add", rights::Act::add},
        std::pair{"change", rights::Act::change}})
    if (sees_some(who, kind, act)) may.emplace_back(word);
  return may;
}

base::Result<json::object> Records::declaration(const Asker& who, std::string_view name) {
  const Kind* k = declared_->kind(name);
  json::array may = k ? may_some(who, *k) : json::array();
  if (may.empty()) return not_there();
  json::object out = k->declaration;
  out["json_schema"] = json_schema(*k, *declared_);
  out["may"] = std::move(may);
  json::object vocabularies;
  const auto need = [&](const std::string& vocabulary) {
    if (const auto v = vocabulary.empty() ? nullptr : declared_->vocabulary(vocabulary))
      vocabularies[vocabulary] = v->declaration;
  };
  for (const Field& f : k->fields) {
    need(f.vocabulary);
    if (f.type == Type::graded) need("grading");
    for (const Field& c : f.columns) {
      need(c.vocabulary);
      if (c.type == Type::graded) need("grading");
    }
  }
  need("relation");
  out["vocabularies"] = std::move(vocabularies);
  json::array cases;
  LabelRow row{0, "", {rights::Classification::internal, {}}};
  out["bound"] = !sees(who, *k, row, rights::Act::add);
  for (const auto& c : around_.cases()) {
    row.case_id = c.id;
    if (sees(who, *k, row, rights::Act::add))
      cases.push_back(json::object{{"id", c.id}, {"code", c.code}, {"title", c.title}});
  }
  out["cases"] = std::move(cases);
  return out;
}

}  // namespace kinds

// Changes of records: each through the Desk, with its version, its links, its words and its row in the
// ledger.
#include "say.h"

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

std::string list_text(const std::vector<std::string>& names) {
  std::string out;
  base::JsonWriter w(out);
  w.array();
  for (const std::string& n : names) w.value(n);
  w.end_array();
  return out;
}

}  // namespace

json::array errors_of(const std::vector<Wrong>& wrong) {
  json::array out;
  for (const Wrong& w : wrong)
    out.push_back(json::object{{"field", w.field}, {"code", w.code}, {"message", words_json(w.words)}});
  return out;
}

void Records::on_write(std::string kind, Hook hook) { hooks_.emplace_back(std::move(kind), std::move(hook)); }

Known Records::known(const Asker& who, std::string_view state) {
  Known k;
  k.today = today(), k.state = state, k.declared = declared_.get();
  k.reference = [this, &who](const Field& f, std::string_view code) {
    const auto r = load(code);
    return r && std::ranges::find(f.to, r->kind->name) != f.to.end() &&
           decide(who, *r, rights::Act::search).allowed;
  };
  k.staff = [this](std::string_view code) {
    return std::ranges::any_of(around_.staff(), [&](const auto& p) { return p.code == code; });
  };
  k.item = who.item;
  return k;
}

std::string Records::seal_key(const Stored& r, const Field& f) {
  std::string key = "record/" + r.code + "/" + f.name;
  const LabelRow label = label_row(r.label);
  for (const std::uint64_t w : label.label.compartments.words) key += "/" + std::to_string(w);
  return key;
}

// What the record is to be: what was given, in its form; what the person may not touch stays as it is.
json::object Records::merged(const Asker& who, const Stored& r, const json::object& given,
                             std::uint64_t visible_fields, std::vector<Wrong>& wrong) {
  json::object plain = given;
  std::vector<const Field*> stays;
  std::vector<const Field*> sealed;
  for (const Field& f : r.kind->fields) {
    if (f.retired) continue;
    const auto* was = r.values.if_contains(f.name);
    const bool may_write = visible_fields >> f.number & 1;
    const bool asked_for = given.contains(f.name);
    if (f.computed || !may_write || (f.guard == Guard::sealed && !asked_for)) {
      if (asked_for && f.computed && (!was || *was != given.at(f.name)))
        wrong.push_back(
            {f.name, "computed", {"is computed and cannot be given", "est calculé et ne peut être saisi"}});
      stays.push_back(&f);
      plain.erase(f.name);
      if (was) plain[f.name] = f.guard == Guard::sealed ? json::value("sealed") : *was;
    } else if (f.guard == Guard::sealed) {
      sealed.push_back(&f);
    }
  }
  Known world = known(who, r.state);
  world.before = &r.values;
  json::object out = fit(*r.kind, plain, world, wrong);
  for (const Field* f : stays)
    if (const auto* was = r.values.if_contains(f->name)) out[f->name] = *was;
  for (const Field* f : sealed)
    if (const auto* v = out.if_contains(f->name); v && v->is_string())
      out[f->name] = base::hex(around_.seal(seal_key(r, *f), std::string_view(v->get_string())));
  return out;
}

base::Status Records::store(kernel::Change& c, const Asker& who, const Stored* before, Stored& after,
                            const Note& note, std::vector<Wrong>& wrong) {
  const Kind& kind = *after.kind;
  const LabelRow label = label_row(after.label);
  Writing writing{c,
                  kind,
                  after.code,
                  label.case_id,
                  after.state,
                  before ? std::string_view(before->state) : std::string_view(),
                  before ? &before->values : nullptr,
                  after.values,
                  wrong,
                  who.code,
                  today(),
                  {},
                  {},
                  {},
                  {},
                  {},
                  {},
                  {}};
  Further further;
  equip(writing, who, after, further);
  for (const auto& [of, hook] : hooks_)
    if (of == kind.name || of == "*") hook(writing);
  if (!wrong.empty()) return kUnfit;
  json::array changes;
  std::vector<std::string> names;
  for (const Field& f : kind.fields) {
    if (f.retired) continue;
    const auto* was = before ? before->values.if_contains(f.name) : nullptr;
    const auto* is = after.values.if_contains(f.name);
    if ((!was && !is) || (was && is && *was == *is)) continue;
    names.push_back(f.name);
    changes.push_back(json::array{f.name, was ? *was : json::value(), is ? *is : json::value()});
    if (f.unique && is)
      if (sql().number("select count(*) from " + kind.table() + " where f_" + f.name + " = ? and id <> ?",
                       std::string(is->is_string() ? std::string(is->get_string()) : json::serialize(*is)),
                       after.id))
        wrong.push_back(
            {f.name, "taken", {"stands in another record already", "figure déjà dans une autre fiche"}});
  }
  if (!wrong.empty()) return kUnfit;
  if (before && names.empty() && before->state == after.state && note.act == "record_changed")
    return base::Done{};
  after.version = before ? before->version + 1 : 1;
  after.changed = clock_.unix_micros();
  after.changed_by = who.code;
  const auto* title = after.values.if_contains(kind.name_field);
  after.title = title && title->is_string() ? std::string(title->get_string()) : after.code;
  const std::int64_t stamp =
      sql().number("select coalesce(max(stamp), 0) + 1 from record where kind = ?", kind.name);
  if (before) {
    if (!sql().run(
            "update record set version = ?, state = ?, changed_by = ?, changed = ?, title = ?, stamp = "
            "? where id = ? and version = ?",
            after.version, after.state, after.changed_by, after.changed, after.title, stamp, after.id,
            before->version))
      return base::Error{base::Refusal::conflict,
                         "somebody else has changed " + after.code + " since: look at both versions"};
  } else {
    sql().run(
        "insert into record (id, kind, code, version, state, label, author, changed_by, made, changed, "
        "title, stamp) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        after.id, kind.name, after.code, after.version, after.state, after.label, after.author,
        after.changed_by, after.made, after.changed, after.title, stamp);
  }
  write_values(after, !before);
  sql().run(
      "insert into record_version (record, version, at, who, act, reason, state, changes) values (?, ?, ?, "
      "?, ?, ?, ?, ?)",
      after.id, after.version, after.changed, who.code, note.act, note.reason, after.state,
      json::serialize(changes));
  if (!names.empty()) write_links(after, who.person), write_words(after);
  std::string payload;
  base::JsonWriter w(payload);
  w.object().member("kind", kind.name).member("version", after.version).member("state", after.state);
  w.key("fields").raw(list_text(names));
  if (!label.case_id.empty()) w.member("case", label.case_id);
  if (!note.reason.empty()) w.member("reason", note.reason);
  if (!who.purpose.empty()) w.member("purpose", who.purpose);
  w.end_object();
  c.tell({note.act, who.code, after.code, payload});
  for (auto& [of, values] : further) {
    Stored r;
    r.kind = of;
    r.id = sql().number("select coalesce(max(id), 0) + 1 from record");
    r.code = new_code(*of);
    r.label = after.label;
    r.author = who.person;
    r.made = clock_.unix_micros();
    r.state = of->workflow.start;
    r.values = std::move(values);
    TRY(store(c, who, nullptr, r, {"record_added", ""}, wrong));
  }
  return base::Done{};
}

void Records::write_links(const Stored& r, std::int64_t author) {
  sql().run("delete from record_link where source = ? and field <> ''", r.id);
  std::int64_t next = sql().number("select coalesce(max(id), 0) from record_link");
  for (const Field& f : r.kind->fields) {
    const auto* v = f.retired || f.type != Type::reference ? nullptr : r.values.if_contains(f.name);
    if (!v) continue;
    const auto one = [&](const json::value& code) {
      const auto to = load(std::string_view(code.get_string()));
      if (to)
        sql().run(
            "insert into record_link (id, source, target, field, relation, made, author) values (?, ?, ?, ?, "
            "'', ?, ?)",
            ++next, r.id, to->id, f.name, r.changed, author);
    };
    if (v->is_array())
      for (const auto& code : v->get_array()) one(code);
    else
      one(*v);
  }
}

void Records::write_words(const Stored& r) {
  sql().run("delete from record_word where record = ?", r.id);
  std::set<std::string> all;
  for (std::string& w : search_words(r.code + "\n" + text_of(*r.kind, r.values, *declared_)))
    all.insert(std::move(w));
  for (const std::string& w : all) sql().run("insert into record_word (word, record) values (?, ?)", w, r.id);
}

Answer<Records::Stand> Records::add(const Asker& who, std::string_view name, const json::object& values,
                                    const New& with) {
  const base::Error nothing = not_there();
  const Kind* kind = declared_->kind(name);
  if (!kind) return nothing;
  LabelRow label;
  label.case_id = with.case_id;
  const auto classification = rights::classification_named(
      with.classification.empty() ? "INTERNAL" : std::string_view(with.classification));
  if (!classification)
    return Unfit{
        {{"class",
          "unknown_code",
          {"is PUBLIC, INTERNAL, CONFIDENTIAL or SECRET", "est PUBLIC, INTERNAL, CONFIDENTIAL ou SECRET"}}}};
  label.label.classification = *classification;
  for (const std::int64_t n : with.compartments)
    if (n >= 0 && n < static_cast<std::int64_t>(rights::kCompartmentsMax))
      label.label.compartments.add(static_cast<std::size_t>(n));
  const auto cases = around_.cases();
  if (!with.case_id.empty() &&
      std::ranges::none_of(cases, [&](const auto& c) { return c.id == with.case_id; }))
    return nothing;
  const rights::Decision decision = who.decide(asked(*kind, label, rights::Act::add));
  if (!decision.allowed) {
    if (with.case_id.empty() && !cases.empty()) {
      for (const auto& c : cases) {  // it needs a case, and they could name one
        LabelRow other{0, c.id, label.label};
        if (who.decide(asked(*kind, other, rights::Act::add)).allowed)
          return Unfit{{{"case",
                         "required",
                         {"is required: say to which case it belongs",
                          "est obligatoire : dites de quelle affaire il s'agit"}}}};
      }
    }
    return nothing;
  }
  Stand made;
  std::vector<Wrong> wrong;
  const base::Status done = desk_.change([&](kernel::Change& c) -> base::Status {
    if (!with.once.empty()) {
      std::string code;
      sql().each(
          "select code from record_once where person = ? and key = ?",
          [&](store::Statement& s) { code = s.text(0); }, who.person, with.once);
      if (!code.empty()) {
        if (const auto r = load(code)) made = {r->code, r->version, r->state};
        return base::Done{};
      }
    }
    Stored r;
    r.kind = kind;
    r.id = sql().number("select coalesce(max(id), 0) + 1 from record");
    r.code = new_code(*kind);
    r.label = label_of(label.case_id, label.label);
    r.author = who.person;
    r.made = clock_.unix_micros();
    r.state = kind->workflow.start;
    r.values = merged(who, r, values, decision.fields, wrong);
    if (!wrong.empty()) return kUnfit;
    TRY(store(c, who, nullptr, r, {"record_added", ""}, wrong));
    if (!with.once.empty())
      sql().run("insert into record_once (person, key, code) values (?, ?, ?)", who.person, with.once,
                r.code);
    made = {r.code, r.version, r.state};
    return base::Done{};
  });
  if (!wrong.empty()) return Unfit{std::move(wrong)};
  if (!done.ok()) return done.error();
  return made;
}

base::Result<Records::Stored> Records::met(const Asker& who, std::string_view code, rights::Act act) {
  auto r = load(code);
  if (!r || !decide(who, *r, rights::Act::read).allowed) return not_there();
  if (act != rights::Act::read)
    if (const rights::Decision d = decide(who, *r, act); !d.allowed) return refusal(who, *r, act, d);
  return std::move(*r);
}

Answer<Records::Stand> Records::change(const Asker& who, std::string_view code, std::int64_t version,
                                       const json::object& values) {
  auto met_now = met(who, code, rights::Act::change);
  if (!met_now) return met_now.error();
  const Stored before = std::move(*met_now);
  if (const State* s = before.kind->workflow.state(before.state); s && s->locked)
    return base::Error{base::Refusal::denied, before.code + " is " + base::lower_ascii(s->label.en) +
                                                  " and cannot be changed: take it back first"};
  if (before.version != version)
    return base::Error{base::Refusal::conflict,
                       "somebody else has changed " + before.code + " since: look at both versions"};
  const rights::Decision decision = decide(who, before, rights::Act::change);
  Stored after = before;
  std::vector<Wrong> wrong;
  const base::Status done = desk_.change([&](kernel::Change& c) -> base::Status {
    after.values = merged(who, before, values, decision.fields, wrong);
    if (!wrong.empty()) return kUnfit;
    return store(c, who, &before, after, {"record_changed", ""}, wrong);
  });
  if (!wrong.empty()) return Unfit{std::move(wrong)};
  if (!done.ok()) return done.error();
  return Stand{after.code, after.version, after.state};
}

base::Result<std::string> Records::open_sealed(const Asker& who, std::string_view code, std::string_view name,
                                               std::string_view reason) {
  const Stored r = TRY(met(who, code));
  const Field* f = r.kind->field(name);
  const rights::Decision d = decide(who, r, rights::Act::read_sensitive);
  const auto* v = f ? r.values.if_contains(f->name) : nullptr;
  if (!f || f->guard != Guard::sealed || !v) return not_there();
  if (!d.allowed || !(d.fields >> f->number & 1)) return refusal(who, r, rights::Act::read_sensitive, d);
  if (short_of_reason(reason))
    return base::Error{base::Refusal::invalid, "say why, in at least " +
                                                   std::to_string(around_.reason_characters_min) +
                                                   " characters: the reason is kept with your name"};
  std::string payload;
  base::JsonWriter w(payload);
  w.object().member("kind", r.kind->name).member("field", f->name).member("reason", reason);
  if (!who.purpose.empty()) w.member("purpose", who.purpose);
  w.end_object();
  TRY(desk_.change([&](kernel::Change& c) -> base::Status {
    c.tell({"sealed_opened", who.code, r.code, payload});
    return base::Done{};
  }));
  const auto bytes = base::unhex(std::string_view(v->get_string()));
  auto value = bytes ? around_.unseal(seal_key(r, *f), *bytes) : std::nullopt;
  if (!value)
    return base::Error{base::Refusal::damaged,
                       r.code + "." + f->name + " does not open: tell the key custodian"};
  return std::move(*value);
}

base::Result<std::int64_t> Records::comment(const Asker& who, std::string_view code, std::string_view text) {
  const Stored r = TRY(met(who, code, rights::Act::annotate));
  const std::string clean = base::clean(base::trim(text));
  if (clean.empty() || clean.size() > 20'000)
    return base::Error{base::Refusal::invalid, "a comment has 1 to 20,000 characters"};
  std::int64_t id = 0;
  TRY(desk_.change([&](kernel::Change& c) -> base::Status {
    id = sql().number("select coalesce(max(id), 0) + 1 from record_comment");
    sql().run(
        "insert into record_comment (id, record, at, author, text, withdrawn) values (?, ?, ?, ?, ?, 0)", id,
        r.id, clock_.unix_micros(), who.person, clean);
    c.tell({"commented", who.code, r.code, "{\"comment\":" + std::to_string(id) + "}"});
    return base::Done{};
  }));
  return id;
}

base::Status Records::withdraw_comment(const Asker& who, std::int64_t id) {
  const std::int64_t record =
      sql().number("select record from record_comment where id = ? and author = ?", id, who.person);
  const auto r = record ? load(record) : std::nullopt;
  if (!r || !decide(who, *r, rights::Act::annotate).allowed) return not_there();
  return desk_.change([&](kernel::Change& c) -> base::Status {
    sql().run("update record_comment set withdrawn = 1 where id = ?", id);
    c.tell({"comment_withdrawn", who.code, r->code, "{\"comment\":" + std::to_string(id) + "}"});
    return base::Done{};
  });
}

base::Result<std::int64_t> Records::link(const Asker& who, std::string_view code, std::string_view relation,
                                         std::string_view to) {
  const Stored from = TRY(met(who, code, rights::Act::annotate));
  const Stored target = TRY(met(who, to));
  const auto relations = declared_->vocabulary("relation");
  if (!relations || !relations->code(relation))
    return base::Error{base::Refusal::invalid,
                       "\"" + std::string(relation) + "\" is no relation of the vocabulary"};
  if (from.id == target.id) return base::Error{base::Refusal::invalid, "a record is not linked to itself"};
  std::int64_t id = 0;
  TRY(desk_.change([&](kernel::Change& c) -> base::Status {
    if (sql().number("select count(*) from record_link where source = ? and target = ? and relation = ?",
                     from.id, target.id, relation))
      return base::Error{base::Refusal::conflict, "they are linked so already"};
    id = sql().number("select coalesce(max(id), 0) + 1 from record_link");
    sql().run(
        "insert into record_link (id, source, target, field, relation, made, author) values (?, ?, ?, '', ?, "
        "?, ?)",
        id, from.id, target.id, relation, clock_.unix_micros(), who.person);
    std::string payload;
    base::JsonWriter(payload).object().member("relation", relation).member("to", target.code).end_object();
    c.tell({"linked", who.code, from.code, payload});
    return base::Done{};
  }));
  return id;
}

base::Status Records::unlink(const Asker& who, std::int64_t id) {
  std::int64_t source = 0, target = 0;
  sql().each(
      "select source, target from record_link where id = ? and field = ''",
      [&](store::Statement& s) { source = s.integer(0), target = s.integer(1); }, id);
  const auto from = source ? load(source) : std::nullopt;
  const auto to = target ? load(target) : std::nullopt;
  if (!from || !to || !decide(who, *from, rights::Act::annotate).allowed ||
      !decide(who, *to, rights::Act::read).allowed)
    return not_there();
  return desk_.change([&](kernel::Change& c) -> base::Status {
    sql().run("delete from record_link where id = ?", id);
    std::string payload;
    base::JsonWriter(payload).object().member("to", to->code).end_object();
    c.tell({"unlinked", who.code, from->code, payload});
    return base::Done{};
  });
}

}  // namespace kinds

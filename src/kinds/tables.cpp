// The tables that are made from the declarations, and what is kept in them.
#include "called.h"
#include "order.h"
#include "say.h"
#include "tally.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/text.h>
#include <kinds/limit.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::string_view kTables = R"(
create table record (id {key}, kind text not null, code text not null, version {int} not null, state
  text not null, label {int} not null, author {int} not null, changed_by text not null, made {int} not
  null, changed {int} not null, title text not null);
create unique index record_code on record (code);
create index record_of_kind on record (kind, label, changed);
create table record_label (id {key}, case_id text not null, classification text not null, compartments
  text not null);
create table record_version (record {int} not null, version {int} not null, at {int} not null, who text
  not null, act text not null, reason text not null, state text not null, changes text not null, primary
  key (record, version));
create table record_link (id {key}, source {int} not null, target {int} not null, field text not null,
  relation text not null, made {int} not null, author {int} not null);
create index record_link_source on record_link (source);
create index record_link_target on record_link (target);
create table record_comment (id {key}, record {int} not null, at {int} not null, author {int} not null,
  text text not null, withdrawn {int} not null);
create index record_comment_of on record_comment (record);
create table record_task (id {key}, record {int} not null, person {int} not null, role text not null, en
  text not null, fr text not null, due {int} not null, made {int} not null, state text not null,
  reminded {int} not null);
create index record_task_of on record_task (record);
create index record_task_open on record_task (state, due);
create table record_word (word text not null, record {int} not null, primary key (word, record));
create index record_word_of on record_word (record);
create table record_once (person {int} not null, key text not null, code text not null, primary key
  (person, key));
create table record_notice (id {key}, person {int} not null, at {int} not null, en text not null, fr
  text not null, code text not null, seen {int} not null);
create index record_notice_of on record_notice (person, seen);
create table record_view (id {key}, person {int} not null, kind text not null, name text not null, body
  text not null);
create table record_feed (person {key}, token_hash text not null);
create table record_mail (person {key}, address text not null, told {int} not null);
create table vocabulary (name text not null, version {int} not null, at {int} not null, who text not
  null, body text not null, primary key (name, version));
create table kind_column (kind text not null, number {int} not null, name text not null, type text not
  null, primary key (kind, number));
)";

constexpr std::string_view kQuestions = R"(
create table record_question (id text primary key, person {int} not null, kind text not null, at {int}
  not null, body text not null);
create index record_question_of on record_question (person, kind);
create index record_title on record (title);
)";

// Changes of a kind are numbered, so that what is kept in memory learns of them: kinds::Order.
constexpr std::string_view kStamps = R"(
alter table record add column stamp {int} not null default 0;
create index record_stamp on record (kind, stamp);
drop index record_of_kind;
)";

constexpr std::string_view kTemplates = R"(
create table template (name text not null, version {int} not null, at {int} not null, who text not null, body
  text not null, primary key (name, version));
)";

constexpr std::string_view kKept = R"(
create table record_kept (record {int} not null, name text not null, content text not null, primary key
  (record, name));
)";

std::string column_type(const Field& f) {
  if (f.guard == Guard::sealed || f.many) return "text";
  switch (f.type) {
    case Type::integer:
    case Type::yes_no: return "{int}";
    case Type::number: return "{real}";
    default: return "text";
  }
}
std::string kept_type(const Field& f) { return std::string(name_of(f.type)) + (f.many ? " many" : ""); }

std::vector<std::int64_t> numbers_of(std::string_view text) {
  std::vector<std::int64_t> out;
  for (const std::string_view part : base::split(text, ' '))
    if (!part.empty()) out.push_back(std::atoll(std::string(part).c_str()));
  return out;
}
std::string compartments_text(const rights::Compartments& c) {
  std::string out;
  for (std::size_t i = 0; i < rights::kCompartmentsMax; ++i)
    if (c.words[i / 64] >> i % 64 & 1) out += (out.empty() ? "" : " ") + std::to_string(i);
  return out;
}

}  // namespace

Records::Records(kernel::Desk& desk, Declared declared, const base::Clock& clock, Surroundings around)
    : desk_(desk),
      clock_(clock),
      around_(std::move(around)),
      declared_(std::move(declared)),
      orders_(std::make_unique<Orders>()),
      tallies_(std::make_unique<Tallies>()),
      callings_(std::make_unique<Callings>()),
      labels_(std::make_shared<const std::vector<LabelRow>>()) {}
Records::~Records() = default;

base::Result<std::unique_ptr<Records>> Records::open(kernel::Desk& desk, Declared declared,
                                                     const base::Clock& clock, Surroundings around) {
  std::unique_ptr<Records> r(new Records(desk, std::move(declared), clock, std::move(around)));
  const std::vector<store::Migration> steps{
      {1, kTables}, {2, kQuestions}, {3, kStamps}, {4, kTemplates}, {5, kKept}};
  TRY(store::migrate(r->sql(), steps, "records"));
  TRY(r->make_tables());
  r->on_vocabulary("non_working_day", [](const Vocabulary& v) -> base::Status {
    static_cast<void>(TRY(WorkingDays::of(v.declaration)));
    return base::Done{};
  });
  r->on_vocabulary("time_limit", [](const Vocabulary& v) -> base::Status {
    static_cast<void>(TRY(limits_from(v.declaration, {}, 0)));
    return base::Done{};
  });
  TRY(r->load_vocabularies());
  TRY(r->load_templates());
  r->know_labels();
  return r;
}

// A table a kind. A field that is new gets its column; one that is there must be what it was.
base::Status Records::make_tables() {
  store::Transaction t(sql());
  for (const auto& k : declared_->kinds()) {
    std::map<std::int64_t, std::pair<std::string, std::string>> there;
    sql().each(
        "select number, name, type from kind_column where kind = ?",
        [&](store::Statement& s) {
          there[s.integer(0)] = {std::string(s.text(1)), std::string(s.text(2))};
        },
        k->name);
    if (there.empty()) sql().script("create table if not exists " + k->table() + " (id {key})");
    for (const Field& f : k->fields) {
      if (const auto at = there.find(f.number); at != there.end()) {
        if (f.retired) continue;
        if (at->second != std::pair(f.name, kept_type(f)))
          return base::Error{base::Refusal::conflict,
                             k->name + "." + f.name + ": field " + std::to_string(f.number) + " was " +
                                 at->second.first + " (" + at->second.second +
                                 ") when this office was made; give a new field a new number"};
        continue;
      }
      if (f.retired) continue;
      sql().script("alter table " + k->table() + " add column f_" + f.name + " " + column_type(f));
      if (f.type == Type::date)
        for (const char* end : {"_a", "_z"})
          sql().script("alter table " + k->table() + " add column f_" + f.name + end + " {int}");
      sql().run("insert into kind_column (kind, number, name, type) values (?, ?, ?, ?)", k->name, f.number,
                f.name, kept_type(f));
    }
  }
  t.commit();
  return base::Done{};
}

base::Status Records::load_vocabularies() {
  Declared all = *declared_;
  std::optional<base::Error> wrong;
  bool newer = false;
  sql().each(
      "select v.name, v.body from vocabulary v where v.version = (select max(w.version) from vocabulary w "
      "where w.name = v.name)",
      [&](store::Statement& s) {
        auto v = read_vocabulary(s.text(1));
        if (!v)
          wrong = v.error();
        else if (const auto shipped = all.vocabulary(v->name); !shipped || shipped->version < v->version)
          all.put(std::move(*v)), newer = true;
      });
  if (wrong) return *wrong;
  if (newer) declared_.put(std::move(all));
  return base::Done{};
}

base::Status Records::reload() {
  TRY(load_vocabularies());
  return load_templates();
}

std::shared_ptr<const Declared> Records::declared() { return declared_.shared(); }

namespace {

std::pair<std::string, rights::Label> label_in(const store::Statement& s) {
  std::pair<std::string, rights::Label> out{std::string(s.text(1)), {}};
  out.second.classification =
      rights::classification_named(s.text(2)).value_or(rights::Classification::secret);
  for (const std::int64_t n : numbers_of(s.text(3))) out.second.compartments.add(static_cast<std::size_t>(n));
  return out;
}
constexpr std::string_view kLabels = "select id, case_id, classification, compartments from record_label ";

}  // namespace

// Not called within a change: it may not be made, and then neither are its labels.
Records::Labels Records::know_labels() {
  const auto have = [&] {
    const std::lock_guard lock(mutex_);
    return labels_;
  }();
  std::vector<LabelRow> all;
  sql().each(
      std::string(kLabels) + "where id > ? order by id",
      [&](store::Statement& s) {
        if (all.empty()) all = *have;
        auto [case_id, label] = label_in(s);
        all.push_back({s.integer(0), std::move(case_id), label});
      },
      static_cast<std::int64_t>(have->size()));
  if (all.empty()) return have;
  const auto now = std::make_shared<const std::vector<LabelRow>>(std::move(all));
  const std::lock_guard lock(mutex_);
  if (now->size() > labels_->size()) labels_ = now;
  return now;
}
Records::LabelRow Records::label_row(std::int64_t id) {
  {
    const std::lock_guard lock(mutex_);
    if (id >= 1 && id <= static_cast<std::int64_t>(labels_->size()))
      return (*labels_)[static_cast<std::size_t>(id - 1)];
  }
  std::optional<LabelRow> out;
  sql().each(
      std::string(kLabels) + "where id = ?",
      [&](store::Statement& s) {
        auto [case_id, label] = label_in(s);
        out = LabelRow{s.integer(0), std::move(case_id), label};
      },
      id);
  CHECK(out);
  return *out;
}
// Inside a change. Numbers have no gap, so that the place in labels_ is the number.
std::int64_t Records::label_of(std::string_view case_id, const rights::Label& label) {
  const std::string_view classification = rights::name_of(label.classification);
  const std::string compartments = compartments_text(label.compartments);
  const std::int64_t met = sql().number(
      "select id from record_label where case_id = ? and classification = ? and compartments = ?", case_id,
      classification, compartments);
  if (met) return met;
  const std::int64_t id = sql().number("select coalesce(max(id), 0) + 1 from record_label");
  sql().run("insert into record_label (id, case_id, classification, compartments) values (?, ?, ?, ?)", id,
            case_id, classification, compartments);
  return id;
}

namespace {

// What is asked outlives the label it was made of. There are few cases.
std::string_view lasting(const std::string& case_id) {
  static std::mutex mutex;
  static std::set<std::string> all;
  const std::lock_guard lock(mutex);
  return *all.insert(case_id).first;
}

}  // namespace

Asked Records::asked(const Kind& kind, const LabelRow& row, rights::Act act) const {
  Asked a;
  a.act = act, a.rights = kind.rights, a.case_id = lasting(row.case_id), a.label = row.label;
  for (const Field& f : kind.fields) {
    a.fields |= std::uint64_t{1} << f.number;
    if (f.guard != Guard::open) a.sensitive |= std::uint64_t{1} << f.number;
  }
  return a;
}
bool Records::sees(const Asker& who, const Kind& kind, const LabelRow& row, rights::Act act) {
  return who.decide(asked(kind, row, act)).allowed;
}
std::vector<std::int64_t> Records::visible(const Asker& who, const Kind& kind, rights::Act act) {
  const Labels labels = know_labels();
  std::vector<std::int64_t> out;
  for (const LabelRow& row : *labels)
    if (sees(who, kind, row, act)) out.push_back(row.id);
  return out;
}
// Whether they see any record of the kind there may be: without a case, or in one of those there are.
bool Records::sees_some(const Asker& who, const Kind& kind, rights::Act act) {
  LabelRow row{0, "", {rights::Classification::internal, {}}};
  if (sees(who, kind, row, act)) return true;
  for (const auto& c : around_.cases()) {
    row.case_id = c.id;
    if (sees(who, kind, row, act)) return true;
  }
  return false;
}
Asked Records::asked(const Stored& r, rights::Act act) {
  Asked a = asked(*r.kind, label_row(r.label), act);
  a.record = static_cast<std::uint64_t>(r.id);
  a.author = a.requester = static_cast<std::uint64_t>(r.author);
  return a;
}
rights::Decision Records::decide(const Asker& who, const Stored& r, rights::Act act) {
  return who.decide(asked(r, act));
}
base::Error Records::refusal(const Asker& who, const Stored& r, rights::Act act, const rights::Decision& d) {
  if (d.reason_for_ledger() == rights::Reason::self_approval) return needs_another();
  return who.lacking ? who.lacking(asked(r, act), d.reason_for_ledger()) : no_right();
}
bool Records::short_of_reason(std::string_view reason) const {
  return base::trim(reason).size() < around_.reason_characters_min;
}

namespace {

json::value value_of(const Field& f, const record::Cell& c) {
  using Is = record::Cell::Is;
  if (c.is == Is::null) return nullptr;
  if (f.guard == Guard::sealed) return json::string_view(c.bytes.data(), c.bytes.size());
  const auto parsed = [&] { return json::parse(json::string_view(c.bytes.data(), c.bytes.size())); };
  if (f.many) return parsed();
  switch (f.type) {
    case Type::integer: return c.integer;
    case Type::yes_no: return c.integer != 0;
    case Type::number: return c.is == Is::integer ? static_cast<double>(c.integer) : c.real;
    case Type::place:
    case Type::graded:
    case Type::money:
    case Type::rows: return parsed();
    default: return json::string_view(c.bytes.data(), c.bytes.size());
  }
}

std::vector<const Field*> kept_fields(const Kind& kind) {
  std::vector<const Field*> out;
  for (const Field& f : kind.fields)
    if (!f.retired) out.push_back(&f);
  return out;
}
std::string kept_columns(const Kind& kind) {
  std::string out;
  for (const Field* f : kept_fields(kind)) out += ", k.f_" + f->name;
  return out;
}
constexpr std::string_view kHead =
    "r.id, r.version, r.label, r.author, r.made, r.changed, r.code, r.state, r.title, r.changed_by";

}  // namespace

Records::Stored Records::stored_of(const store::Statement& s, const Kind& kind,
                                   const std::vector<const Field*>& fields) {
  Stored r{s.integer(0), s.integer(1), s.integer(2), s.integer(3), s.integer(4), s.integer(5), &kind};
  r.code = s.text(6), r.state = s.text(7), r.title = s.text(8), r.changed_by = s.text(9);
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (auto v = value_of(*fields[i], s.cell(static_cast<int>(10 + i))); !v.is_null())
      r.values[fields[i]->name] = std::move(v);
  return r;
}

std::optional<Records::Stored> Records::load_row(std::string_view where, const record::Cell& value) {
  std::string kind;
  sql().each(
      "select r.kind from record r where " + std::string(where),
      [&](store::Statement& s) { kind = s.text(0); }, value);
  const Kind* k = declared_->kind(kind);
  if (!k) return {};
  std::optional<Stored> out;
  const auto fields = kept_fields(*k);
  sql().each(
      "select " + std::string(kHead) + kept_columns(*k) + " from record r join " + k->table() +
          " k on k.id = r.id where " + std::string(where),
      [&](store::Statement& s) { out = stored_of(s, *k, fields); }, value);
  return out;
}
std::optional<Records::Stored> Records::load(std::string_view code) {
  return load_row("r.code = ?", record::Cell::text(code));
}
std::optional<Records::Stored> Records::load(std::int64_t id) {
  return load_row("r.id = ?", record::Cell::of(id));
}

std::vector<Records::Stored> Records::many(const Kind& kind, const std::vector<std::int64_t>& ids) {
  constexpr std::size_t kAtOnce = 128;  // one statement for all windows
  static const std::string marks = [] {
    std::string m = "?";
    for (std::size_t i = 1; i < kAtOnce; ++i) m += ",?";
    return m;
  }();
  const auto fields = kept_fields(kind);
  std::map<std::int64_t, Stored> met;
  for (std::size_t from = 0; from < ids.size(); from += kAtOnce) {
    store::Statement& s =
        sql().prepare("select " + std::string(kHead) + kept_columns(kind) + " from record r join " +
                      kind.table() + " k on k.id = r.id where r.id in (" + marks + ")");
    for (std::size_t i = 0; i < kAtOnce; ++i)
      s.bind(static_cast<int>(i + 1), record::Cell::of(from + i < ids.size() ? ids[from + i] : 0));
    while (s.step()) {
      Stored r = stored_of(s, kind, fields);
      met.emplace(r.id, std::move(r));
    }
    s.reset();
  }
  std::vector<Stored> out;
  for (const std::int64_t id : ids)
    if (const auto at = met.find(id); at != met.end()) out.push_back(std::move(at->second));
  return out;
}

// One statement for head and values: what was, is overwritten whole.
void Records::write_values(const Stored& r, bool fresh) {
  std::vector<std::string> texts;  // keeps what cells look at
  texts.reserve(r.kind->fields.size() * 3);
  std::vector<std::pair<std::string, record::Cell>> cells;
  for (const Field* f : kept_fields(*r.kind)) {
    const std::string column = "f_" + f->name;
    const auto* v = r.values.if_contains(f->name);
    record::Cell cell;
    if (v && !v->is_null()) {
      if (v->is_string())
        cell = record::Cell::text(texts.emplace_back(v->get_string()));
      else if (v->is_bool())
        cell = record::Cell::of(std::int64_t{v->get_bool()});
      else if (v->is_int64() && f->type == Type::number)
        cell = record::Cell::of(static_cast<double>(v->get_int64()));
      else if (v->is_int64())
        cell = record::Cell::of(v->get_int64());
      else if (v->is_double())
        cell = record::Cell::of(v->get_double());
      else
        cell = record::Cell::text(texts.emplace_back(json::serialize(*v)));
    }
    cells.emplace_back(column, cell);
    if (f->type == Type::date) {
      const auto days = v && v->is_string() ? days_of(std::string_view(v->get_string()))
                                            : base::Result<Days>(base::Error{});
      cells.emplace_back(column + "_a", days ? record::Cell::of(days->from) : record::Cell{});
      cells.emplace_back(column + "_z", days ? record::Cell::of(days->to) : record::Cell{});
    }
  }
  std::string text =
      fresh ? "insert into " + r.kind->table() + " (id" : "update " + r.kind->table() + " set ";
  if (fresh) {
    std::string marks = "?";
    for (const auto& [name, cell] : cells) text += ", " + name, marks += ", ?";
    text += ") values (" + marks + ")";
  } else {
    bool first = true;
    for (const auto& [name, cell] : cells) text += (first ? "" : ", ") + name + " = ?", first = false;
    text += " where id = ?";
  }
  store::Statement& s = sql().prepare(text);
  int n = 0;
  if (fresh) s.bind(++n, record::Cell::of(r.id));
  for (const auto& [name, cell] : cells) s.bind(++n, cell);
  if (!fresh) s.bind(++n, record::Cell::of(r.id));
  while (s.step()) {}
  s.reset();
}

std::string Records::new_code(const Kind& kind) {
  static constexpr std::string_view kSigns = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";  // Crockford's 32
  for (;;) {
    // Random, so that no code tells how many others there are.
    const std::string bytes = base::random_bytes(7);
    std::string code = kind.prefix + "-";
    for (const char b : bytes) code += kSigns[static_cast<unsigned char>(b) & 31];
    if (!sql().number("select count(*) from record where code = ?", code)) return code;
  }
}

}  // namespace kinds

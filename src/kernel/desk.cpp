#include <kernel/desk.h>

#include <algorithm>
#include <set>

namespace kernel {

std::vector<std::string> Registrar::faults() const {
  std::vector<std::string> out;
  std::set<std::string_view> names, operations_met;
  for (const auto* s : shapes)
    if (!names.insert(s->name).second) out.push_back("two records are named " + std::string(s->name));
  for (const auto& [shape, list] : rules)
    if (std::ranges::find(shapes, shape) == shapes.end())
      out.push_back("a rule is about " + std::string(shape->name) + ", which nobody brings");
  for (const Operation& o : operations)
    if (!operations_met.insert(o.name).second)
      out.push_back("two operations are named " + std::string(o.name));
  return out;
}

std::string Registrar::lock() const {
  std::vector<std::string> parts;
  for (const auto* s : shapes) parts.push_back(::record::lock_lines(*s));
  std::ranges::sort(parts);
  return base::join(parts, "");
}

std::string_view Desk::schema() {
  static const std::string text =
      std::string(store::Ledger::schema()) +
      "create table job (id {key}, kind text not null, argument text not null, state text not null,"
      " done {int} not null, total {int} not null, owner text not null);";
  return text;
}

Desk::Desk(store::Sql& sql, const Registrar& house, const base::Clock& clock)
    : sql_(sql), house_(house), clock_(clock), ledger_(sql) {}

base::Status Desk::change(const std::function<base::Status(Change&)>& change) {
  try {
    store::Transaction t(sql_);
    ledger_.again();
    Change c(*this, clock_.unix_micros());
    base::Status s = change(c);
    if (s.ok())
      t.commit();
    else
      ledger_.forget();
    return s;
  } catch (...) {
    ledger_.forget();
    throw;
  }
}

std::uint64_t Change::tell(const store::Act& act) { return desk_.ledger_.append(act, now_); }

base::Status Change::write(const record::Shape& shape, const void* r, const store::Act* act, bool fresh) {
  if (const auto at = desk_.house_.rules.find(&shape); at != desk_.house_.rules.end())
    for (const auto& rule : at->second)
      if (const Violation v = rule(r)) return base::Error{base::Refusal::invalid, *v};
  if (fresh)
    store::insert(desk_.sql_, shape, r);
  else
    store::update(desk_.sql_, shape, r);
  if (act) tell(*act);
  return base::Done{};
}
void Change::erase(const record::Shape& shape, std::int64_t key) {
  const auto named = std::ranges::find_if(shape.fields, &record::Field::key);
  CHECK(named != shape.fields.end());
  desk_.sql_.run("delete from " + std::string(shape.name) + " where " + std::string(named->name) + " = ?",
                 key);
}

std::int64_t Change::later(std::string_view kind, std::string_view argument) {
  const std::int64_t id = desk_.sql_.number("select coalesce(max(id), 0) + 1 from job");
  desk_.sql_.run(
      "insert into job (id, kind, argument, state, done, total, owner) values (?, ?, ?, 'waiting', 0, 0, '')",
      id, kind, argument);
  return id;
}

namespace {

Job job_of(const store::Statement& s) {
  return {s.integer(0), std::string(s.text(1)), std::string(s.text(2)), std::string(s.text(3)),
          s.integer(4), s.integer(5),           std::string(s.text(6))};
}

}  // namespace

std::optional<Job> Desk::take(std::string_view kind, std::string_view owner) {
  std::optional<Job> job;
  store::Transaction t(sql_);
  const char* skip = sql_.dialect() == store::Dialect::postgresql ? " for update skip locked" : "";
  sql_.each(
      "update job set state = 'running', owner = ? where id = (select id from job where kind = ? and state = "
      "'waiting' order by id limit 1" +
          std::string(skip) + ") returning id, kind, argument, state, done, total, owner",
      [&](store::Statement& s) { job = job_of(s); }, owner, kind);
  t.commit();
  return job;
}
void Desk::progress(std::int64_t job, std::int64_t done, std::int64_t total) {
  sql_.run("update job set done = ?, total = ? where id = ?", done, total, job);
}
void Desk::finish(std::int64_t job) { sql_.run("update job set state = 'done' where id = ?", job); }
std::int64_t Desk::resume(std::string_view kind) {
  return sql_.run("update job set state = 'waiting', owner = '' where kind = ? and state = 'running'", kind);
}
std::vector<Job> Desk::open_jobs() {
  std::vector<Job> out;
  sql_.each("select id, kind, argument, state, done, total, owner from job where state <> 'done' order by id",
            [&](store::Statement& s) { out.push_back(job_of(s)); });
  return out;
}
std::optional<Job> Desk::job(std::int64_t id) {
  std::optional<Job> out;
  sql_.each(
      "select id, kind, argument, state, done, total, owner from job where id = ?",
      [&](store::Statement& s) { out = job_of(s); }, id);
  return out;
}

}  // namespace kernel

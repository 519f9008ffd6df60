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

std::string_view Desk::schema_of_leases() {
  return "alter table job add column place text not null default '';"
         "alter table job add column held_until {int} not null default 0;";
}

Desk::Desk(store::Sql& sql, const Registrar& house, const base::Clock& clock)
    : sql_(sql), house_(house), clock_(clock), ledger_(sql) {}

thread_local Desk::Hold* Desk::held = nullptr;

Desk::Hold::Hold(Desk& d, bool t) : of(d), turn(t), outer(held) { held = this; }
Desk::Hold::~Hold() { held = outer; }

void Desk::read_by(std::shared_ptr<store::Readers> readers) { readers_ = std::move(readers); }

store::Sql& Desk::records() {
  Hold* reading = nullptr;  // the outermost: what is read within it is of one state
  for (Hold* h = held; h; h = h->outer) {
    if (&h->of != this) continue;
    if (h->turn) return sql_;
    reading = h;
  }
  if (!reading || !readers_) return sql_;
  if (!reading->lent) reading->lent = readers_->lend();
  return *reading->lent;
}
void Desk::give_back() noexcept {
  for (Hold* h = held; h; h = h->outer)
    if (&h->of == this) h->lent.give_back();
}

void Desk::tell(const store::Act& act) {
  together([&](Change& c) { c.tell(act); });
}
void Desk::together(const std::function<void(Change&)>& small) {
  Waiting mine{&small};
  {
    const std::lock_guard lock(waiting_mutex_);
    waiting_.push_back(&mine);
  }
  give_back();  // nobody waits for the disk with a connection in hand
  const Turn turn(*this);
  if (!mine.done) {  // nobody did it meanwhile: this thread does it for all that wait
    std::vector<Waiting*> all;
    {
      const std::lock_guard lock(waiting_mutex_);
      all.swap(waiting_);
    }
    std::exception_ptr why;
    try {
      static_cast<void>(change([&](Change& c) -> base::Status {
        for (const Waiting* w : all) (*w->small)(c);
        return base::Done{};
      }));
    } catch (...) { why = std::current_exception(); }
    for (Waiting* w : all) w->why = why, w->done = true;
  }
  if (mine.why) std::rethrow_exception(mine.why);
}

base::Status Desk::change(const std::function<base::Status(Change&)>& change) {
  give_back();  // what is read afterwards has seen this change
  const Turn turn(*this);
  try {
    store::Transaction t(sql_);
    // On PostgreSQL all changes wait for their turn here, as they do on SQLite, so that what a change reads
    // still holds when it writes.
    if (sql_.dialect() == store::Dialect::postgresql) sql_.script("lock table ledger in exclusive mode");
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

std::int64_t Change::later(std::string_view kind, std::string_view argument, std::string_view place) {
  const std::int64_t id = desk_.sql_.number("select coalesce(max(id), 0) + 1 from job");
  desk_.sql_.run(
      "insert into job (id, kind, argument, state, done, total, owner, place, held_until) values (?, ?, ?, "
      "'waiting', 0, 0, '', ?, 0)",
      id, kind, argument, place);
  return id;
}

namespace {

const std::string kJob = "id, kind, argument, state, done, total, owner, place";
Job job_of(const store::Statement& s) {
  return {s.integer(0), std::string(s.text(1)), std::string(s.text(2)), std::string(s.text(3)),
          s.integer(4), s.integer(5),           std::string(s.text(6)), std::string(s.text(7))};
}

}  // namespace

// Of the database, where several machines share it.
std::int64_t Desk::shared_now() {
  if (sql_.dialect() == store::Dialect::sqlite) return now();
  return sql_.number("select (extract(epoch from clock_timestamp()) * 1000000)::bigint");
}
std::optional<Job> Desk::take(std::string_view kind, std::string_view owner, std::int64_t lease) {
  const Turn turn(*this);
  std::optional<Job> job;
  store::Transaction t(sql_);
  const std::int64_t now = shared_now();
  const char* skip = sql_.dialect() == store::Dialect::postgresql ? " for update skip locked" : "";
  sql_.each(
      "update job set state = 'running', owner = ?, held_until = ? where id = (select id from job "
      "where kind = ? and (state = 'waiting' or (state = 'running' and held_until between 1 and ? "
      "and owner <> ?)) and not exists (select 1 from job r where r.place = job.place and r.place <> '' "
      "and r.id <> job.id and r.state = 'running' and r.held_until > ?) order by id limit 1" +
          std::string(skip) + ") returning " + kJob,
      [&](store::Statement& s) { job = job_of(s); }, owner, lease ? now + lease : 0, kind, now, owner, now);
  t.commit();
  return job;
}
bool Desk::hold(std::int64_t job, std::string_view owner, std::int64_t lease) {
  const Turn turn(*this);
  return sql_.run("update job set held_until = ? where id = ? and owner = ? and state = 'running'",
                  shared_now() + lease, job, owner) == 1;
}
void Desk::give_back(std::int64_t job, std::string_view owner) {
  const Turn turn(*this);
  sql_.run("update job set state = 'waiting', owner = '', held_until = 0 where id = ? and owner = ?", job,
           owner);
}
void Desk::progress(std::int64_t job, std::int64_t done, std::int64_t total) {
  const Turn turn(*this);
  sql_.run("update job set done = ?, total = ? where id = ?", done, total, job);
}
void Desk::finish(std::int64_t job) {
  const Turn turn(*this);
  sql_.run("update job set state = 'done' where id = ?", job);
}
std::int64_t Desk::resume(std::string_view kind) {
  const Turn turn(*this);
  return sql_.run(
      "update job set state = 'waiting', owner = '', held_until = 0 where kind = ? and state = "
      "'running'",
      kind);
}
std::vector<Job> Desk::open_jobs() {
  const Turn turn(*this);
  std::vector<Job> out;
  sql_.each("select " + kJob + " from job where state <> 'done' order by id",
            [&](store::Statement& s) { out.push_back(job_of(s)); });
  return out;
}
std::optional<Job> Desk::job(std::int64_t id) {
  const Turn turn(*this);
  std::optional<Job> out;
  sql_.each(
      "select " + kJob + " from job where id = ?", [&](store::Statement& s) { out = job_of(s); }, id);
  return out;
}

}  // namespace kernel

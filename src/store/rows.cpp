#include "dialect.h"

namespace store {
namespace {

void replace_all(std::string& s, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = s.find(from, at)) != std::string::npos; at += to.size())
    s.replace(at, from.size(), to);
}

}  // namespace

std::string in_dialect(std::string_view sql, Dialect dialect) {
  const bool pg = dialect == Dialect::postgresql;
  std::string out(sql);
  if (out.find('{') != std::string::npos) {
    replace_all(out, "{key}", pg ? "bigint primary key" : "integer primary key");
    replace_all(out, "{int}", pg ? "bigint" : "integer");
    replace_all(out, "{real}", pg ? "double precision" : "real");
    replace_all(out, "{blob}", pg ? "bytea" : "blob");
  }
  if (!pg) return out;
  std::string numbered;
  int n = 0;
  bool literal = false;
  for (const char c : out) {
    if (c == '\'') literal = !literal;
    if (c == '?' && !literal)
      numbered += "$" + std::to_string(++n);
    else
      numbered += c;
  }
  return numbered;
}

base::Status migrate(Sql& sql, std::span<const Migration> steps, std::string_view of) {
  // Processes that open a new database at once go one after the other; SQLite sees to it itself.
  struct InTurn {
    Sql* sql;
    ~InTurn() {
      if (sql) try {
          sql->script("select pg_advisory_unlock(hashtext(current_schema()))");
        } catch (const base::Fault&) {}  // with the connection the lock has gone as well
    }
  } const turn{sql.dialect() == Dialect::postgresql ? &sql : nullptr};
  if (turn.sql) sql.script("select pg_advisory_lock(hashtext(current_schema()))");
  const std::string table = "schema_step" + (of.empty() ? "" : "_" + std::string(of));
  sql.script("create table if not exists " + table + " (version {int} not null)");
  const std::string newest = "select coalesce(max(version), 0) from " + table;
  const std::int64_t have = sql.number(newest);
  if (!steps.empty() && have > steps.back().version)
    return base::Error{base::Refusal::unsupported, "these records were made by a newer Custos (step " +
                                                       std::to_string(have) + ", this one knows " +
                                                       std::to_string(steps.back().version) +
                                                       "); use that version"};
  for (const Migration& m : steps) {
    if (m.version <= have) continue;
    Transaction t(sql);
    // Another process may have taken the step while this one waited for its turn.
    if (sql.number(newest) >= m.version) continue;
    sql.script(m.script);
    sql.run("insert into " + table + " (version) values (?)", m.version);
    t.commit();
  }
  return base::Done{};
}

namespace {

// In quotes: a name may be a word of one database, as "like" is of PostgreSQL.
std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

}  // namespace

std::string create_table(const record::Shape& shape) {
  static constexpr std::string_view types[] = {"{int}", "{real}", "text", "{blob}"};
  std::string out = "create table " + std::string(shape.name) + " (", indexes;
  bool first = true;
  for (const record::Field& f : shape.fields) {
    out.append(first ? "" : ", ").append(quoted(f.name)).append(" ");
    first = false;
    if (f.key && f.wire->column == record::Column::integer)
      out += "{key}";
    else {
      out += types[static_cast<std::size_t>(f.wire->column)];
      if (!f.wire->optional) out += " not null";
      if (f.key) out += " primary key";
    }
    if (f.indexed)
      indexes += "create index " + std::string(shape.name) + "_" + std::string(f.name) + " on " +
                 std::string(shape.name) + " (" + quoted(f.name) + ");";
  }
  return out + ");" + indexes;
}

std::string columns(const record::Shape& shape) {
  std::string out;
  for (const record::Field& f : shape.fields) out.append(out.empty() ? "" : ", ").append(quoted(f.name));
  return out;
}

namespace {

std::string insert_text(const record::Shape& shape) {
  std::string text = "insert into " + std::string(shape.name) + " (" + columns(shape) + ") values (?";
  for (std::size_t i = 1; i < shape.fields.size(); ++i) text += ",?";
  return text + ")";
}
std::string update_text(const record::Shape& shape) {
  std::string text = "update " + std::string(shape.name) + " set ", where = " where ";
  for (const record::Field& f : shape.fields) {
    std::string& to = f.key ? where : text;
    if (to.back() != ' ') to += f.key ? " and " : ", ";
    to.append(quoted(f.name)).append("=?");
  }
  return text + where;
}
// The text of a statement is made once a shape and thread.
const std::string& kept(const record::Shape& shape, std::string (*make)(const record::Shape&)) {
  thread_local std::map<std::pair<const record::Shape*, std::string (*)(const record::Shape&)>, std::string>
      texts;
  std::string& text = texts[{&shape, make}];
  if (text.empty()) text = make(shape);
  return text;
}

}  // namespace

void insert(Sql& sql, const record::Shape& shape, const void* r) {
  Statement& s = sql.prepare(kept(shape, insert_text));
  int n = 0;
  record::Cell c;
  for (const record::Field& f : shape.fields) {
    f.wire->write(c, f.at(r));
    s.bind(++n, c);
  }
  while (s.step()) {}
  s.reset();
}

void update(Sql& sql, const record::Shape& shape, const void* r) {
  Statement& s = sql.prepare(kept(shape, update_text));
  int n = 0;
  record::Cell c;
  for (const bool keys : {false, true})
    for (const record::Field& f : shape.fields)
      if (f.key == keys) {
        f.wire->write(c, f.at(r));
        s.bind(++n, c);
      }
  while (s.step()) {}
  s.reset();
}

void load(const Statement& row, const record::Shape& shape, void* r) {
  int n = 0;
  for (const record::Field& f : shape.fields)
    if (!f.wire->read(row.cell(n++), f.at_mutable(r)))
      base::fault("column " + std::string(f.name) + " of " + std::string(shape.name) +
                  " holds a value of another kind");
}

}  // namespace store

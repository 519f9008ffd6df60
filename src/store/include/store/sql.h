#pragma once
// One connection to the records, SQLite or PostgreSQL behind one face. A connection belongs to one thread.
//
// Statements are written once, with ? for values and three words for types that the two databases
// spell differently: {key} {int} {blob}. What should never happen is thrown as base::Fault.

#include <base/result.h>
#include <record/describe.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace store {

enum class Dialect { sqlite, postgresql };

class Statement {
 public:
  virtual ~Statement() = default;
  // Positions count from 1; what is bound must live until the next step().
  virtual void bind(int position, const record::Cell& cell) = 0;
  // The next row; false after the last. The first step executes.
  virtual bool step() = 0;
  virtual record::Cell cell(int column) const = 0;  // from 0; views live until the next step or reset
  virtual void reset() = 0;
  virtual std::int64_t changes() const = 0;  // rows changed by the last execution

  Statement& with(int position, std::int64_t v) { return bind(position, record::Cell::of(v)), *this; }
  Statement& with(int position, std::string_view text) {
    return bind(position, record::Cell::text(text)), *this;
  }
  Statement& with_blob(int position, std::string_view b) {
    return bind(position, record::Cell::blob(b)), *this;
  }
  std::int64_t integer(int column) const { return cell(column).integer; }
  std::string_view text(int column) const { return cell(column).bytes; }
};

class Sql {
 public:
  virtual ~Sql() = default;
  virtual Dialect dialect() const = 0;
  // Prepared once, kept by its text (the 256 last used); handed out reset. One user at a time.
  virtual Statement& prepare(std::string_view sql) = 0;
  virtual void script(std::string_view sql) = 0;  // statements separated by ;
  virtual void begin() = 0;                       // a writing transaction: takes its lock at once
  virtual void commit() = 0;                      // durable when it returns
  virtual void rollback() noexcept = 0;
  // From now on one state of the records is read, whatever others commit, until rollback().
  virtual void snapshot() = 0;

  // Executes to the end, giving each row to `row`.
  template <class... V>
  void each(std::string_view sql, const std::function<void(Statement&)>& row, const V&... values) {
    Statement& s = prepare(sql);
    int n = 0;
    (bind_one(s, ++n, values), ...);
    while (s.step()) row(s);
    s.reset();
  }
  template <class... V>
  std::int64_t run(std::string_view sql, const V&... values) {
    Statement& s = prepare(sql);
    int n = 0;
    (bind_one(s, ++n, values), ...);
    while (s.step()) {}
    const std::int64_t c = s.changes();
    s.reset();
    return c;
  }
  template <class... V>
  std::int64_t number(std::string_view sql, const V&... values) {  // the first cell of the first row, or 0
    std::int64_t out = 0;
    each(
        sql, [&](Statement& s) { out = s.integer(0); }, values...);
    return out;
  }

 private:
  static void bind_one(Statement& s, int n, const record::Cell& c) { s.bind(n, c); }
  static void bind_one(Statement& s, int n, std::int64_t v) { s.bind(n, record::Cell::of(v)); }
  static void bind_one(Statement& s, int n, int v) { s.bind(n, record::Cell::of(std::int64_t{v})); }
  static void bind_one(Statement& s, int n, std::uint64_t v) {
    s.bind(n, record::Cell::of(static_cast<std::int64_t>(v)));
  }
  static void bind_one(Statement& s, int n, std::string_view v) { s.bind(n, record::Cell::text(v)); }
};

// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Sql& sql) : sql_(&sql) { sql.begin(); }
  ~Transaction() {
    if (sql_) sql_->rollback();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit() {
    sql_->commit();
    sql_ = nullptr;
  }

 private:
  Sql* sql_;
};

struct SqliteOptions {
  std::string key;      // 32 bytes: pages are encrypted (docs/formats/pages.md); empty: they are not
  bool durable = true;  // each commit is on the disk before commit() returns
  std::int64_t cache_kib = 16 * 1024;
  bool read_only = false;
};
std::unique_ptr<Sql> open_sqlite(const std::string& path, const SqliteOptions& options);
// Refuses: invalid (no address of PostgreSQL, or a password in it).
base::Status check_postgresql_address(const std::string& url);
// `schema` holds all tables of one use (an office, a case); made when absent.
std::unique_ptr<Sql> open_postgresql(const std::string& url, const std::string& schema);

// One step of a schema's history. Steps are never edited once released; new ones follow.
struct Migration {
  int version;
  std::string_view script;
};
// Brings a database to the newest step, each in a transaction of its own.
// Refuses: unsupported (a newer Custos made it).
// `of`: whose steps these are, where several share a database.
base::Status migrate(Sql& sql, std::span<const Migration> steps, std::string_view of = {});

// "create table if not exists ..." and its indexes, from a shape.
std::string create_table(const record::Shape& shape);
void insert(Sql& sql, const record::Shape& shape, const void* record);
void update(Sql& sql, const record::Shape& shape, const void* record);  // by key
// Fills `record` from a row of "select <columns(shape)> from ...".
std::string columns(const record::Shape& shape);
void load(const Statement& row, const record::Shape& shape, void* record);

template <record::Described T>
void insert(Sql& sql, const T& r) {
  insert(sql, record::shape<T>, &r);
}
template <record::Described T>
void update(Sql& sql, const T& r) {
  update(sql, record::shape<T>, &r);
}
template <record::Described T, class... V>
std::vector<T> select(Sql& sql, std::string_view where, const V&... values) {
  std::vector<T> out;
  sql.each(
      "select " + columns(record::shape<T>) + " from " + std::string(record::shape<T>.name) + " " +
          std::string(where),
      [&](Statement& row) { load(row, record::shape<T>, &out.emplace_back()); }, values...);
  return out;
}

}  // namespace store

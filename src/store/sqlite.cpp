#include "dialect.h"
#include "kept.h"
#include "pages.h"

#include <store/sqlite.h>

#include <base/handle.h>
#include <base/text.h>

#include <sqlite3.h>

namespace store {
namespace {

using Connection = base::Handle<sqlite3, sqlite3_close_v2>;
using Prepared = base::Handle<sqlite3_stmt, sqlite3_finalize>;

[[noreturn]] void fail(sqlite3* db, std::string_view doing) {
  const int rc = sqlite3_extended_errcode(db);
  const char* file = sqlite3_db_filename(db, "main");
  if (rc == SQLITE_IOERR_DATA || rc == SQLITE_IOERR_SHORT_READ || (rc & 255) == SQLITE_NOTADB ||
      (rc & 255) == SQLITE_CORRUPT)
    base::fault(std::string(file ? file : "a database") +
                " is damaged or of another key; restore it from a backup with `custos restore`");
  if ((rc & 255) == SQLITE_FULL)
    base::fault("the disk is full; free some room and call the same command again");
  base::fault(std::string(doing) + ": " + sqlite3_errmsg(db));
}

class SqliteStatement final : public Statement {
 public:
  SqliteStatement(sqlite3* db, Prepared s) : db_(db), s_(std::move(s)) {}
  void bind(int n, const record::Cell& c) override {
    int rc = SQLITE_OK;
    switch (c.is) {
      case record::Cell::Is::null: rc = sqlite3_bind_null(s_.get(), n); break;
      case record::Cell::Is::integer: rc = sqlite3_bind_int64(s_.get(), n, c.integer); break;
      case record::Cell::Is::real: rc = sqlite3_bind_double(s_.get(), n, c.real); break;
      case record::Cell::Is::text:
        rc = sqlite3_bind_text64(s_.get(), n, c.bytes.data() ? c.bytes.data() : "", c.bytes.size(),
                                 SQLITE_STATIC, SQLITE_UTF8);
        break;
      case record::Cell::Is::blob:
        rc = sqlite3_bind_blob64(s_.get(), n, c.bytes.data() ? c.bytes.data() : "", c.bytes.size(),
                                 SQLITE_STATIC);
        break;
    }
    if (rc != SQLITE_OK) fail(db_, "cannot bind a value");
  }
  bool step() override {
    const int rc = sqlite3_step(s_.get());
    if (rc == SQLITE_ROW) return true;
    if (rc != SQLITE_DONE) fail(db_, sqlite3_sql(s_.get()));
    return false;
  }
  record::Cell cell(int i) const override {
    sqlite3_stmt* s = s_.get();
    switch (sqlite3_column_type(s, i)) {
      case SQLITE_INTEGER: return record::Cell::of(std::int64_t{sqlite3_column_int64(s, i)});
      case SQLITE_FLOAT: return record::Cell::of(sqlite3_column_double(s, i));
      case SQLITE_NULL: return {};
      case SQLITE_TEXT: {
        const auto* p = reinterpret_cast<const char*>(sqlite3_column_text(s, i));
        return record::Cell::text({p, static_cast<std::size_t>(sqlite3_column_bytes(s, i))});
      }
      default: {
        const auto* p = static_cast<const char*>(sqlite3_column_blob(s, i));
        return record::Cell::blob({p ? p : "", static_cast<std::size_t>(sqlite3_column_bytes(s, i))});
      }
    }
  }
  void reset() override { sqlite3_reset(s_.get()); }
  bool busy() const { return sqlite3_stmt_busy(s_.get()); }
  std::int64_t changes() const override { return sqlite3_changes64(db_); }

 private:
  sqlite3* db_;
  Prepared s_;
};

class Sqlite final : public Sql {
 public:
  Sqlite(const std::string& path, const SqliteOptions& o) {
    if (!o.key.empty()) use_key(path, o.key);
    sqlite3* raw = nullptr;
    const int flags = (o.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                      SQLITE_OPEN_NOMUTEX;
    const int rc = sqlite3_open_v2(path.c_str(), &raw, flags, o.key.empty() ? "unix" : kPagesVfs);
    db_.reset(raw);
    if (rc != SQLITE_OK)
      base::fault("cannot open " + path + ": " + (raw ? sqlite3_errmsg(raw) : "out of memory"));
    sqlite3_extended_result_codes(raw, 1);
    sqlite3_busy_timeout(raw, 60'000);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(raw, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    script("pragma temp_store=memory; pragma cache_size=-" + std::to_string(o.cache_kib) +
           "; pragma foreign_keys=on;");
    if (!o.read_only) {
      use_log();
      script("pragma wal_autocheckpoint=4000");
    }
    script(o.durable ? "pragma synchronous=full" : "pragma synchronous=normal");
  }
  Dialect dialect() const override { return Dialect::sqlite; }
  sqlite3* handle() const { return db_.get(); }

  Statement& prepare(std::string_view sql) override {
    SqliteStatement& s = kept_.of(sql, [&] {
      const std::string text = in_dialect(sql, Dialect::sqlite);
      sqlite3_stmt* raw = nullptr;
      if (sqlite3_prepare_v3(db_.get(), text.data(), static_cast<int>(text.size()), SQLITE_PREPARE_PERSISTENT,
                             &raw, nullptr) != SQLITE_OK)
        fail(db_.get(), "cannot prepare " + text);
      return std::make_unique<SqliteStatement>(db_.get(), Prepared(raw));
    });
    s.reset();
    return s;
  }
  void script(std::string_view sql) override {
    if (sqlite3_exec(db_.get(), in_dialect(sql, Dialect::sqlite).c_str(), nullptr, nullptr, nullptr) !=
        SQLITE_OK)
      fail(db_.get(), sql);
  }
  void begin() override { script("begin immediate"); }
  void snapshot() override { script("begin"); }
  void commit() override { script("commit"); }
  void rollback() noexcept override {
    kept_.reset();
    sqlite3_exec(db_.get(), "rollback", nullptr, nullptr, nullptr);
  }

 private:
  // Two connections that turn a new file to its log at once wait for each other; SQLite does not ask its
  // busy handler here, it refuses the second at once.
  void use_log() {
    for (int tries = 0;; ++tries) {
      const int rc = sqlite3_exec(db_.get(), "pragma journal_mode=wal", nullptr, nullptr, nullptr);
      if (rc == SQLITE_OK) return;
      if ((rc & 0xff) != SQLITE_BUSY || tries == kLogTries) fail(db_.get(), "pragma journal_mode=wal");
      sqlite3_sleep(5);
    }
  }

  static constexpr int kLogTries = 12'000;  // a minute, as the busy handler waits
  Connection db_;
  KeptStatements<SqliteStatement> kept_;
};

}  // namespace

std::unique_ptr<Sql> open_sqlite(const std::string& path, const SqliteOptions& options) {
  return std::make_unique<Sqlite>(path, options);
}
void* sqlite_handle(Sql& sql) { return static_cast<Sqlite&>(sql).handle(); }

}  // namespace store

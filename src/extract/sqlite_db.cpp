// SQLite databases, read by SQLite itself through a file of ours that can only be read and lies in a Source.
// A table is a page of text, a row a line; larger blobs are parts. Nothing of the schema is run: no views,
// triggers, virtual tables.
#include <base/bytes.h>
#include <base/text.h>
#include <extract/reader.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <sqlite3.h>

namespace extract {
namespace {

constexpr std::string_view kSqliteTypes[] = {"application/vnd.sqlite3"};
constexpr int kBlobShown = 64;        // bytes; larger blobs are parts
constexpr int kValueMax = 128 << 20;  // bytes of one value or row
constexpr std::int64_t kHeapMax = 256ll << 20;
constexpr std::uint64_t kStepsMax = 2'000'000;  // of 10,000 instructions each

struct OpenFile {
  sqlite3_file base;
  Source* source;
};

int file_read(sqlite3_file* file, void* to, int n, sqlite3_int64 at) {
  Source& source = *reinterpret_cast<OpenFile*>(file)->source;
  const std::string_view got = source.read(static_cast<std::uint64_t>(at), static_cast<std::size_t>(n));
  if (!got.empty()) std::memcpy(to, got.data(), got.size());
  if (got.size() == static_cast<std::size_t>(n)) return SQLITE_OK;
  std::memset(static_cast<char*>(to) + got.size(), 0, static_cast<std::size_t>(n) - got.size());
  return SQLITE_IOERR_SHORT_READ;
}

const sqlite3_io_methods& methods() {
  static const sqlite3_io_methods all = [] {
    sqlite3_io_methods m{};
    m.iVersion = 1;
    m.xClose = [](sqlite3_file*) { return SQLITE_OK; };
    m.xRead = file_read;
    m.xWrite = [](sqlite3_file*, const void*, int, sqlite3_int64) { return SQLITE_READONLY; };
    m.xTruncate = [](sqlite3_file*, sqlite3_int64) { return SQLITE_READONLY; };
    m.xSync = [](sqlite3_file*, int) { return SQLITE_OK; };
    m.xFileSize = [](sqlite3_file* f, sqlite3_int64* n) {
      *n = static_cast<sqlite3_int64>(reinterpret_cast<OpenFile*>(f)->source->size());
      return SQLITE_OK;
    };
    m.xLock = m.xUnlock = [](sqlite3_file*, int) { return SQLITE_OK; };
    m.xCheckReservedLock = [](sqlite3_file*, int* out) { return *out = 0, SQLITE_OK; };
    m.xFileControl = [](sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; };
    m.xSectorSize = [](sqlite3_file*) { return 4096; };
    m.xDeviceCharacteristics = [](sqlite3_file*) { return SQLITE_IOCAP_IMMUTABLE; };
    return m;
  }();
  return all;
}

// A file system that holds one file. It is made for one reading and unmade after it.
class OneFile {
 public:
  explicit OneFile(Source& source) {
    vfs_.iVersion = 1;
    vfs_.szOsFile = sizeof(OpenFile);
    vfs_.mxPathname = 64;
    vfs_.zName = "custos-source";
    vfs_.pAppData = &source;
    vfs_.xOpen = [](sqlite3_vfs* vfs, sqlite3_filename, sqlite3_file* file, int flags, int* out) {
      if (!(flags & SQLITE_OPEN_MAIN_DB)) return SQLITE_CANTOPEN;
      auto* open = reinterpret_cast<OpenFile*>(file);
      open->base.pMethods = &methods();
      open->source = static_cast<Source*>(vfs->pAppData);
      if (out) *out = SQLITE_OPEN_READONLY;
      return SQLITE_OK;
    };
    vfs_.xDelete = [](sqlite3_vfs*, const char*, int) { return SQLITE_READONLY; };
    vfs_.xAccess = [](sqlite3_vfs*, const char*, int, int* out) { return *out = 0, SQLITE_OK; };
    vfs_.xFullPathname = [](sqlite3_vfs*, const char* name, int n, char* out) {
      sqlite3_snprintf(n, out, "%s", name);
      return SQLITE_OK;
    };
    vfs_.xRandomness = [](sqlite3_vfs*, int n, char* out) {
      return std::memset(out, 0, static_cast<std::size_t>(n)), n;
    };
    vfs_.xSleep = [](sqlite3_vfs*, int) { return 0; };
    vfs_.xCurrentTime = [](sqlite3_vfs*, double* out) { return *out = 0, SQLITE_OK; };
    vfs_.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
    sqlite3_vfs_register(&vfs_, 0);
  }
  ~OneFile() { sqlite3_vfs_unregister(&vfs_); }
  OneFile(const OneFile&) = delete;

 private:
  sqlite3_vfs vfs_{};
};

int allow(void*, int action, const char*, const char*, const char*, const char*) {
  return action == SQLITE_SELECT || action == SQLITE_READ ? SQLITE_OK : SQLITE_DENY;
}

struct StatementCloser {
  void operator()(sqlite3_stmt* s) const { sqlite3_finalize(s); }
};
using Statement = std::unique_ptr<sqlite3_stmt, StatementCloser>;

class Reading {
 public:
  Reading(Source& source, Sink& sink) : source_(source), sink_(sink), file_(source) {}
  ~Reading() { sqlite3_close(db_); }
  Reading(const Reading&) = delete;

  base::Status run() {
    tell_header();
    sqlite3_hard_heap_limit64(kHeapMax);
    if (sqlite3_open_v2("file:source?immutable=1", &db_,
                        SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                        "custos-source") != SQLITE_OK) {
      sink_.finding(Reason::damaged, db_ ? sqlite3_errmsg(db_) : "cannot be opened");
      return base::Done{};
    }
    sqlite3_exec(db_, "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; PRAGMA cell_size_check=ON",
                 nullptr, nullptr, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_limit(db_, SQLITE_LIMIT_LENGTH, kValueMax);
    sqlite3_progress_handler(
        db_, 10'000, [](void* self) { return static_cast<Reading*>(self)->steps_++ > kStepsMax ? 1 : 0; },
        this);
    sqlite3_set_authorizer(db_, allow, nullptr);
    read_tables();
    if (blobs_) sink_.expect(blobs_);
    return base::Done{};
  }

 private:
  void tell_header() {
    const std::string head(source_.read(0, 100));
    if (head.size() < 100) {
      sink_.finding(Reason::truncated, "no whole header");
      return;
    }
    if (head[18] == 2) sink_.meta("x.sqlite_journal", "wal: the newest changes may lie in a file beside it");
    const std::uint64_t page = base::load_be<std::uint16_t>(head.data() + 16);
    const std::uint64_t pages = base::load_be<std::uint32_t>(head.data() + 28);
    if (pages * (page == 1 ? 65536 : page) > source_.size())
      sink_.finding(Reason::truncated, "fewer pages than the header counts");
    const auto version = base::load_be<std::uint32_t>(head.data() + 96);
    if (version)
      sink_.meta("software", "SQLite " + std::to_string(version / 1'000'000) + "." +
                                 std::to_string(version / 1000 % 1000) + "." +
                                 std::to_string(version % 1000));
    if (const auto id = base::load_be<std::uint32_t>(head.data() + 68))
      sink_.meta("x.sqlite_application", std::to_string(id));
  }

  Statement prepare(const std::string& sql) {
    sqlite3_stmt* s = nullptr;
    if (sqlite3_prepare_v2(db_, sql.c_str(), static_cast<int>(sql.size()), &s, nullptr) != SQLITE_OK)
      return {};
    return Statement(s);
  }

  static std::string text_at(sqlite3_stmt* s, int column) {
    const auto* t = reinterpret_cast<const char*>(sqlite3_column_text(s, column));
    return t ? std::string(t, static_cast<std::size_t>(sqlite3_column_bytes(s, column))) : std::string();
  }

  void tell_fault(const std::string& where) {
    const int code = sqlite3_errcode(db_);
    const Reason why = code == SQLITE_NOMEM                                ? Reason::out_of_memory
                       : code == SQLITE_INTERRUPT || code == SQLITE_TOOBIG ? Reason::too_large
                       : code == SQLITE_NOTADB                             ? Reason::encrypted
                                                                           : Reason::damaged;
    sink_.finding(why, where + ": " + sqlite3_errmsg(db_));
  }

  void read_tables() {
    struct Table {
      std::string name, sql;
    };
    std::vector<Table> tables;
    const Statement list = prepare("SELECT name, sql FROM sqlite_master WHERE type='table' ORDER BY rowid");
    if (!list) {
      tell_fault("the schema");
      return;
    }
    int r = SQLITE_ROW;
    while ((r = sqlite3_step(list.get())) == SQLITE_ROW && tables.size() < 100'000)
      tables.push_back({text_at(list.get(), 0), text_at(list.get(), 1)});
    if (r != SQLITE_DONE) tell_fault("the schema");
    sink_.meta("pages", std::to_string(tables.size()));
    bool first = true;
    for (const Table& t : tables) {
      if (!std::exchange(first, false)) sink_.next_page();
      if (!sink_.text("Table " + t.name + "\n")) return;
      if (base::starts_with_ci(base::trim(t.sql), "create virtual")) {
        sink_.text(t.sql + "\n");
        continue;
      }
      if (!rows(t.name)) return;
    }
  }

  // False: the text is full.
  bool rows(const std::string& table) {
    std::string quoted = "\"";
    for (const char c : table) quoted.append(c == '"' ? 2 : 1, c);
    const Statement all = prepare("SELECT * FROM " + quoted + "\"");
    if (!all) {
      tell_fault("table " + table);
      return true;
    }
    const int columns = sqlite3_column_count(all.get());
    std::string line;
    for (int i = 0; i < columns; ++i)
      line += (i ? "\t" : "") + std::string(sqlite3_column_name(all.get(), i));
    if (!sink_.text(line + "\n")) return false;
    std::uint64_t row = 0;
    int r = SQLITE_ROW;
    while ((r = sqlite3_step(all.get())) == SQLITE_ROW) {
      ++row;
      line.clear();
      for (int i = 0; i < columns; ++i) {
        if (i) line += '\t';
        value(all.get(), i, table, row, line);
      }
      if (!sink_.text(line + "\n")) return false;
    }
    if (r != SQLITE_DONE) tell_fault("table " + table + " after " + std::to_string(row) + " rows");
    return true;
  }

  void value(sqlite3_stmt* s, int column, const std::string& table, std::uint64_t row, std::string& line) {
    if (sqlite3_column_type(s, column) != SQLITE_BLOB) {
      std::string t = text_at(s, column);
      std::replace(t.begin(), t.end(), '\t', ' ');
      line += t;
      return;
    }
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(s, column));
    const int n = sqlite3_column_bytes(s, column);
    if (!bytes || n <= 0) return;
    if (n <= kBlobShown) {
      line += "x'" + base::hex({bytes, static_cast<std::size_t>(n)}) + "'";
      return;
    }
    PartInfo info;
    info.name = table + "/" + std::to_string(row) + "/" + sqlite3_column_name(s, column);
    info.order = blobs_++;
    line += "[" + info.name + ", " + std::to_string(n) + " bytes]";
    if (full_) return;
    if (!sink_.begin_part(info)) {
      full_ = true;
      return;
    }
    for (int at = 0; at < n; at += 64 * 1024)
      if (!sink_.part_bytes({bytes + at, static_cast<std::size_t>(std::min(64 * 1024, n - at))})) break;
    sink_.end_part();
  }

  Source& source_;
  Sink& sink_;
  OneFile file_;
  sqlite3* db_ = nullptr;
  std::uint64_t blobs_ = 0, steps_ = 0;
  bool full_ = false;
};

base::Status read_sqlite(Source& source, const Request&, Sink& sink) { return Reading(source, sink).run(); }

}  // namespace

extern const Reader sqlite_reader;
const Reader sqlite_reader{{"sqlite", SQLITE_VERSION}, kSqliteTypes, read_sqlite};

}  // namespace extract

#include "dialect.h"
#include "kept.h"

#include <base/bytes.h>
#include <base/handle.h>
#include <base/text.h>

#include <libpq-fe.h>

#include <arpa/inet.h>
#include <charconv>

namespace store {
namespace {

using Connection = base::Handle<PGconn, PQfinish>;
using Answer = base::Handle<PGresult, PQclear>;

constexpr Oid kInt8 = 20, kFloat8 = 701, kText = 25, kBytea = 17;

void demand(PGconn* db, const Answer& a, std::string_view doing) {
  const ExecStatusType s = PQresultStatus(a.get());
  if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK)
    base::fault(std::string(doing) + ": " + PQerrorMessage(db));
}

// A connection that is made anew once it was lost: the server was restarted. What was under way then has
// failed; nothing that may have been done is done twice.
class Line {
 public:
  Line(const std::string& url, const std::string& schema) : db_(PQconnectdb(url.c_str())) {
    demand_connected();
    PQsetNoticeProcessor(
        db_.get(), [](void*, const char*) {}, nullptr);
    const base::Handle<char, PQfreemem> name(PQescapeIdentifier(db_.get(), schema.c_str(), schema.size()));
    schema_ = name.get();
  }
  PGconn* get() {
    if (good()) return db_.get();
    if (under_way) base::fault("the connection to PostgreSQL was lost; nothing was changed");
    PQreset(db_.get());
    demand_connected();
    settle();
    return db_.get();
  }
  void settle() {
    for (const std::string& text :
         {"set search_path to " + schema_, std::string("set synchronous_commit to on")}) {
      const Answer a(PQexec(db_.get(), text.c_str()));
      demand(db_.get(), a, text);
    }
  }
  const std::string& schema() const { return schema_; }  // in quotes
  bool good() const { return PQstatus(db_.get()) == CONNECTION_OK; }
  bool under_way = false;  // a transaction

 private:
  void demand_connected() const {
    if (!good())
      base::fault("cannot connect to PostgreSQL: " + std::string(base::trim(PQerrorMessage(db_.get()))));
  }
  Connection db_;
  std::string schema_;
};

class PgStatement final : public Statement {
 public:
  PgStatement(Line& line, std::string text) : line_(line), text_(std::move(text)) {}
  void bind(int n, const record::Cell& c) override {
    const auto at = static_cast<std::size_t>(n);
    if (cells_.size() < at) cells_.resize(at), types_.resize(at);
    cells_[at - 1] = c;
    static constexpr Oid oids[] = {0, kInt8, kFloat8, kText, kBytea};
    types_[at - 1] = oids[static_cast<std::size_t>(c.is)];
  }
  bool step() override {
    if (!answer_) execute();
    return ++row_ < PQntuples(answer_.get());
  }
  // Integers and reals come as text, bytea as \x hexadecimal.
  record::Cell cell(int i) const override {
    if (PQgetisnull(answer_.get(), row_, i)) return {};
    const std::string_view v(PQgetvalue(answer_.get(), row_, i),
                             static_cast<std::size_t>(PQgetlength(answer_.get(), row_, i)));
    switch (PQftype(answer_.get(), i)) {
      case kInt8:
      case 23:
      case 21:
      case 1700: {
        std::int64_t n = 0;
        std::from_chars(v.data(), v.data() + v.size(), n);
        return record::Cell::of(n);
      }
      case 16: return record::Cell::of(std::int64_t{v == "t"});
      case kFloat8: return record::Cell::of(std::strtod(std::string(v).c_str(), nullptr));
      case kBytea: {
        const auto slot = static_cast<std::size_t>(i);
        if (blobs_.size() <= slot) blobs_.resize(slot + 1);
        blobs_[slot] = base::unhex(v.substr(2)).value_or("");
        return record::Cell::blob(blobs_[slot]);
      }
      default: return record::Cell::text(v);
    }
  }
  void reset() override {
    answer_.reset();
    row_ = -1;
  }
  bool busy() const { return answer_ != nullptr; }
  std::int64_t changes() const override { return changes_; }

 private:
  void execute() {
    std::vector<const char*> values;
    std::vector<int> lengths, formats;
    std::vector<std::string> kept;
    kept.reserve(cells_.size());
    for (const record::Cell& c : cells_) {
      formats.push_back(c.is == record::Cell::Is::blob);
      switch (c.is) {
        case record::Cell::Is::null: values.push_back(nullptr), lengths.push_back(0); continue;
        case record::Cell::Is::integer: kept.push_back(std::to_string(c.integer)); break;
        case record::Cell::Is::real: {
          char b[40];
          const auto r = std::to_chars(b, b + sizeof b, c.real);
          kept.emplace_back(b, static_cast<std::size_t>(r.ptr - b));
          break;
        }
        case record::Cell::Is::text:
          if (c.bytes.find('\0') != std::string_view::npos) base::fault("text with NUL cannot be stored");
          [[fallthrough]];
        case record::Cell::Is::blob: kept.emplace_back(c.bytes);
      }
      values.push_back(kept.back().c_str());
      lengths.push_back(static_cast<int>(kept.back().size()));
    }
    PGconn* const db = line_.get();
    answer_.reset(PQexecParams(db, text_.c_str(), static_cast<int>(values.size()), types_.data(),
                               values.data(), lengths.data(), formats.data(), 0));
    demand(db, answer_, text_);
    changes_ = std::strtoll(PQcmdTuples(answer_.get()), nullptr, 10);
    row_ = -1;
  }
  Line& line_;
  std::string text_;
  std::vector<record::Cell> cells_;
  std::vector<Oid> types_;
  Answer answer_;
  int row_ = -1;
  std::int64_t changes_ = 0;
  mutable std::vector<std::string> blobs_;
};

class Postgres final : public Sql {
 public:
  Postgres(const std::string& url, const std::string& schema) : line_(url, schema) {
    // Asked for first: "if not exists" does not keep two who make it at once from each other.
    const auto there = [&] { return number("select count(*) from pg_namespace where nspname = ?", schema); };
    if (!there()) try {
        script("create schema " + line_.schema());
      } catch (const base::Fault&) {
        if (!there()) throw;
      }
    line_.settle();
  }
  Dialect dialect() const override { return Dialect::postgresql; }
  Statement& prepare(std::string_view sql) override {
    PgStatement& s = kept_.of(
        sql, [&] { return std::make_unique<PgStatement>(line_, in_dialect(sql, Dialect::postgresql)); });
    s.reset();
    return s;
  }
  void script(std::string_view sql) override {
    const std::string text = in_dialect(sql, Dialect::postgresql);
    PGconn* const db = line_.get();
    const Answer a(PQexec(db, text.c_str()));
    demand(db, a, sql);
  }
  void begin() override { begin("begin"); }
  void snapshot() override { begin("begin isolation level repeatable read read only"); }
  void commit() override {
    PGconn* const db = line_.get();
    const Answer a(PQexec(db, "commit"));
    demand(db, a, "commit");
    line_.under_way = false;
    // A commit of a failed transaction answers ROLLBACK without an error.
    if (std::string_view(PQcmdStatus(a.get())) != "COMMIT")
      base::fault("the transaction had failed; nothing was changed");
  }
  void rollback() noexcept override {
    kept_.reset();
    line_.under_way = false;
    if (line_.good()) const Answer a(PQexec(line_.get(), "rollback"));
  }

 private:
  // Nothing is under way yet: on a connection that turns out to be lost it is tried once more.
  void begin(const std::string& how) {
    try {
      script(how);
    } catch (const base::Fault&) { script(how); }
    line_.under_way = true;
  }
  Line line_;
  KeptStatements<PgStatement> kept_;
};

}  // namespace

base::Status check_postgresql_address(const std::string& url) {
  if (!url.starts_with("postgresql://") && !url.starts_with("postgres://"))
    return base::Error{base::Refusal::invalid,
                       "the address of a database is postgresql://USER@HOST/NAME, not \"" + url + "\""};
  char* wrong = nullptr;
  const base::Handle<PQconninfoOption, PQconninfoFree> parts(PQconninfoParse(url.c_str(), &wrong));
  const base::Handle<char, PQfreemem> message(wrong);
  if (!parts)
    return base::Error{base::Refusal::invalid,
                       "--database: " + std::string(base::trim(message ? message.get() : ""))};
  for (const PQconninfoOption* o = parts.get(); o->keyword; ++o)
    if (std::string_view(o->keyword) == "password" && o->val)
      return base::Error{
          base::Refusal::invalid,
          "leave the password out of the address, which others can read: put it into ~/.pgpass "
          "or the file that PGPASSFILE names"};
  return base::Done{};
}

std::unique_ptr<Sql> open_postgresql(const std::string& url, const std::string& schema) {
  return std::make_unique<Postgres>(url, schema);
}

}  // namespace store

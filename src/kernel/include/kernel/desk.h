#pragma once
// The one door: every change of records passes a Desk. In one transaction it asks the rules, writes the rows,
// writes the ledger and leaves the jobs; all of it is there afterwards, or none.

#include <base/time.h>
#include <kernel/module.h>
#include <store/ledger.h>
#include <store/sql.h>

#include <functional>
#include <memory>
#include <string>

namespace kernel {

struct Actor {
  std::string code;  // as the ledger names the person
};

struct Job {
  std::int64_t id{};
  std::string kind, argument;    // argument: JSON
  std::string state;             // waiting, running, done
  std::int64_t done{}, total{};  // progress, in units of the job
  std::string owner;             // of the process that runs it
};

class Change {
 public:
  // Refuses: invalid (a rule says no).
  template <record::Described T>
  base::Status add(const T& r, const store::Act& act) {
    return write(record::shape<T>, &r, &act, true);
  }
  template <record::Described T>
  base::Status edit(const T& r, const store::Act& act) {
    return write(record::shape<T>, &r, &act, false);
  }
  // Many records by one act: the rows without it, and the act told once beside them.
  template <record::Described T>
  base::Status add(const T& r) {
    return write(record::shape<T>, &r, nullptr, true);
  }
  template <record::Described T>
  base::Status edit(const T& r) {
    return write(record::shape<T>, &r, nullptr, false);
  }
  template <record::Described T>
  void remove(std::int64_t key) {
    erase(record::shape<T>, key);
  }
  // An act that changes no record, or changes many: a view, an export, a verification. Its row in the ledger.
  std::uint64_t tell(const store::Act& act);
  // A job that exists when this change does.
  std::int64_t later(std::string_view kind, std::string_view argument);

 private:
  friend class Desk;
  Change(class Desk& desk, std::int64_t now) : desk_(desk), now_(now) {}
  base::Status write(const record::Shape& shape, const void* r, const store::Act* act, bool fresh);
  void erase(const record::Shape& shape, std::int64_t key);
  class Desk& desk_;
  std::int64_t now_;
};

class Desk {
 public:
  // The tables of ledger and jobs are the Desk's; those of the modules come from their migrations.
  static std::string_view schema();
  Desk(store::Sql& sql, const Registrar& house, const base::Clock& clock);

  // Refuses what `change` refuses; then nothing is changed.
  base::Status change(const std::function<base::Status(Change&)>& change);

  // Jobs are taken by one process at a time; one whose process died is taken over by resume().
  std::optional<Job> take(std::string_view kind, std::string_view owner);
  void progress(std::int64_t job, std::int64_t done, std::int64_t total);
  void finish(std::int64_t job);
  std::int64_t resume(std::string_view kind);  // running -> waiting; returns how many
  std::vector<Job> open_jobs();
  std::optional<Job> job(std::int64_t id);

  store::Ledger& ledger() { return ledger_; }
  store::Sql& records() { return sql_; }  // to read
  std::int64_t now() const { return clock_.unix_micros(); }

 private:
  friend class Change;
  store::Sql& sql_;
  const Registrar& house_;
  const base::Clock& clock_;
  store::Ledger ledger_;
};

}  // namespace kernel

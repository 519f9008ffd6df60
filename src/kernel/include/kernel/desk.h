#pragma once
// The one door: every change of records passes a Desk. In one transaction it asks the rules, writes the rows,
// writes the ledger and leaves the jobs; all of it is there afterwards, or none.

#include <base/time.h>
#include <kernel/module.h>
#include <store/ledger.h>
#include <store/readers.h>
#include <store/sql.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

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
  std::string place;             // where it works: one job of a place at a time; empty: anywhere
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
  std::int64_t later(std::string_view kind, std::string_view argument, std::string_view place = {});

 private:
  friend class Desk;
  Change(class Desk& desk, std::int64_t now) : desk_(desk), now_(now) {}
  base::Status write(const record::Shape& shape, const void* r, const store::Act* act, bool fresh);
  void erase(const record::Shape& shape, std::int64_t key);
  class Desk& desk_;
  std::int64_t now_;
};

class Desk {
  struct Hold {  // of a desk by a thread
    Hold(Desk& desk, bool turn);
    ~Hold();
    Hold(const Hold&) = delete;
    Hold& operator=(const Hold&) = delete;
    Desk& of;
    const bool turn;
    Hold* const outer;
    store::Readers::Lent lent{};
  };

 public:
  // The tables of ledger and jobs are the Desk's; those of the modules come from their migrations.
  static std::string_view schema();
  static std::string_view schema_of_leases();  // a later step of the same
  Desk(store::Sql& sql, const Registrar& house, const base::Clock& clock);

  // Several threads may share a desk (docs/adr/0014). The connection that writes has one user at a time: who
  // has the Turn. Who is Reading looks at a state of the records of their own, beside the writing: records()
  // is another connection then, taken at the first look and given back when the Reading ends, or this thread
  // changes or tells something. Both may be taken again by who has them; within a Turn everything is read
  // where it is written.
  class Turn {
   public:
    explicit Turn(Desk& desk) : lock_(desk.turn_), hold_(desk, true) {}

   private:
    std::unique_lock<std::recursive_mutex> lock_;
    Hold hold_;
  };
  class Reading {
   public:
    explicit Reading(Desk& desk) : hold_(desk, false) {}

   private:
    Hold hold_;
  };
  void read_by(std::shared_ptr<store::Readers> readers);  // before there are several threads

  // Refuses what `change` refuses; then nothing is changed.
  base::Status change(const std::function<base::Status(Change&)>& change);
  // An act that changes nothing, in the ledger for good when this returns. Those who wait for it at the same
  // time commit together.
  void tell(const store::Act& act);
  // The same for a small change that cannot be refused.
  void together(const std::function<void(Change&)>& small);

  // Jobs are taken by one process at a time. With a lease, in microseconds of the clock that all share, who
  // has the job says so again before it ends, or another takes it over, never they themselves. Without, it is
  // theirs until resume().
  std::optional<Job> take(std::string_view kind, std::string_view owner, std::int64_t lease = 0);
  bool hold(std::int64_t job, std::string_view owner, std::int64_t lease);  // whether it is still theirs
  void give_back(std::int64_t job, std::string_view owner);                 // for whoever comes next
  void progress(std::int64_t job, std::int64_t done, std::int64_t total);
  void finish(std::int64_t job);
  std::int64_t resume(std::string_view kind);  // running -> waiting; returns how many
  std::vector<Job> open_jobs();
  std::optional<Job> job(std::int64_t id);

  store::Ledger& ledger() { return ledger_; }
  store::Sql& records();  // to read: see Reading
  std::int64_t now() const { return clock_.unix_micros(); }

 private:
  friend class Change;
  struct Waiting {
    const std::function<void(Change&)>* small;
    bool done = false;
    std::exception_ptr why{};
  };
  void give_back() noexcept;
  std::int64_t shared_now();
  static thread_local Hold* held;  // by this thread, of any desk; the innermost
  store::Sql& sql_;
  const Registrar& house_;
  const base::Clock& clock_;
  store::Ledger ledger_;
  std::shared_ptr<store::Readers> readers_;
  std::recursive_mutex turn_;
  std::mutex waiting_mutex_;
  std::vector<Waiting*> waiting_;
};

}  // namespace kernel

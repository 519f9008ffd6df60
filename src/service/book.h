#pragma once
// The people of the office, their sessions and keys. Every change passes the Desk of the office, so its row
// in the ledger commits with it or neither does; who only reads does not wait for who writes (docs/adr/0014).

#include "records.h"

#include <access/decide.h>
#include <access/session.h>
#include <base/time.h>
#include <evidence/office.h>
#include <kernel/desk.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace service {

class Book {
 public:
  // Makes the tables. Refuses: unsupported (made by a newer Custos).
  static base::Result<std::unique_ptr<Book>> open(evidence::Office& office, const base::Clock& clock);

  rights::Time now() const { return clock_.unix_micros() / 1'000'000; }
  static const rights::Random& random();

  // The office, one at a time: to change its cases and its records.
  template <class F>
  auto with_office(F&& f) {
    const kernel::Desk::Turn turn(*desk_);
    return f(office_);
  }
  // Its records, to read beside the writing; what is read within is of one state.
  template <class F>
  auto read(F&& f) {
    const kernel::Desk::Reading reading(*desk_);
    return f(desk_->records());
  }
  kernel::Desk& desk() { return *desk_; }
  std::vector<evidence::CaseName> cases();
  std::vector<evidence::CaseName> case_names();  // without their keys
  std::optional<evidence::CaseName> case_of(std::string_view id);

  std::vector<Account> accounts();
  std::optional<Account> account(std::int64_t person);
  std::optional<Account> account_named(std::string_view name);  // name or code
  std::optional<Account> account_of_handle(std::string_view handle);
  std::vector<Passkey> passkeys(std::int64_t person);
  std::optional<Passkey> passkey(std::string_view id);
  std::vector<rights::Session> sessions(std::int64_t person);
  std::optional<rights::Session> session(std::string_view token);
  std::optional<rights::SignInLink> link(std::string_view token);

  // `change` reads and writes through what it is given, in one transaction. `who`: code of the person.
  struct Write {
    kernel::Change& change;
    store::Sql& sql;
    std::string who;
    void tell(std::string_view act, std::string_view object, const std::string& payload) const;
    template <class T>
    base::Status add(const T& r, std::string_view act, std::string_view object) const {
      return change.add(r, {act, who, object, "{}"});
    }
    template <class T>
    base::Status edit(const T& r, std::string_view act, std::string_view object) const {
      return change.edit(r, {act, who, object, "{}"});
    }
  };
  base::Status write(const std::string& who, const std::function<base::Status(const Write&)>& change);
  // The last sign of life of a session: no act, so it is not told.
  void touch(const rights::Session& session);
  // What any process of the office remembers for a while: sealed, under a kind and a name.
  void keep(std::string_view kind, std::string_view name, std::string_view value, rights::Time until);
  std::optional<std::string> kept(std::string_view kind, std::string_view name);
  void forget(std::string_view kind, std::string_view name);
  // For what is good once, until then: whether it comes for the first time.
  bool first_time(std::string_view kind, std::string_view name, rights::Time until);
  // Rows of the ledger of the office, newest first, before a place; `row` returns false to stop.
  void ledger(std::uint64_t before, const std::function<bool(const store::Ledger::Row&)>& row);

  std::string seal(std::string_view secret) const;  // under a key for secrets of people
  std::optional<std::string> unseal(std::string_view sealed) const;
  std::string pepper_mac(std::string_view bytes) const;

 private:
  Book(evidence::Office& office, const base::Clock& clock);
  evidence::Office& office_;
  const base::Clock& clock_;
  kernel::Registrar house_;
  std::unique_ptr<kernel::Desk> desk_;
  std::string pepper_key_;
};

// JSON arrays of strings, as kept in Account::roles and cases.
std::vector<std::string> strings_of(std::string_view json_array);
std::string json_of(const std::vector<std::string>& strings);

}  // namespace service

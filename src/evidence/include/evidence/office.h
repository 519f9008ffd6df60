#pragma once
// An office in a folder (its home), with its keys in another: a stolen home yields nothing. The home holds
// the sealed records of the office and a folder a case; docs/formats/home.md.

#include <base/crypto.h>
#include <base/result.h>
#include <base/time.h>
#include <keys/keys.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace store {
class Sql;
}

namespace evidence {

struct CaseName {
  std::string id;  // random; names the folder
  std::string code, title;
  std::string key;  // 32 bytes
};

struct User {
  std::string code, name, state;
};

class Office {
 public:
  // Makes a new one. `database`: postgresql://..., where its records shall be; empty: in the home. Refuses:
  // conflict (there is one), invalid.
  static base::Result<std::unique_ptr<Office>> make(const std::string& home, const std::string& owner,
                                                    const base::Clock& clock,
                                                    const std::string& database = {});
  // `database`: another address of the same database. `secrets`: who is asked for what its keys make; nobody:
  // they are at hand, or behind the doors of a program that runs. Refuses: not_found (no office here or
  // there, or its key is not at hand), unsupported (made by a newer Custos), denied, invalid.
  static base::Result<std::unique_ptr<Office>> open(const std::string& home, const base::Clock& clock,
                                                    const std::string& database = {},
                                                    std::unique_ptr<keys::Keys> secrets = {});
  ~Office();

  base::Result<CaseName> add_case(const std::string& code,
                                  const std::string& title);  // Refuses: invalid, conflict
  base::Result<CaseName> find_case(const std::string& code);  // Refuses: not_found
  std::vector<CaseName> cases() { return cases(*sql_); }
  std::vector<CaseName> case_names() { return case_names(*sql_); }  // without their keys
  std::optional<CaseName> case_of(std::string_view id) { return case_of(id, *sql_); }
  // The same, read through another connection to the records.
  std::vector<CaseName> cases(store::Sql& sql) const;
  std::vector<CaseName> case_names(store::Sql& sql) const;
  std::optional<CaseName> case_of(std::string_view id, store::Sql& sql) const;
  base::Status add_user(const std::string& name);
  std::vector<User> users();
  const std::string& actor() const { return actor_; }  // who runs this program
  const std::string& id() const { return id_; }
  const std::string& home() const { return home_; }
  const std::string& keys() const { return keys_; }  // folder of this office's keys
  std::string case_folder(const CaseName& c) const { return home_ + "/cases/" + c.id; }
  // Where this machine has its text index, when several share a home: it is made from the records and texts.
  void keep_index_in(std::string folder) { index_ = std::move(folder); }
  std::string index_folder(const CaseName& c) const {
    return index_.empty() ? case_folder(c) + "/index" : index_ + "/" + id_ + "/" + c.id;
  }
  std::string origin() const { return "custos/" + id_ + "/office"; }  // of the checkpoints of its ledger
  // Signs the present head of its ledger; it is kept with the keys and here. Refuses: as keys::Keys::sign.
  base::Status checkpoint();
  // Signs the present head of the ledger of that origin, of the office or a case. Refuses: not_found (there
  // is no such ledger), and as keys::Keys::sign.
  base::Status sign(const std::string& origin);
  // An act on the whole office, told with its reason and signed at once.
  base::Status tell(const std::string& act, const std::string& reason, const std::string& what);
  // A small secret under a key of its own purpose; what was changed, or sealed for another, does not open.
  std::string seal(std::string_view purpose, std::string_view secret) const;
  std::optional<std::string> unseal(std::string_view purpose, std::string_view sealed) const;
  std::string key_for(std::string_view purpose) const;  // 32 bytes, of the office key
  keys::Keys& secrets() const { return *secrets_; }
  std::string signer() const { return "custos/" + id_; }  // key name in checkpoints
  store::Sql& records() { return *sql_; }
  std::unique_ptr<store::Sql> reader() const;  // another connection, that only reads
  std::unique_ptr<store::Sql> case_records(const CaseName& c, std::int64_t cache_kib) const;
  const std::string& database() const { return database_; }  // empty: SQLite in the home
  const base::Clock& clock() const { return clock_; }

 private:
  Office(std::string home, const base::Clock& clock);
  std::unique_ptr<store::Sql> connect(bool to_read) const;
  CaseName opened(const struct CaseRecord& r) const;
  std::string once(const std::string& name, const std::function<base::Result<std::string>()>& ask) const;
  std::string home_, keys_, id_, actor_, database_, index_;
  std::unique_ptr<keys::Keys> secrets_;
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::string, std::less<>> asked_;  // of the keys, each once
  std::unique_ptr<store::Sql> sql_;
  const base::Clock& clock_;
};

// Where keys lie when nobody says: $CUSTOS_KEYS, else $XDG_CONFIG_HOME/custos, else ~/.config/custos.
std::string keys_folder();
// The passphrase of its keys, when CUSTOS_PASSPHRASE tells one.
std::string keys_passphrase();
// Where `custos keys serve` runs for a user of their own, when CUSTOS_DOORS tells it: the keys are asked
// there.
std::string doors_elsewhere();
// What the office in a folder is called; opens nothing. Refuses: not_found, damaged, unsupported.
base::Result<std::string> office_id(const std::string& home);

}  // namespace evidence

#pragma once
// One open case: its records, vault, ledger and the way to its index.

#include "item.h"

#include <evidence/office.h>
#include <kernel/desk.h>
#include <keys/keys.h>
#include <search/index.h>
#include <store/vault.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace evidence {

// An input that breaks a rule, in words for whoever gave it.
inline base::Error wrong(std::string why) { return {base::Refusal::invalid, std::move(why)}; }

// A head of a ledger, and the note that signs it.
struct SignedHead {
  store::Checkpoint head;
  std::string note;
};
// Refuses: as keys::Keys::sign; a head that another program went beyond meanwhile is taken anew.
base::Result<SignedHead> sign_head(keys::Keys& keys, store::Sql& sql, const std::string& origin);

class CaseFile {
 public:
  // Refuses: unsupported (made by a newer Custos).
  static base::Result<std::unique_ptr<CaseFile>> open(Office& office, CaseName name);
  ~CaseFile();

  // Who acts: the person that runs the program, unless a server acts for another.
  const std::string& actor() const { return actor_.empty() ? office_.actor() : actor_; }
  // `basis`: members of a JSON object, as "\"purpose\":\"trial\"", that go with what they read.
  void act_as(std::string person, std::string basis) {
    actor_ = std::move(person), basis_ = std::move(basis);
  }
  std::string with_basis(const std::string& payload) const;  // a JSON object, and the basis in it
  const CaseName& name() const { return name_; }
  Office& office() { return office_; }
  kernel::Desk& desk() { return *desk_; }
  store::Sql& records() { return *sql_; }
  const store::Vault& vault() const { return *vault_; }
  std::unique_ptr<store::Sql> another_connection() const;  // for a thread of its own, to read
  search::Index::Options index_options() const;
  std::string folder() const { return office_.case_folder(name_); }
  std::string origin() const { return "custos/" + office_.id() + "/" + name_.id; }  // of its checkpoints

  std::string code_of(std::int64_t number) const;
  base::Result<Item> item(std::int64_t number);  // Refuses: not_found
  static store::Place bytes_place(const Item& i);
  static store::Place text_place(const Item& i);
  base::Result<std::string> text_of(const Item& i);  // pages separated by \f. Refuses: damaged
  search::Document document_of(const Item& i, std::string text, const std::string& custodian) const;
  std::string custodian_of(std::int64_t delivery);  // its source

  // Signs the present head; it is kept with the keys and in the case. Refuses: as sign_head.
  base::Result<SignedHead> checkpoint();
  // The index to search in, kept open and up to date; while an ingest runs, as of its last commit.
  search::Index& index();
  // Feeds the index what it has not seen. `tick(done, total)` now and then.
  void catch_up(search::Index& index, const std::function<void(std::int64_t, std::int64_t)>& tick);

 private:
  CaseFile(Office& office, CaseName name);
  Office& office_;
  CaseName name_;
  std::unique_ptr<store::Sql> sql_;
  std::unique_ptr<store::Vault> vault_;
  std::unique_ptr<kernel::Desk> desk_;
  std::unique_ptr<search::Index> index_;
  std::string actor_, basis_;
  std::map<std::int64_t, std::string> custodians_;
};

const kernel::Registrar& house();

// "KAR-000012" -> {"KAR", 12}. Refuses: invalid.
base::Result<std::pair<std::string, std::int64_t>> parse_code(std::string_view code);

std::string compress(std::string_view text);
base::Result<std::string> decompress(std::string_view stored, std::size_t bytes);

// Metadata as stored: JSON array of pairs.
std::vector<std::pair<std::string, std::string>> pairs_of(std::string_view json);
std::string json_of(const std::vector<std::pair<std::string, std::string>>& pairs);

// Of tags, for search and custody: the items that have one, nothing when there is no such tag; the rows of
// the ledger that tell of the tags of an item.
std::optional<std::vector<std::uint32_t>> items_tagged(store::Sql& sql, std::string_view kind,
                                                       std::string_view name);
std::vector<std::uint64_t> tag_entries(CaseFile& file, std::int64_t item);

}  // namespace evidence

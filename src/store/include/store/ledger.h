#pragma once
// The ledger: every act as a row that nobody changes, the rows as leaves of an RFC 9162 tree. A row commits
// with the change it tells of, in one transaction, or neither does. Format: docs/formats/ledger.md.
//
// The leaf names an act, an item, an actor and a time; what else is to be said is the payload, of which the
// leaf holds only a salted commitment. So a leaf can be shown to a stranger without its payload.

#include <base/crypto.h>
#include <base/result.h>
#include <store/sql.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace store {

struct Act {
  std::string_view act;  // "sealed", "extracted", "viewed", ...: docs/formats/ledger.md
  std::string_view actor;
  std::string_view item;     // code of the item, or empty
  std::string_view payload;  // JSON object
};

base::Digest leaf_hash(std::string_view entry);
base::Digest node_hash(const base::Digest& left, const base::Digest& right);

// The right edge of a growing tree: enough to append and to tell the root.
class Frontier {
 public:
  void add(const base::Digest& leaf);
  void add_subtree(const base::Digest& root, std::uint64_t leaves);  // a complete one, in its place
  std::uint64_t size() const { return size_; }
  base::Digest root() const;  // of the empty tree: SHA-256 of nothing

 private:
  std::uint64_t size_ = 0;
  std::vector<base::Digest> peaks_;  // of complete subtrees, largest first
};

// A signed tree head in C2SP tlog-checkpoint form.
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  base::Digest root{};
  std::string body() const;  // the three signed lines
};
std::string sign_checkpoint(const Checkpoint& c, const std::string& key_name, const base::SigningKey& key);
// The head told by a note whose signature by `public_key` holds. Canonical spelling only. Refuses: invalid,
// damaged.
base::Result<Checkpoint> open_checkpoint(std::string_view note, const std::string& key_name,
                                         std::string_view public_key);
std::string verifier_key(const std::string& key_name, std::string_view public_key);  // C2SP vkey line

// RFC 9162 §2.1.3.2: does the path lead from the leaf at `index` to the root?
bool includes(const Checkpoint& c, std::uint64_t index, const base::Digest& leaf,
              const std::vector<base::Digest>& path);
bool same_history(const Checkpoint& older, const Checkpoint& newer, const std::vector<base::Digest>& proof);

class Ledger {
 public:
  static std::string_view schema();  // script that makes its tables
  explicit Ledger(Sql& sql);

  // Inside a transaction of `sql`. Returns the sequence number.
  std::uint64_t append(const Act& act, std::int64_t unix_micros);
  void again();   // a transaction has begun: other connections may have appended since the last one
  void forget();  // the transaction was rolled back

  std::uint64_t size();
  Checkpoint head(const std::string& origin);
  std::vector<base::Digest> inclusion(std::uint64_t index, std::uint64_t size);
  std::vector<base::Digest> consistency(std::uint64_t older, std::uint64_t newer);
  base::Digest root_of(std::uint64_t size);

  struct Row {
    std::uint64_t seq;
    std::string_view entry, salt, payload;
  };
  // What the entry must look like, byte for byte, given its parts. Refuses: damaged, saying what.
  static base::Status check_row(const Row& row);
  // Reads all rows in order; stops when `row` returns false.
  void scan(const std::function<bool(const Row&)>& row);
  // The same backwards, from the row before `before`.
  void scan_back(std::uint64_t before, const std::function<bool(const Row&)>& row);
  // The rows about an item, in order; `also`, in order, are rows about many, of which it is one.
  void of_item(std::string_view item, const std::function<void(const Row&)>& row,
               const std::vector<std::uint64_t>& also = {});

 private:
  void load();
  base::Digest subtree(std::uint64_t from, std::uint64_t n);
  Sql& sql_;
  bool loaded_ = false, current_ = false;
  Frontier frontier_;
  std::map<int, std::vector<base::Digest>> open_;  // hashes of the last, incomplete 256 of each level
};

}  // namespace store

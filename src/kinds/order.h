#pragma once
// The records of a kind in the order that a list asks for, kept in memory: docs/adr/0014.
//
// Made at the first list that asks for it, and brought up to date before each by what has changed since (the
// records with a later stamp), so that a list neither sorts nor reads what it does not show. Asked by many
// threads.

#include <store/sql.h>

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace kinds {

// A set of records, by number.
class Marks {
 public:
  void set(std::uint32_t id) {
    if (id / 64 >= words_.size()) words_.resize(id / 64 + 1 + words_.size() / 2);
    words_[id / 64] |= std::uint64_t{1} << id % 64;
  }
  bool has(std::uint32_t id) const { return id / 64 < words_.size() && (words_[id / 64] >> id % 64 & 1); }
  void keep(const Marks& others);          // those that are in both
  std::vector<std::uint32_t> all() const;  // ascending
  std::size_t size() const;

 private:
  std::vector<std::uint64_t> words_;
};

struct SortColumn {
  std::string name;  // in SQL: r. of the head of a record, k. of its values
  bool down = false, real = false;
};

class Order {
 public:
  // `table`: of the values of the kind; empty when no column needs it.
  Order(std::string kind, std::string table, std::vector<SortColumn> columns);

  void bring_up_to_date(store::Sql& sql);
  std::size_t size() const;

  using Ids = std::shared_ptr<const std::vector<std::uint32_t>>;
  struct Met {
    std::uint64_t total = 0;
    Ids ids;  // the first of them
  };
  // Those with one of the labels `may` and, where it is given, marked by `among`.
  Met those(const std::vector<std::int64_t>& may, const Marks* among, std::size_t most = SIZE_MAX) const;

 private:
  struct Rows {
    std::vector<std::uint32_t> ids, labels;
  };
  std::shared_ptr<const Rows> rows() const;
  const std::string text_, kind_;
  const std::vector<SortColumn> columns_;
  std::mutex bringing_;            // of stamp_ and keys_
  std::int64_t stamp_ = -1;        // of the last change that is in it
  std::vector<std::string> keys_;  // beside the ids: what sorts bytewise as the columns do
  mutable std::mutex mutex_;       // of what follows
  std::shared_ptr<const Rows> rows_ = std::make_shared<Rows>();
  // A list of all that people with the same labels see is the same list.
  mutable std::shared_ptr<const Rows> whole_of_;
  mutable std::vector<std::int64_t> whole_may_;
  mutable Ids whole_;
};

// The orders used last.
class Orders {
 public:
  std::shared_ptr<Order> of(const std::string& kind, const std::string& table,
                            const std::vector<SortColumn>& columns);

 private:
  static constexpr std::size_t kRowsMax = 800'000;  // of all together, about 80 bytes a row
  std::mutex mutex_;
  std::list<std::pair<std::string, std::shared_ptr<Order>>> all_;  // newest first
};

}  // namespace kinds

#pragma once
// Records found by the name of a person, in any script: docs/adr/0023. Brought up to date before each search
// by what has changed since, like an Order. The names of each label stand in an index of their own, so that a
// search looks at nothing but what its asker may find. Asked by many threads.

#include <kinds/kind.h>
#include <names/index.h>
#include <store/sql.h>

#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <unordered_map>
#include <vector>

namespace kinds {

struct Likeness {
  std::uint32_t record = 0;
  double score = 0;  // 0 to 1
};

// The names that a record itself has, its name first.
std::vector<std::string> spellings_in(const Kind& kind, const boost::json::object& values);

class Called {
 public:
  explicit Called(const Kind& kind);
  void bring_up_to_date(store::Sql& sql);
  // Those with one of the labels `may` that are called so, the most alike first.
  std::vector<Likeness> those(const std::vector<std::int64_t>& may, const names::Name& name) const;

 private:
  const std::shared_ptr<const Kind> kind_;
  std::string text_;
  std::vector<const Field*> fields_;
  mutable std::shared_mutex mutex_;  // of what follows
  std::int64_t stamp_ = -1;
  std::map<std::int64_t, names::Index> by_label_;
  std::unordered_map<std::uint32_t, std::int64_t> label_of_;
};

class Callings {
 public:
  Called& of(const Kind& kind);

 private:
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<Called>> all_;
};

}  // namespace kinds

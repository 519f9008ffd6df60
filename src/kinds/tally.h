#pragma once
// How many records of a kind a filter keeps, by label and by the values of some columns, kept in memory and
// brought up to date by what has changed since, as orders are (order.h, docs/adr/0014). What a person may
// find of it is a matter of labels, so one tally serves all. Asked by many threads.

#include "order.h"
#include "where.h"

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace kinds {

class Tally {
 public:
  using Values = std::vector<std::optional<std::string>>;
  // `fit`: the filter, as `narrow` makes it. `columns`: as in SortColumn::name. `table`: that of the kind;
  // empty when neither asks of it.
  Tally(std::string kind, const std::string& table, Where fit, const std::vector<std::string>& columns);

  void bring_up_to_date(store::Sql& sql);
  std::size_t size() const;

  struct Sum {
    std::int64_t label = 0, records = 0;
    Values values;  // of the columns
  };
  std::vector<Sum> sums(const std::vector<std::int64_t>& may) const;
  Marks marks() const;  // the records, under whatever label

 private:
  std::string text_, kind_;
  const Where fit_;
  const std::size_t columns_;
  mutable std::mutex mutex_;  // of what follows
  std::int64_t stamp_ = -1;   // of the last change that is in it
  std::vector<Sum> sums_;
  std::map<std::pair<std::int64_t, Values>, std::uint32_t> places_;  // in sums_
  std::vector<std::pair<std::uint32_t, std::uint32_t>> records_;     // and their place in sums_; ascending
};

// The tallies used last.
class Tallies {
 public:
  // `make` is called when there is none of that name: kind, filter and columns, with the day that "today"
  // was.
  std::shared_ptr<Tally> of(const std::string& name, const std::function<std::shared_ptr<Tally>()>& make);

 private:
  static constexpr std::size_t kRecordsMax = 4'000'000, kTalliesMax = 2000;  // of all together: 32 MB
  std::mutex mutex_;
  std::list<std::pair<std::string, std::shared_ptr<Tally>>> all_;  // newest first
  std::map<std::string, decltype(all_)::iterator, std::less<>> at_;
};

}  // namespace kinds

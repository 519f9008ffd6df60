#include "tally.h"

#include <algorithm>
#include <limits>

namespace kinds {
namespace {

// The filter is a column of the answer: what no longer fits must leave, so every changed record is asked.
std::string text_of(const std::string& table, const Where& fit, const std::vector<std::string>& columns) {
  std::string out = "select r.id, r.label, r.stamp, case when " +
                    (fit.text.empty() ? "1 = 1" : fit.text.substr(5)) +
                    " then 1 else 0 end";  // without its " and "
  for (const std::string& c : columns) out += ", " + c;
  out += " from record r";
  if (!table.empty()) out += " join " + table + " k on k.id = r.id";
  return out + " where r.kind = ? and r.stamp > ?";
}

}  // namespace

Tally::Tally(std::string kind, const std::string& table, Where fit, const std::vector<std::string>& columns)
    : text_(text_of(table, fit, columns)),
      kind_(std::move(kind)),
      fit_(std::move(fit)),
      columns_(columns.size()) {}

std::size_t Tally::size() const {
  const std::lock_guard lock(mutex_);
  return records_.size();
}

void Tally::bring_up_to_date(store::Sql& sql) {
  const std::lock_guard lock(mutex_);
  Marks changed;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> fresh;
  std::int64_t last = stamp_;
  store::Statement& s = sql.prepare(text_);
  int n = 0;
  for (const record::Cell& c : fit_.cells) s.bind(++n, c);
  s.bind(++n, record::Cell::text(kind_));
  s.bind(++n, record::Cell::of(stamp_));
  while (s.step()) {
    const std::int64_t id = s.integer(0);
    CHECK(id >= 0 && id <= std::numeric_limits<std::uint32_t>::max());
    last = std::max(last, s.integer(2));
    changed.set(static_cast<std::uint32_t>(id));
    if (!s.integer(3)) continue;
    std::pair<std::int64_t, Values> key{s.integer(1), {}};
    for (std::size_t i = 0; i < columns_; ++i) {
      const int at = static_cast<int>(4 + i);
      key.second.push_back(s.cell(at).is == record::Cell::Is::null ? std::nullopt
                                                                   : std::optional(std::string(s.text(at))));
    }
    const auto [place, first] = places_.try_emplace(key, static_cast<std::uint32_t>(sums_.size()));
    if (first) sums_.push_back({key.first, 0, std::move(key.second)});
    fresh.emplace_back(static_cast<std::uint32_t>(id), place->second);
  }
  s.reset();
  if (last == stamp_) return;
  // Nothing is counted before all was read: a reading that fails on the way is made again as a whole.
  for (const auto& [id, place] : fresh) ++sums_[place].records;
  std::ranges::sort(fresh);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> now;
  now.reserve(records_.size() + fresh.size());
  auto next = fresh.begin();
  for (const auto& was : records_) {
    for (; next != fresh.end() && next->first < was.first; ++next) now.push_back(*next);
    if (changed.has(was.first))
      --sums_[was.second].records;
    else
      now.push_back(was);
  }
  now.insert(now.end(), next, fresh.end());
  now.shrink_to_fit();
  records_ = std::move(now), stamp_ = last;
}

std::vector<Tally::Sum> Tally::sums(const std::vector<std::int64_t>& may) const {
  Marks allowed;
  for (const std::int64_t label : may) allowed.set(static_cast<std::uint32_t>(label));
  std::vector<Sum> out;
  const std::lock_guard lock(mutex_);
  for (const Sum& s : sums_)
    if (s.records && allowed.has(static_cast<std::uint32_t>(s.label))) out.push_back(s);
  return out;
}

Marks Tally::marks() const {
  Marks out;
  const std::lock_guard lock(mutex_);
  for (const auto& [id, place] : records_) out.set(id);
  return out;
}

std::shared_ptr<Tally> Tallies::of(const std::string& name,
                                   const std::function<std::shared_ptr<Tally>()>& make) {
  const std::lock_guard lock(mutex_);
  if (const auto met = at_.find(name); met != at_.end()) {
    all_.splice(all_.begin(), all_, met->second);
    return met->second->second;
  }
  std::size_t records = 0, tallies = 0;
  for (auto at = all_.begin(); at != all_.end();) {
    records += at->second->size();
    if (records <= kRecordsMax && ++tallies < kTalliesMax) {
      ++at;
    } else {
      at_.erase(at->first);
      at = all_.erase(at);
    }
  }
  all_.emplace_front(name, make());
  at_.emplace(name, all_.begin());
  return all_.front().second;
}

}  // namespace kinds

#include "order.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace kinds {
namespace {

constexpr std::size_t kSortedBytesMax = 200;  // of a text: what is equal so far comes newest first

void append_number(std::string& out, std::uint64_t v, unsigned char turn) {
  for (int shift = 56; shift >= 0; shift -= 8)
    out += static_cast<char>(static_cast<unsigned char>(v >> shift) ^ turn);
}

// Bytes that compare as the value does; what is empty comes last, whichever way the order goes.
void append_key(std::string& out, const record::Cell& c, const SortColumn& column) {
  using Is = record::Cell::Is;
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  out += static_cast<char>(c.is == Is::null);
  const unsigned char turn = column.down ? 0xff : 0;
  switch (c.is) {
    case Is::null: return;
    case Is::integer:
    case Is::real: {
      if (!column.real && c.is == Is::integer)
        return append_number(out, static_cast<std::uint64_t>(c.integer) ^ kSign, turn);
      const double d = c.is == Is::real ? c.real : static_cast<double>(c.integer);
      const auto bits = std::bit_cast<std::uint64_t>(d == 0 ? 0.0 : d);
      return append_number(out, bits & kSign ? ~bits : bits | kSign, turn);
    }
    default:
      for (const char b : c.bytes.substr(0, kSortedBytesMax))
        out += static_cast<char>(static_cast<unsigned char>(b) ^ turn);
      out += static_cast<char>(turn);
  }
}

struct Row {
  std::string key;
  std::uint32_t id = 0, label = 0;
};
bool before(const std::string& a, std::uint32_t a_id, const std::string& b, std::uint32_t b_id) {
  const int c = a.compare(b);
  return c != 0 ? c < 0 : a_id > b_id;
}

std::string text_of(const std::string& table, const std::vector<SortColumn>& columns) {
  std::string out = "select r.id, r.label, r.stamp";
  for (const SortColumn& c : columns) out += ", " + c.name;
  out += " from record r";
  if (!table.empty()) out += " join " + table + " k on k.id = r.id";
  return out + " where r.kind = ? and r.stamp > ?";
}

}  // namespace

void Marks::keep(const Marks& others) {
  words_.resize(std::min(words_.size(), others.words_.size()));
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= others.words_[i];
}
std::vector<std::uint32_t> Marks::all() const {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < words_.size(); ++i)
    for (std::uint64_t w = words_[i]; w; w &= w - 1)
      out.push_back(static_cast<std::uint32_t>(i * 64) + static_cast<std::uint32_t>(std::countr_zero(w)));
  return out;
}
std::size_t Marks::size() const {
  std::size_t n = 0;
  for (const std::uint64_t w : words_) n += static_cast<std::size_t>(std::popcount(w));
  return n;
}

Order::Order(std::string kind, std::string table, std::vector<SortColumn> columns)
    : text_(text_of(table, columns)), kind_(std::move(kind)), columns_(std::move(columns)) {}

std::shared_ptr<const Order::Rows> Order::rows() const {
  const std::lock_guard lock(mutex_);
  return rows_;
}
std::size_t Order::size() const { return rows()->ids.size(); }

void Order::bring_up_to_date(store::Sql& sql) {
  const std::lock_guard lock(bringing_);
  std::vector<Row> fresh;
  Marks changed;
  std::int64_t last = stamp_;
  sql.each(
      text_,
      [&](store::Statement& s) {
        const std::int64_t id = s.integer(0);
        CHECK(id >= 0 && id <= std::numeric_limits<std::uint32_t>::max());
        Row row{{}, static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(s.integer(1))};
        last = std::max(last, s.integer(2));
        for (std::size_t i = 0; i < columns_.size(); ++i)
          append_key(row.key, s.cell(static_cast<int>(3 + i)), columns_[i]);
        changed.set(row.id);
        fresh.push_back(std::move(row));
      },
      kind_, stamp_);
  if (fresh.empty()) return;
  std::ranges::sort(fresh, [](const Row& a, const Row& b) { return before(a.key, a.id, b.key, b.id); });
  const std::shared_ptr<const Rows> was = rows();
  const auto now = std::make_shared<Rows>();
  std::vector<std::string> keys;
  const std::size_t room = was->ids.size() + fresh.size();
  keys.reserve(room), now->ids.reserve(room), now->labels.reserve(room);
  const auto put = [&](std::string&& key, std::uint32_t id, std::uint32_t label) {
    key.shrink_to_fit();
    keys.push_back(std::move(key)), now->ids.push_back(id), now->labels.push_back(label);
  };
  auto next = fresh.begin();
  for (std::size_t i = 0; i < was->ids.size(); ++i) {
    if (changed.has(was->ids[i])) continue;
    for (; next != fresh.end() && before(next->key, next->id, keys_[i], was->ids[i]); ++next)
      put(std::move(next->key), next->id, next->label);
    put(std::move(keys_[i]), was->ids[i], was->labels[i]);
  }
  for (; next != fresh.end(); ++next) put(std::move(next->key), next->id, next->label);
  keys_ = std::move(keys), stamp_ = last;
  const std::lock_guard shown(mutex_);
  rows_ = now;
}

Order::Met Order::those(const std::vector<std::int64_t>& may, const Marks* among, std::size_t most) const {
  const std::shared_ptr<const Rows> in = rows();
  const bool whole = !among && most == SIZE_MAX;
  if (whole) {
    const std::lock_guard lock(mutex_);
    if (whole_of_ == in && whole_may_ == may) return {whole_->size(), whole_};
  }
  Marks allowed;
  for (const std::int64_t label : may) allowed.set(static_cast<std::uint32_t>(label));
  auto ids = std::make_shared<std::vector<std::uint32_t>>();
  Met out;
  for (std::size_t i = 0; i < in->ids.size(); ++i) {
    const std::uint32_t id = in->ids[i];
    if (!allowed.has(in->labels[i]) || (among && !among->has(id))) continue;
    if (out.total++ < most) ids->push_back(id);
  }
  ids->shrink_to_fit();
  out.ids = std::move(ids);
  if (whole) {
    const std::lock_guard lock(mutex_);
    whole_of_ = in, whole_may_ = may, whole_ = out.ids;
  }
  return out;
}

std::shared_ptr<Order> Orders::of(const std::string& kind, const std::string& table,
                                  const std::vector<SortColumn>& columns) {
  std::string name = kind;
  for (const SortColumn& c : columns) name += (c.down ? " -" : " ") + c.name;
  const std::lock_guard lock(mutex_);
  const auto met = std::ranges::find(all_, name, &std::pair<std::string, std::shared_ptr<Order>>::first);
  if (met != all_.end()) {
    all_.splice(all_.begin(), all_, met);
    return all_.front().second;
  }
  std::size_t rows = 0;
  for (auto at = all_.begin(); at != all_.end();) {
    rows += at->second->size();
    at = rows > kRowsMax ? all_.erase(at) : std::next(at);
  }
  all_.emplace_front(std::move(name), std::make_shared<Order>(kind, table, columns));
  return all_.front().second;
}

}  // namespace kinds

#include "columns.h"

namespace search {
namespace {

constexpr std::uint32_t kBlock = 4096;

// Every column of Columns, told to a function as (position, member of Columns, member of Block).
template <class A, class B, class F>
void each_column(A& a, B& b, F&& f) {
  f(0, a.length, b.length), f(1, a.family, b.family), f(2, a.folder, b.folder), f(3, a.same_as, b.same_as);
  f(4, a.type, b.type), f(5, a.custodian, b.custodian), f(6, a.flags, b.flags);
  for (std::size_t i = 0; i < 3; ++i) f(7 + static_cast<int>(i), a.language[i], b.language[i]);
  f(10, a.date, b.date), f(11, a.size, b.size);
}

}  // namespace

struct ColumnStore::Block : Columns {
  Block() {
    each_column(*this, *this, [](int, auto& v, auto&) { v.assign(kBlock, {}); });
    date.assign(kBlock, kNoDate);
  }
};

ColumnStore::ColumnStore(const std::string& path, const std::string& key, unsigned shards_if_new)
    : sql_(store::open_sqlite(path, {.key = key, .durable = false})) {
  sql_->script(
      "create table if not exists col (place integer not null, block integer not null, data blob not null, "
      "primary key (place, block))"
      " without rowid;"
      "create table if not exists dict (kind integer not null, number integer not null, text text not null, "
      "primary key (kind, number))"
      " without rowid;"
      "create table if not exists about (name text primary key, value integer not null) without rowid;");
  sql_->run("insert into about values ('shards', ?) on conflict (name) do nothing",
            static_cast<std::int64_t>(shards_if_new));
  shards_ = static_cast<unsigned>(sql_->number("select value from about where name = 'shards'"));
  sql_->each("select kind, number, text from dict order by kind, number", [&](store::Statement& s) {
    Words& w = dictionaries_.at(static_cast<std::size_t>(s.integer(0)));
    w.texts.emplace_back(s.text(2));
    w.numbers.emplace(s.text(2), static_cast<std::uint32_t>(s.integer(1)));
    w.stored = w.texts.size();
  });
}

ColumnStore::~ColumnStore() = default;

std::int64_t ColumnStore::seen() const {
  const std::lock_guard lock(mutex_);
  return sql_->number("select value from about where name = 'seen'");
}

ColumnStore::Block& ColumnStore::block(std::uint32_t n) {
  auto& b = dirty_[n];
  if (b) return *b;
  b = std::make_unique<Block>();
  sql_->each(
      "select place, data from col where block = ?",
      [&](store::Statement& s) {
        each_column(*b, *b, [&](int place, auto& v, auto&) {
          const std::string_view data = s.text(1);
          if (place == s.integer(0) && data.size() == v.size() * sizeof v[0])
            std::memcpy(v.data(), data.data(), data.size());
        });
      },
      std::int64_t{n});
  return *b;
}

std::uint32_t ColumnStore::code(Dictionary d, std::string_view text) {
  if (text.empty()) return 0;
  Words& w = dictionaries_[static_cast<std::size_t>(d)];
  const auto [at, fresh] =
      w.numbers.try_emplace(std::string(text), static_cast<std::uint32_t>(w.texts.size()));
  if (fresh) w.texts.emplace_back(text);
  return at->second;
}

void ColumnStore::put(const Document& d, std::uint32_t words) {
  const std::lock_guard lock(mutex_);
  Block& b = block(d.item / kBlock);
  const std::size_t i = d.item % kBlock;
  b.length[i] = words, b.family[i] = d.family, b.same_as[i] = d.same_as;
  b.folder[i] = code(Dictionary::folder, d.folder);
  const auto small = [](std::uint32_t n) {
    return static_cast<std::uint16_t>(std::min<std::uint32_t>(n, 0xFFFF));
  };
  b.type[i] = small(code(Dictionary::type, d.type));
  b.custodian[i] = small(code(Dictionary::custodian, d.custodian));
  for (std::size_t k = 0; k < 3; ++k)
    b.language[k][i] =
        k < d.languages.size() ? small(code(Dictionary::language, d.languages[k])) : std::uint16_t{0};
  b.date[i] = d.date, b.size[i] = d.size, b.flags[i] = d.flags;
}

void ColumnStore::commit(std::int64_t sequence) {
  const std::lock_guard lock(mutex_);
  store::Transaction t(*sql_);
  for (const auto& [n, b] : dirty_)
    each_column(*b, *b, [&, number = n](int place, auto& v, auto&) {
      sql_->run(
          "insert into col values (?, ?, ?) on conflict (place, block) do update set data = excluded.data",
          place, std::int64_t{number},
          record::Cell::blob({reinterpret_cast<const char*>(v.data()), v.size() * sizeof v[0]}));
    });
  for (std::size_t kind = 0; kind < dictionaries_.size(); ++kind) {
    Words& w = dictionaries_[kind];
    for (; w.stored < w.texts.size(); ++w.stored)
      sql_->run("insert into dict values (?, ?, ?)", static_cast<std::int64_t>(kind),
                static_cast<std::int64_t>(w.stored), std::string_view(w.texts[w.stored]));
  }
  sql_->run("insert into about values ('seen', ?) on conflict (name) do update set value = excluded.value",
            sequence);
  t.commit();
  // The blocks at the end are written to again soon; the others are let go.
  while (dirty_.size() > 2) dirty_.erase(dirty_.begin());
}

void ColumnStore::load(Columns& to) {
  const std::lock_guard lock(mutex_);
  const auto blocks = static_cast<std::size_t>(sql_->number("select coalesce(max(block) + 1, 0) from col"));
  each_column(to, to, [&](int, auto& v, auto&) { v.assign(blocks * kBlock, {}); });
  sql_->each("select place, block, data from col", [&](store::Statement& s) {
    each_column(to, to, [&](int place, auto& v, auto&) {
      const std::string_view data = s.text(2);
      if (place == s.integer(0) && data.size() == kBlock * sizeof v[0])
        std::memcpy(v.data() + static_cast<std::size_t>(s.integer(1)) * kBlock, data.data(), data.size());
    });
  });
}

std::string ColumnStore::word(Dictionary d, std::uint32_t n) {
  const std::lock_guard lock(mutex_);
  const auto& t = dictionaries_[static_cast<std::size_t>(d)].texts;
  return n < t.size() ? t[n] : std::string();
}
std::uint32_t ColumnStore::number(Dictionary d, std::string_view text) {
  const std::lock_guard lock(mutex_);
  const auto& n = dictionaries_[static_cast<std::size_t>(d)].numbers;
  const auto at = n.find(std::string(text));
  return at == n.end() ? 0 : at->second;
}
std::vector<std::string> ColumnStore::words(Dictionary d) {
  const std::lock_guard lock(mutex_);
  const auto& t = dictionaries_[static_cast<std::size_t>(d)].texts;
  return {t.begin() + 1, t.end()};
}

}  // namespace search

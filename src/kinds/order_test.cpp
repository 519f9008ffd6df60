#include "order.h"
#include "tally.h"

#include <base/bytes.h>
#include <base/crypto.h>

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <random>
#include <thread>

namespace {

// Records as far as an order reads them, with values that come close to each other.
class Shelf : public testing::Test {
 protected:
  void SetUp() override {
    path = std::filesystem::temp_directory_path().string() + "/custos-order-" +
           base::hex(base::random_bytes(8)) + ".db";
    sql = connect();
    sql->script(
        "create table record (id integer primary key, kind text, label integer, stamp integer, changed "
        "integer);"
        "create index record_stamp on record (kind, stamp);"
        "create table k_lead (id integer primary key, f_name text, f_size real)");
  }
  std::unique_ptr<store::Sql> connect() const {
    return store::open_sqlite(path, {.key = std::string(32, 'k')});
  }
  void TearDown() override {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  }
  void put(std::int64_t id) {
    static const std::vector<std::string> names{
        "", "a", "ab", "ab c", "aé", "b", "B", "é", std::string(300, 'x')};
    const std::string& name = names[draw() % names.size()];
    store::Transaction t(*sql);
    const std::int64_t stamp =
        sql->number("select coalesce(max(stamp), 0) + 1 from record where kind = 'lead'");
    sql->run("insert or replace into record values (?, 'lead', ?, ?, ?)", id, std::int64_t{1 + id % 3}, stamp,
             static_cast<std::int64_t>(draw() % 7) - 3);
    sql->run("insert or replace into k_lead values (?, ?, ?)", id,
             draw() % 5 ? record::Cell::text(name) : record::Cell{},
             draw() % 5 ? record::Cell::of((static_cast<double>(draw() % 9) - 4) / 3) : record::Cell{});
    t.commit();
  }
  std::vector<std::uint32_t> sorted(const std::vector<kinds::SortColumn>& columns, const std::string& where) {
    std::string text = "select r.id from record r join k_lead k on k.id = r.id where " + where + " order by ";
    for (const auto& c : columns) text += c.name + " is null, " + c.name + (c.down ? " desc, " : ", ");
    std::vector<std::uint32_t> out;
    sql->each(text + "r.id desc",
              [&](store::Statement& s) { out.push_back(static_cast<std::uint32_t>(s.integer(0))); });
    return out;
  }
  std::mt19937 draw{7};
  std::string path;
  std::unique_ptr<store::Sql> sql;
};

}  // namespace

TEST_F(Shelf, holds_records_as_the_database_sorts_them_whatever_has_changed) {
  using Columns = std::vector<kinds::SortColumn>;
  kinds::Orders orders;
  const std::vector<Columns> all{{{"r.changed", true}},
                                 {{"k.f_name"}},
                                 {{"k.f_name", true}, {"r.changed"}},
                                 {{"k.f_size", false, true}, {"k.f_name"}},
                                 {{"k.f_size", true, true}}};
  for (int round = 0; round < 40; ++round) {
    for (std::size_t n = draw() % 20; n > 0; --n) put(1 + draw() % 120);
    kinds::Marks odd;
    for (std::uint32_t id = 1; id < 200; id += 2) odd.set(id);
    for (const Columns& columns : all) {
      const auto order = orders.of("lead", "k_lead", columns);
      order->bring_up_to_date(*sql);
      EXPECT_EQ(*order->those({1, 2, 3}, nullptr).ids, sorted(columns, "true"));
      EXPECT_EQ(*order->those({2}, nullptr).ids, sorted(columns, "r.label = 2"));
      EXPECT_EQ(*order->those({1, 2, 3}, &odd).ids, sorted(columns, "r.id % 2 = 1"));
      const auto some = order->those({1, 3}, nullptr, 5);
      auto expected = sorted(columns, "r.label <> 2");
      EXPECT_EQ(some.total, expected.size());
      expected.resize(std::min<std::size_t>(expected.size(), 5));
      EXPECT_EQ(*some.ids, expected);
    }
  }
  EXPECT_TRUE(orders.of("lead", "k_lead", all[0])->those({}, nullptr).ids->empty())
      << "what has no label that is allowed is nobody's";
}

TEST_F(Shelf, tallies_what_the_database_counts_whatever_has_changed) {
  kinds::Tallies tallies;
  const auto counted = [&](const std::string& where) {  // by label and name
    std::map<std::pair<std::int64_t, std::optional<std::string>>, std::int64_t> out;
    sql->each(
        "select r.label, k.f_name, count(*) from record r join k_lead k on k.id = r.id where " + where +
            " group by r.label, k.f_name",
        [&](store::Statement& s) {
          const bool none = s.cell(1).is == record::Cell::Is::null;
          out[{s.integer(0), none ? std::nullopt : std::optional(std::string(s.text(1)))}] = s.integer(2);
        });
    return out;
  };
  for (int round = 0; round < 60; ++round) {
    for (std::size_t n = draw() % 20; n > 0; --n) put(1 + draw() % 120);
    const auto tally = tallies.of("grown", [] {
      kinds::Where fit;
      fit.text = " and k.f_size >= ? and r.changed <= ?";
      fit.bind(-1.0);
      fit.bind(std::int64_t{2});
      return std::make_shared<kinds::Tally>("lead", "k_lead", std::move(fit),
                                            std::vector<std::string>{"k.f_name"});
    });
    tally->bring_up_to_date(*sql);
    for (const auto& [may, labels] :
         {std::pair<std::vector<std::int64_t>, std::string>{{1, 2, 3}, "1, 2, 3"}, {{2}, "2"}, {{}, "0"}}) {
      const std::string where = "k.f_size >= -1 and r.changed <= 2 and r.label in (" + labels + ")";
      auto expected = counted(where);
      for (const kinds::Tally::Sum& s : tally->sums(may)) {
        EXPECT_EQ(s.records, expected[std::pair(s.label, s.values.at(0))]);
        expected.erase({s.label, s.values.at(0)});
      }
      EXPECT_TRUE(expected.empty());
      if (may.size() != 3) continue;
      std::vector<std::uint32_t> ids = sorted({{"r.id"}}, where);
      EXPECT_EQ(tally->marks().all(), ids);
      EXPECT_EQ(tally->size(), ids.size());
    }
  }
}

TEST_F(Shelf, is_brought_up_to_date_and_read_by_many_at_once) {
  put(1);
  kinds::Orders orders;
  std::atomic<bool> over{false};
  std::vector<std::thread> threads;
  for (int n = 0; n < 3; ++n)
    threads.emplace_back([&] {
      const auto reader = connect();
      std::size_t before = 0;
      do {
        const auto order = orders.of("lead", "k_lead", {{"k.f_name"}, {"r.changed", true}});
        order->bring_up_to_date(*reader);
        const auto met = order->those({1, 2, 3}, nullptr);
        EXPECT_EQ(met.total, met.ids->size());
        EXPECT_GE(met.total, before);
        before = met.total;
      } while (!over);
    });
  for (std::int64_t id = 2; id < 200; ++id) put(id), put(1 + id / 2);
  over = true;
  for (std::thread& t : threads) t.join();
  const std::vector<kinds::SortColumn> columns{{"k.f_name"}, {"r.changed", true}};
  const auto order = orders.of("lead", "k_lead", columns);
  order->bring_up_to_date(*sql);
  EXPECT_EQ(*order->those({1, 2, 3}, nullptr).ids, sorted(columns, "true"));
}

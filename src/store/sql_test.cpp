// One suite for both databases: every test runs on SQLite, on encrypted SQLite and on PostgreSQL.
#include "suite.h"

#include <base/handle.h>
#include <store/sqlite.h>

#include <sqlite3.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <thread>

STORE_TEST(values_come_back_as_they_were_stored) {
  sql->script("create table v (i {key}, t text, b {blob}, r {real})");
  const std::string blob("\0\xff'?", 4);
  sql->run("insert into v values (?, ?, ?, ?)", std::int64_t{INT64_MIN}, std::string_view("Свідок's ?"),
           record::Cell::blob(blob), record::Cell::of(0.1));
  int rows = 0;
  sql->each(
      "select i, t, b, r from v where t = ?",
      [&](store::Statement& s) {
        ++rows;
        EXPECT_EQ(s.integer(0), INT64_MIN);
        EXPECT_EQ(s.text(1), "Свідок's ?");
        EXPECT_EQ(s.text(2), blob);
        EXPECT_EQ(s.cell(3).real, 0.1);
      },
      std::string_view("Свідок's ?"));
  EXPECT_EQ(rows, 1);
}

STORE_TEST(a_transaction_that_is_not_committed_leaves_nothing) {
  sql->script("create table v (i {key})");
  {
    store::Transaction t(*sql);
    sql->run("insert into v values (?)", 1);
  }
  EXPECT_EQ(sql->number("select count(*) from v"), 0);
  store::Transaction t(*sql);
  sql->run("insert into v values (?)", 1);
  t.commit();
  EXPECT_EQ(sql->number("select count(*) from v"), 1);
}

STORE_TEST(a_broken_rule_is_thrown_and_the_connection_lives_on) {
  sql->script("create table v (i {key})");
  sql->run("insert into v values (?)", 1);
  EXPECT_THROW(sql->run("insert into v values (?)", 1), base::Fault);
  EXPECT_EQ(sql->number("select count(*) from v"), 1);
}

STORE_TEST(migrations_run_once_and_a_newer_house_is_refused) {
  const store::Migration two[] = {{1, "create table a (i {key})"}, {2, "create table b (i {key})"}};
  ASSERT_TRUE(store::migrate(*sql, std::span(two).first(1)).ok());
  ASSERT_TRUE(store::migrate(*sql, two).ok());
  ASSERT_TRUE(store::migrate(*sql, two).ok());
  EXPECT_EQ(sql->number("select count(*) from b"), 0);
  const auto older = store::migrate(*sql, std::span(two).first(1));
  ASSERT_FALSE(older.ok());
  EXPECT_EQ(older.error().why, base::Refusal::unsupported);
}

TEST(Migrations, of_two_processes_at_once_are_taken_once) {
  const store::Migration steps[] = {{1, "create table a (i {key})"}, {2, "create table b (i {key})"}};
  for (int round = 0; round < 20; ++round) {
    const suite::Folder folder;
    std::atomic<int> refused{0};
    std::vector<std::thread> threads;
    for (int n = 0; n < 4; ++n)
      threads.emplace_back([&] {
        try {
          refused += !store::migrate(
                          *store::open_sqlite(folder.path + "/m.db", {.key = std::string(32, 'k')}), steps)
                          .ok();
        } catch (const base::Fault&) { ++refused; }
      });
    for (std::thread& t : threads) t.join();
    EXPECT_EQ(refused, 0);
  }
}

STORE_TEST(a_record_comes_back_equal) {
  sql->script(store::create_table(record::shape<suite::Thing>));
  const suite::Thing a{7, "a", {"\x01"}, {}}, b{8, "b", {""}, "note"};
  store::insert(*sql, a);
  store::insert(*sql, b);
  EXPECT_TRUE(record::changed(store::select<suite::Thing>(*sql, "where id = ?", 7).at(0), a).empty());
  EXPECT_TRUE(record::changed(store::select<suite::Thing>(*sql, "where id = ?", 8).at(0), b).empty());
  store::update(*sql, suite::Thing{7, "c", {"\x02"}, "n"});
  EXPECT_EQ(store::select<suite::Thing>(*sql, "order by id").at(0).name, "c");
}

TEST(Pages, hold_no_plain_byte_of_what_was_stored) {
  const suite::Folder folder;
  const std::string key(32, 'k'), marker = "MARKER-of-a-witness-statement";
  {
    const auto sql = store::open_sqlite(folder.path + "/r.db", {.key = key});
    sql->script("create table v (i {key}, t text)");
    for (int i = 0; i < 3000; ++i) sql->run("insert into v values (?, ?)", i, std::string_view(marker));
    for (const auto& e : std::filesystem::directory_iterator(folder.path))
      EXPECT_EQ(base::read_file(e.path()).find("MARKER"), std::string::npos) << e.path();
  }
  for (const auto& e : std::filesystem::directory_iterator(folder.path)) {
    const std::string bytes = base::read_file(e.path());
    EXPECT_EQ(bytes.find("MARKER"), std::string::npos);
    EXPECT_EQ(bytes.find("SQLite"), std::string::npos);
  }
  const auto sql = store::open_sqlite(folder.path + "/r.db", {.key = key});
  EXPECT_EQ(sql->number("select count(*) from v where t = ?", std::string_view(marker)), 3000);
  EXPECT_EQ(sql->number("select count(*) from pragma_integrity_check where integrity_check <> 'ok'"), 0);
}

TEST(Pages, refuse_a_changed_byte_and_a_wrong_key) {
  const suite::Folder folder;
  const std::string path = folder.path + "/r.db";
  {
    const auto sql = store::open_sqlite(path, {.key = std::string(32, 'k')});
    sql->script("create table v (t text)");
    sql->run("insert into v values (?)", std::string_view("x"));
  }
  const std::string good = base::read_file(path);
  for (const std::size_t at : {64ul + 20, 64ul + 4124 + 100}) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    base::replace_file(path, bad);
    EXPECT_THROW(store::open_sqlite(path, {.key = std::string(32, 'k')})->number("select count(*) from v"),
                 base::Fault);
  }
  base::replace_file(path, good);
  EXPECT_EQ(store::open_sqlite(path, {.key = std::string(32, 'k')})->number("select count(*) from v"), 1);
  std::filesystem::create_directory(folder.path + "/other");
  base::replace_file(folder.path + "/other/r.db", good);
  EXPECT_THROW(store::open_sqlite(folder.path + "/other/r.db", {.key = std::string(32, 'z')})
                   ->number("select count(*) from v"),
               base::Fault);
}

// The last block of a log is written again as it grows, while others read what lies in it.
TEST(Pages, are_read_whole_while_another_connection_writes) {
  const suite::Folder folder;
  for (const bool durable : {true, false}) {
    const store::SqliteOptions options{.key = std::string(32, 'k'), .durable = durable};
    const std::string path = folder.path + (durable ? "/d.db" : "/n.db");
    const auto writer = store::open_sqlite(path, options);
    writer->script("create table v (i {key}, t text)");
    for (int i = 0; i < 50; ++i)
      writer->run("insert into v values (?, ?)", i, std::string_view("0000000000"));
    std::atomic<bool> over{false};
    std::atomic<int> wrong{0}, reads{0};
    std::vector<std::thread> readers;
    for (int n = 0; n < 2; ++n)
      readers.emplace_back([&] {
        try {
          const auto sql = store::open_sqlite(path, options);
          while (!over) {
            // Every row of one state of the table holds the same text.
            wrong += sql->number("select count(distinct t) from v") != 1;
            ++reads;
          }
        } catch (const base::Fault&) { ++wrong; }
      });
    for (int round = 1; round <= 400 || (reads <= 10 && wrong == 0); ++round) {
      char text[16];
      std::snprintf(text, sizeof text, "%010d", round);
      writer->run("update v set t = ?", std::string_view(text));
    }
    over = true;
    for (std::thread& t : readers) t.join();
    EXPECT_EQ(wrong, 0) << "durable " << durable;
  }
}

STORE_TEST(many_texts_are_prepared_and_the_one_stepped_through_stays) {
  sql->script("create table v (i {key})");
  for (int i = 0; i < 3; ++i) sql->run("insert into v values (?)", i);
  std::vector<std::int64_t> met;
  sql->each("select i from v order by i", [&](store::Statement& s) {
    for (int n = 0; n < 600; ++n)
      EXPECT_EQ(sql->number("select " + std::to_string(n) + " from v where i = ?", 1), n);
    met.push_back(s.integer(0));
  });
  EXPECT_EQ(met, (std::vector<std::int64_t>{0, 1, 2}));
}

TEST(Statements, of_one_connection_are_bounded) {
  const suite::Folder folder;
  const auto sql = store::open_sqlite(folder.path + "/s.db", {});
  for (int n = 0; n < 2000; ++n) sql->number("select " + std::to_string(n));
  int kept = 0;
  auto* db = static_cast<sqlite3*>(store::sqlite_handle(*sql));
  for (sqlite3_stmt* s = nullptr; (s = sqlite3_next_stmt(db, s));) ++kept;
  EXPECT_EQ(kept, 256);
}

#include <base/bytes.h>
#include <base/crypto.h>
#include <kernel/desk.h>

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace {

struct Note {
  std::int64_t id{};
  std::string text;
};

}  // namespace

template <>
inline constexpr auto record::description<Note> =
    record::describe("note", record::field<&Note::id>(1, "id", "Number").as_key(),
                     record::field<&Note::text>(2, "text", "Text"));

namespace {

kernel::Violation says_something(const Note& n) {
  if (n.text.empty()) return "a note must say something";
  return {};
}

class Desks : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "postgresql") {
      const char* url = std::getenv("CUSTOS_PG");
      if (!url) GTEST_SKIP() << "CUSTOS_PG is not set: ./test starts a server and sets it";
      schema = "k" + base::hex(base::random_bytes(8));
    } else {
      path = std::filesystem::temp_directory_path().string() + "/custos-desk-" +
             base::hex(base::random_bytes(8)) + ".db";
    }
    sql = connect();
    sql->script(kernel::Desk::schema());
    sql->script(kernel::Desk::schema_of_leases());
    sql->script(store::create_table(record::shape<Note>));
    house.record<Note>();
    house.rule<Note>(says_something);
    desk = std::make_unique<kernel::Desk>(*sql, house, base::system_clock());
  }
  std::unique_ptr<store::Sql> connect() const {
    if (!schema.empty()) return store::open_postgresql(std::getenv("CUSTOS_PG"), schema);
    return store::open_sqlite(path, {.key = std::string(32, 'k')});
  }
  void TearDown() override {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(path + end);
  }
  std::string path, schema;
  std::unique_ptr<store::Sql> sql;
  kernel::Registrar house;
  std::unique_ptr<kernel::Desk> desk;
};
INSTANTIATE_TEST_SUITE_P(On, Desks, testing::Values("sqlite", "postgresql"),
                         [](const auto& i) { return i.param; });

}  // namespace

TEST_P(Desks, a_change_writes_row_ledger_and_job_together) {
  ASSERT_TRUE(desk->change([&](kernel::Change& c) -> base::Status {
                    TRY(c.add(Note{1, "seen"}, {"added", "me", "", "{}"}));
                    c.later("extract", "{}");
                    return base::Done{};
                  })
                  .ok());
  EXPECT_EQ(sql->number("select count(*) from note"), 1);
  EXPECT_EQ(sql->number("select count(*) from ledger"), 1);
  EXPECT_EQ(sql->number("select count(*) from job"), 1);
}

TEST_P(Desks, two_of_one_database_write_one_ledger_in_turn) {
  const auto other_sql = connect();
  kernel::Desk other(*other_sql, house, base::system_clock());
  for (int i = 0; i < 600; ++i) {
    kernel::Desk& one = i % 3 ? *desk : other;
    ASSERT_TRUE(one.change([&](kernel::Change& c) {
                     return c.add(Note{i, "seen"}, {"added", i % 3 ? "me" : "you", "", "{}"});
                   })
                    .ok())
        << i;
  }
  std::uint64_t rows = 0;
  store::Frontier tree;
  desk->ledger().scan([&](const store::Ledger::Row& r) {
    EXPECT_EQ(r.seq, rows++);
    EXPECT_TRUE(store::Ledger::check_row(r).ok());
    tree.add(store::leaf_hash(r.entry));
    return true;
  });
  EXPECT_EQ(rows, 600u);
  EXPECT_EQ(tree.root(), desk->ledger().head("o").root);
  EXPECT_EQ(tree.root(), other.ledger().head("o").root);
}

TEST_P(Desks, a_refused_change_leaves_neither_row_nor_ledger_nor_job) {
  const base::Status s = desk->change([&](kernel::Change& c) -> base::Status {
    TRY(c.add(Note{1, "seen"}, {"added", "me", "", "{}"}));
    c.later("extract", "{}");
    TRY(c.add(Note{2, ""}, {"added", "me", "", "{}"}));
    return base::Done{};
  });
  ASSERT_FALSE(s.ok());
  EXPECT_EQ(s.error().message, "a note must say something");
  EXPECT_EQ(sql->number("select count(*) from note") + sql->number("select count(*) from ledger") +
                sql->number("select count(*) from job"),
            0);
  EXPECT_TRUE(desk->change([&](kernel::Change& c) {
                    return c.add(Note{1, "again"}, {"added", "me", "", "{}"});
                  })
                  .ok());
  EXPECT_EQ(sql->number("select max(seq) from ledger"), 0);
}

TEST_P(Desks, two_desks_that_take_turns_write_one_ledger) {
  kernel::Desk other(*sql, house, base::system_clock());
  for (int i = 0; i < 6; ++i)
    EXPECT_TRUE((i % 2 ? *desk : other)
                    .change([&](kernel::Change& c) {
                      return c.add(Note{i, "turn"}, {"added", "me", "", "{}"});
                    })
                    .ok());
  EXPECT_EQ(sql->number("select count(*) from ledger"), 6);
  EXPECT_EQ(sql->number("select max(seq) from ledger"), 5);
}

TEST_P(Desks, many_records_are_changed_by_one_act) {
  ASSERT_TRUE(desk->change([&](kernel::Change& c) -> base::Status {
                    EXPECT_EQ(c.tell({"added_all", "me", "", "{}"}), 0u);
                    for (int i = 1; i <= 3; ++i) TRY(c.add(Note{i, "one of many"}));
                    TRY(c.edit(Note{2, "edited"}));
                    c.remove<Note>(3);
                    return base::Done{};
                  })
                  .ok());
  EXPECT_EQ(sql->number("select count(*) from note"), 2);
  EXPECT_EQ(sql->number("select count(*) from note where text = 'edited'"), 1);
  EXPECT_EQ(sql->number("select count(*) from ledger"), 1);
  EXPECT_FALSE(desk->change([&](kernel::Change& c) { return c.add(Note{4, ""}); }).ok()) << "rules hold";
}

TEST_P(Desks, a_job_is_taken_once_and_again_after_its_process_died) {
  static_cast<void>(desk->change([&](kernel::Change& c) -> base::Status {
    c.later("extract", "{\"n\":1}");
    return base::Done{};
  }));
  const auto job = desk->take("extract", "p1");
  ASSERT_TRUE(job);
  EXPECT_EQ(job->argument, "{\"n\":1}");
  EXPECT_FALSE(desk->take("extract", "p2"));
  EXPECT_EQ(desk->resume("extract"), 1);
  EXPECT_TRUE(desk->take("extract", "p2"));
  desk->finish(job->id);
  EXPECT_TRUE(desk->open_jobs().empty());
  EXPECT_EQ(desk->job(job->id)->state, "done");
  EXPECT_FALSE(desk->job(job->id + 1));
}

TEST_P(Desks, a_job_is_held_while_its_process_says_so_and_then_taken_over) {
  constexpr std::int64_t hour = 3'600'000'000;
  static_cast<void>(desk->change([&](kernel::Change& c) -> base::Status {
    c.later("extract", "1");
    return base::Done{};
  }));
  const auto job = desk->take("extract", "p1", hour);
  ASSERT_TRUE(job);
  EXPECT_FALSE(desk->take("extract", "p2", hour));
  EXPECT_TRUE(desk->hold(job->id, "p1", -1)) << "what is held until just now is not held";
  EXPECT_FALSE(desk->take("extract", "p1", hour)) << "who was only slow does not do it twice at once";
  const auto over = desk->take("extract", "p2", hour);
  ASSERT_TRUE(over);
  EXPECT_EQ(over->id, job->id);
  EXPECT_FALSE(desk->hold(job->id, "p1", hour)) << "the first is told that it is theirs no longer";
  desk->give_back(job->id, "p1");
  EXPECT_FALSE(desk->take("extract", "p1", hour)) << "and gives back nothing";
  desk->give_back(job->id, "p2");
  EXPECT_TRUE(desk->take("extract", "p1", hour));
}

TEST_P(Desks, two_jobs_of_one_place_follow_each_other) {
  constexpr std::int64_t hour = 3'600'000'000;
  static_cast<void>(desk->change([&](kernel::Change& c) -> base::Status {
    c.later("take_in", "1", "case one"), c.later("retry", "2", "case one"),
        c.later("take_in", "3", "case two");
    c.later("take_in", "4"), c.later("take_in", "5");
    return base::Done{};
  }));
  const auto first = desk->take("take_in", "p1", hour);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->argument, "1");
  EXPECT_FALSE(desk->take("retry", "p2", hour)) << "of the same place, whatever it is";
  for (const char* next : {"3", "4", "5"}) EXPECT_EQ(desk->take("take_in", "p2", hour)->argument, next);
  desk->finish(first->id);
  EXPECT_EQ(desk->take("retry", "p2", hour)->argument, "2");
}

TEST(Registrar, tells_what_is_wrong_with_a_house) {
  kernel::Registrar r;
  r.record<Note>();
  EXPECT_TRUE(r.faults().empty());
  r.record<Note>();
  EXPECT_EQ(r.faults().at(0), "two records are named note");
  EXPECT_EQ(r.lock().substr(0, 21), "note 1 id integer key");
}

TEST_P(Desks, who_reads_does_not_wait_for_who_writes_and_sees_one_state) {
  desk->read_by(std::make_shared<store::Readers>([this] { return connect(); }, 2));
  const auto notes = [&] { return desk->records().number("select count(*) from note"); };
  const kernel::Desk::Reading before(*desk);
  EXPECT_EQ(notes(), 0);
  std::thread([&] {
    ASSERT_TRUE(desk->change([&](kernel::Change& c) -> base::Status {
                      TRY(c.add(Note{1, "seen"}, {"added", "me", "", "{}"}));
                      std::thread([&] {  // were it to wait, it would wait for ever
                        const kernel::Desk::Reading reading(*desk);
                        EXPECT_EQ(notes(), 0) << "what is not committed is nobody else's";
                      })
                          .join();
                      EXPECT_EQ(notes(), 1) << "who changes sees the change";
                      return base::Done{};
                    })
                    .ok());
  }).join();
  EXPECT_EQ(notes(), 0) << "the state that this thread began to read";
  {
    const kernel::Desk::Reading within(*desk);
    EXPECT_EQ(notes(), 0) << "the same for what it calls";
  }
  desk->tell({"viewed", "me", "", "{}"});
  EXPECT_EQ(notes(), 1) << "what it told ended that state";
}

TEST_P(Desks, more_may_read_at_once_than_there_are_connections) {
  desk->read_by(std::make_shared<store::Readers>([this] { return connect(); }, 2));
  std::vector<std::thread> threads;
  for (int n = 0; n < 6; ++n)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        const kernel::Desk::Reading reading(*desk);
        const std::int64_t rows = desk->records().number("select count(*) from ledger");
        EXPECT_EQ(desk->records().number("select count(*) from ledger"), rows);
        desk->tell({"viewed", "me", "X-1", "{}"});
        EXPECT_GT(desk->records().number("select count(*) from ledger"), rows) << "its own row at least";
      }
    });
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(desk->ledger().size(), 120u);
  std::uint64_t seen = 0;
  desk->ledger().scan([&](const store::Ledger::Row& row) {
    EXPECT_TRUE(store::Ledger::check_row(row).ok());
    return row.seq == seen++;
  });
  EXPECT_EQ(seen, 120u);
  store::Ledger afresh(*sql);
  EXPECT_EQ(afresh.head("o").root, desk->ledger().root_of(120));
}

TEST_P(Desks, what_is_told_together_and_cannot_be_written_is_told_to_none) {
  desk->read_by(std::make_shared<store::Readers>([this] { return connect(); }, 2));
  ASSERT_TRUE(desk->change([&](kernel::Change& c) {
                    return c.add(Note{1, "there"}, {"added", "me", "", "{}"});
                  })
                  .ok());
  std::atomic<int> failed{0};
  std::vector<std::thread> threads;
  {
    const kernel::Desk::Turn first(*desk);  // so that some wait at the same time
    for (int n = 0; n < 4; ++n)
      threads.emplace_back([&] {
        try {
          desk->together([&](kernel::Change& c) {
            c.tell({"viewed", "me", "", "{}"});
            static_cast<void>(c.add(Note{1, "twice"}));
          });
        } catch (const base::Fault&) { ++failed; }
      });
  }
  for (std::thread& t : threads) t.join();
  EXPECT_EQ(failed, 4);
  EXPECT_EQ(desk->ledger().size(), 1u);
  desk->tell({"viewed", "me", "", "{}"});
  EXPECT_EQ(desk->ledger().size(), 2u) << "and the next is written";
}

#include "packed.h"

#include <sqlite3.h>

namespace extract {
namespace {

std::string database(const char* sql) {
  sqlite3* db = nullptr;
  sqlite3_open(":memory:", &db);
  EXPECT_EQ(sqlite3_exec(db, sql, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_int64 n = 0;
  unsigned char* bytes = sqlite3_serialize(db, "main", &n, 0);
  std::string out(reinterpret_cast<char*>(bytes), static_cast<std::size_t>(n));
  sqlite3_free(bytes);
  sqlite3_close(db);
  return out;
}

constexpr const char* kMessages =
    "CREATE TABLE message(id INTEGER PRIMARY KEY, who TEXT, said TEXT, image BLOB);"
    "INSERT INTO message VALUES(1,'Ana','hello "
    "there',NULL),(2,'Boro','привет',zeroblob(300)),(3,'C',x'0102',7.5);"
    "CREATE TABLE \"od\"\"d\"(x); INSERT INTO \"od\"\"d\" VALUES('quoted');"
    "CREATE VIEW trap AS SELECT * FROM message;";

TEST(Sqlite, gives_a_page_for_each_table_and_a_line_for_each_row) {
  const auto sink = record(database(kMessages), "x.db");
  ASSERT_EQ(sink->root.pages.size(), 2u);
  EXPECT_NE(sink->root.pages[0].find("id\twho\tsaid\timage\n1\tAna\thello there\t\n"), std::string::npos);
  EXPECT_NE(sink->root.pages[0].find("x'0102'\t7.5"), std::string::npos);
  EXPECT_NE(sink->root.pages[1].find("quoted"), std::string::npos);
}

TEST(Sqlite, gives_larger_blobs_as_parts) {
  const auto sink = record(database(kMessages), "x.db");
  ASSERT_EQ(sink->root.parts.size(), 1u);
  EXPECT_EQ(sink->root.parts[0]->info.name, "message/2/image");
  EXPECT_EQ(sink->root.parts[0]->bytes.size(), 300u);
}

TEST(Sqlite, tells_a_damaged_table_and_reads_the_others) {
  std::string bytes = database(kMessages);
  std::fill_n(bytes.begin() + 4096, 4096, '\xff');
  const auto sink = record(bytes, "x.db");
  EXPECT_TRUE(sink->root.found(Reason::damaged));
  EXPECT_NE(sink->root.text().find("quoted"), std::string::npos);
}

TEST(Sqlite, tells_a_database_that_ends_early) {
  const std::string bytes = database(kMessages);
  const auto sink = record(std::string_view(bytes).substr(0, bytes.size() - 4096), "x.db");
  EXPECT_TRUE(sink->root.found(Reason::truncated));
}

TEST(Sqlite, does_not_run_what_the_schema_asks_for) {
  const auto sink =
      record(database("CREATE TABLE t(a, b GENERATED ALWAYS AS (abs(a)) VIRTUAL); INSERT INTO t VALUES(-5);"
                      "CREATE TABLE u(c); INSERT INTO u VALUES('safe');"),
             "x.db");
  EXPECT_NE(sink->root.text().find("safe"), std::string::npos);
}

TEST(Sqlite, survives_a_cut_at_many_lengths) { expect_survives_cuts(database(kMessages), "x.db", 97); }

}  // namespace
}  // namespace extract

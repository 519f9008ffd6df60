#pragma once
// The store tests run over every database: STORE_TEST(name) { ... sql ... } is one body, three tests.
// PostgreSQL is started by the test command, which puts its address into CUSTOS_PG.

#include <base/crypto.h>
#include <base/bytes.h>
#include <record/text.h>
#include <store/sql.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace suite {

struct Folder {
  std::string path;
  explicit Folder(const std::string& in = {})  // else where temporary files go
      : path((in.empty() ? std::filesystem::temp_directory_path().string() : in) + "/custos-test-" +
             base::hex(base::random_bytes(8))) {
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

struct Thing {
  std::int64_t id{};
  std::string name;
  record::Octets hash;
  std::optional<std::string> note;
};

class Store : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "postgresql") {
      const char* url = std::getenv("CUSTOS_PG");
      if (!url) GTEST_SKIP() << "CUSTOS_PG is not set: ./test starts a server and sets it";
      sql = store::open_postgresql(url, "t" + base::hex(base::random_bytes(8)));
    } else {
      sql = store::open_sqlite(folder.path + "/t.db",
                               {.key = GetParam() == "sqlite_sealed" ? std::string(32, 'k') : ""});
    }
  }
  Folder folder;
  std::unique_ptr<store::Sql> sql;
};

}  // namespace suite

template <>
inline constexpr auto record::description<suite::Thing> =
    record::describe("thing", record::field<&suite::Thing::id>(1, "id", "Number").as_key(),
                     record::field<&suite::Thing::name>(2, "name", "Name").with_index(),
                     record::field<&suite::Thing::hash>(3, "hash", "Hash"),
                     record::field<&suite::Thing::note>(4, "note", "Note"));

#define STORE_TEST(name)                                                                       \
  using name = suite::Store;                                                                   \
  INSTANTIATE_TEST_SUITE_P(On, name, testing::Values("sqlite", "sqlite_sealed", "postgresql"), \
                           [](const auto& i) { return i.param; });                             \
  TEST_P(name, holds)

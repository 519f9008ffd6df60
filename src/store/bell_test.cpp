#include <store/bell.h>

#include <base/bytes.h>
#include <base/crypto.h>

#include <gtest/gtest.h>

#include <cstdlib>
#include <vector>

namespace {

using namespace std::chrono_literals;

class Bells : public testing::Test {
 protected:
  void SetUp() override {
    if (const char* at = std::getenv("CUSTOS_PG")) url = at;
    if (url.empty()) GTEST_SKIP() << "CUSTOS_PG is not set: ./test starts a server and sets it";
  }
  static std::vector<std::string> heard(store::Bell& bell, std::size_t wanted) {
    std::vector<std::string> out;
    for (int i = 0; i < 600 && out.size() < wanted; ++i)
      bell.hear(50ms, [&](std::string_view word) { out.emplace_back(word); });
    return out;
  }
  std::string url;
};

TEST_F(Bells, a_word_is_heard_by_all_that_listen_under_its_name_and_nobody_else) {
  const std::string office = base::hex(base::random_bytes(8));
  store::Bell a(url, "custos_" + office), b(url, "custos_" + office), other(url, "custos_other" + office);
  const std::string long_one(store::Bell::bytes_max, 'x');
  a.tell("l'été \"est\" là");
  a.tell(long_one);
  other.tell("of another office");
  const std::vector<std::string> both{"l'été \"est\" là", long_one};
  EXPECT_EQ(heard(b, 2), both);
  EXPECT_EQ(heard(a, 2), both) << "who tells hears it as well";
  EXPECT_EQ(heard(other, 1), std::vector<std::string>{"of another office"});
  EXPECT_TRUE(b.hear(0ms, [](std::string_view) { FAIL() << "nothing was told twice"; }));
}

TEST_F(Bells, nobody_to_talk_to_is_a_fault) {
  EXPECT_THROW(store::Bell("postgresql:///nobody?host=/nowhere", "custos"), base::Fault);
}

}  // namespace

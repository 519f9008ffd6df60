#include <kinds/date.h>

#include <base/time.h>

#include <gtest/gtest.h>

#include <random>

using kinds::Days;
using kinds::days_of;

namespace {

std::string span(std::string_view date) {
  const auto d = days_of(date);
  if (!d) return "refused";
  const auto end = [](std::int64_t day) {
    return day == Days::kFirst || day == Days::kLast ? std::string("open") : kinds::date_of(day);
  };
  return end(d->from) + " " + end(d->to);
}

}  // namespace

TEST(Date, is_as_exact_as_it_is_known) {
  EXPECT_EQ(span("2019"), "2019-01-01 2019-12-31");
  EXPECT_EQ(span("2019-02"), "2019-02-01 2019-02-28");
  EXPECT_EQ(span("2020-02"), "2020-02-01 2020-02-29");
  EXPECT_EQ(span("2019-03-05"), "2019-03-05 2019-03-05");
  EXPECT_EQ(span("201X"), "2010-01-01 2019-12-31");
  EXPECT_EQ(span("20XX"), "2000-01-01 2099-12-31");
  EXPECT_EQ(span("2019-XX"), "2019-01-01 2019-12-31");
  EXPECT_EQ(span("2019-04-XX"), "2019-04-01 2019-04-30");
}
TEST(Date, may_be_uncertain_or_a_span_or_open) {
  EXPECT_EQ(span("2019-03?"), "2019-03-01 2019-03-31");
  EXPECT_EQ(span("2019~"), "2019-01-01 2019-12-31");
  EXPECT_EQ(span("2019-03/2019-05%"), "2019-03-01 2019-05-31");
  EXPECT_EQ(span("2019-03/.."), "2019-03-01 open");
  EXPECT_EQ(span("../2019-03"), "open 2019-03-31");
}
TEST(Date, refuses_what_no_calendar_has) {
  for (const char* wrong : {"", "19", "2019-13", "2019-00", "2019-02-29", "2019-2-3", "2019/", "../..",
                            "2019-05/2019-03", "2019-03-05T10:00", "0000", "X019", "2019-X1", "2019-03-1X",
                            "2019-03-05-01", "²019", "2019 ", "2019-03??", "/2019"})
    EXPECT_EQ(span(wrong), "refused") << wrong;
}
TEST(Date, of_every_day_is_read_as_that_day_alone) {
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t day = std::uniform_int_distribution<std::int64_t>(-700'000, 2'900'000)(random);
    EXPECT_EQ(*days_of(kinds::date_of(day)), (Days{day, day})) << kinds::date_of(day);
  }
}

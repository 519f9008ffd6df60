#include <kinds/date.h>
#include <kinds/limit.h>

#include <gtest/gtest.h>

using namespace kinds;
namespace json = boost::json;

namespace {

std::int64_t day(std::string_view date) { return days_of(date)->from; }

WorkingDays office() {
  return *WorkingDays::of(json::parse(R"({"codes":[{"code":"saturday"},{"code":"sunday"},{"code":"12-25"},
      {"code":"2026-04-03"},{"code":"01-01","retired":true}]})")
                              .get_object());
}
std::string due(Limit limit, std::string_view event) {
  const auto r = reckon(limit, day(event), office());
  return r.ok() ? date_of(r->due) : r.error().message;
}
using Unit = Limit::Unit;
using Roll = Limit::Roll;

}  // namespace

TEST(Limit, does_not_count_the_day_of_the_event) {
  EXPECT_EQ(due({5, Unit::day}, "2026-03-02"), "2026-03-07");
  EXPECT_EQ(due({1, Unit::week}, "2026-03-02"), "2026-03-09");
}
TEST(Limit, ends_a_month_on_its_last_day_where_the_number_is_missing) {
  EXPECT_EQ(due({1, Unit::month}, "2026-01-31"), "2026-02-28");
  EXPECT_EQ(due({1, Unit::month}, "2028-01-31"), "2028-02-29");
  EXPECT_EQ(due({2, Unit::month}, "2025-12-31"), "2026-02-28");
  EXPECT_EQ(due({1, Unit::year}, "2028-02-29"), "2029-02-28");
  EXPECT_EQ(due({1, Unit::month, true}, "2026-03-31"), "2026-02-28");
}
TEST(Limit, moves_to_a_working_day_only_where_it_says_so) {
  EXPECT_EQ(due({5, Unit::day, false, Roll::next}, "2026-03-02"), "2026-03-09");  // Saturday
  EXPECT_EQ(due({5, Unit::day, false, Roll::previous}, "2026-03-02"), "2026-03-06");
  EXPECT_EQ(due({30, Unit::day, true, Roll::previous}, "2026-03-31"), "2026-02-27");  // Sunday 1 March
  EXPECT_EQ(due({1, Unit::day, false, Roll::next}, "2026-04-02"),
            "2026-04-06");  // Good Friday, then a weekend
  EXPECT_EQ(due({1, Unit::day, false, Roll::next}, "2026-12-24"), "2026-12-28");  // every 25 December
  EXPECT_EQ(due({1, Unit::day, false, Roll::next}, "2025-12-31"), "2026-01-01");  // a retired holiday
}
TEST(Limit, counts_working_days_past_what_is_none) {
  EXPECT_EQ(due({1, Unit::working_day}, "2026-04-02"), "2026-04-06");
  EXPECT_EQ(due({5, Unit::working_day}, "2026-03-30"), "2026-04-07");
  EXPECT_EQ(due({1, Unit::working_day, true}, "2026-04-06"), "2026-04-02");
}
TEST(Limit, of_days_after_and_before_undo_each_other) {
  for (std::int64_t from = day("2023-12-01"); from < day("2024-04-01"); ++from)
    for (std::int64_t n : {1, 5, 30, 120})
      EXPECT_EQ(reckon({n, Unit::day, true}, reckon({n, Unit::day}, from, {})->due, {})->due, from);
}
TEST(Limit, is_never_moved_before_what_was_counted_by_next_nor_behind_it_by_previous) {
  for (std::int64_t from = day("2025-11-01"); from < day("2026-05-01"); ++from)
    for (const Unit unit : {Unit::day, Unit::working_day, Unit::week, Unit::month, Unit::year})
      for (const bool before : {false, true}) {
        const auto next = reckon({3, unit, before, Roll::next}, from, office());
        const auto previous = reckon({3, unit, before, Roll::previous}, from, office());
        ASSERT_TRUE(next.ok() && previous.ok());
        EXPECT_GE(next->due, next->counted);
        EXPECT_LE(previous->due, previous->counted);
        EXPECT_TRUE(office().working(next->due) && office().working(previous->due));
      }
}
TEST(Limit, says_that_no_day_is_left_to_work) {
  const auto never = WorkingDays::of(
      json::parse(R"({"codes":[{"code":"monday"},{"code":"tuesday"},{"code":"wednesday"},{"code":"thursday"},
      {"code":"friday"},{"code":"saturday"},{"code":"sunday"}]})")
          .get_object());
  EXPECT_FALSE(reckon({1, Unit::working_day}, 0, *never).ok());
  EXPECT_FALSE(reckon({1, Unit::day, false, Roll::next}, 0, *never).ok());
  EXPECT_TRUE(reckon({1, Unit::day}, 0, *never).ok());
}
TEST(Limit, refuses_what_it_does_not_understand_and_names_it) {
  const auto limit = [](const char* text) { return Limit::of(json::parse(text).get_object()); };
  EXPECT_EQ(limit(R"({"code":"reminder","days":3})").error().why, base::Refusal::not_found);
  for (const char* wrong :
       {R"({"code":"T","number":0,"unit":"day","direction":"after"})",
        R"({"code":"T","number":1,"unit":"fortnight","direction":"after"})",
        R"({"code":"T","number":1,"unit":"day","direction":"sideways"})",
        R"({"code":"T","number":1,"unit":"day","direction":"after","rolls":"perhaps"})"}) {
    ASSERT_FALSE(limit(wrong).ok()) << wrong;
    EXPECT_NE(limit(wrong).error().message.find("time_limit.T"), std::string::npos);
  }
  for (const char* code : {"13-01", "2026-02-30", "2026-04", "feast", "2026-04?"})
    EXPECT_FALSE(WorkingDays::of({{"codes", {{{"code", code}}}}}).ok()) << code;
}

#include <casework/plan.h>

#include <gtest/gtest.h>

#include <random>

using namespace casework;

namespace {

constexpr std::int64_t kToday = 20'000;

// A made-up plan: tasks wait for earlier ones only.
std::vector<PlanTask> made(std::size_t n, unsigned seed) {
  std::mt19937 r(seed);
  std::vector<PlanTask> tasks;
  for (std::size_t i = 0; i < n; ++i) {
    PlanTask t{"T" + std::to_string(i), static_cast<std::int64_t>(r() % 30)};
    for (std::size_t k = r() % 4; i > 0 && k > 0; --k) t.after.push_back("T" + std::to_string(r() % i));
    if (r() % 5 == 0) t.not_before = kToday + static_cast<std::int64_t>(r() % 100);
    if (r() % 6 == 0 && t.after.empty()) t.began = kToday - 10;
    if (t.began && r() % 2) t.ended = kToday - 1;
    if (r() % 3 == 0) t.due = kToday + static_cast<std::int64_t>(r() % 200);
    tasks.push_back(std::move(t));
  }
  return tasks;
}
const Plan::Past kPast{{0.8, 1, 1, 1.2, 1.5, 2.5}, 0.5};

}  // namespace

TEST(Plan, finds_the_critical_path_of_a_plan_worked_out_by_hand) {
  // A (5) -> B (10) -> D (2); A -> C (3) -> D. B lies on the path, C has 7 days.
  const auto plan = Plan::of({{"A", 5}, {"B", 10, {"A"}}, {"C", 3, {"A"}}, {"D", 2, {"B", "C"}}});
  ASSERT_TRUE(plan.ok());
  const auto s = plan->schedule(kToday);
  EXPECT_EQ(s.ends, kToday + 16);
  EXPECT_EQ(s.places[1].begins, kToday + 5);
  EXPECT_EQ(s.places[2].slack, 7);
  EXPECT_EQ(s.places[3].begins, kToday + 15);
  EXPECT_TRUE(s.places[0].critical && s.places[1].critical && s.places[3].critical && !s.places[2].critical);
}
TEST(Plan, moves_what_is_late_and_keeps_what_has_ended) {
  const auto plan = Plan::of({{"A", 5, {}, {}, kToday - 20, kToday - 10},
                              {"B", 5, {"A"}, {}, kToday - 9},  // should have ended, goes on
                              {"C", 1, {"B"}, kToday - 3}});
  const auto s = plan->schedule(kToday);
  EXPECT_EQ(s.places[0].ends, kToday - 10);
  EXPECT_EQ(s.places[1].ends, kToday);
  EXPECT_EQ(s.places[2].begins, kToday + 1);
}
TEST(Plan, refuses_tasks_that_wait_for_one_another_and_names_them) {
  const auto circle = Plan::of({{"A", 1, {"C"}}, {"B", 1, {"A"}}, {"C", 1, {"B"}}, {"D", 1}});
  ASSERT_FALSE(circle.ok());
  EXPECT_NE(circle.error().message.find("A, B, C"), std::string::npos);
  EXPECT_FALSE(Plan::of({{"A", 1, {"A"}}}).ok());
  EXPECT_FALSE(Plan::of({{"A", 1}, {"A", 2}}).ok());
  EXPECT_NE(Plan::of({{"A", 1, {"X"}}}).error().message.find("\"X\""), std::string::npos);
}
TEST(Plan, begins_nothing_before_what_it_waits_for_has_ended) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    const auto plan = Plan::of(made(120, seed));
    const auto s = plan->schedule(kToday);
    std::map<std::string, std::size_t> at;
    for (std::size_t i = 0; i < 120; ++i) at[plan->tasks()[i].code] = i;
    bool critical = false;
    for (std::size_t i = 0; i < 120; ++i) {
      const PlanTask& t = plan->tasks()[i];
      EXPECT_GE(s.places[i].slack, 0);
      EXPECT_LE(s.places[i].ends, s.ends);
      critical = critical || s.places[i].critical;
      if (t.began || t.ended) continue;
      EXPECT_GE(s.places[i].begins, kToday);
      for (const std::string& b : t.after) EXPECT_GT(s.places[i].begins, s.places[at[b]].ends);
    }
    EXPECT_TRUE(critical);
  }
}
TEST(Plan, ends_later_by_exactly_what_a_task_takes_beyond_its_slack) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    auto tasks = made(60, seed);
    const auto before = Plan::of(tasks)->schedule(kToday);
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (tasks[i].began || tasks[i].ended) continue;
      auto longer = tasks;
      longer[i].days += before.places[i].slack + 3;
      EXPECT_EQ(Plan::of(longer)->schedule(kToday).ends, before.ends + 3) << seed << " " << i;
    }
  }
}
TEST(Plan, forecasts_the_plan_itself_when_the_past_kept_its_plans) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto plan = Plan::of(made(80, seed));
    const auto f = plan->forecast(kToday, {{1.0}, 0.5}, 50, seed);
    ASSERT_TRUE(f.ok());
    EXPECT_EQ(f->end.p50, plan->schedule(kToday).ends);
    EXPECT_EQ(f->end.p95, f->end.p50);
  }
}
TEST(Plan, forecasts_the_same_on_any_number_of_threads) {
  const auto plan = Plan::of(made(200, 7));
  const auto one = plan->forecast(kToday, kPast, 1000, 42, 1),
             three = plan->forecast(kToday, kPast, 1000, 42, 3);
  EXPECT_EQ(one->end.p80, three->end.p80);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_NEAR(one->late[i], three->late[i], 1e-9);
    EXPECT_NEAR(one->decides[i], three->decides[i], 1e-9);
  }
  EXPECT_NE(one->decides, plan->forecast(kToday, kPast, 1000, 43, 1)->decides);
}
TEST(Plan, is_never_forecast_earlier_when_tasks_took_longer) {
  for (unsigned seed = 0; seed < 10; ++seed) {
    const auto plan = Plan::of(made(100, seed));
    auto slower = kPast;
    for (double& r : slower.ratios) r *= 1.3;
    const auto a = plan->forecast(kToday, kPast, 500, seed), b = plan->forecast(kToday, slower, 500, seed);
    EXPECT_LE(a->end.p50, b->end.p50);
    EXPECT_LE(a->end.p95, b->end.p95);
    EXPECT_LE(a->end.p50, a->end.p80);
    EXPECT_LE(a->end.p80, a->end.p95);
  }
}
TEST(Plan, refuses_a_past_that_says_nothing) {
  const auto plan = Plan::of({{"A", 1}});
  EXPECT_FALSE(plan->forecast(kToday, {{}, 0.5}, 10, 1).ok());
  EXPECT_FALSE(plan->forecast(kToday, {{0.0}, 0.5}, 10, 1).ok());
  EXPECT_FALSE(plan->forecast(kToday, {{1.0}, 2}, 10, 1).ok());
  EXPECT_FALSE(plan->forecast(kToday, {{1.0}, 0.5}, 0, 1).ok());
}

#include <access/throttle.h>

#include <gtest/gtest.h>

#include <random>

using namespace rights;

namespace {
const Limits limits;
}

TEST(Throttle, waits_longer_after_each_failure_and_a_minute_at_most) {
  const Time expected[] = {0, 1, 2, 4, 8, 16, 32, 60, 60, 60};
  for (std::int64_t n = 0; n < 10; ++n) EXPECT_EQ(throttle_delay(n, limits), expected[n]);
  EXPECT_EQ(throttle_delay(1'000'000, limits), 60);
  EXPECT_EQ(throttle_delay(-5, limits), 0);
}

TEST(Throttle, lets_nobody_in_before_the_wait_is_over_and_everybody_after) {
  Tries t;
  Time now = 1'000'000;
  for (int i = 0; i < 50; ++i) {
    Attempt a = begin_attempt(t, now, limits);
    ASSERT_EQ(a.wait_seconds, 0);
    t = a.after;
    const Time wait = throttle_delay(t.failures, limits);
    for (Time s = 0; s < wait; ++s) {
      a = begin_attempt(t, now + s, limits);
      EXPECT_EQ(a.wait_seconds, wait - s);
      EXPECT_EQ(a.after.failures, t.failures) << "an attempt that may not go on is not a failure";
    }
    now += wait;
  }
  EXPECT_EQ(begin_attempt(succeeded(), now, limits).wait_seconds, 0);
}

TEST(Throttle, cannot_lock_a_person_out) {
  std::mt19937 random(1);
  Tries stranger, mine;
  for (Time now = 5'000; now < 90'000; now += 1 + static_cast<Time>(random() % 3)) {
    stranger = begin_attempt(stranger, now, limits).after;
    EXPECT_LE(begin_attempt(stranger, now, limits).wait_seconds, 60);
    EXPECT_EQ(begin_attempt(mine, now, limits).wait_seconds, 0) << "another source, another wait";
  }
}

TEST(Throttle, stops_many_attempts_at_once) {
  Tries t;
  int passed = 0;
  for (int i = 0; i < 100; ++i) {
    const Attempt a = begin_attempt(t, 777, limits);
    passed += a.wait_seconds == 0;
    t = a.after;
  }
  EXPECT_EQ(passed, 1);
}

TEST(Throttle, neither_opens_nor_locks_when_the_clock_is_set_back) {
  Tries t{.failures = 9, .last = 1'000'000};
  const Attempt back = begin_attempt(t, 400, limits);
  EXPECT_EQ(back.wait_seconds, 60) << "it does not open";
  EXPECT_EQ(begin_attempt(back.after, 459, limits).wait_seconds, 1);
  EXPECT_EQ(begin_attempt(back.after, 460, limits).wait_seconds, 0) << "it does not lock";
  EXPECT_EQ(begin_attempt(back.after, 460, limits).after.failures, 10) << "and forgives nothing";
  // Whatever the clock does, nobody waits more than a minute of it.
  std::mt19937_64 random(2);
  for (int i = 0; i < 100'000; ++i) {
    const Time now = static_cast<Time>(random());
    const Attempt a = begin_attempt(t, now, limits);
    EXPECT_GE(a.wait_seconds, 0);
    EXPECT_LE(a.wait_seconds, 60);
    t = a.after;
  }
}

TEST(Throttle, forgets_after_a_quiet_time) {
  const Tries t{.failures = 30, .last = 1000};
  EXPECT_EQ(begin_attempt(t, 1000 + limits.throttle_forgets - 1, limits).after.failures, 31);
  EXPECT_EQ(begin_attempt(t, 1000 + limits.throttle_forgets, limits).after.failures, 1);
}

TEST(Throttle, grants_some_failures_to_a_source_that_many_share) {
  Tries t;
  for (int i = 0; i < 20; ++i) {
    const Attempt a = begin_attempt(t, 50, limits, 20);
    EXPECT_EQ(a.wait_seconds, 0);
    t = a.after;
  }
  EXPECT_EQ(begin_attempt(t, 50, limits, 20).wait_seconds, 0);
  t = begin_attempt(t, 50, limits, 20).after;
  EXPECT_EQ(begin_attempt(t, 50, limits, 20).wait_seconds, 1);
}

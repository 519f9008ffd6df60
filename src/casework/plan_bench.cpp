// The critical path and the forecast of a plan of 5,000 tasks in 10,000 futures, on the processors there are;
// beside it what the same work costs in one pass over its numbers.
#include <casework/plan.h>

#include <chrono>
#include <cstdio>
#include <random>
#include <thread>

int main() {
  using Clock = std::chrono::steady_clock;
  constexpr std::size_t kTasks = 5'000;
  constexpr std::uint32_t kFutures = 10'000;
  std::mt19937 r(1);
  std::vector<casework::PlanTask> tasks;
  for (std::size_t i = 0; i < kTasks; ++i) {
    casework::PlanTask t{"T" + std::to_string(i), static_cast<std::int64_t>(1 + r() % 20)};
    // Most wait for something of the weeks before.
    for (std::size_t k = r() % 4; i > 0 && k > 0; --k)
      t.after.push_back("T" + std::to_string(i - 1 - r() % std::min<std::size_t>(i, 200)));
    t.due = 20'000 + static_cast<std::int64_t>(i / 3);
    tasks.push_back(std::move(t));
  }
  const auto plan = casework::Plan::of(std::move(tasks));
  const casework::Plan::Past past{{0.7, 0.9, 1, 1, 1.1, 1.3, 1.6, 2.2, 3}, 0.5};
  const auto seconds = [](auto&& f) {
    const auto began = Clock::now();
    f();
    return std::chrono::duration<double>(Clock::now() - began).count();
  };
  const double path = seconds([&] { static_cast<void>(plan->schedule(20'000)); });
  std::int64_t end = 0;
  const unsigned threads = std::max(1u, std::thread::hardware_concurrency());
  const double futures = seconds([&] { end = plan->forecast(20'000, past, kFutures, 1, threads)->end.p80; });
  std::printf(
      "{\"plan_tasks\":%zu,\"plan_futures\":%u,\"threads\":%u,\"critical_path_ms\":%.2f,\"forecast_s\":%.3f,"
      "\"ns_a_task_and_future\":%.2f,\"p80\":%lld}\n",
      kTasks, kFutures, threads, path * 1e3, futures, futures * 1e9 / kTasks / kFutures,
      static_cast<long long>(end));
}

#pragma once
// Plans: when each task can begin and end, which tasks decide the end, and when the plan will probably be
// done, by how long tasks took in the past (casework.md 5). Days are counted from 1970-01-01; a task of n
// days that begins on day d ends on day d + n - 1, one of 0 days (a milestone) on the day before it begins.

#include <base/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace casework {

struct PlanTask {
  std::string code;
  std::int64_t days = 0;                         // planned, 0 to 3,650
  std::vector<std::string> after{};              // codes of tasks that end before this one begins
  std::optional<std::int64_t> not_before{};      // the planned beginning
  std::optional<std::int64_t> began{}, ended{};  // as it happened
  std::optional<std::int64_t> due{};             // the baseline of its end
};

// The codes of tasks that wait for one another, or for some that do; none where all can be done. What is
// waited for and is not there holds nobody up.
std::vector<std::string> circle_of(const std::vector<PlanTask>& tasks);

class Plan {
 public:
  // Refuses: invalid (a code twice, an unknown code in `after`, tasks that wait for one another: which).
  static base::Result<Plan> of(std::vector<PlanTask> tasks);
  const std::vector<PlanTask>& tasks() const { return tasks_; }

  struct Place {
    std::int64_t begins = 0, ends = 0;
    std::int64_t slack = 0;  // days it can end later without moving the end of the plan; of what is done: 0
    bool critical = false;   // not done, and without slack
  };
  struct Schedule {
    std::vector<Place> places;  // in the order of the tasks
    std::int64_t ends = 0;      // of the plan: the last end
  };
  // The critical path method. What is not begun begins today at the earliest; what is begun and not ended
  // ends today at the earliest.
  Schedule schedule(std::int64_t today) const;

  // How long tasks took, in planned days: 1.5 is half as long again.
  struct Past {
    std::vector<double> ratios;  // at least one, each above 0
    double shared = 0.5;  // 0 to 1: how much of it is one fate of the whole plan, the rest of each task
  };
  struct Forecast {
    struct Quantiles {
      std::int64_t p50 = 0, p80 = 0, p95 = 0;
    } end;
    std::vector<double>
        late;  // of each task: the share of futures in which it ends after its baseline; 0 without
    std::vector<double> decides;  // of each task: the share of futures in which it lies on the critical path
  };
  // Futures drawn from the past: each undone task takes its planned days times a ratio, which is one of the
  // past for the whole future raised to `shared`, times one for the task raised to 1 - `shared`. The same for
  // the same seed on any number of threads. Refuses: invalid (`past`, no futures).
  base::Result<Forecast> forecast(std::int64_t today, const Past& past, std::uint32_t futures,
                                  std::uint64_t seed, unsigned threads = 1) const;

 private:
  std::vector<PlanTask> tasks_;
  std::vector<std::vector<std::uint32_t>> before_, behind_;  // of each task, by place
  std::vector<std::uint32_t> order_;                         // each behind what it waits for
};

}  // namespace casework

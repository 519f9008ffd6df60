#include <access/throttle.h>

#include <algorithm>

namespace rights {

Time throttle_delay(std::int64_t failures, const Limits& limits) {
  if (failures <= 0) return 0;
  Time wait = limits.throttle_first;
  for (std::int64_t i = 1; i < failures && wait < limits.throttle_last; ++i) wait *= 2;
  return std::min(wait, limits.throttle_last);
}

Attempt begin_attempt(const Tries& before, Time now, const Limits& limits, std::int64_t free) {
  Attempt a{before, 0};
  a.after.last = std::min(before.last, now);  // a clock set back: the wait begins again, from now
  const std::uint64_t passed = static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(a.after.last);
  if (before.failures > 0 && passed >= static_cast<std::uint64_t>(limits.throttle_forgets) &&
      before.last <= now)
    a.after.failures = 0;
  const Time wait = throttle_delay(a.after.failures - free, limits);
  if (passed < static_cast<std::uint64_t>(wait)) {
    a.wait_seconds = wait - static_cast<Time>(passed);
    return a;
  }
  a.after.failures = std::min<std::int64_t>(a.after.failures + 1, 1'000'000);
  a.after.last = now;
  return a;
}

Tries succeeded() { return {}; }

}  // namespace rights

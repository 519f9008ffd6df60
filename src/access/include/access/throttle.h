#pragma once
// Slows down guessing without locking anybody out: after each failure the wait doubles from a second to a
// minute and never grows beyond, so that a stranger who fails on purpose costs the person a minute at the
// very most, and only from the stranger's own source (SECURITY.md 3.2; NIST SP 800-63B 5.2.2).
//
// One Tries is kept for each account and source together, and one for each source alone. An attempt counts as
// a failure from the moment it begins, so that many at once do not slip through together. A clock that was
// set back costs at most one wait again: it neither forgives failures nor makes a wait longer.

#include <access/policy.h>

namespace rights {

struct Tries {
  std::int64_t failures = 0;  // in a row
  Time last = 0;              // when the last one began
  bool operator==(const Tries&) const = default;
};

struct Attempt {
  Tries after;            // to be stored, whether it may go on or not
  Time wait_seconds = 0;  // 0: it may go on now
};

// The wait after so many failures in a row.
Time throttle_delay(std::int64_t failures, const Limits& limits);
// `free` failures cost nothing: 0 for an account and source, some for a source that many people share.
Attempt begin_attempt(const Tries& before, Time now, const Limits& limits, std::int64_t free = 0);
// After success nothing is remembered.
Tries succeeded();

}  // namespace rights

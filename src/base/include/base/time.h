#pragma once
// Time of the world is asked of a Clock that is passed in. Times in records are RFC 3339 text.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace base {

struct Clock {
  virtual ~Clock() = default;
  virtual std::int64_t unix_micros() const = 0;  // wall clock, UTC
  virtual double seconds() const = 0;            // monotonic, arbitrary origin
};
const Clock& system_clock();

// "2026-11-25T21:44:37.123456Z"
std::string rfc3339_micros(std::int64_t unix_micros);
std::string rfc3339(std::int64_t unix_seconds);  // "...Z"
std::string rfc3339(std::int64_t unix_seconds,
                    int offset_minutes);  // "...+02:00": the offset the source gave
// Accepts what this file writes, and dates alone. Seconds since 1970 UTC.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);
std::int64_t days_from_civil(int year, int month, int day);
struct Civil {
  int year, month, day, hour, minute, second;
};
Civil civil(std::int64_t unix_seconds);
// Seconds since 1970 of a civil time taken as UTC; nothing when the fields are no calendar time.
std::optional<std::int64_t> from_civil(const Civil& c);

}  // namespace base

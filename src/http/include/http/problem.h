#pragma once
// What went wrong, for programs and people: application/problem+json (RFC 9457).

#include <base/result.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

struct Problem {
  int status = 400;
  std::string code;                       // one word for programs: "not_found"
  std::string title;                      // the same for every problem of this code; of the status when empty
  std::string detail;                     // one sentence: what, where, what to do
  std::optional<std::size_t> position{};  // in the input, from 0, in bytes
  std::vector<std::pair<std::string, std::string>> members{};  // name and JSON, for example {"current", "{}"}

  std::string json() const;
};

// The one table from refusals to statuses: invalid 422, not_found 404, denied 403, conflict 409, damaged 500,
// unsupported 415, exhausted 429. The code is the name of the refusal.
Problem problem_of(const base::Error& e);
std::string_view reason_of(int status);  // "Not Found"

}  // namespace http

#include "range.h"

#include "grammar.h"

#include <base/text.h>

#include <optional>

namespace http {
namespace {

std::optional<std::uint64_t> number(std::string_view s) {
  if (s.empty() || s.size() > 18 || !std::ranges::all_of(s, is_digit)) return {};
  std::uint64_t n = 0;
  for (const char c : s) n = n * 10 + static_cast<unsigned>(c - '0');
  return n;
}

}  // namespace

Part part_of(std::string_view range, std::string_view if_range, std::string_view etag, std::uint64_t size) {
  const Part whole{Part::Kind::whole, 0, size}, none{Part::Kind::none, 0, 0};
  if (range.empty() || !base::starts_with_ci(range, "bytes=")) return whole;
  // A date in If-Range never holds: nothing here is told apart by its date.
  if (!if_range.empty() && (etag.empty() || etag.starts_with("W/") || if_range != etag)) return whole;
  range = trimmed(range.substr(6));
  const std::size_t dash = range.find('-');
  if (dash == range.npos) return whole;
  const std::string_view before = range.substr(0, dash), after = range.substr(dash + 1);
  const auto a = number(before), b = number(after);
  if (before.empty()) {
    if (!b) return whole;
    const std::uint64_t n = std::min(*b, size);
    return n ? Part{Part::Kind::part, size - n, n} : none;
  }
  if (!a || (!after.empty() && !b) || (b && *b < *a)) return whole;
  if (*a >= size) return none;
  return {Part::Kind::part, *a, (b ? std::min(*b, size - 1) : size - 1) - *a + 1};
}

}  // namespace http

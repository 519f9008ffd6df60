#pragma once
// The readings of a shape that are pure text.

#include <record/describe.h>

#include <string>
#include <string_view>
#include <vector>

namespace record {

std::string to_json(const Shape& shape, const void* record);
// Strict: unknown members, missing members that are not optional and values of the wrong kind are
// refused, naming the member. Refuses: invalid.
base::Status from_json(const Shape& shape, std::string_view json, void* record);
std::string json_schema(const Shape& shape);
// Names of the members that differ: what the ledger keeps, never the values.
std::vector<std::string_view> changed(const Shape& shape, const void* before, const void* after);
// The committed picture of a shape: "item 4 sha256 blob indexed", a line a field, retired numbers last.
std::string lock_lines(const Shape& shape);

template <Described T>
std::string to_json(const T& r) {
  return to_json(shape<T>, &r);
}
template <Described T>
base::Result<T> from_json(std::string_view json) {
  T r{};
  TRY(from_json(shape<T>, json, &r));
  return r;
}
template <Described T>
std::vector<std::string_view> changed(const T& a, const T& b) {
  return changed(shape<T>, &a, &b);
}

}  // namespace record

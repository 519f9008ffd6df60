#pragma once
// Reads the CBOR that authenticators write (RFC 8949; CTAP 2.1 §8, canonical form). What is not in its one
// shortest spelling is refused: indefinite lengths, long integers for small numbers, keys out of order or
// twice, tags, floats. Views point into the bytes that were read.

#include <base/result.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace rights {

struct Cbor {
  enum class Is : unsigned char { integer, bytes, text, array, map, boolean, null } is = Is::null;
  std::int64_t number = 0;  // also 0 or 1 of a boolean
  std::string_view bytes{};
  std::vector<Cbor> items{};  // of a map: key, value, key, value

  const Cbor* find(std::int64_t key) const;
  const Cbor* find(std::string_view key) const;
};

struct CborLimits {
  std::size_t bytes_max = 64 * 1024, items_max = 256, depth_max = 4;
};
// One value at the beginning of `bytes`; `used` is how long it was. Refuses: invalid, exhausted.
base::Result<Cbor> read_cbor(std::string_view bytes, std::size_t& used, const CborLimits& limits = {});

}  // namespace rights

#pragma once
// JSON as it was written: members in their order, and a key that stands twice is refused with its path, where
// Boost.JSON keeps the last one. Whole numbers only. For the policy and for what an authenticator signs.

#include <base/result.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rights {

struct Node {
  enum class Is : unsigned char { null, boolean, integer, string, array, object } is = Is::null;
  std::int64_t number = 0;  // also 0 or 1 of a boolean
  std::string text{};
  std::vector<std::pair<std::string, Node>> members{};  // the keys of an array are empty

  const Node* find(std::string_view key) const;
};

struct TreeLimits {
  std::size_t bytes_max = 1 << 20, nodes_max = 20'000, depth_max = 8;
};

// Refuses: invalid (no JSON, a key twice, a fraction), exhausted.
base::Result<Node> read_tree(std::string_view json, const TreeLimits& limits);

}  // namespace rights

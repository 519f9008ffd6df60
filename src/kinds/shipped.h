#pragma once
// For tests: the policy and the kinds as they are shipped.

#include <access/policy.h>
#include <kinds/kind.h>

namespace shipped {

inline const rights::Policy& policy() {
  static const rights::Policy p = std::move(*rights::Policy::parse(rights::shipped_policy()));
  return p;
}
inline const kinds::Declared& declared() {
  static const kinds::Declared d = std::move(*kinds::Declared::shipped(policy()));
  return d;
}

}  // namespace shipped

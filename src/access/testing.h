// What several tests of this room share: the time it is in them, and bytes that nobody chose.
#pragma once

#include <access/person_code.h>
#include <access/policy.h>
#include <base/crypto.h>

namespace rights {

constexpr Time kNow = 1'900'000'000;
inline const Random any = [](std::size_t n) { return base::random_bytes(n); };

}  // namespace rights

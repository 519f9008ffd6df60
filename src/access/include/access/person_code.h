#pragma once
// The name under which a person at risk stands everywhere but in the identity register: "W-", ten random
// characters of Crockford's base 32 (50 bits) and a check character. Nothing about the person, the case, the
// place or the time is in it; it is never derived from a name (SECURITY.md 3.6).
//
// The check character is a code over GF(32) with a weight of its own for every place. It finds every single
// wrong character and every two different characters that changed places, adjacent or not. It cannot find:
// two or more wrong characters that happen to cancel out (1 in 32), and characters that are read alike on
// purpose (O as 0, I and L as 1).

#include <base/result.h>

#include <functional>
#include <string>
#include <string_view>

namespace rights {

using Random = std::function<std::string(std::size_t bytes)>;

// "W-7K3M9QZX02T"; the caller makes sure that it was never given before.
std::string make_person_code(const Random& random);
// The one spelling of what a person typed: spaces and hyphens between characters, lower case, O, I, L are
// read. Refuses: invalid; the message does not repeat the code.
base::Result<std::string> read_person_code(std::string_view typed);
// True for the one spelling only.
bool is_person_code(std::string_view text);

}  // namespace rights

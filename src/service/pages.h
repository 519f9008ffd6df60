#pragma once
// The pages of a text as they are shown.

#include <string_view>
#include <vector>

namespace service {

// At form feeds, and where one is too long, at a line or word.
std::vector<std::string_view> pages_of(std::string_view text);

}  // namespace service

#pragma once
// The addresses of pictures in HTML.

#include <optional>
#include <string>
#include <string_view>

namespace extract::html {

std::string decoded(std::string_view raw);  // an attribute, with its entities resolved
// The bytes of a "data:" address in base64; nothing for any other.
std::optional<std::string> from_data_url(std::string_view address);
// How a picture that is not shown is named: what it says of itself, and where it would have come from.
std::string words_of_missing(std::string_view alt, std::string_view address);

}  // namespace extract::html

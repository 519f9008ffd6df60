#pragma once
// Pixels as a JPEG file: the only picture format that leaves this program, and made here.

#include <cstdint>
#include <string>
#include <string_view>

namespace evidence {

// `rgb`: width x height x 3 bytes. Empty when the library refuses.
std::string jpeg_of(std::string_view rgb, std::uint32_t width, std::uint32_t height);

}  // namespace evidence

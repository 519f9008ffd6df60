#pragma once
// Width and height of a picture from its first bytes, before anybody decodes it.

#include <cstdint>
#include <optional>
#include <string_view>

namespace extract {

struct ImageSize {
  std::uint64_t width = 0, height = 0;
  std::uint32_t dpi = 0;
  std::uint64_t frames = 1;
  bool cut = false;  // the picture ends before its format says so
};
// By media type; nothing when the bytes are no such picture.
std::optional<ImageSize> image_size(std::string_view type, std::string_view bytes);

}  // namespace extract

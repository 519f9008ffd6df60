#pragma once
// A HEIC, HEIF or AVIF file and the picture in it that is shown first.

#include <libheif/heif.h>

#include <cstdint>
#include <memory>
#include <string_view>

namespace extract {

struct Heif {
  // `bytes` must outlive it. Without a handle: why is in `error`.
  explicit Heif(std::string_view bytes);
  const char* why() const { return error.message ? error.message : "no picture"; }

  std::unique_ptr<heif_context, void (*)(heif_context*)> context;
  std::unique_ptr<const heif_image_handle, void (*)(const heif_image_handle*)> handle;
  heif_error error{heif_error_Ok, heif_suberror_Unspecified, nullptr};
  std::uint64_t width = 0, height = 0;
};

}  // namespace extract

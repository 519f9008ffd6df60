#include "heif.h"

#include <algorithm>

namespace extract {

Heif::Heif(std::string_view bytes)
    : context(heif_context_alloc(), heif_context_free), handle(nullptr, heif_image_handle_release) {
  if (!context) {
    error = {heif_error_Memory_allocation_error, heif_suberror_Unspecified, "memory"};
    return;
  }
  heif_context_set_max_decoding_threads(context.get(), 0);
  error = heif_context_read_from_memory_without_copy(context.get(), bytes.data(), bytes.size(), nullptr);
  heif_image_handle* raw = nullptr;
  if (error.code == heif_error_Ok) error = heif_context_get_primary_image_handle(context.get(), &raw);
  handle.reset(raw);
  if (error.code != heif_error_Ok) handle.reset();
  if (!handle) return;
  width = static_cast<std::uint64_t>(std::max(heif_image_handle_get_width(raw), 0));
  height = static_cast<std::uint64_t>(std::max(heif_image_handle_get_height(raw), 0));
}

}  // namespace extract

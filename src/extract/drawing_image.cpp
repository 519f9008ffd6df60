// A picture, or a page of a TIFF, as a picture of our own: decoded, upright, small enough.
#include "drawing.h"
#include "heif.h"
#include "image_size.h"
#include "photo.h"
#include "tiff.h"

#include <algorithm>
#include <leptonica/allheaders.h>

namespace extract {
namespace {

constexpr std::uint64_t kDecodedMax = 400ull << 20;  // bytes of a decoded picture, within the worker's memory

base::Error too_large(std::uint64_t width, std::uint64_t height) {
  return {base::Refusal::exhausted, std::to_string(width) + " x " + std::to_string(height) + " pixels"};
}
base::Error no_page(std::uint32_t page) {
  return {base::Refusal::not_found, "the picture has no page " + std::to_string(page)};
}
bool sane(std::uint64_t width, std::uint64_t height, const Limits& limits) {
  return width > 0 && height > 0 && width <= limits.pixels_max && height <= limits.pixels_max &&
         width * height <= limits.pixels_max;
}

base::Status draw_tiff(Source& source, const Request& request, std::uint32_t page, std::uint32_t width,
                       Sink& sink) {
  const TiffPages tiff = tiff_pages(source, request.limits);
  if (!tiff.tiff || tiff.pages.empty()) return base::Error{base::Refusal::damaged, "no page in this TIFF"};
  sink.meta("pages", std::to_string(tiff.pages.size()));
  if (page > tiff.pages.size()) return no_page(page);
  const TiffPage& p = tiff.pages[page - 1];
  if (!sane(p.width, p.height, request.limits) ||
      p.width * p.height * std::max<std::uint64_t>(p.pixel_bits, 8) / 8 > kDecodedMax)
    return too_large(p.width, p.height);
  const std::string_view bytes = TRY(source.all());
  const Photo photo = tell_photo(bytes, sink);
  Picture picture(pixReadMemTiff(reinterpret_cast<const l_uint8*>(bytes.data()), bytes.size(),
                                 static_cast<l_int32>(page - 1)));
  return tell_picture(upright(std::move(picture), photo.orientation), width, sink);
}

base::Status draw_heif(std::string_view bytes, const Request& request, std::uint32_t width, Sink& sink) {
  Heif file(bytes);
  if (!file.context) return base::Error{base::Refusal::exhausted, "memory"};
  if (!file.handle) return base::Error{base::Refusal::damaged, file.why()};
  const auto w = file.width, h = file.height;
  if (!sane(w, h, request.limits) || w * h * 4 > kDecodedMax) return too_large(w, h);
  heif_image* decoded = nullptr;
  const heif_error error = heif_decode_image(file.handle.get(), &decoded, heif_colorspace_RGB,
                                             heif_chroma_interleaved_RGB, nullptr);
  const std::unique_ptr<const heif_image, void (*)(const heif_image*)> image(decoded, heif_image_release);
  if (error.code != heif_error_Ok || !image)
    return base::Error{base::Refusal::damaged, error.message ? error.message : "it cannot be decoded"};
  int stride = 0;
  const std::uint8_t* rgb = heif_image_get_plane_readonly(image.get(), heif_channel_interleaved, &stride);
  const int columns = heif_image_get_width(image.get(), heif_channel_interleaved),
            rows = heif_image_get_height(image.get(), heif_channel_interleaved);
  if (!rgb || columns < 1 || rows < 1 || stride < columns * 3)
    return base::Error{base::Refusal::damaged, "it has no pixels"};
  Picture picture(pixCreate(columns, rows, 32));
  if (!picture) return too_large(w, h);
  for (int y = 0; y < rows; ++y) {
    const std::uint8_t* from = rgb + static_cast<std::ptrdiff_t>(y) * stride;
    l_uint32* line = pixGetData(picture.get()) + static_cast<std::ptrdiff_t>(y) * pixGetWpl(picture.get());
    for (int x = 0; x < columns; ++x, from += 3) composeRGBPixel(from[0], from[1], from[2], line + x);
  }
  return tell_picture(std::move(picture), width, sink);  // the library has turned it already
}

}  // namespace

base::Status draw_image(Source& source, const Request& request, std::uint32_t page, std::uint32_t width,
                        Sink& sink) {
  if (request.type == "image/tiff") return draw_tiff(source, request, page, width, sink);
  if (request.type == "image/vnd.adobe.photoshop")
    return base::Error{base::Refusal::unsupported, "no picture is made of a Photoshop file"};
  sink.meta("pages", "1");
  if (page > 1) return no_page(page);
  const std::string_view bytes = TRY(source.all());
  if (request.type == "image/heic" || request.type == "image/heif" || request.type == "image/avif")
    return draw_heif(bytes, request, width, sink);
  const auto size = image_size(request.type, bytes);
  if (!size || size->width == 0 || size->height == 0)
    return base::Error{base::Refusal::damaged, "no header of a picture"};
  if (!sane(size->width, size->height, request.limits)) return too_large(size->width, size->height);
  const bool plain = request.type.starts_with("image/x-portable") || request.type == "image/gif" ||
                     request.type == "image/bmp";
  const int orientation = plain ? 1 : tell_photo(bytes, sink).orientation;
  const auto* data = reinterpret_cast<const l_uint8*>(bytes.data());
  if (request.type == "image/jpeg") {
    // The decoder itself gives a half, a quarter or an eighth, when that is still enough.
    l_int32 reduction = 1;
    while (reduction < 8 &&
           std::min(size->width, size->height) / static_cast<unsigned>(reduction * 2) >= width)
      reduction *= 2;
    while (reduction < 8 &&
           size->width * size->height * 4 / static_cast<unsigned>(reduction * reduction) > kDecodedMax)
      reduction *= 2;
    l_int32 warnings = 0;
    Picture picture(pixReadMemJpeg(data, bytes.size(), 0, reduction, &warnings, 0));
    return tell_picture(upright(std::move(picture), orientation), width, sink);
  }
  if (size->width * size->height * 4 > kDecodedMax) return too_large(size->width, size->height);
  return tell_picture(upright(Picture(pixReadMem(data, bytes.size())), orientation), width, sink);
}

}  // namespace extract

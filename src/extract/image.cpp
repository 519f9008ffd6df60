// Pictures: size, what the camera wrote, the georeference of a TIFF; nothing is decoded unless text is to be
// recognised, so a picture of 60,000 x 60,000 pixels costs as little as an icon.
#include "heif.h"
#include "image_size.h"
#include "ocr.h"
#include "photo.h"
#include "tiff.h"

#include <algorithm>
#include <leptonica/allheaders.h>

namespace extract {
namespace {

constexpr std::string_view kImageTypes[] = {
    "image/jpeg",
    "image/png",
    "image/tiff",
    "image/gif",
    "image/bmp",
    "image/webp",
    "image/heic",
    "image/heif",
    "image/avif",
    "image/x-portable-anymap",
    "image/x-portable-bitmap",
    "image/x-portable-graymap",
    "image/x-portable-pixmap",
    "image/vnd.adobe.photoshop",
};
constexpr std::uint64_t kSideMin = 100, kPixelsMin = 40'000;  // smaller ones are icons and rules
constexpr std::uint64_t kDecodedMax = 400ull << 20;  // bytes of a decoded picture, within the worker's memory

bool worth_reading(std::uint64_t width, std::uint64_t height) {
  return width >= kSideMin && height >= kSideMin && width * height >= kPixelsMin;
}

class Reading {
 public:
  Reading(Source& source, const Request& request, Sink& sink)
      : source_(source),
        request_(request),
        limits_(request.limits),
        sink_(sink),
        recognition_(sink, request.limits) {}

  base::Status run() {
    if (request_.type == "image/tiff") return read_tiff();
    const std::string_view bytes = TRY(source_.all());
    if (request_.type == "image/heic" || request_.type == "image/heif" || request_.type == "image/avif")
      return read_heif(bytes);
    const auto size = image_size(request_.type, bytes);
    if (!size || size->width == 0 || size->height == 0) {
      sink_.finding(Reason::damaged, "no header of a picture");
      return base::Done{};
    }
    tell_size(size->width, size->height);
    if (size->cut) sink_.finding(Reason::truncated, "the picture ends early");
    if (size->frames > 1) sink_.meta("x.frames", std::to_string(size->frames));
    const bool plain = request_.type.starts_with("image/x-portable") || request_.type == "image/gif" ||
                       request_.type == "image/bmp";
    const Photo photo = plain ? Photo{} : tell_photo(bytes, sink_);
    if (request_.type == "image/vnd.adobe.photoshop") return base::Done{};
    if (!within_limits(size->width, size->height) || !worth_reading(size->width, size->height))
      return base::Done{};
    sink_.meta(kWantsOcr, "1");
    if (request_.ocr && Recognition::ready()) {
      recognise(decode(bytes, *size), 1, photo.orientation, static_cast<int>(size->dpi));
      recognition_.finish();
    }
    return base::Done{};
  }

 private:
  void tell_size(std::uint64_t width, std::uint64_t height) {
    sink_.meta("width", std::to_string(width));
    sink_.meta("height", std::to_string(height));
  }

  bool within_limits(std::uint64_t width, std::uint64_t height) {
    if (width <= limits_.pixels_max && height <= limits_.pixels_max && width * height <= limits_.pixels_max)
      return true;
    sink_.finding(Reason::too_large, std::to_string(width) + " x " + std::to_string(height) + " pixels");
    return false;
  }

  void recognise(Picture picture, unsigned page, int orientation, int dpi) {
    if (!picture) {
      sink_.finding(Reason::damaged, "page " + std::to_string(page) + " cannot be decoded");
      return;
    }
    picture = upright(std::move(picture), orientation);
    // 72 and 96 are what programs write when they know nothing.
    if (picture) recognition_.page(page, picture.get(), dpi < 120 ? 0 : dpi);
  }

  Picture decode(std::string_view bytes, const ImageSize& size) {
    const auto* data = reinterpret_cast<const l_uint8*>(bytes.data());
    if (request_.type == "image/jpeg") {
      l_int32 reduction = 1;
      while (reduction < 8 &&
             size.width * size.height / static_cast<unsigned>(reduction * reduction) > 48'000'000)
        reduction *= 2;
      l_int32 warnings = 0;
      return Picture(pixReadMemJpeg(data, bytes.size(), 0, reduction, &warnings, L_JPEG_READ_LUMINANCE));
    }
    if (size.width * size.height * 4 > kDecodedMax) {
      sink_.finding(Reason::too_large, "too many pixels for recognition");
      return {};
    }
    return Picture(pixReadMem(data, bytes.size()));
  }

  base::Status read_tiff() {
    const TiffPages tiff = tiff_pages(source_, limits_);
    if (!tiff.tiff || tiff.pages.empty()) {
      sink_.finding(Reason::damaged, "no page in this TIFF");
      return base::Done{};
    }
    if (tiff.loops)
      sink_.finding(Reason::damaged, "the pages of the TIFF lead in a circle");
    else if (tiff.damaged)
      sink_.finding(Reason::damaged, "a directory of the TIFF");
    bool complete = true;
    for (const TiffPage& p : tiff.pages) complete = complete && p.complete;
    if (!complete) sink_.finding(Reason::truncated, "pixels lie beyond the end of the file");
    const TiffPage& first = tiff.pages.front();
    tell_size(first.width, first.height);
    sink_.meta("pages", std::to_string(tiff.pages.size()));
    tell_geotiff(first, sink_);
    Photo photo;
    std::string_view bytes;
    if (source_.size() <= limits_.whole_bytes_max) {
      bytes = TRY(source_.all());
      photo = tell_photo(bytes, sink_);
    }
    std::uint64_t wanted = 0;
    const bool map = !first.geo_keys.empty();
    for (std::size_t i = 0; i < tiff.pages.size(); ++i) {
      const TiffPage& p = tiff.pages[i];
      if (i > 0 && request_.ocr) sink_.next_page();
      if (i >= limits_.pages_max) {
        sink_.finding(Reason::too_large, "pages of the TIFF");
        break;
      }
      if (p.reduced || !within_limits(p.width, p.height) || !worth_reading(p.width, p.height) || map)
        continue;
      if (p.width * p.height * std::max<std::uint64_t>(p.pixel_bits, 8) / 8 > kDecodedMax) {
        sink_.finding(Reason::too_large, "too many pixels for recognition");
        continue;
      }
      ++wanted;
      if (!request_.ocr || !Recognition::ready() || bytes.empty()) continue;
      Picture picture(pixReadMemTiff(reinterpret_cast<const l_uint8*>(bytes.data()), bytes.size(),
                                     static_cast<l_int32>(i)));
      recognise(std::move(picture), static_cast<unsigned>(i + 1), photo.orientation, static_cast<int>(p.dpi));
    }
    if (wanted) sink_.meta(kWantsOcr, std::to_string(wanted));
    recognition_.finish();
    return base::Done{};
  }

  base::Status read_heif(std::string_view bytes) {
    Heif file(bytes);
    if (!file.context) return base::Error{base::Refusal::exhausted, "memory"};
    if (!file.handle) {
      const bool foreign = file.error.code == heif_error_Unsupported_filetype ||
                           file.error.code == heif_error_Unsupported_feature;
      sink_.finding(foreign ? Reason::unsupported : Reason::damaged, file.why());
      return base::Done{};
    }
    const auto width = file.width, height = file.height;
    tell_size(width, height);
    tell_heif_properties(file.handle.get());
    if (!within_limits(width, height) || !worth_reading(width, height)) return base::Done{};
    sink_.meta(kWantsOcr, "1");
    if (!request_.ocr || !Recognition::ready()) return base::Done{};
    heif_image* decoded = nullptr;
    const heif_error error =
        heif_decode_image(file.handle.get(), &decoded, heif_colorspace_YCbCr, heif_chroma_420, nullptr);
    const std::unique_ptr<const heif_image, void (*)(const heif_image*)> image(decoded, heif_image_release);
    if (error.code != heif_error_Ok || !image) {
      sink_.finding(Reason::damaged, error.message ? error.message : "the picture cannot be decoded");
      return base::Done{};
    }
    int stride = 0;
    const std::uint8_t* grey = heif_image_get_plane_readonly(image.get(), heif_channel_Y, &stride);
    if (!grey) return base::Done{};
    // The library has turned the picture already.
    recognise(
        grey_picture(reinterpret_cast<const char*>(grey), heif_image_get_width(image.get(), heif_channel_Y),
                     heif_image_get_height(image.get(), heif_channel_Y), stride),
        1, 1, 0);
    recognition_.finish();
    return base::Done{};
  }

  void tell_heif_properties(const heif_image_handle* handle) {
    heif_item_id id = 0;
    if (heif_image_handle_get_list_of_metadata_block_IDs(handle, "Exif", &id, 1) != 1) return;
    const std::size_t n = heif_image_handle_get_metadata_size(handle, id);
    if (n < 8 || n > (16u << 20)) return;
    std::string block(n, '\0');
    if (heif_image_handle_get_metadata(handle, id, block.data()).code != heif_error_Ok) return;
    // Four bytes tell where the TIFF header begins; it is an image of its own to exiv2.
    const std::size_t header = std::min(block.find("II*"), block.find(std::string_view("MM\0*", 4)));
    if (header != std::string::npos) tell_photo(std::string_view(block).substr(header), sink_);
  }

  Source& source_;
  const Request& request_;
  const Limits& limits_;
  Sink& sink_;
  Recognition recognition_;
};

base::Status read_image(Source& source, const Request& request, Sink& sink) {
  return Reading(source, request, sink).run();
}

}  // namespace

extern const Reader image_reader;
const Reader image_reader{{"exiv2", "0.27"}, kImageTypes, read_image};

}  // namespace extract

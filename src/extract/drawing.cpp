#include "drawing.h"
#include "readers_list.h"
#include "typeset_from.h"

#include <base/bytes.h>

#include <algorithm>
#include <cmath>
#include <leptonica/allheaders.h>

namespace extract {

extern const Reader pdf_reader, image_reader;

namespace {

// Formats without pages of their own, and how each becomes a document to be set.
struct Converter {
  const Reader* reader;
  base::Result<typeset::Document> (*document)(Source&, const Request&);
};
constexpr Converter kConverters[] = {
    {&html_reader, typeset::html_document},
    {&ooxml_reader, typeset::ooxml_document},
    {&rtf_reader, typeset::rtf_document},
    {&odf_reader, typeset::odf_document},
    {&doc_reader, typeset::text_document},
    {&xls_reader, typeset::text_document},
    {&ppt_reader, typeset::text_document},
    {&epub_reader, typeset::epub_document},
    {&fb2_reader, typeset::fb2_document},
    {&mail_reader, typeset::mail_document},
    {&msg_reader, typeset::mail_document},
};

}  // namespace

double drawn_scale(double width, double height, std::uint32_t wanted_width) {
  if (!(width >= 1) || !(height >= 1) || !(width * height < 1e12)) return 0;
  const double side = kPictureSideMax, pixels = static_cast<double>(kPicturePixelsMax);
  return std::min({wanted_width / width, side / width, side / height, std::sqrt(pixels / (width * height))});
}

void tell_picture(const char* rgb, int width, int height, int stride, Sink& sink) {
  std::string out;
  out.reserve(8 + static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
  base::append_le<std::uint32_t>(out, static_cast<std::uint32_t>(width));
  base::append_le<std::uint32_t>(out, static_cast<std::uint32_t>(height));
  for (int y = 0; y < height; ++y)
    out.append(rgb + static_cast<std::ptrdiff_t>(y) * stride, static_cast<std::size_t>(width) * 3);
  sink.derived(kPicture, out);
}

base::Status tell_picture(Picture p, std::uint32_t wanted_width, Sink& sink) {
  const base::Error broken{base::Refusal::damaged, "the picture cannot be decoded"};
  if (!p) return broken;
  const double scale = std::min(1.0, drawn_scale(pixGetWidth(p.get()), pixGetHeight(p.get()), wanted_width));
  if (!(scale > 0)) return broken;
  // Resolutions would make the library scale by its own idea.
  pixSetResolution(p.get(), 0, 0);
  const auto factor = static_cast<float>(scale);
  if (pixGetColormap(p.get())) p.reset(pixRemoveColormap(p.get(), REMOVE_CMAP_BASED_ON_SRC));
  if (p && pixGetDepth(p.get()) == 32 && pixGetSpp(p.get()) == 4)
    p.reset(pixAlphaBlendUniform(p.get(), 0xffffff00));
  if (p && scale < 1) {
    if (pixGetDepth(p.get()) == 1)
      p.reset(pixScaleToGray(p.get(), factor));
    else {
      if (pixGetDepth(p.get()) == 16) p.reset(pixConvert16To8(p.get(), L_MS_BYTE));
      if (p) p.reset(pixScale(p.get(), factor, factor));
    }
  }
  if (p) p.reset(pixConvertTo32(p.get()));
  if (!p) return broken;
  const l_int32 width = pixGetWidth(p.get()), height = pixGetHeight(p.get()), words = pixGetWpl(p.get());
  if (drawn_scale(width, height, kPictureSideMax) < 0.99) return broken;
  std::string rgb(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3, '\0');
  std::size_t at = 0;
  for (l_int32 y = 0; y < height; ++y) {
    const l_uint32* line = pixGetData(p.get()) + static_cast<std::ptrdiff_t>(y) * words;
    for (l_int32 x = 0; x < width; ++x) {
      rgb[at++] = static_cast<char>(line[x] >> L_RED_SHIFT);
      rgb[at++] = static_cast<char>(line[x] >> L_GREEN_SHIFT);
      rgb[at++] = static_cast<char>(line[x] >> L_BLUE_SHIFT);
    }
  }
  tell_picture(rgb.data(), width, height, width * 3, sink);
  return base::Done{};
}

base::Status draw(Source& source, const Request& request, std::uint32_t page, std::uint32_t width,
                  Sink& sink) {
  const Reader* reader = reader_of(request.type);
  width = std::clamp(width, 16u, kPictureSideMax);
  if (page == 0) return base::Error{base::Refusal::not_found, "pages are counted from 1"};
  if (reader == &pdf_reader) return draw_pdf(source, request, page, width, sink);
  if (reader == &image_reader) return draw_image(source, request, page, width, sink);
  for (const Converter& c : kConverters)
    if (reader && reader == c.reader) {
      const typeset::Document document = TRY(c.document(source, request));
      return typeset::set_page(document, request.limits, page, width, sink);
    }
  return base::Error{base::Refusal::unsupported,
                     "no picture is made of " + std::string(request.type) + "; read its text"};
}

}  // namespace extract

// A page of a PDF as a picture, and where its words stand.
#include "drawing.h"
#include "pdf_text.h"

#include <base/json.h>
#include <base/text.h>

#include <algorithm>
#include <cmath>
#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-image.h>
#include <poppler/cpp/poppler-page-renderer.h>
#include <poppler/cpp/poppler-page.h>

namespace extract {
namespace {

constexpr std::size_t kWordsMax = 20'000;  // of a page

void tell_words(const poppler::page& page, double width, double height, Sink& sink) {
  std::string json;
  base::JsonWriter w(json);
  w.array();
  std::size_t told = 0;
  for (const poppler::text_box& box : page.text_list()) {
    const std::string word = base::clean(utf8_of(box.text()));
    if (base::trim(word).empty()) continue;
    if (++told > kWordsMax) break;
    const poppler::rectf r = box.bbox();
    const auto part = [](double v, double of) {
      const double share = v / of * 10'000;
      return share > 0 ? static_cast<int>(std::lround(std::min(share, 10'000.0))) : 0;
    };
    w.array().value(part(r.x(), width)).value(part(r.y(), height));
    w.value(part(r.width(), width)).value(part(r.height(), height)).value(base::trim(word)).end_array();
  }
  w.end_array();
  sink.derived(kWords, json);
}

}  // namespace

base::Status draw_pdf(Source& source, const Request& request, std::uint32_t number, std::uint32_t width,
                      Sink& sink) {
  const std::string_view bytes = TRY(source.all());
  if (bytes.size() > std::numeric_limits<int>::max())
    return base::Error{base::Refusal::exhausted, "bytes of a PDF"};
  std::unique_ptr<poppler::document> document;
  const auto load = [&](const std::string& password) {
    document.reset(poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size()),
                                                         password, password));
    return document && !document->is_locked();
  };
  if (!load("") && !(document && std::ranges::any_of(request.passwords, load)))
    return document ? base::Error{base::Refusal::denied, "a password is needed"}
                    : base::Error{base::Refusal::damaged, "no PDF that can be read"};
  const int pages = document->pages();
  sink.meta("pages", std::to_string(std::max(pages, 0)));
  if (number > static_cast<std::uint32_t>(std::max(pages, 0)))
    return base::Error{base::Refusal::not_found, "the document has no page " + std::to_string(number)};
  const std::unique_ptr<poppler::page> page(document->create_page(static_cast<int>(number) - 1));
  if (!page) return base::Error{base::Refusal::damaged, "this page cannot be read"};
  // The rectangle is told as if the page were not turned; what is drawn, and where words stand, is.
  const poppler::rectf box = page->page_rect();
  const auto turn = page->orientation();
  const bool lies = turn == poppler::page::landscape || turn == poppler::page::seascape;
  const double across = std::abs(lies ? box.height() : box.width()),
               down = std::abs(lies ? box.width() : box.height());
  const double scale = drawn_scale(across, down, width);
  if (!(scale > 0)) return base::Error{base::Refusal::damaged, "this page has no sane size"};
  poppler::page_renderer renderer;
  renderer.set_image_format(poppler::image::format_rgb24);
  renderer.set_render_hint(poppler::page_renderer::antialiasing);
  renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
  const poppler::image image = renderer.render_page(page.get(), 72 * scale, 72 * scale);
  if (!image.is_valid() || image.width() < 1 || image.height() < 1)
    return base::Error{base::Refusal::damaged, "this page cannot be drawn"};
  tell_picture(image.const_data(), image.width(), image.height(), image.bytes_per_row(), sink);
  tell_words(*page, across, down, sink);
  return base::Done{};
}

}  // namespace extract

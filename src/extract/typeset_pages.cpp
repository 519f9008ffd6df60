// Pages: where they begin, and the drawing of one.
#include "drawing.h"
#include "overheard.h"
#include "typeset_strip.h"

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>
#include <extract/memory.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <unordered_map>

namespace extract::typeset {
namespace {

constexpr std::size_t kWordsMax = 20'000;              // of a page
constexpr std::size_t kImagesMax = 300;                // drawn on a page
constexpr std::uint64_t kImagePixelsMax = 40'000'000;  // kept decoded for a page

struct Page {
  const Section* section = nullptr;
  float top = 0, bottom = 0;
  std::vector<std::size_t> pieces;
};

// Pages of `height`. A line stands on one page as a whole; where columns do not end together, each goes on
// from its own next line.
void cut_pages(const Strip& strip, const Section& section, float height, std::vector<Page>& pages) {
  std::vector<std::size_t> order(strip.pieces.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return strip.pieces[a].top < strip.pieces[b].top; });
  std::vector<std::size_t> left_over;
  std::size_t next = 0, leaf = 0;
  float top = 0;
  while ((next < order.size() || !left_over.empty()) && pages.size() < kPagesMax) {
    Page page{&section, top, top + height, {}};
    while (leaf < strip.leaves.size() && strip.leaves[leaf] <= top + 0.01f) ++leaf;
    if (leaf < strip.leaves.size()) page.bottom = std::min(page.bottom, strip.leaves[leaf]);
    std::vector<std::size_t> waits;
    const auto offer = [&](std::size_t i) {
      const Piece& p = strip.pieces[i];
      const bool alone = p.top <= top + 0.01f && p.bottom - p.top > height;  // taller than any page
      if (p.bottom <= page.bottom + 0.01f || alone)
        page.pieces.push_back(i);
      else
        waits.push_back(i);
    };
    for (const std::size_t i : left_over) offer(i);
    while (next < order.size() && strip.pieces[order[next]].top < page.bottom - 0.01f) offer(order[next++]);
    left_over = std::move(waits);
    if (page.pieces.empty() && !left_over.empty()) {
      page.pieces.push_back(left_over.front());
      left_over.erase(left_over.begin());
    }
    float further = next < order.size() ? strip.pieces[order[next]].top : page.bottom;
    for (const std::size_t i : left_over) further = std::min(further, strip.pieces[i].top);
    if (further > top) page.bottom = std::min(page.bottom, std::max(further, top + 1));
    std::sort(page.pieces.begin(), page.pieces.end());  // in the order of reading
    top = std::max(further, page.pieces.empty() ? top + height : top);
    pages.push_back(std::move(page));
  }
}

Owned<cairo_surface_t> surface_of(std::string_view told) {
  if (told.size() <= 8) return {};
  const auto w = static_cast<int>(base::load_le<std::uint32_t>(told.data()));
  const auto h = static_cast<int>(base::load_le<std::uint32_t>(told.data() + 4));
  Owned<cairo_surface_t> s(cairo_image_surface_create(CAIRO_FORMAT_RGB24, w, h));
  if (cairo_surface_status(s.get()) != CAIRO_STATUS_SUCCESS) return {};
  cairo_surface_flush(s.get());
  unsigned char* out = cairo_image_surface_get_data(s.get());
  const int stride = cairo_image_surface_get_stride(s.get());
  const auto* in = reinterpret_cast<const unsigned char*>(told.data() + 8);
  for (int y = 0; y < h; ++y)
    for (int x = 0; x < w; ++x, in += 3) {
      const std::uint32_t pixel =
          static_cast<std::uint32_t>(in[0]) << 16 | static_cast<std::uint32_t>(in[1]) << 8 | in[2];
      std::memcpy(out + static_cast<std::ptrdiff_t>(y) * stride + static_cast<std::ptrdiff_t>(x) * 4, &pixel,
                  4);
    }
  cairo_surface_mark_dirty(s.get());
  return s;
}

// A section, set.
struct Laid {
  Strip body, header, footer;
  float header_height = 0, footer_height = 0;
};

void tell_texts(const std::vector<Page>& pages, const std::vector<const Laid*>& laid_of, Sink& sink) {
  std::string json, text;
  base::JsonWriter w(json);
  const auto add = [&](const Piece& p) {
    text += std::string_view(p.paragraph->text)
                .substr(static_cast<std::size_t>(p.start), static_cast<std::size_t>(p.bytes));
    text += ' ';
  };
  w.array();
  for (std::size_t n = 0; n < pages.size() && json.size() < kTextMax; ++n) {
    text.clear();
    for (const Piece& p : laid_of[n]->header.pieces) add(p);
    for (const std::size_t i : pages[n].pieces) add(laid_of[n]->body.pieces[i]);
    for (const Piece& p : laid_of[n]->footer.pieces) add(p);
    w.array().value(pages[n].section->part).value(text).end_array();
  }
  w.end_array();
  sink.derived(kPageTexts, json);
}

class Artist {
 public:
  Artist(const Document& d, const Letters& letters, const Limits& limits, const Section& section, float scale)
      : d_(d), letters_(letters), limits_(limits), section_(section), scale_(scale), words_(json_) {
    const auto side = [&](float v) { return std::max(1, static_cast<int>(std::lround(v * scale))); };
    surface_.reset(cairo_image_surface_create(CAIRO_FORMAT_RGB24, side(section.width), side(section.height)));
    cairo_.reset(cairo_create(surface_.get()));
    cairo_scale(cairo_.get(), static_cast<double>(scale), static_cast<double>(scale));
    ink(section.back);
    cairo_paint(cairo_.get());
    words_.array();
  }
  bool good() const { return cairo_status(cairo_.get()) == CAIRO_STATUS_SUCCESS; }

  // What stands between `top` and `bottom` of the strip, at `y` of the page.
  void draw(const Strip& strip, const std::vector<std::size_t>& pieces, float top, float bottom, float y) {
    cairo_t* c = cairo_.get();
    cairo_save(c);
    cairo_rectangle(c, 0, static_cast<double>(y), static_cast<double>(section_.width),
                    static_cast<double>(bottom - top));
    cairo_clip(c);
    for (const Patch& p : strip.patches)
      if (p.top < bottom && p.bottom > top) fill(p, y - top);
    cairo_restore(c);
    for (const std::size_t i : pieces) line(strip.pieces[i], y - top);
  }

  void tell(Sink& sink) {
    cairo_surface_flush(surface_.get());
    const int w = cairo_image_surface_get_width(surface_.get()),
              h = cairo_image_surface_get_height(surface_.get());
    const unsigned char* data = cairo_image_surface_get_data(surface_.get());
    const int stride = cairo_image_surface_get_stride(surface_.get());
    std::string rgb(static_cast<std::size_t>(w) * static_cast<std::size_t>(h) * 3, '\0');
    char* out = rgb.data();
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x) {
        std::uint32_t pixel = 0;
        std::memcpy(&pixel,
                    data + static_cast<std::ptrdiff_t>(y) * stride + static_cast<std::ptrdiff_t>(x) * 4, 4);
        *out++ = static_cast<char>(pixel >> 16), *out++ = static_cast<char>(pixel >> 8);
        *out++ = static_cast<char>(pixel);
      }
    tell_picture(rgb.data(), w, h, w * 3, sink);
    words_.end_array();
    sink.derived(kWords, json_);
  }

  // Called by Pango where a picture stands; the pen is at the left end of its foot.
  void image(const Run& r, double w, double h) {
    cairo_t* c = cairo_.get();
    double x = 0, y = 0;
    cairo_get_current_point(c, &x, &y);
    cairo_save(c);
    cairo_new_path(c);
    cairo_translate(c, x, y - h);
    if (cairo_surface_t* s = decoded(r)) {
      cairo_scale(c, w / cairo_image_surface_get_width(s), h / cairo_image_surface_get_height(s));
      cairo_set_source_surface(c, s, 0, 0);
      cairo_pattern_set_extend(cairo_get_source(c), CAIRO_EXTEND_PAD);
      cairo_rectangle(c, 0, 0, cairo_image_surface_get_width(s), cairo_image_surface_get_height(s));
      cairo_pattern_set_filter(cairo_get_source(c), CAIRO_FILTER_GOOD);
      cairo_fill(c);
    } else {  // it cannot be decoded: its place is shown
      cairo_rectangle(c, 0.5, 0.5, std::max(w - 1, 0.5), std::max(h - 1, 0.5));
      cairo_move_to(c, 0, 0), cairo_line_to(c, w, h);
      ink(0x999999);
      cairo_set_line_width(c, 1);
      cairo_stroke(c);
    }
    cairo_restore(c);
    cairo_new_path(c);
  }

 private:
  void ink(std::uint32_t c) {
    const auto part = [&](int shift) { return static_cast<double>(c >> shift & 255) / 255; };
    cairo_set_source_rgb(cairo_.get(), part(16), part(8), part(0));
  }

  void fill(const Patch& p, float dy) {
    cairo_t* c = cairo_.get();
    const auto bar = [&](float x, float y, float w, float h, std::uint32_t colour) {
      if (w <= 0 || h <= 0) return;
      ink(colour);
      cairo_rectangle(c, static_cast<double>(x), static_cast<double>(y), static_cast<double>(w),
                      static_cast<double>(h));
      cairo_fill(c);
    };
    const float y = p.top + dy, h = p.bottom - p.top;
    if (p.back != kNoColour) bar(p.x, y, p.width, h, p.back);
    const auto& b = p.border;
    bar(p.x, y, p.width, b[0].width, b[0].colour);
    bar(p.x, y + h - b[2].width, p.width, b[2].width, b[2].colour);
    bar(p.x + p.width - b[1].width, y, b[1].width, h, b[1].colour);
    bar(p.x, y, b[3].width, h, b[3].colour);
  }

  void line(const Piece& piece, float dy) {
    if (piece.paragraph != last_ || piece.width != last_width_) {
      layout_ = letters_.layout(*piece.paragraph, piece.width);
      last_ = piece.paragraph, last_width_ = piece.width;
      pango_cairo_context_set_shape_renderer(
          pango_layout_get_context(layout_.get()),
          [](cairo_t*, PangoAttrShape* shape, gboolean do_path, gpointer self) {
            if (!do_path && shape->data)
              static_cast<Artist*>(self)->image(*static_cast<const Run*>(shape->data),
                                                static_cast<double>(from_pango(shape->logical_rect.width)),
                                                static_cast<double>(from_pango(shape->logical_rect.height)));
          },
          this, nullptr);
    }
    PangoLayoutLine* l = pango_layout_get_line_readonly(layout_.get(), piece.line);
    if (!l) return;
    PangoRectangle logical;
    pango_layout_line_get_extents(l, nullptr, &logical);
    // The line by itself knows nothing of its place between the margins.
    Owned<PangoLayoutIter> i(pango_layout_get_iter(layout_.get()));
    for (int n = 0; n < piece.line && pango_layout_iter_next_line(i.get()); ++n) {}
    PangoRectangle placed;
    pango_layout_iter_get_line_extents(i.get(), nullptr, &placed);
    const float x = piece.x + from_pango(placed.x - logical.x), y = piece.top + dy + piece.baseline;
    cairo_move_to(cairo_.get(), static_cast<double>(x), static_cast<double>(y));
    ink(0);
    pango_cairo_show_layout_line(cairo_.get(), l);
    tell_words(piece, l, dy);
  }

  void tell_words(const Piece& piece, PangoLayoutLine* l, float dy) {
    const std::string_view text =
        std::string_view(piece.paragraph->text)
            .substr(static_cast<std::size_t>(l->start_index), static_cast<std::size_t>(l->length));
    std::size_t at = 0, from = 0;
    const auto word = [&](std::size_t a, std::size_t b) {
      if (b <= a || told_ >= kWordsMax) return;
      ++told_;
      int* ranges = nullptr;
      int n = 0;
      pango_layout_line_get_x_ranges(l, l->start_index + static_cast<int>(a),
                                     l->start_index + static_cast<int>(b), &ranges, &n);
      int left = INT_MAX, right = INT_MIN;
      for (int k = 0; k < n; ++k)
        left = std::min(left, ranges[2 * k]), right = std::max(right, ranges[2 * k + 1]);
      g_free(ranges);
      if (n == 0 || right <= left) return;
      const auto part = [](float v, float of) {
        return static_cast<int>(std::lround(std::clamp(v / of * 10'000, 0.f, 10'000.f)));
      };
      const float w = section_.width, h = section_.height;
      words_.array().value(part(piece.x + from_pango(left), w)).value(part(piece.top + dy, h));
      words_.value(part(from_pango(right - left), w)).value(part(piece.bottom - piece.top, h));
      words_.value(text.substr(a, b - a)).end_array();
    };
    while (at < text.size()) {
      const std::size_t before = at;
      const char32_t c = base::next_code_point(text, at);
      if (c == U' ' || c == U'\t' || c == 0xA0 || c == 0x2028 || c == 0x2029 || c == 0xFFFC || c == 0x3000) {
        word(from, before);
        from = at;
      }
    }
    word(from, text.size());
  }

  cairo_surface_t* decoded(const Run& r) {
    const auto n = static_cast<std::size_t>(r.picture);
    if (n >= d_.images.size()) return nullptr;
    const auto [it, fresh] = images_.try_emplace(n);
    if (!fresh) return it->second.get();
    const Image& image = d_.images[n];
    const float wide = std::max(r.width, r.height * image.width / std::max(image.height, 1.f)) * scale_;
    if (images_.size() > kImagesMax || pixels_ > kImagePixelsMax) return nullptr;
    MemorySource source(image.bytes);
    Overheard caught;
    const auto wanted = static_cast<std::uint32_t>(std::clamp(wide, 16.f, 4000.f));
    if (!draw_image(source, {"", image.type, {}, false, limits_}, 1, wanted, caught).ok()) return nullptr;
    it->second = surface_of(caught.picture);
    pixels_ += caught.picture.size() / 3;
    return it->second.get();
  }

  const Document& d_;
  const Letters& letters_;
  const Limits& limits_;
  const Section& section_;
  const float scale_;
  std::string json_;
  base::JsonWriter words_;
  std::size_t told_ = 0;
  Owned<cairo_surface_t> surface_;
  Owned<cairo_t> cairo_;
  Owned<PangoLayout> layout_;
  const Block* last_ = nullptr;
  float last_width_ = 0;
  std::unordered_map<std::size_t, Owned<cairo_surface_t>> images_;
  std::uint64_t pixels_ = 0;
};

}  // namespace

base::Status set_page(const Document& document, const Limits& limits, std::uint32_t number,
                      std::uint32_t wanted_width, Sink& sink) {
  if (document.too_deep)
    return base::Error{
        base::Refusal::unsupported,
        "tables within tables, more than " + std::to_string(kTablesDeepMax) + " deep; read its text"};
  const Letters letters;
  std::vector<std::unique_ptr<Laid>> all;
  std::vector<Page> pages;
  std::vector<const Laid*> laid_of;
  for (const Section& s : document.sections) {
    Laid& l = *all.emplace_back(std::make_unique<Laid>());
    const float room = s.width - s.margin.left - s.margin.right;
    if (!s.header.empty())
      l.header_height = set_blocks(letters, s.header, s.margin.left, room, 0, l.header) + 6;
    if (!s.footer.empty())
      l.footer_height = set_blocks(letters, s.footer, s.margin.left, room, 0, l.footer) + 6;
    // Not more than a third of the page, whatever a header says.
    l.header_height = std::min(l.header_height, s.height / 3),
    l.footer_height = std::min(l.footer_height, s.height / 3);
    set_blocks(letters, s.blocks, s.margin.left, room, 0, l.body);
    if (s.one_page) {
      Page page{&s, 0, s.height, {}};
      for (std::size_t i = 0; i < l.body.pieces.size(); ++i) page.pieces.push_back(i);
      pages.push_back(std::move(page));
    } else {
      const std::size_t before = pages.size();
      const float top = std::max(s.margin.top, l.header_height + 20),
                  foot = std::max(s.margin.bottom, l.footer_height + 20);
      cut_pages(l.body, s, std::max(s.height - top - foot, 40.f), pages);
      // Grounds without a word, or nothing at all, are a page too.
      if (pages.size() == before) pages.push_back({&s, 0, s.height, {}});
    }
    laid_of.resize(pages.size(), &l);
    if (pages.size() >= kPagesMax) break;
  }
  const bool cut = document.cut || pages.size() >= kPagesMax;
  sink.meta("pages", std::to_string(pages.size()));
  tell_texts(pages, laid_of, sink);
  sink.meta("set", document.plain ? "text" : "styled");
  if (cut) sink.meta("set.cut", "1");
  if (number < 1 || number > pages.size())
    return base::Error{base::Refusal::not_found, "the document has no page " + std::to_string(number)};
  const Page& page = pages[number - 1];
  const Laid& l = *laid_of[number - 1];
  const Section& s = *page.section;
  const double scale = drawn_scale(static_cast<double>(s.width), static_cast<double>(s.height), wanted_width);
  if (!(scale > 0)) return base::Error{base::Refusal::damaged, "this page has no sane size"};
  Artist artist(document, letters, limits, s, static_cast<float>(scale));
  if (!artist.good()) return base::Error{base::Refusal::exhausted, "memory for a page"};
  const auto whole = [](const Strip& strip) {
    std::vector<std::size_t> out(strip.pieces.size());
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = i;
    return out;
  };
  if (!s.header.empty())
    artist.draw(l.header, whole(l.header), 0, l.header_height,
                std::max(10.f, std::min(s.margin.top, l.header_height + 20) - l.header_height));
  const float top = s.one_page ? 0 : std::max(s.margin.top, s.header.empty() ? 0 : l.header_height + 20);
  artist.draw(l.body, page.pieces, page.top, page.bottom, top);
  if (!s.footer.empty())
    artist.draw(l.footer, whole(l.footer), 0, l.footer_height, s.height - l.footer_height - 10);
  if (!artist.good()) return base::Error{base::Refusal::damaged, "this page cannot be drawn"};
  artist.tell(sink);
  return base::Done{};
}

void warm() {
  const Letters letters;
  Document document;
  Composer c(document);
  for (const Family f : {Family::serif, Family::sans, Family::mono})
    for (const bool bold : {false, true})
      for (const bool italic : {false, true}) {
        c.style.family = f, c.style.bold = bold, c.style.italic = italic;
        // Latin, Greek, Cyrillic, Arabic, Hebrew, Devanagari, Thai, Chinese, a sign, a face.
        c.text("aé Ω ж ع א क ก 中 ✓ 😀");
        c.end_paragraph();
      }
  Strip strip;
  set_blocks(letters, document.sections[0].blocks, 0, 500, 0, strip);
  // Pango looks for fonts in threads. They have done their work; the walls are built when they are gone.
  for (int n = 0; n < 5000; ++n) {
    std::error_code none;
    const std::filesystem::directory_iterator threads("/proc/self/task", none);
    if (none || std::distance(begin(threads), end(threads)) <= 1) return;
    g_usleep(1000);
  }
}

}  // namespace extract::typeset

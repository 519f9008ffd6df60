// PDF through poppler: text page by page, properties, embedded files. Pages whose ink is not in their text
// are told as wanting recognition, and are recognised in a second reading.
#include "tag_dates.h"
#include "ocr.h"
#include "pdf_text.h"
#include "under_password.h"

#include <base/text.h>
#include <base/time.h>

#include <algorithm>
#include <cmath>
#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-embedded-file.h>
#include <poppler/cpp/poppler-global.h>
#include <poppler/cpp/poppler-image.h>
#include <poppler/cpp/poppler-page-renderer.h>
#include <poppler/cpp/poppler-page.h>
#include <poppler/cpp/poppler-version.h>

namespace extract {
namespace {

constexpr std::string_view kPdfTypes[] = {"application/pdf"};
constexpr std::size_t kTextEnough = 600;  // a page with more letters than this is not looked at as a picture
constexpr double kInkMin = 0.004;  // part of a page that is dark and not under text, to be worth recognition
constexpr double kRecogniseDpi = 300;

struct Lines {
  std::size_t all = 0, brief = 0;       // brief: of two words at most
  std::vector<std::string_view> words;  // sorted
};
Lines lines_of(std::string_view text) {
  Lines out;
  for (const std::string_view line : base::split(text, '\n')) {
    const std::size_t before = out.words.size();
    for (const std::string_view word : base::split(line, ' '))
      if (!base::trim(word).empty()) out.words.push_back(base::trim(word));
    out.all += out.words.size() > before;
    out.brief += out.words.size() > before && out.words.size() <= before + 2;
  }
  std::sort(out.words.begin(), out.words.end());
  return out;
}

// In the order of reading a table comes column by column, in short lines. Where the order of writing makes
// fewer lines of the same words, it is that of the rows, and is taken.
std::string text_of(const poppler::page& page) {
  std::string read = utf8_of(page.text(poppler::rectf(), poppler::page::non_raw_non_physical_layout));
  const Lines a = lines_of(read);
  if (a.all < 8 || a.brief * 4 < a.all) return read;
  std::string written = utf8_of(page.text(poppler::rectf(), poppler::page::raw_order_layout));
  const Lines b = lines_of(written);
  const bool same = std::includes(b.words.begin(), b.words.end(), a.words.begin(), a.words.end());
  return same && b.all * 8 < a.all * 7 ? written : read;
}

struct Complaints {
  bool rebuilt = false, loops = false;
  std::uint64_t count = 0;
};
void complain(const std::string& message, void* to) {
  auto& c = *static_cast<Complaints*>(to);
  ++c.count;
  if (message.find("trailer") != std::string::npos || message.find("xref") != std::string::npos)
    c.rebuilt = true;
  if (message.find("oop in") != std::string::npos || message.find("recursi") != std::string::npos)
    c.loops = true;
}
void ignore(const std::string&, void*) {}

class Reading {
 public:
  Reading(const Request& request, Sink& sink)
      : request_(request), limits_(request.limits), sink_(sink), recognition_(sink, request.limits) {
    poppler::set_debug_error_function(complain, &complaints_);
  }
  ~Reading() { poppler::set_debug_error_function(ignore, nullptr); }
  Reading(const Reading&) = delete;

  base::Status run(std::string_view bytes) {
    if (bytes.size() > std::numeric_limits<int>::max())
      return base::Error{base::Refusal::exhausted, "bytes of a PDF"};
    if (!open(bytes)) return base::Done{};
    tell_properties(bytes);
    read_pages();
    read_embedded();
    const std::string_view tail = bytes.substr(bytes.size() - std::min<std::size_t>(bytes.size(), 4096));
    if (complaints_.rebuilt && tail.find("%%EOF") == std::string_view::npos)
      sink_.finding(Reason::truncated, "the end of the document is missing");
    else if (complaints_.rebuilt)
      sink_.finding(Reason::damaged, "the list of objects is damaged and was rebuilt");
    if (complaints_.loops) sink_.finding(Reason::damaged, "objects that contain themselves");
    return base::Done{};
  }

 private:
  bool open(std::string_view bytes) {
    const auto load = [&](const std::string& password) {
      document_.reset(poppler::document::load_from_raw_data(bytes.data(), static_cast<int>(bytes.size()),
                                                            password, password));
      return document_ && !document_->is_locked();
    };
    if (load("")) return true;
    if (document_)
      for (const std::string& p : request_.passwords)
        if (load(p)) {
          sink_.meta("x.encrypted", kOpenedByPassword);
          return true;
        }
    if (document_ && document_->is_locked())
      sink_.finding(Reason::encrypted, "a password is needed");
    else
      sink_.finding(Reason::damaged, "no PDF that can be read");
    document_.reset();
    return false;
  }

  void tell_properties(std::string_view bytes) {
    const auto tell = [&](const char* key, const char* as) {
      const std::string value = utf8_of(document_->info_key(key));
      if (!base::trim(value).empty()) sink_.meta(as, base::cut(base::trim(value), 64 * 1024));
    };
    tell("Title", "title"), tell("Author", "author"), tell("Subject", "x.subject"),
        tell("Keywords", "keywords");
    tell("Creator", "software"), tell("Producer", "x.producer");
    if (const std::string at = pdf_date(utf8_of(document_->info_key("CreationDate"))); !at.empty())
      sink_.meta("date.created", at);
    if (const std::string at = pdf_date(utf8_of(document_->info_key("ModDate"))); !at.empty())
      sink_.meta("date.modified", at);
    int major = 0, minor = 0;
    document_->get_pdf_version(&major, &minor);
    if (major > 0) sink_.meta("x.pdf_version", std::to_string(major) + "." + std::to_string(minor));
    if (document_->is_encrypted()) sink_.meta("x.pdf_encrypted", "yes");
    if (bytes.find("/JavaScript") != std::string_view::npos || bytes.find("/JS ") != std::string_view::npos ||
        bytes.find("/JS(") != std::string_view::npos)
      sink_.meta("x.javascript", "yes");
  }

  void read_pages() {
    const int pages = document_->pages();
    sink_.meta("pages", std::to_string(std::max(pages, 0)));
    std::uint64_t wanted = 0, lost = 0;
    bool first = true;
    for (int i = 0; i < pages; ++i) {
      if (static_cast<std::uint32_t>(i) >= limits_.pages_max) {
        sink_.finding(Reason::too_large,
                      "pages after " + std::to_string(limits_.pages_max) + " are not read");
        break;
      }
      if (!std::exchange(first, false)) sink_.next_page();
      const std::unique_ptr<poppler::page> page(document_->create_page(i));
      if (!page) {
        // A count that is a lie would give millions of these: a run of lost pages ends the reading.
        if (++lost > 1000) break;
        continue;
      }
      // Text can be dropped by a text limit, but pages are still counted for recognition.
      const std::string text = text_of(*page);
      const bool goes_on = sink_.text(text);
      if (text.size() < kTextEnough && ink_without_text(*page)) {
        ++wanted;
        if (request_.ocr && Recognition::ready())
          recognise(*page, static_cast<unsigned>(i) + 1, !text.empty());
      }
      if (!goes_on) break;
    }
    if (lost) sink_.finding(Reason::damaged, std::to_string(lost) + " pages cannot be read");
    if (wanted) sink_.meta(kWantsOcr, std::to_string(wanted));
    recognition_.finish();
  }

  // Grey pixels of a page, at most so many of them; an invalid image when the page has no sane size.
  poppler::image render(const poppler::page& page, double dpi, double pixels_max,
                        double* dpi_used = nullptr) {
    const poppler::rectf box = page.page_rect();
    const double width = std::abs(box.width()) * dpi / 72, height = std::abs(box.height()) * dpi / 72;
    if (!(width * height > 0) || !(width * height < 1e12)) return {};
    double scale = std::min(1.0, std::sqrt(pixels_max / (width * height)));
    scale = std::min({scale, 30000 / width, 30000 / height});
    if (dpi_used) *dpi_used = dpi * scale;
    poppler::page_renderer renderer;
    renderer.set_image_format(poppler::image::format_gray8);
    renderer.set_render_hint(poppler::page_renderer::antialiasing);
    renderer.set_render_hint(poppler::page_renderer::text_antialiasing);
    return renderer.render_page(&page, dpi * scale, dpi * scale);
  }

  // Whether the page shows more than its text: a scan under a stamp, a picture.
  bool ink_without_text(const poppler::page& page) {
    constexpr double kDpi = 40;
    double dpi = kDpi;
    const poppler::image picture = render(page, kDpi, 1e6, &dpi);
    if (!picture.is_valid() || picture.width() < 1 || picture.height() < 1) return false;
    const int width = picture.width(), height = picture.height();
    std::vector<bool> under_text(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    const double scale = dpi / 72;
    for (const poppler::text_box& box : page.text_list()) {
      const poppler::rectf r = box.bbox();
      const auto bound = [](double v, int max) { return static_cast<int>(std::clamp(v, 0.0, double(max))); };
      const int x1 = bound(r.x() * scale - 1, width), x2 = bound((r.x() + r.width()) * scale + 2, width);
      const int y1 = bound(r.y() * scale - 1, height), y2 = bound((r.y() + r.height()) * scale + 2, height);
      for (int y = y1; y < y2; ++y)
        for (int x = x1; x < x2; ++x)
          under_text[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                     static_cast<std::size_t>(x)] = true;
    }
    // Ink is what differs from the paper, and the paper is the most frequent grey.
    std::array<std::uint64_t, 256> greys{};
    const auto at = [&](int x, int y) {
      return static_cast<unsigned char>(picture.const_data()[y * picture.bytes_per_row() + x]);
    };
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x) ++greys[at(x, y)];
    const auto paper = static_cast<int>(std::max_element(greys.begin(), greys.end()) - greys.begin());
    std::uint64_t ink = 0;
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        ink += std::abs(at(x, y) - paper) > 40 &&
               !under_text[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                           static_cast<std::size_t>(x)];
    return static_cast<double>(ink) > kInkMin * width * height;
  }

  void recognise(const poppler::page& page, unsigned number, bool after_text) {
    double dpi = kRecogniseDpi;
    const double pixels_max = std::min(9e6, static_cast<double>(limits_.pixels_max));
    const poppler::image image = render(page, kRecogniseDpi, pixels_max, &dpi);
    if (!image.is_valid()) return;
    const Picture picture =
        grey_picture(image.const_data(), image.width(), image.height(), image.bytes_per_row());
    if (after_text) sink_.text("\n");
    recognition_.page(number, picture.get(), static_cast<int>(dpi));
  }

  void read_embedded() {
    if (!document_->has_embedded_files()) return;
    std::vector<poppler::embedded_file*> raw = document_->embedded_files();
    std::uint64_t order = 0;
    bool full = false;
    for (poppler::embedded_file* file : raw) {  // they belong to the document
      PartInfo info;
      info.name = file->name();
      info.kind = PartKind::attachment;
      info.type = file->mime_type();
      info.order = order++;
      if (const auto at = file->modification_date_t(); at > 0) info.modified = base::rfc3339(at);
      if (full) continue;
      if (!file->is_valid()) {
        sink_.lost_part(info, Reason::damaged, "an embedded file without bytes");
        continue;
      }
      const poppler::byte_array data = file->data();
      if (!sink_.begin_part(info)) {
        full = true;
        continue;
      }
      for (std::size_t i = 0; i < data.size(); i += 64 * 1024)
        if (!sink_.part_bytes({data.data() + i, std::min<std::size_t>(64 * 1024, data.size() - i)})) break;
      if (file->size() > 0 && static_cast<std::size_t>(file->size()) > data.size() && data.empty())
        sink_.fail_part(Reason::damaged, "the stream of an embedded file cannot be read");
      else
        sink_.end_part();
    }
    sink_.expect(order);
  }

  const Request& request_;
  const Limits& limits_;
  Sink& sink_;
  Complaints complaints_;
  Recognition recognition_;
  std::unique_ptr<poppler::document> document_;
};

base::Status read_pdf(Source& source, const Request& request, Sink& sink) {
  const std::string_view bytes = TRY(source.all());
  return Reading(request, sink).run(bytes);
}

}  // namespace

std::string utf8_of(const poppler::ustring& s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    char32_t c = s[i];
    if (i == 0 && c == 0xfeff) continue;
    if (c >= 0xd800 && c < 0xdc00 && i + 1 < s.size() && s[i + 1] >= 0xdc00 && s[i + 1] < 0xe000)
      c = 0x10000 + ((c - 0xd800) << 10) + (s[++i] - 0xdc00u);
    base::append_utf8(out, c);
  }
  return out;
}

void warm_pdf() {
  poppler::set_debug_error_function(ignore, nullptr);
  // A page with text in a font that is not embedded: drawing it loads the font configuration and encodings.
  static constexpr std::string_view kPage =
      "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
      "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
      "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]/Contents 4 0 R/Resources<</Font<</F "
      "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
      "4 0 obj<</Length 36>>stream\nBT /F 12 Tf 9 9 Td (warm) Tj ET     \nendstream endobj\n"
      "trailer<</Root 1 0 R>>\n%%EOF\n";
  // Kept for as long as the process: with the last document poppler forgets all that it loaded.
  static const std::unique_ptr<poppler::document> document(
      poppler::document::load_from_raw_data(kPage.data(), static_cast<int>(kPage.size())));
  if (!document) return;
  const std::unique_ptr<poppler::page> page(document->create_page(0));
  if (!page) return;
  static_cast<void>(page->text());
  poppler::page_renderer renderer;
  static_cast<void>(renderer.render_page(page.get(), 36, 36));
}

extern const Reader pdf_reader;
const Reader pdf_reader{{"poppler", POPPLER_VERSION}, kPdfTypes, read_pdf};

}  // namespace extract

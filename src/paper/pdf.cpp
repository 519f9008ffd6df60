#include <base/text.h>
#include <cairo-pdf.h>
#include <paper/document.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <memory>

namespace paper {
namespace {

constexpr double kWidth = 595.28, kHeight = 841.89, kMargin = 56, kTop = 76, kBottom = 76;  // A4, points
constexpr double kText = kWidth - 2 * kMargin;

struct Free {
  void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
  void operator()(cairo_t* c) const { cairo_destroy(c); }
  void operator()(PangoLayout* l) const { g_object_unref(l); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

class Page {
 public:
  explicit Page(const Document& d) : d_(d) {
    surface_.reset(cairo_pdf_surface_create_for_stream(
        [](void* to, const unsigned char* bytes, unsigned n) {
          static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), n);
          return CAIRO_STATUS_SUCCESS;
        },
        &out_, kWidth, kHeight));
    cairo_pdf_surface_restrict_to_version(surface_.get(), CAIRO_PDF_VERSION_1_5);
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_TITLE, d.title.c_str());
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_AUTHOR, d.office.c_str());
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_CREATOR, "Custos");
    cairo_pdf_surface_set_metadata(surface_.get(), CAIRO_PDF_METADATA_SUBJECT, d.classification.c_str());
    cairo_.reset(cairo_create(surface_.get()));
  }

  std::string finish() {
    close();
    cairo_.reset();
    cairo_surface_finish(surface_.get());
    if (cairo_surface_status(surface_.get()) != CAIRO_STATUS_SUCCESS)
      base::fault(std::string("the PDF was not written: ") +
                  cairo_status_to_string(cairo_surface_status(surface_.get())));
    return std::move(out_);
  }

  Owned<PangoLayout> layout(const std::string& text, double width, double size, bool bold = false) {
    Owned<PangoLayout> l(pango_cairo_create_layout(cairo_.get()));
    pango_layout_set_width(l.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(l.get(), PANGO_WRAP_WORD_CHAR);
    PangoFontDescription* font = pango_font_description_from_string("Noto Sans, sans-serif");
    pango_font_description_set_size(font, static_cast<int>(size * PANGO_SCALE));
    if (bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(l.get(), font);
    pango_font_description_free(font);
    PangoLanguage* language = pango_language_from_string(d_.language.c_str());
    PangoContext* context = pango_layout_get_context(l.get());
    pango_context_set_language(context, language);
    pango_layout_set_text(l.get(), text.data(), static_cast<int>(text.size()));
    // Where a word is too long for its line it is broken and nothing added: a hash has no hyphen.
    PangoAttrList* attributes = pango_attr_list_new();
    pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
    pango_layout_set_attributes(l.get(), attributes);
    pango_attr_list_unref(attributes);
    return l;
  }
  static double height(PangoLayout* l) {
    int w = 0, h = 0;
    pango_layout_get_size(l, &w, &h);
    return static_cast<double>(h) / PANGO_SCALE;
  }

  double width(const std::string& s, double size) {
    int w = 0, h = 0;
    pango_layout_get_size(layout(s, 10 * kWidth, size).get(), &w, &h);
    return static_cast<double>(w) / PANGO_SCALE;
  }

  void tag(const char* name, const std::string& attributes = "") {
    cairo_tag_begin(cairo_.get(), name, attributes.c_str());
  }
  void end(const char* name) { cairo_tag_end(cairo_.get(), name); }
  void need(double h) {
    if (page_ == 0 || at_ + h > kHeight - kBottom) next();
  }
  bool fits(double h) const { return page_ != 0 && at_ + h <= kHeight - kBottom; }
  void space(double h) { at_ += h; }

  // Lines one after the other, over as many pages as it takes.
  void text(const char* tag_name, const std::string& s, double size, bool bold, double left = 0,
            double keep = 0) {
    const Owned<PangoLayout> l = layout(s, kText - left, size, bold);
    bool first = true;
    PangoLayoutIter* i = pango_layout_get_iter(l.get());
    tag(tag_name);
    do {
      PangoRectangle logical;
      pango_layout_iter_get_line_extents(i, nullptr, &logical);
      const double h = static_cast<double>(logical.height) / PANGO_SCALE;
      if (!fits(first ? h + keep : h)) { end(tag_name), next(), tag(tag_name); }
      first = false;
      PangoRectangle ink_of_line;
      pango_layout_iter_get_line_extents(i, nullptr, &ink_of_line);
      const double base = static_cast<double>(pango_layout_iter_get_baseline(i)) / PANGO_SCALE -
                          static_cast<double>(logical.y) / PANGO_SCALE;
      cairo_move_to(cairo_.get(), kMargin + left + static_cast<double>(logical.x) / PANGO_SCALE, at_ + base);
      pango_cairo_show_layout_line(cairo_.get(), pango_layout_iter_get_line_readonly(i));
      at_ += h;
    } while (pango_layout_iter_next_line(i));
    end(tag_name);
    pango_layout_iter_free(i);
  }

  void row(const std::vector<Owned<PangoLayout>>& cells, const std::vector<double>& widths, bool header,
           double h) {
    tag("TR");
    double x = kMargin;
    for (std::size_t c = 0; c < cells.size(); ++c) {
      tag(header ? "TH" : "TD");
      cairo_move_to(cairo_.get(), x + 3, at_ + 2);
      pango_cairo_show_layout(cairo_.get(), cells[c].get());
      end(header ? "TH" : "TD");
      x += widths[c];
    }
    end("TR");
    at_ += h;
    cairo_set_line_width(cairo_.get(), header ? 1 : 0.4);
    cairo_set_source_rgb(cairo_.get(), 0.45, 0.45, 0.45);
    cairo_move_to(cairo_.get(), kMargin, at_), cairo_line_to(cairo_.get(), kMargin + kText, at_),
        cairo_stroke(cairo_.get());
    cairo_set_source_rgb(cairo_.get(), 0, 0, 0);
  }

  // What comes next begins a page, unless it does already.
  void leaf() {
    if (at_ > kTop) next();
  }
  void signature(const std::string& s) {
    need(70);
    space(44);
    cairo_set_line_width(cairo_.get(), 0.6);
    cairo_move_to(cairo_.get(), kMargin, at_), cairo_line_to(cairo_.get(), kMargin + kText / 2, at_),
        cairo_stroke(cairo_.get());
    space(2);
    text("P", s, 9, false);
    space(8);
  }

  void table(const Table& t) {
    std::vector<double> widths(t.header.size(),
                               kText / static_cast<double>(std::max<std::size_t>(t.header.size(), 1)));
    if (t.widths.size() == t.header.size()) {
      double sum = 0;
      for (const double w : t.widths) sum += w;
      for (std::size_t c = 0; c < widths.size(); ++c) widths[c] = kText * t.widths[c] / sum;
    }
    const auto line = [&](const std::vector<std::string>& cells, bool bold) {
      std::vector<Owned<PangoLayout>> out;
      for (std::size_t c = 0; c < widths.size(); ++c)
        out.push_back(layout(c < cells.size() ? cells[c] : "", widths[c] - 6, 8.5, bold));
      return out;
    };
    const auto tallest = [&](const std::vector<Owned<PangoLayout>>& cells) {
      double h = 0;
      for (const auto& l : cells) h = std::max(h, height(l.get()));
      return h + 5;
    };
    const auto header = [&] {
      const auto cells = line(t.header, true);
      row(cells, widths, true, tallest(cells));
    };
    need(60);
    tag("Table");
    header();
    for (const auto& r : t.rows) {
      auto cells = line(r, false);
      double h = tallest(cells);
      const double most = kHeight - kTop - kBottom - 60;
      if (h > most) {  // a cell longer than a page is cut where a page ends, and says so
        for (std::size_t c = 0; c < cells.size(); ++c) {
          std::string s = c < r.size() ? r[c] : "";
          while (height(cells[c].get()) + 5 > most && s.size() > 40) {
            s = std::string(base::cut(s, s.size() * 9 / 10));
            cells[c] = layout(s + " […]", widths[c] - 6, 8.5);
          }
        }
        h = tallest(cells);
      }
      if (!fits(h)) end("Table"), next(), tag("Table"), header();
      row(cells, widths, false, h);
    }
    end("Table");
    space(8);
  }

 private:
  void line(const std::string& s, double y, double size, bool bold, int where) {
    const Owned<PangoLayout> l = layout(s, kText, size, bold);
    pango_layout_set_alignment(l.get(), where == 0   ? PANGO_ALIGN_LEFT
                                        : where == 1 ? PANGO_ALIGN_CENTER
                                                     : PANGO_ALIGN_RIGHT);
    cairo_move_to(cairo_.get(), kMargin, y);
    pango_cairo_show_layout(cairo_.get(), l.get());
  }
  void close() {
    if (page_ == 0) next();
    line(d_.classification, kHeight - 34, 9, true, 1);
    cairo_show_page(cairo_.get());
  }
  void next() {
    if (page_) close();
    ++page_;
    line(d_.classification, 24, 9, true, 1);
    const std::string made = d_.made + "  ·  " + std::to_string(page_);
    const bool beside = width(d_.reference, 8) + width(made, 8) < kText - 12;
    line(d_.reference, 40, 8, false, 0);
    line(made, beside ? 40 : 52, 8, false, 2);
    at_ = kTop;
  }

  const Document& d_;
  std::string out_;
  Owned<cairo_surface_t> surface_;
  Owned<cairo_t> cairo_;
  int page_ = 0;
  double at_ = 0;
};

// Cairo 1.16 tells neither language nor that the title is to be shown: an incremental update (ISO 32000-1,
// 7.5.6) writes the catalog once more with both.
std::string with_language(std::string pdf, const std::string& language) {
  const std::size_t at = pdf.rfind("/Type /Catalog");
  const std::size_t start_of = pdf.rfind("startxref\n");
  if (at == std::string::npos || start_of == std::string::npos) base::fault("the PDF has no catalog");
  const std::size_t object = pdf.rfind(" 0 obj", at);
  const std::size_t line = pdf.rfind('\n', object) + 1;
  const std::string number = pdf.substr(line, object - line);
  const std::size_t open = pdf.find("<<", object), end = pdf.find("endobj", at);
  const std::string body = pdf.substr(open + 2, pdf.rfind(">>", end) - open - 2);
  const std::string previous = pdf.substr(start_of + 10, pdf.find('\n', start_of + 10) - start_of - 10);
  const std::size_t size_at = pdf.rfind("/Size ");
  const std::string size = std::to_string(std::atol(pdf.c_str() + size_at + 6));
  const std::size_t info_at = pdf.rfind("/Info ");
  const std::string info =
      info_at == std::string::npos ? "" : pdf.substr(info_at, pdf.find('R', info_at) + 1 - info_at);
  const std::size_t offset = pdf.size();
  pdf += number + " 0 obj\n<<" + body + " /Lang (" + language +
         ") /ViewerPreferences << /DisplayDocTitle true >> >>\nendobj\n";
  const std::size_t xref = pdf.size();
  std::string padded = std::to_string(offset);
  padded.insert(0, 10 - padded.size(), '0');
  pdf += "xref\n" + number + " 1\n" + padded + " 00000 n \ntrailer\n<< /Size " + size + " /Root " + number +
         " 0 R " + info + " /Prev " + previous + " >>\nstartxref\n" + std::to_string(xref) + "\n%%EOF\n";
  return pdf;
}

}  // namespace

std::string pdf(const Document& d) {
  Page p(d);
  p.need(40);
  p.tag("Document");
  p.text("H1", d.title, 17, true);
  p.space(4);
  if (!d.office.empty()) p.text("P", d.office, 9, false);
  p.space(10);
  for (const Block& b : d.blocks) {
    if (const auto* h = std::get_if<Heading>(&b)) {
      static constexpr double sizes[] = {14, 12.5, 11, 10};
      const int level = std::clamp(h->level, 1, 4);
      p.space(8);
      const std::string name = "H" + std::to_string(level + 1);
      p.text(name.c_str(), h->text, sizes[level - 1], true, 0, 30);
      p.space(3);
    } else if (const auto* s = std::get_if<Paragraph>(&b)) {
      p.text("P", s->text, 10, false);
      p.space(6);
    } else if (const auto* l = std::get_if<List>(&b)) {
      p.tag("L");
      for (std::size_t i = 0; i < l->items.size(); ++i)
        p.text("LI", (l->numbered ? std::to_string(i + 1) + ". " : "– ") + l->items[i], 10, false, 12);
      p.end("L");
      p.space(6);
    } else if (const auto* t = std::get_if<Table>(&b)) {
      p.table(*t);
    } else if (const auto* sign = std::get_if<Signature>(&b)) {
      p.signature(sign->text);
    } else {
      p.leaf();
    }
  }
  p.end("Document");
  return with_language(p.finish(), d.language);
}

}  // namespace paper

// Lines and tables: where everything stands.
#include "typeset_strip.h"

#include <base/text.h>

#include <algorithm>
#include <cmath>
#include <unicode/uchar.h>
#include <unordered_map>

namespace extract::typeset {
namespace {

using Kind = Block::Kind;

constexpr float kNarrow = 90;    // of a column that has no room to give away
constexpr float kWide = 20'000;  // what nobody lets a paragraph have: it is not broken into lines

int to_pango(float v) {
  return static_cast<int>(std::clamp(v, -2 * kWide, 2 * kWide) * static_cast<float>(PANGO_SCALE));
}

// The three families by the names of fonts that have the widths documents expect.
const char* family_name(Family f) {
  return f == Family::mono    ? "Liberation Mono, monospace"
         : f == Family::serif ? "Liberation Serif, Noto Naskh Arabic, serif"
                              : "Liberation Sans, Noto Sans Arabic, sans-serif";
}

bool right_to_left(const Block& p) {
  if (p.direction != Direction::by_text) return p.direction == Direction::rtl;
  // By its first letter that has a direction (Unicode Annex 9, P2 and P3).
  for (std::size_t at = 0; at < p.text.size();) {
    const UCharDirection d = u_charDirection(static_cast<UChar32>(base::next_code_point(p.text, at)));
    if (d == U_RIGHT_TO_LEFT || d == U_RIGHT_TO_LEFT_ARABIC) return true;
    if (d == U_LEFT_TO_RIGHT) return false;
  }
  return false;
}

Owned<PangoContext> context(PangoDirection d) {
  Owned<PangoContext> c(pango_font_map_create_context(pango_cairo_font_map_get_default()));
  // Metrics that do not depend on the size of the picture: lines break in the same places at each.
  cairo_font_options_t* o = cairo_font_options_create();
  cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options(c.get(), o);
  cairo_font_options_destroy(o);
  pango_context_set_round_glyph_positions(c.get(), FALSE);
  pango_context_set_base_dir(c.get(), d);
  pango_context_set_language(c.get(), pango_language_from_string("en"));
  return c;
}

void add(PangoAttrList* list, PangoAttribute* a, std::uint32_t from, std::uint32_t to) {
  a->start_index = from, a->end_index = to;
  pango_attr_list_insert(list, a);
}

void dress(PangoAttrList* list, const Run& r, std::uint32_t from, float room) {
  const Style& s = r.style;
  const auto put = [&](PangoAttribute* a) { add(list, a, from, r.to); };
  if (r.picture >= 0) {
    const float share = room > 0 ? std::min(1.f, room / r.width) : 1;  // no wider than its column
    PangoRectangle box{0, -to_pango(r.height * share), to_pango(r.width * share), to_pango(r.height * share)};
    put(pango_attr_shape_new_with_data(&box, &box, const_cast<Run*>(&r), nullptr, nullptr));
    return;
  }
  PangoFontDescription* font = pango_font_description_new();
  pango_font_description_set_family_static(font, family_name(s.family));
  const float size = std::clamp(s.size, 2.f, 200.f) * (s.rise ? 0.7f : 1.f);
  // Whole quarters: fewer sizes of fonts to look for.
  pango_font_description_set_absolute_size(font, std::round(size * 4) / 4 * PANGO_SCALE);
  if (s.bold) pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
  if (s.italic) pango_font_description_set_style(font, PANGO_STYLE_ITALIC);
  put(pango_attr_font_desc_new(font));
  pango_font_description_free(font);
  if (s.rise) put(pango_attr_rise_new(to_pango(s.rise > 0 ? size * 0.45f : -size * 0.2f)));
  const auto part = [](std::uint32_t c, int shift) { return static_cast<guint16>((c >> shift & 255) * 257); };
  const auto ink = [&](std::uint32_t c) {
    put(pango_attr_foreground_new(part(c, 16), part(c, 8), part(c, 0)));
  };
  const auto ground = [&](std::uint32_t c) {
    put(pango_attr_background_new(part(c, 16), part(c, 8), part(c, 0)));
  };
  put(pango_attr_insert_hyphens_new(FALSE));  // a word that is broken is not written otherwise
  if (s.hidden) {
    ink(0x444444), ground(0xE2E2E2);
    put(pango_attr_underline_new(PANGO_UNDERLINE_ERROR));
    return;
  }
  if (s.deleted) {
    ink(0xB00020), put(pango_attr_strikethrough_new(TRUE));
  } else if (s.inserted) {
    ink(0x0A6B2D), put(pango_attr_underline_new(PANGO_UNDERLINE_DOUBLE));
  } else {
    ink(s.colour);
    if (s.underline) put(pango_attr_underline_new(PANGO_UNDERLINE_SINGLE));
    if (s.strike) put(pango_attr_strikethrough_new(TRUE));
  }
  if (s.back != kNoColour) ground(s.back);
}

class Layout {
 public:
  Layout(const Letters& letters, Strip& strip) : letters_(letters), strip_(strip) {}

  // Where the blocks end. `top_level`: pages may begin between them.
  float flow(const std::vector<Block>& blocks, float x, float width, float y, bool top_level = false) {
    width = std::max(width, 8.f);
    for (const Block& b : blocks) {
      if (b.kind == Kind::leaf) {
        if (top_level) strip_.leaves.push_back(y);
      } else if (b.kind == Kind::paragraph) {
        y = lines(b, x, width, y);
      } else if (b.kind == Kind::table) {
        y = table(b, x, width, y);
      } else if (b.fixed) {
        fixed(b);
      } else {
        Edges m = b.margin;
        if (width - m.left - m.right < kNarrow) m.left = m.right = 0;  // words before indents
        const float room = std::max(width - m.left - m.right, 8.f);
        float wide = b.width < 0   ? room * std::min(-b.width, 1.f)
                     : b.width > 0 ? std::min(b.width, room)
                                   : room;
        wide = std::max(wide, 8.f);
        y = box(b, x + m.left + placed(b.place, room - wide), y + m.top, wide) + m.bottom;
      }
    }
    return y;
  }

 private:
  struct Need {
    float least = 0, most = 0;
  };
  struct Grid {
    std::vector<std::vector<std::size_t>> at;  // of each cell of each row: its first column
    std::size_t columns = 0;
  };

  static float placed(Align a, float room) {
    if (room <= 0) return 0;
    return a == Align::centre ? room / 2 : a == Align::right ? room : 0;
  }

  float lines(const Block& p, float x, float width, float y) {
    const Edges& m = p.margin;
    x += m.left, width = std::max(width - m.left - m.right, 8.f), y += m.top;
    const Owned<PangoLayout> l = letters_.layout(p, width);
    const Owned<PangoLayoutIter> i(pango_layout_get_iter(l.get()));
    int number = 0;
    float end = y;
    do {
      int from = 0, to = 0;
      pango_layout_iter_get_line_yrange(i.get(), &from, &to);
      Piece piece{y + from_pango(from), y + from_pango(to), x, 0, &p, width, number++};
      piece.baseline = from_pango(pango_layout_iter_get_baseline(i.get()) - from);
      const PangoLayoutLine* line = pango_layout_iter_get_line_readonly(i.get());
      piece.start = line->start_index, piece.bytes = line->length;
      end = std::max(end, piece.bottom);
      strip_.pieces.push_back(piece);
    } while (pango_layout_iter_next_line(i.get()));
    return end + m.bottom;
  }

  std::size_t patch(const Block& b, float x, float y, float width) {
    const bool any = b.back != kNoColour ||
                     std::any_of(b.border.begin(), b.border.end(), [](const Line& l) { return l.width > 0; });
    if (!any) return SIZE_MAX;
    strip_.patches.push_back({x, y, width, y, b.back, b.border});
    return strip_.patches.size() - 1;
  }
  void close(std::size_t patch, float y) {
    if (patch != SIZE_MAX) strip_.patches[patch].bottom = y;
  }

  float inside(const Block& b, float x, float y, float width) {
    Edges p = b.padding;
    if (b.kind == Kind::box && width - p.left - p.right < kNarrow) p.left = p.right = 0;
    return flow(b.in, x + p.left + b.border[3].width,
                width - p.left - p.right - b.border[1].width - b.border[3].width,
                y + p.top + b.border[0].width) +
           p.bottom + b.border[2].width;
  }
  float box(const Block& b, float x, float y, float width) {
    const std::size_t under = patch(b, x, y, width);
    const float end = std::max(inside(b, x, y, width), y + b.height);
    close(under, end);
    return end;
  }

  void fixed(const Block& b) {
    close(patch(b, b.x, b.y, b.width), b.y + b.height);
    const std::size_t piece = strip_.pieces.size(), under = strip_.patches.size();
    const float spare = (b.y + b.height - inside(b, b.x, b.y, b.width)) * b.anchor;
    if (spare == 0) return;
    for (std::size_t k = piece; k < strip_.pieces.size(); ++k)
      strip_.pieces[k].top += spare, strip_.pieces[k].bottom += spare;
    for (std::size_t k = under; k < strip_.patches.size(); ++k)
      strip_.patches[k].top += spare, strip_.patches[k].bottom += spare;
  }

  // What a block wants: never broken between words, and in one line.
  Need need(const Block& b) {
    if (const auto known = needs_.find(&b); known != needs_.end()) return known->second;
    Need n;
    if (b.kind == Kind::paragraph) {
      n = words_need(b);
    } else if (b.kind == Kind::table) {
      n = table_need(b);
      const float frame = b.border[1].width + b.border[3].width;
      n.least += frame, n.most += frame;
    } else if (!b.fixed) {
      for (const Block& c : b.in) {
        const Need one = need(c);
        n.least = std::max(n.least, one.least), n.most = std::max(n.most, one.most);
      }
      if (b.width > 0)
        n.most = std::max(b.width, n.least), n.least = std::max(n.least, std::min(b.width, 200.f));
      const float edge = b.padding.left + b.padding.right + b.border[1].width + b.border[3].width;
      n.least += edge, n.most += edge;
    }
    n.least += b.margin.left + b.margin.right, n.most += b.margin.left + b.margin.right;
    n.most = std::max(n.most, n.least);
    needs_.emplace(&b, n);
    return n;
  }
  Need words_need(const Block& p) {
    constexpr std::size_t kExactly = 600;
    int w = 0, h = 0;
    if (p.text.size() > 20 * kExactly) return {100, kWide / 10};
    const Owned<PangoLayout> whole = letters_.layout(p, -1);
    pango_layout_get_size(whole.get(), &w, &h);
    const float most = from_pango(w) + 1;
    if (p.text.size() > kExactly) return {std::min(most, 100.f), most};
    pango_layout_set_width(whole.get(), 0);
    pango_layout_set_wrap(whole.get(), PANGO_WRAP_WORD);
    pango_layout_get_size(whole.get(), &w, &h);
    return {std::min(from_pango(w) + 1, most), most};
  }

  static Grid grid(const Block& t) {
    Grid g;
    std::vector<std::uint32_t> taken;  // how many rows each column is still taken
    for (const Block& row : t.in) {
      std::vector<std::size_t>& at = g.at.emplace_back();
      std::size_t column = 0;
      std::vector<std::pair<std::size_t, std::uint32_t>> spans;
      for (const Block& cell : row.in) {
        while (column < taken.size() && taken[column] > 0) ++column;
        const std::size_t first = std::min(column, kColumnsMax - 1);
        const std::size_t end = std::min(first + std::max<std::size_t>(cell.columns, 1), kColumnsMax);
        if (taken.size() < end) taken.resize(end, 0);
        at.push_back(first);
        for (std::size_t c = first; c < end; ++c)
          if (cell.rows > 1) spans.emplace_back(c, cell.rows);
        column = end;
      }
      for (std::uint32_t& n : taken) n -= n > 0;
      for (const auto& [c, n] : spans) taken[c] = std::max(taken[c], n - 1u);
      g.columns = std::max(g.columns, taken.size());
    }
    return g;
  }

  std::vector<Need> columns_need(const Block& t, const Grid& g) {
    std::vector<Need> out(g.columns);
    for (const bool spanning : {false, true})
      for (std::size_t r = 0; r < t.in.size(); ++r)
        for (std::size_t k = 0; k < t.in[r].in.size(); ++k) {
          const Block& cell = t.in[r].in[k];
          const std::size_t first = g.at[r][k];
          const std::size_t n =
              std::min<std::size_t>(std::max<std::uint16_t>(cell.columns, 1), g.columns - first);
          if ((n > 1) != spanning) continue;
          const Need one = need(cell);
          Need have;
          for (std::size_t c = first; c < first + n; ++c)
            have.least += out[c].least, have.most += out[c].most;
          for (std::size_t c = first; c < first + n; ++c) {
            out[c].least += std::max(0.f, one.least - have.least) / static_cast<float>(n);
            out[c].most += std::max(0.f, one.most - have.most) / static_cast<float>(n);
          }
        }
    return out;
  }
  Need table_need(const Block& t) {
    const Grid g = grid(t);
    Need n;
    if (!t.widths.empty()) {
      for (const float w : t.widths) n.most += w;
      n.least = std::min(n.most, 40.f);
      return n;
    }
    for (const Need& c : columns_need(t, g)) n.least += c.least, n.most += c.most;
    if (t.width > 0) n.most = std::max(n.least, t.width);
    return n;
  }

  std::vector<float> columns(const Block& t, const Grid& g, float room) {
    std::vector<float> out = t.widths;
    if (!out.empty()) {
      out.resize(g.columns, out.back());
      float sum = 0;
      for (float& w : out) sum += w = std::max(w, 2.f);
      if (sum > room)
        for (float& w : out) w *= room / sum;
      return out;
    }
    std::vector<Need> needs = columns_need(t, g);
    // A width that a cell asks for is what its column wants.
    std::vector<float> share(g.columns, 0);
    for (std::size_t r = 0; r < t.in.size(); ++r)
      for (std::size_t k = 0; k < t.in[r].in.size(); ++k) {
        const Block& cell = t.in[r].in[k];
        if (cell.columns > 1 || cell.width == 0) continue;
        const std::size_t c = g.at[r][k];
        if (cell.width > 0)
          needs[c].most = std::max(needs[c].least, std::max(cell.width, 1.f));
        else
          share[c] = std::min(1.f, -cell.width);
      }
    float least = 0, most = 0;
    for (const Need& n : needs) least += n.least, most += n.most;
    float wide = t.width < 0   ? room * std::min(-t.width, 1.f)
                 : t.width > 0 ? std::min(t.width, room)
                               : std::min(most, room);
    wide = std::min(room, std::max(wide, std::min(least, room)));
    for (std::size_t c = 0; c < g.columns; ++c)
      if (share[c] > 0) needs[c].most = std::max(needs[c].least, share[c] * wide);
    most = 0;
    for (const Need& n : needs) most += n.most;
    out.resize(g.columns);
    for (std::size_t c = 0; c < g.columns; ++c) {
      const Need& n = needs[c];
      if (least > wide)
        out[c] = n.least * wide / std::max(least, 1.f);
      else if (most <= wide)
        out[c] = most > 0 ? n.most * wide / most : wide / static_cast<float>(g.columns);
      else
        out[c] = n.least + (n.most - n.least) * (wide - least) / std::max(most - least, 1.f);
    }
    return out;
  }

  float table(const Block& t, float x, float width, float y) {
    const Edges& m = t.margin;
    const float room = std::max(width - m.left - m.right, 8.f);
    y += m.top;
    const Grid g = grid(t);
    if (g.columns == 0) return y;
    const std::vector<float> widths = columns(t, g, room - t.border[1].width - t.border[3].width);
    std::vector<float> edge(g.columns + 1, 0);
    for (std::size_t c = 0; c < g.columns; ++c) edge[c + 1] = edge[c] + widths[c];
    const float whole = edge.back() + t.border[1].width + t.border[3].width;
    const bool mirrored = t.direction == Direction::rtl;  // the first column is at the right
    const Align place = mirrored && t.place == Align::start ? Align::right : t.place;
    const float left = x + m.left + placed(place, room - whole);
    const std::size_t under = patch(t, left, y, whole);
    y += t.border[0].width;
    struct Open {
      std::size_t last_row, patch;
      float bottom;
    };
    std::vector<Open> open;
    for (std::size_t r = 0; r < t.in.size(); ++r) {
      const Block& row = t.in[r];
      float bottom = y + row.height;
      const std::size_t row_under = patch(row, left + t.border[3].width, y, edge.back());
      for (std::size_t k = 0; k < row.in.size(); ++k) {
        const Block& cell = row.in[k];
        const std::size_t first = g.at[r][k];
        const std::size_t end = std::min(first + std::max<std::size_t>(cell.columns, 1), g.columns);
        const float cx = left + t.border[3].width + (mirrored ? edge.back() - edge[end] : edge[first]);
        const float wide = edge[end] - edge[first];
        const std::size_t p = patch(cell, cx, y, wide);
        const float b = std::max(inside(cell, cx, y, wide), y + cell.height);
        const std::size_t last = std::min(r + std::max<std::size_t>(cell.rows, 1), t.in.size()) - 1;
        open.push_back({last, p, b});
      }
      for (const Open& o : open)
        if (o.last_row == r) bottom = std::max(bottom, o.bottom);
      std::erase_if(open, [&](const Open& o) {
        if (o.last_row == r) close(o.patch, bottom);
        return o.last_row == r;
      });
      close(row_under, bottom);
      y = bottom;
    }
    y = std::max(y + t.border[2].width, y);
    close(under, y);
    return y + m.bottom;
  }

  const Letters& letters_;
  Strip& strip_;
  std::unordered_map<const Block*, Need> needs_;
};

}  // namespace

Letters::Letters() : left_(context(PANGO_DIRECTION_LTR)), right_(context(PANGO_DIRECTION_RTL)) {}

Owned<PangoLayout> Letters::layout(const Block& p, float width) const {
  const bool rtl = right_to_left(p);
  Owned<PangoLayout> l(pango_layout_new(rtl ? right_.get() : left_.get()));
  pango_layout_set_auto_dir(l.get(), FALSE);
  pango_layout_set_wrap(l.get(), PANGO_WRAP_WORD_CHAR);
  if (width >= 0) pango_layout_set_width(l.get(), to_pango(width));
  pango_layout_set_text(l.get(), p.text.data(), static_cast<int>(p.text.size()));
  const Align a = p.align;
  pango_layout_set_alignment(l.get(), a == Align::centre                               ? PANGO_ALIGN_CENTER
                                      : a == Align::right || (a != Align::left && rtl) ? PANGO_ALIGN_RIGHT
                                                                                       : PANGO_ALIGN_LEFT);
  if (a == Align::justify) pango_layout_set_justify(l.get(), TRUE);
  if (p.first != 0) pango_layout_set_indent(l.get(), to_pango(p.first));
  if (p.first < 0) {  // the mark of a list stands in the margin that hangs out
    PangoTabArray* tabs = pango_tab_array_new_with_positions(1, FALSE, PANGO_TAB_LEFT, to_pango(-p.first));
    pango_layout_set_tabs(l.get(), tabs);
    pango_tab_array_free(tabs);
  }
  if (p.leading > 0) pango_layout_set_line_spacing(l.get(), std::clamp(p.leading, 0.7f, 3.f));
  PangoAttrList* attributes = pango_attr_list_new();
  std::uint32_t from = 0;
  for (const Run& r : p.runs) {
    dress(attributes, r, from, width);
    from = r.to;
  }
  pango_layout_set_attributes(l.get(), attributes);
  pango_attr_list_unref(attributes);
  return l;
}

float set_blocks(const Letters& letters, const std::vector<Block>& blocks, float x, float width, float y,
                 Strip& strip) {
  return Layout(letters, strip).flow(blocks, x, width, y, true);
}

}  // namespace extract::typeset

#pragma once
// Where the lines of a document stand, before they are cut into pages.

#include "typeset.h"

#include <memory>
#include <pango/pangocairo.h>

namespace extract::typeset {

struct Free {
  void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
  void operator()(cairo_t* c) const { cairo_destroy(c); }
  void operator()(PangoLayout* l) const { g_object_unref(l); }
  void operator()(PangoContext* c) const { g_object_unref(c); }
  void operator()(PangoLayoutIter* i) const { pango_layout_iter_free(i); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

inline float from_pango(int v) { return static_cast<float>(v) / PANGO_SCALE; }

// Breaks paragraphs into lines.
class Letters {
 public:
  Letters();
  // Negative width: in one line.
  Owned<PangoLayout> layout(const Block& paragraph, float width) const;

 private:
  Owned<PangoContext> left_, right_;  // by the direction of the paragraph
};

// A line of a paragraph, which is drawn on one page as a whole.
struct Piece {
  float top = 0, bottom = 0;
  float x = 0, baseline = 0;  // of the paragraph's left edge; from `top`
  const Block* paragraph = nullptr;
  float width = 0;
  int line = 0, start = 0, bytes = 0;  // in the text of the paragraph
};
// What lies under the lines: grounds and frames. It goes on from page to page.
struct Patch {
  float x = 0, top = 0, width = 0, bottom = 0;
  std::uint32_t back = kNoColour;
  std::array<Line, 4> border{};
};

struct Strip {
  std::vector<Piece> pieces;
  std::vector<Patch> patches;
  std::vector<float> leaves;  // where a page begins
};

// Sets blocks one below the other in a column of this width from `y` on; tells where they end.
float set_blocks(const Letters& letters, const std::vector<Block>& blocks, float x, float width, float y,
                 Strip& strip);

}  // namespace extract::typeset

#pragma once
// How elements of HTML look: by what they are, by their attributes and by the declarations of CSS.

#include "typeset.h"

#include <algorithm>

namespace extract::typeset {

enum class Does : std::uint8_t {
  nothing,
  block,
  paragraph,
  heading,
  list,
  item,
  term,
  quote,
  pre,
  table,
  group,
  row,
  cell,
  caption,
  image,
  frame,
  br,
  hr,
  input,
  raw,
  head,
  title,
  body,
  bold,
  italic,
  underline,
  strike,
  inserted,
  deleted,
  mono,
  small,
  big,
  sub,
  sup,
  mark,
  link,
  font,
  centre,
  hides
};

Does does_of(std::string_view name);
bool breaks_lines(Does d);
bool is_void(Does d);

struct Look {
  // Goes down to what stands inside.
  Style style;
  Align align = Align::start;
  Direction direction = Direction::by_text;
  float leading = 0;
  std::uint32_t ground = 0xFFFFFF;
  bool pre = false, pictured = false;       // pictured: on a picture, which is not shown
  float cell_padding = 1, cell_border = 0;  // of the table around
  // Of the element alone.
  Edges margin, padding;
  std::array<Line, 4> border{};
  std::uint32_t back = kNoColour;
  float width = 0, height = 0;
  bool left_gives = false, right_gives = false, in_line = false;
  bool leaf = false;  // it begins a page

  bool boxed() const {
    return back != kNoColour || padding.left > 0 || padding.right > 0 || padding.top > 0 ||
           padding.bottom > 0 || margin.left != 0 || margin.right != 0 || width != 0 || left_gives ||
           right_gives ||
           std::any_of(border.begin(), border.end(), [](const Line& l) { return l.width > 0; });
  }
};

// Of an element with these attributes, inside of what `l` says; then what its attributes ask for.
void look_of_element(Does d, std::string_view name, std::string_view attributes, Look& l);
void look_of_attributes(Does d, std::string_view attributes, Look& l);
// A block of declarations of CSS.
void declare(std::string_view block, Look& l);

}  // namespace extract::typeset

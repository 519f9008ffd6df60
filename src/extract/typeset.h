#pragma once
// Documents without pages of their own (a mail, a letter, a table) as pages that Custos sets: what they say,
// in order, with as much of their look as helps to read them. A converter for each format composes a
// Document; set_page() breaks it into lines and pages and draws one. Lengths are CSS pixels, 1/96 inch.

#include <extract/reader.h>

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace extract::typeset {

inline constexpr std::uint32_t kNoColour = 0xFF000000;  // others are 0xRRGGBB
inline constexpr float kA4Width = 794, kA4Height = 1123;
inline constexpr std::size_t kTextMax = 4 << 20;    // bytes of a document that are set; the rest is cut off
inline constexpr std::size_t kBlocksMax = 200'000;  // paragraphs, boxes, cells
inline constexpr std::size_t kImageBytesMax = 96 << 20;
inline constexpr std::size_t kPagesMax = 2000;
inline constexpr std::size_t kTablesDeepMax = 40;  // tables within tables
inline constexpr std::size_t kBoxesDeepMax = 80;   // what lies deeper stands in the box that is the last
inline constexpr std::size_t kColumnsMax = 512;

enum class Family : std::uint8_t { sans, serif, mono };
enum class Align : std::uint8_t { start, left, centre, right, justify };
enum class Direction : std::uint8_t { by_text, ltr, rtl };

// Of characters. What a document hides, or changed while its changes were tracked, is shown and marked.
struct Style {
  float size = 16;
  std::uint32_t colour = 0, back = kNoColour;
  Family family = Family::sans;
  bool bold = false, italic = false, underline = false, strike = false;
  bool hidden = false, inserted = false, deleted = false;
  std::int8_t rise = 0;  // 1: superscript, -1: subscript
  bool operator==(const Style&) const = default;
};

struct Run {
  std::uint32_t to = 0;  // where it ends in the text
  Style style;
  std::int32_t picture = -1;  // it is one: U+FFFC in the text
  float width = 0, height = 0;
};

struct Edges {
  float top = 0, right = 0, bottom = 0, left = 0;
};
struct Line {
  float width = 0;
  std::uint32_t colour = 0;
};

struct Block {
  enum class Kind : std::uint8_t { paragraph, box, table, row, cell, leaf };  // leaf: a page begins
  Kind kind = Kind::paragraph;

  std::string text;
  std::vector<Run> runs;
  Align align = Align::start;
  Direction direction = Direction::by_text;
  float first = 0;    // indent of the first line; below 0 it hangs out
  float leading = 0;  // the height of a line as a share of its usual one; 0: as usual

  Edges margin, padding;
  std::array<Line, 4> border{};  // top, right, bottom, left
  std::uint32_t back = kNoColour;
  float width = 0;                      // below 0: a share of the room; 0: what it needs
  float height = 0;                     // at least
  Align place = Align::start;           // within the room, when narrower
  std::uint16_t columns = 1, rows = 1;  // spanned by a cell
  std::vector<float> widths;            // of a table's columns, when its document tells them
  bool fixed = false;                   // a box with a place of its own on the page, as on a slide
  float x = 0, y = 0;
  float anchor = 0;  // what is in it stands at its top, in its middle (0.5) or at its foot (1)
  std::vector<Block> in;

  void frame(float line, std::uint32_t colour) { border.fill({line, colour}); }
};

// Pages of one size. Header and footer stand on each of them.
struct Section {
  float width = kA4Width, height = kA4Height;
  Edges margin{56, 56, 56, 56};
  std::uint32_t part = 1;  // the page of the item's text that it is
  bool one_page = false;   // a slide: what does not fit on it is on it nevertheless
  std::uint32_t back = 0xFFFFFF;
  std::vector<Block> blocks, header, footer;
};

struct Image {
  std::string bytes, type;
  float width = 0, height = 0;  // pixels
};

struct Document {
  std::vector<Section> sections;
  std::vector<Image> images;
  bool cut = false;       // not all of it is set: a limit
  bool too_deep = false;  // tables within tables beyond the limit: nothing is drawn
  bool plain = false;     // its reader gives only text
};

// Builds the blocks of a document, in order.
class Composer {
 public:
  explicit Composer(Document& document);
  Composer(const Composer&) = delete;
  Composer& operator=(const Composer&) = delete;

  Style style;      // of the text that comes
  Block paragraph;  // what the paragraphs that come look like: margin, align, direction, first, leading
  // Any UTF-8; a line end in it is one on the page.
  void text(std::string_view utf8);
  bool in_paragraph() const { return !open_.text.empty(); }
  void end_paragraph(bool even_if_empty = false);
  // The picture of this name within the file, in the line: of this size, or of its own when 0, made smaller
  // to fit `most_width`. Fetched once, however often it is shown. False: it is none that can be shown.
  using FetchImage = std::function<std::optional<std::string>()>;
  bool image(std::string_view name, const FetchImage& fetch, float width, float height, float most_width);
  bool image(std::string bytes, float width, float height, float most_width);
  // A frame in the place of a picture that is not shown, with these words.
  void missing_image(std::string_view words, float width, float height);
  // A box, table, row or cell, until end().
  void begin(Block block);
  void end();
  void leaf();
  // What follows stands on pages of their own.
  void section(Section s);
  Section& here() { return document_.sections.back(); }
  std::size_t depth() const { return stack_.size(); }
  void cut() { document_.cut = true; }  // a limit of the converter's own
  bool full() const { return document_.cut || document_.too_deep; }
  // Moves what is composed within `f` out of the flow: a header, a footer, notes.
  template <class F>
  std::vector<Block> aside(F&& f) {
    end_paragraph();
    const std::size_t level = stack_.size();
    begin({.kind = Block::Kind::box});
    f();
    end_paragraph();
    while (stack_.size() > level + 1) end();
    if (stack_.size() <= level) return end(), std::vector<Block>{};  // a limit: it stands in the flow
    Block box = std::move(stack_.back());
    stack_.pop_back();
    return std::move(box.in);
  }

 private:
  void put(Block block);
  void go_on();
  bool counts();
  std::optional<std::size_t> keep(std::string image);
  bool show(std::size_t image, float width, float height, float most_width);
  Document& document_;
  Block open_;  // the paragraph being written
  std::vector<Block> stack_;
  std::map<std::string, std::optional<std::size_t>, std::less<>> images_;  // by their names
  std::size_t text_ = 0, blocks_ = 0, tables_ = 0, beyond_ = 0, image_bytes_ = 0;
};

bool far_from(std::uint32_t a, std::uint32_t b);  // two colours that an eye can tell apart
// What a font of this name is like, or the first of a list.
Family family_of(std::string_view names);

// Draws a page of it and tells the words of all (extract/show.h). Refuses: not_found (no such page),
// exhausted (too deep).
base::Status set_page(const Document& document, const Limits& limits, std::uint32_t page,
                      std::uint32_t wanted_width, Sink& sink);

// Fonts and their tables, loaded while there is a disk.
void warm();

}  // namespace extract::typeset

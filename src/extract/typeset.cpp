#include "typeset.h"

#include "image_size.h"

#include <base/text.h>
#include <extract/memory.h>

#include <algorithm>
#include <cmath>

namespace extract::typeset {
namespace {

constexpr std::size_t kParagraphMax = 16 << 10, kRunsMax = 1000;  // a longer one is set as several
constexpr std::string_view kImageMark = "\xEF\xBF\xBC", kLineEnd = "\xE2\x80\xA8";
constexpr float kFrameText = 11;

}  // namespace

Composer::Composer(Document& document) : document_(document) {
  if (document_.sections.empty()) document_.sections.emplace_back();
}

bool Composer::counts() {
  if (full()) return false;
  if (++blocks_ > kBlocksMax) document_.cut = true;
  return !document_.cut;
}

void Composer::put(Block block) {
  if (!stack_.empty())
    stack_.back().in.push_back(std::move(block));
  else
    here().blocks.push_back(std::move(block));
}

void Composer::text(std::string_view utf8) {
  if (utf8.empty() || full()) return;
  const bool over = text_ + utf8.size() > kTextMax;
  if (over) utf8 = base::cut(utf8, kTextMax - text_);
  text_ += utf8.size();
  go_on();
  std::string cleaned = base::clean(utf8);
  std::string_view rest = cleaned;
  const auto add = [&](std::string_view s) {
    if (s.empty()) return;
    if (open_.text.empty()) {
      open_ = paragraph;
      open_.kind = Block::Kind::paragraph;
    }
    open_.text += s;
    const auto to = static_cast<std::uint32_t>(open_.text.size());
    if (!open_.runs.empty() && open_.runs.back().picture < 0 && open_.runs.back().style == style)
      open_.runs.back().to = to;
    else
      open_.runs.push_back({to, style, -1, 0, 0});
  };
  while (!rest.empty()) {
    const std::size_t room = kParagraphMax - std::min(open_.text.size(), kParagraphMax);
    std::string_view piece = base::cut(rest, std::max<std::size_t>(room, 8));
    if (piece.size() < rest.size())  // between two words, if there is a place
      if (const std::size_t gap = piece.find_last_of(" \n"); gap != piece.npos && gap > 0)
        piece = piece.substr(0, gap + 1);
    rest.remove_prefix(piece.size());
    for (std::size_t from = 0; from <= piece.size();) {
      const std::size_t end = std::min(piece.find('\n', from), piece.size());
      add(piece.substr(from, end - from));
      if (end < piece.size()) add(kLineEnd);
      from = end + 1;
    }
    if (!rest.empty()) end_paragraph();
  }
  document_.cut |= over;
}

// A paragraph that is full goes on in another: breaking lines takes longer than its length tells.
void Composer::go_on() {
  if (open_.text.size() >= kParagraphMax || open_.runs.size() >= kRunsMax) end_paragraph();
}

void Composer::end_paragraph(bool even_if_empty) {
  if (open_.text.empty()) {
    if (!even_if_empty) return;
    text(" ");
    if (open_.text.empty()) return;
  }
  Block done = std::move(open_);
  open_ = {};
  if (++blocks_ > kBlocksMax) document_.cut = true;
  put(std::move(done));  // it was begun within the limits
}

bool Composer::image(std::string_view name, const FetchImage& fetch, float width, float height,
                     float most_width) {
  auto known = images_.find(name);
  if (known == images_.end()) {
    auto bytes = image_bytes_ < kImageBytesMax ? fetch() : std::nullopt;
    known = images_.emplace(name, bytes ? keep(std::move(*bytes)) : std::nullopt).first;
  }
  return known->second && show(*known->second, width, height, most_width);
}
bool Composer::image(std::string bytes, float width, float height, float most_width) {
  const auto kept = keep(std::move(bytes));
  return kept && show(*kept, width, height, most_width);
}

std::optional<std::size_t> Composer::keep(std::string bytes) {
  if (full() || bytes.size() > kImageBytesMax - std::min(image_bytes_, kImageBytesMax)) return {};
  MemorySource source(bytes);
  std::string type = type_of(source, "");
  const auto size = image_size(type, bytes);
  static constexpr Limits limits;
  if (!size || size->width == 0 || size->height == 0 || size->width > 1'000'000 || size->height > 1'000'000 ||
      size->width * size->height > limits.pixels_max)
    return {};
  image_bytes_ += bytes.size();
  document_.images.push_back(
      {std::move(bytes), std::move(type), static_cast<float>(size->width), static_cast<float>(size->height)});
  return document_.images.size() - 1;
}

bool Composer::show(std::size_t image, float width, float height, float most_width) {
  if (!counts()) return false;
  const float own_width = document_.images[image].width, own_height = document_.images[image].height;
  if (width <= 0 && height <= 0)
    width = own_width, height = own_height;
  else if (width <= 0)
    width = height * own_width / own_height;
  else if (height <= 0)
    height = width * own_height / own_width;
  go_on();
  const Section& s = here();
  const float most_height = std::max(50.f, s.height - s.margin.top - s.margin.bottom - 20);
  const float share = std::min({1.f, most_width / width, most_height / height});
  Run run;
  run.picture = static_cast<std::int32_t>(image);
  run.width = std::max(1.f, width * share), run.height = std::max(1.f, height * share);
  if (open_.text.empty()) open_ = paragraph, open_.kind = Block::Kind::paragraph;
  open_.text += kImageMark;
  run.to = static_cast<std::uint32_t>(open_.text.size()), run.style = style;
  open_.runs.push_back(run);
  return true;
}

void Composer::missing_image(std::string_view words, float width, float height) {
  end_paragraph();
  Block box;
  box.kind = Block::Kind::box;
  box.frame(1, 0x999999);
  box.back = 0xF6F6F6;
  box.padding = {3, 5, 3, 5};
  box.margin = {2, 0, 2, 0};
  const float room = here().width - here().margin.left - here().margin.right;
  // A picture of one point, as those that tell who opened a mail, has a frame that can be read nevertheless.
  box.width = width > 0 ? std::clamp(width, 140.f, std::max(140.f, room)) : 0;
  box.height = std::clamp(height, 0.f, 400.f);
  begin(std::move(box));
  const Style before = style;
  const Block looks = paragraph;
  style = {};
  style.size = kFrameText, style.colour = 0x444444, style.hidden = before.hidden;
  paragraph = {};
  text(words);
  end_paragraph();
  style = before, paragraph = looks;
  end();
}

void Composer::begin(Block block) {
  end_paragraph();
  const bool table = block.kind == Block::Kind::table;
  if (table && ++tables_ > kTablesDeepMax) document_.too_deep = true;
  if (!counts() || beyond_ > 0 || (block.kind == Block::Kind::box && stack_.size() >= kBoxesDeepMax)) {
    ++beyond_;
    tables_ -= table;
    return;
  }
  stack_.push_back(std::move(block));
}

void Composer::end() {
  end_paragraph();
  if (beyond_ > 0) {
    --beyond_;
    return;
  }
  if (stack_.empty()) return;
  Block done = std::move(stack_.back());
  stack_.pop_back();
  tables_ -= done.kind == Block::Kind::table;
  put(std::move(done));
}

void Composer::leaf() {
  end_paragraph();
  if (stack_.empty() && counts()) put({.kind = Block::Kind::leaf});
}

void Composer::section(Section s) {
  end_paragraph();
  while (!stack_.empty()) end();
  if (document_.sections.size() == 1 && here().blocks.empty())
    here() = std::move(s);
  else if (document_.sections.size() < kPagesMax)
    document_.sections.push_back(std::move(s));
  else
    document_.cut = true;
}

}  // namespace extract::typeset

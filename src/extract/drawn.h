#pragma once
// A page that was drawn, for tests: its pixels and its words.

#include "recording.h"

#include <base/bytes.h>
#include <extract/memory.h>
#include <extract/show.h>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace extract {

struct Drawn {
  base::Status status = base::Done{};
  RecordingSink sink;
  std::string rgb;
  int width = 0, height = 0;
  int at(int x, int y, int channel) const {
    return static_cast<unsigned char>(rgb[static_cast<std::size_t>((y * width + x) * 3 + channel)]);
  }
  std::string told(std::string_view kind) const {
    for (const auto& [k, v] : sink.root.derived)
      if (k == kind) return v;
    return "[]";
  }
  std::string words() const { return told(kWords); }
};
inline Drawn drawn(const std::string& bytes, std::string_view type, std::uint32_t page, std::uint32_t width,
                   const Limits& limits = {}) {
  Drawn out;
  MemorySource source(bytes);
  out.status = draw(source, {"x", type, {}, false, limits}, page, width, out.sink);
  for (const auto& [k, v] : out.sink.root.derived)
    if (k == kPicture) {
      out.width = static_cast<int>(base::load_le<std::uint32_t>(v.data()));
      out.height = static_cast<int>(base::load_le<std::uint32_t>(v.data() + 4));
      out.rgb = v.substr(8);
    }
  EXPECT_EQ(out.rgb.size(), static_cast<std::size_t>(out.width) * static_cast<std::size_t>(out.height) * 3);
  return out;
}
// Dark pixels inside of a box of ten-thousandths, and outside.
inline std::pair<int, int> ink(const Drawn& d, const boost::json::array& box) {
  std::pair<int, int> out;
  const auto n = [&](std::size_t k, int of) { return box[k].to_number<int>() * of / 10'000; };
  const int x = n(0, d.width), y = n(1, d.height), w = n(2, d.width), h = n(3, d.height);
  for (int r = 0; r < d.height; ++r)
    for (int c = 0; c < d.width; ++c)
      if (d.at(c, r, 0) < 128)
        ++(c >= x - 2 && c <= x + w + 2 && r >= y - 2 && r <= y + h + 2 ? out.first : out.second);
  return out;
}

// A word and its place, in ten-thousandths.
struct PlacedWord {
  int x, y, width, height;
  std::string word;
};
inline std::vector<PlacedWord> boxes(const Drawn& d) {
  std::vector<PlacedWord> out;
  const boost::json::value all = boost::json::parse(d.words());
  for (const auto& v : all.as_array()) {
    const auto n = [&](std::size_t k) { return v.at(k).to_number<int>(); };
    out.push_back({n(0), n(1), n(2), n(3), std::string(v.at(4).as_string())});
  }
  return out;
}
inline std::string said(const Drawn& d) {
  std::string out;
  for (const PlacedWord& b : boxes(d)) out += (out.empty() ? "" : " ") + b.word;
  return out;
}
inline bool has(const Drawn& d, std::string_view words) { return said(d).find(words) != std::string::npos; }
inline PlacedWord box_of(const Drawn& d, std::string_view word) {
  for (const PlacedWord& b : boxes(d))
    if (b.word == word) return b;
  ADD_FAILURE() << word << " is not among: " << said(d);
  return {};
}

}  // namespace extract

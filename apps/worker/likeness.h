#pragma once
// The sketch of a text, taken as it passes: 64 bins of a one-permutation MinHash over runs of four words.
// Texts whose sketches agree in most bins are near-duplicates. Format: docs/formats/likeness.md.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace worker {

class Sketch {
 public:
  void add(std::string_view text);
  std::int64_t words();
  std::string finish();  // 128 bytes, or nothing for a text of fewer than 30 words

 private:
  void word(std::uint64_t hash);
  std::array<std::uint64_t, 64> least_{};
  std::array<std::uint64_t, 4> run_{};
  std::uint64_t hash_ = 0;
  std::int64_t words_ = 0;
};

}  // namespace worker

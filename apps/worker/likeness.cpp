#include "likeness.h"

#include <cstring>

namespace worker {
namespace {

std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ x >> 33;
}

}  // namespace

void Sketch::word(std::uint64_t hash) {
  if (words_ == 0) least_.fill(UINT64_MAX);
  run_[static_cast<std::size_t>(words_++ & 3)] = hash;
  if (words_ < 4) return;
  std::uint64_t h = 0;
  for (std::int64_t k = 0; k < 4; ++k) h = mix(h + run_[static_cast<std::size_t>((words_ + k) & 3)]);
  std::uint64_t& bin = least_[h >> 58];
  h &= (1ULL << 58) - 1;
  if (h < bin) bin = h;
}

// Letters and digits of any script, ASCII folded: enough to tell likeness, and fast.
void Sketch::add(std::string_view text) {
  for (const char ch : text) {
    auto c = static_cast<unsigned char>(ch);
    if (c >= 'A' && c <= 'Z') c = static_cast<unsigned char>(c + 32);
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80;
    if (letter)
      hash_ = (hash_ + c + 1) * 0x100000001b3ULL;
    else if (hash_)
      word(hash_), hash_ = 0;
  }
}

std::int64_t Sketch::words() {
  if (hash_) word(hash_), hash_ = 0;
  return words_;
}

std::string Sketch::finish() {
  if (words() < 30) return {};
  std::string out(128, '\0');
  for (std::size_t i = 0; i < 64; ++i) {
    // An empty bin borrows from the next full one, so that short texts can be compared too.
    std::size_t k = i;
    while (least_[k % 64] == UINT64_MAX && k < i + 64) ++k;
    const std::uint64_t h = mix(least_[k % 64] + (k - i) * 0x9E3779B97F4A7C15ULL);
    const auto low = static_cast<std::uint16_t>(h);
    std::memcpy(out.data() + 2 * i, &low, 2);
  }
  return out;
}

}  // namespace worker

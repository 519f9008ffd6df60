#pragma once
// Numbers that look drawn, each made of its place alone: whoever computes them, in any order and on any
// number of threads, finds the same. SplitMix64 (Steele, Lea and Flood 2014). Never for secrets.

#include <cstdint>

namespace base {

inline constexpr std::uint64_t kMixStep = 0x9e3779b97f4a7c15ull;  // from one place to the next
constexpr std::uint64_t mixed(std::uint64_t place) {
  place += kMixStep;
  place = (place ^ (place >> 30)) * 0xbf58476d1ce4e5b9ull;
  place = (place ^ (place >> 27)) * 0x94d049bb133111ebull;
  return place ^ (place >> 31);
}

}  // namespace base

#include <names/index.h>

#include <cstdint>
#include <cstdlib>

// Two names of whatever bytes, one a line: the laws of a comparison hold, and an index says the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::size_t line = text.find('\n');
  const auto& s = names::speller();
  const names::Name a = s.read(text.substr(0, line));
  const names::Name b = s.read(line == std::string_view::npos ? "" : text.substr(line + 1));
  const double score = s.compare(a, b).score;
  if (!(score >= 0 && score <= 1) || score != s.compare(b, a).score) __builtin_trap();
  if (!a.words.empty() && s.compare(a, a).score != 1) __builtin_trap();
  names::Index index(s);
  index.put(7, {b});
  const auto found = index.find(a);
  if (found.size() != (score >= s.least() ? 1u : 0u)) __builtin_trap();
  if (!found.empty() && found[0].score != score) __builtin_trap();
  return 0;
}

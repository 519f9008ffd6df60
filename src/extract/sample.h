#pragma once
// For tests: files of the shared corpus, and the promise that no length of a sample breaks its reader.

#include "recording.h"

#include <base/handle.h>

#include <gtest/gtest.h>

#include <cstdlib>

namespace extract {

inline std::string corpus(const std::string& file) {
  const char* set = std::getenv("CUSTOS_CORPUS");
  return (set ? std::string(set) : std::string(CUSTOS_SOURCE) + "/../shared/corpus") + "/" + file;
}

#define SAMPLE(VARIABLE, FILE)                                                        \
  if (!base::file_exists(extract::corpus(FILE))) GTEST_SKIP() << "no corpus: " FILE; \
  const std::string VARIABLE = base::read_file(extract::corpus(FILE))

// Reads every beginning of the sample by this reader; what comes back is balanced.
inline void read_truncated(const Reader& reader, std::string_view sample, std::size_t step = 1) {
  const Limits limits;
  for (std::size_t n = 0; n <= sample.size(); n += step) {
    const std::string copy(sample.substr(0, n));  // its own allocation: a step beyond the end is seen
    MemorySource source(copy);
    RecordingSink sink(limits);
    static_cast<void>(reader.read(source, {"sample", reader.types[0], {}, false, limits}, sink));
    ASSERT_TRUE(sink.balanced()) << "at " << n;
  }
}

// All text of the item and of what it holds.
inline std::string all_text(const Recorded& r) {
  std::string t = r.text();
  for (const auto& p : r.parts) t += "\n" + all_text(*p);
  return t;
}

}  // namespace extract

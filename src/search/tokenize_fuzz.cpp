#include "tokenize.h"

#include <base/result.h>

// Words of any bytes follow each other inside the text, and are text themselves.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::size_t last = 0;
  search::each_word(text, [&](const search::Word& w) {
    CHECK(last <= w.begin && w.begin < w.end && w.end <= text.size());
    CHECK(!w.exact.empty() && base::is_utf8(w.exact) && base::is_utf8(w.lower));
    last = w.end;
    return true;
  });
  return 0;
}

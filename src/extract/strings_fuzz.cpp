// Any bytes: the runs must be told, and each must be valid text.
#include "recording.h"

#include <base/text.h>
#include <extract/strings.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  extract::RecordingSink sink(extract::Limits{});
  extract::MemorySource source({reinterpret_cast<const char*>(data), size});
  extract::read_strings(source, sink);
  CHECK(sink.balanced() && base::is_utf8(sink.root.text()));
  return 0;
}

#include <base/result.h>
#include <extract/memory.h>

// The type of any bytes is found, and never empty.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  extract::MemorySource source({reinterpret_cast<const char*>(data), size});
  CHECK(!extract::type_of(source, size % 2 ? "a.csv" : "a.html").empty());
  return 0;
}

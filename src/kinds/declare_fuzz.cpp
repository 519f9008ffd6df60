#include <kinds/kind.h>

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto k = kinds::read_kind(text); !k && k.error().message.empty()) __builtin_trap();
  if (const auto v = kinds::read_vocabulary(text); !v && v.error().message.empty()) __builtin_trap();
  return 0;
}

// Crashes on purpose where an input holds "canary": bench/fuzz --canary must find it.
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view kWord = "canary";
  std::size_t met = 0;
  for (std::size_t i = 0; i < size; ++i) {
    met = data[i] == static_cast<std::uint8_t>(kWord[met]) ? met + 1 : 0;
    // One branch a letter, for the fuzzer to climb.
    switch (met) {
      case 1: asm volatile("nop"); break;
      case 2: asm volatile("nop; nop"); break;
      case 3: asm volatile("nop; nop; nop"); break;
      case 4: asm volatile("nop; nop; nop; nop"); break;
      case 5: asm volatile("nop; nop; nop; nop; nop"); break;
      case 6: std::abort();
      default: break;
    }
  }
  return 0;
}

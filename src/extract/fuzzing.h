#pragma once
// FUZZ_READER(zip) makes x_fuzz.cpp one line: the reader gets the input under tight limits, and must come
// back with a balanced sink. What it finds beyond that, the sanitizers say.

#include "recording.h"

#define FUZZ_READER(READER)                                                                                 \
  extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {                       \
    extract::Limits limits;                                                                                 \
    limits.text_bytes_max = 4 << 20, limits.parts_max = 10'000, limits.parts_bytes_max = 16 << 20;          \
    limits.ratio_floor = 1 << 20, limits.pixels_max = 1'000'000, limits.pages_max = 20;                     \
    extract::RecordingSink sink(limits);                                                                    \
    extract::MemorySource source({reinterpret_cast<const char*>(data), size});                              \
    const std::string passwords[] = {"secret"};                                                             \
    static_cast<void>(                                                                                      \
        extract::READER.read(source, {"input", extract::READER.types[0], passwords, false, limits}, sink)); \
    CHECK(sink.balanced());                                                                                 \
    return 0;                                                                                               \
  }

#pragma once
// The runs of readable characters in bytes that no reader knows: of a program, a memory image, a broken or
// unknown file. On demand only: most of what it finds is noise.

#include <extract/reader.h>

namespace extract {

inline constexpr std::size_t kStringMin = 6;  // characters of a run; fewer are mostly chance

// Tells each run as a line: UTF-8 (ASCII among it), and UTF-16 whose characters are ASCII.
void read_strings(Source& source, Sink& sink);

}  // namespace extract

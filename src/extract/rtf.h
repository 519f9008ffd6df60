#pragma once
// Rich Text Format, also as mail programs keep it.

#include <extract/reader.h>

namespace extract {

// Text, the info group as metadata, pictures and embedded objects as parts.
void read_rtf(std::string_view bytes, const Limits& limits, Sink& sink);

}  // namespace extract

#pragma once
// Rich Text Format, also as mail programs keep it.

#include <extract/reader.h>

namespace extract {

// Text, the info group as metadata, pictures and embedded objects as parts.
void read_rtf(std::string_view bytes, const Limits& limits, Sink& sink);

// Destinations whose content is no text of the document, and those that hold text although they are marked as
// to be passed over.
bool rtf_is_silent(std::string_view word);
bool rtf_speaks(std::string_view word);
unsigned rtf_code_page(int font_charset);  // 0: as the document

}  // namespace extract

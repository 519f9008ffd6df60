#pragma once
// The parts of type_of(): each looks at the head of an item (or at a directory inside it) and names a
// media type, or gives nothing. None of them reads more than a bounded window.

#include "types.h"

#include <extract/reader.h>

namespace extract::sniff {

inline constexpr std::size_t kHeadBytes = 16 << 10;

std::string_view signature(std::string_view head);               // of binary formats, by fixed bytes
std::string_view zip(Source& source);                            // a ZIP by the names of its members
std::string_view ole(Source& source);                            // a compound file by its streams
bool looks_like_text(std::string_view head);                     // in any encoding
std::string_view text(std::string_view head, std::string_view name, bool whole);
bool looks_like_headers(std::string_view head);                  // an RFC 5322 header block at the start
bool looks_like_whatsapp(std::string_view head);

}  // namespace extract::sniff

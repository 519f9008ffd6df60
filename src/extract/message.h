#pragma once
// Reads one Internet message into a sink: mail files, and messages that other formats hold as bytes.

#include <extract/reader.h>

namespace extract {

// The whole: headers as metadata, bodies as text, attachments as parts.
void read_message(std::string_view bytes, const Limits& limits, Sink& sink);
// Only what the headers tell. Returns the subject.
std::string read_message_headers(std::string_view header_block, Sink& sink);

}  // namespace extract

#pragma once
// Mailboxes of the mbox family.

#include <extract/reader.h>

namespace extract {

// Whether a second message follows within the bytes.
bool holds_messages(std::string_view bytes);
base::Status read_mbox(Source& source, const Request& request, Sink& sink);

}  // namespace extract

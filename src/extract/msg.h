#pragma once
// What an Outlook message and its attachments say of themselves: storages of a compound file.

#include "mapi.h"
#include "ole.h"

namespace extract {

// Of a storage, "" for the message itself; `header`: bytes before the fixed properties (32 of a message, 24
// of one within, 8 of an attachment).
mapi::Properties msg_properties(const Ole& ole, std::string_view storage, std::size_t header);

}  // namespace extract

// Rich Text Format: characters, paragraphs, tables, pictures.
#include "charset.h"
#include "typeset_from.h"

#include <base/text.h>

#include <algorithm>
#include <unordered_map>

namespace extract::typeset {

void compose_rtf(std::string_view bytes, const Limits&, Composer& out) { compose_plain(bytes, out); }

}  // namespace extract::typeset

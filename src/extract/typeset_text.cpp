// Text without any look, of readers that give no more.
#include "typeset_from.h"

#include <base/text.h>

namespace extract::typeset {

void compose_plain(std::string_view utf8, Composer& out) {
  out.paragraph = {};
  for (std::size_t from = 0; from < utf8.size() && !out.full();) {
    const std::size_t end = std::min(utf8.find('\n', from), utf8.size());
    std::string_view line = utf8.substr(from, end - from);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.text(line);
    out.end_paragraph(true);
    from = end + 1;
  }
}

}  // namespace extract::typeset

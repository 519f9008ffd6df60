#include "archive_stream.h"
#include "sniff.h"

#include <base/handle.h>
#include <base/text.h>

#include <magic.h>

#include <mutex>

namespace extract {
namespace {

using Magic = base::Handle<std::remove_pointer_t<magic_t>, magic_close>;

// libmagic loads its database once, before the sandbox closes; afterwards it touches no file.
struct Guess {
  std::mutex mutex;
  Magic magic;
};
Guess& guess() {
  static Guess g;
  return g;
}

std::string by_magic(std::string_view head) {
  Guess& g = guess();
  const std::lock_guard lock(g.mutex);
  if (!g.magic) return std::string(types::kUnknown);
  const char* said = magic_buffer(g.magic.get(), head.data(), head.size());
  const std::string_view type = said ? said : "";
  // Text was looked for already, and better; what libmagic calls text here is noise.
  if (type.find('/') == type.npos || type.starts_with("text/")) return std::string(types::kUnknown);
  return std::string(type);
}

// A volume descriptor lies beyond the head.
bool is_iso9660(Source& source) {
  return source.size() > 0x8006 && source.read(0x8001, 5) == "CD001";
}

}  // namespace

void warm_types() {
  Guess& g = guess();
  const std::lock_guard lock(g.mutex);
  if (g.magic) return;
  Magic m(magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF));
  if (m && magic_load(m.get(), nullptr) == 0) g.magic = std::move(m);
}

std::string type_of(Source& source, std::string_view name) {
  if (source.size() == 0) return std::string(types::kEmpty);
  const std::string_view head = source.read(0, sniff::kHeadBytes);
  if (head.empty()) return std::string(types::kUnknown);
  if (const std::string_view t = sniff::signature(head); !t.empty()) {
    if (t == types::kZip) return std::string(sniff::zip(source));
    if (t == types::kOle) return std::string(sniff::ole(source));
    if (t == "application/gzip" && inflate_bytes(head.substr(0, 4096), 1).bytes.starts_with("WARC/"))
      return std::string(types::kWarc);
    return std::string(t);
  }
  if (sniff::looks_like_text(head)) return std::string(sniff::text(head, name, head.size() == source.size()));
  const std::string copy(head);
  if (is_iso9660(source)) return "application/x-iso9660-image";
  return by_magic(copy);
}

}  // namespace extract

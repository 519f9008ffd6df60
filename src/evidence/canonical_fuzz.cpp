#include "canonical.h"

#include <base/json.h>
#include <base/text.h>

// What is accepted is spelled as we would have spelled it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace canonical = evidence::canonical;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(canonical::is_time(text));
  const auto object = canonical::parse_object(text);
  if (!object.ok()) return 0;
  CHECK(base::is_utf8(text));
  std::string again;
  base::JsonWriter out(again);
  out.object();
  for (const auto& [name, value] : *object) {
    if (value.kind == canonical::Value::Kind::other) return 0;
    out.key(name);
    if (value.kind == canonical::Value::Kind::string)
      out.value(value.text);
    else
      out.value(value.integer);
  }
  out.end_object();
  CHECK(again == text);
  return 0;
}

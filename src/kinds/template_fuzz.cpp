#include <kinds/template.h>

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const rights::Policy policy = std::move(*rights::Policy::parse(rights::shipped_policy()));
  static const kinds::Declared declared = std::move(*kinds::Declared::shipped(policy));
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto t = kinds::read_template(declared, text);
  if (!t && t.error().message.empty()) __builtin_trap();
  // What was read once is read again from what is kept of it.
  if (t && !kinds::read_template(declared, boost::json::serialize(t->declaration))) __builtin_trap();
  return 0;
}

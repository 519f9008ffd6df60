#include "charset.h"

#include <base/result.h>

#include <cstdint>

// Any bytes under any declaration give text; decoding in pieces gives what decoding at once gives.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static constexpr std::string_view kDeclared[] = {"",       "utf-8",       "iso-8859-1", "shift_jis",
                                                   "utf-16", "iso-2022-jp", "nonsense",   "gb2312"};
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::string charset = extract::charset_of(bytes, kDeclared[data[0] % 8]);
  CHECK(!charset.empty());
  const std::string whole = extract::decode_as(bytes, charset);
  extract::Decoder decoder(charset);
  std::string pieces;
  const std::size_t cut = data[1] % (bytes.size() + 1);
  decoder.add(bytes.substr(0, cut), false, pieces);
  decoder.add(bytes.substr(cut), true, pieces);
  CHECK(pieces == whole);
  return 0;
}

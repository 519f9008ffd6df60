// Pictures of pages and the loudness of sounds, of any bytes: the first tells which page and width.
#include "recording.h"

#include <extract/show.h>

#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  extract::Limits limits;
  limits.pixels_max = 1'000'000, limits.pages_max = 20;
  extract::MemorySource source({reinterpret_cast<const char*>(data + 1), size - 1});
  const std::string type = extract::type_of(source, "input");
  const extract::Request request{"input", type, {}, false, limits};
  extract::RecordingSink sink(limits);
  const base::Status drawn =
      extract::draw(source, request, 1 + (data[0] & 3), 50u * (1 + (data[0] >> 2)), sink);
  std::size_t pictures = 0;
  for (const auto& [kind, bytes] : sink.root.derived)
    if (kind == extract::kPicture) {
      ++pictures;
      CHECK(bytes.size() > 8);
      std::uint32_t side[2];
      std::memcpy(side, bytes.data(), sizeof side);
      CHECK(side[0] <= extract::kPictureSideMax && side[1] <= extract::kPictureSideMax);
      CHECK(bytes.size() == 8 + std::size_t{side[0]} * side[1] * 3);
    }
  CHECK(pictures == (drawn.ok() ? 1 : 0));
  static_cast<void>(extract::measure(source, request, sink));
  CHECK(sink.balanced());
  return 0;
}

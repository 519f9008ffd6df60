// Headers of picture formats; each walk over segments moves forward, and ends with the bytes.
#include "image_size.h"

#include <base/bytes.h>

#include <algorithm>

namespace extract {
namespace {

using base::load_be;
using base::load_le;
using Found = std::optional<ImageSize>;

Found jpeg(std::string_view b) {
  if (!b.starts_with("\xff\xd8")) return {};
  ImageSize out;
  std::size_t at = 2;
  while (at + 4 <= b.size()) {
    if (b[at] != '\xff') {
      ++at;
      continue;
    }
    const auto mark = static_cast<unsigned char>(b[at + 1]);
    if (mark == 0xff || mark == 0 || mark == 1 || (mark >= 0xd0 && mark <= 0xd8)) {
      at += mark == 0xff ? 1 : 2;
      continue;
    }
    if (mark == 0xd9) break;
    const std::size_t n = load_be<std::uint16_t>(b.data() + at + 2);
    if (n < 2) break;
    const std::string_view body = b.substr(at + 4, n - 2);
    if (mark == 0xe0 && body.size() >= 12 && body.starts_with("JFIF")) {
      const std::uint32_t density = load_be<std::uint16_t>(body.data() + 8);
      out.dpi = body[7] == 1 ? density : body[7] == 2 ? density * 254 / 100 : 0;
    }
    if (mark >= 0xc0 && mark <= 0xcf && mark != 0xc4 && mark != 0xc8 && mark != 0xcc && body.size() >= 5) {
      out.height = load_be<std::uint16_t>(body.data() + 1);
      out.width = load_be<std::uint16_t>(body.data() + 3);
      out.cut = b.rfind("\xff\xd9") == std::string_view::npos || b.rfind("\xff\xd9") < at;
      return out;
    }
    at += 2 + n;
  }
  return {};
}

Found png(std::string_view b) {
  if (b.size() < 24 || !b.starts_with("\x89PNG\r\n\x1a\n") || b.substr(12, 4) != "IHDR") return {};
  ImageSize out{load_be<std::uint32_t>(b.data() + 16), load_be<std::uint32_t>(b.data() + 20), 0, 1, true};
  for (std::size_t at = 8; at + 8 <= b.size();) {
    const std::size_t n = load_be<std::uint32_t>(b.data() + at);
    const std::string_view kind = b.substr(at + 4, 4);
    if (kind == "pHYs" && at + 17 <= b.size() && b[at + 16] == 1)
      out.dpi =
          static_cast<std::uint32_t>(load_be<std::uint32_t>(b.data() + at + 8) * std::uint64_t{254} / 10000);
    if (kind == "IEND") {
      out.cut = at + 12 > b.size();
      break;
    }
    if (n > b.size() - at - 8) break;
    at += 12 + n;
  }
  return out;
}

Found gif(std::string_view b) {
  if (b.size() < 13 || !(b.starts_with("GIF87a") || b.starts_with("GIF89a"))) return {};
  ImageSize out{load_le<std::uint16_t>(b.data() + 6), load_le<std::uint16_t>(b.data() + 8), 0, 0, true};
  const auto colours = [](char packed) { return packed & 0x80 ? std::size_t{3} << ((packed & 7) + 1) : 0; };
  std::size_t at = 13 + colours(b[10]);
  const auto pass_blocks = [&] {
    while (at < b.size() && b[at] != 0) at += 1u + static_cast<unsigned char>(b[at]);
    ++at;
  };
  while (at < b.size()) {
    const char kind = b[at];
    if (kind == ';') {
      out.cut = false;
      break;
    }
    if (kind == '!') {
      at += 2;
    } else if (kind == ',' && at + 10 <= b.size()) {
      ++out.frames;
      at += 10 + colours(b[at + 9]) + 1;
    } else {
      break;
    }
    pass_blocks();
  }
  out.frames = std::max<std::uint64_t>(out.frames, 1);
  return out;
}

Found bmp(std::string_view b) {
  if (b.size() < 26 || !b.starts_with("BM")) return {};
  ImageSize out;
  if (load_le<std::uint32_t>(b.data() + 14) == 12) {
    out.width = load_le<std::uint16_t>(b.data() + 18), out.height = load_le<std::uint16_t>(b.data() + 20);
  } else {
    const auto size = [&](std::size_t at) {
      const std::int64_t v = load_le<std::int32_t>(b.data() + at);
      return static_cast<std::uint64_t>(v < 0 ? -v : v);
    };
    out.width = size(18), out.height = size(22);
    if (b.size() >= 42)
      out.dpi =
          static_cast<std::uint32_t>(load_le<std::uint32_t>(b.data() + 38) * std::uint64_t{254} / 10000);
  }
  out.cut = load_le<std::uint32_t>(b.data() + 2) > b.size();
  return out;
}

Found webp(std::string_view b) {
  if (b.size() < 30 || !b.starts_with("RIFF") || b.substr(8, 4) != "WEBP") return {};
  ImageSize out;
  const auto byte = [&](std::size_t at) { return std::uint64_t{static_cast<unsigned char>(b[at])}; };
  const std::string_view kind = b.substr(12, 4);
  if (kind == "VP8X") {
    out.width = 1 + (byte(24) | byte(25) << 8 | byte(26) << 16);
    out.height = 1 + (byte(27) | byte(28) << 8 | byte(29) << 16);
  } else if (kind == "VP8L") {
    const auto bits = load_le<std::uint32_t>(b.data() + 21);
    out.width = 1 + (bits & 0x3fff), out.height = 1 + (bits >> 14 & 0x3fff);
  } else if (kind == "VP8 ") {
    out.width = load_le<std::uint16_t>(b.data() + 26) & 0x3fffu;
    out.height = load_le<std::uint16_t>(b.data() + 28) & 0x3fffu;
  } else {
    return {};
  }
  out.cut = load_le<std::uint32_t>(b.data() + 4) > b.size() - 8;
  return out;
}

Found anymap(std::string_view b) {
  if (b.size() < 7 || b[0] != 'P' || b[1] < '1' || b[1] > '6') return {};
  std::size_t at = 2;
  const auto number = [&] {
    while (at < b.size() &&
           (b[at] == '#' || b[at] == ' ' || b[at] == '\n' || b[at] == '\t' || b[at] == '\r')) {
      if (b[at] == '#')
        while (at < b.size() && b[at] != '\n') ++at;
      else ++at;
    }
    std::uint64_t v = 0;
    for (; at < b.size() && b[at] >= '0' && b[at] <= '9'; ++at)
      v = std::min<std::uint64_t>(v * 10 + static_cast<unsigned>(b[at] - '0'), 1ull << 40);
    return v;
  };
  ImageSize out;
  out.width = number(), out.height = number();
  return out;
}

Found psd(std::string_view b) {
  if (b.size() < 26 || !b.starts_with("8BPS")) return {};
  return ImageSize{load_be<std::uint32_t>(b.data() + 18), load_be<std::uint32_t>(b.data() + 14)};
}

}  // namespace

std::optional<ImageSize> image_size(std::string_view type, std::string_view b) {
  if (type == "image/jpeg") return jpeg(b);
  if (type == "image/png") return png(b);
  if (type == "image/gif") return gif(b);
  if (type == "image/bmp") return bmp(b);
  if (type == "image/webp") return webp(b);
  if (type.starts_with("image/x-portable")) return anymap(b);
  if (type == "image/vnd.adobe.photoshop") return psd(b);
  return {};
}

}  // namespace extract

#pragma once
// For tests and fuzzing: a ZIP of members as they are, which costs nothing to make.

#include <base/bytes.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>
#include <zlib.h>

namespace extract {

inline std::string stored_zip(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string out, directory;
  for (const auto& [name, bytes] : members) {
    const auto crc = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const auto at = static_cast<std::uint32_t>(out.size());
    std::string head;  // what both headers have
    for (const std::uint16_t v : {20, 0, 0, 0, 0x21}) base::append_le<std::uint16_t>(head, v);
    for (const std::uint32_t v : {crc, size, size}) base::append_le<std::uint32_t>(head, v);
    base::append_le<std::uint16_t>(head, static_cast<std::uint16_t>(name.size()));
    base::append_le<std::uint16_t>(head, 0);
    out += "PK\3\4" + head + name + bytes;
    directory += std::string("PK\1\2") + std::string("\x14\0", 2) + head;
    for (int k = 0; k < 3; ++k) base::append_le<std::uint16_t>(directory, 0);
    base::append_le<std::uint32_t>(directory, 0);
    base::append_le<std::uint32_t>(directory, at);
    directory += name;
  }
  const auto start = static_cast<std::uint32_t>(out.size());
  out += directory + std::string("PK\5\6\0\0\0\0", 8);
  for (int k = 0; k < 2; ++k) base::append_le<std::uint16_t>(out, static_cast<std::uint16_t>(members.size()));
  base::append_le<std::uint32_t>(out, static_cast<std::uint32_t>(directory.size()));
  base::append_le<std::uint32_t>(out, start);
  base::append_le<std::uint16_t>(out, 0);
  return out;
}

}  // namespace extract

#include "zip_package.h"

#include "under_password.h"

#include <base/bytes.h>
#include <base/text.h>
#include <extract/memory.h>

#include <zlib.h>

#include <algorithm>

namespace extract {
namespace {

using namespace std::string_view_literals;
using base::load_le;

constexpr std::uint64_t kDirectoryBytes = 64 << 20;
constexpr std::size_t kMembers = 200'000;

struct End {
  std::uint64_t at = 0, entries = 0, bytes = 0, offset = 0;
};

std::optional<End> find_end(Source& source) {
  const std::uint64_t size = source.size(), from = size > 66'000 ? size - 66'000 : 0;
  const std::string tail(source.read(from, static_cast<std::size_t>(size - from)));
  for (std::size_t k = tail.rfind("PK\5\6"); k != tail.npos;
       k = k ? tail.rfind("PK\5\6", k - 1) : tail.npos) {
    if (tail.size() - k < 22) continue;
    End e{from + k, load_le<std::uint16_t>(&tail[k + 10]), load_le<std::uint32_t>(&tail[k + 12]),
          load_le<std::uint32_t>(&tail[k + 16])};
    if (k >= 20 && tail.compare(k - 20, 4, "PK\6\7") == 0) {
      const auto at = load_le<std::uint64_t>(&tail[k - 12]);
      const std::string_view z = source.read(at, 56);
      if (z.size() == 56 && z.starts_with("PK\6\6"))
        e = {at, load_le<std::uint64_t>(&z[32]), load_le<std::uint64_t>(&z[40]),
             load_le<std::uint64_t>(&z[48])};
    }
    return e;
  }
  return {};
}

std::string plain_name(std::string_view name) {
  std::string n = base::lower_ascii(name);
  std::replace(n.begin(), n.end(), '\\', '/');
  return n.substr(std::min(n.find_first_not_of('/'), n.size()));
}

// Sizes that do not fit 32 bits stand in an extra field.
void zip64(std::string_view extra, ZipPackage::Member& m) {
  base::Cursor c(extra);
  while (c.ok() && c.left() >= 4) {
    const auto id = c.le<std::uint16_t>();
    base::Cursor f(c.take(c.le<std::uint16_t>()));
    if (!c.ok() || id != 1) continue;
    if (m.size == 0xFFFFFFFF) m.size = f.le<std::uint64_t>();
    if (m.packed == 0xFFFFFFFF) m.packed = f.le<std::uint64_t>();
    if (m.offset == 0xFFFFFFFF) m.offset = f.le<std::uint64_t>();
    return;
  }
}

}  // namespace

base::Result<ZipPackage> ZipPackage::open(Source& source, const Limits& limits) {
  ZipPackage z(source, limits);
  const auto end = find_end(source);
  if (!end) return base::Error{base::Refusal::damaged, "the ZIP directory is missing"};
  if (end->bytes > kDirectoryBytes) return base::Error{base::Refusal::exhausted, "ZIP directory"};
  std::uint64_t start = end->offset, shift = 0;
  if (start + end->bytes != end->at && end->bytes <= end->at)
    shift = end->at - end->bytes - start, start += shift;
  const std::string directory(source.read(start, static_cast<std::size_t>(end->bytes)));
  std::size_t at = 0;
  std::uint64_t total = 0;
  while (directory.size() - at >= 46 && directory.compare(at, 4, "PK\1\2") == 0 &&
         z.members_.size() < kMembers) {
    const char* h = &directory[at];
    const std::size_t name = load_le<std::uint16_t>(h + 28), extra = load_le<std::uint16_t>(h + 30),
                      comment = load_le<std::uint16_t>(h + 32);
    if (directory.size() - at < 46 + name + extra) break;
    Member m;
    m.name = directory.substr(at + 46, name);
    m.flags = load_le<std::uint16_t>(h + 8), m.method = load_le<std::uint16_t>(h + 10),
    m.crc = load_le<std::uint32_t>(h + 16);
    m.packed = load_le<std::uint32_t>(h + 20), m.size = load_le<std::uint32_t>(h + 24),
    m.offset = load_le<std::uint32_t>(h + 42);
    zip64(std::string_view(directory).substr(at + 46 + name, extra), m);
    m.offset += shift;
    total += m.packed;
    z.by_name_.try_emplace(plain_name(m.name), z.members_.size());
    z.members_.push_back(std::move(m));
    at += 46 + name + extra + comment;
    if (at > directory.size()) break;
  }
  if (z.members_.empty()) return base::Error{base::Refusal::damaged, "the ZIP directory is empty"};
  // Members that overlap are how small files expand without end.
  if (total > source.size()) return base::Error{base::Refusal::damaged, "members of the ZIP overlap"};
  return z;
}

const ZipPackage::Member* ZipPackage::find(std::string_view name) const {
  const auto it = by_name_.find(plain_name(name));
  return it == by_name_.end() ? nullptr : &members_[it->second];
}

ZipPackage::Unpacked ZipPackage::fails(Unpacked u, Reason r, std::string_view detail) {
  u.trouble = r, u.detail = detail;
  return u;
}

ZipPackage::Unpacked ZipPackage::inflated(Source& source, std::uint64_t start, std::uint64_t packed,
                                          std::uint64_t size) const {
  Unpacked u;
  const std::uint64_t most =
      std::min(limits_->whole_bytes_max, std::max(limits_->ratio_floor, packed * limits_->ratio_max));
  z_stream z{};
  if (inflateInit2(&z, -15) != Z_OK) return fails({}, Reason::internal, "zlib");
  u.bytes.reserve(static_cast<std::size_t>(std::min<std::uint64_t>({size, most, 16 << 20})) + 1);
  std::string buffer(64 << 10, '\0');
  int state = Z_OK;
  for (std::uint64_t done = 0; state == Z_OK && done < packed;) {
    std::string_view in =
        source.read(start + done, static_cast<std::size_t>(std::min<std::uint64_t>(packed - done, 1 << 20)));
    if (in.empty()) break;
    done += in.size();
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));
    z.avail_in = static_cast<uInt>(in.size());
    do {
      z.next_out = reinterpret_cast<Bytef*>(buffer.data());
      z.avail_out = static_cast<uInt>(buffer.size());
      state = inflate(&z, Z_NO_FLUSH);
      u.bytes.append(buffer, 0, buffer.size() - z.avail_out);
      if (u.bytes.size() > most) {
        inflateEnd(&z);
        return fails(std::move(u), most == limits_->whole_bytes_max ? Reason::too_large : Reason::bomb,
                     "ZIP member");
      }
    } while (state == Z_OK && z.avail_out == 0);
    if (state == Z_BUF_ERROR) state = Z_OK;
  }
  inflateEnd(&z);
  if (state != Z_STREAM_END)
    return fails(std::move(u), state == Z_OK ? Reason::truncated : Reason::damaged, "ZIP member");
  return u;
}

std::optional<std::uint64_t> ZipPackage::start_of(const Member& m) const {
  const std::string_view h = source_->read(m.offset, 30);
  if (h.size() < 30 || !h.starts_with("PK\3\4")) return {};
  return m.offset + 30 + load_le<std::uint16_t>(&h[26]) + load_le<std::uint16_t>(&h[28]);
}

std::string ZipPackage::packed(const Member& m) const {
  const auto start = start_of(m);
  if (!start || m.packed > limits_->whole_bytes_max) return {};
  return std::string(source_->read(*start, static_cast<std::size_t>(m.packed)));
}

ZipPackage::Unpacked ZipPackage::unpack(const Member& m) const {
  if (m.encrypted()) return fails({}, Reason::encrypted, "ZIP member");
  const auto start = start_of(m);
  if (!start) return fails({}, Reason::damaged, "ZIP member without its header");
  if (m.method == 0) {
    if (m.packed > limits_->whole_bytes_max) return fails({}, Reason::too_large, "ZIP member");
    Unpacked u;
    u.bytes = source_->read(*start, static_cast<std::size_t>(m.packed));
    if (u.bytes.size() < m.packed) return fails(std::move(u), Reason::truncated, "ZIP member");
    if (!seal_ || !seal_->sealed(m.name)) return u;
    const auto opened = seal_->open(m.name, u.bytes);
    if (!opened) return fails({}, Reason::encrypted, "member");
    MemorySource source(*opened);
    return inflated(source, 0, opened->size(), opened->size());
  }
  if (m.method != 8) return fails({}, Reason::unsupported, "compression of a ZIP member");
  Unpacked u = inflated(*source_, *start, m.packed, m.size);
  if (u.trouble) return u;
  const auto crc =
      crc32(0, reinterpret_cast<const Bytef*>(u.bytes.data()), static_cast<uInt>(u.bytes.size()));
  if (crc != m.crc) return fails(std::move(u), Reason::damaged, "checksum of a ZIP member");
  return u;
}

std::optional<std::string> ZipPackage::read(const Member& member, Sink& sink) const {
  if (read_bytes_ > 4 * limits_->whole_bytes_max) {
    sink.finding(Reason::too_large, "members of the ZIP together");
    return {};
  }
  Unpacked u = unpack(member);
  read_bytes_ += u.bytes.size();
  if (u.trouble) sink.finding(*u.trouble, std::string(u.detail) + " " + member.name);
  if (u.trouble && u.bytes.empty()) return {};
  return std::move(u.bytes);
}

std::optional<std::string> ZipPackage::read(std::string_view name, Sink& sink) const {
  const Member* m = find(name);
  if (!m) return {};
  return read(*m, sink);
}

bool ZipPackage::give(const Member& member, const PartInfo& info, Sink& sink) const {
  const Unpacked u = unpack(member);
  if (u.trouble && u.bytes.empty()) {
    sink.lost_part(info, *u.trouble, u.detail);
    return true;
  }
  if (!sink.begin_part(info)) return false;
  sink.part_bytes(u.bytes);
  if (u.trouble)
    sink.fail_part(*u.trouble, u.detail);
  else
    sink.end_part();
  return true;
}

}  // namespace extract

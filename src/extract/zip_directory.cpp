// Zip's own list of its members [APPNOTE 4.3.12 to 4.3.16], every length checked against the bytes there are.
#include "zip_directory.h"

#include <base/bytes.h>
#include <base/text.h>

#include <algorithm>
#include <numeric>
#include <unicode/ucnv.h>

namespace extract {
namespace {

using base::load_le;

// The library gives names of Windows with slashes: both spellings are one name.
std::uint32_t hash_of(std::string_view s) {
  std::uint32_t h = 2166136261u;
  for (const char c : s) h = (h ^ static_cast<unsigned char>(c == '\\' ? '/' : c)) * 16777619u;
  return h;
}

constexpr std::size_t kEndRecord = 22, kEntry = 46, kLocal = 30;

// Sizes and offset that do not fit 32 bits stand in the extra field 1.
void widen(ZipMember& m, std::string_view extra) {
  base::Cursor c(extra);
  while (c.ok() && c.left() >= 4) {
    const auto id = c.le<std::uint16_t>();
    const auto n = c.le<std::uint16_t>();
    base::Cursor field(c.take(n));
    if (id != 1) continue;
    if (m.bytes == 0xffffffff) m.bytes = field.le<std::uint64_t>();
    if (m.packed_bytes == 0xffffffff) m.packed_bytes = field.le<std::uint64_t>();
    if (m.offset == 0xffffffff) m.offset = field.le<std::uint64_t>();
    return;
  }
}

}  // namespace

ZipDirectory::ZipDirectory(Source& source, const Limits& limits) {
  const std::uint64_t size = source.size();
  if (size < kEndRecord) return;
  const std::uint64_t tail_at = size - std::min<std::uint64_t>(size, 65535 + kEndRecord);
  const std::string tail(source.read(tail_at, static_cast<std::size_t>(size - tail_at)));
  if (tail.size() < kEndRecord) return;
  for (std::size_t i = tail.size() - kEndRecord + 1; i-- > 0;) {
    if (tail.compare(i, 4, "PK\5\6") != 0) continue;
    const char* p = tail.data() + i;
    claimed_ = load_le<std::uint16_t>(p + 10);
    std::uint64_t bytes = load_le<std::uint32_t>(p + 12), offset = load_le<std::uint32_t>(p + 16);
    std::uint64_t end = tail_at + i;
    comment_ = tail.substr(i + kEndRecord, load_le<std::uint16_t>(p + 20));
    if (i >= 20 && tail.compare(i - 20, 4, "PK\6\7") == 0) {
      const auto at = load_le<std::uint64_t>(p - 20 + 8);
      const std::string wide(source.read(at, 56));
      if (wide.size() == 56 && wide.compare(0, 4, "PK\6\6") == 0) {
        claimed_ = load_le<std::uint64_t>(wide.data() + 32);
        bytes = load_le<std::uint64_t>(wide.data() + 40);
        offset = load_le<std::uint64_t>(wide.data() + 48);
        end = at;
      }
    }
    // Bytes may stand before the archive (a program that unpacks itself): all offsets are moved by as much.
    if (bytes > end || offset > end - bytes) {
      cut_ = true;
      continue;
    }
    found_ = true;
    cut_ = false;
    read_members(source, end - bytes, end, end - bytes - offset, limits);
    mark_overlaps();
    return;
  }
}

void ZipDirectory::read_members(Source& source, std::uint64_t at, std::uint64_t end, std::uint64_t shift,
                                const Limits& limits) {
  members_.reserve(
      static_cast<std::size_t>(std::min({claimed_, (end - at) / kEntry, std::uint64_t{1} << 22})));
  std::string window;
  std::size_t used = 0;
  while (at < end && members_.size() < limits.parts_max) {
    // One entry is at most 46 + 3 * 65535 bytes.
    if (window.size() - used < 256 * 1024) {
      window.assign(source.read(at, static_cast<std::size_t>(std::min<std::uint64_t>(end - at, 1 << 20))));
      used = 0;
    }
    if (window.size() - used < kEntry || window.compare(used, 4, "PK\1\2") != 0) break;
    const char* p = window.data() + used;
    ZipMember m;
    m.encrypted = load_le<std::uint16_t>(p + 8) & 1;
    m.method = load_le<std::uint16_t>(p + 10);
    m.packed_bytes = load_le<std::uint32_t>(p + 20);
    m.bytes = load_le<std::uint32_t>(p + 24);
    m.name_bytes = load_le<std::uint16_t>(p + 28);
    const std::size_t extra = load_le<std::uint16_t>(p + 30), comment = load_le<std::uint16_t>(p + 32);
    m.offset = load_le<std::uint32_t>(p + 42);
    const std::size_t whole = kEntry + m.name_bytes + extra + comment;
    if (whole > window.size() - used) break;
    const std::string_view name(p + kEntry, m.name_bytes);
    widen(m, {p + kEntry + m.name_bytes, extra});
    m.offset += shift;
    m.name_at = at + kEntry;
    m.name_hash = hash_of(name);
    m.folder = name.ends_with('/');
    folders_ += m.folder;
    by_name_.emplace_back(m.name_hash, static_cast<std::uint32_t>(members_.size()));
    members_.push_back(m);
    used += whole;
    at += whole;
  }
  cut_ = members_.size() < claimed_;
  std::sort(by_name_.begin(), by_name_.end());
  next_.resize(by_name_.size() + 1);
  std::iota(next_.begin(), next_.end(), 0u);
}

void ZipDirectory::mark_overlaps() {
  std::vector<std::uint32_t> order(members_.size());
  std::iota(order.begin(), order.end(), 0u);
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return members_[a].offset < members_[b].offset; });
  std::uint64_t end = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    ZipMember& m = members_[order[i]];
    if (m.folder && m.packed_bytes == 0) continue;
    if (m.offset < end) m.overlaps = true;
    end = std::max(end, m.offset + kLocal + m.name_bytes + m.packed_bytes);
  }
}

ZipMember* ZipDirectory::meet(std::string_view name) {
  const std::uint32_t hash = hash_of(name);
  const auto first = std::lower_bound(by_name_.begin(), by_name_.end(), std::pair{hash, 0u});
  // A million members of one name must not cost a million steps each: those met are jumped over.
  auto at = static_cast<std::uint32_t>(first - by_name_.begin());
  while (next_[at] != at) at = next_[at] = next_[next_[at]];
  if (at >= by_name_.size() || by_name_[at].first != hash) return nullptr;
  next_[at] = at + 1;
  ZipMember& m = members_[by_name_[at].second];
  m.met = true;
  return &m;
}

std::string ZipDirectory::name_of(Source& source, const ZipMember& m) const {
  return std::string(source.read(m.name_at, m.name_bytes));
}

std::string zip_name(std::string_view bytes) {
  if (base::is_utf8(bytes)) return std::string(bytes);
  std::size_t russian = 0, high = 0;
  for (const char c : bytes) {
    const auto b = static_cast<unsigned char>(c);
    high += b >= 0x80;
    russian += (b >= 0x80 && b <= 0xaf) || (b >= 0xe0 && b <= 0xf1);
  }
  UErrorCode error = U_ZERO_ERROR;
  UConverter* converter = ucnv_open(russian == high && high >= 3 ? "ibm-866" : "ibm-437", &error);
  if (U_FAILURE(error)) return base::name_as_text(bytes);
  std::u16string wide(bytes.size() * 2 + 16, u'\0');
  const int n = ucnv_toUChars(converter, wide.data(), static_cast<int>(wide.size()), bytes.data(),
                              static_cast<int>(bytes.size()), &error);
  ucnv_close(converter);
  if (U_FAILURE(error)) return base::name_as_text(bytes);
  std::string out;
  for (int i = 0; i < n; ++i) base::append_utf8(out, wide[static_cast<std::size_t>(i)]);
  return out;
}

}  // namespace extract

#include "ole.h"

#include "charset.h"

#include <base/bytes.h>
#include <base/text.h>

#include <algorithm>

namespace extract {
namespace {

using base::load_le;

constexpr std::uint32_t kLast = 0xFFFFFFF0;  // this and beyond: no sector
constexpr std::size_t kEntries = 200'000, kFatSectors = 1 << 17;

std::vector<std::uint32_t> numbers(std::string_view bytes) {
  std::vector<std::uint32_t> out(bytes.size() / 4);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = load_le<std::uint32_t>(&bytes[4 * i]);
  return out;
}

}  // namespace

base::Result<Ole> Ole::open(Source& source, const Limits& limits) {
  Ole ole(source, limits);
  const std::string h(source.read(0, 512));
  if (h.size() < 512 || !h.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"))
    return base::Error{base::Refusal::damaged, "no compound file"};
  ole.shift_ = load_le<std::uint16_t>(&h[30]), ole.mini_shift_ = load_le<std::uint16_t>(&h[32]);
  if ((ole.shift_ != 9 && ole.shift_ != 12) || ole.mini_shift_ != 6)
    return base::Error{base::Refusal::damaged, "sector size of the compound file"};
  ole.mini_cutoff_ = load_le<std::uint32_t>(&h[56]);
  if (ole.mini_cutoff_ != 4096) ole.mini_cutoff_ = 4096, ole.broken_ = true;
  if (!ole.load_fat(h)) return base::Error{base::Refusal::damaged, "allocation table of the compound file"};
  ole.load_directory(load_le<std::uint32_t>(&h[48]));
  if (ole.entries_.empty()) return base::Error{base::Refusal::damaged, "directory of the compound file"};
  const std::uint64_t minis = load_le<std::uint32_t>(&h[64]);
  ole.mini_fat_ = numbers(ole.chain(load_le<std::uint32_t>(&h[60]), minis << ole.shift_));
  ole.mini_ = ole.chain(ole.entries_[0].start, ole.entries_[0].size);
  return ole;
}

bool Ole::load_fat(std::string_view h) {
  const std::size_t per_sector = (std::size_t{1} << shift_) / 4;
  const std::uint64_t sectors = source_->size() >> shift_;
  std::vector<std::uint32_t> where;
  for (std::size_t i = 0; i < 109; ++i) {
    const auto s = load_le<std::uint32_t>(&h[76 + 4 * i]);
    if (s < kLast) where.push_back(s);
  }
  std::uint32_t next = load_le<std::uint32_t>(&h[68]);
  for (std::size_t i = 0;
       next < kLast && i < kFatSectors && where.size() < kFatSectors && i <= sectors / per_sector + 1; ++i) {
    const std::vector<std::uint32_t> more =
        numbers(source_->read((next + 1ull) << shift_, std::size_t{1} << shift_));
    if (more.size() < per_sector) {
      broken_ = true;
      break;
    }
    for (std::size_t k = 0; k + 1 < per_sector; ++k)
      if (more[k] < kLast) where.push_back(more[k]);
    next = more.back();
  }
  // No more of the table than the file has sectors to speak of.
  for (const std::uint32_t s : where) {
    if (fat_.size() > sectors + per_sector) break;
    const std::vector<std::uint32_t> part =
        numbers(source_->read((s + 1ull) << shift_, std::size_t{1} << shift_));
    fat_.insert(fat_.end(), part.begin(), part.end());
    broken_ |= part.size() < per_sector;
    fat_.resize((fat_.size() + per_sector - 1) / per_sector * per_sector, kLast);
  }
  return !fat_.empty();
}

std::string Ole::chain(std::uint32_t start, std::uint64_t bytes) const {
  std::string out;
  const std::size_t sector = std::size_t{1} << shift_;
  bytes = std::min({bytes, source_->size() + sector, limits_->whole_bytes_max});
  std::uint32_t at = start;
  while (at < kLast && out.size() < bytes) {
    // Sectors that lie in a row are read at once.
    std::uint32_t run = 1;
    std::uint32_t next = at < fat_.size() ? fat_[at] : kLast;
    while (next == at + run && out.size() + run * std::uint64_t{sector} < bytes && run < 4096) {
      ++run;
      next = next < fat_.size() ? fat_[next] : kLast;
    }
    const std::string_view got = source_->read((at + 1ull) << shift_, run * sector);
    if (got.empty()) break;
    out += got;
    if (got.size() < run * sector) break;
    at = next;
  }
  if (out.size() > bytes) out.resize(static_cast<std::size_t>(bytes));
  return out;
}

void Ole::load_directory(std::uint32_t start) {
  const std::string d = chain(start, std::min<std::uint64_t>(source_->size(), kEntries * 128));
  std::vector<std::uint32_t> left, right, child;
  for (std::size_t at = 0; at + 128 <= d.size(); at += 128) {
    const char* e = &d[at];
    Entry entry;
    const std::size_t n = std::min<std::size_t>(load_le<std::uint16_t>(e + 64), 64);
    entry.name = from_utf16le(std::string_view(e, n >= 2 ? n - 2 : 0));
    entry.kind = static_cast<std::uint8_t>(e[66]);
    entry.start = load_le<std::uint32_t>(e + 116);
    entry.size = shift_ == 9 ? load_le<std::uint32_t>(e + 120) : load_le<std::uint64_t>(e + 120);
    left.push_back(load_le<std::uint32_t>(e + 68)), right.push_back(load_le<std::uint32_t>(e + 72));
    child.push_back(load_le<std::uint32_t>(e + 76));
    entries_.push_back(std::move(entry));
  }
  if (entries_.empty()) return;
  entries_[0].kind = 5;
  // Siblings form a tree under each storage; an entry met twice is a loop.
  std::vector<bool> met(entries_.size(), false);
  met[0] = true;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> ahead{{child[0], 0}};
  std::uint64_t path_bytes = 0;
  while (!ahead.empty()) {
    const auto [i, parent] = ahead.back();
    ahead.pop_back();
    if (i >= entries_.size()) continue;
    if (met[i]) {
      broken_ = true;
      continue;
    }
    met[i] = true;
    Entry& e = entries_[i];
    e.parent = parent;
    e.path = parent ? entries_[parent].path + "/" + e.name : e.name;
    if ((path_bytes += e.path.size()) > (32 << 20)) {
      broken_ = true;
      break;
    }
    ahead.emplace_back(left[i], parent), ahead.emplace_back(right[i], parent);
    if (e.kind == 1) ahead.emplace_back(child[i], i);
  }
  for (std::size_t i = 1; i < entries_.size(); ++i)
    if (!met[i]) entries_[i].kind = 0;
}

const Ole::Entry* Ole::find(std::string_view path) const {
  if (path.empty()) return &entries_[0];
  for (const Entry& e : entries_)
    if (e.kind == 1 || e.kind == 2)
      if (base::iequals_ascii(e.path, path)) return &e;
  return nullptr;
}

std::string Ole::read(const Entry& e, std::uint64_t most) const {
  const std::uint64_t size = std::min(e.size, most);
  if (e.size >= mini_cutoff_) return chain(e.start, size);
  std::string out;
  std::uint32_t at = e.start;
  while (at < kLast && out.size() < size) {
    const std::size_t from = static_cast<std::size_t>(at) << mini_shift_;
    if (from >= mini_.size()) break;
    out.append(
        mini_, from,
        std::min<std::size_t>(static_cast<std::size_t>(size) - out.size(), std::size_t{1} << mini_shift_));
    at = at < mini_fat_.size() ? mini_fat_[at] : kLast;
  }
  return out;
}

std::optional<std::string> Ole::read(std::string_view path) const {
  const Entry* e = find(path);
  if (!e || e->kind != 2) return {};
  return read(*e);
}

std::vector<const Ole::Entry*> Ole::below(std::string_view storage) const {
  std::vector<const Entry*> out;
  const Entry* s = find(storage);
  if (!s || !s->storage()) return out;
  const auto index = static_cast<std::uint32_t>(s - entries_.data());
  for (const Entry& e : entries_)
    if ((e.kind == 1 || e.kind == 2) && e.parent == index) out.push_back(&e);
  return out;
}

}  // namespace extract

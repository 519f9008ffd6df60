#include "charset.h"
#include "dates.h"
#include "ole.h"

#include <base/bytes.h>
#include <base/text.h>

#include <algorithm>

namespace extract {
namespace {

using base::load_le;

struct Key {
  std::uint32_t id;
  std::string_view key;
};
constexpr Key kSummary[] = {{2, "title"},           {3, "x.subject"},      {4, "author"},
                            {5, "keywords"},        {6, "comment"},        {7, "x.template"},
                            {8, "x.last_saved_by"}, {9, "x.revision"},     {11, "x.last_printed"},
                            {12, "date.created"},   {13, "date.modified"}, {14, "pages"},
                            {18, "software"}};
constexpr Key kDocument[] = {{2, "category"}, {14, "manager"}, {15, "company"}};

// The value at the start of `v` as text, by its type; "" for those that are no text.
std::string value_text(std::string_view v, std::string_view charset) {
  base::Cursor c(v);
  const auto type = c.le<std::uint32_t>() & 0xFFFF;
  switch (type) {
    case 2: return std::to_string(c.le<std::int16_t>());
    case 3: return std::to_string(c.le<std::int32_t>());
    case 30: {
      std::string_view s = c.take(std::min<std::size_t>(c.le<std::uint32_t>(), c.left()));
      if (charset == "utf-16le") return from_utf16le(s.substr(0, s.size() & ~std::size_t{1}));
      s = s.substr(0, s.find('\0'));
      return charset.empty() ? decode(s).text : decode_as(s, charset);
    }
    case 31: {
      const std::size_t n = std::min<std::size_t>(c.le<std::uint32_t>() * std::size_t{2}, c.left());
      return from_utf16le(c.take(n & ~std::size_t{1}));
    }
    case 64: return filetime_date(c.le<std::uint64_t>());
    default: return {};
  }
}

void tell_set(std::string_view bytes, std::span<const Key> keys, Sink& sink) {
  base::Cursor header(bytes);
  header.take(44);
  const auto at = header.le<std::uint32_t>();
  if (!header.ok() || at >= bytes.size()) return;
  const std::string_view set = bytes.substr(at);
  base::Cursor c(set);
  c.le<std::uint32_t>();
  const auto count = std::min<std::uint32_t>(c.le<std::uint32_t>(), 1000);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> places;
  std::string charset;
  for (std::uint32_t i = 0; i < count && c.ok(); ++i) {
    const auto id = c.le<std::uint32_t>(), where = c.le<std::uint32_t>();
    if (!c.ok() || where + 8ull > set.size()) continue;
    if (id == 1) charset = charset_of_code_page(load_le<std::uint16_t>(&set[where + 4]));
    else places.emplace_back(id, where);
  }
  for (const auto& [id, where] : places)
    for (const Key& k : keys) {
      if (k.id != id) continue;
      std::string v = value_text(set.substr(where), charset);
      while (!v.empty() && v.back() == '\0') v.pop_back();
      v = std::string(base::trim(v.substr(0, v.find('\0'))));
      if (v.empty() || (k.key == "pages" && v == "0")) continue;
      sink.meta(k.key, base::cut(v, 4096));
    }
}

void put_sector_aligned(std::string& out, std::string_view bytes, std::size_t sector) {
  out += bytes;
  out.resize((out.size() + sector - 1) / sector * sector, '\0');
}

}  // namespace

void tell_ole_properties(const Ole& ole, std::string_view storage, Sink& sink) {
  const std::string prefix = storage.empty() ? "" : std::string(storage) + "/";
  if (const auto s = ole.read(prefix + "\x05SummaryInformation")) tell_set(*s, kSummary, sink);
  if (const auto s = ole.read(prefix + "\x05" "DocumentSummaryInformation")) tell_set(*s, kDocument, sink);
}

// A compound file anew, with the streams in the order they are met; its FAT is named by the header alone.
std::string ole_copy(const Ole& ole, std::string_view storage) {
  constexpr std::size_t kSector = 512;
  const Ole::Entry* root = ole.find(storage);
  if (!root) return {};
  struct Node {
    const Ole::Entry* entry;
    std::vector<std::size_t> children;
    std::string bytes;
    std::uint32_t start = 0xFFFFFFFE, child = 0xFFFFFFFF, left = 0xFFFFFFFF, right = 0xFFFFFFFF;
  };
  std::vector<Node> nodes{{root, {}, {}}};
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < nodes.size() && nodes.size() < 5000; ++i) {
    if (!nodes[i].entry->storage()) continue;
    for (const Ole::Entry* e : ole.below(nodes[i].entry == ole.find("") ? "" : nodes[i].entry->path)) {
      nodes[i].children.push_back(nodes.size());
      nodes.push_back({e, {}, e->kind == 2 ? ole.read(*e) : std::string{}});
      if ((total += nodes.back().bytes.size()) > (64u << 20)) return {};
    }
  }
  std::string body, mini;
  std::vector<std::uint32_t> fat, mini_fat;
  const auto place = [&](std::string_view bytes) {
    if (bytes.empty()) return std::uint32_t{0xFFFFFFFE};
    const auto first = static_cast<std::uint32_t>(fat.size());
    put_sector_aligned(body, bytes, kSector);
    for (std::size_t n = (bytes.size() + kSector - 1) / kSector; n > 0; --n)
      fat.push_back(n > 1 ? static_cast<std::uint32_t>(fat.size() + 1) : 0xFFFFFFFE);
    return first;
  };
  for (Node& n : nodes) {
    if (n.entry->kind != 2 || n.bytes.empty()) continue;
    if (n.bytes.size() >= 4096) {
      n.start = place(n.bytes);
    } else {
      n.start = static_cast<std::uint32_t>(mini_fat.size());
      put_sector_aligned(mini, n.bytes, 64);
      for (std::size_t k = (n.bytes.size() + 63) / 64; k > 0; --k)
        mini_fat.push_back(k > 1 ? static_cast<std::uint32_t>(mini_fat.size() + 1) : 0xFFFFFFFE);
    }
  }
  // Siblings in a row to the right, by length and then by name, as the format orders them.
  for (Node& n : nodes) {
    std::sort(n.children.begin(), n.children.end(), [&](std::size_t a, std::size_t b) {
      const std::string &x = nodes[a].entry->name, &y = nodes[b].entry->name;
      return x.size() != y.size() ? x.size() < y.size() : base::lower_ascii(x) < base::lower_ascii(y);
    });
    for (std::size_t k = 0; k < n.children.size(); ++k)
      (k ? nodes[n.children[k - 1]].right : n.child) = static_cast<std::uint32_t>(n.children[k]);
  }
  nodes[0].start = place(mini);
  std::string table;
  for (const std::uint32_t v : mini_fat) base::append_le(table, v);
  const auto minis = static_cast<std::uint32_t>((table.size() + kSector - 1) / kSector);
  table.resize(minis * kSector, '\xFF');
  const std::uint32_t mini_start = place(table);
  std::string directory;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const Node& n = nodes[i];
    std::string name;
    const std::string wanted = i ? n.entry->name : "Root Entry";
    for (const char32_t c : base::utf32(wanted))
      if (name.size() < 62) base::append_le(name, static_cast<std::uint16_t>(c));
    const auto length = static_cast<std::uint16_t>(name.size() + 2);
    name.resize(64, '\0');
    directory += name;
    base::append_le(directory, length);
    directory += static_cast<char>(i ? n.entry->kind : 5);
    directory += '\x01';
    base::append_le(directory, n.left), base::append_le(directory, n.right),
        base::append_le(directory, n.child);
    directory.append(36, '\0');
    base::append_le(directory, n.start);
    base::append_le(directory, static_cast<std::uint64_t>(i ? n.bytes.size() : mini.size()));
  }
  const std::uint32_t directory_start = place(directory);
  std::size_t tables = 1;
  while (tables * 128 < fat.size() + tables) ++tables;
  if (tables > 109) return {};
  const std::size_t first_table = fat.size();
  for (std::size_t i = 0; i < tables; ++i) fat.push_back(0xFFFFFFFD);
  fat.resize(tables * 128, 0xFFFFFFFF);
  std::string h("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
  h.append(16, '\0');
  for (const std::uint16_t v : {0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0}) base::append_le(h, v);
  for (const std::uint32_t v : {0u, static_cast<std::uint32_t>(tables), directory_start, 0u, 4096u,
                                mini_start, minis, 0xFFFFFFFEu, 0u})
    base::append_le(h, v);
  for (std::size_t i = 0; i < 109; ++i)
    base::append_le(h, i < tables ? static_cast<std::uint32_t>(first_table + i) : 0xFFFFFFFFu);
  std::string out = h + body;
  for (const std::uint32_t v : fat) base::append_le(out, v);
  return out;
}

std::uint64_t give_ole_objects(const Ole& ole, std::string_view storage, std::uint64_t order, Sink& sink) {
  for (const Ole::Entry* e : ole.below(storage)) {
    // In a workbook objects lie beside its own storages, and are known by their names.
    if (!e->storage() || (storage.empty() && !e->name.starts_with("MBD") && !e->name.starts_with("LNK")))
      continue;
    PartInfo info;
    info.name = "object-" + std::to_string(order + 1), info.order = order;
    std::string bytes;
    if (const auto native = ole.read(e->path + "/\x01Ole10Native")) {
      // A package: its name, the path it came from, then the file.
      base::Cursor c(*native);
      c.take(6);
      const auto text = [&] {
        const std::string_view rest = std::string_view(*native).substr(c.at());
        const std::string_view t = rest.substr(0, rest.find('\0'));
        c.take(std::min(t.size() + 1, rest.size()));
        return std::string(t);
      };
      const std::string label = text();
      text();
      c.take(4);
      c.take(c.le<std::uint32_t>());
      const std::string_view file = c.take(c.le<std::uint32_t>());
      bytes = c.ok() && !file.empty() ? std::string(file)
                                      : native->substr(std::min<std::size_t>(4, native->size()));
      if (c.ok() && !label.empty())
        info.name = base::cut(decode(label.substr(label.find_last_of("/\\") + 1)).text, 200);
    } else if (const auto package = ole.read(e->path + "/Package")) {
      bytes = *package;
    } else if (const auto contents = ole.read(e->path + "/CONTENTS")) {
      bytes = *contents;
    } else {
      bytes = ole_copy(ole, e->path);
    }
    if (bytes.empty()) continue;
    ++order;
    if (!sink.begin_part(info)) return order;
    sink.part_bytes(bytes);
    sink.end_part();
  }
  return order;
}

}  // namespace extract

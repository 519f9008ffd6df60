// Three layouts of the same tree: ANSI and Unicode with pages of 512 bytes, and OST of 2013 with pages of
// 4096.
#include "pst_nodes.h"

#include <base/bytes.h>

#include <algorithm>
#include <unordered_set>

namespace extract {
namespace {

using base::load_le;

struct Layout {
  std::size_t root_at, end_at;  // in the header: offset of the tree's root page, and of the size of the file
  std::size_t word;             // bytes of an offset or block id
  std::size_t page, count_at, entries, trailer;
  bool wide_count;
};
constexpr Layout kAnsi{188, 168, 4, 512, 496, 496, 500, false};
constexpr Layout kUnicode{224, 184, 8, 512, 488, 488, 496, false};
constexpr Layout kLarge{224, 184, 8, 4096, 4056, 4056, 4072, true};
constexpr std::uint64_t kPagesMax = 4'000'000;

class Tree {
 public:
  Tree(Source& source, const Layout& layout) : source_(source), layout_(layout) {}

  void walk(std::uint64_t root, PstNodes& out) {
    struct Step {
      std::uint64_t at;
      int level;  // that the page above demands; -1: any
    };
    std::vector<Step> open{{root, -1}};
    std::unordered_set<std::uint64_t> seen;
    while (!open.empty() && seen.size() < kPagesMax) {
      const Step step = open.back();
      open.pop_back();
      const std::string page(source_.read(step.at, layout_.page));
      if (!seen.insert(step.at).second || page.size() < layout_.page) {
        ++out.pages_damaged;
        continue;
      }
      const char* tail = page.data() + layout_.count_at;
      const std::size_t count =
          layout_.wide_count ? load_le<std::uint16_t>(tail) : static_cast<unsigned char>(tail[0]);
      const auto stride =
          static_cast<std::size_t>(static_cast<unsigned char>(tail[layout_.wide_count ? 4 : 2]));
      const int level = static_cast<unsigned char>(tail[layout_.wide_count ? 5 : 3]);
      const auto kind = static_cast<unsigned char>(page[layout_.trailer]);
      const std::size_t least = (level > 0 ? 3 : 4) * layout_.word;
      if (kind != 0x81 || level > 16 || (step.level >= 0 && level != step.level) || stride < least ||
          count * stride > layout_.entries) {
        ++out.pages_damaged;
        continue;
      }
      for (std::size_t i = count; i-- > 0;) {
        const char* entry = page.data() + i * stride;
        if (level > 0) open.push_back({word(entry + 2 * layout_.word), level - 1});
        else leaf(entry, out);
      }
    }
    if (!open.empty()) ++out.pages_damaged;
  }

 private:
  std::uint64_t word(const char* p) const {
    return layout_.word == 8 ? load_le<std::uint64_t>(p) : load_le<std::uint32_t>(p);
  }
  void leaf(const char* entry, PstNodes& out) {
    ++out.nodes;
    const PstNode node{load_le<std::uint32_t>(entry), load_le<std::uint32_t>(entry + 3 * layout_.word)};
    constexpr std::uint32_t kNormalMessage = 4;
    if ((node.id & 0x1f) == kNormalMessage) out.messages.push_back(node);
  }
  Source& source_;
  const Layout& layout_;
};

}  // namespace

PstNodes pst_nodes(Source& source) {
  PstNodes out;
  const std::string head(source.read(0, 512));
  if (head.size() < 256 || !head.starts_with("!BDN")) return out;
  const auto version = load_le<std::uint16_t>(head.data() + 10);
  const Layout* layout = version == 14 || version == 15 ? &kAnsi
                         : version >= 36                ? &kLarge
                         : version >= 21                ? &kUnicode
                                                        : nullptr;
  if (!layout) return out;
  out.known = true;
  const auto field = [&](std::size_t at) {
    return layout->word == 8 ? load_le<std::uint64_t>(head.data() + at)
                             : load_le<std::uint32_t>(head.data() + at);
  };
  out.cut = field(layout->end_at) > source.size();
  Tree(source, *layout).walk(field(layout->root_at), out);
  const auto by_id = [](const PstNode& a, const PstNode& b) { return a.id < b.id; };
  std::sort(out.messages.begin(), out.messages.end(), by_id);
  out.messages.erase(std::unique(out.messages.begin(), out.messages.end(),
                                 [](const PstNode& a, const PstNode& b) { return a.id == b.id; }),
                     out.messages.end());
  return out;
}

}  // namespace extract

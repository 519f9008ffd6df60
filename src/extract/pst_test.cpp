#include "pst_nodes.h"
#include "packed.h"

#include <base/bytes.h>

namespace extract {
namespace {

TEST(Pst, gives_items_of_every_kind_in_their_folders) {
  SAMPLE(bytes, "mail/pst/dist-list.pst");
  const auto sink = record(bytes, "x.pst");
  ASSERT_EQ(sink->root.parts.size(), 4u);
  EXPECT_EQ(*sink->root.expected, 4u);
  const Recorded& appointment = *sink->root.parts[0];
  EXPECT_EQ(appointment.info.name, "Top of Personal Folders/Calendar/00001");
  EXPECT_EQ(appointment.meta("title"), "Test appointment");
  EXPECT_EQ(appointment.meta("date.start"), "2016-08-02T15:00:00Z");
  EXPECT_EQ(appointment.parts.size(), 2u);
  EXPECT_NE(sink->root.parts[2]->text().find("contact1@rjohnson.id.au"), std::string::npos);
}

TEST(Pst, counts_messages_by_its_own_reading_of_the_nodes) {
  SAMPLE(bytes, "mail/pst/dist-list.pst");
  MemorySource source(bytes);
  const PstNodes nodes = pst_nodes(source);
  EXPECT_TRUE(nodes.known);
  EXPECT_EQ(nodes.messages.size(), 4u);
  EXPECT_EQ(nodes.pages_damaged, 0u);
}

TEST(Pst, tells_messages_that_are_listed_and_cannot_be_read) {
  SAMPLE(bytes, "mail/pst/dist-list.pst");
  std::string broken = bytes;
  broken[0x3] = 'N';
  // All but the tree of nodes is wiped: the blocks of messages are gone.
  const std::uint64_t root = base::load_le<std::uint64_t>(broken.data() + 240);
  if (root + 512 <= broken.size()) std::fill_n(broken.begin() + static_cast<std::ptrdiff_t>(root), 512, '\0');
  const auto sink = record(broken, "x.pst");
  EXPECT_EQ(*sink->root.expected, 4u);
  expect_account_closes(sink->root);
  for (const auto& p : sink->root.parts) EXPECT_TRUE(p->lost || !p->findings.empty()) << p->info.name;
}

TEST(Pst, survives_a_cut_at_many_lengths) {
  SAMPLE(bytes, "mail/pst/passworded.pst");
  expect_survives_cuts(bytes, "x.pst", 9973);
}

// A tree of nodes made by hand: one page, with messages and a folder.
std::string made(std::uint16_t version) {
  const bool ansi = version < 20, large = version >= 36;
  const std::size_t page = large ? 4096 : 512, word = ansi ? 4 : 8, at = 8192;
  std::string out(at + page, '\0');
  out.replace(0, 4, "!BDN");
  std::memcpy(&out[10], &version, 2);
  std::memcpy(&out[ansi ? 188 : 224], &at, word);
  const std::uint64_t size = out.size();
  std::memcpy(&out[ansi ? 168 : 184], &size, word);
  const std::uint32_t ids[] = {0x21, 0x200004, 0x200024, 0x8022};
  const std::size_t stride = 4 * word, tail = at + (large ? 4056 : ansi ? 496 : 488);
  for (std::size_t i = 0; i < std::size(ids); ++i) std::memcpy(&out[at + i * stride], &ids[i], 4);
  out[tail] = static_cast<char>(std::size(ids));
  out[tail + (large ? 4 : 2)] = static_cast<char>(stride);
  out[at + (large ? 4072 : ansi ? 500 : 496)] = '\x81';
  return out;
}

TEST(PstNodes, are_read_in_all_three_layouts) {
  for (const std::uint16_t version : {15, 23, 36}) {
    const std::string bytes = made(version);
    MemorySource source(bytes);
    const PstNodes nodes = pst_nodes(source);
    EXPECT_TRUE(nodes.known && !nodes.cut && nodes.pages_damaged == 0) << version;
    EXPECT_EQ(nodes.nodes, 4u) << version;
    ASSERT_EQ(nodes.messages.size(), 2u) << version;
    EXPECT_EQ(nodes.messages[0].id, 0x200004u);
  }
}

TEST(PstNodes, do_not_follow_a_tree_in_a_circle) {
  std::string bytes = made(23);
  bytes[8192 + 491] = 1;  // the page now says it points to pages; to itself
  const std::uint64_t self = 8192;
  for (int i = 0; i < 4; ++i) std::memcpy(&bytes[8192 + static_cast<std::size_t>(i) * 32 + 16], &self, 8);
  MemorySource source(bytes);
  EXPECT_GT(pst_nodes(source).pages_damaged, 0u);
}

}  // namespace
}  // namespace extract

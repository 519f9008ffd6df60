#include "readers_list.h"
#include "sample.h"

using namespace extract;

namespace {
std::string kept() { return base::read_file(std::string(CUSTOS_SOURCE) + "/fuzz/corpus/tnef/sample.dat"); }
}  // namespace

TEST(Tnef, reads_body_and_attachments) {
  const auto sink = record(kept());
  EXPECT_EQ(sink->root.meta("title"), "Report");
  EXPECT_EQ(sink->root.text(), "Тело");
  ASSERT_EQ(sink->root.parts.size(), 1u);
  EXPECT_EQ(sink->root.parts[0]->info.name, "a long name.txt");
  EXPECT_EQ(sink->root.parts[0]->bytes, "attached bytes");
}
TEST(Tnef, comes_back_from_every_length) { read_truncated(tnef_reader, kept()); }

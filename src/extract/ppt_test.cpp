#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Ppt, reads_slides_as_pages) {
  SAMPLE(ppt, "loose/presentation/plasma.ppt");
  const auto sink = record(ppt);
  EXPECT_NE(sink->root.text().find("PLASMA HAS POWER!"), std::string::npos);
  EXPECT_EQ(sink->root.pages.size(), std::stoul(sink->root.meta("pages")));
  EXPECT_TRUE(sink->root.findings.empty());
}
TEST(Ppt, comes_back_from_every_length) {
  SAMPLE(ppt, "loose/presentation/plasma.ppt");
  read_truncated(ppt_reader, ppt, ppt.size() / 150 + 1);
}

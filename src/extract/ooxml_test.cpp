#include "readers_list.h"
#include "sample.h"

using namespace extract;

namespace {
std::string kept(const std::string& file) {
  return base::read_file(std::string(CUSTOS_SOURCE) + "/fuzz/corpus/" + file);
}
}  // namespace

TEST(Ooxml, reads_a_document_with_all_its_stories) {
  const auto sink = record(kept("ooxml/document.docx"));
  const std::string t = sink->root.text();
  EXPECT_NE(t.find("one\ttwo[-gone-]"), std::string::npos);
  EXPECT_NE(t.find("[Ann 2020-01-02T03:04:05Z] why"), std::string::npos);
  EXPECT_NE(t.find("secret header"), std::string::npos);
  EXPECT_EQ(t.find("PAGE"), std::string::npos);
  EXPECT_EQ(sink->root.meta("author"), "Ann");
  EXPECT_EQ(sink->root.meta("date.created"), "2020-01-02T03:04:05Z");
  ASSERT_EQ(sink->root.parts.size(), 1u);
}
TEST(Ooxml, reads_sheets_as_pages_with_dates_and_hidden_sheets) {
  const auto sink = record(kept("ooxml/cells.xlsx"));
  ASSERT_EQ(sink->root.pages.size(), 2u);
  EXPECT_EQ(sink->root.pages[0], "Cells\nshared\trich\t\n0.1\t2020-01-01\tTRUE\tinline\t\n");
  EXPECT_EQ(sink->root.pages[1], "Quiet\nresult\t\n");
  EXPECT_EQ(sink->root.meta("x.hidden_sheet"), "Quiet");
}
TEST(Ooxml, reads_slides_in_the_order_of_the_show_with_their_notes) {
  const auto sink = record(kept("ooxml/slides.pptx"));
  ASSERT_EQ(sink->root.pages.size(), 2u);
  EXPECT_EQ(sink->root.pages[0], "first\na note\n");
  EXPECT_EQ(sink->root.pages[1], "second\n");
}
TEST(Ooxml, comes_back_from_every_length) {
  for (const char* file : {"ooxml/document.docx", "ooxml/cells.xlsx", "ooxml/slides.pptx"})
    read_truncated(ooxml_reader, kept(file), 7);
}
TEST(Ooxml, tells_a_member_that_expands_without_end) {
  // The sizes of the directory are lies; what counts is what comes out.
  std::string bytes = kept("ooxml/document.docx");
  Limits limits;
  limits.ratio_floor = 10, limits.ratio_max = 1;
  EXPECT_TRUE(record(bytes, "", {}, limits)->root.found(Reason::bomb));
}
TEST(Ooxml, survives_any_byte_changed) {
  const std::string bytes = kept("ooxml/cells.xlsx");
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::string b = bytes;
    b[i] = static_cast<char>(b[i] ^ 0xFF);
    EXPECT_TRUE(record(b, "a.xlsx")->balanced());
  }
}

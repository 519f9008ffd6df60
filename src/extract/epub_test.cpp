#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Epub, reads_the_spine_in_order_and_the_package) {
  SAMPLE(book, "formats/format-corpus/ebooks/calibre 0.8.57/Lorem Ipsum - Andrew Jackson.epub");
  const auto sink = record(book);
  EXPECT_EQ(sink->root.meta("title"), "Lorem Ipsum");
  EXPECT_EQ(sink->root.meta("author"), "Andrew Jackson");
  EXPECT_EQ(sink->root.pages.size(), 2u);
  EXPECT_NE(sink->root.text().find("Variatio Ipsius"), std::string::npos);
}
TEST(Epub, comes_back_from_every_length) {
  SAMPLE(
      book,
      "formats/format-corpus/variations/variations/application/epub+zip/lorem-ipsum-pages-09-4.1-923.epub");
  read_truncated(epub_reader, book, 29);
}

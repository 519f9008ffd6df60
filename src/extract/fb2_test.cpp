#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Fb2, reads_the_book_and_who_wrote_it) {
  SAMPLE(book, "formats/format-corpus/ebooks/calibre 0.8.57/Lorem Ipsum - Andrew Jackson.fb2");
  const auto sink = record(book);
  EXPECT_EQ(sink->root.meta("author"), "Andrew Jackson");
  EXPECT_NE(sink->root.text().find("Variatio Ipsius"), std::string::npos);
}
TEST(Fb2, gives_pictures_as_parts) {
  const auto sink = record(
      "<?xml version=\"1.0\"?><FictionBook><body><p>x</p></body><binary "
      "id=\"a.jpg\">aGVsbG8=</binary></FictionBook>");
  ASSERT_EQ(sink->root.parts.size(), 1u);
  EXPECT_EQ(sink->root.parts[0]->bytes, "hello");
}

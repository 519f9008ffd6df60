#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Doc, reads_text_and_properties_of_word_97) {
  SAMPLE(doc, "formats/format-corpus/variations/variations/application/msword/lorem-ipsum.doc");
  const auto sink = record(doc);
  EXPECT_NE(sink->root.text().find("Lorem ipsum dolor sit amet"), std::string::npos);
  EXPECT_FALSE(sink->root.meta("date.created").empty());
  EXPECT_TRUE(sink->root.findings.empty());
}
TEST(Doc, reads_word_2) {
  SAMPLE(doc, "formats/format-corpus/office-examples/Old Word file/NEWSSLID.DOC");
  EXPECT_GT(record(doc)->root.text().size(), 1000u);
}
TEST(Doc, comes_back_from_every_length) {
  SAMPLE(doc,
         "formats/format-corpus/variations/variations/application/msword/lorem-ipsum-pages-09-4.1-923.doc");
  read_truncated(doc_reader, doc, 97);
}
TEST(Doc, survives_any_byte_of_its_headers_changed) {
  SAMPLE(doc,
         "formats/format-corpus/variations/variations/application/msword/lorem-ipsum-pages-09-4.1-923.doc");
  for (std::size_t i = 8; i < 2048; i += 3) {
    std::string b = doc;
    b[i] = static_cast<char>(b[i] ^ 0xFF);
    EXPECT_TRUE(record(b)->balanced());
  }
}

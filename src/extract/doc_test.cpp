#include "readers_list.h"
#include "sample.h"

using namespace extract;
using namespace std::string_literals;

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
TEST(Doc, gives_the_instructions_of_fields_and_their_results) {
  const std::string text =
      "Page \x13 PAGE \x14" "3\x15 of\x13 SEQ a \\h\x15 \x13 HYPERLINK \"http://a/\" \x14here\x15.\r";
  std::string word(0x300, '\0');
  word.replace(0, 4, "\xDB\xA5\x2D\0"s);
  word[0x19] = 3;
  word[0x1C] = static_cast<char>(text.size()), word[0x1D] = 3;
  const auto sink = record(word + text);
  EXPECT_EQ(sink->root.text(), "Page PAGE 3 of SEQ a \\h  here. \"http://a/\"\n");
  EXPECT_EQ(sink->root.meta("x.link"), "http://a/");
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

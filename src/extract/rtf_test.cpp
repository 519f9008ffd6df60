#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Rtf, reads_paragraphs_and_characters) {
  EXPECT_EQ(record(R"({\rtf1\ansi\ansicpg1252 Gr\'fc\'dfe\par\u8364?100\tab x\emdash y})")->root.text(),
            "Grüße\n€100\tx—y");
}
TEST(Rtf, keeps_text_of_unknown_destinations_out) {
  EXPECT_EQ(
      record(R"({\rtf1{\fonttbl{\f0 Arial;}}{\*\secret no}{\stylesheet{\s0 Normal;}}yes})")->root.text(),
      "yes");
}
TEST(Rtf, reads_each_font_by_its_charset) {
  EXPECT_EQ(record(R"({\rtf1\ansi{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset204 B;}}\f1\'cf\'f0\f0\'e9})")
                ->root.text(),
            "Прé");
}
TEST(Rtf, drops_instructions_of_fields_and_keeps_results) {
  EXPECT_EQ(record(R"({\rtf1{\field{\*\fldinst HYPERLINK "x"}{\fldrslt shown}}})")->root.text(), "shown");
}
TEST(Rtf, reads_the_info_group) {
  const auto sink =
      record(R"({\rtf1{\info{\title A title}{\author Ann}{\creatim\yr2001\mo2\dy3\hr4\min5}}x})");
  EXPECT_EQ(sink->root.meta("title"), "A title");
  EXPECT_EQ(sink->root.meta("author"), "Ann");
  EXPECT_EQ(sink->root.meta("date.created"), "2001-02-03T04:05:00");
}
TEST(Rtf, gives_pictures_as_parts) {
  const auto sink = record("{\\rtf1{\\pict\\pngblip 89504e470d0a1a0a0000000d4948445200000001}}");
  ASSERT_EQ(sink->root.parts.size(), 1u);
  EXPECT_EQ(sink->root.parts[0]->info.name, "image-1.png");
  EXPECT_TRUE(sink->root.parts[0]->bytes.starts_with("\x89PNG"));
}
TEST(Rtf, passes_over_the_fallback_of_a_character) {
  EXPECT_EQ(record(R"({\rtf1\uc2\u1055\'cf\'cfx})")->root.text(), "Пx");
}
TEST(Rtf, tells_groups_left_open) { EXPECT_TRUE(record("{\\rtf1 x{y")->root.found(Reason::truncated)); }
TEST(Rtf, survives_groups_without_end) {
  std::string s = "{\\rtf1 ";
  for (int i = 0; i < 100'000; ++i) s += "{\\b ";
  EXPECT_TRUE(record(s + "x")->root.found(Reason::too_deep));
}
TEST(Rtf, comes_back_from_every_length) {
  read_truncated(
      rtf_reader,
      R"({\rtf1\ansi{\fonttbl{\f1\fcharset204 B;}}{\info{\title t}}{\pict\pngblip 8950}{\object{\*\objdata 0105}}\bin3 abc\u-10179?\u-8704?\'e9\par})");
}
TEST(Rtf, reads_a_book) {
  SAMPLE(book, "formats/format-corpus/ebooks/calibre 0.8.57/Lorem Ipsum - Andrew Jackson.rtf");
  const auto sink = record(book);
  EXPECT_EQ(sink->root.meta("author"), "Andrew Jackson");
  EXPECT_NE(sink->root.text().find("Variatio Ipsius"), std::string::npos);
}

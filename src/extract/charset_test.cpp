#include "charset.h"

#include <gtest/gtest.h>

using namespace extract;
using namespace std::string_view_literals;

TEST(Charset, believes_valid_utf8_before_a_declaration_of_one_byte) {
  EXPECT_EQ(decode("Gr\xC3\xBC\xC3\x9F" "e", "iso-8859-1").text, "Grüße");
}
TEST(Charset, follows_the_declaration_where_bytes_agree) {
  EXPECT_EQ(decode("\xCF\xF0\xE8\xE2\xE5\xF2", "windows-1251").text, "Привет");
  EXPECT_EQ(decode("\xF0\xD2\xC9\xD7\xC5\xD4", "koi8-r").text, "Привет");
  EXPECT_EQ(decode("Gr\xFC\xDF", "ISO-8859-1").text, "Grüß");
}
TEST(Charset, takes_latin1_for_what_browsers_take_it) {
  EXPECT_EQ(decode("\x93x\x94 \x80", "latin1").text, "“x” €");
}
TEST(Charset, finds_utf16_without_a_mark) {
  std::string le, be;
  for (const char c : "hello, world of text"sv) le += c, le += '\0', be += '\0', be += c;
  EXPECT_EQ(decode(le).text, "hello, world of text");
  EXPECT_EQ(decode(be).text, "hello, world of text");
}
TEST(Charset, decodes_utf32) {
  EXPECT_EQ(decode("\xFF\xFE\0\0a\0\0\0\x00\xF6\x01\0"sv).text, "a\xF0\x9F\x98\x80");
}
TEST(Charset, decodes_japanese_mail) { EXPECT_EQ(decode("\x1B$B$3$s\x1B(B", "iso-2022-jp").text, "こん"); }
TEST(Charset, keeps_characters_whole_across_pieces) {
  for (const std::string_view charset : {"utf-8", "utf-16le", "shift_jis"}) {
    const std::string bytes = charset == "utf-8"      ? "aé漢😀"
                              : charset == "utf-16le" ? std::string("a\0\xE9\0\x22\x6F\x3D\xD8\x00\xDE", 10)
                                                      : "a\x8A\xBF\x8E\x9A";
    const std::string whole = decode_as(bytes, charset);
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      Decoder d(charset);
      std::string out;
      d.add(std::string_view(bytes).substr(0, cut), false, out);
      d.add(std::string_view(bytes).substr(cut), true, out);
      EXPECT_EQ(out, whole) << charset << " " << cut;
    }
  }
}
TEST(Charset, has_an_answer_for_nonsense) {
  EXPECT_FALSE(decode("\x81\xFF\xFE\x01", "no such charset").charset.empty());
}

#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Plain, reads_utf8_as_it_is) {
  EXPECT_EQ(record("Zeugenaussage: größer\n")->root.text(), "Zeugenaussage: größer\n");
}
TEST(Plain, settles_the_charset_by_the_first_window_that_is_not_ascii) {
  std::string s(3 << 20, 'a');
  s += " Gr\xFC\xDF aus M\xFCnchen, sch\xF6n";
  const auto sink = record(s);
  EXPECT_NE(sink->root.text().find("Grüß aus München"), std::string::npos);
}
TEST(Plain, keeps_characters_whole_across_windows) {
  std::string s((1 << 20) - 1, 'a');
  s += "é end";
  EXPECT_TRUE(record(s)->root.text().ends_with("aé end"));
}
TEST(Plain, stops_at_the_limit_of_text) {
  Limits limits;
  limits.text_bytes_max = 1 << 20;
  const auto sink = record(std::string(3 << 20, 'a'), "", {}, limits);
  EXPECT_TRUE(sink->root.found(Reason::too_large));
}
TEST(Plain, reads_the_declaration_of_human_rights_in_every_encoding_of_the_corpus) {
  SAMPLE(amharic, "udhr/text/amh.txt");
  EXPECT_EQ(record(amharic)->root.text().find("\xEF\xBF\xBD"), std::string::npos);
}

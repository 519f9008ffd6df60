#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Vcard, reads_one_card_as_the_item) {
  const auto sink = record(
      "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\n  Doe\r\nTEL;TYPE=cell:+1 "
      "2\r\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ\r\nEND:VCARD\r\n");
  EXPECT_EQ(sink->root.meta("title"), "Ann Doe");
  EXPECT_NE(sink->root.text().find("TEL: +1 2"), std::string::npos);
  EXPECT_EQ(sink->root.parts.size(), 1u);
}
TEST(Vcard, gives_many_cards_as_records) {
  const auto sink = record(
      "BEGIN:VCARD\nN;CHARSET=utf-8;ENCODING=QUOTED-PRINTABLE:=C3=A9=\n;x\nEND:VCARD\nBEGIN:VCARD\nFN:b\nEND:"
      "VCARD\n");
  ASSERT_EQ(sink->root.parts.size(), 2u);
  EXPECT_EQ(sink->root.parts[1]->meta("title"), "b");
}
TEST(Vcard, comes_back_from_every_length) {
  read_truncated(vcard_reader, "BEGIN:VCARD\nFN;X=\"a:b\":c\\,d\nPHOTO;BASE64:AAAA\nEND:VCARD\n");
}

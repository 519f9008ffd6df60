#include "readers_list.h"
#include "mapi.h"
#include "sample.h"

using namespace extract;

namespace {
std::string kept() { return base::read_file(std::string(CUSTOS_SOURCE) + "/fuzz/corpus/msg/sample.msg"); }
}  // namespace

TEST(Msg, reads_people_times_and_body) {
  const auto sink = record(kept());
  const Recorded& r = sink->root;
  EXPECT_EQ(r.meta("title"), "Отчёт");
  EXPECT_EQ(r.meta("from"), "Ann <ann@x.org>");
  EXPECT_EQ(r.meta("to"), "Bob <bob@y.org>");
  EXPECT_EQ(r.meta("cc"), "Carl <carl@y.org>");
  EXPECT_EQ(r.meta("date.sent"), "2019-04-02T08:00:00Z");
  EXPECT_EQ(r.meta("message_id"), "id1@x.org");
  EXPECT_EQ(r.text(), "Тело письма");
}
TEST(Msg, gives_attachments_and_messages_within) {
  const auto sink = record(kept());
  ASSERT_EQ(sink->root.parts.size(), 2u);
  EXPECT_EQ(sink->root.expected, 2u);
  EXPECT_EQ(sink->root.parts[0]->bytes, "attached bytes");
  EXPECT_EQ(sink->root.parts[1]->meta("title"), "Inner subject");
  EXPECT_EQ(sink->root.parts[1]->text(), "Inner body\n");
}
TEST(Msg, decompresses_references_into_what_came_before) {
  // The example of the specification, [MS-OXRTFCP] 4.1.
  const std::string packed(
      "\x2d\0\0\0\x2b\0\0\0\x4c\x5a\x46\x75\xf1\xc5\xc7\xa7\x03\0\x0a\0\x72\x63\x70\x67\x31\x32\x35\x42\x32"
      "\x0a\xf3\x20\x68\x65\x6c\x09\0\x20\x62\x77\x05\xb0\x6c\x64\x7d\x0a\x80\x0f\xa0",
      49);
  EXPECT_EQ(mapi::decompress_rtf(packed, {}), "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
}
TEST(Msg, comes_back_from_every_length) { read_truncated(msg_reader, kept(), 5); }
TEST(Msg, survives_any_byte_changed) {
  const std::string bytes = kept();
  for (std::size_t i = 8; i < bytes.size(); i += 3) {
    std::string b = bytes;
    b[i] = static_cast<char>(b[i] ^ 0xFF);
    EXPECT_TRUE(record(b)->balanced());
  }
}

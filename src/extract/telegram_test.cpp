#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Telegram, gives_messages_with_the_offset_of_the_sender) {
  const auto sink = record(R"({"name":"Group","type":"private_group","id":7,"messages":[
    {"id":1,"type":"message","date":"2021-03-04T12:00:00","date_unixtime":"1614852000","from":"Ann","from_id":"user1","text":["a ",{"type":"bold","text":"b"}]},
    {"id":2,"type":"service","date":"2021-03-04T12:01:00","actor":"Bob","action":"join","text":""}]})");
  const Recorded& r = sink->root;
  EXPECT_EQ(r.meta("title"), "Group");
  ASSERT_EQ(r.parts.size(), 2u);
  EXPECT_EQ(r.parts[0]->meta("date.sent"), "2021-03-04T12:00:00+02:00");
  EXPECT_EQ(r.parts[0]->text(), "a b");
  EXPECT_EQ(r.parts[1]->meta("from"), "Bob");
  EXPECT_EQ(r.expected, 2u);
}
TEST(Telegram, gives_the_chats_of_a_whole_account) {
  SAMPLE(batch, "chats/chat-miner/telegram/test_batch_export.json");
  const auto sink = record(batch);
  ASSERT_EQ(sink->root.parts.size(), 1u);
  EXPECT_EQ(sink->root.parts[0]->parts.size(), 2u);
}
TEST(Telegram, keeps_the_text_of_a_broken_export) {
  const auto sink = record(
      R"({"name":"G","type":"x","messages":[{"id":1,"type":"message","date_unixtime":"1","from_id":"u","text":"still here"},)");
  EXPECT_TRUE(sink->root.found(Reason::damaged));
  EXPECT_NE(sink->root.text().find("still here"), std::string::npos);
}

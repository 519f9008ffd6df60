#include "chat_stamp.h"
#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(ChatStamp, reads_the_clocks_of_many_locales) {
  for (const std::string_view line :
       {"12/03/2021, 14:22 - A: x", "[12/03/21, 14:22:05] A: x", "12.03.21, 14:22 - A: x",
        "3/12/21, 2:22 PM - A: x", "2021-03-12, 14:22 - A: x", "12/03/2021, 2:22 p. m. - A: x",
        "12/03/2021 14:22 - A: x", "3/12/21, 2:22\xE2\x80\xAFPM - A: x",
        "\xE2\x80\x8E[12/03/21, 14:22:05] A: x", "٢٠٢١/٣/١٢، ٢:٢٢ م - A: x"}) {
    const auto s = chat_stamp(line);
    ASSERT_TRUE(s) << line;
    EXPECT_TRUE(line.substr(s->length).starts_with("A: x")) << line;
    EXPECT_EQ(s->minute, 22) << line;
  }
}
TEST(ChatStamp, takes_no_other_line) {
  for (const std::string_view line :
       {"hello", "12/03/2021 is a date", "1.2.3 - x", "10:30 - lunch", "[1] note"})
    EXPECT_FALSE(chat_stamp(line)) << line;
}
TEST(Chat, gives_each_message_as_an_item) {
  const auto sink = record(
      "13/03/2021, 14:22 - Messages are end-to-end encrypted.\n13/03/2021, 14:23 - Ann: "
      "one\ntwo\n14/03/2021, 00:01 - Bob: http://x\n",
      "WhatsApp Chat with Ann.txt");
  const Recorded& r = sink->root;
  EXPECT_EQ(r.meta("title"), "Ann");
  ASSERT_EQ(r.parts.size(), 3u);
  EXPECT_EQ(r.expected, 3u);
  EXPECT_EQ(r.parts[0]->meta("x.system"), "yes");
  EXPECT_EQ(r.parts[1]->meta("from"), "Ann");
  EXPECT_EQ(r.parts[1]->meta("date.sent"), "2021-03-13T14:23:00");
  EXPECT_EQ(r.parts[1]->text(), "one\ntwo");
  EXPECT_EQ(r.all("x.participant").size(), 2u);
}
TEST(Chat, finds_the_order_of_day_and_month_by_time_running_forward) {
  const auto sink = record("1/2/21, 9:00 PM - A: x\n1/3/21, 9:00 PM - A: x\n1/25/21, 9:00 PM - A: y\n");
  EXPECT_EQ(sink->root.parts[0]->meta("date.sent"), "2021-01-02T21:00:00");
  EXPECT_EQ(sink->root.meta("x.date_order"), "month day year");
}
TEST(Chat, says_when_the_order_is_assumed) {
  EXPECT_EQ(record("01/02/21, 09:00 - A: x\n01/02/21, 09:01 - B: y\n")->root.meta("x.date_order"),
            "day month year (assumed)");
}
TEST(Chat, comes_back_from_every_length) {
  read_truncated(chat_reader,
                 "[13/03/21, 2:22:05 PM] Ann: <attached: a.jpg>\n14/03/2021, 00:01 - Bob: x\nmore");
}

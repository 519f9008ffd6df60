#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Ical, gives_events_with_their_times_and_people) {
  const auto sink = record(
      "BEGIN:VCALENDAR\r\nX-WR-CALNAME:Duty\r\nBEGIN:VEVENT\r\nSUMMARY:Shift\r\nDTSTART:"
      "20210304T101112Z\r\nDTEND;TZID=Europe/Kyiv:20210304T111112\r\n"
      "ORGANIZER;CN=Ann:mailto:a@x\r\nATTENDEE:mailto:b@y\r\nLOCATION:Post 7\\, "
      "north\r\nBEGIN:VALARM\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
  EXPECT_EQ(sink->root.meta("title"), "Duty");
  ASSERT_EQ(sink->root.parts.size(), 1u);
  const Recorded& e = *sink->root.parts[0];
  EXPECT_EQ(e.meta("date.start"), "2021-03-04T10:11:12Z");
  EXPECT_EQ(e.meta("date.end"), "2021-03-04T11:11:12");
  EXPECT_EQ(e.meta("from"), "Ann <a@x>");
  EXPECT_NE(e.text().find("Post 7, north"), std::string::npos);
}
TEST(Ical, tells_what_is_cut_off) {
  EXPECT_TRUE(record("BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\n")->root.found(Reason::truncated));
}

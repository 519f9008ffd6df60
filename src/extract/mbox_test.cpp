#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Mbox, gives_each_message_with_its_separator) {
  const std::string one =
      "From a@b Thu Aug 22 12:36:23 2002\nFrom: a@b\nMessage-ID: <1>\n\nhello\n>From me\n";
  const auto sink = record(one + "\n" + one);
  ASSERT_EQ(sink->root.parts.size(), 2u);
  EXPECT_EQ(sink->root.expected, 2u);
  EXPECT_EQ(sink->root.parts[1]->info.name, "00002.eml");
  EXPECT_TRUE(sink->root.parts[0]->bytes.ends_with("\nFrom me\n\n"));
  EXPECT_EQ(sink->root.meta("x.unquoted_from_lines"), "2");
}
TEST(Mbox, takes_prose_that_begins_with_from_for_no_separator) {
  const auto sink = record(
      "From a@b Thu Aug 22 12:36:23 2002\nFrom: a@b\nMessage-ID: <1>\n\nx\n\nFrom here on it rained.\n\nFrom "
      "a@b Thu Aug 22 12:36:23 2002\n\ny\n",
      "a.mbox");
  EXPECT_EQ(sink->root.parts.size(), 2u);
}
TEST(Mbox, counts_two_hundred_and_fifty) {
  SAMPLE(box, "mail/spamassassin-250.mbox");
  EXPECT_EQ(record(box)->root.parts.size(), 250u);
}
TEST(Mbox, comes_back_from_every_length) {
  read_truncated(mbox_reader, "From a 1:00\nx\n>>From y\n\nFrom b 2:00:00 2002\n");
}

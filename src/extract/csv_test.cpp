#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Csv, separates_fields_by_tabs_and_counts_rows) {
  const auto sink = record("name,place\n\"Doe, John\",\"a \"\"b\"\" c\"\nx,y", "a.csv");
  EXPECT_EQ(sink->root.text(), "name\tplace\nDoe, John\ta \"b\" c\nx\ty");
  EXPECT_EQ(sink->root.meta("x.rows"), "3");
}
TEST(Csv, finds_the_delimiter) {
  EXPECT_EQ(record("a;b,c;d\n1;2,5;3\n", "a.csv")->root.text(), "a\tb,c\td\n1\t2,5\t3\n");
}
TEST(Csv, keeps_line_ends_inside_quotes_in_the_row) {
  EXPECT_EQ(record("a,\"b\nc\"\nd,e\n", "a.csv")->root.meta("x.rows"), "2");
}
TEST(Csv, tells_a_quote_that_never_closes) {
  EXPECT_TRUE(record("a,b\n\"c,d\n", "a.csv")->root.found(Reason::damaged));
}
TEST(Csv, comes_back_from_every_length) { read_truncated(csv_reader, "a,\"b\"\"\",c\r\n\"d\ne\",f,g\r\n"); }

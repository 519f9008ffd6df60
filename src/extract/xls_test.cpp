#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Xls, reads_sheets_with_their_names) {
  SAMPLE(xls, "production/native/00041_3-Glencore Commodities Ltd. financial trades.xls");
  const auto sink = record(xls);
  EXPECT_NE(sink->root.text().find("Glencore Commodities Ltd."), std::string::npos);
  EXPECT_NE(sink->root.text().find("5/25/01"), std::string::npos);
  EXPECT_TRUE(sink->root.findings.empty());
}
TEST(Xls, gives_embedded_objects_as_parts) {
  SAMPLE(xls, "loose/spreadsheet/excelbook_with_embedded_objects.xls");
  EXPECT_FALSE(record(xls)->root.parts.empty());
}
TEST(Xls, reads_a_workbook_without_a_container) {
  // BIFF 5: a sheet with one label and one number.
  const std::string b(
      "\x09\x08\x08\0\0\x05\x10\0\0\0\0\0\x04\x02\x0B\0\0\0\0\0\0\0\x03\0abc\x03\x02\x0E\0\0\0\x01\0\0\0\0\0"
      "\0\0\0\0\xF8\x3F\x0A\0\0\0",
      49);
  EXPECT_EQ(record(b)->root.text(), "abc\t1.5\n");
}
TEST(Xls, comes_back_from_every_length) {
  SAMPLE(xls, "production/native/00091_33-2001 Reorganization 111901.xls");
  read_truncated(xls_reader, xls, 97);
}

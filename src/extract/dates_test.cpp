#include "dates.h"

#include <gtest/gtest.h>

using namespace extract;

TEST(Dates, read_mail_as_it_is_written) {
  EXPECT_EQ(mail_date("Thu, 22 Aug 2002 18:26:25 +0700"), "2002-08-22T18:26:25+07:00");
  EXPECT_EQ(mail_date(" 22 Aug 02 18:26 EST (summer)"), "2002-08-22T18:26:00-05:00");
  EXPECT_EQ(mail_date("Thu Aug 22 12:36:23 2002"), "2002-08-22T12:36:23");
  EXPECT_EQ(mail_date("Mon, 1 Jan 2001 00:00:00 -0000"), "2001-01-01T00:00:00");
  EXPECT_EQ(mail_date("yesterday"), "");
  EXPECT_EQ(mail_date("Fri, 31 Feb 2002 10:00:00 GMT"), "");
}
TEST(Dates, read_iso) {
  EXPECT_EQ(iso_date("2021-03-04"), "2021-03-04");
  EXPECT_EQ(iso_date("2021-03-04T10:11:12.5Z"), "2021-03-04T10:11:12Z");
  EXPECT_EQ(iso_date("20210304T101112"), "2021-03-04T10:11:12");
  EXPECT_EQ(iso_date("2021-13-04"), "");
  EXPECT_EQ(iso_date("2021"), "");
}
TEST(Dates, count_from_1601) { EXPECT_EQ(filetime_date(132000000000000000ull), "2019-04-17T18:40:00Z"); }

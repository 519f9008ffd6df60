#include "number_format.h"

#include <gtest/gtest.h>

#include <cmath>

using namespace extract;

namespace {
std::string shown(std::string_view code, double v, bool since_1904 = false) {
  return NumberFormat(code).number(v, since_1904);
}
std::string built_in(std::uint32_t id, double v) {
  NumberFormats f;
  return f.number(id, v);
}
}  // namespace

TEST(NumberFormat, shows_money_and_shares_as_they_are_printed) {
  EXPECT_EQ(built_in(7, 1739.95), "$1,739.95");
  EXPECT_EQ(built_in(7, -1739.95), "($1,739.95)");
  EXPECT_EQ(built_in(44, 0), "$-  ");
  EXPECT_EQ(built_in(10, 0.045), "4.50%");
  EXPECT_EQ(shown("0.0%", 0.045), "4.5%");
  EXPECT_EQ(built_in(3, 1234567.5), "1,234,568");
  EXPECT_EQ(shown("[$\xE2\x82\xAC-407] #,##0.00", 12), "\xE2\x82\xAC 12.00");
}
TEST(NumberFormat, shows_dates_and_times_as_they_are_printed) {
  EXPECT_EQ(built_in(14, 37036), "5/25/01");
  EXPECT_EQ(built_in(22, 37036.75), "5/25/01 18:00");
  EXPECT_EQ(built_in(18, 0.5), "12:00 PM");
  EXPECT_EQ(built_in(19, 0.0), "12:00:00 AM");
  EXPECT_EQ(shown("dddd, mmmm dd, yyyy", 43831), "Wednesday, January 01, 2020");
  EXPECT_EQ(shown("ddd d-mmm-yy", 43831), "Wed 1-Jan-20");
  EXPECT_EQ(shown("dd.mm.yyyy hh:mm", 43831.5), "01.01.2020 12:00");
  EXPECT_EQ(shown("[$-409]m/d/yy h:mm AM/PM;@", 43831.25), "1/1/20 6:00 AM");
  EXPECT_EQ(shown("yyyy\\-mm\\-dd", 42369, true), "2020-01-01");
}
TEST(NumberFormat, tells_minutes_from_months) {
  EXPECT_EQ(shown("mm:ss", 0.5 + 61.0 / 86400), "01:01");
  EXPECT_EQ(shown("mm:ss.0", 61.46 / 86400), "01:01.5");
  EXPECT_EQ(shown("h:mm", 43831.5), "12:00");
  EXPECT_EQ(shown("yyyy-mm", 43831.5), "2020-01");
}
TEST(NumberFormat, counts_hours_beyond_a_day) {
  EXPECT_EQ(shown("[h]:mm:ss", 1.5), "36:00:00");
  EXPECT_EQ(shown("[mm]:ss", 1.0 / 24), "60:00");
  EXPECT_EQ(shown("[h]:mm", -0.5), "-12:00");
}
TEST(NumberFormat, has_the_leap_day_that_1900_never_had) {
  EXPECT_EQ(shown("m/d/yyyy", 59), "2/28/1900");
  EXPECT_EQ(shown("m/d/yyyy", 60), "2/29/1900");
  EXPECT_EQ(shown("m/d/yyyy", 61), "3/1/1900");
}
TEST(NumberFormat, gives_placeholders_their_digits) {
  EXPECT_EQ(shown("000-00-0000", 123456789), "123-45-6789");
  EXPECT_EQ(shown("(###) ###-####", 2125551234), "(212) 555-1234");
  EXPECT_EQ(shown("00000", 501), "00501");
  EXPECT_EQ(shown("0,000", 7), "0,007");
  EXPECT_EQ(shown("#.##", 0.5), ".5");
  EXPECT_EQ(shown("0.0#", 2.5), "2.5");
  EXPECT_EQ(shown(".00", 12.5), "12.50");
  EXPECT_EQ(shown("0.00", 1.005), "1.01");
  EXPECT_EQ(shown("0.00", 9.999), "10.00");
  EXPECT_EQ(shown("0.00", -0.001), "0.00");
}
TEST(NumberFormat, scales_by_commas) {
  EXPECT_EQ(shown("#,##0,", 1234567), "1,235");
  EXPECT_EQ(shown("0.0,,\" M\"", 12345678), "12.3 M");
}
TEST(NumberFormat, shows_powers_and_fractions) {
  EXPECT_EQ(built_in(11, 12345), "1.23E+04");
  EXPECT_EQ(built_in(48, 12345), "12.3E+3");
  EXPECT_EQ(built_in(11, 0.00012), "1.20E-04");
  EXPECT_EQ(built_in(11, 0), "0.00E+00");
  EXPECT_EQ(built_in(12, 5.25), "5 1/4");
  EXPECT_EQ(shown("# ?/8", 0.5), " 4/8");
  EXPECT_EQ(built_in(13, 3.0), "3 ");
}
TEST(NumberFormat, chooses_the_section) {
  EXPECT_EQ(shown("0;(0);\"none\"", 5), "5");
  EXPECT_EQ(shown("0;(0);\"none\"", -5), "(5)");
  EXPECT_EQ(shown("0;(0);\"none\"", 0), "none");
  EXPECT_EQ(shown("[Red][<100]0.0;[>=1000]0,;0", 50), "50.0");
  EXPECT_EQ(shown("[Red][<100]0.0;[>=1000]0,;0", 5000), "5");
  EXPECT_EQ(shown("[Red][<100]0.0;[>=1000]0,;0", 500), "500");
  EXPECT_EQ(shown("0", -5), "-5");
  EXPECT_EQ(NumberFormat("0;0;0;\"Mr \"@").text("X"), "Mr X");
}
TEST(NumberFormat, hides_nothing) {
  EXPECT_EQ(shown(";;;", 42), "42");
  EXPECT_EQ(shown("\"***\"", 42), "*** 42");
  EXPECT_EQ(NumberFormat(";;;").text("secret"), "secret");
}
TEST(NumberFormat, shows_general_numbers_in_eleven_characters) {
  EXPECT_EQ(general_number(0.1 + 0.2), "0.3");
  EXPECT_EQ(general_number(1.0 / 3), "0.333333333");
  EXPECT_EQ(general_number(-1234.5), "-1234.5");
  EXPECT_EQ(general_number(1e20), "1E+20");
  EXPECT_EQ(general_number(1.23456789e-7), "1.23457E-07");
  EXPECT_EQ(general_number(0.00001), "0.00001");
  EXPECT_EQ(general_number(4111111111111111), "4.11111E+15");
  EXPECT_EQ(general_number(411111111111111), "411111111111111");
}
TEST(NumberFormat, survives_hostile_codes) {
  for (const double v :
       {0.0, -1.0, 0.5, 1e300, -1e300, 1e-300, 2958465.999999999, 9e15, std::nan(""), HUGE_VAL})
    for (const std::string& code :
         {std::string(500, '0'), std::string(500, '%'), std::string(500, ','), std::string(500, 'E'),
          std::string(500, ';'), std::string(500, '['), std::string(500, 'm'), std::string(500, 's'),
          std::string(500, '@'), std::string(500, '/'), std::string(500, '?') + "/" + std::string(9, '?'),
          std::string(100000, '#'), "0." + std::string(500, '0'), "0E+" + std::string(500, '0'),
          std::string(500, '0') + "E+0", "0" + std::string(500, ','), std::string("[h"), std::string("\""),
          std::string("\\"), std::string("_"), std::string("[$"), std::string("[<"), std::string("0/"),
          std::string("/0"), std::string("0/0/0"), std::string("#/#"), "[" + std::string(99, 'h') + "]",
          std::string("\xF0\x9F"), std::string("[>1e999]0;[<nan]0")}) {
      EXPECT_LT(shown(code, v).size(), 60000u);
      EXPECT_LT(NumberFormat(code).text("abc").size(), 60000u);
    }
}
TEST(NumberFormat, keeps_no_more_codes_than_a_book_has) {
  NumberFormats f;
  f.define(200, "0.0");
  for (std::uint32_t id = 1000; id < 100000; ++id) f.define(id, std::string(400, '0'));
  EXPECT_EQ(f.number(200, 1), "1.0");
  EXPECT_EQ(f.number(99999, 1), "1");
}
TEST(NumberFormat, survives_every_byte_in_every_place) {
  const std::string code = "[Red]#,##0.00_);(\"a\"0E+0)*-;[h]:mm:ss.0 AM/PM;@";
  for (std::size_t i = 0; i < code.size(); ++i)
    for (int b = 0; b < 256; ++b) {
      std::string c = code;
      c[i] = static_cast<char>(b);
      const NumberFormat f(c);
      for (const double v : {-12.5, 0.0, 43831.7}) static_cast<void>(f.number(v, false));
    }
}

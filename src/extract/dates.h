#pragma once
// Times as formats write them become RFC 3339 text, with the offset the source gave and without one if
// it gave none. "" when the bytes are no time: a wrong date is worse than none.

#include <cstdint>
#include <string>
#include <string_view>

namespace extract {

std::string mail_date(
    std::string_view rfc5322);  // tolerant: obsolete zones, missing weekday, two-digit years
std::string iso_date(
    std::string_view iso);  // 2021-03-04, 2021-03-04T10:11[:12[.5]][Z|+02:00], 20210304T101112Z
std::string any_date(std::string_view text);               // either of both
std::string filetime_date(std::uint64_t filetime);         // 100 ns since 1601, UTC

struct DateFields {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
};
std::string date_text(const DateFields& f, std::string_view offset);  // "" when they are no calendar time

}  // namespace extract

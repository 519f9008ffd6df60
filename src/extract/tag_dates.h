#pragma once
// Dates as formats write them, made RFC 3339; with an offset only where the format gave one.

#include <string>
#include <string_view>

namespace extract {

std::string pdf_date(std::string_view text);  // D:20190304101112+02'00'
// 2019:03:04 10:11:12, with an offset such as +02:00 or "".
std::string exif_date(std::string_view text, std::string_view offset);
// What people write into tags: 2019, 2019-03, 2019-03-04, 2019-03-04T10:11:12Z. Empty when it is none of
// these.
std::string loose_date(std::string_view text);

}  // namespace extract

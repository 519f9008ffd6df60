#pragma once
// Text in Custos is valid UTF-8 without NUL. What comes from outside passes through clean().

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace base {

bool is_utf8(std::string_view s);
void append_utf8(std::string& out, char32_t c);  // surrogates and values beyond U+10FFFF become U+FFFD
// Valid UTF-8: ill-formed sequences become U+FFFD, C0 controls other than \t \n become a space (\r\n and \r
// become \n). \f is kept out: pages are told by the caller, never by the text.
std::string clean(std::string_view s);
// Decodes one code point at `at` and moves past it; U+FFFD for an ill-formed byte.
char32_t next_code_point(std::string_view s, std::size_t& at);
std::u32string utf32(std::string_view s);

std::string lower_ascii(std::string_view s);
bool iequals_ascii(std::string_view a, std::string_view b);
bool starts_with_ci(std::string_view s, std::string_view prefix);
std::string_view trim(std::string_view s);
std::vector<std::string_view> split(std::string_view s, char at);
std::string join(const std::vector<std::string>& parts, std::string_view between);
// The first `bytes_max` bytes at most, cut before a code point that would not fit.
std::string_view cut(std::string_view s, std::size_t bytes_max);
std::string with_commas(std::uint64_t n);  // 1,234,567

// A name of the file system as text: valid UTF-8 stays as it is; other bytes become %XX, and '%' with them.
std::string name_as_text(std::string_view bytes);

}  // namespace base

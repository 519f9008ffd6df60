#pragma once
// The grammar of Internet messages (RFC 5322, 2045 to 2047, 2231), as tolerant as mail in the wild demands.
// Views point into the message; nothing here allocates more than the message is long.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace extract::mime {

struct Headers {
  std::vector<std::pair<std::string_view, std::string_view>> fields;  // name, value with its folding
  std::size_t body_at = 0;                                            // where the body begins
  std::string_view first(std::string_view name) const;                // "" when there is none
};
// At the start of `entity`; a "From " line of a mailbox before it is passed over.
Headers headers(std::string_view entity);

// A structured field: "text/plain; charset=utf-8".
struct Field {
  std::string value;  // lower case
  std::vector<std::pair<std::string, std::string>>
      parameters;  // names in lower case; RFC 2231 joined, decoded
  std::string parameter(std::string_view name) const;
};
Field field(std::string_view raw);

// Unfolded, encoded words resolved; raw 8-bit bytes by `charset_hint` or by what they look like.
std::string decode_words(std::string_view raw, std::string_view charset_hint = {});
// Each address of a list as "Name <user@host>".
std::vector<std::string> addresses(std::string_view raw, std::string_view charset_hint = {});
// "<a@b> <c@d>" without the brackets, separated by a space.
std::string message_ids(std::string_view raw);

std::string from_base64(std::string_view text);            // what is no base64 is passed over
std::string from_quoted_printable(std::string_view text);
// By a Content-Transfer-Encoding. Without a copy when there is nothing to decode.
std::string_view decode_body(std::string_view body, std::string_view encoding, std::string& storage);

// The bodies between the lines of a boundary; `closed` says whether the last line was there.
std::vector<std::string_view> split(std::string_view body, std::string_view boundary, bool& closed);

// A uuencoded file within text.
struct Uuencoded {
  std::size_t begin = 0, end = 0;  // of the block in the text
  std::string name, bytes;
  bool closed = false;
};
bool find_uuencoded(std::string_view text, std::size_t from, Uuencoded& found);

}  // namespace extract::mime

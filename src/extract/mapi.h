#pragma once
// Properties of Outlook messages as text and bytes, and what they mean as metadata: shared by MSG and TNEF.

#include <extract/reader.h>

#include <map>
#include <optional>

namespace extract::mapi {

enum Id : std::uint16_t {
  message_class = 0x001A,
  subject = 0x0037,
  client_submit_time = 0x0039,
  sent_name = 0x0042,
  sent_email = 0x0065,
  transport_headers = 0x007D,
  recipient_type = 0x0C15,
  sender_name = 0x0C1A,
  sender_email = 0x0C1F,
  display_bcc = 0x0E02,
  display_cc = 0x0E03,
  display_to = 0x0E04,
  delivery_time = 0x0E06,
  body = 0x1000,
  rtf = 0x1009,
  html = 0x1013,
  internet_id = 0x1035,
  references = 0x1039,
  in_reply_to = 0x1042,
  display_name = 0x3001,
  email_address = 0x3003,
  creation_time = 0x3007,
  modification_time = 0x3008,
  attach_data = 0x3701,
  attach_filename = 0x3704,
  attach_method = 0x3705,
  attach_long_filename = 0x3707,
  attach_mime = 0x370E,
  attach_content_id = 0x3712,
  smtp_address = 0x39FE,
  internet_code_page = 0x3FDE,
  message_code_page = 0x3FFD,
  sender_smtp = 0x5D01,
  sent_smtp = 0x5D02
};

// Strings are UTF-8, times raw, binary as it is.
struct Properties {
  std::map<std::uint16_t, std::string> text;
  std::map<std::uint16_t, std::string> binary;
  std::map<std::uint16_t, std::uint64_t> number;
  std::string get(std::uint16_t id) const {
    const auto i = text.find(id);
    return i == text.end() ? std::string{} : i->second;
  }
};

std::string address(const std::string& name, const std::string& email, const std::string& smtp);
// Subject, sender, dates and threads as metadata.
void tell(const Properties& p, Sink& sink);
// The body: plain, else HTML, else RTF.
void tell_body(const Properties& p, const Limits& limits, Sink& sink);
// [MS-OXRTFCP]; nothing when it is none.
std::optional<std::string> decompress_rtf(std::string_view packed, const Limits& limits);
// A serialized list of properties, as TNEF holds it.
Properties parse_tnef_properties(std::string_view bytes, std::string_view charset);

}  // namespace extract::mapi

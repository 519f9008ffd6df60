#include "charset.h"
#include "dates.h"
#include "mapi.h"
#include "readers_list.h"
#include "types.h"

#include <base/bytes.h>
#include <base/text.h>

namespace extract {
namespace {

enum Attribute : std::uint16_t {
  kFrom = 0x8000,
  kSubject = 0x8004,
  kSent = 0x8005,
  kReceived = 0x8006,
  kMessageId = 0x8009,
  kBody = 0x800C,
  kAttachData = 0x800F,
  kAttachTitle = 0x8010,
  kRendering = 0x9002,
  kProperties = 0x9003,
  kAttachment = 0x9005,
  kCodePage = 0x9007
};

struct Attached {
  std::string name, bytes;
  bool has_bytes = false;
  mapi::Properties properties;
};

std::string_view text_of(std::string_view s) { return s.substr(0, s.find('\0')); }

std::string date_of(std::string_view s) {
  base::Cursor c(s);
  DateFields f;
  for (int* v : {&f.year, &f.month, &f.day, &f.hour, &f.minute, &f.second}) *v = c.le<std::uint16_t>();
  return c.ok() ? date_text(f, "") : "";
}

base::Status read_tnef(Source& source, const Request& request, Sink& sink) {
  const std::string_view bytes = TRY(source.all());
  base::Cursor c(bytes);
  c.take(6);
  std::string charset = "windows-1252";
  mapi::Properties message;
  std::vector<Attached> attached;
  std::string subject, body, sent, received;
  while (c.left() >= 9) {
    c.le<std::uint8_t>();
    const auto id = static_cast<std::uint16_t>(c.le<std::uint32_t>());
    const std::string_view d = c.take(c.le<std::uint32_t>());
    c.le<std::uint16_t>();
    if (!c.ok()) {
      sink.finding(Reason::truncated, "inside an attribute");
      break;
    }
    if (id == kRendering && attached.size() < request.limits.parts_max) attached.emplace_back();
    Attached* a = attached.empty() ? nullptr : &attached.back();
    switch (id) {
      case kCodePage:
        if (d.size() >= 4)
          if (std::string page = charset_of_code_page(base::load_le<std::uint32_t>(d.data()) & 0xFFFF);
              !page.empty())
            charset = page;
        break;
      case kSubject: subject = decode(text_of(d), charset).text; break;
      case kBody: body = decode(text_of(d), charset).text; break;
      case kSent: sent = date_of(d); break;
      case kReceived: received = date_of(d); break;
      case kProperties: message = mapi::parse_tnef_properties(d, charset); break;
      case kAttachTitle:
        if (a) a->name = decode(text_of(d), charset).text;
        break;
      case kAttachData:
        if (a) a->bytes = d, a->has_bytes = true;
        break;
      case kAttachment:
        if (a) a->properties = mapi::parse_tnef_properties(d, charset);
        break;
      default: break;
    }
  }
  if (!subject.empty()) message.text.try_emplace(mapi::subject, subject);
  if (!body.empty()) message.text.try_emplace(mapi::body, body);
  if (!sent.empty() && !message.number.contains(mapi::client_submit_time)) sink.meta("date.sent", sent);
  if (!received.empty() && !message.number.contains(mapi::delivery_time))
    sink.meta("date.received", received);
  mapi::tell(message, sink);
  mapi::tell_body(message, request.limits, sink);
  std::uint64_t n = 0;
  for (Attached& a : attached) {
    PartInfo info;
    info.kind = PartKind::attachment, info.order = n++;
    info.name = a.properties.get(mapi::attach_long_filename);
    if (info.name.empty()) info.name = a.name;
    if (info.name.empty()) info.name = a.properties.get(mapi::display_name);
    info.name = info.name.substr(info.name.find_last_of("/\\") + 1);
    if (info.name.empty()) info.name = "attachment-" + std::to_string(n);
    info.type = a.properties.get(mapi::attach_mime);
    // An embedded message or object: the data of its property begins with the id of its interface.
    if (const auto o = a.properties.binary.find(mapi::attach_data);
        o != a.properties.binary.end() && o->second.size() > 16)
      a.bytes = o->second.substr(16), a.has_bytes = true;
    if (!a.has_bytes) {
      sink.lost_part(info, Reason::missing_part, "attachment without data");
      continue;
    }
    if (!sink.begin_part(info)) break;
    sink.part_bytes(a.bytes);
    sink.end_part();
  }
  sink.expect(attached.size());
  return base::Done{};
}

constexpr std::string_view kTnefTypes[] = {types::kTnef};

}  // namespace

const Reader tnef_reader{{"custos.tnef", "1"}, kTnefTypes, read_tnef};

}  // namespace extract

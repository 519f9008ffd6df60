#include "mapi.h"

#include "charset.h"
#include "dates.h"
#include "html_text.h"
#include "mime.h"
#include "rtf.h"

#include <base/bytes.h>
#include <base/text.h>

namespace extract::mapi {
namespace {

using base::load_le;

constexpr std::size_t kLinks = 200;

std::string charset_of_message(const Properties& p) {
  for (const std::uint16_t id : {internet_code_page, message_code_page})
    if (const auto n = p.number.find(id); n != p.number.end())
      if (std::string c = charset_of_code_page(static_cast<unsigned>(n->second & 0xFFFF)); !c.empty())
        return c;
  return {};
}

}  // namespace

std::string address(const std::string& name, const std::string& email, const std::string& smtp) {
  const std::string& best = smtp.empty() ? email : smtp;
  if (best.empty() || best == name) return name;
  return name.empty() ? best : name + " <" + best + ">";
}

void tell(const Properties& p, Sink& sink) {
  const auto give = [&](std::string_view key, const std::string& v) {
    if (!v.empty()) sink.meta(key, v);
  };
  give("title", p.get(subject));
  std::string from = address(p.get(sent_name), p.get(sent_email), p.get(sent_smtp));
  if (from.empty()) from = address(p.get(sender_name), p.get(sender_email), p.get(sender_smtp));
  give("from", from);
  std::string sent, received, id = p.get(internet_id), reply = p.get(in_reply_to), refs = p.get(references);
  if (const std::string headers = p.get(transport_headers); !headers.empty()) {
    const mime::Headers h = mime::headers(headers);
    sent = mail_date(h.first("date"));  // with the offset of the sender, which MAPI does not keep
    if (id.empty()) id = h.first("message-id");
    if (reply.empty()) reply = h.first("in-reply-to");
    if (refs.empty()) refs = h.first("references");
    if (const std::string_view r = h.first("received"); r.rfind(';') != r.npos)
      received = mail_date(r.substr(r.rfind(';') + 1));
  }
  const auto time = [&](std::uint16_t key) {
    const auto n = p.number.find(key);
    return n == p.number.end() ? std::string{} : filetime_date(n->second);
  };
  give("date.sent", sent.empty() ? time(client_submit_time) : sent);
  give("date.received", received.empty() ? time(delivery_time) : received);
  give("date.created", time(creation_time));
  give("date.modified", time(modification_time));
  if (!id.empty()) give("message_id", mime::message_ids(id));
  if (!reply.empty()) give("in_reply_to", mime::message_ids(reply));
  if (!refs.empty()) give("references", mime::message_ids(refs));
  if (const std::string c = p.get(message_class); !c.empty() && c != "IPM.Note")
    sink.meta("x.message_class", c);
}

void tell_body(const Properties& p, const Limits& limits, Sink& sink) {
  if (const std::string t = p.get(body); !base::trim(t).empty()) {
    sink.text(t);
    return;
  }
  std::string page = p.get(html);
  std::string charset = page.empty() ? charset_of_message(p) : "utf-8";
  if (const auto b = p.binary.find(html); page.empty() && b != p.binary.end()) page = b->second;
  if (!page.empty()) {
    const HtmlText h = html_text(page, charset);
    std::size_t n = 0;
    for (const std::string& l : h.links)
      if (n++ < kLinks) sink.meta("x.link", l);
    sink.text(h.text);
    return;
  }
  const auto packed = p.binary.find(rtf);
  if (packed == p.binary.end()) return;
  if (const auto text = decompress_rtf(packed->second, limits)) read_rtf(*text, limits, sink);
  else sink.finding(Reason::damaged, "compressed RTF");
}

std::optional<std::string> decompress_rtf(std::string_view in, const Limits& limits) {
  static constexpr std::string_view kStart =
      "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
      "\\fdecor MS Sans "
      "SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
      "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
  base::Cursor c(in);
  c.take(4);
  const auto raw = c.le<std::uint32_t>(), kind = c.le<std::uint32_t>();
  c.take(4);
  if (!c.ok()) return {};
  const std::size_t most = static_cast<std::size_t>(
      std::min<std::uint64_t>({raw, limits.whole_bytes_max, in.size() * 18ull + 4096}));
  if (kind == 0x414C454D) return std::string(c.take(std::min<std::size_t>(c.left(), most)));
  if (kind != 0x75465A4C) return {};
  std::string out, ring(4096, '\0');
  ring.replace(0, kStart.size(), kStart);
  std::size_t write = kStart.size();
  const auto put = [&](char ch) {
    out += ch;
    ring[write] = ch;
    write = (write + 1) & 4095;
  };
  while (c.left() && out.size() < most) {
    const auto control = c.le<std::uint8_t>();
    for (unsigned bit = 0; bit < 8 && c.left() && out.size() < most; ++bit) {
      if (!(control >> bit & 1)) {
        put(static_cast<char>(c.le<std::uint8_t>()));
        continue;
      }
      const auto pair = c.be<std::uint16_t>();
      if (!c.ok()) return out;
      std::size_t from = pair >> 4;
      if (from == write) return out;
      for (unsigned n = (pair & 15u) + 2; n > 0; --n, from = (from + 1) & 4095) put(ring[from]);
    }
  }
  return out;
}

Properties parse_tnef_properties(std::string_view bytes, std::string_view charset) {
  Properties p;
  base::Cursor c(bytes);
  const auto count = c.le<std::uint32_t>();
  for (std::uint32_t i = 0; i < count && c.ok() && c.left(); ++i) {
    const auto type = c.le<std::uint16_t>(), id = c.le<std::uint16_t>();
    if (id >= 0x8000) {
      c.take(16);
      if (c.le<std::uint32_t>() == 0) c.take(4);
      else if (const auto n = c.le<std::uint32_t>(); c.ok()) c.take((n + 3ull) & ~3ull);
    }
    const bool many = type & 0x1000;
    const unsigned kind = type & 0xFFF;
    const bool variable = kind == 0x1E || kind == 0x1F || kind == 0x102 || kind == 0x0D;
    const std::uint32_t values = many || variable ? c.le<std::uint32_t>() : 1;
    for (std::uint32_t v = 0; v < values && c.ok() && c.left(); ++v) {
      if (variable) {
        const auto n = c.le<std::uint32_t>();
        const std::string_view data = c.take(n);
        c.take(std::min<std::size_t>((4 - n % 4) % 4, c.left()));
        if (!c.ok()) break;
        if (kind == 0x1E) p.text.try_emplace(id, decode(data.substr(0, data.find('\0')), charset).text);
        else if (kind == 0x1F) {
          std::string t = from_utf16le(data.substr(0, data.size() & ~std::size_t{1}));
          p.text.try_emplace(id, t.substr(0, t.find('\0')));
        } else p.binary.try_emplace(id, data);
      } else if (kind == 0x48) {
        c.take(16);
      } else if (kind == 0x05 || kind == 0x06 || kind == 0x07 || kind == 0x14 || kind == 0x40) {
        p.number.try_emplace(id, c.le<std::uint64_t>());
      } else {
        p.number.try_emplace(id, c.le<std::uint32_t>());
      }
    }
  }
  return p;
}

}  // namespace extract::mapi

#include "message.h"

#include "charset.h"
#include "dates.h"
#include "html_text.h"
#include "mime.h"
#include "text_out.h"
#include "types.h"

#include <base/text.h>

namespace extract {
namespace {

constexpr std::size_t kLinks = 200, kNameBytes = 500;

bool is_blank(std::string_view s) { return s.find_first_not_of(" \t\r\n\xC2\xA0") == s.npos; }

// What says it is plain and is not.
bool begins_as_page(std::string_view bytes) {
  const std::string_view start = base::trim(bytes.substr(0, 256));
  return base::starts_with_ci(start, "<html") || base::starts_with_ci(start, "<!doctype html");
}

void tell_headers(const mime::Headers& h, std::string_view hint, Sink& sink) {
  struct Key {
    std::string_view header, key;
    enum { words, list, ids, date } how;
  };
  static constexpr Key kKeys[] = {
      {"subject", "title", Key::words},         {"from", "from", Key::list},
      {"to", "to", Key::list},                  {"cc", "cc", Key::list},
      {"bcc", "bcc", Key::list},                {"sender", "x.sender", Key::list},
      {"reply-to", "x.reply_to", Key::list},    {"message-id", "message_id", Key::ids},
      {"in-reply-to", "in_reply_to", Key::ids}, {"references", "references", Key::ids},
      {"x-mailer", "software", Key::words},     {"user-agent", "software", Key::words},
      {"keywords", "keywords", Key::words},     {"organization", "company", Key::words},
      {"list-id", "x.list_id", Key::words},     {"x-originating-ip", "x.originating_ip", Key::words},
      {"return-path", "x.return_path", Key::words}, {"delivered-to", "x.delivered_to", Key::words},
      {"thread-topic", "x.thread_topic", Key::words}, {"date", "date.sent", Key::date},
      {"content-language", "language", Key::words}, {"comments", "comment", Key::words},
      {"snapshot-content-location", "x.url", Key::words},
  };
  bool received = false;
  for (const auto& [name, raw] : h.fields) {
    if (!received && base::iequals_ascii(name, "received")) {
      const std::size_t semicolon = raw.rfind(';');
      if (semicolon == raw.npos) continue;
      received = true;
      if (const std::string d = mail_date(raw.substr(semicolon + 1)); !d.empty())
        sink.meta("date.received", d);
      continue;
    }
    for (const Key& k : kKeys) {
      if (!base::iequals_ascii(name, k.header)) continue;
      if (k.how == Key::words) {
        if (const std::string v = mime::decode_words(raw, hint); !v.empty()) sink.meta(k.key, v);
      } else if (k.how == Key::list) {
        for (const std::string& a : mime::addresses(raw, hint)) sink.meta(k.key, a);
      } else if (k.how == Key::ids) {
        if (const std::string v = mime::message_ids(raw); !v.empty()) sink.meta(k.key, v);
      } else if (const std::string d = mail_date(raw); !d.empty()) {
        sink.meta(k.key, d);
      } else if (!is_blank(raw)) {
        sink.meta("x.date", mime::decode_words(raw, hint));  // as written: it is no date we know
      }
    }
  }
}

class Message {
 public:
  Message(const Limits& limits, Sink& sink) : limits_(limits), sink_(sink), out_(sink) {}

  void read(std::string_view bytes) {
    const mime::Headers h = mime::headers(bytes);
    std::string hint;
    const mime::Field type = mime::field(h.first("content-type"));
    hint = type.parameter("charset");
    tell_headers(h, hint, sink_);
    entity(h, type, bytes.substr(std::min(h.body_at, bytes.size())), {});
    out_.flush();
    if (!charset_.empty()) sink_.meta("charset", charset_);
    sink_.expect(expected_);
  }

 private:
  struct Place {
    std::string_view within;  // subtype of the multipart that holds this
    unsigned depth = 0;
    bool first = true;
    std::size_t plain_bytes = 0;  // text already given by this alternative
  };

  void entity(const mime::Headers& h, const mime::Field& type, std::string_view body, Place place) {
    if (type.value.starts_with("multipart/")) return multipart(type, body, place);
    const std::string_view encoding = h.first("content-transfer-encoding");
    const mime::Field disposition = mime::field(h.first("content-disposition"));
    std::string name = disposition.parameter("filename");
    if (name.empty()) name = type.parameter("name");
    const std::string_view location = h.first("content-location");
    const bool attached = disposition.value == "attachment" || !name.empty();
    if (type.value == "message/rfc822" || type.value == "message/news" || type.value == "message/global")
      return embedded(body, encoding, std::move(name));
    const bool texty = type.value.empty() || type.value.starts_with("text/") ||
                       type.value.starts_with("message/") || type.value == "text";
    const bool resource = place.within == "related" && !place.first && !location.empty();
    if (texty && !attached && !resource && type.value != "text/calendar" && type.value != "text/rtf" &&
        type.value != "text/vcard" && type.value != "text/x-vcard")
      return text(type, body, encoding, place);
    if (type.value == "application/pkcs7-mime" || type.value == "application/x-pkcs7-mime") {
      if (const std::string s = type.parameter("smime-type"); s.empty() || s == "enveloped-data")
        sink_.finding(Reason::encrypted, "S/MIME");
      if (name.empty()) name = "smime.p7m";
    }
    if (name.empty() && !location.empty()) {
      name = mime::decode_words(location);
      name = name.substr(name.find_last_of("/\\") + 1);
    }
    attachment(type.value, body, encoding, std::move(name), PartKind::attachment);
  }

  void multipart(const mime::Field& type, std::string_view body, Place place) {
    if (place.depth >= limits_.depth_max) {
      sink_.finding(Reason::too_deep, "multipart");
      give_text(body);
      return;
    }
    std::string boundary = type.parameter("boundary");
    if (boundary.empty()) boundary = guessed_boundary(body);
    bool closed = false;
    std::vector<std::string_view> parts;
    if (!boundary.empty()) parts = mime::split(body, boundary, closed);
    if (parts.empty()) {
      if (!is_blank(body)) {
        sink_.finding(Reason::truncated, "multipart without its parts");
        give_text(body);
      }
      return;
    }
    if (type.value == "multipart/encrypted") sink_.finding(Reason::encrypted, "PGP/MIME");
    const std::string subtype = type.value.substr(10);
    Place inner{subtype, place.depth + 1, true, 0};
    const std::size_t before = given_;
    for (const std::string_view part : parts) {
      const mime::Headers h = mime::headers(part);
      mime::Field t = mime::field(h.first("content-type"));
      if (t.value.empty() && subtype == "digest") t.value = "message/rfc822";
      entity(h, t, part.substr(std::min(h.body_at, part.size())), inner);
      inner.first = false;
      if (subtype == "alternative") inner.plain_bytes = given_ - before;
      else if (place.within == "alternative") inner.plain_bytes = place.plain_bytes;
    }
  }

  // The boundary line may be all that is left of a damaged header.
  static std::string guessed_boundary(std::string_view body) {
    for (std::size_t at = 0, lines = 0; at < body.size() && lines < 50; ++lines) {
      const std::size_t end = std::min(body.find('\n', at), body.size());
      const std::string_view line = base::trim(body.substr(at, end - at));
      if (line.size() > 4 && line.starts_with("--") && line.find(' ') == line.npos)
        return std::string(line.substr(2));
      at = end + 1;
    }
    return {};
  }

  void text(const mime::Field& type, std::string_view body, std::string_view encoding, const Place& place) {
    std::string storage;
    std::string_view bytes = mime::decode_body(body, encoding, storage);
    const bool html = type.value == "text/html" || type.value == "text/x-amp-html" ||
                      begins_as_page(bytes);
    if (html) {
      // A page beside its plain text says the same again, unless it says far more.
      if (place.plain_bytes && bytes.size() < 8 * place.plain_bytes + 2000) return;
      const HtmlText page = html_text(bytes, type.parameter("charset"));
      if (place.plain_bytes && page.text.size() < 3 * place.plain_bytes + 200) return;
      if (charset_.empty()) charset_ = page.charset;
      for (const std::string& l : page.links)
        if (links_++ < kLinks) sink_.meta("x.link", l);
      return give_text(page.text);
    }
    std::string decoded, charset;
    std::string_view t = decode_view(bytes, type.parameter("charset"), decoded, &charset);
    if (charset_.empty() && !t.empty()) charset_ = charset;
    if (t.find("-----BEGIN PGP MESSAGE-----") != t.npos)
      sink_.finding(Reason::encrypted, "PGP within the text");
    std::size_t at = 0;
    mime::Uuencoded u;
    while (mime::find_uuencoded(t, at, u)) {
      give_text(t.substr(at, u.begin - at));
      give_part(u.name, "", u.bytes, PartKind::attachment, u.closed);
      at = u.end;
    }
    give_text(t.substr(at));
  }

  void give_text(std::string_view t) {
    if (is_blank(t)) return;
    given_ += t.size();
    if (had_text_) out_.line(), out_.add("\n");
    had_text_ = true;
    out_.add(t);
  }

  void embedded(std::string_view body, std::string_view encoding, std::string name) {
    std::string storage;
    const std::string_view bytes = mime::decode_body(body, encoding, storage);
    if (name.empty()) {
      name = mime::decode_words(mime::headers(bytes).first("subject"));
      name = std::string(base::cut(name.empty() ? "message" : name, kNameBytes)) + ".eml";
      for (char& c : name)
        if (c == '/' || c == '\\') c = '_';
    }
    give_part(name, "message/rfc822", bytes, PartKind::attachment, true);
  }

  void attachment(std::string_view type, std::string_view body, std::string_view encoding, std::string name,
                  PartKind kind) {
    std::string storage;
    const std::string_view bytes = mime::decode_body(body, encoding, storage);
    if (name.empty()) {
      const std::size_t slash = type.find('/');
      std::string_view suffix = slash == type.npos ? "bin" : type.substr(slash + 1);
      if (type == "text/calendar") suffix = "ics";
      else if (type == "text/html") suffix = "html";
      else if (type.starts_with("text/")) suffix = "txt";
      else if (suffix.size() > 5 || suffix.find('.') != suffix.npos) suffix = "bin";
      name = "attachment-" + std::to_string(expected_ + 1) + "." + std::string(suffix);
    }
    give_part(name, type, bytes, kind, true);
  }

  void give_part(std::string_view name, std::string_view type, std::string_view bytes, PartKind kind,
                 bool whole) {
    PartInfo info;
    name = name.substr(name.find_last_of("/\\") + 1);
    info.name = base::cut(name, kNameBytes), info.kind = kind, info.type = type, info.order = expected_++;
    if (info.name.empty()) info.name = "attachment-" + std::to_string(expected_);
    if (stopped_) return;
    if (!sink_.begin_part(info)) {
      stopped_ = true;
      return;
    }
    sink_.part_bytes(bytes);
    if (whole) sink_.end_part();
    else sink_.fail_part(Reason::truncated, "uuencoded file without its end");
  }

  const Limits& limits_;
  Sink& sink_;
  TextOut out_;
  std::string charset_;
  std::size_t given_ = 0, links_ = 0;
  std::uint64_t expected_ = 0;
  bool had_text_ = false, stopped_ = false;
};

}  // namespace

void read_message(std::string_view bytes, const Limits& limits, Sink& sink) {
  Message(limits, sink).read(bytes);
}

std::string read_message_headers(std::string_view block, Sink& sink) {
  const mime::Headers h = mime::headers(block);
  tell_headers(h, {}, sink);
  return mime::decode_words(h.first("subject"));
}

}  // namespace extract

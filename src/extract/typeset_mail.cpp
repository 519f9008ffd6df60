// Messages: their headers as a table, the body with the pictures it carries, what is attached by name.
#include "charset.h"
#include "dates.h"
#include "html_text.h"
#include "mime.h"
#include "msg.h"
#include "typeset_from.h"
#include "types.h"

#include <base/text.h>

#include <algorithm>

namespace extract::typeset {
namespace {

using Kind = Block::Kind;

constexpr std::size_t kPartsMax = 2000, kAddressesMax = 4000, kNamesMax = 200;

struct Header {
  std::string name, value;
};

void headers(const std::vector<Header>& all, Composer& c) {
  Block table{.kind = Kind::table};
  table.width = -1;
  table.border[2] = {1, 0x888888};
  table.margin.bottom = 12;
  table.back = 0xFFFFFF;
  c.begin(std::move(table));
  for (const Header& h : all) {
    if (base::trim(h.value).empty()) continue;
    c.begin({.kind = Kind::row});
    for (const bool name : {true, false}) {
      Block cell{.kind = Kind::cell};
      cell.padding = {2, 8, 2, 0};
      if (name) cell.width = 90;
      c.begin(std::move(cell));
      c.style = {}, c.paragraph = {};
      c.style.size = 13, c.style.bold = name || h.name == "Subject";
      if (name) c.style.colour = 0x555555;
      c.text(name ? h.name : h.value);
      c.end();
    }
    c.end();
  }
  c.end();
  c.style = {}, c.paragraph = {};
}

void attached(const std::vector<std::string>& names, Composer& c) {
  if (names.empty()) return;
  Block rule{.kind = Kind::box};
  rule.margin = {16, 0, 4, 0};
  rule.border[0] = {1, 0x888888};
  c.begin(std::move(rule));
  c.end();
  for (std::size_t n = 0; n < std::min(names.size(), kNamesMax); ++n) {
    Block box{.kind = Kind::box};
    box.frame(1, 0xBBBBBB), box.back = 0xFFFFFF, box.padding = {3, 6, 3, 6}, box.margin = {3, 0, 0, 0};
    c.begin(std::move(box));
    c.style = {}, c.paragraph = {};
    c.style.size = 12;
    c.text(names[n]);
    c.end();
  }
}

std::string attached_name(std::string_view name, std::string_view type, std::size_t bytes) {
  std::string out(name);
  if (!type.empty()) out += (out.empty() ? "" : " — ") + std::string(type);
  return out + " — " + base::with_commas(bytes);
}

std::string_view without_brackets(std::string_view id) {
  id = base::trim(id);
  if (id.starts_with('<')) id.remove_prefix(1);
  if (id.ends_with('>')) id.remove_suffix(1);
  return id;
}

std::string percent_decoded(std::string_view s) {
  const auto hex = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i)
    if (s[i] == '%' && i + 2 < s.size() && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0)
      out += static_cast<char>(hex(s[i + 1]) << 4 | hex(s[i + 2])), i += 2;
    else
      out += s[i];
  return out;
}

struct Leaf {
  mime::Field type;
  std::string_view body, encoding, id, location;
  std::string name;
  bool attachment = false, page = false;
  std::size_t choice = 0;  // the alternatives it is one of; 0: none
};

class Mail {
 public:
  explicit Mail(const Limits& limits) : limits_(limits) {}

  void read(std::string_view bytes, Composer& c) {
    const mime::Headers h = mime::headers(bytes);
    const mime::Field type = mime::field(h.first("content-type"));
    const std::string hint = type.parameter("charset");
    std::vector<Header> shown;
    for (const std::string_view wanted : {"From", "To", "Cc", "Bcc", "Reply-To", "Date", "Subject"})
      for (const auto& [name, raw] : h.fields)
        if (base::iequals_ascii(name, wanted))
          shown.push_back(
              {std::string(wanted), std::string(base::cut(mime::decode_words(raw, hint), kAddressesMax))});
    headers(shown, c);
    walk(h, type, bytes.substr(std::min(h.body_at, bytes.size())), 0, 0);
    // Of alternatives the page is shown, as a mail program would.
    std::vector<std::string> names;
    bool first = true;
    for (const Leaf& l : leaves_) {
      const bool other = l.choice && !l.page &&
                         std::any_of(leaves_.begin(), leaves_.end(),
                                     [&](const Leaf& o) { return o.choice == l.choice && o.page; });
      if (l.attachment) {
        std::string storage;
        names.push_back(
            attached_name(l.name, l.type.value, mime::decode_body(l.body, l.encoding, storage).size()));
      } else if (!other) {
        if (!std::exchange(first, false)) gap(c);
        show(l, c);
      }
    }
    attached(names, c);
  }

 private:
  static void gap(Composer& c) {
    Block b{.kind = Kind::box};
    b.height = 12;
    c.begin(std::move(b));
    c.end();
  }

  void walk(const mime::Headers& h, const mime::Field& type, std::string_view body, unsigned depth,
            std::size_t choice) {
    if (leaves_.size() >= kPartsMax) return;
    if (type.value.starts_with("multipart/") && depth < limits_.depth_max) {
      const std::string boundary = type.parameter("boundary");
      bool closed = false;
      std::vector<std::string_view> parts;
      if (!boundary.empty()) parts = mime::split(body, boundary, closed);
      if (!parts.empty()) {
        if (type.value == "multipart/alternative") choice = ++choices_;
        for (const std::string_view part : parts) {
          const mime::Headers inner = mime::headers(part);
          walk(inner, mime::field(inner.first("content-type")),
               part.substr(std::min(inner.body_at, part.size())), depth + 1, choice);
        }
        return;
      }
    }
    Leaf l;
    l.type = type, l.body = body, l.encoding = h.first("content-transfer-encoding");
    l.id = without_brackets(h.first("content-id")), l.location = base::trim(h.first("content-location"));
    const mime::Field disposition = mime::field(h.first("content-disposition"));
    l.name = disposition.parameter("filename");
    if (l.name.empty()) l.name = type.parameter("name");
    const bool texty = type.value.empty() || type.value.starts_with("text/") || type.value == "text" ||
                       type.value.starts_with("multipart/");
    l.attachment = disposition.value == "attachment" || !texty || (!l.name.empty() && depth > 0) ||
                   type.value == "text/calendar";
    l.page = type.value == "text/html";
    l.choice = l.attachment ? 0 : choice;
    leaves_.push_back(std::move(l));
  }

  void show(const Leaf& l, Composer& c) {
    std::string storage, decoded;
    const std::string_view bytes = mime::decode_body(l.body, l.encoding, storage);
    std::string_view start = base::trim(bytes.substr(0, 256));
    const bool page =
        l.page || base::starts_with_ci(start, "<html") || base::starts_with_ci(start, "<!doctype html");
    std::string charset = l.type.parameter("charset");
    if (charset.empty() && page) charset = html_charset(bytes);
    const std::string_view text = decode_view(bytes, charset, decoded);
    if (page)
      return compose_html(
          text, [this](std::string_view address) { return image(address); }, c);
    c.style = {}, c.style.size = 14;
    compose_plain(text, c);
  }

  std::optional<std::string> image(std::string_view address) const {
    std::string wanted(address);
    const bool cid = base::starts_with_ci(address, "cid:");
    if (cid) wanted = percent_decoded(address.substr(4));
    for (const Leaf& l : leaves_) {
      if (cid ? l.id != wanted && l.name != wanted : l.location != wanted) continue;
      std::string storage;
      return std::string(mime::decode_body(l.body, l.encoding, storage));
    }
    return {};
  }

  const Limits& limits_;
  std::vector<Leaf> leaves_;
  std::size_t choices_ = 0;
};

void outlook(const Ole& ole, const Limits& limits, Composer& c) {
  const mapi::Properties p = msg_properties(ole, "", 32);
  std::vector<Header> shown;
  const auto any = [&](std::string_view name, std::string value) {
    if (!value.empty()) shown.push_back({std::string(name), std::string(base::cut(value, kAddressesMax))});
  };
  std::string from = mapi::address(p.get(mapi::sent_name), p.get(mapi::sent_email), p.get(mapi::sent_smtp));
  if (from.empty())
    from = mapi::address(p.get(mapi::sender_name), p.get(mapi::sender_email), p.get(mapi::sender_smtp));
  any("From", from);
  std::array<std::string, 3> to;
  for (const Ole::Entry* e : ole.below("")) {
    if (!e->storage() || !e->name.starts_with("__recip_version1.0_")) continue;
    const mapi::Properties r = msg_properties(ole, e->path, 8);
    const auto kind = r.number.find(mapi::recipient_type);
    const std::uint64_t k = kind == r.number.end() ? 1 : kind->second & 0xF;
    std::string& list = to[k == 2 ? 1 : k == 3 ? 2 : 0];
    if (list.size() < kAddressesMax)
      list += (list.empty() ? "" : ", ") +
              mapi::address(r.get(mapi::display_name), r.get(mapi::email_address), r.get(mapi::smtp_address));
  }
  any("To", to[0].empty() ? p.get(mapi::display_to) : to[0]);
  any("Cc", to[1].empty() ? p.get(mapi::display_cc) : to[1]);
  any("Bcc", to[2].empty() ? p.get(mapi::display_bcc) : to[2]);
  std::string date(mime::decode_words(mime::headers(p.get(mapi::transport_headers)).first("date")));
  if (const auto n = p.number.find(mapi::client_submit_time); date.empty() && n != p.number.end())
    date = filetime_date(n->second);
  any("Date", date);
  any("Subject", p.get(mapi::subject));
  headers(shown, c);

  struct Attached {
    const Ole::Entry* entry;
    std::string id, name, type;
  };
  std::vector<Attached> parts;
  std::vector<std::string> names;
  for (const Ole::Entry* e : ole.below("")) {
    if (!e->storage() || !e->name.starts_with("__attach_version1.0_") || parts.size() >= kPartsMax) continue;
    const mapi::Properties a = msg_properties(ole, e->path, 8);
    std::string name = a.get(mapi::attach_long_filename);
    if (name.empty()) name = a.get(mapi::attach_filename);
    if (name.empty()) name = a.get(mapi::display_name);
    const auto data = a.binary.find(mapi::attach_data);
    names.push_back(
        attached_name(name, a.get(mapi::attach_mime), data == a.binary.end() ? 0 : data->second.size()));
    parts.push_back({e, a.get(mapi::attach_content_id), name, a.get(mapi::attach_mime)});
  }
  const FindImage image = [&](std::string_view address) -> std::optional<std::string> {
    if (!base::starts_with_ci(address, "cid:")) return {};
    const std::string wanted = percent_decoded(address.substr(4));
    for (const Attached& a : parts)
      if (a.id == wanted || (a.id.empty() && a.name == wanted)) {
        mapi::Properties all = msg_properties(ole, a.entry->path, 8);
        if (const auto data = all.binary.find(mapi::attach_data); data != all.binary.end())
          return std::move(data->second);
      }
    return {};
  };
  std::string page = p.get(mapi::html), charset = "utf-8", storage;
  if (const auto b = p.binary.find(mapi::html); page.empty() && b != p.binary.end()) {
    page = b->second;
    charset = html_charset(page);
    if (const auto n = p.number.find(mapi::internet_code_page); charset.empty() && n != p.number.end())
      charset = charset_of_code_page(static_cast<unsigned>(n->second & 0xFFFF));
  }
  const auto packed = p.binary.find(mapi::rtf);
  std::optional<std::string> rich;
  if (page.empty() && packed != p.binary.end()) rich = mapi::decompress_rtf(packed->second, limits);
  if (!page.empty()) {
    compose_html(decode_view(page, charset, storage), image, c);
  } else if (rich) {
    compose_rtf(*rich, limits, c);
  } else {
    c.style = {}, c.style.size = 14;
    compose_plain(p.get(mapi::body), c);
  }
  attached(names, c);
}

}  // namespace

base::Result<Document> mail_document(Source& source, const Request& request) {
  Document d;
  Composer c(d);
  c.here().margin = {40, 40, 40, 40};
  if (request.type == types::kMsg) {
    const Ole ole = TRY(Ole::open(source, request.limits));
    outlook(ole, request.limits, c);
  } else {
    Mail(request.limits).read(TRY(source.all()), c);
  }
  return d;
}

}  // namespace extract::typeset

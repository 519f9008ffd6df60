#include "msg.h"

#include "charset.h"
#include "readers_list.h"
#include "types.h"

#include <base/bytes.h>
#include <base/text.h>

namespace extract {
namespace {

using base::load_le;

constexpr std::string_view kStream = "__substg1.0_", kFixed = "__properties_version1.0";

}  // namespace

mapi::Properties msg_properties(const Ole& ole, std::string_view storage, std::size_t header) {
  mapi::Properties p;
  std::string charset;
  std::vector<std::pair<std::uint16_t, std::string>> narrow;
  for (const Ole::Entry* e : ole.below(storage)) {
    if (e->kind != 2) continue;
    if (e->name == kFixed) {
      const std::string s = ole.read(*e);
      for (std::size_t at = header; at + 16 <= s.size(); at += 16) {
        const auto tag = load_le<std::uint32_t>(&s[at]);
        const unsigned kind = tag & 0xFFFF;
        if (kind == 0x02 || kind == 0x03 || kind == 0x0B || kind == 0x40 || kind == 0x14)
          p.number[static_cast<std::uint16_t>(tag >> 16)] = kind == 0x40 || kind == 0x14
                                                                ? load_le<std::uint64_t>(&s[at + 8])
                                                                : load_le<std::uint32_t>(&s[at + 8]);
      }
      continue;
    }
    if (!e->name.starts_with(kStream) || e->name.size() != kStream.size() + 8) continue;
    const std::string number = e->name.substr(kStream.size());
    const auto tag = static_cast<std::uint32_t>(std::strtoul(number.c_str(), nullptr, 16));
    const auto id = static_cast<std::uint16_t>(tag >> 16);
    if ((tag & 0xFFFF) == 0x1F)
      p.text[id] = from_utf16le(ole.read(*e));
    else if ((tag & 0xFFFF) == 0x1E)
      narrow.emplace_back(id, ole.read(*e));
    else if ((tag & 0xFFFF) == 0x102)
      p.binary[id] = ole.read(*e);
  }
  if (const auto n = p.number.find(mapi::message_code_page); n != p.number.end())
    charset = charset_of_code_page(static_cast<unsigned>(n->second & 0xFFFF));
  for (auto& [id, bytes] : narrow) p.text.try_emplace(id, decode(bytes, charset).text);
  for (auto& [id, t] : p.text)
    while (!t.empty() && t.back() == '\0') t.pop_back();
  return p;
}

namespace {

class Message {
 public:
  Message(const Ole& ole, const Limits& limits, Sink& sink) : ole_(ole), limits_(limits), sink_(sink) {}

  void read(const std::string& storage, unsigned depth) {
    const mapi::Properties p = msg_properties(ole_, storage, storage.empty() ? 32 : 24);
    mapi::tell(p, sink_);
    std::uint64_t recipients = 0;
    for (const Ole::Entry* e : ole_.below(storage)) {
      if (!e->storage() || !e->name.starts_with("__recip_version1.0_")) continue;
      const mapi::Properties r = msg_properties(ole_, e->path, 8);
      const auto kind = r.number.find(mapi::recipient_type);
      const std::uint64_t k = kind == r.number.end() ? 1 : kind->second & 0xF;
      const std::string a =
          mapi::address(r.get(mapi::display_name), r.get(mapi::email_address), r.get(mapi::smtp_address));
      if (!a.empty()) sink_.meta(k == 2 ? "cc" : k == 3 ? "bcc" : "to", a), ++recipients;
    }
    if (!recipients)
      for (const auto& [id, key] :
           {std::pair{mapi::display_to, "to"}, {mapi::display_cc, "cc"}, {mapi::display_bcc, "bcc"}})
        if (const std::string t = p.get(id); !t.empty()) sink_.meta(key, t);
    mapi::tell_body(p, limits_, sink_);
    if (const std::string c = p.get(mapi::message_class);
        c.find("SMIME") != c.npos && c.find("MultipartSigned") == c.npos)
      sink_.finding(Reason::encrypted, "S/MIME");
    std::uint64_t n = 0;
    for (const Ole::Entry* e : ole_.below(storage))
      if (e->storage() && e->name.starts_with("__attach_version1.0_")) attachment(*e, n++, depth);
    sink_.expect(n);
  }

 private:
  void attachment(const Ole::Entry& storage, std::uint64_t order, unsigned depth) {
    const mapi::Properties p = msg_properties(ole_, storage.path, 8);
    PartInfo info;
    info.kind = PartKind::attachment, info.order = order;
    info.name = p.get(mapi::attach_long_filename);
    if (info.name.empty()) info.name = p.get(mapi::attach_filename);
    if (info.name.empty()) info.name = p.get(mapi::display_name);
    info.name = info.name.substr(info.name.find_last_of("/\\") + 1);
    if (info.name.empty()) info.name = "attachment-" + std::to_string(order + 1);
    info.type = p.get(mapi::attach_mime);
    const std::string inner = storage.path + "/__substg1.0_3701000D";
    if (const Ole::Entry* e = ole_.find(inner); e && e->storage()) {
      if (ole_.find(inner + "/" + std::string(kFixed))) return embedded(std::move(info), inner, depth);
      return give(info, ole_copy(ole_, inner));
    }
    const auto data = p.binary.find(mapi::attach_data);
    if (data == p.binary.end()) return sink_.lost_part(info, Reason::missing_part, "attachment without data");
    give(info, data->second);
  }
  void embedded(PartInfo info, const std::string& inner, unsigned depth) {
    info.type = types::kMsg, info.kind = PartKind::message;
    if (depth >= limits_.depth_max / 2) return sink_.lost_part(info, Reason::too_deep, "messages");
    if (!sink_.begin_item(info)) return;
    read(inner, depth + 1);
    sink_.end_item();
  }
  void give(const PartInfo& info, std::string_view bytes) {
    if (stopped_) return;
    if (!sink_.begin_part(info)) {
      stopped_ = true;
      return;
    }
    sink_.part_bytes(bytes);
    sink_.end_part();
  }
  const Ole& ole_;
  const Limits& limits_;
  Sink& sink_;
  bool stopped_ = false;
};

base::Status read_msg(Source& source, const Request& request, Sink& sink) {
  const Ole ole = TRY(Ole::open(source, request.limits));
  Message(ole, request.limits, sink).read("", 0);
  if (ole.broken()) sink.finding(Reason::damaged, "compound file");
  return base::Done{};
}

constexpr std::string_view kMsgTypes[] = {types::kMsg};

}  // namespace

const Reader msg_reader{{"custos.msg", "1"}, kMsgTypes, read_msg};

}  // namespace extract

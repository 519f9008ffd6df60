#include "dates.h"
#include "epub.h"
#include "html_text.h"
#include "readers_list.h"
#include "text_out.h"
#include "types.h"
#include "xml_scan.h"

#include <base/text.h>

namespace extract {
namespace {

using Event = XmlScan::Event;

std::string unescaped(std::string_view s) {
  const auto hex = [](char c) {
    return c >= '0' && c <= '9' ? c - '0' : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10 : -1;
  };
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && i + 2 < s.size() && hex(s[i + 1]) >= 0 && hex(s[i + 2]) >= 0)
      out += static_cast<char>(hex(s[i + 1]) << 4 | hex(s[i + 2])), i += 2;
    else
      out += s[i];
  }
  return out;
}

EpubPackage package(std::string_view bytes, const std::string& folder, Sink& sink) {
  static constexpr std::pair<std::string_view, std::string_view> kKeys[] = {{"title", "title"},
                                                                            {"creator", "author"},
                                                                            {"language", "language"},
                                                                            {"publisher", "company"},
                                                                            {"description", "x.description"},
                                                                            {"subject", "keywords"},
                                                                            {"date", "date.created"},
                                                                            {"identifier", "x.identifier"}};
  EpubPackage p;
  XmlScan xml(bytes);
  std::string_view key;
  std::string value;
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    if (e == Event::start) {
      key = {}, value.clear();
      if (xml.name() == "item") {
        p.items.try_emplace(xml.attribute("id"), EpubPackage::Item{folder + unescaped(xml.attribute("href")),
                                                                   xml.attribute("media-type")});
      } else if (xml.name() == "itemref") {
        p.spine.push_back(xml.attribute("idref"));
      } else if (xml.full_name().starts_with("dc:")) {
        for (const auto& [name, k] : kKeys)
          if (xml.name() == name) key = k;
      }
    } else if (e == Event::text && !key.empty()) {
      value += xml.text();
    } else if (e == Event::end && !key.empty()) {
      const std::string v = key == "date.created" ? iso_date(value) : std::string(base::trim(value));
      if (!v.empty()) sink.meta(key, key == "language" ? v.substr(0, v.find('-')) : v);
      key = {};
    }
  }
  return p;
}

bool is_locked(std::string_view encryption) {
  // Obfuscated fonts are no lock on the text.
  XmlScan xml(encryption);
  for (Event e = xml.next(); e != Event::done; e = xml.next())
    if (e == Event::start && xml.name() == "EncryptionMethod") {
      const std::string a = xml.attribute("Algorithm");
      if (a.find("idpf.org") == a.npos && a.find("ns.adobe.com/pdf/enc#RC") == a.npos) return true;
    }
  return false;
}

}  // namespace

std::optional<EpubPackage> epub_package(const ZipPackage& zip, Sink& sink) {
  std::string root;
  if (const auto container = zip.read("META-INF/container.xml", sink)) {
    XmlScan xml(*container);
    for (Event e = xml.next(); e != Event::done && root.empty(); e = xml.next())
      if (e == Event::start && xml.name() == "rootfile") root = xml.attribute("full-path");
  }
  if (!zip.find(root))
    for (const ZipPackage::Member& m : zip.members())
      if (m.name.ends_with(".opf")) root = m.name;
  const auto bytes = zip.read(root, sink);
  if (!bytes) return {};
  const std::size_t slash = root.rfind('/');
  EpubPackage p = package(*bytes, slash == root.npos ? "" : root.substr(0, slash + 1), sink);
  if (const auto encryption = zip.read("META-INF/encryption.xml", sink)) p.locked = is_locked(*encryption);
  return p;
}

namespace {

base::Status read_epub(Source& source, const Request& request, Sink& sink) {
  const ZipPackage zip = TRY(ZipPackage::open(source, request.limits));
  const auto found = epub_package(zip, sink);
  if (!found) return base::Error{base::Refusal::damaged, "the package of the book is missing"};
  const EpubPackage& p = *found;
  if (p.locked) {
    sink.finding(Reason::encrypted, "rights management");
    return base::Done{};
  }
  TextOut out(sink);
  std::uint64_t page = 0, parts = 0;
  for (const std::string& id : p.spine) {
    const auto item = p.items.find(id);
    if (page >= request.limits.pages_max) {
      sink.finding(Reason::too_large, "pages");
      break;
    }
    if (page++) out.page();
    const auto text = item == p.items.end() ? std::nullopt : zip.read(item->second.href, sink);
    if (text)
      out.add(html_text(*text).text);
    else
      sink.finding(Reason::missing_part, "spine " + id);
    if (out.full()) break;
  }
  out.flush();
  sink.meta("pages", std::to_string(p.spine.size()));
  bool open = true;
  for (const auto& [id, item] : p.items) {
    if (!item.type.starts_with("image/") && !item.type.starts_with("audio/") &&
        !item.type.starts_with("video/"))
      continue;
    PartInfo info;
    info.name = item.href, info.type = item.type, info.order = parts++;
    const ZipPackage::Member* m = zip.find(item.href);
    if (!m)
      sink.lost_part(info, Reason::missing_part, "named by the package");
    else if (open)
      open = zip.give(*m, info, sink);
  }
  if (parts) sink.expect(parts);
  return base::Done{};
}

constexpr std::string_view kEpubTypes[] = {types::kEpub};

}  // namespace

const Reader epub_reader{{"custos.epub", "1"}, kEpubTypes, read_epub};

}  // namespace extract

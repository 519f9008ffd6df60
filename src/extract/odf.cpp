#include "dates.h"
#include "readers_list.h"
#include "text_out.h"
#include "types.h"
#include "under_password.h"
#include "xml_scan.h"
#include "zip_package.h"

#include <base/text.h>

namespace extract {
namespace {

using Event = XmlScan::Event;

class Content {
 public:
  Content(TextOut& out, const Limits& limits, Sink& sink) : out_(out), limits_(limits), sink_(sink) {}

  // `paged`: the element that is a page of this kind of document, or "".
  void read(std::string_view bytes, std::string_view paged) {
    XmlScan xml(bytes);
    int paragraphs = 0;
    for (Event e = xml.next(); e != Event::done && !out_.full(); e = xml.next()) {
      const std::string_view n = xml.full_name();
      if (e == Event::text) {
        if (paragraphs > 0) out_.add(xml.text());
      } else if (e == Event::start) {
        if (n == "text:p" || n == "text:h") ++paragraphs;
        start(xml, n, paged);
      } else {
        if (n == "text:p" || n == "text:h")
          out_.add("\n"), paragraphs -= paragraphs > 0;
        else if (n == "table:table-row")
          out_.line();
        else if (n == "text:deletion")
          out_.add("-]"), out_.line();
      }
    }
    out_.line();
    if (xml.truncated()) sink_.finding(Reason::truncated, "content.xml");
  }
  std::uint64_t pages() const { return pages_; }

 private:
  void start(XmlScan& xml, std::string_view n, std::string_view paged) {
    if (n == "text:tab")
      out_.add("\t");
    else if (n == "text:line-break")
      out_.add("\n");
    else if (n == "text:s")
      out_.add(" ");
    else if (n == "table:table-cell")
      out_.space(), out_.add("\t");
    else if (n == "text:deletion")
      out_.line(), out_.add("[-");
    else if (n == "dc:creator" && xml.depth() > 3)
      creator(xml);
    else if (n == "text:a")
      link(xml.attribute("xlink:href"));
    else if (n == "script:script" || n == "office:scripts")
      xml.skip();
    if (paged.empty() || n != paged) return;
    const std::string name = xml.attribute(paged == "draw:page" ? "draw:name" : "table:name");
    if (pages_ >= limits_.pages_max) {
      if (!std::exchange(told_, true)) sink_.finding(Reason::too_large, "pages");
    } else if (pages_++) {
      out_.page();
    }
    if (paged == "table:table") out_.add(name), out_.line();
  }
  void creator(XmlScan& xml) {
    if (xml.next() == Event::text) out_.line(), out_.add("[" + std::string(xml.text()) + "] ");
  }
  void link(const std::string& to) {
    if (!to.empty() && to[0] != '#' && links_++ < 200) sink_.meta("x.link", to);
  }
  TextOut& out_;
  const Limits& limits_;
  Sink& sink_;
  std::uint64_t pages_ = 0, links_ = 0;
  bool told_ = false;
};

void tell_properties(std::string_view bytes, bool sheets, Sink& sink) {
  static constexpr std::pair<std::string_view, std::string_view> kKeys[] = {
      {"dc:title", "title"},
      {"meta:initial-creator", "author"},
      {"dc:creator", "x.last_saved_by"},
      {"dc:subject", "x.subject"},
      {"meta:keyword", "keywords"},
      {"dc:description", "comment"},
      {"meta:generator", "software"},
      {"meta:creation-date", "date.created"},
      {"dc:date", "date.modified"},
      {"dc:language", "language"},
      {"meta:printed-by", "x.printed_by"},
      {"meta:print-date", "x.last_printed"}};
  XmlScan xml(bytes);
  std::string_view key;
  std::string value;
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    if (e == Event::start) {
      key = {}, value.clear();
      for (const auto& [name, k] : kKeys)
        if (xml.full_name() == name) key = k;
      if (xml.full_name() == "meta:document-statistic" && !sheets)
        if (const std::string n = xml.attribute("meta:page-count"); !n.empty()) sink.meta("pages", n);
    } else if (e == Event::text && !key.empty()) {
      value += xml.text();
    } else if (e == Event::end && !key.empty()) {
      const std::string v = key.starts_with("date.") ? iso_date(value) : std::string(base::trim(value));
      if (!v.empty()) sink.meta(key, v);
      key = {};
    }
  }
}

void give_files(const ZipPackage& zip, Sink& sink) {
  std::uint64_t n = 0;
  bool open = true;
  for (const ZipPackage::Member& m : zip.members()) {
    const std::string_view name = m.name;
    const bool object = name.starts_with("Object ") && name.find('/') == name.npos;  // an OLE object
    if (name.ends_with('/') || (!name.starts_with("Pictures/") && !name.starts_with("media/") && !object))
      continue;
    PartInfo info;
    info.name = m.name, info.order = n++;
    if (open) open = zip.give(m, info, sink);
  }
  if (n) sink.expect(n);
}

// Whether one of the passwords opens the document; if so, its members are open from here on.
bool unlock(OdfSeal& seal, ZipPackage& zip, const Request& request, Sink& sink) {
  const ZipPackage::Member* content = zip.find("content.xml");
  if (!content) return true;  // told by who reads it
  const base::Status opened = seal.unlock(content->name, zip.packed(*content), request.passwords);
  if (!opened.ok()) {
    sink.finding(opened.error().why == base::Refusal::denied ? Reason::encrypted : Reason::unsupported,
                 opened.error().message);
    return false;
  }
  zip.unseal(seal);
  sink.meta("x.encrypted", kOpenedByPassword);
  return true;
}

base::Status read_odf(Source& source, const Request& request, Sink& sink) {
  ZipPackage zip = TRY(ZipPackage::open(source, request.limits));
  const bool sheets = request.type == types::kOds,
             slides = request.type == types::kOdp || request.type == types::kOdg;
  const auto manifest = zip.read("META-INF/manifest.xml", sink);
  OdfSeal seal(manifest ? *manifest : "");
  const bool closed = seal.any() && !unlock(seal, zip, request, sink);
  if (const auto meta = zip.read("meta.xml", sink); meta && meta->find('<') != meta->npos)
    tell_properties(*meta, sheets, sink);
  if (closed) return base::Done{};
  const auto content = zip.read("content.xml", sink);
  if (!content) {
    sink.finding(Reason::missing_part, "content.xml");
    return base::Done{};
  }
  TextOut out(sink);
  Content story(out, request.limits, sink);
  story.read(*content, sheets ? "table:table" : slides ? "draw:page" : "");
  if (sheets || slides) sink.meta("pages", std::to_string(story.pages()));
  if (const auto styles = zip.read("styles.xml", sink))  // headers and footers
    if (const std::size_t k = styles->find("<office:master-styles"); k != styles->npos)
      Content(out, request.limits, sink).read(std::string_view(*styles).substr(k), "");
  for (const ZipPackage::Member& m : zip.members())
    if (m.name.starts_with("Object ") && m.name.ends_with("/content.xml"))
      if (const auto object = zip.read(m, sink)) Content(out, request.limits, sink).read(*object, "");
  out.flush();
  give_files(zip, sink);
  return base::Done{};
}

constexpr std::string_view kOdfTypes[] = {types::kOdt, types::kOds, types::kOdp, types::kOdg};

}  // namespace

const Reader odf_reader{{"custos.odf", "1"}, kOdfTypes, read_odf};

}  // namespace extract

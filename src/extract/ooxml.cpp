#include "ooxml.h"

#include "dates.h"
#include "readers_list.h"
#include "types.h"

#include <base/text.h>

#include <algorithm>

namespace extract {
namespace ooxml {
namespace {

using Event = XmlScan::Event;

constexpr std::size_t kLinks = 200;

std::string folder_of(std::string_view part) {
  const std::size_t slash = part.rfind('/');
  return slash == part.npos ? "" : std::string(part.substr(0, slash + 1));
}

// "../media/a.png" from "ppt/slides/" is "ppt/media/a.png".
std::string resolved(std::string_view folder, std::string_view target) {
  if (target.starts_with('/')) return std::string(target.substr(1));
  std::vector<std::string_view> steps;
  for (const std::string_view whole : {folder, target})
    for (const std::string_view s : base::split(whole, '/')) {
      if (s == ".." && !steps.empty())
        steps.pop_back();
      else if (!s.empty() && s != "." && s != ".." && steps.size() < 64)
        steps.push_back(s);
    }
  std::string out;
  for (const std::string_view s : steps) out += (out.empty() ? "" : "/") + std::string(s);
  return out;
}

}  // namespace

Relations relations_of(const ZipPackage& zip, std::string_view part, Sink& sink) {
  Relations out;
  const std::string folder = folder_of(part);
  const std::string name = folder + "_rels/" + std::string(part.substr(folder.size())) + ".rels";
  const auto bytes = zip.read(name, sink);
  if (!bytes) return out;
  XmlScan xml(*bytes);
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    if (e != Event::start || xml.name() != "Relationship") continue;
    Relation r;
    r.external = xml.attribute("TargetMode") == "External";
    r.type = xml.attribute("Type");
    r.target = r.external ? xml.attribute("Target") : resolved(folder, xml.attribute("Target"));
    out.try_emplace(xml.attribute("Id"), std::move(r));
  }
  return out;
}

std::string main_part(const ZipPackage& zip, std::string_view type, Sink& sink) {
  for (const auto& [id, r] : relations_of(zip, "", sink))
    if (r.type.ends_with("/officeDocument") && zip.find(r.target)) return r.target;
  return type == types::kXlsx   ? "xl/workbook.xml"
         : type == types::kPptx ? "ppt/presentation.xml"
                                : "word/document.xml";
}

void tell_links(const Relations& relations, Sink& sink) {
  std::size_t n = 0;
  for (const auto& [id, r] : relations)
    if (r.external && n++ < kLinks)
      sink.meta(r.type.ends_with("/attachedTemplate") ? "x.template" : "x.link", r.target);
}

void tell_properties(const ZipPackage& zip, Sink& sink) {
  static constexpr std::pair<std::string_view, std::string_view> kKeys[] = {
      {"title", "title"},
      {"creator", "author"},
      {"lastModifiedBy", "x.last_saved_by"},
      {"subject", "x.subject"},
      {"keywords", "keywords"},
      {"description", "comment"},
      {"category", "category"},
      {"Company", "company"},
      {"Manager", "manager"},
      {"Application", "software"},
      {"created", "date.created"},
      {"modified", "date.modified"},
      {"language", "language"},
      {"revision", "x.revision"},
      {"lastPrinted", "x.last_printed"},
      {"TotalTime", "x.editing_minutes"},
      {"Template", "x.template"}};
  for (const std::string_view part : {"docProps/core.xml", "docProps/app.xml"}) {
    const auto bytes = zip.read(part, sink);
    if (!bytes) continue;
    XmlScan xml(*bytes);
    std::string_view key;
    std::string value;
    for (Event e = xml.next(); e != Event::done; e = xml.next()) {
      if (e == Event::start) {
        key = {}, value.clear();
        for (const auto& [name, k] : kKeys)
          if (xml.depth() == 2 && xml.name() == name) key = k;
      } else if (e == Event::text && !key.empty()) {
        value += xml.text();
      } else if (e == Event::end && !key.empty()) {
        const std::string v = key.starts_with("date.") ? iso_date(value) : std::string(base::trim(value));
        if (!v.empty()) sink.meta(key, v);
        key = {};
      }
    }
  }
}

void give_files(const ZipPackage& zip, std::string_view folder, Sink& sink) {
  std::uint64_t n = 0;
  bool open = true;
  for (const ZipPackage::Member& m : zip.members()) {
    std::string_view name = m.name;
    if (!name.starts_with(folder) || name.ends_with('/')) continue;
    name.remove_prefix(folder.size());
    if (!name.starts_with("/media/") && !name.starts_with("/embeddings/") && !name.starts_with("/activeX/") &&
        !name.ends_with("vbaProject.bin") && !name.starts_with("/ink/") && !name.starts_with("/afchunk"))
      continue;
    PartInfo info;
    info.name = m.name, info.order = n++;
    if (open) open = zip.give(m, info, sink);
  }
  if (n) sink.expect(n);
}

void drawing_text(std::string_view bytes, TextOut& out) {
  XmlScan xml(bytes);
  bool in_text = false;
  for (Event e = xml.next(); e != Event::done && !out.full(); e = xml.next()) {
    const std::string_view n = xml.name();
    if (e == Event::text) {
      if (in_text) out.add(xml.text());
    } else if (e == Event::start) {
      in_text = n == "t" || n == "text";
      if (n == "br")
        out.add("\n");
      else if (n == "tab")
        out.add("\t");
      else if (n == "Fallback")
        xml.skip();
      else if (n == "cNvPr" || n == "docPr") {
        if (const std::string d = xml.attribute("descr"); !d.empty()) out.line(), out.add(d), out.line();
      }
    } else {
      in_text = false;
      if (n == "p" || n == "tr")
        out.line();
      else if (n == "tc")
        out.add("\t");
    }
  }
  out.line();
}

std::vector<std::string> numbered(const ZipPackage& zip, std::string_view begin, std::string_view end) {
  std::vector<std::string> out;
  for (const ZipPackage::Member& m : zip.members())
    if (m.name.starts_with(begin) && m.name.ends_with(end) && m.name.find('/', begin.size()) == m.name.npos)
      out.push_back(m.name);
  std::sort(out.begin(), out.end(), [](const std::string& a, const std::string& b) {
    return std::pair(a.size(), std::string_view(a)) < std::pair(b.size(), std::string_view(b));
  });
  return out;
}

void tell_state(const XmlScan& xml, std::string_view part, Sink& sink) {
  if (xml.truncated()) sink.finding(Reason::truncated, part);
}

namespace {

// One story of a document: its body, a header, its notes.
void story(std::string_view bytes, std::string_view part, TextOut& out, Sink& sink) {
  XmlScan xml(bytes);
  bool in_text = false;
  for (Event e = xml.next(); e != Event::done && !out.full(); e = xml.next()) {
    const std::string_view n = xml.name();
    if (e == Event::text) {
      if (in_text) out.add(xml.text());
      continue;
    }
    if (e == Event::start) {
      in_text = n == "t" || n == "delText";
      if (n == "tab" && xml.empty_element() && xml.attribute("val").empty())
        out.add("\t");
      else if (n == "br" || n == "cr")
        out.add("\n");
      else if (n == "noBreakHyphen")
        out.add("-");
      else if (n == "Fallback" || n == "instrText" || n == "delInstrText" || n == "pPrChange" ||
               n == "rPrChange")
        xml.skip();
      else if (n == "del" && !xml.empty_element())
        out.add("[-");
      else if (n == "comment")
        out.line(), out.add("[" + xml.attribute("author") + " " + xml.attribute("date") + "] ");
      else if (n == "sym") {
        std::string t;
        const std::string code = xml.attribute("char");
        const auto c = static_cast<char32_t>(std::strtoul(code.c_str(), nullptr, 16));
        base::append_utf8(t, c >= 0xF020 && c <= 0xF0FF ? c - 0xF000 : c ? c : U' ');
        out.add(t);
      } else if (n == "docPr") {
        if (const std::string d = xml.attribute("descr"); !d.empty()) out.space(), out.add(d), out.space();
      }
    } else {
      in_text = false;
      if (n == "p")
        out.add("\n");
      else if (n == "tc")
        out.add("\t");
      else if (n == "tr")
        out.line();
      else if (n == "del")
        out.add("-]");
    }
  }
  out.line();
  tell_state(xml, part, sink);
}

}  // namespace

void read_document(const ZipPackage& zip, std::string_view main, Sink& sink) {
  TextOut out(sink);
  const auto part = [&](std::string_view name) {
    const auto bytes = zip.read(name, sink);
    if (bytes) story(*bytes, name, out, sink);
    return bytes.has_value();
  };
  if (!part(main)) sink.finding(Reason::missing_part, main);
  const std::string folder = folder_of(main);
  for (const std::string_view name : {"footnotes.xml", "endnotes.xml", "comments.xml"})
    part(folder + std::string(name));
  for (const std::string_view name : {"header", "footer"})
    for (const std::string& member : numbered(zip, folder + std::string(name), ".xml")) part(member);
  for (const std::string_view name : {"diagrams/data", "charts/chart"})
    for (const std::string& member : numbered(zip, folder + std::string(name), ".xml"))
      if (const auto bytes = zip.read(member, sink)) drawing_text(*bytes, out);
  out.flush();
  tell_links(relations_of(zip, main, sink), sink);
}

}  // namespace ooxml

namespace {

base::Status read_ooxml(Source& source, const Request& request, Sink& sink) {
  const ZipPackage zip = TRY(ZipPackage::open(source, request.limits));
  ooxml::tell_properties(zip, sink);
  const std::string main = ooxml::main_part(zip, request.type, sink);
  std::string_view folder = "word";
  if (request.type == types::kXlsx) {
    folder = "xl";
    ooxml::read_workbook(zip, main, request.limits, sink);
  } else if (request.type == types::kPptx) {
    folder = "ppt";
    ooxml::read_slides(zip, main, request.limits, sink);
  } else {
    ooxml::read_document(zip, main, sink);
  }
  ooxml::give_files(zip, folder, sink);
  return base::Done{};
}

constexpr std::string_view kOoxmlTypes[] = {types::kDocx, types::kXlsx, types::kPptx};

}  // namespace

const Reader ooxml_reader{{"custos.ooxml", "1"}, kOoxmlTypes, read_ooxml};

}  // namespace extract

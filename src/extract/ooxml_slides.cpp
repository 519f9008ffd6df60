#include "ooxml.h"

namespace extract::ooxml {

void read_slides(const ZipPackage& zip, std::string_view main, const Limits& limits, Sink& sink) {
  using Event = XmlScan::Event;
  const Relations relations = relations_of(zip, main, sink);
  std::vector<std::string> slides;
  const auto presentation = zip.read(main, sink);
  if (!presentation) sink.finding(Reason::missing_part, main);
  XmlScan xml(presentation ? std::string_view(*presentation) : std::string_view{});
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    if (e != Event::start || xml.name() != "sldId") continue;
    const auto r = relations.find(xml.attribute("r:id"));
    if (r != relations.end())
      slides.push_back(r->second.target);
    else
      sink.finding(Reason::missing_part, "a slide without its relation");
  }
  if (slides.empty()) slides = numbered(zip, "ppt/slides/slide", ".xml");
  TextOut out(sink);
  std::size_t page = 0;
  for (const std::string& name : slides) {
    if (page >= limits.pages_max) {
      sink.finding(Reason::too_large, "slides");
      break;
    }
    if (page++) out.page();
    if (const auto bytes = zip.read(name, sink))
      drawing_text(*bytes, out);
    else
      sink.finding(Reason::missing_part, name);
    const Relations own = relations_of(zip, name, sink);
    tell_links(own, sink);
    for (const auto& [id, r] : own) {
      if (r.external) continue;
      if (r.type.ends_with("/notesSlide") || r.type.ends_with("/diagramData") ||
          r.type.ends_with("/comments") || r.type.ends_with("/chart"))
        if (const auto bytes = zip.read(r.target, sink)) drawing_text(*bytes, out);
    }
    if (out.full()) break;
  }
  out.flush();
  sink.meta("pages", std::to_string(slides.size()));
}

}  // namespace extract::ooxml

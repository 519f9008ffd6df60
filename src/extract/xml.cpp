#include "charset.h"
#include "readers_list.h"
#include "text_out.h"
#include "types.h"
#include "xml_scan.h"

#include <base/text.h>

namespace extract {
namespace {

// Text of elements and values of attributes. Elements that follow one another without anything between
// stand on lines of their own; inline markup within words does not break them.
base::Status read_xml(Source& source, const Request& request, Sink& sink) {
  const std::string_view bytes = TRY(source.all());
  std::string storage, charset;
  const std::string_view text = decode_view(bytes, xml_encoding(bytes), storage, &charset);
  sink.meta("charset", charset);
  XmlScan xml(text);
  TextOut out(sink);
  bool deep = false;
  XmlScan::Event before = XmlScan::Event::done;
  for (XmlScan::Event e = xml.next(); e != XmlScan::Event::done && !out.full(); before = e, e = xml.next()) {
    if (e == XmlScan::Event::text) {
      const std::string_view t = xml.text();
      if (!base::trim(t).empty()) out.add(t);
      else if (!t.empty()) out.line();
      continue;
    }
    if (before == XmlScan::Event::end && e == XmlScan::Event::start) out.line();
    if (e != XmlScan::Event::start) continue;
    if (before == XmlScan::Event::start) out.line();
    deep |= xml.depth() > request.limits.depth_max;
    bool any = false;
    xml.each_attribute([&](std::string_view name, std::string_view value) {
      if (name.starts_with("xmlns") || value.empty() || name.starts_with("xsi:")) return;
      if (!std::exchange(any, true)) out.space();
      out.add(value);
      out.space();
    });
  }
  out.flush();
  if (xml.truncated()) sink.finding(Reason::truncated, "elements are left open");
  else if (xml.damaged()) sink.finding(Reason::damaged, "not well-formed");
  if (deep) sink.finding(Reason::too_deep, "elements");
  return base::Done{};
}

constexpr std::string_view kXmlTypes[] = {types::kXml, types::kSvg,
                                       "application/vnd.oasis.opendocument.text-flat-xml"};

}  // namespace

const Reader xml_reader{{"custos.xml", "1"}, kXmlTypes, read_xml};

}  // namespace extract

#include "charset.h"
#include "dates.h"
#include "mime.h"
#include "readers_list.h"
#include "text_out.h"
#include "types.h"
#include "xml_scan.h"

#include <base/text.h>

namespace extract {
namespace {

using Event = XmlScan::Event;

base::Status read_fb2(Source& source, const Request&, Sink& sink) {
  const std::string_view bytes = TRY(source.all());
  std::string storage, charset;
  const std::string_view text = decode_view(bytes, xml_encoding(bytes), storage, &charset);
  sink.meta("charset", charset);
  XmlScan xml(text);
  TextOut out(sink);
  bool in_head = false, in_author = false, in_binary = false, dated = false;
  std::string value, author, binary, binary_name, binary_type;
  std::uint64_t parts = 0;
  for (Event e = xml.next(); e != Event::done && !out.full(); e = xml.next()) {
    const std::string_view n = xml.name();
    if (e == Event::text) {
      if (in_binary) binary += xml.text();
      else if (in_head) value += xml.text();
      else if (!base::trim(xml.text()).empty()) out.add(xml.text());
    } else if (e == Event::start) {
      value.clear();
      if (n == "title-info") in_head = true;
      else if (n == "document-info" || n == "publish-info" || n == "custom-info") xml.skip();
      else if (n == "author") in_author = in_head, author.clear();
      else if (n == "binary")
        in_binary = true, binary.clear(), binary_name = xml.attribute("id"),
        binary_type = xml.attribute("content-type");
      else if (n == "annotation") in_head = false;
    } else if (in_binary && n == "binary") {
      in_binary = false;
      PartInfo info;
      info.name = binary_name, info.type = binary_type, info.order = parts++;
      if (!sink.begin_part(info)) break;
      sink.part_bytes(mime::from_base64(binary));
      sink.end_part();
    } else if (n == "annotation") {
      in_head = true;
      out.line();
    } else if (in_head) {
      const std::string v(base::trim(value));
      if (n == "title-info") in_head = false;
      else if (in_author && (n == "first-name" || n == "middle-name" || n == "last-name") && !v.empty())
        author += (author.empty() ? "" : " ") + v;
      else if (n == "author" && in_author) in_author = false, sink.meta("author", author);
      else if (n == "book-title") sink.meta("title", v);
      else if (n == "lang") sink.meta("language", v);
      else if (n == "genre" || n == "keywords") sink.meta("keywords", v);
      else if (n == "date" && !iso_date(v).empty() && !std::exchange(dated, true))
        sink.meta("date.created", iso_date(v));
    } else if (n == "p" || n == "title" || n == "subtitle" || n == "v" || n == "section" ||
               n == "text-author") {
      out.line();
    }
  }
  out.flush();
  if (xml.truncated() && !out.full()) sink.finding(Reason::truncated, "elements are left open");
  return base::Done{};
}

constexpr std::string_view kFb2Types[] = {types::kFb2};

}  // namespace

const Reader fb2_reader{{"custos.fb2", "1"}, kFb2Types, read_fb2};

}  // namespace extract

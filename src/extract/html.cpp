#include "html_text.h"
#include "readers_list.h"
#include "types.h"

namespace extract {
namespace {

base::Status read_html(Source& source, const Request&, Sink& sink) {
  const std::string_view bytes = TRY(source.all());
  const HtmlText page = html_text(bytes);
  sink.meta("charset", page.charset);
  if (!page.title.empty()) sink.meta("title", page.title);
  for (const auto& [key, value] : page.metas) sink.meta(key, value);
  for (const std::string& link : page.links) sink.meta("x.link", link);
  sink.text(page.text);
  if (page.truncated) sink.finding(Reason::truncated, "ends inside a tag");
  return base::Done{};
}

constexpr std::string_view kHtmlTypes[] = {types::kHtml, types::kXhtml};

}  // namespace

const Reader html_reader{{"custos.html", "1"}, kHtmlTypes, read_html};

}  // namespace extract

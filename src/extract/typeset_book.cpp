// Pages of HTML, and books that are made of them.
#include "charset.h"
#include "epub.h"
#include "html_text.h"
#include "mime.h"
#include "overheard.h"
#include "typeset_from.h"
#include "xml_scan.h"

#include <base/text.h>

namespace extract::typeset {
namespace {

using Event = XmlScan::Event;

Section narrow() {
  Section s;
  s.margin = {40, 40, 40, 40};
  return s;
}

// "../images/a.png" seen from "text/one.xhtml" is "images/a.png".
std::string beside(std::string_view from, std::string_view address) {
  address = address.substr(0, address.find_first_of("#?"));
  std::vector<std::string_view> steps;
  const std::size_t slash = from.rfind('/');
  for (const std::string_view whole :
       {slash == from.npos ? std::string_view{} : from.substr(0, slash), address})
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

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text)
    if (c == '<')
      out += "&lt;";
    else if (c == '&')
      out += "&amp;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
}

// Elements of FictionBook 2 and the elements of HTML that look like them.
constexpr std::pair<std::string_view, std::string_view> kFiction[] = {{"p", "p"},
                                                                      {"title", "h2"},
                                                                      {"subtitle", "h3"},
                                                                      {"emphasis", "i"},
                                                                      {"strong", "b"},
                                                                      {"code", "code"},
                                                                      {"sub", "sub"},
                                                                      {"sup", "sup"},
                                                                      {"cite", "blockquote"},
                                                                      {"epigraph", "blockquote"},
                                                                      {"stanza", "p"},
                                                                      {"v", "div"},
                                                                      {"section", "div"},
                                                                      {"poem", "div"},
                                                                      {"text-author", "p"},
                                                                      {"strikethrough", "s"},
                                                                      {"table", "table"},
                                                                      {"tr", "tr"},
                                                                      {"td", "td"},
                                                                      {"th", "th"},
                                                                      {"annotation", "blockquote"}};

}  // namespace

base::Result<Document> html_document(Source& source, const Request&) {
  const std::string_view bytes = TRY(source.all());
  std::string storage, charset;
  const std::string_view text = decode_view(bytes, html_charset(bytes), storage, &charset);
  Document d;
  Composer c(d);
  c.here() = narrow();
  compose_html(text, {}, c);
  return d;
}

base::Result<Document> epub_document(Source& source, const Request& request) {
  const ZipPackage zip = TRY(ZipPackage::open(source, request.limits));
  Overheard quiet;
  const auto book = epub_package(zip, quiet);
  if (!book) return base::Error{base::Refusal::damaged, "the package of the book is missing"};
  if (book->locked) return base::Error{base::Refusal::denied, "rights management"};
  Document d;
  Composer c(d);
  std::uint32_t part = 0;
  for (const std::string& id : book->spine) {
    if (c.full()) break;
    Section s = narrow();
    s.part = ++part;
    c.section(std::move(s));
    const auto item = book->items.find(id);
    const auto bytes = item == book->items.end() ? std::nullopt : zip.read(item->second.href, quiet);
    if (!bytes) continue;
    std::string storage;
    compose_html(
        decode_view(*bytes, html_charset(*bytes), storage),
        [&](std::string_view address) { return zip.read(beside(item->second.href, address), quiet); }, c);
  }
  return d;
}

base::Result<Document> fb2_document(Source& source, const Request&) {
  const std::string_view bytes = TRY(source.all());
  std::string storage;
  const std::string_view text = decode_view(bytes, xml_encoding(bytes), storage);
  std::map<std::string, std::string, std::less<>> pictures;
  std::string html, picture;
  XmlScan xml(text);
  bool in_body = false, in_picture = false;
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    const std::string_view n = xml.name();
    const auto like = [&](std::string_view open, std::string_view close) {
      for (const auto& [fiction, element] : kFiction)
        if (n == fiction) html.append(open).append(element).append(close);
    };
    if (e == Event::text) {
      if (in_picture)
        pictures[picture] += xml.text();
      else if (in_body)
        append_escaped(html, xml.text());
    } else if (e == Event::start) {
      if (n == "body" || n == "annotation") in_body = true;
      if (n == "binary") in_picture = true, picture = "#" + xml.attribute("id");
      if (!in_body) continue;
      if (n == "image") {
        html += "<img src=\"";
        append_escaped(html, xml.attribute("href"));
        html += "\">";
      } else if (n == "empty-line") {
        html += "<p>&nbsp;</p>";
      } else {
        like("<", ">");
      }
    } else {
      if (n == "binary") in_picture = false;
      if (in_body) like("</", ">");
      if (n == "body" || n == "annotation") in_body = false;
    }
  }
  Document d;
  Composer c(d);
  c.here() = narrow();
  compose_html(
      html,
      [&](std::string_view address) -> std::optional<std::string> {
        const auto at = pictures.find(address);
        if (at == pictures.end()) return {};
        return mime::from_base64(at->second);
      },
      c);
  return d;
}

}  // namespace extract::typeset

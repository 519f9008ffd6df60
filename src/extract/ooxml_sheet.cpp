#include "workbook.h"

#include <base/text.h>

#include <charconv>
#include <cstdlib>

namespace extract::ooxml {
namespace {

using Event = XmlScan::Event;

constexpr std::uint64_t kSharedBytes = 256ull << 20;

std::vector<std::string> shared_strings(const ZipPackage& zip, Sink& sink) {
  std::vector<std::string> out;
  const auto bytes = zip.read("xl/sharedStrings.xml", sink);
  if (!bytes) return out;
  XmlScan xml(*bytes);
  bool in_text = false;
  std::uint64_t total = 0;
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    if (e == Event::start) {
      if (xml.name() == "si")
        out.emplace_back();
      else if (xml.name() == "rPh")
        xml.skip();  // how to say it, not what it says
      else
        in_text = xml.name() == "t";
    } else if (e == Event::text) {
      if (in_text && !out.empty()) out.back() += xml.text(), total += xml.text().size();
    } else {
      in_text = false;
    }
    if (total > kSharedBytes) {
      sink.finding(Reason::too_large, "shared strings");
      break;
    }
  }
  tell_state(xml, "xl/sharedStrings.xml", sink);
  return out;
}

// The formats of numbers; which of them the cells of each style have.
std::vector<std::uint32_t> styles(const ZipPackage& zip, NumberFormats& formats, Sink& sink) {
  std::vector<std::uint32_t> out;
  const auto bytes = zip.read("xl/styles.xml", sink);
  if (!bytes) return out;
  XmlScan xml(*bytes);
  bool in_cells = false;
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    if (xml.name() == "cellXfs") in_cells = e == Event::start;
    if (e != Event::start) continue;
    const auto id = [&] {
      return static_cast<std::uint32_t>(std::strtoul(xml.attribute("numFmtId").c_str(), nullptr, 10));
    };
    if (xml.name() == "numFmt")
      formats.define(id(), xml.attribute("formatCode"));
    else if (xml.name() == "xf" && in_cells)
      out.push_back(id());
  }
  return out;
}

}  // namespace

std::string cell_text(Book& book, std::string_view type, const std::string& style, std::string_view value) {
  const unsigned long s = style.empty() ? 0 : std::strtoul(style.c_str(), nullptr, 10);
  const std::uint32_t format = s < book.styles.size() ? book.styles[s] : 0;
  if (type == "s") {
    const unsigned long i = std::strtoul(std::string(value).c_str(), nullptr, 10);
    return i < book.strings.size() ? std::string(book.formats.text(format, book.strings[i])) : "";
  }
  if (type == "b") return value == "0" ? "FALSE" : "TRUE";
  if (!type.empty() && type != "n") return std::string(value);
  double d = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), d);
  const bool whole = error == std::errc{} && end == value.data() + value.size();
  return whole ? book.formats.number(format, d) : std::string(value);
}

Book read_book(const ZipPackage& zip, std::string_view workbook, const Relations& relations, Sink& sink) {
  Book book;
  XmlScan xml(workbook);
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    if (e != Event::start) continue;
    if (xml.name() == "sheet") {
      const auto r = relations.find(xml.attribute("r:id"));
      book.sheets.push_back(
          {xml.attribute("name"), r == relations.end() ? "" : r->second.target, xml.attribute("state")});
    } else if (xml.name() == "workbookPr") {
      book.formats.since_1904 = xml.attribute("date1904") == "1" || xml.attribute("date1904") == "true";
    }
  }
  book.strings = shared_strings(zip, sink);
  book.styles = styles(zip, book.formats, sink);
  return book;
}

namespace {

void sheet(std::string_view bytes, Book& book, std::string_view name, TextOut& out, Sink& sink) {
  XmlScan xml(bytes);
  std::string type, style, value;
  bool in_value = false, in_cell = false;
  for (Event e = xml.next(); e != Event::done && !out.full(); e = xml.next()) {
    const std::string_view n = xml.name();
    if (e == Event::text) {
      if (in_value) value += xml.text();
    } else if (e == Event::start) {
      if (n == "c") {
        type = xml.attribute("t"), style = xml.attribute("s");
        value.clear();
        in_cell = true;
      } else if (n == "v" || n == "t") {
        in_value = in_cell || n == "t";
      } else if (n == "f" || n == "rPh") {
        in_value = false;
        xml.skip();
      } else if (n == "oddHeader" || n == "oddFooter") {
        in_value = true;
        value.clear();
      }
    } else if (n == "c") {
      in_cell = false;
      if (!value.empty()) out.add(cell_text(book, type, style, value));
      out.add("\t");
    } else if (n == "v" || n == "t") {
      in_value = false;
    } else if (n == "row") {
      out.line();
    } else if (n == "oddHeader" || n == "oddFooter") {
      in_value = false;
      out.line(), out.add(value), out.line();
    }
  }
  out.line();
  tell_state(xml, name, sink);
}

}  // namespace

void read_workbook(const ZipPackage& zip, std::string_view main, const Limits& limits, Sink& sink) {
  const Relations relations = relations_of(zip, main, sink);
  const auto workbook = zip.read(main, sink);
  if (!workbook) sink.finding(Reason::missing_part, main);
  Book book = read_book(zip, workbook ? std::string_view(*workbook) : "", relations, sink);
  TextOut out(sink);
  std::size_t page = 0;
  for (const Book::Sheet& s : book.sheets) {
    if (page >= limits.pages_max) {
      sink.finding(Reason::too_large, "sheets");
      break;
    }
    if (page++) out.page();
    out.add(s.name), out.line();
    if (!s.state.empty() && s.state != "visible") sink.meta("x.hidden_sheet", s.name);
    const auto bytes = s.member.empty() ? std::nullopt : zip.read(s.member, sink);
    if (!bytes) {
      sink.finding(Reason::missing_part, "sheet " + s.name);
      continue;
    }
    sheet(*bytes, book, s.name, out, sink);
    const Relations own = relations_of(zip, s.member, sink);
    tell_links(own, sink);
    for (const auto& [id, o] : own)
      if (!o.external && (o.type.ends_with("/comments") || o.type.ends_with("/drawing") ||
                          o.type.ends_with("/threadedComment")))
        if (const auto more = zip.read(o.target, sink)) drawing_text(*more, out);
    if (out.full()) break;
  }
  out.flush();
  sink.meta("pages", std::to_string(book.sheets.size()));
}

}  // namespace extract::ooxml

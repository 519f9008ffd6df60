// Text without any look, of readers that give no more, and the packages of Office Open XML.
#include "ooxml.h"
#include "overheard.h"
#include "typeset_from.h"
#include "types.h"

#include <base/text.h>

#include <algorithm>

namespace extract::typeset {
namespace {

using Kind = Block::Kind;

// Lines with tabs are rows of a table, others paragraphs.
void compose_lines(std::string_view text, Composer& c) {
  bool in_table = false;
  const auto table = [&](bool wanted) {
    if (in_table == wanted) return;
    if ((in_table = wanted)) {
      Block t{.kind = Kind::table};
      t.border[0] = t.border[3] = {1, 0xC8C8C8};
      c.begin(std::move(t));
    } else {
      c.end();
    }
  };
  for (std::size_t from = 0; from < text.size() && !c.full();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    const std::string_view line = text.substr(from, end - from);
    from = end + 1;
    const bool row = line.find('\t') != line.npos;
    table(row);
    c.style = {}, c.paragraph = {};
    c.style.size = row ? 12.5f : 15;
    if (!row) {
      c.text(line);
      c.end_paragraph(true);
      continue;
    }
    c.begin({.kind = Kind::row});
    std::vector<std::string_view> cells = base::split(line, '\t');
    while (!cells.empty() && cells.back().empty()) cells.pop_back();
    for (std::size_t k = 0; k < std::min(cells.size(), kColumnsMax); ++k) {
      Block cell{.kind = Kind::cell};
      cell.border[1] = cell.border[2] = {1, 0xC8C8C8}, cell.padding = {1, 4, 1, 4};
      c.begin(std::move(cell));
      c.text(cells[k]);
      c.end();
    }
    c.end();
  }
  table(false);
}

}  // namespace

void compose_plain(std::string_view utf8, Composer& out) {
  out.paragraph = {};
  for (std::size_t from = 0; from < utf8.size() && !out.full();) {
    const std::size_t end = std::min(utf8.find('\n', from), utf8.size());
    std::string_view line = utf8.substr(from, end - from);
    if (line.ends_with('\r')) line.remove_suffix(1);
    out.text(line);
    out.end_paragraph(true);
    from = end + 1;
  }
}

base::Result<Document> text_document(Source& source, const Request& request) {
  Overheard heard;
  heard.text_max = kTextMax;
  TRY(reader_of(request.type)->read(source, request, heard));
  if (!heard.encrypted.empty()) return base::Error{base::Refusal::denied, "a password is needed"};
  Document d;
  d.plain = true;
  Composer c(d);
  for (std::size_t p = 0; p < heard.pages.size(); ++p) {
    Section s;
    s.part = static_cast<std::uint32_t>(p + 1);
    c.section(std::move(s));
    compose_lines(heard.pages[p], c);
  }
  d.cut |= heard.full;
  return d;
}

base::Result<Document> ooxml_document(Source& source, const Request& request) {
  const ZipPackage zip = TRY(ZipPackage::open(source, request.limits));
  Overheard quiet;
  const std::string main = ooxml::main_part(zip, request.type, quiet);
  if (!zip.find(main)) return base::Error{base::Refusal::damaged, main + " is missing"};
  Document d;
  Composer c(d);
  if (request.type == types::kXlsx)
    compose_sheets(zip, main, c);
  else if (request.type == types::kPptx)
    compose_slides(zip, main, c);
  else
    compose_word(zip, main, c);
  return d;
}

}  // namespace extract::typeset

#include "pack.h"

#include <paper/document.h>

#include <algorithm>
#include <memory>

namespace paper {
namespace {

std::string xml(std::string_view s) { return escaped(s, "</w:t><w:br/><w:t xml:space=\"preserve\">"); }
std::string run(std::string_view s, bool bold = false) {
  return "<w:r>" + std::string(bold ? "<w:rPr><w:b/></w:rPr>" : "") + "<w:t xml:space=\"preserve\">" +
         xml(s) + "</w:t></w:r>";
}
std::string paragraph(std::string_view style, std::string_view s, const std::string& more = "") {
  return "<w:p><w:pPr>" +
         (style.empty() ? std::string() : "<w:pStyle w:val=\"" + std::string(style) + "\"/>") + more +
         "</w:pPr>" + run(s) + "</w:p>";
}

constexpr std::string_view kSpace =
    "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";

std::string table(const Table& t) {
  std::string out =
      "<w:tbl><w:tblPr><w:tblStyle w:val=\"Grid\"/><w:tblW w:w=\"5000\" w:type=\"pct\"/><w:tblLook "
      "w:firstRow=\"1\"/></w:tblPr>";
  double sum = 0;
  for (const double w : t.widths) sum += w;
  const bool shares = t.widths.size() == t.header.size() && sum > 0;
  std::vector<std::string> widths;
  for (std::size_t c = 0; c < t.header.size(); ++c)
    widths.push_back(std::to_string(
        static_cast<int>(9600 * (shares ? t.widths[c] / sum : 1.0 / static_cast<double>(t.header.size())))));
  out += "<w:tblGrid>";
  for (const std::string& w : widths) out += "<w:gridCol w:w=\"" + w + "\"/>";
  out += "</w:tblGrid>";
  const auto row = [&](const std::vector<std::string>& cells, bool header) {
    out += header ? "<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>" : "<w:tr>";
    for (std::size_t c = 0; c < t.header.size(); ++c)
      out += "<w:tc><w:tcPr><w:tcW w:w=\"" + widths[c] +
             "\" w:type=\"dxa\"/></w:tcPr><w:p><w:pPr><w:pStyle w:val=\"Cell\"/></w:pPr>" +
             run(c < cells.size() ? cells[c] : "", header) + "</w:p></w:tc>";
    out += "</w:tr>";
  };
  row(t.header, true);
  for (const auto& r : t.rows) row(r, false);
  return out + "</w:tbl><w:p/>";
}

// Lists that a screen reader takes for lists: 1 is all those with dashes, then each numbered one by itself.
std::string numbering(std::size_t numbered) {
  const auto kind = [](const char* id, const char* format, const char* text) {
    std::string x = "<w:abstractNum w:abstractNumId=\"";
    x.append(id).append("\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"").append(format);
    x.append("\"/><w:lvlText w:val=\"").append(text).append("\"/><w:lvlJc w:val=\"left\"/><w:pPr><w:ind ");
    return x.append("w:left=\"454\" w:hanging=\"454\"/></w:pPr></w:lvl></w:abstractNum>");
  };
  std::string out(kHead);
  out.append("<w:numbering ").append(kSpace).append(">");
  out.append(kind("0", "bullet", "–")).append(kind("1", "decimal", "%1."));
  out.append("<w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>");
  for (std::size_t n = 0; n < numbered; ++n)
    out += "<w:num w:numId=\"" + std::to_string(n + 2) +
           "\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride "
           "w:val=\"1\"/></w:lvlOverride></w:num>";
  return out + "</w:numbering>";
}

std::string styles(const std::string& language) {
  const auto style = [](const char* id, const std::string& name, const std::string& p, const std::string& r) {
    std::string x = "<w:style w:type=\"paragraph\" w:styleId=\"";
    x.append(id)
        .append("\"><w:name w:val=\"")
        .append(name)
        .append("\"/><w:basedOn w:val=\"Normal\"/><w:pPr>");
    return x.append(p).append("</w:pPr><w:rPr>").append(r).append("</w:rPr></w:style>");
  };
  std::string out(kHead);
  out += "<w:styles " + std::string(kSpace) +
         "><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Noto Sans\" w:hAnsi=\"Noto Sans\" "
         "w:cs=\"Noto Sans\"/><w:sz "
         "w:val=\"20\"/><w:lang w:val=\"" +
         (language == "fr" ? std::string("fr-FR") : std::string("en-GB")) +
         "\"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing "
         "w:after=\"120\"/></w:pPr></w:pPrDefault></w:docDefaults>";
  out +=
      "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name "
      "w:val=\"Normal\"/></w:style>";
  out += style("Title", "Title", "<w:spacing w:after=\"120\"/>", "<w:b/><w:sz w:val=\"34\"/>");
  for (int level = 1; level <= 4; ++level) {
    const std::string id = "Heading" + std::to_string(level), name = "heading " + std::to_string(level);
    out += style(id.c_str(), name,
                 "<w:keepNext/><w:spacing w:before=\"240\" w:after=\"80\"/><w:outlineLvl w:val=\"" +
                     std::to_string(level - 1) + "\"/>",
                 "<w:b/><w:sz w:val=\"" + std::to_string(30 - 3 * level) + "\"/>");
  }
  out += style("Cell", "Cell", "<w:spacing w:after=\"40\"/>", "<w:sz w:val=\"17\"/>");
  out += style("Banner", "Banner", "<w:jc w:val=\"center\"/>", "<w:b/><w:sz w:val=\"18\"/>");
  out += style(
      "Signature", "Signature",
      "<w:pBdr><w:top w:val=\"single\" w:sz=\"6\" w:space=\"2\" w:color=\"000000\"/></w:pBdr><w:spacing "
      "w:before=\"900\"/><w:ind w:right=\"4800\"/>",
      "<w:sz w:val=\"18\"/>");
  out += style("ListItem", "List Item", "", "");
  out += "<w:style w:type=\"table\" w:styleId=\"Grid\"><w:name w:val=\"Grid\"/><w:tblPr><w:tblBorders>";
  for (const char* side : {"top", "bottom", "insideH"})
    out += std::string("<w:") + side + " w:val=\"single\" w:sz=\"4\" w:color=\"777777\"/>";
  return out + "</w:tblBorders></w:tblPr></w:style></w:styles>";
}

}  // namespace

std::string docx(const Document& d) {
  std::string body = paragraph("Title", d.title);
  if (!d.office.empty()) body += paragraph("", d.office);
  std::size_t numbered = 0;  // lists, each of which begins with 1
  for (const Block& b : d.blocks) {
    if (const auto* h = std::get_if<Heading>(&b))
      body += paragraph("Heading" + std::to_string(std::clamp(h->level, 1, 4)), h->text);
    else if (const auto* s = std::get_if<Paragraph>(&b))
      body += paragraph("", s->text);
    else if (const auto* l = std::get_if<List>(&b)) {
      const std::string number = std::to_string(l->numbered ? ++numbered + 1 : std::size_t{1});
      for (const std::string& item : l->items)
        body += paragraph("ListItem", item,
                          "<w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"" + number + "\"/></w:numPr>");
    } else if (const auto* t = std::get_if<Table>(&b)) {
      body += table(*t);
    } else if (const auto* sign = std::get_if<Signature>(&b)) {
      body += paragraph("Signature", sign->text);
    } else {
      body += "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>";
    }
  }
  const std::string page =
      "<w:r><w:fldChar "
      "w:fldCharType=\"begin\"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:fldChar "
      "w:fldCharType=\"end\"/></w:r>";
  const std::string document =
      std::string(kHead) + "<w:document " + std::string(kSpace) + "><w:body>" + body +
      "<w:sectPr><w:headerReference w:type=\"default\" r:id=\"rId2\"/><w:footerReference w:type=\"default\" "
      "r:id=\"rId3\"/><w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1500\" w:right=\"1134\" "
      "w:bottom=\"1300\" "
      "w:left=\"1134\" w:header=\"500\" w:footer=\"500\" w:gutter=\"0\"/></w:sectPr></w:body></w:document>";
  const std::string header = std::string(kHead) + "<w:hdr " + std::string(kSpace) + ">" +
                             paragraph("Banner", d.classification) +
                             "<w:p><w:pPr><w:pStyle w:val=\"Cell\"/></w:pPr>" +
                             run(d.reference + "  ·  " + d.made + "  ·  ") + page + "</w:p></w:hdr>";
  const std::string footer = std::string(kHead) + "<w:ftr " + std::string(kSpace) + ">" +
                             paragraph("Banner", d.classification) + "</w:ftr>";
  const std::string office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
  const std::string word = "application/vnd.openxmlformats-officedocument.wordprocessingml.";
  const std::string types =
      std::string(kHead) +
      "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default "
      "Extension=\"rels\" "
      "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" "
      "ContentType=\"application/xml\"/><Override PartName=\"/word/document.xml\" ContentType=\"" +
      word + "document.main+xml\"/><Override PartName=\"/word/styles.xml\" ContentType=\"" + word +
      "styles+xml\"/><Override PartName=\"/word/numbering.xml\" ContentType=\"" + word +
      "numbering+xml\"/><Override PartName=\"/word/header1.xml\" ContentType=\"" + word +
      "header+xml\"/><Override PartName=\"/word/footer1.xml\" ContentType=\"" + word +
      "footer+xml\"/><Override PartName=\"/docProps/core.xml\" "
      "ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/></Types>";
  const auto relation = [](const char* id, const std::string& type, const char* target) {
    return std::string("<Relationship Id=\"") + id + "\" Type=\"" + type + "\" Target=\"" + target + "\"/>";
  };
  const std::string relations =
      "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">";
  const std::string top =
      std::string(kHead) + relations + relation("rId1", office + "officeDocument", "word/document.xml") +
      relation("rId2",
               "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
               "docProps/core.xml") +
      "</Relationships>";
  const std::string inner = std::string(kHead) + relations +
                            relation("rId1", office + "styles", "styles.xml") +
                            relation("rId2", office + "header", "header1.xml") +
                            relation("rId3", office + "footer", "footer1.xml") +
                            relation("rId4", office + "numbering", "numbering.xml") + "</Relationships>";
  const std::string core =
      std::string(kHead) +
      "<cp:coreProperties "
      "xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" "
      "xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>" +
      xml(d.title) + "</dc:title><dc:creator>" + xml(d.office) + "</dc:creator><dc:language>" +
      xml(d.language) + "</dc:language></cp:coreProperties>";
  return packed({{"[Content_Types].xml", types},
                 {"_rels/.rels", top},
                 {"docProps/core.xml", core},
                 {"word/document.xml", document},
                 {"word/styles.xml", styles(d.language)},
                 {"word/numbering.xml", numbering(numbered)},
                 {"word/header1.xml", header},
                 {"word/footer1.xml", footer},
                 {"word/_rels/document.xml.rels", inner}});
}

}  // namespace paper

// Documents of offices as pages: each format by a small one made here, and those of the corpus.
#include "drawn.h"
#include "sample.h"
#include "stored_zip.h"
#include "typeset.h"
#include "types.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace extract {
namespace {

// How many points of a word's box have about this colour.
int coloured(const Drawn& d, const PlacedWord& b, std::uint32_t colour) {
  int out = 0;
  for (int y = b.y * d.height / 10'000; y < (b.y + b.height) * d.height / 10'000; ++y)
    for (int x = b.x * d.width / 10'000; x < (b.x + b.width) * d.width / 10'000; ++x) {
      bool near = true;
      for (int c = 0; c < 3; ++c)
        near &= std::abs(d.at(x, y, c) - static_cast<int>(colour >> (16 - 8 * c) & 255)) < 60;
      out += near;
    }
  return out;
}

const std::string kRed =  // a red point, as a PNG
    std::string("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde", 33) +
    std::string(
        "\0\0\0\x0cIDATx\x9c"
        "c\xf8\xcf\xc0\0\0\3\1\1\0\xc9\xfe\x92\xef",
        24) +
    std::string("\0\0\0\0IEND\xae\x42\x60\x82", 12);

std::string docx(const std::string& body, const std::string& styles = {}, const std::string& numbering = {}) {
  return stored_zip(
      {{"[Content_Types].xml", "<Types/>"},
       {"_rels/.rels",
        R"(<Relationships><Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/></Relationships>)"},
       {"word/document.xml", R"(<w:document xmlns:w="w"><w:body>)" + body + "</w:body></w:document>"},
       {"word/styles.xml", "<w:styles>" + styles + "</w:styles>"},
       {"word/numbering.xml", "<w:numbering>" + numbering + "</w:numbering>"},
       {"word/comments.xml",
        R"(<w:comments><w:comment w:id="4" w:author="Jelena" w:date="2026-03-01"><w:p><w:r><w:t>who says so</w:t></w:r></w:p></w:comment></w:comments>)"},
       {"word/footnotes.xml",
        R"(<w:footnotes><w:footnote w:id="2"><w:p><w:r><w:t>see annex</w:t></w:r></w:p></w:footnote></w:footnotes>)"},
       {"word/header1.xml", R"(<w:hdr><w:p><w:r><w:t>CONFIDENTIAL</w:t></w:r></w:p></w:hdr>)"},
       {"word/media/a.png", kRed},
       {"word/_rels/document.xml.rels",
        R"(<Relationships><Relationship Id="rId1" Type="x/image" Target="media/a.png"/>)"
        R"(<Relationship Id="rId2" Type="x/image" Target="https://elsewhere.example.org/b.png" TargetMode="External"/>)"
        R"(<Relationship Id="rId3" Type="x/header" Target="header1.xml"/></Relationships>)"}});
}
Drawn word(const std::string& body, const std::string& styles = {}, const std::string& numbering = {},
           std::uint32_t page = 1) {
  return drawn(docx(body, styles, numbering), types::kDocx, page, 794);
}
std::string p(const std::string& text, const std::string& properties = {}, const std::string& run = {}) {
  return "<w:p><w:pPr>" + properties + "</w:pPr><w:r><w:rPr>" + run + "</w:rPr><w:t>" + text +
         "</w:t></w:r></w:p>";
}

TEST(TypesetOffice, a_document_has_its_styles_lists_notes_and_headers) {
  const Drawn d = word(
      p("Title", R"(<w:pStyle w:val="H"/>)") +
          p("one", R"(<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>)") +
          p("two", R"(<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>)") +
          R"(<w:p><w:r><w:t>body</w:t><w:footnoteReference w:id="2"/></w:r></w:p>)" +
          R"(<w:sectPr><w:headerReference w:type="default" r:id="rId3"/><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>)",
      R"(<w:style w:type="paragraph" w:styleId="H"><w:rPr><w:b/><w:sz w:val="52"/><w:color w:val="0000FF"/></w:rPr></w:style>)",
      R"(<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:start w:val="4"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>)");
  ASSERT_TRUE(d.status.ok()) << d.status.error().message;
  EXPECT_EQ(said(d),
            "CONFIDENTIAL Title IV. one V. two body[2] [2] see annex [c4] Jelena 2026-03-01: who says so");
  EXPECT_GT(box_of(d, "Title").height, box_of(d, "one").height * 3 / 2);
  EXPECT_GT(coloured(d, box_of(d, "Title"), 0x0000FF), 100);
  EXPECT_LT(box_of(d, "CONFIDENTIAL").y, 700);
}

TEST(TypesetOffice, tracked_changes_and_hidden_words_are_shown_as_such) {
  const Drawn d = word(
      R"(<w:p><w:r><w:t>Five </w:t></w:r><w:del><w:r><w:delText>killed</w:delText></w:r></w:del>)"
      R"(<w:ins><w:r><w:t>wounded</w:t></w:r></w:ins><w:r><w:rPr><w:vanish/></w:rPr><w:t> never</w:t></w:r></w:p>)");
  EXPECT_TRUE(has(d, "Five")) << said(d);
  const PlacedWord killed = box_of(d, "killedwounded");
  EXPECT_GT(coloured(d, killed, 0xB00020), 40);
  EXPECT_GT(coloured(d, killed, 0x0A6B2D), 40);
  EXPECT_GT(coloured(d, box_of(d, "never"), 0xE2E2E2), 60);
}

TEST(TypesetOffice, tables_pictures_and_pages_of_a_document_are_in_their_places) {
  const auto cell = [](const std::string& text, const std::string& properties = {}) {
    return "<w:tc><w:tcPr>" + properties + "</w:tcPr><w:p><w:r><w:t>" + text + "</w:t></w:r></w:p></w:tc>";
  };
  const std::string body =
      "<w:tbl><w:tblPr><w:tblBorders/></w:tblPr><w:tblGrid><w:gridCol w:w=\"3000\"/><w:gridCol "
      "w:w=\"3000\"/></w:tblGrid><w:tr>" +
      cell("wide", R"(<w:gridSpan w:val="2"/>)") + "</w:tr><w:tr>" + cell("left") +
      cell("right", R"(<w:shd w:fill="00FF00"/>)") + "</w:tr></w:tbl>" +
      R"(<w:p><w:r><w:drawing><wp:extent cx="1905000" cy="952500"/><a:blip r:embed="rId1"/></w:drawing></w:r></w:p>)"
      R"(<w:p><w:r><w:drawing><wp:extent cx="3810000" cy="952500"/><a:blip r:link="rId2"/></w:drawing></w:r></w:p>)" +
      R"(<w:p><w:r><w:br w:type="page"/></w:r></w:p>)" + p("second");
  const Drawn d = word(body);
  EXPECT_EQ(d.sink.root.meta("pages"), "2");
  EXPECT_EQ(box_of(d, "left").y, box_of(d, "right").y);
  EXPECT_NEAR(box_of(d, "right").x - box_of(d, "left").x, 200 * 10'000 / 794, 30);
  EXPECT_GT(coloured(d, box_of(d, "right"), 0x00FF00), 100);
  EXPECT_TRUE(has(d, "https://elsewhere.example.org/b.png")) << said(d);
  const PlacedWord left = box_of(d, "left");
  EXPECT_EQ(d.at((left.x + 1000) * 794 / 10'000, (left.y + left.height + 500) * 1123 / 10'000, 0), 255);
  EXPECT_EQ(d.at((left.x + 1000) * 794 / 10'000, (left.y + left.height + 500) * 1123 / 10'000, 1), 0);
  EXPECT_TRUE(has(word(body, {}, {}, 2), "second"));
}

TEST(TypesetOffice, a_paragraph_from_right_to_left_begins_at_the_right) {
  const Drawn d = word(p("شهادة الشاهد", "<w:bidi/>") + p("Свидетель"));
  EXPECT_GT(box_of(d, "شهادة").x, box_of(d, "الشاهد").x);
  EXPECT_GT(box_of(d, "شهادة").x, 7'000);
  EXPECT_LT(box_of(d, "Свидетель").x, 2'000);
}

TEST(TypesetOffice, a_sheet_is_a_table_with_the_names_of_its_cells) {
  const Drawn d = drawn(
      stored_zip(
          {{"[Content_Types].xml", "<Types/>"},
           {"xl/workbook.xml",
            R"(<workbook><sheets><sheet name="Losses" r:id="r1"/><sheet name="Secret" state="hidden" r:id="r1"/></sheets></workbook>)"},
           {"xl/_rels/workbook.xml.rels",
            R"(<Relationships><Relationship Id="r1" Type="x/worksheet" Target="s.xml"/></Relationships>)"},
           {"xl/styles.xml",
            R"(<styleSheet><fonts><font/><font><b/></font></fonts><fills><fill/><fill/><fill><patternFill><fgColor rgb="FFFFFF00"/></patternFill></fill></fills><cellXfs><xf/><xf numFmtId="14" fontId="1" fillId="2"/></cellXfs></styleSheet>)"},
           {"xl/sharedStrings.xml", "<sst><si><t>Village</t></si><si><t>Kozarac</t></si></sst>"},
           {"xl/s.xml",
            R"(<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" s="1"><v>33763</v></c></row>)"
            R"(<row r="9" hidden="1"><c r="A9" t="s"><v>1</v></c><c r="B9"><v>1200.5</v></c></row></sheetData>)"
            R"(<mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>)"}}),
      types::kXlsx, 1, 794);
  ASSERT_TRUE(d.status.ok()) << d.status.error().message;
  EXPECT_EQ(d.sink.root.meta("pages"), "2");
  EXPECT_TRUE(has(d, "Losses A B C 1 Village")) << said(d);
  EXPECT_TRUE(has(d, "9 Kozarac 1200.5")) << said(d);
  EXPECT_GT(coloured(d, box_of(d, "Kozarac"), 0xE2E2E2), 60);  // its row is hidden
  // The number of a day is told as the day it is.
  const std::string all = said(d);
  EXPECT_NE(all.find("92"), std::string::npos) << all;
  EXPECT_EQ(boost::json::parse(d.told(kPageTexts)).as_array().at(1).at(0), 2);
}

TEST(TypesetOffice, a_slide_is_a_page_with_its_texts_in_their_places) {
  const auto shape = [](const std::string& holder, const std::string& place, const std::string& text) {
    return "<p:sp><p:nvSpPr><p:nvPr>" + holder + "</p:nvPr></p:nvSpPr><p:spPr>" + place +
           "</p:spPr><p:txBody><a:bodyPr/>" + text + "</p:txBody></p:sp>";
  };
  const std::string slide =
      "<p:sld><p:cSld><p:spTree>" +
      shape(R"(<p:ph type="title"/>)", "", "<a:p><a:r><a:t>The ridge</a:t></a:r></a:p>") +
      shape(
          "",
          R"(<a:xfrm><a:off x="4572000" y="3429000"/><a:ext cx="3000000" cy="1000000"/></a:xfrm><a:solidFill><a:srgbClr val="FFFF00"/></a:solidFill>)",
          R"(<a:p><a:r><a:rPr sz="2000" b="1"/><a:t>middle</a:t></a:r></a:p>)") +
      R"(<p:grpSp><p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="4572000" cy="3429000"/><a:chOff x="0" y="0"/><a:chExt cx="9144000" cy="6858000"/></a:xfrm></p:grpSpPr>)" +
      shape("", R"(<a:xfrm><a:off x="4572000" y="3429000"/><a:ext cx="4000000" cy="1000000"/></a:xfrm>)",
            "<a:p><a:r><a:t>grouped</a:t></a:r></a:p>") +
      "</p:grpSp>" +
      R"(<p:pic><p:blipFill><a:blip r:embed="rId2"/></p:blipFill><p:spPr><a:xfrm><a:off x="0" y="5000000"/><a:ext cx="1905000" cy="952500"/></a:xfrm></p:spPr></p:pic>)"
      R"(<p:graphicFrame><p:xfrm><a:off x="4572000" y="5000000"/><a:ext cx="4000000" cy="1000000"/></p:xfrm><a:tbl><a:tblGrid><a:gridCol w="2000000"/><a:gridCol w="2000000"/></a:tblGrid><a:tr h="300000">)"
      R"(<a:tc><a:txBody><a:p><a:r><a:t>cellone</a:t></a:r></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:r><a:t>celltwo</a:t></a:r></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>)"
      "</p:spTree></p:cSld></p:sld>";
  const Drawn d = drawn(
      stored_zip(
          {{"[Content_Types].xml", "<Types/>"},
           {"ppt/presentation.xml",
            R"(<p:presentation><p:sldIdLst><p:sldId r:id="r1"/></p:sldIdLst><p:sldSz cx="9144000" cy="6858000"/></p:presentation>)"},
           {"ppt/_rels/presentation.xml.rels",
            R"(<Relationships><Relationship Id="r1" Type="x/slide" Target="slides/s.xml"/></Relationships>)"},
           {"ppt/slides/s.xml", slide},
           {"ppt/slides/_rels/s.xml.rels",
            R"(<Relationships><Relationship Id="rId1" Type="x/slideLayout" Target="../l.xml"/><Relationship Id="rId2" Type="x/image" Target="../a.png"/><Relationship Id="rId5" Type="x/notesSlide" Target="../n.xml"/></Relationships>)"},
           {"ppt/l.xml",
            R"(<p:sldLayout><p:spTree><p:sp><p:nvPr><p:ph type="title"/></p:nvPr><p:spPr><a:xfrm><a:off x="914400" y="457200"/><a:ext cx="7000000" cy="900000"/></a:xfrm></p:spPr></p:sp></p:spTree></p:sldLayout>)"},
           {"ppt/n.xml", "<p:notes><a:p><a:r><a:t>ask the driver</a:t></a:r></a:p></p:notes>"},
           {"ppt/a.png", kRed}}),
      types::kPptx, 1, 960);
  ASSERT_TRUE(d.status.ok()) << d.status.error().message;
  EXPECT_EQ(d.width, 960);
  EXPECT_EQ(d.height, 720);
  EXPECT_EQ(d.sink.root.meta("pages"), "2");  // and its notes
  EXPECT_EQ(said(d), "The ridge middle grouped cellone celltwo");
  EXPECT_NEAR(box_of(d, "The").x, 1100, 30);  // where the layout has it
  EXPECT_NEAR(box_of(d, "middle").x, 5100, 30);
  EXPECT_NEAR(box_of(d, "grouped").x, 2560, 60);  // half as large as in its group, and half as far
  EXPECT_NEAR(box_of(d, "grouped").y, 2540, 90);
  EXPECT_GT(coloured(d, box_of(d, "middle"), 0xFFFF00), 200);
  EXPECT_GT(box_of(d, "celltwo").x, box_of(d, "cellone").x + 1500);
  EXPECT_EQ(d.at(100, 570, 0), 255);
  EXPECT_EQ(d.at(100, 570, 1), 0);
}

std::string odf(const std::string& automatic, const std::string& body) {
  return stored_zip({{"content.xml", "<office:document-content><office:automatic-styles>" + automatic +
                                         "</office:automatic-styles><office:body>" + body +
                                         "</office:body></office:document-content>"},
                     {"styles.xml", "<office:document-styles/>"},
                     {"Pictures/a.png", kRed}});
}

TEST(TypesetOffice, open_documents_are_set_with_their_changes_lists_and_notes) {
  const Drawn d = drawn(
      odf(R"(<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold" fo:color="#0000ff"/></style:style>)"
          R"(<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>)",
          R"(<office:text><text:tracked-changes><text:changed-region text:id="c1"><text:deletion><text:p>gone</text:p></text:deletion></text:changed-region></text:tracked-changes>)"
          R"(<text:p>The <text:span text:style-name="B">convoy</text:span> <text:change text:change-id="c1"/> left<text:note><text:note-citation>3</text:note-citation><text:note-body><text:p>a note</text:p></text:note-body></text:note></text:p>)"
          R"(<text:list text:style-name="L"><text:list-item><text:p>first</text:p></text:list-item><text:list-item><text:p>second</text:p></text:list-item></text:list>)"
          R"(<table:table><table:table-row><table:table-cell><text:p>west</text:p></table:table-cell><table:table-cell><text:p>east</text:p></table:table-cell></table:table-row></table:table></office:text>)"),
      types::kOdt, 1, 794);
  ASSERT_TRUE(d.status.ok()) << d.status.error().message;
  EXPECT_EQ(said(d), "The convoy gone left[3] 1. first 2. second west east [3] a note");
  EXPECT_GT(coloured(d, box_of(d, "convoy"), 0x0000FF), 40);
  EXPECT_GT(coloured(d, box_of(d, "gone"), 0xB00020), 20);
  EXPECT_EQ(box_of(d, "west").y, box_of(d, "east").y);
}

TEST(TypesetOffice, open_sheets_and_slides_are_set) {
  const Drawn s = drawn(
      odf("",
          R"(<office:spreadsheet><table:table table:name="Losses"><table:table-column table:number-columns-repeated="3"/><table:table-row table:number-rows-repeated="4"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>)"
          R"(<table:table-row><table:table-cell/><table:table-cell office:value-type="float"><text:p>12,5</text:p></table:table-cell></table:table-row></table:table><table:table table:name="Two"/></office:spreadsheet>)"),
      types::kOds, 1, 794);
  ASSERT_TRUE(s.status.ok()) << s.status.error().message;
  EXPECT_EQ(said(s), "Losses A B 5 12,5");
  EXPECT_EQ(s.sink.root.meta("pages"), "2");
  const Drawn d = drawn(
      odf("",
          R"(<office:presentation><draw:page><draw:frame svg:x="5cm" svg:y="10cm" svg:width="8cm" svg:height="2cm"><draw:text-box><text:p>placed</text:p></draw:text-box></draw:frame>)"
          R"(<draw:frame svg:x="1cm" svg:y="1cm" svg:width="4cm" svg:height="2cm"><draw:image xlink:href="Pictures/a.png"/></draw:frame></draw:page><draw:page><draw:frame><draw:text-box><text:p>two</text:p></draw:text-box></draw:frame></draw:page></office:presentation>)"),
      types::kOdp, 1, 794);
  EXPECT_EQ(said(d), "placed");
  EXPECT_EQ(d.sink.root.meta("pages"), "2");
  EXPECT_NEAR(box_of(d, "placed").x, (5 * 96 / 2.54 + 6) * 10'000 / 794, 30);
  EXPECT_EQ(d.at(90, 70, 0), 255);
  EXPECT_EQ(d.at(90, 70, 1), 0);
}

TEST(TypesetOffice, rich_text_is_set_with_its_colours_tables_and_hidden_words) {
  const Drawn d = drawn(
      R"({\rtf1\ansi\ansicpg1251{\fonttbl{\f0\fswiss\fcharset204 Arial;}{\f1\fmodern Courier New;}}{\colortbl;\red0\green0\blue255;})"
      R"({\info{\title none}}\f0\fs40 Large\fs24\par \cf1 blue \cf0{\v secret}{\deleted gone}\par \'d1\'e2\'e8\'e4\'e5\'f2\'e5\'eb\'fc \u1078?\par)"
      R"(\trowd\cellx3000\cellx6000\intbl west\cell east\cell\row\pard after{\*\unknown none}\par})",
      types::kRtf, 1, 794);
  ASSERT_TRUE(d.status.ok()) << d.status.error().message;
  EXPECT_EQ(said(d), "Large blue secretgone Свидетель ж west east after");
  EXPECT_GT(box_of(d, "Large").height, box_of(d, "blue").height * 3 / 2);
  EXPECT_GT(coloured(d, box_of(d, "blue"), 0x0000FF), 40);
  EXPECT_EQ(box_of(d, "west").y, box_of(d, "east").y);
}

TEST(TypesetOffice, older_documents_are_set_as_the_text_their_reader_gives) {
  SAMPLE(bytes, "loose/word/31595.doc");
  const Drawn d = drawn(bytes, types::kDoc, 1, 794);
  ASSERT_TRUE(d.status.ok()) << d.status.error().message;
  EXPECT_EQ(d.sink.root.meta("set"), "text");
  EXPECT_TRUE(has(d, "CONTRACT RENEWAL")) << said(d);
  EXPECT_GT(std::atoi(d.sink.root.meta("pages").c_str()), 1);
}

TEST(TypesetOffice, what_the_readers_find_in_real_documents_stands_on_their_pages) {
  if (!base::file_exists(corpus("loose"))) GTEST_SKIP() << "no corpus";
  static constexpr std::string_view kEndings[] = {".docx", ".xlsx", ".odt", ".odp",
                                                  ".rtf",  ".epub", ".fb2", ".eml"};
  std::vector<std::string> names;
  for (const char* folder : {"loose", "formats", "events", "production"})
    for (const auto& e : std::filesystem::recursive_directory_iterator(corpus(folder))) {
      const std::string end = base::lower_ascii(e.path().extension().string());
      if (e.is_regular_file() && std::ranges::find(kEndings, end) != std::end(kEndings))
        names.push_back(e.path());
    }
  std::sort(names.begin(), names.end());
  const auto words_in = [](std::string_view text) {
    std::set<std::string> out;
    std::string w;
    for (const char c : text)
      if (static_cast<signed char>(c) < 0 || std::isalnum(static_cast<unsigned char>(c)))
        w += c;
      else if (!w.empty())
        out.insert(std::exchange(w, {}));
    if (!w.empty()) out.insert(w);
    return out;
  };
  std::map<std::string, int> mails;
  std::size_t all = 0, missing = 0, files = 0;
  for (const std::string& name : names) {
    if (name.ends_with(".eml") && ++mails["eml"] % 40 != 0) continue;
    const std::string bytes = base::read_file(name);
    MemorySource source(bytes);
    const std::string type = type_of(source, name);
    const Reader* reader = reader_of(type);
    if (!reader || type.starts_with("text/plain")) continue;
    const Limits limits;
    RecordingSink read(limits);
    static_cast<void>(reader->read(source, {name, type, {}, false, limits}, read));
    if (read.root.found(Reason::encrypted)) continue;
    const Drawn d = drawn(bytes, type, 1, 300);
    if (!d.status.ok() && d.status.error().why == base::Refusal::unsupported) continue;
    ASSERT_TRUE(d.status.ok()) << name << ": " << d.status.error().message;
    std::string text;
    const boost::json::value told = boost::json::parse(d.told(kPageTexts));
    for (const auto& one : told.as_array()) text += std::string(one.at(1).as_string()) + " ";
    const std::set<std::string> set = words_in(text);
    std::size_t here = 0, lost = 0;
    for (const std::string& w : words_in(read.root.text())) ++here, lost += !set.contains(w);
    // The words of the master of slides are read, and are not on them.
    EXPECT_LE(lost, here / 10 + 3) << name << " lost " << lost << " of " << here;
    all += here, missing += lost, ++files;
  }
  EXPECT_GT(files, 25u);
  EXPECT_LT(missing, all / 100) << missing << " of " << all << " words of " << files << " documents";
}

TEST(TypesetOffice, documents_that_are_not_whole_are_refused_or_set_as_far_as_they_go) {
  const std::string whole = docx(p("some words"));
  for (std::size_t n = 0; n < whole.size(); n += 37) {
    const Drawn d = drawn(whole.substr(0, n), types::kDocx, 1, 200);
    if (!d.status.ok()) { EXPECT_NE(d.status.error().message, ""); }
  }
  EXPECT_EQ(drawn("no zip", types::kDocx, 1, 200).status.error().why, base::Refusal::damaged);
  EXPECT_EQ(drawn(stored_zip({{"a", "b"}}), types::kOdt, 1, 200).status.error().why, base::Refusal::damaged);
  std::string deep;
  for (int k = 0; k < 5000; ++k) deep += "<w:tbl><w:tr><w:tc>";
  EXPECT_EQ(word(deep).status.error().why, base::Refusal::unsupported);
  std::string boxes;
  for (int k = 0; k < 50'000; ++k) boxes += "<w:txbxContent><w:p>";
  EXPECT_TRUE(word(boxes + p("words")).status.ok());
}

}  // namespace
}  // namespace extract

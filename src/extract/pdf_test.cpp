#include "tag_dates.h"
#include "packed.h"

namespace extract {
namespace {

std::string small_pdf(const std::string& content, const std::string& more = "") {
  return "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R" + more +
         ">>endobj\n"
         "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
         "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F "
         "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
         "4 0 obj<</Length " +
         std::to_string(content.size()) + ">>stream\n" + content +
         "\nendstream endobj\n"
         "5 0 obj<</Title(A "
         "title)/Author(\\376\\377\\004\\037)/CreationDate(D:20190304101112+02'00')>>endobj\n"
         "trailer<</Root 1 0 R/Info 5 0 R/Size 6>>\n%%EOF\n";
}

TEST(Pdf, gives_text_and_properties) {
  const auto sink = record(small_pdf("BT /F 12 Tf 20 200 Td (Hello there) Tj ET"), "x.pdf");
  EXPECT_NE(sink->root.text().find("Hello there"), std::string::npos);
  EXPECT_EQ(sink->root.meta("title"), "A title");
  EXPECT_EQ(sink->root.meta("author"), "П");
  EXPECT_EQ(sink->root.meta("date.created"), "2019-03-04T10:11:12+02:00");
  EXPECT_EQ(sink->root.meta("pages"), "1");
}

TEST(Pdf, reads_a_table_by_its_rows) {
  std::string content = "BT /F 10 Tf ";
  for (int i = 0; i < 8; ++i)
    for (const int x : {20, 180})
      content += "1 0 0 1 " + std::to_string(x) + " " + std::to_string(280 - 12 * i) + " Tm (" +
                 (x == 20 ? "name" : "what") + std::to_string(i) + ") Tj ";
  const auto sink = record(small_pdf(content + "ET"), "x.pdf");
  EXPECT_NE(sink->root.text().find("name3 what3\nname4 what4"), std::string::npos) << sink->root.text();
}

TEST(Pdf, wants_recognition_where_there_is_ink_that_is_no_text) {
  EXPECT_EQ(record(small_pdf("20 20 m 200 200 l 40 w S"), "x.pdf")->root.meta(kWantsOcr), "1");
  EXPECT_EQ(record(small_pdf(""), "x.pdf")->root.meta(kWantsOcr), "");
  EXPECT_EQ(record(small_pdf("BT /F 12 Tf 20 200 Td (Hello there) Tj ET"), "x.pdf")->root.meta(kWantsOcr),
            "");
}

TEST(Pdf, says_when_there_is_a_program_inside) {
  EXPECT_EQ(record(small_pdf("", "/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "x.pdf")
                ->root.meta("x.javascript"),
            "yes");
}

TEST(Pdf, reads_a_page_tree_that_contains_itself) {
  std::string bytes = small_pdf("");
  bytes.replace(bytes.find("/Kids[3 0 R]/Count 1"), 20, "/Kids[2 0 R]/Count 9");
  const auto sink = record(bytes, "x.pdf");
  EXPECT_TRUE(sink->root.found(Reason::damaged));
}

TEST(Pdf, tells_a_document_that_needs_a_password) {
  SAMPLE(bytes, "pdf/sample-files/005-libreoffice-writer-password/libreoffice-writer-password.pdf");
  EXPECT_TRUE(record(bytes, "x.pdf", {"wrong"})->root.found(Reason::encrypted));
  const auto opened = record(bytes, "x.pdf", {"wrong", "openpassword"});
  EXPECT_TRUE(opened->root.findings.empty());
  EXPECT_FALSE(base::trim(opened->root.text()).empty());
}

TEST(Pdf, survives_a_cut_at_many_lengths) {
  expect_survives_cuts(small_pdf("BT /F 12 Tf 20 200 Td (Hello there) Tj ET"), "x.pdf", 13);
}

TEST(Dates, are_made_rfc_3339_or_nothing) {
  EXPECT_EQ(pdf_date("D:2019"), "2019-01-01T00:00:00");
  EXPECT_EQ(pdf_date("D:20190304101112Z00'00'"), "2019-03-04T10:11:12Z");
  EXPECT_EQ(pdf_date("20190304101112-0530"), "2019-03-04T10:11:12-05:30");
  EXPECT_EQ(pdf_date("yesterday"), "");
  EXPECT_EQ(exif_date("2019:03:04 10:11:12", "+02:00"), "2019-03-04T10:11:12+02:00");
  EXPECT_EQ(exif_date("0000:00:00 00:00:00", ""), "");
  EXPECT_EQ(loose_date("2019-03-04T10:11:12.5Z"), "2019-03-04T10:11:12Z");
  EXPECT_EQ(loose_date("2019-03"), "2019-03");
  EXPECT_EQ(loose_date("March"), "");
}

}  // namespace
}  // namespace extract

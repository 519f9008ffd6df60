#include "readers_list.h"
#include "sample.h"
#include "types.h"

using namespace extract;
using namespace std::string_view_literals;

namespace {
std::string type(std::string_view bytes, std::string_view name = "") {
  MemorySource s(bytes);
  return type_of(s, name);
}
}  // namespace

TEST(Type, knows_mail_by_any_first_header) {
  for (const std::string_view first : {"Received: from a by b", "Return-Path: <a@b>", "Delivered-To: a@b",
                                       "X-Mozilla-Status: 0001", "From: a@b"})
    EXPECT_EQ(type(std::string(first) + "\r\nFrom: a@b\r\nMessage-ID: <1@b>\r\nSubject: x\r\n\r\nhello"),
              types::kMail)
        << first;
}
TEST(Type, takes_prose_with_colons_for_no_mail) {
  EXPECT_EQ(type("Note: this is a memo\nTo whom it may concern: hello\n\ntext"), types::kPlain);
  EXPECT_EQ(type("Subject: to change\nWe met at noon.\n"), types::kPlain);
}
TEST(Type, tells_a_mailbox_from_one_message_with_its_separator) {
  const std::string one =
      "From a@b Thu Aug 22 12:36:23 2002\nFrom: a@b\nMessage-ID: <1>\nSubject: x\n\nhello\n";
  EXPECT_EQ(type(one), types::kMail);
  EXPECT_EQ(type(one + "\n" + one), types::kMbox);
}
TEST(Type, knows_html_without_a_doctype) {
  EXPECT_EQ(type("<table><tr><td>a</td></tr></table>"), types::kHtml);
  EXPECT_EQ(type("<!-- c --><P>a<BR>b"), types::kHtml);
  EXPECT_EQ(type("a < b and c > d"), types::kPlain);
}
TEST(Type, knows_xml_by_its_root) {
  EXPECT_EQ(type("<?xml version=\"1.0\"?><!-- x --><kml xmlns=\"a\"/>"), types::kKml);
  EXPECT_EQ(type("<?xml version=\"1.0\"?><gpx:gpx/>"), types::kGpx);
  EXPECT_EQ(type("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), types::kSvg);
  EXPECT_EQ(type("<?xml version=\"1.0\"?><package><metadata><meta name='a'/></metadata></package>"),
            types::kXml);
}
TEST(Type, looks_into_utf16) {
  std::string wide = "\xFF\xFE";
  for (const char c : "<html><body>x</body></html>"sv) wide += c, wide += '\0';
  EXPECT_EQ(type(wide), types::kHtml);
}
TEST(Type, lets_the_name_decide_only_what_content_does_not) {
  EXPECT_EQ(type("a,b\n1,2\n", "x.csv"), types::kCsv);
  EXPECT_EQ(type("a,b\n1,2\n", "x.txt"), types::kPlain);
  EXPECT_EQ(type("%PDF-1.4\n", "x.csv"), types::kPdf);
  EXPECT_EQ(type("a;b;c\n1;2;3\n4;5;6\n7;8;9\n"), types::kCsv);
}
TEST(Type, takes_words_that_begin_like_signatures_for_text) {
  EXPECT_EQ(type("MAC addresses of all machines"), types::kPlain);
  EXPECT_EQ(type("ID3 tags explained"), types::kPlain);
  EXPECT_EQ(type("BZhello"), types::kPlain);
}
TEST(Type, knows_pdf_by_a_misspelt_header) {
  EXPECT_EQ(type("%PDF1.4\n1 0 obj\n<<>>\nendobj\n"), types::kPdf);
  EXPECT_EQ(type("x\n%PDF.1.4\n%%EOF"), types::kPdf);
  EXPECT_EQ(type("%PDF is what a file of that kind begins with"), types::kPlain);
}
TEST(Type, knows_cpio_written_in_digits) {
  EXPECT_EQ(type("070707" + std::string(70, '0') + "a\n"), "application/x-cpio");
  EXPECT_EQ(type("070701" + std::string(104, 'F') + "a\n"), "application/x-cpio");
  EXPECT_EQ(type("070707 is a number of six digits"), types::kPlain);
}
TEST(Type, knows_a_packed_web_archive) {
  EXPECT_EQ(type("\x1F\x8B\x08\0\0\0\0\0\0\x03\x0B\x77\x0C\x72\xD6\x37\xD4\x33\xE0\xE5\x02\0"sv),
            types::kWarc);
  EXPECT_EQ(type("\x1F\x8B\x08\0\0\0\0\0\0\x03\x4B\x4C\x4A\x06\0"sv), "application/gzip");
}
TEST(Type, knows_chats) {
  EXPECT_EQ(type("12/03/2021, 14:22 - Ann: hello\n12/03/2021, 14:23 - Bob: hi\n"), types::kWhatsapp);
  EXPECT_EQ(type("[12.03.21, 14:22:05] Ann: hello\n[12.03.21, 14:22:09] Bob: hi\n"), types::kWhatsapp);
  EXPECT_EQ(
      type(R"({"name":"x","type":"personal_chat","messages":[{"id":1,"date_unixtime":"1","text":"a"}]})"),
      types::kTelegram);
}
TEST(Type, knows_the_empty_and_the_unknown) {
  EXPECT_EQ(type(""), types::kEmpty);
  EXPECT_EQ(type("\x01\x02\0\x03\xFE\xFA\0\0\x07"sv), types::kUnknown);
}
TEST(Type, knows_text_of_legacy_charsets) {
  EXPECT_EQ(type("\xCF\xF0\xE8\xE2\xE5\xF2, \xEC\xE8\xF0"), types::kPlain);
}
TEST(Readers, are_one_for_each_type) {
  std::vector<std::string_view> seen;
  for (const Reader* r : readers())
    for (const std::string_view t : r->types) {
      EXPECT_EQ(std::count(seen.begin(), seen.end(), t), 0) << t;
      seen.push_back(t);
    }
}

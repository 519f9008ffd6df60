#include "mime.h"
#include "readers_list.h"
#include "sample.h"

using namespace extract;

TEST(Mime, joins_characters_split_between_encoded_words) {
  EXPECT_EQ(mime::decode_words("=?utf-8?B?w6nD?= =?utf-8?B?qQ==?="), "éé");
  EXPECT_EQ(mime::decode_words("Re: =?iso-8859-1?Q?Gr=FC=DFe_an?= alle"), "Re: Grüße an alle");
  EXPECT_EQ(mime::decode_words("=?nothing"), "=?nothing");
}
TEST(Mime, begins_anew_with_each_word_that_shifts) {
  EXPECT_EQ(mime::decode_words("=?iso-2022-jp?B?GyRCJDMbKEI=?= =?iso-2022-jp?B?GyRCJHMbKEI=?="), "こん");
}
TEST(Mime, reads_addresses) {
  const auto a = mime::addresses("\"Doe, John\" <j@x>, ann@y (Ann), =?utf-8?Q?=C3=89mile?= <e@z>");
  ASSERT_EQ(a.size(), 3u);
  EXPECT_EQ(a[0], "Doe, John <j@x>");
  EXPECT_EQ(a[2], "Émile <e@z>");
}
TEST(Mime, joins_parameters_in_pieces) {
  EXPECT_EQ(
      mime::field("attachment; filename*0*=utf-8''r%C3%A9; filename*1=\"sum.pdf\"").parameter("filename"),
      "résum.pdf");
}
TEST(Mime, decodes_base64_with_dirt_in_it) { EXPECT_EQ(mime::from_base64("aGVs\r\nbG8 =\n"), "hello"); }
TEST(Mime, decodes_quoted_printable) {
  EXPECT_EQ(mime::from_quoted_printable("a=3Db =\r\nc=ZZ="), "a=b c=ZZ");
}

TEST(Mail, reads_headers_as_metadata_and_not_as_text) {
  const auto sink = record(
      "Received: from a by b; Tue, 2 Apr 2019 10:00:01 +0200\r\nFrom: Ann <a@x>\r\nTo: b@y, c@z\r\nSubject: "
      "=?utf-8?Q?=C3=A9?=\r\n"
      "Date: Tue, 2 Apr 2019 10:00:00 +0200\r\nMessage-ID: <1@x>\r\n\r\nbody\r\n");
  const Recorded& r = sink->root;
  EXPECT_EQ(r.meta("title"), "é");
  EXPECT_EQ(r.meta("from"), "Ann <a@x>");
  EXPECT_EQ(r.all("to").size(), 2u);
  EXPECT_EQ(r.meta("date.sent"), "2019-04-02T10:00:00+02:00");
  EXPECT_EQ(r.meta("date.received"), "2019-04-02T10:00:01+02:00");
  EXPECT_EQ(r.meta("message_id"), "1@x");
  EXPECT_EQ(r.text(), "body\n");
}
TEST(Mail, gives_attachments_as_parts) {
  const auto sink = record(
      "From: a@x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; "
      "boundary=b\n\npreamble\n--b\nContent-Type: text/plain\n\nhello\n"
      "--b\nContent-Type: application/pdf; name=\"a.pdf\"\nContent-Transfer-Encoding: base64\n\naGVsbG8=\n"
      "--b\nContent-Type: message/rfc822\n\nSubject: inner\nFrom: q@r\n\nx\n--b--\n");
  const Recorded& r = sink->root;
  EXPECT_EQ(r.text(), "hello");
  ASSERT_EQ(r.parts.size(), 2u);
  EXPECT_EQ(r.parts[0]->info.name, "a.pdf");
  EXPECT_EQ(r.parts[0]->bytes, "hello");
  EXPECT_EQ(r.parts[1]->info.type, "message/rfc822");
  EXPECT_EQ(r.parts[1]->info.name, "inner.eml");
  EXPECT_EQ(r.expected, 2u);
}
TEST(Mail, prefers_plain_text_to_its_page) {
  const auto sink = record(
      "From: a@x\nMessage-ID: <1>\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: "
      "text/plain\n\nplain\n--b\nContent-Type: text/html\n\n<p>page</p>\n--b--\n");
  EXPECT_EQ(sink->root.text(), "plain");
}
TEST(Mail, reads_the_page_when_there_is_nothing_else) {
  EXPECT_EQ(
      record("From: a@x\nMessage-ID: <1>\nContent-Type: text/html; charset=iso-8859-1\n\n<p>Gr\xFC\xDF</p>\n")
          ->root.text(),
      "Grüß");
}
TEST(Mail, takes_uuencoded_files_out_of_the_text) {
  const auto sink =
      record("From: a@x\nMessage-ID: <1>\nSubject: y\n\nsee:\nbegin 644 cat.txt\n#0V%T\n`\nend\nbye\n");
  ASSERT_EQ(sink->root.parts.size(), 1u);
  EXPECT_EQ(sink->root.parts[0]->bytes, "Cat");
  EXPECT_EQ(sink->root.text().find("begin"), std::string::npos);
}
TEST(Mail, tells_what_is_encrypted) {
  EXPECT_TRUE(record("From: a@x\nMessage-ID: <1>\nContent-Type: multipart/encrypted; "
                     "boundary=b\n\n--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n")
                  ->root.found(Reason::encrypted));
}
TEST(Mail, stops_at_depth) {
  std::string s = "From: a@x\nMessage-ID: <1>\n";
  for (int i = 0; i < 1000; ++i)
    s += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\n\n--b" + std::to_string(i) +
         "\n";
  EXPECT_TRUE(record(s + "\ntext")->root.found(Reason::too_deep));
}
TEST(Mail, comes_back_from_every_length) {
  read_truncated(mail_reader,
                 "From a b 10:00:00 2001\nFrom: \"A\\\" B\" <a@x>\nSubject: =?utf-8?B?w6k=?=\nContent-Type: "
                 "multipart/mixed;\n boundary=\"b\"\n\n--b\nContent-Disposition: attachment; "
                 "filename*=utf-8''%C3%A9\n\nbegin 644 x\n#0V%T\nend\n--b--\n");
}
TEST(Mail, reads_the_spam_of_the_world) {
  SAMPLE(mail, "mail/spamassassin/easy-ham-1/00001.7c53336b37003a9286aba55d2945844c.eml");
  const auto sink = record(mail, "1.eml");
  EXPECT_EQ(sink->root.meta("title"), "Re: New Sequences Window");
  EXPECT_EQ(sink->root.meta("message_id"), "13258.1030015585@munnari.OZ.AU");
}

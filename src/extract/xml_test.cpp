#include "readers_list.h"
#include "sample.h"
#include "xml_scan.h"

using namespace extract;

TEST(Xml, gives_text_and_attribute_values) {
  const std::string t =
      record("<?xml version=\"1.0\"?><r><a name=\"x &amp; y\">one<b>two</b></a><c>three</c></r>")
          ->root.text();
  EXPECT_EQ(t, "x & y onetwo\nthree");
}
TEST(Xml, knows_no_entities_but_the_five_and_numbers) {
  EXPECT_EQ(
      record("<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY lol \"lol\">]><r>&lol;&lt;&#65;</r>")->root.text(),
      "&lol;<A");
}
TEST(Xml, reads_cdata) {
  EXPECT_EQ(record("<?xml version=\"1.0\"?><r><![CDATA[a<b]]></r>")->root.text(), "a<b");
}
TEST(Xml, tells_what_is_cut_off) {
  EXPECT_TRUE(record("<?xml version=\"1.0\"?><r><a>text")->root.found(Reason::truncated));
}
TEST(Xml, tells_depth_and_goes_on) {
  std::string s = "<?xml version=\"1.0\"?>";
  for (int i = 0; i < 10'000; ++i) s += "<a>";
  const auto sink = record(s + "deep");
  EXPECT_TRUE(sink->root.found(Reason::too_deep));
  EXPECT_NE(sink->root.text().find("deep"), std::string::npos);
}
TEST(Xml, skips_an_element_with_all_it_holds) {
  XmlScan xml("<a><b><b>x</b></b>y</a>");
  EXPECT_EQ(xml.next(), XmlScan::Event::start);
  EXPECT_EQ(xml.next(), XmlScan::Event::start);
  xml.skip();
  EXPECT_EQ(xml.next(), XmlScan::Event::text);
  EXPECT_EQ(xml.text(), "y");
}
TEST(Xml, comes_back_from_every_length) {
  read_truncated(xml_reader,
                 "<?xml version='1.0'?><!DOCTYPE a [ ]><a b='c'><!-- d --><![CDATA[e]]>&#x41;<f/></a>");
}

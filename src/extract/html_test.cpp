#include "html_text.h"
#include "readers_list.h"
#include "sample.h"

using namespace extract;

namespace {
std::string text(std::string_view html) { return html_text(html).text; }
}  // namespace

TEST(Html, puts_blocks_on_lines_and_keeps_words_whole) {
  EXPECT_EQ(text("<div>one</div><div>t<b>w</b>o</div><p>three<br>four"), "one\ntwo\n\nthree\nfour");
}
TEST(Html, drops_scripts_and_styles_of_any_spelling) {
  EXPECT_EQ(text("a<script>var x='</b>';</SCRIPT >b<style>p{}</style>c"), "abc");
}
TEST(Html, keeps_the_rest_when_a_script_never_ends) {
  EXPECT_NE(text("a<script>b c").find("b c"), std::string::npos);
}
TEST(Html, resolves_entities) {
  EXPECT_EQ(text("&eacute;&#233;&#xE9;&#150;&amp;&nbsp;&lt;&unknown;&copy2"), "ééé–& <&unknown;&copy2");
}
TEST(Html, leaves_query_strings_in_peace) { EXPECT_EQ(text("a?b=1&c=2"), "a?b=1&c=2"); }
TEST(Html, separates_cells_by_tabs) {
  EXPECT_EQ(text("<table><tr><td>a</td><td>b</td></tr><tr><td>c"), "a\tb\nc");
}
TEST(Html, reads_title_and_metadata) {
  const auto sink = record(
      "<html lang=de-AT><head><title>A &amp;\n B</title><meta name=author content='X Y'>"
      "<meta property='article:published_time' "
      "content='2021-03-04T10:11:12+02:00'></head><body>t</body></html>");
  EXPECT_EQ(sink->root.meta("title"), "A & B");
  EXPECT_EQ(sink->root.meta("author"), "X Y");
  EXPECT_EQ(sink->root.meta("date.created"), "2021-03-04T10:11:12+02:00");
  EXPECT_EQ(sink->root.meta("language"), "de");
  EXPECT_EQ(sink->root.text(), "t");
}
TEST(Html, tells_links_and_alternative_texts) {
  const HtmlText h = html_text("<a href='http://a/?x=1&amp;y=2'>t</a><img alt='a tank' src=x>");
  ASSERT_EQ(h.links.size(), 1u);
  EXPECT_EQ(h.links[0], "http://a/?x=1&y=2");
  EXPECT_EQ(h.text, "t a tank");
}
TEST(Html, follows_the_charset_of_the_page) {
  EXPECT_EQ(text("<meta http-equiv=Content-Type content=\"text/html; charset=windows-1251\"><p>\xCF\xF0\xE8"),
            "При");
}
TEST(Html, survives_quotes_that_never_close) {
  EXPECT_NE(text("<a href=\"x>one</a> two").find("two"), std::string::npos);
}
TEST(Html, keeps_lines_of_pre) { EXPECT_EQ(text("<pre>a\n  b</pre>"), "a\n  b"); }
TEST(Html, comes_back_from_every_length) {
  read_truncated(html_reader,
                 "<!-- c --><html><head><title>x</title></head><body a='b' "
                 "c=\"d\">&eacute;&#x41;<script>x</script><![CDATA[y]]></body>");
}
TEST(Html, is_done_soon_with_many_open_quotes) {
  std::string s;
  for (int i = 0; i < 200'000; ++i) s += "<a b=\"<!--<script><?";
  EXPECT_LT(html_text(s).links.size(), 300u);
}

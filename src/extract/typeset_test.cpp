// Pages that Custos sets: what stands on them, where, and what hostile documents do not achieve.
#include "drawn.h"
#include "html_text.h"
#include "sample.h"
#include "typeset_from.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

namespace extract {
namespace {

std::vector<std::string> words(const Drawn& d) {
  std::vector<std::string> out;
  for (const PlacedWord& b : boxes(d)) out.push_back(b.word);
  return out;
}
Drawn page(const std::string& html, std::uint32_t number = 1, std::uint32_t width = 794) {
  return drawn(html, "text/html", number, width);
}
// The colour in the middle of nothing: a place of the page, in ten-thousandths.
std::array<int, 3> at(const Drawn& d, int x, int y) {
  const int px = x * d.width / 10'000, py = y * d.height / 10'000;
  return {d.at(px, py, 0), d.at(px, py, 1), d.at(px, py, 2)};
}

// A red point as a PNG, in base64.
std::string red_png() {
  return "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
}

TEST(Typeset, words_of_a_page_lie_on_its_ink_in_the_order_of_reading) {
  const Drawn d = page("<h1>Quarry</h1><p>The convoy <b>left</b> at dawn.</p>");
  ASSERT_TRUE(d.status.ok()) << d.status.error().message;
  EXPECT_EQ(d.sink.root.meta("pages"), "1");
  EXPECT_EQ(d.sink.root.meta("set"), "styled");
  EXPECT_EQ(d.sink.root.meta("set.cut"), "");
  EXPECT_EQ(d.width, 794);
  EXPECT_EQ(d.height, 1123);
  EXPECT_EQ(words(d), (std::vector<std::string>{"Quarry", "The", "convoy", "left", "at", "dawn."}));
  int inside = 0, outside = 0;
  const auto all = boost::json::parse(d.words()).as_array();
  for (const auto& w : all) {
    const auto [in, out] = ink(d, w.as_array());
    EXPECT_GT(in, 20) << w.at(4);
    inside += in;
    outside = in + out;
  }
  EXPECT_GT(inside, outside * 9 / 10);  // boxes may share an edge
  EXPECT_EQ(d.told(kPageTexts), R"([[1,"Quarry The convoy left at dawn. "]])");
}

TEST(Typeset, words_of_a_script_from_right_to_left_stand_so) {
  const Drawn d = page("<meta charset=utf-8><p>وصلت القافلة Convoy 17 إلى القرية</p>");
  const std::vector<PlacedWord> all = boxes(d);
  ASSERT_EQ(all.size(), 6u) << said(d);
  EXPECT_EQ(all[0].word, "وصلت");
  EXPECT_EQ(all[2].word, "Convoy");
  EXPECT_GT(all[0].x, all[1].x);
  EXPECT_GT(all[1].x, all[2].x);
  EXPECT_LT(all[2].x, all[3].x);  // within, Latin goes on from left to right
  EXPECT_GT(all[2].x, all[4].x);
  EXPECT_GT(all[0].x + all[0].width, 9000);  // and begins at the right margin
  // A table too: its first column is at the right.
  const Drawn t = page("<meta charset=utf-8><table dir=rtl><tr><td>الاسم<td>التاريخ</table>");
  EXPECT_GT(box_of(t, "الاسم").x, box_of(t, "التاريخ").x);
}

TEST(Typeset, a_table_keeps_its_columns_and_what_spans_them) {
  const Drawn d = page(
      "<table border=1 width=600><tr><th colspan=2>Names</th><th rowspan=2>Seen</th></tr>"
      "<tr><td>Amir<td>Hodzic<tr><td>Jelena<td>Petrovic<td>twice</table>");
  EXPECT_EQ(words(d),
            (std::vector<std::string>{"Names", "Seen", "Amir", "Hodzic", "Jelena", "Petrovic", "twice"}));
  EXPECT_NEAR(box_of(d, "Amir").x, box_of(d, "Jelena").x, 5);
  EXPECT_NEAR(box_of(d, "Hodzic").x, box_of(d, "Petrovic").x, 5);
  EXPECT_GT(box_of(d, "twice").x, box_of(d, "Petrovic").x);
  EXPECT_EQ(box_of(d, "Amir").y, box_of(d, "Hodzic").y);
}

TEST(Typeset, rules_of_a_sheet_and_of_the_element_are_obeyed_in_their_order) {
  const Drawn d = page(
      "<style>@import url(https://x/);  .note { color:#00f } div.note b { background-color:#0f0 } "
      "#one { background:#ff0000; height: 80px } @media print { .note { color: red } } p:hover {color: "
      "red}</style>"
      "<div id=one>&nbsp;</div><div class='big note'>blue <b>ground</b></div>");
  const auto red = at(d, 5000, box_of(d, "blue").y - 400);
  EXPECT_EQ(red, (std::array<int, 3>{255, 0, 0}));
  const PlacedWord g = box_of(d, "ground");
  int green = 0, blue = 0;
  for (int y = g.y * d.height / 10'000; y < (g.y + g.height) * d.height / 10'000; ++y)
    for (int x = 0; x < d.width; ++x) {
      green += d.at(x, y, 0) < 40 && d.at(x, y, 1) > 200 && d.at(x, y, 2) < 40;
      blue += d.at(x, y, 0) < 60 && d.at(x, y, 1) < 60 && d.at(x, y, 2) > 200;
    }
  EXPECT_GT(green, 200);
  EXPECT_GT(blue, 50);
}

TEST(Typeset, what_a_document_hides_is_shown_and_marked) {
  const std::string shown = "<p>open</p>";
  for (const std::string hidden :
       {"<p style='display:none'>secret</p>", "<p><span style='visibility: hidden'>secret</span></p>",
        "<p style='font-size:0'>secret</p>", "<p><font color=white>secret</font></p>",
        "<div style='background:#123456;color:#123457'>secret</div>", "<p hidden>secret</p>",
        "<style>.x{display:none}</style><p class=x>secret</p>"}) {
    const Drawn d = page(shown + hidden);
    const PlacedWord b = box_of(d, "secret");
    // On the grey of what is hidden, and dark enough to be read.
    int grey = 0, dark = 0;
    for (int y = b.y * d.height / 10'000 + 1; y < (b.y + b.height) * d.height / 10'000; ++y)
      for (int x = b.x * d.width / 10'000; x < (b.x + b.width) * d.width / 10'000; ++x) {
        grey += d.at(x, y, 0) == 0xE2 && d.at(x, y, 2) == 0xE2;
        dark += d.at(x, y, 0) < 120;
      }
    EXPECT_GT(grey, 100) << hidden;
    EXPECT_GT(dark, 20) << hidden;
  }
}

TEST(Typeset, a_picture_from_elsewhere_is_a_frame_with_its_address) {
  const Drawn d = page(
      "<p>before<img src='https://tracker.example.org/big.png' alt='The bridge' width=300 "
      "height=100>after</p>"
      "<img src='https://tracker.example.org/open.gif?id=77' width=1 height=1>"
      "<iframe src='http://evil.example.org/x'></iframe>");
  EXPECT_TRUE(has(d, "The bridge — https://tracker.example.org/big.png")) << said(d);
  EXPECT_TRUE(has(d, "[1] https://tracker.example.org/open.gif?id=77")) << said(d);
  EXPECT_TRUE(has(d, "http://evil.example.org/x")) << said(d);
}

TEST(Typeset, a_picture_that_comes_along_is_drawn) {
  const Drawn d = page("<p>here</p><img width=200 height=100 src='data:image/png;base64," + red_png() + "'>");
  EXPECT_EQ(at(d, 1500, box_of(d, "here").y + 600), (std::array<int, 3>{255, 0, 0}));
  const std::string mail =
      "From: Amir <a@example.org>\r\nTo: b@example.org\r\nSubject: =?utf-8?B?0JzQvtGB0YI=?=\r\nMIME-Version: "
      "1.0\r\n"
      "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/related; "
      "boundary=r\r\n\r\n"
      "--r\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n--a\r\nContent-Type: "
      "text/plain\r\n\r\nplainly\r\n"
      "--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>styled</p><img src='cid:one@x' width=200 "
      "height=100>"
      "\r\n--a--\r\n--r\r\nContent-Type: image/png\r\nContent-ID: <one@x>\r\nContent-Transfer-Encoding: "
      "base64\r\n\r\n" +
      red_png() +
      "\r\n--r--\r\n--m\r\nContent-Type: application/pdf; name=\"list.pdf\"\r\nContent-Disposition: "
      "attachment; "
      "filename=\"list.pdf\"\r\n\r\nxyz\r\n--m--\r\n";
  const Drawn m = drawn(mail, "message/rfc822", 1, 794);
  ASSERT_TRUE(m.status.ok()) << m.status.error().message;
  EXPECT_TRUE(has(m, "Amir <a@example.org>")) << said(m);
  EXPECT_TRUE(has(m, "Мост")) << said(m);
  EXPECT_FALSE(has(m, "plainly")) << said(m);
  EXPECT_TRUE(has(m, "list.pdf — application/pdf")) << said(m);
  EXPECT_EQ(at(m, 1500, box_of(m, "styled").y + 600), (std::array<int, 3>{255, 0, 0}));
}

TEST(Typeset, an_alternative_that_is_only_plain_is_shown_as_it_is) {
  const Drawn d = drawn("From: a@b.c\nSubject: x\n\nfirst  line\n\tsecond\n", "message/rfc822", 1, 794);
  EXPECT_TRUE(has(d, "first line second")) << said(d);
  EXPECT_GT(box_of(d, "second").y, box_of(d, "line").y);
}

std::string many_lines(int n) {
  std::string out;
  for (int k = 1; k <= n; ++k) out += "<p>line" + std::to_string(k) + " of the statement</p>";
  return out;
}

TEST(Typeset, every_word_stands_on_one_page_and_whole) {
  // Two columns whose lines do not stand at the same heights.
  std::string left, right;
  for (int k = 0; k < 150; ++k) {
    left += "<p style='font-size:13px;margin:3px'>left" + std::to_string(k) + "</p>";
    right += "<p style='font-size:19px;margin:7px'>right" + std::to_string(k) + "</p>";
  }
  const std::string html = "<table><tr><td>" + left + "<td>" + right + "</table>" + many_lines(40);
  const int pages = std::atoi(page(html).sink.root.meta("pages").c_str());
  ASSERT_GT(pages, 4);
  std::map<std::string, int> seen;
  for (int n = 1; n <= pages; ++n) {
    const Drawn d = page(html, static_cast<std::uint32_t>(n));
    for (const PlacedWord& b : boxes(d)) {
      ++seen[b.word];
      EXPECT_GE(b.y, 300) << b.word;
      EXPECT_LE(b.y + b.height, 9'700) << b.word << " on " << n;
    }
  }
  for (int k = 0; k < 150; ++k) {
    EXPECT_EQ(seen["left" + std::to_string(k)], 1) << k;
    EXPECT_EQ(seen["right" + std::to_string(k)], 1) << k;
  }
  EXPECT_EQ(page(html, static_cast<std::uint32_t>(pages) + 1).status.error().why, base::Refusal::not_found);
}

TEST(Typeset, lines_break_in_the_same_places_at_every_width_of_the_picture) {
  const std::string html = many_lines(30) + "<p>" + std::string(3000, 'x') + " " + many_lines(3);
  const Drawn small = page(html, 1, 300), large = page(html, 1, 2000);
  const std::vector<PlacedWord> a = boxes(small), b = boxes(large);
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t k = 0; k < a.size(); ++k) {
    EXPECT_EQ(a[k].word, b[k].word);
    EXPECT_NEAR(a[k].x, b[k].x, 1);
    EXPECT_NEAR(a[k].y, b[k].y, 1);
  }
}

TEST(Typeset, the_words_that_a_reader_finds_in_real_pages_stand_on_their_pictures) {
  const std::string folder = corpus("html/trafilatura");
  if (!base::file_exists(folder)) GTEST_SKIP() << "no corpus";
  int files = 0, all = 0, missing = 0;
  std::vector<std::string> names;
  for (const auto& e : std::filesystem::recursive_directory_iterator(folder))
    if (e.path().extension() == ".html") names.push_back(e.path());
  std::sort(names.begin(), names.end());
  for (std::size_t k = 0; k < names.size(); k += 6) {
    const std::string bytes = base::read_file(names[k]);
    const Drawn d = page(bytes);
    ASSERT_TRUE(d.status.ok()) << names[k] << ": " << d.status.error().message;
    std::set<std::string> set;
    const boost::json::value texts = boost::json::parse(d.told(kPageTexts));
    for (const auto& p : texts.as_array()) {
      std::string w;
      for (const char c : std::string(p.at(1).as_string()) + " ")
        if (static_cast<signed char>(c) < 0 || std::isalnum(static_cast<unsigned char>(c)))
          w += c;
        else if (!w.empty())
          set.insert(std::exchange(w, {}));
    }
    std::string w;
    for (const char c : html_text(bytes).text + " ")
      if (static_cast<signed char>(c) < 0 || std::isalnum(static_cast<unsigned char>(c)))
        w += c;
      else if (!w.empty()) {
        ++all;
        missing += !set.contains(w);
        w.clear();
      }
    ++files;
  }
  EXPECT_GT(files, 5);
  EXPECT_LT(missing, all / 200) << missing << " of " << all << " words in " << files << " pages";
}

TEST(Typeset, tables_within_tables_without_end_are_refused) {
  std::string deep;
  for (int k = 0; k < 10'000; ++k) deep += "<table><tr><td>";
  const Drawn d = page(deep + "words");
  ASSERT_FALSE(d.status.ok());
  EXPECT_EQ(d.status.error().why, base::Refusal::unsupported);
  EXPECT_NE(d.status.error().message.find("read its text"), std::string::npos);
  std::string few;
  for (int k = 0; k < 30; ++k) few += "<table border=1><tr><td>";
  EXPECT_TRUE(has(page(few + "words"), "words"));
}

TEST(Typeset, other_elements_may_be_as_deep_as_they_like) {
  for (const std::string tag :
       {"<div style='padding:3px;border:1px solid'>", "<b>", "<ul><li>", "<blockquote>", "<font size=7>"}) {
    std::string deep;
    for (int k = 0; k < 100'000; ++k) deep += tag;
    const Drawn d = page(deep + "words");
    ASSERT_TRUE(d.status.ok()) << tag;
    bool found = false;
    const boost::json::value texts = boost::json::parse(d.told(kPageTexts));
    for (const auto& p : texts.as_array())
      found |= p.at(1).as_string().find("words") != boost::json::string::npos;
    EXPECT_TRUE(found) << tag;
  }
}

TEST(Typeset, a_picture_of_many_pixels_is_not_decoded) {
  std::string png = "\x89PNG\r\n\x1a\n";
  const std::string head{"\0\0\0\rIHDR\0\0\xEA\x60\0\0\xEA\x60\x08\x02\0\0\0....", 29};
  png += head;
  static constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string base64;
  png.resize(png.size() + (3 - png.size() % 3) % 3, '\0');
  for (std::size_t k = 0; k < png.size(); k += 3) {
    const auto byte = [&](std::size_t n) {
      return static_cast<unsigned>(static_cast<unsigned char>(png[k + n]));
    };
    const unsigned v = byte(0) << 16 | byte(1) << 8 | byte(2);
    for (const int shift : {18, 12, 6, 0}) base64 += kLetters[v >> shift & 63];
  }
  const Drawn d = page("<img alt='very large' src='data:image/png;base64," + base64 + "'>after");
  ASSERT_TRUE(d.status.ok());
  EXPECT_TRUE(has(d, "very large — data:image/png")) << said(d);
  EXPECT_TRUE(has(d, "after"));
}

TEST(Typeset, a_picture_that_is_shown_a_thousand_times_is_kept_once) {
  const std::string one(3 << 20, 'A');  // no picture, and large
  std::string shown;
  for (int k = 0; k < 20'000; ++k) shown += "<img src=cid:x width=9><img src=cid:y width=9>";
  const Drawn d =
      drawn("Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n" + shown +
                "\n--b\nContent-Type: image/png\nContent-ID: <x>\nContent-Transfer-Encoding: base64\n\n" +
                red_png() +
                "\n--b\nContent-Type: image/png\nContent-ID: <y>\n"
                "Content-Transfer-Encoding: base64\n\n" +
                one + "\n--b--\n",
            "message/rfc822", 1, 794);
  ASSERT_TRUE(d.status.ok()) << d.status.error().message;
  EXPECT_TRUE(has(d, "[1]"));
}

TEST(Typeset, sheets_that_never_end_and_tables_of_a_million_columns_are_bounded) {
  std::string css = "<style>";
  for (int k = 0; k < 20'000; ++k) css += "@media screen { a" + std::to_string(k) + " b > c.d { color: red; ";
  EXPECT_TRUE(has(page(css + "</style><p>words"), "words"));
  std::string loops = "<style>";
  for (int k = 0; k < 200'000; ++k) loops += "p{p{";
  EXPECT_TRUE(has(page(loops + "</style><p style='((((;;;:::'>words"), "words"));
  EXPECT_TRUE(
      has(page("<table><tr><td colspan=1000000 rowspan=1000000>words<tr><td>more</table>"), "words more"));
  std::string wide = "<table><tr>";
  for (int k = 0; k < 3000; ++k) wide += "<td rowspan=9999 colspan=9>x";
  EXPECT_TRUE(page(wide).status.ok());
}

TEST(Typeset, a_document_that_is_too_long_is_cut_and_says_so) {
  std::string text;
  while (text.size() < typeset::kTextMax + 100'000) text += "words without an end and without a paragraph ";
  const Drawn d = page("<p>" + text);
  ASSERT_TRUE(d.status.ok()) << d.status.error().message;
  EXPECT_EQ(d.sink.root.meta("set.cut"), "1");
  EXPECT_LE(std::atoi(d.sink.root.meta("pages").c_str()), static_cast<int>(typeset::kPagesMax));
}

TEST(Typeset, what_is_no_markup_or_empty_is_a_page_too) {
  for (const std::string html :
       {"<html></html>", "<html><body><img></body>", "<html><table></table>", "<html><p>", "<html><"}) {
    const Drawn d = page(html);
    EXPECT_TRUE(d.status.ok()) << html;
    EXPECT_EQ(d.sink.root.meta("pages"), "1") << html;
  }
}

}  // namespace
}  // namespace extract

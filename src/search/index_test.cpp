#include "expand.h"
#include "tokenize.h"

#include <store/sql.h>
#include <base/bytes.h>
#include <base/crypto.h>
#include <base/handle.h>
#include <search/index.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

namespace {

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> out;
  search::each_word(text, [&](const search::Word& w) { return out.emplace_back(w.exact), true; });
  return out;
}

struct Case {
  std::string folder =
      std::filesystem::temp_directory_path().string() + "/custos-index-" + base::hex(base::random_bytes(8));
  std::unique_ptr<search::Index> index =
      std::make_unique<search::Index>(search::Index::Options{folder, std::string(32, 'k'), 2});
  std::uint32_t items = 0;
  ~Case() {
    index.reset();
    std::filesystem::remove_all(folder);
  }
  search::Document doc(std::string body, std::string language = "en") {
    search::Document d;
    d.item = ++items, d.family = d.same_as = d.item, d.sequence = d.item;
    d.body = std::move(body), d.languages = {std::move(language)}, d.type = "text/plain";
    return d;
  }
  void add(std::string body, std::string language = "en") {
    index->add(doc(std::move(body), std::move(language)));
  }
  // The records: the first and the last item have the tag "Due now".
  std::optional<std::vector<std::uint32_t>> tagged(std::string_view field, std::string_view value) const {
    if (field != "tag" || value != "Due now") return {};
    return std::vector<std::uint32_t>{items, 1};
  }
  // Numbers of the matching items, or the refusal.
  std::string find(std::string_view q) {
    const auto tree = search::parse_query(q);
    if (!tree.ok()) return tree.error().message;
    const auto m = index->search(**tree, [this](auto field, auto value) { return tagged(field, value); });
    if (!m.ok()) return m.error().message;
    std::vector<std::uint32_t> n;
    for (const auto& x : *m) n.push_back(x.item);
    std::ranges::sort(n);
    std::string out;
    for (const auto x : n) out += (out.empty() ? "" : " ") + std::to_string(x);
    return out;
  }
};

}  // namespace

TEST(Tokenizer, finds_words_of_any_script) {
  EXPECT_EQ(words("The Témoin's 2nd"), (std::vector<std::string>{"the", "temoin", "s", "2nd"}));
  EXPECT_EQ(words("Свідок ёлка йод"), (std::vector<std::string>{"свідок", "елка", "йод"}));
  EXPECT_EQ(words("شَاهِد الإبادة"), (std::vector<std::string>{"شاهد", "الاباده"}));
  EXPECT_EQ(words("国际刑事法院").size(), 3u);
  EXPECT_GT(words("ศาลอาญาระหว่างประเทศ").size(), 1u);
}

TEST(Tokenizer, a_word_has_one_form_whether_ascii_or_not) {
  EXPECT_EQ(words("straße"), words("STRASSE"));
  EXPECT_EQ(words("cafe\u0301"), words("caf\u00e9"));
}

TEST(Query, boolean_is_boolean) {
  Case c;
  c.add("alpha beta");
  c.add("alpha gamma");
  c.add("beta gamma");
  c.add("delta");
  c.index->commit();
  EXPECT_EQ(c.find("alpha"), "1 2");
  EXPECT_EQ(c.find("alpha beta"), "1");
  EXPECT_EQ(c.find("alpha OR delta"), "1 2 4");
  EXPECT_EQ(c.find("alpha NOT beta"), "2");
  EXPECT_EQ(c.find("NOT alpha"), "3 4");
  EXPECT_EQ(c.find("(alpha OR beta) NOT gamma"), "1");
  EXPECT_EQ(c.find("(alpha OR type:pdf) AND NOT (beta OR type:pdf)"), "2");
  EXPECT_EQ(c.find("*"), "1 2 3 4");
  EXPECT_EQ(c.find("nowhere"), "");
  EXPECT_EQ(c.find("nowhere OR delta"), "4");
}

TEST(Query, a_tag_is_asked_of_the_records) {
  Case c;
  c.add("alpha beta");
  c.add("alpha gamma");
  c.add("alpha");
  c.index->commit();
  EXPECT_EQ(c.find("tag:\"Due now\""), "1 3");
  EXPECT_EQ(c.find("alpha NOT tag:\"Due now\""), "2");
  EXPECT_EQ(c.find("TAG:\"Due now\" beta"), "1");
  EXPECT_EQ(c.find("gamma OR tag:\"Due now\""), "1 2 3");
  EXPECT_EQ(c.find("alpha tag:due"), "position 7: expected a tag of this case after tag:, found \"due\"");
  EXPECT_EQ(c.find("tag:"), "position 5: expected a value right after tag:, found the end");
  EXPECT_EQ(c.find("sha256:" + std::string(64, 'a')), "");
}

TEST(Query, words_are_stemmed_in_the_language_of_the_text_and_exact_ones_are_not) {
  Case c;
  c.add("the villages were displaced");
  c.add("a village displaces");
  c.add("les villages déplacés", "fr");
  c.add("свидетели говорили", "ru");
  c.index->commit();
  EXPECT_EQ(c.find("village"), "1 2 3");
  EXPECT_EQ(c.find("=village"), "2");
  EXPECT_EQ(c.find("displacing"), "1 2");
  EXPECT_EQ(c.find("déplacer"), "3");
  EXPECT_EQ(c.find("свидетель"), "4");
  EXPECT_EQ(c.find("\"villages were displaced\""), "1");
  EXPECT_EQ(c.find("\"village was\""), "");
}

TEST(Query, proximity_counts_the_distance_in_words) {
  Case c;
  c.add("one two three four five");
  c.index->commit();
  EXPECT_EQ(c.find("one NEAR/4 five"), "1");
  EXPECT_EQ(c.find("one NEAR/3 five"), "");
  EXPECT_EQ(c.find("five NEAR/4 one"), "1");
  EXPECT_EQ(c.find("\"one two\" NEAR/2 four"), "1");
  EXPECT_EQ(c.find("\"one two\" NEAR/1 four"), "");
}

TEST(Query, wildcards_and_fuzzy_words_stand_for_what_occurs) {
  Case c;
  c.add("displaced persons");
  c.add("displacement");
  c.add("misplaced");
  c.add("Milosevic");
  c.add("Miloshevic");
  c.index->commit();
  EXPECT_EQ(c.find("displac*"), "1 2");
  EXPECT_EQ(c.find("*placed"), "1 3");
  EXPECT_EQ(c.find("d*placed"), "1");
  EXPECT_EQ(c.find("m?splaced"), "3");
  EXPECT_EQ(c.find("milosevic~1"), "4 5");
  EXPECT_EQ(c.find("milosevic~0"), "position 11: expected 1 or 2 changes after ~, found \"0\"");
  EXPECT_EQ(c.find("\"displac* person\""), "1");
}

TEST(Query, fields_and_ranges_filter) {
  Case c;
  auto d = c.doc("report");
  d.type = "application/pdf", d.date = 1551744000, d.size = 12'000'000, d.from = "Ana <ana@example.org>",
  d.flags = search::has_gps;
  c.index->add(std::move(d));
  d = c.doc("report");
  d.title = "Convoy", d.date = 1580515200, d.to = "Ana <ana@example.org>";
  c.index->add(std::move(d));
  c.index->commit();
  EXPECT_EQ(c.find("type:pdf"), "1");
  EXPECT_EQ(c.find("report type:application/pdf"), "1");
  EXPECT_EQ(c.find("date:2019-03..2020"), "1 2");
  EXPECT_EQ(c.find("date:2019-03-05"), "1");
  EXPECT_EQ(c.find("date:>2019"), "2");
  EXPECT_EQ(c.find("size:>10MB"), "1");
  EXPECT_EQ(c.find("from:ana"), "1");
  EXPECT_EQ(c.find("to:ana@example.org"), "2");
  EXPECT_EQ(c.find("ana"), "1 2");
  EXPECT_EQ(c.find("title:convoys"), "2");
  EXPECT_EQ(c.find("has:gps"), "1");
  EXPECT_EQ(c.find("has:nothing"),
            "position 1: expected text, attachment, gps, ocr, date, duplicate or finding after has:");
}

TEST(Query, a_wrong_query_tells_where_and_what_was_expected) {
  const auto said = [](std::string_view q) {
    const auto r = search::parse_query(q);
    return r.ok() ? std::string("accepted") : r.error().message;
  };
  EXPECT_EQ(said("a AND"),
            "position 6: expected a word, a phrase, a field or an opening parenthesis, found the end");
  EXPECT_EQ(said("(a OR b"),
            "position 8: expected a closing parenthesis for the one at position 1, found the end");
  EXPECT_EQ(said("é \"abc"),
            "position 7: expected a closing quotation mark for the one at position 3, found the end");
  EXPECT_EQ(said("a NEAR/x b"),
            "position 8: expected a number of words up to 1000 after NEAR/, found \"x b\"");
  EXPECT_EQ(said("colour:red").substr(0, 32), "position 1: expected a known fie");
  EXPECT_EQ(said(""), "position 1: expected a word, found the end");
  EXPECT_EQ(said("!!!"), "position 1: expected at least one letter or digit, found \"!!!\"");
}

TEST(Query, any_bytes_are_parsed_or_refused) {
  const std::string alphabet = "ab()\"*?~:=NOT AND OR NEAR/3 é\xff";
  for (int i = 0; i < 20000; ++i) {
    const std::string r = base::random_bytes(12);
    std::string q;
    for (const char x : r) q += alphabet[static_cast<unsigned char>(x) % alphabet.size()];
    static_cast<void>(search::parse_query(q));
  }
}

TEST(Index, takes_up_where_it_was_and_replaces_what_is_processed_again) {
  Case c;
  c.add("first version");
  c.index->commit();
  auto d = c.doc("other");
  d.item = 1, d.family = 1, d.sequence = 2, c.items = 1;
  d.before = std::make_unique<search::Document>(c.doc("first version"));
  d.before->item = 1, d.before->sequence = 1;
  d.body = "second version";
  c.index->add(std::move(d));
  c.index->commit();
  EXPECT_EQ(c.find("first"), "");
  EXPECT_EQ(c.find("second"), "1");
  c.index.reset();
  c.index = std::make_unique<search::Index>(search::Index::Options{c.folder, std::string(32, 'k'), 4});
  EXPECT_EQ(c.index->seen(), 2);
  EXPECT_EQ(c.find("second"), "1");
}

TEST(Index, whose_making_was_interrupted_is_made_whole_at_the_next_opening) {
  Case c;
  EXPECT_EQ(c.index->seen(), 0);
  c.index.reset();
  for (const char* left : {"", "create table seen (sequence integer not null)"}) {
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(c.folder + "/shard-0.db" + end);
    store::open_sqlite(c.folder + "/shard-0.db", {.key = std::string(32, 'k')})->script(left);
    c.index = std::make_unique<search::Index>(search::Index::Options{c.folder, std::string(32, 'k'), 2});
    EXPECT_EQ(c.index->seen(), 0) << left;
    EXPECT_EQ(c.find("anything"), "") << left;
    c.index.reset();
  }
  c.index = std::make_unique<search::Index>(search::Index::Options{c.folder, std::string(32, 'k'), 2});
  c.add("anything"), c.add("anything");
  c.index->commit();
  EXPECT_EQ(c.find("anything"), "1 2");
}

TEST(Index, holds_no_plain_word) {
  Case c;
  for (int i = 0; i < 200; ++i) c.add("secretmarker number " + std::to_string(i));
  c.index->commit();
  EXPECT_EQ(c.find("secretmarker 17"), "18");
  for (const auto& e : std::filesystem::directory_iterator(c.folder))
    EXPECT_EQ(base::read_file(e.path()).find("secretmarker"), std::string::npos);
}

TEST(Excerpt, shows_the_page_and_the_words_that_hit) {
  const auto q = search::parse_query("\"war crime\"");
  const auto e = search::excerpt(**q, "war and peace\fnothing here\fthe war crimes of\n  that year", {"en"});
  EXPECT_TRUE(e.hit);
  EXPECT_EQ(e.page, 3u);
  EXPECT_EQ(e.snippet, "the war crimes of that year");
  ASSERT_EQ(e.marks.size(), 2u);
  EXPECT_EQ(e.snippet.substr(e.marks[1].first, e.marks[1].second - e.marks[1].first), "crimes");
}

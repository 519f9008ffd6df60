#include "shipped.h"

#include <kinds/csv.h>
#include <kinds/value.h>

#include <gtest/gtest.h>

#include <random>

namespace json = boost::json;

namespace {

using shipped::declared;

const kinds::Kind& lead() { return *declared().kind("lead"); }

kinds::Known world() {
  kinds::Known k;
  k.today = kinds::days_of("2026-11-27")->from;
  k.state = "draft", k.declared = &declared();
  k.reference = [](const kinds::Field&, std::string_view code) { return code == "LEA-1234567"; };
  k.staff = [](std::string_view code) { return code == "P-1"; };
  k.item = [](std::string_view id) { return id == "c-1"; };
  return k;
}
struct Answer {
  json::object values;
  std::string wrong;  // "field code, ..."
};
Answer fitted(std::string_view more) {
  json::object given = json::parse(R"({"title":"A","received":"2026-11-01","account":"b"})").get_object();
  const json::value others = json::parse(json::string_view(more.data(), more.size()));
  for (const auto& m : others.get_object()) given[m.key()] = m.value();
  std::vector<kinds::Wrong> wrong;
  Answer a{kinds::fit(lead(), given, world(), wrong), ""};
  for (const auto& w : wrong) a.wrong += (a.wrong.empty() ? "" : ", ") + w.field + " " + w.code;
  return a;
}
std::string wrong(std::string_view more) { return fitted(more).wrong; }

}  // namespace

TEST(Values, have_one_spelling) {
  const Answer a = fitted(
      R"({"title":"  Two\nlines ","conclusion":"","follows":[],"deaths":null,"grade":{"scheme":"admiralty","source":"B","information":"2"}})");
  EXPECT_EQ(a.wrong, "");
  EXPECT_EQ(a.values.at("title"), "Two lines");
  EXPECT_FALSE(a.values.contains("conclusion") || a.values.contains("follows") ||
               a.values.contains("deaths"));
}
TEST(Values, that_do_not_fit_are_told_by_field_and_reason) {
  EXPECT_EQ(wrong(R"({"title":" "})"), "title required");
  EXPECT_EQ(wrong(R"({"title":7})"), "title form");
  EXPECT_EQ(wrong(R"({"deaths":-1})"), "deaths least");
  EXPECT_EQ(wrong(R"({"deaths":1.5})"), "deaths form");
  EXPECT_EQ(wrong(R"({"colour":"red"})"), "colour unknown_field");
  EXPECT_EQ(wrong(R"({"channel":"pigeon"})"), "channel unknown_code");
  EXPECT_EQ(wrong(R"({"owner":"P-9"})"), "owner unknown");
  EXPECT_EQ(wrong(R"({"follows":["LEA-1234567","LEA-1234567"]})"), "follows twice");
  EXPECT_EQ(wrong(R"({"follows":["LEA-7654321"]})"), "follows unknown");
  EXPECT_EQ(wrong(R"({"place":{"lat":91,"lon":0}})"), "place most");
  EXPECT_EQ(wrong(R"({"place":{"lat":10}})"), "place form");
  EXPECT_EQ(wrong(R"({"costs":{"amount":"12.345","currency":"EUR"}})"), "costs form");
  EXPECT_EQ(wrong("{\"title\":\"\xE2\x80\xAE\"}"), "title hidden");
  EXPECT_EQ(wrong(R"({"steps":[{"by":"2026"}]})"), "steps[0].step required");
  EXPECT_EQ(wrong("{\"title\":\"" + std::string(501, 'x') + "\"}"), "title too_long");
}
TEST(Values, of_a_grade_belong_to_its_scheme) {
  EXPECT_EQ(wrong(R"({"grade":{"scheme":"uk352","source":"B","information":"2"}})"), "grade unknown_code");
  EXPECT_EQ(wrong(R"({"grade":{"scheme":"uk352","source":"2","information":"B"}})"), "");
  EXPECT_EQ(wrong(R"({"grade":{"scheme":"uk555","source":"F","information":"1"}})"), "grade unknown_code");
}
TEST(Values, behind_a_condition_are_there_only_while_it_holds) {
  EXPECT_EQ(wrong(R"({"urgent":true})"), "why_urgent required");
  EXPECT_EQ(wrong(R"({"urgent":true,"why_urgent":"they leave"})"), "");
  EXPECT_FALSE(fitted(R"({"urgent":false,"why_urgent":"they leave"})").values.contains("why_urgent"));
}
TEST(Values, obey_the_rules_of_the_kind_where_the_breach_is_certain) {
  EXPECT_EQ(wrong(R"({"received":"2026-11-28"})"), "received not_to_come");
  EXPECT_EQ(wrong(R"({"received":"2026"})"), "") << "it may lie before today";
  EXPECT_EQ(wrong(R"({"happened":"2026-11-02"})"), "happened happened_before");
  EXPECT_EQ(wrong(R"({"happened":"2026-11"})"), "");
}
TEST(Values, that_fit_fit_again_unchanged) {
  const Answer a = fitted(
      R"({"place":{"name":" Bria ","lat":6.5,"lon":21.9},"steps":[{"step":" ask ","done":true},{}],"owner":"P-1"})");
  ASSERT_EQ(a.wrong, "");
  std::vector<kinds::Wrong> none;
  EXPECT_EQ(kinds::fit(lead(), a.values, world(), none), a.values);
  EXPECT_TRUE(none.empty());
}

TEST(Cells, say_the_same_as_the_values_they_are_made_from) {
  const Answer a = fitted(
      R"({"place":{"name":"Bria","lat":6.5,"lon":21.9},"deaths":12,"urgent":true,"why_urgent":"x","grade":{"scheme":"admiralty","source":"B","information":"2"},"costs":{"amount":"1250.50","currency":"EUR"},"follows":["LEA-1234567"],"steps":[{"step":"ask"}],"happened":"2019-03~"})");
  ASSERT_EQ(a.wrong, "");
  for (const auto& m : a.values) {
    const kinds::Field* f = lead().field(m.key());
    const auto back = kinds::from_cell(*f, kinds::to_cell(*f, m.value()), false);
    ASSERT_TRUE(back) << m.key();
    EXPECT_EQ(*back, m.value()) << m.key();
  }
}
TEST(Cells, are_read_with_a_decimal_comma_where_it_is_said) {
  const kinds::Field* place = lead().field("place");
  const kinds::Field* deaths = lead().field("deaths");
  EXPECT_EQ(*kinds::from_cell(*place, "Bria @ 6,54 21,98", true),
            json::parse(R"({"name":"Bria","lat":6.54,"lon":21.98})"));
  EXPECT_EQ(*kinds::from_cell(*deaths, "1 250", true), json::value(1250));
  EXPECT_FALSE(kinds::from_cell(*deaths, "1,5", false));
  EXPECT_EQ(*kinds::from_cell(*lead().field("costs"), "1250,50 EUR", true),
            json::parse(R"({"amount":"1250.50","currency":"EUR"})"));
}

TEST(Csv, reads_what_it_writes) {
  std::mt19937 random(11);
  const std::vector<std::string> bits{"a", ",", ";", "\"", "\n", "é", " ", "'", "x=1", "мир"};
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::vector<std::string>> rows(1 + random() % 4, std::vector<std::string>(1 + random() % 4));
    std::string text;
    for (auto& row : rows) {
      for (auto& cell : row)
        for (auto n = random() % 5; n > 0; --n) cell += bits[random() % bits.size()];
      row[0] = "k" + row[0];
      kinds::write_csv_line(text, row);
    }
    // A first line with more ';' than ',' outside quotes would be read with ';': quotes keep both out.
    const auto back = kinds::read_csv(text);
    ASSERT_TRUE(back) << text;
    ASSERT_EQ(back->size(), rows.size());
    for (std::size_t r = 0; r < rows.size(); ++r) EXPECT_EQ((*back)[r].cells, rows[r]);
  }
}
TEST(Csv, tells_the_line_of_what_is_wrong) {
  const auto refusal = [](std::string_view s) {
    const auto r = kinds::read_csv(s);
    return r ? std::string() : r.error().message;
  };
  EXPECT_EQ(refusal("a,b\n1,\"2\n3"), "line 2: a quote begins here and does not end");
  EXPECT_EQ(refusal("a,b\n1,x\"y\n"), "line 2: a quote stands within a cell that does not begin with one");
  EXPECT_EQ(refusal("a,b\n\"1\"2,3\n"), "line 2: after a closing quote stands , or the end of the line");
  EXPECT_EQ(refusal("a\xff"), "the file is no UTF-8 text: save it as CSV UTF-8");
}
TEST(Csv, does_not_let_a_cell_become_a_formula) {
  std::string out;
  kinds::write_csv_line(out, {"=HYPERLINK(\"x\")", "-5", "+x", "@y", "-5.5"});
  EXPECT_EQ(out, "\"'=HYPERLINK(\"\"x\"\")\",-5,'+x,'@y,-5.5\r\n");
}

#include "called.h"
#include "records_suite.h"

namespace {
class Persons : public Office {
 protected:
  std::string person(const kinds::Asker& who, std::string_view name, std::vector<std::string> aliases,
                     const std::string& in = "c1", const std::string& classification = "") {
    auto a = records->add(who, "profile", values(name, aliases), {in, classification, {}, ""});
    const auto* s = std::get_if<Records::Stand>(&a);
    if (!s) ADD_FAILURE() << said(a);
    return s ? s->code : "";
  }
  static json::object values(std::string_view name, const std::vector<std::string>& aliases) {
    json::object v{{"name", json::string_view(name.data(), name.size())}};
    json::array rows;
    for (const std::string& each : aliases) rows.push_back(json::object{{"alias", each}});
    if (!rows.empty()) v["aliases"] = std::move(rows);
    return v;
  }
  json::object rows(const kinds::Asker& who, std::string name, const std::string& kind = "profile") {
    Records::Query q;
    q.name = std::move(name);
    const auto f = records->find(who, kind, q);
    if (!f) ADD_FAILURE() << f.error().message;
    auto r = records->rows(who, f->id, 0, 100);
    EXPECT_EQ(r->at("total"), f->total);
    return *r;
  }
  std::vector<std::string> found(const kinds::Asker& who, std::string name,
                                 const std::string& kind = "profile") {
    std::vector<std::string> out;
    const json::object answer = rows(who, std::move(name), kind);
    for (const auto& r : answer.at("rows").get_array()) out.emplace_back(r.at("code").get_string());
    return out;
  }
};
using Codes = std::vector<std::string>;
}  // namespace
INSTANTIATE_TEST_SUITE_P(On, Persons, testing::Values("sqlite", "postgresql"),
                         [](const auto& i) { return i.param; });

TEST_P(Persons, are_found_by_any_spelling_in_any_script_the_most_alike_first) {
  const auto omar = person(ben, "Omar Hassan Dagalo", {"عمر حسن دقلو", "The Surveyor"});
  const auto other = person(ben, "Umar Dagolo", {});
  person(ben, "Igor Petrov", {"Игорь Петров"});
  EXPECT_EQ(found(ben, "Омар Хасан Дагало"), (Codes{omar, other}));
  EXPECT_EQ(found(ben, "Dagalo, Omar Hassan"), (Codes{omar, other}));
  EXPECT_EQ(found(ben, "surveyor"), (Codes{omar}));
  EXPECT_EQ(found(ben, "Slobodan"), Codes{});
  EXPECT_EQ(found(ben, "!"), Codes{});
  const json::value likeness = rows(ben, "عمر حسن دقلو").at("rows").at(0).at("likeness");
  EXPECT_EQ(likeness.at("name"), "عمر حسن دقلو");
  EXPECT_EQ(likeness.at("score").to_number<double>(), 1);
  EXPECT_EQ(likeness.at("parts").at(0).at("how"), "same");
  Records::Query q;
  q.name = "omar";
  const auto none = records->find(ben, "lead", q);
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message.find("names of people"), std::string::npos);
}

TEST_P(Persons, who_may_not_be_seen_are_neither_found_nor_counted) {
  const auto mine = person(ben, "Omar Dagalo", {});
  person(head, "Omar Dagalo", {"عمر دقلو"}, "c2");
  EXPECT_EQ(found(ben, "Omar Dagalo"), Codes{mine});
  EXPECT_EQ(found(head, "Omar Dagalo").size(), 2u);
  EXPECT_EQ(found(ben, "عمر دقلو"), Codes{mine}) << "by its own spelling, not by the one of the other";
  EXPECT_EQ(rows(ben, "عمر دقلو").at("rows").at(0).at("likeness").at("name"), "Omar Dagalo");
}

TEST_P(Persons, are_found_by_what_they_are_called_now) {
  const auto code = person(ben, "Omar Dagalo", {"Abu Leila"});
  EXPECT_EQ(found(ben, "Абу Лейла"), Codes{code});
  EXPECT_EQ(said(records->change(ben, code, 1, values("Omar Dagalo", {"Ratko"}))), "done");
  EXPECT_EQ(found(ben, "Абу Лейла"), Codes{});
  EXPECT_EQ(found(ben, "Ратко"), Codes{code});
  reopen();
  EXPECT_EQ(found(ben, "Ратко"), Codes{code});
}

TEST_P(Persons, in_cases_are_found_by_the_names_of_the_person_they_are_about) {
  const auto who = person(ben, "Omar Dagalo", {"عمر دقلو"});
  const auto situation = records->add(
      ben, "situation", object(R"({"title":"S","basis":"REF-SP","territory":"T","period":"2019"})"),
      {"c1", "", {}, ""});
  const auto* s = std::get_if<Records::Stand>(&situation);
  ASSERT_TRUE(s) << said(situation);
  const auto in_case = records->add(
      ben, "suspect_case",
      json::object{
          {"title", "The Prosecutor v. D."}, {"person", who}, {"situation", s->code}, {"hypothesis", "h"}},
      {"c1", "", {}, ""});
  const auto* c = std::get_if<Records::Stand>(&in_case);
  ASSERT_TRUE(c) << said(in_case);
  EXPECT_EQ(found(ben, "Омар Дагало", "suspect_case"), Codes{c->code});
  EXPECT_EQ(rows(ben, "عمر دقلو", "suspect_case").at("rows").at(0).at("likeness").at("name"), "عمر دقلو");
  EXPECT_EQ(found(ben, "Prosecutor", "suspect_case"), Codes{}) << "a title is no name";
}

TEST_P(Persons, are_offered_by_another_spelling_while_somebody_types) {
  const auto mine = person(ben, "Omar Dagalo", {});
  person(head, "Omar Dagalo", {}, "c2");
  const auto offered = [&](std::string_view text) {
    std::string out;
    const json::object answer = records->suggest(ben, {"profile"}, text);
    for (const auto& h : answer.at("hits").get_array()) out += std::string(h.at("code").get_string()) + " ";
    return out;
  };
  EXPECT_EQ(offered("дагало"), mine + " ");
  EXPECT_EQ(offered("dag"), mine + " ") << "once, by its beginning";
  EXPECT_EQ(offered("Omar Dagalo"), mine + " ");
  EXPECT_EQ(offered("slobodan"), "");
}

TEST_P(Persons, what_was_asked_by_name_is_told_again) {
  Records::Query q;
  q.name = "Омар";
  const auto f = records->find(ben, "profile", q);
  ASSERT_FALSE(f->asked.empty());
  EXPECT_EQ(records->question(ben, f->asked)->at("name"), "Омар");
}

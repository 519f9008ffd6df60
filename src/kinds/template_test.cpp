#include "printing.h"
#include "shipped.h"

#include <kinds/template.h>

#include <gtest/gtest.h>

namespace {

using shipped::declared;

std::string with(const std::string& blocks, const std::string& more = R"("kind": "count",)",
                 const std::string& title = "{title}") {
  return R"({"template": "t", "version": 1, "source": "s", "en": "T", "fr": "T", )" + more +
         R"("title": {"en": ")" + title + R"(", "fr": "T"}, "blocks": [)" + blocks + "]}";
}
std::string wrong_with(const std::string& json) {
  const auto t = kinds::read_template(declared(), json);
  return t ? "" : t.error().message;
}
std::string paragraph(const std::string& text) {
  return R"({"block": "paragraph", "en": ")" + text + R"(", "fr": "x"})";
}
const std::string kReport = R"("periods": ["week"],)";

TEST(Templates, that_are_shipped_fit_what_is_declared_and_say_that_nobody_ratified_them) {
  std::set<std::string> names;
  for (const std::string& text : kinds::shipped_templates()) {
    const auto t = kinds::read_template(declared(), text);
    ASSERT_TRUE(t) << t.error().message;
    EXPECT_TRUE(names.insert(t->name).second) << t->name;
    EXPECT_FALSE(t->ratified) << t->name;
    EXPECT_TRUE(t->source.starts_with("Shipped default of Custos, to be ratified")) << t->name;
  }
  EXPECT_EQ(names, (std::set<std::string>{"charges", "filing_annex", "incident_report", "list_of_evidence",
                                          "review_minutes", "stra", "warrant_application"}));
}

TEST(Templates, that_are_wrong_are_refused_with_what_where_and_what_to_do) {
  const std::pair<std::string, std::string> cases[] = {
      {with(paragraph("{titel}")),
       "template t.blocks[0].en: count has no field \"titel\"; it has title, person, crime, modes, "
       "incidents, "
       "period, facts, sgbc, children, origin, outcomes, lineage, edition"},
      {with(paragraph("x"), R"("kind": "cuont",)"), "template t: there is no kind \"cuont\""},
      {with(paragraph("{title")),
       "template t.blocks[0].en: \"{title\" is not closed: end it with \"}\", or write \"{{\" for a brace"},
      {with(paragraph("{title {code}")),
       "template t.blocks[0].en: \"{title {code}\" is not closed: end it with \"}\", or write \"{{\" for a "
       "brace"},
      {with(paragraph("title}")),
       "template t.blocks[0].en: a \"}\" closes nothing: write \"}}\" for a brace"},
      {with(paragraph("{from}")),
       "template t.blocks[0].en: {from} is the end of a period; this template has "
       "none: give it \"periods\""},
      {with(paragraph("{n}")), "template t.blocks[0].en: {n} counts within a repetition; this is in none"},
      {with(paragraph("{count}")),
       "template t.blocks[0].en: {count} is how many \"of\" leads to; there is no \"of\" here"},
      {with(paragraph("{outcomes}")),
       "template t.blocks[0].en: \"outcomes\" is a table: show it by a block with "
       "\"of\": {\"rows\": \"outcomes\"}"},
      {with(R"({"block": "each", "of": {"kind": "proposition", "field": "count"}})"),
       "template t.blocks[0]: a repetition is not closed: it needs \"blocks\", what is repeated"},
      {with(R"({"block": "each", "blocks": []})"),
       "template t.blocks[0]: \"of\" is missing: it says over what this repeats"},
      {with(R"({"block": "if", "field": "facts"})"),
       "template t.blocks[0]: a condition is not closed: it needs \"blocks\", what is shown while it holds"},
      {with(R"({"block": "loop"})"),
       "template t.blocks[0]: there is no block \"loop\": take one of heading, paragraph, list, table, "
       "counts, "
       "values, each, if, sources, page_break, signature"},
      {with(R"({"block": "each", "of": {"kind": "proof", "field": "proposition"}, "blocks": [)" +
            paragraph("x") + "]}"),
       "template t.blocks[0].of: proof.proposition does not refer to count"},
      {with(R"({"block": "each", "of": [{"kind": "proposition", "field": "count"}, {"kind": "proof", "field":
       "proposition", "filter": [{"field": "direction", "op": "is", "value": "up"}]}], "blocks": [)" +
            paragraph("x") + "]}"),
       "template t.blocks[0].of[1].filter[0]: the vocabulary direction has no code \"up\""},
      {with(R"({"block": "each", "of": {"kind": "proof", "field": "proposition"}, "blocks": [)" +
                paragraph("x") + "]}",
            kReport, "T"),
       "template t.blocks[0].of: nothing is there that proof could name: leave \"field\" out, or put it in a "
       "repetition"},
      {with(
           R"({"block": "each", "of": {"kind": "incident", "filter": [{"field": "reported", "op": "from", "value":
       "from"}]}, "blocks": [)" +
           paragraph("x") + "]}"),
       "template t.blocks[0].of: \"from\" and \"to\" are the ends of a period; this template has none"},
      {with(R"({"block": "each", "of": {"kind": "incident"}, "blocks": [)" + paragraph("{main.title}") + "]}",
            kReport, "T"),
       "template t.blocks[0].blocks[0].en: a report has no main record: {main.title} is nothing"},
      {with(paragraph("{title}"), kReport, "T"),
       "template t.blocks[0].en: \"title\" is a field of nothing: fields are named inside of a repetition "
       "over "
       "records"},
      {with(R"({"block": "if", "field": "witnesses", "blocks": [)" + paragraph("x") + "]}",
            R"("kind": "crime_incident",)"),
       "template t.blocks[0]: \"witnesses\" is guarded: what depends on it would tell of it; print it "
       "instead"},
      {with(R"({"block": "each", "of": {"kind": "incident", "field": "victims"}, "blocks": [)" +
                paragraph("x") + "]}",
            R"("kind": "subject",)", "T"),
       "template t.blocks[0].of: \"victims\" is guarded: what depends on it would tell of it; print it "
       "instead"},
      {with(
           R"({"block": "counts", "of": {"kind": "proposition", "field": "count"}, "by": "text", "en": "x", "fr": "x"})"),
       "template t.blocks[0]: \"text\" cannot be counted by: take state, or an open field with codes"},
      {with(
           R"({"block": "table", "of": {"rows": "outcomes"}, "columns": [{"en": "x", "fr": "x", "show": "{stge}"}]})"),
       "template t.blocks[0].columns[0].show.en: the table outcomes has no column \"stge\"; it has stage, "
       "on, "
       "outcome, decision"},
      {with(R"({"block": "table", "of": {"rows": "outcomes"}})"),
       "template t.blocks[0]: a table has 1 to 12 \"columns\""},
      {with(R"({"block": "paragraph", "en": "x", "fr": "x", "bold": true})"),
       "template t.blocks[0]: \"bold\" is not known here"},
      {with(R"({"block": "paragraph", "en": "x"})"), "template t.blocks[0]: \"fr\" must be a text"},
      {with(paragraph("x"), ""),
       "template t: it has neither a \"kind\" nor \"periods\": name the kind of record "
       "that it is made of, or the periods of a report"},
      {with(paragraph("x"), R"("periods": ["day"],)"),
       "template t: there is no period \"day\": take week, month, year, any"},
      {with(""), "template t: it has no blocks"},
      {"{\n \"template\": \"t\",\n oops}", "not JSON at line 3, column 2: syntax error"},
      {"{}", "a template begins with \"template\", its name"}};
  for (const auto& [json, message] : cases) EXPECT_EQ(wrong_with(json), message) << json;
  EXPECT_EQ(wrong_with(with(paragraph("{title}, {{literally}}, {state}"))), "");
}

TEST(Templates, are_nested_and_long_only_so_far) {
  std::string deep = paragraph("x");
  for (int i = 0; i < 9; ++i)
    deep = R"({"block": "each", "of": {"kind": "count"}, "blocks": [)" + deep + "]}";
  EXPECT_TRUE(wrong_with(with(deep)).ends_with("blocks are nested at most eight deep"))
      << wrong_with(with(deep));
  std::string many = paragraph("x");
  for (int i = 0; i < 500; ++i) many += "," + paragraph("x");
  EXPECT_EQ(wrong_with(with(many)), "template t.blocks[500]: a template has at most 500 blocks");
}

TEST(Dates, are_written_out_in_the_language_of_the_document) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"2026-11-01", "1 November 2026", "1er novembre 2026"},
      {"2026-08", "August 2026", "août 2026"},
      {"2026", "2026", "2026"},
      {"1994~", "about 1994", "vers 1994"},
      {"1994-04?", "April 1994 (uncertain)", "avril 1994 (incertain)"},
      {"2026-03-01/2026-04-12", "1 March 2026 – 12 April 2026", "1er mars 2026 – 12 avril 2026"},
      {"../2026", "… – 2026", "… – 2026"},
      {"199X", "199X", "199X"}};
  for (const auto& [date, en, fr] : cases) {
    EXPECT_EQ(kinds::date_in_words(date, false), en);
    EXPECT_EQ(kinds::date_in_words(date, true), fr);
  }
  EXPECT_EQ(kinds::time_in_words("2026-11-01T08:05:00Z", true), "1er novembre 2026 à 08:05 UTC");
}

}  // namespace

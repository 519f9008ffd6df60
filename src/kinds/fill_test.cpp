#include "records_suite.h"

#include <kinds/template.h>

namespace {

class Templates : public Office {
 protected:
  Records::Stand put(const kinds::Asker& who, std::string_view kind, std::string_view values,
                     const std::string& in = "c1", const std::string& classification = "") {
    auto a = records->add(who, kind, object(values), {in, classification, {}, ""});
    if (auto* s = std::get_if<Records::Stand>(&a)) return *s;
    ADD_FAILURE() << kind << ": " << said(a);
    return {};
  }
  kinds::Template of(const std::string& blocks, const std::string& more = R"("kind": "lead",)") {
    auto t = kinds::read_template(
        *records->declared(), R"({"template": "t", "version": 3, "source": "s", "en": "T", "fr": "T", )" +
                                  more + R"("title": {"en": "About", "fr": "Sur"}, "blocks": [)" + blocks +
                                  "]}");
    if (!t) ADD_FAILURE() << t.error().message;
    return std::move(*t);
  }
  kinds::Filled fill(const kinds::Asker& who, const kinds::Template& t, Records::Filling asked) {
    if (asked.language.empty()) asked.language = "en";
    asked.format = "pdf";
    auto f = records->fill(who, t, asked);
    if (!f) ADD_FAILURE() << f.error().message;
    return f ? std::move(*f) : kinds::Filled{};
  }
  // A line a block.
  std::string text(const kinds::Filled& f) {
    std::string out;
    for (const auto& b : f.blocks) {
      using Is = kinds::Filled::Block::Is;
      if (b.is == Is::heading) out += std::string(static_cast<std::size_t>(b.level), '#') + " ";
      out += b.text;
      for (const auto& item : b.items) out += (out.ends_with("\n") || out.empty() ? "" : "; ") + item;
      for (const auto& row : b.rows)
        for (std::size_t i = 0; i < row.size(); ++i) out += (i ? " | " : "\n| ") + row[i];
      out += "\n";
    }
    return out;
  }
  static std::string paragraph(const std::string& en, const std::string& more = "") {
    return R"({"block": "paragraph", )" + more + R"("en": ")" + en + R"(", "fr": ")" + en + R"("})";
  }
  static std::string each(const std::string& of, const std::string& blocks, const std::string& more = "") {
    return R"({"block": "each", "of": )" + of + "," + more + R"("blocks": [)" + blocks + "]}";
  }
};

TEST_P(Templates, are_filled_with_values_in_words_of_the_language) {
  const auto s =
      add(head, R"({"happened": "2026-03-01", "channel": "media", "urgent": true, "why_urgent": "x",
    "owner": "P-2", "deaths": 3})");
  const auto t = of(paragraph("{title}, {happened}: {channel}, {urgent}, {owner}, {deaths}, {place}.") + "," +
                    paragraph("{place}") + "," + paragraph("{state} {case} {class} {{{code}}}"));
  EXPECT_EQ(
      text(fill(head, t, {.code = s.code})),
      "Lorry at the bridge, 1 March 2026: Media, yes, Ben, 3, —.\nDraft ONE INTERNAL {" + s.code + "}\n");
  const auto french = fill(head, t, {.code = s.code, .language = "fr"});
  EXPECT_TRUE(text(french).starts_with("Lorry at the bridge, 1er mars 2026: Médias, oui, Ben, 3, —.\n"))
      << text(french);
  EXPECT_EQ(french.title, "Sur");
  EXPECT_EQ(french.reference, s.code + " · T, version 3 (par défaut, non ratifié)");
}

TEST_P(Templates, number_headings_paragraphs_and_sources) {
  const auto a = add(head), b = add(head, R"({"title": "Second"})");
  const auto s = add(head, R"({"title": "Third", "follows": [")" + a.code + R"(", ")" + b.code + R"("]})");
  const auto heading = [](const std::string& level, const std::string& text) {
    return R"({"block": "heading", "numbered": true, "level": )" + level + R"(, "en": ")" + text +
           R"(", "fr": "x"})";
  };
  const auto t =
      of(heading("1", "One") + "," + paragraph("{follows}", R"("numbered": true,)") + "," +
         heading("2", "In it {follows}") + "," + heading("2", "Again") + "," + heading("1", "Two") + "," +
         paragraph("Again {follows}", R"("numbered": true,)") + R"(,{"block": "sources"})");
  const std::string x = "Lorry at the bridge (" + a.code + ")", y = "Second (" + b.code + ")";
  EXPECT_EQ(text(fill(head, t, {.code = s.code})),
            "# 1. One\n1. " + x + " [1]; " + y + " [2]\n## 1.1. In it " + x + "; " + y +
                "\n## 1.2. Again\n# 2. Two\n2. Again " + x + " [1]; " + y + " [2]\n" + x + "; " + y + "\n");
}

TEST_P(Templates, lead_from_record_to_record_and_through_tables) {
  const auto a = add(head, R"({"steps": [{"step": "ask", "done": true}, {"step": "look", "done": false}]})");
  const auto b = add(head, R"({"title": "B", "deaths": 1, "follows": [")" + a.code + R"("]})");
  const auto c = add(head, R"({"title": "C", "deaths": 7, "follows": [")" + a.code + R"("]})");
  const auto d = add(head, R"({"title": "D", "follows": [")" + b.code + R"(", ")" + c.code + R"("]})");
  const std::string followers = R"({"kind": "lead", "field": "follows", "sort": ["-deaths"]})";
  EXPECT_EQ(text(fill(head, of(each(followers, paragraph("{n} {title} of {main.title}"))), {.code = a.code})),
            "1 C of Lorry at the bridge\n2 B of Lorry at the bridge\n");
  const std::string twice = "[" + followers + R"(, {"kind": "lead", "field": "follows"}])";
  EXPECT_EQ(text(fill(head, of(each(twice, paragraph("{title}"))), {.code = a.code})), "D\n")
      << "what is reached by two ways is there once";
  EXPECT_EQ(text(fill(head, of(paragraph("{count}", R"("of": )" + twice + ",")), {.code = a.code})), "1\n");
  EXPECT_EQ(
      text(fill(head, of(each(R"({"rows": "steps"})", paragraph("{n}. {step}: {done}"))), {.code = a.code})),
      "1. ask: yes\n2. look: no\n");
  EXPECT_EQ(text(fill(head,
                      of(each(R"({"kind": "lead", "field": "follows"})", paragraph("{title}"),
                              R"("none": {"en": "None.", "fr": "Aucun."},)")),
                      {.code = d.code})),
            "None.\n");
  EXPECT_EQ(text(fill(head,
                      of(R"({"block": "if", "field": "follows", "blocks": [)" + paragraph("follows") +
                         R"(], "otherwise": [)" + paragraph("first") + "]}"),
                      {.code = a.code})),
            "first\n");
}

TEST_P(Templates, count_by_what_is_declared_in_its_order_and_in_words) {
  const auto a = add(head);
  for (const char* more : {R"("urgent": true, "why_urgent": "x", "channel": "media")",
                           R"("channel": "person")", R"("channel": "media")", R"("urgent": false)"})
    add(head, R"({"follows": [")" + a.code + R"("], )" + more + "}");
  const auto counted = [&](const std::string& by) {
    return text(fill(head,
                     of(R"({"block": "counts", "of": {"kind": "lead", "field": "follows"}, "by": ")" + by +
                        R"(", "en": "x", "fr": "x"})"),
                     {.code = a.code}));
  };
  EXPECT_EQ(counted("urgent"), "\n| no | 1\n| yes | 1\n| Not said | 2\n| Total | 4\n");
  EXPECT_EQ(counted("state"), "\n| Draft | 4\n| Total | 4\n");
  EXPECT_TRUE(counted("channel").ends_with("| Not said | 1\n| Total | 4\n")) << counted("channel");
}

// What may not be seen is passed over before anything is counted: no gap, no number, no code tells of it.
TEST_P(Templates, hold_nothing_of_a_record_that_the_person_may_not_see) {
  const auto a = add(head);
  const auto mine = add(head, R"({"title": "Open one", "follows": [")" + a.code + R"("]})");
  const auto other = add(head, R"({"title": "Hidden", "follows": [")" + a.code + R"("]})", "c2");
  const auto last =
      add(head, R"({"title": "Last", "follows": [")" + a.code + R"(", ")" + other.code + R"("]})");
  const auto t = of(
      each(R"({"kind": "lead", "field": "follows"})",
           R"({"block": "heading", "numbered": true, "en": "{title}", "fr": "x"},)" +
               paragraph("{n}: {follows}", R"("numbered": true,)")) +
      R"(,{"block": "counts", "of": {"kind": "lead", "field": "follows"}, "by": "state", "en": "S", "fr": "S"})");
  const std::string seen = text(fill(ben, t, {.code = a.code}));
  const std::string x = "Lorry at the bridge (" + a.code + ")";
  EXPECT_EQ(seen, "# 1. Open one\n1. 1: " + x + " [1]\n# 2. Last\n2. 2: " + x +
                      " [1]\n\n| Draft | 2\n| Total | 2\n# Sources\n" + x + "\n");
  const auto whole = fill(head, t, {.code = a.code});
  EXPECT_NE(text(whole).find("Hidden"), std::string::npos);
  EXPECT_EQ(whole.records.size(), 4u);
  EXPECT_EQ(whole.cases, (std::set<std::string>{"c1", "c2"}));
  EXPECT_EQ(fill(ben, t, {.code = a.code}).records.size(), 3u);
  const auto gone = records->fill(cem, t, {.code = a.code}),
             none = records->fill(cem, t, {.code = "LEA-0000000"});
  ASSERT_FALSE(gone || none);
  EXPECT_EQ(gone.error().message, none.error().message);
}

TEST_P(Templates, do_not_reproduce_what_is_sealed_and_carry_the_highest_label) {
  const auto a = add(head, R"({"contact": "+236 1234", "assessment": "weak"})");
  const auto t = of(paragraph("{contact} / {assessment}") +
                    R"(,{"block": "values", "fields": ["title", "account", "contact", "grade"]})");
  const auto f = fill(head, t, {.code = a.code});
  EXPECT_EQ(text(f).find("1234"), std::string::npos);
  EXPECT_TRUE(text(f).starts_with("[not reproduced] / ")) << text(f);
  EXPECT_NE(text(f).find("\n| Title | Lorry at the bridge\n### What is said\n"), std::string::npos)
      << text(f);
  EXPECT_EQ(f.classification, rights::Classification::internal);
  put(head, "lead", json::serialize(lead(R"({"title": "Higher", "follows": [")" + a.code + R"("]})")), "c1",
      "CONFIDENTIAL");
  const auto higher = of(each(R"({"kind": "lead", "field": "follows"})", paragraph("{title}")));
  EXPECT_EQ(fill(head, higher, {.code = a.code}).classification, rights::Classification::confidential);
}

TEST_P(Templates, of_a_period_ask_for_its_days_and_hold_what_lies_in_them) {
  for (const char* day : {"2026-11-01", "2026-11-02", "2026-11-08", "2026-11-09"})
    add(head, R"({"received": ")" + std::string(day) + R"(", "title": ")" + day + R"("})");
  add(head, R"({"received": "2026-11-04", "title": "other"})", "c2");
  const auto t = of(each(R"({"kind": "lead", "filter": [{"field": "received", "op": "from", "value": "from"},
    {"field": "received", "op": "to", "value": "to"}], "sort": ["received"]})",
                         paragraph("{title}")),
                    R"("periods": ["week"],)");
  Records::Filling week{.code = "", .from = "2026-11-02", .to = "2026-11-08"};
  EXPECT_EQ(text(fill(head, t, week)), "2026-11-02\nother\n2026-11-08\n");
  EXPECT_EQ(text(fill(ben, t, week)), "2026-11-02\n2026-11-08\n");
  week.case_id = "c1";
  EXPECT_EQ(text(fill(head, t, week)), "2026-11-02\n2026-11-08\n");
  week.case_id = "c2";
  const auto closed = records->fill(ben, t, week);
  week.case_id = "c9";
  const auto unknown = records->fill(ben, t, week);
  ASSERT_FALSE(closed || unknown);
  EXPECT_EQ(closed.error().message, unknown.error().message);
  week.case_id = "", week.to = "2026-10-01";
  EXPECT_EQ(records->fill(head, t, week).error().why, base::Refusal::invalid);
}

TEST_P(Templates, tell_the_ledger_which_records_went_into_a_document) {
  const auto a = add(head), b = add(head, R"({"follows": [")" + a.code + R"("]})");
  fill(head, of(each(R"({"kind": "lead", "field": "follows"})", paragraph("{title}"))), {.code = a.code});
  for (const auto& code : {a.code, b.code}) EXPECT_EQ(acts(code).back(), "printed") << code;
  std::string payload;
  desk->ledger().of_item("t", [&](const store::Ledger::Row& row) { payload = row.payload; });
  EXPECT_EQ(payload, R"({"template":"t","version":3,"language":"en","format":"pdf","record":")" + a.code +
                         R"(","case":"c1","records":[")" + a.code + R"(",")" + b.code + R"("]})");
  const auto rows = records->readers(head, b.code)->at("rows");
  EXPECT_EQ(rows.at(0).at("detail").as_string().find(a.code), std::string::npos)
      << "who looks for the readers of one record learns of no other";
}

TEST_P(Templates, are_the_same_for_the_same_records) {
  const auto a = add(head);
  for (int i = 0; i < 20; ++i) add(head, R"({"title": "n", "follows": [")" + a.code + R"("]})");
  const auto t = of(each(R"({"kind": "lead", "field": "follows", "sort": ["title"]})", paragraph("{code}")));
  EXPECT_EQ(text(fill(head, t, {.code = a.code})), text(fill(head, t, {.code = a.code})));
}

TEST_P(Templates, are_kept_in_versions_by_who_keeps_the_words_of_the_office) {
  const std::string text = json::serialize(records->template_page(head, "charges")->at("declaration"));
  EXPECT_EQ(records->put_template(ben, "charges", 1, text).error().why, base::Refusal::denied);
  EXPECT_EQ(records->put_template(head, "charges", 7, text).error().why, base::Refusal::conflict);
  EXPECT_EQ(records->put_template(head, "charges", 1, "{").error().why, base::Refusal::invalid);
  EXPECT_EQ(records->put_template(head, "other", 0, text).error().message,
            "template charges: the name of a template stays: other");
  std::string ratified = text;
  ratified.replace(ratified.find("\"ratified\":false"), 16, "\"ratified\":true");
  const auto second = records->put_template(head, "charges", 1, ratified);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(*second, 2);
  reopen();
  const auto page = records->template_page(head, "charges");
  EXPECT_EQ(page->at("version"), 2);
  EXPECT_EQ(page->at("ratified"), true);
  EXPECT_EQ(page->at("versions").as_array().size(), 2u) << "the shipped one is kept as well";
  EXPECT_EQ(page->at("versions").at(0).at("who").at("name"), "Ada");
  EXPECT_EQ(acts("charges"), std::vector<std::string>{"template_changed"});
  EXPECT_EQ(
      *records->put_template(head, "mine", 0,
                             R"({"template":"mine","version":1,"source":"s","en":"M","fr":"M","kind":"lead",
    "title":{"en":"M","fr":"M"},"blocks":[{"block":"page_break"}]})"),
      1);
  EXPECT_TRUE(records->template_for(ben, "mine"));
}

TEST_P(Templates, are_there_for_those_who_may_read_what_they_are_made_of) {
  const auto names = [&](const kinds::Asker& who) {
    std::vector<std::string> out;
    const json::object all = records->templates(who, "");
    for (const auto& t : all.at("templates").as_array())
      if (t.at("usable").as_bool()) out.emplace_back(t.at("template").as_string());
    return out;
  };
  EXPECT_TRUE(names(dan).empty()) << "an administrator of the system reads no case";
  EXPECT_FALSE(records->template_for(dan, "charges"));
  EXPECT_FALSE(names(head).empty());
  EXPECT_EQ(records->template_for(dan, "charges").error().message,
            records->template_for(dan, "nothing").error().message);
}

// A vocabulary may lose a code that a kept template asks for.
TEST_P(Templates, that_no_longer_fit_leave_the_shipped_one_in_its_place) {
  const std::string text = json::serialize(records->template_page(head, "charges")->at("declaration"));
  ASSERT_TRUE(records->put_template(head, "charges", 1, text));
  desk->records().run("update template set body = ? where name = ? and version = 2",
                      R"({"template":"charges","kind":"gone"})", "charges");
  reopen();
  const auto page = records->template_page(head, "charges");
  EXPECT_EQ(page->at("version"), 1);
  EXPECT_NE(page->at("wrong"), json::value());
  EXPECT_EQ(*records->put_template(head, "charges", 1, text), 3) << "no number is given twice";
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(On, Templates, testing::Values("sqlite", "postgresql"),
                         [](const auto& i) { return i.param; });

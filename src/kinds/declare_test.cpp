#include "shipped.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace {

std::string file(const std::string& path) {
  std::stringstream s;
  s << std::ifstream(path).rdbuf();
  return s.str();
}

using shipped::policy;

std::string changed(std::string from, std::string to) {
  std::string s = file(CUSTOS_SOURCE "/data/kinds/demonstration/lead.json");
  const auto at = s.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return s.replace(at, from.size(), to);
}
std::string refusal(const std::string& json) {
  const auto k = kinds::read_kind(json);
  return k ? "" : k.error().message;
}

}  // namespace

TEST(Kinds, that_are_shipped_fit_together_and_the_policy) {
  const auto d = kinds::Declared::shipped(policy());
  ASSERT_TRUE(d) << d.error().message;
  EXPECT_NE(d->kind("lead"), nullptr);
  EXPECT_NE(d->vocabulary("channel"), nullptr);
}
TEST(Kinds, name_the_roles_of_the_office_as_the_policy_does) {
  const auto d = kinds::Declared::shipped(policy());
  ASSERT_TRUE(d) << d.error().message;
  const boost::json::value file_of_policy = boost::json::parse(file(CUSTOS_SOURCE "/data/access/policy.json"));
  boost::json::array roles;
  for (const auto& [name, role] : file_of_policy.at("roles").get_object())
    roles.push_back(boost::json::object{
        {"code", name}, {"en", role.at("label").at("en")}, {"fr", role.at("label").at("fr")}});
  EXPECT_EQ(d->vocabulary("office_role")->declaration.at("codes"), roles);
}
TEST(Kinds, that_are_shipped_stay_what_they_were) {
  const auto d = kinds::Declared::shipped(policy());
  ASSERT_TRUE(d);
  EXPECT_EQ(kinds::lock_of(*d), file(CUSTOS_SOURCE "/src/kinds/kinds.lock"))
      << "a field was added, changed or dropped: if it was added or retired, write the new kinds.lock";
}
TEST(Kinds, tell_where_a_declaration_is_wrong) {
  EXPECT_EQ(refusal("{"), "not JSON: incomplete JSON");
  EXPECT_EQ(refusal("{}"), "a declaration begins with \"kind\"");
  EXPECT_EQ(refusal(changed("\"type\": \"date\", \"en\": \"Received\"",
                            "\"type\": \"data\", \"en\": \"Received\"")),
            "lead.fields.received: there is no type \"data\"");
  EXPECT_EQ(refusal(changed("\"n\": 2,", "\"n\": 1,")), "lead.fields: number 1 is given twice");
  EXPECT_EQ(refusal(changed("{\"is\": [\"urgent\", true]}", "{\"is\": [\"urgnt\", true]}")),
            "lead.fields.why_urgent: there is no field \"urgnt\"");
  EXPECT_EQ(refusal(changed("\"prefix\": \"LEA\"", "\"prefix\": \"LEA\", \"colour\": \"red\"")),
            "lead: \"colour\" is not known here");
  EXPECT_EQ(
      refusal(changed("\"to\": \"closed\", \"act\": \"approve\"", "\"to\": \"clsed\", \"act\": \"approve\"")),
      "lead.workflow.transitions[2]: it leads from declared states to a declared one");
  EXPECT_EQ(refusal(changed("\"act\": \"approve\", \"four_eyes\"", "\"act\": \"aprove\", \"four_eyes\"")),
            "lead.workflow.transitions[2]: there is no act \"aprove\"");
  EXPECT_EQ(refusal(changed("\"guard\": \"sealed\"", "\"guard\": \"sealed\", \"list\": true")),
            "lead.fields.contact: what is guarded is in no list, and is not compared");
  const std::string names = "belongs to an open field of the type text or reference";
  EXPECT_EQ(refusal(changed("\"guard\": \"sealed\"", "\"guard\": \"sealed\", \"names\": true")),
            "lead.fields.contact: \"names\" " + names);
  EXPECT_EQ(refusal(changed("\"en\": \"Received\"", "\"names\": true, \"en\": \"Received\"")),
            "lead.fields.received: \"names\" " + names);
}
TEST(Kinds, are_shown_only_as_their_fields_allow) {
  const auto shown = [](const std::string& display) {
    return refusal(changed("{\"show\": \"board\"}", display));
  };
  EXPECT_EQ(shown(R"({"show": "board"})"), "");
  EXPECT_EQ(shown(R"({"show": "pie"})"), "lead.displays[0]: there is no display named \"pie\"");
  EXPECT_EQ(shown(R"({"show": "board", "wide": true})"), "lead.displays[0]: \"wide\" is not known here");
  EXPECT_EQ(shown(R"({"show": "calendar", "field": "title"})"),
            "lead.displays[0]: \"field\": \"title\" is no open field of the type date");
  EXPECT_EQ(shown(R"({"show": "gantt", "begin": "received", "end": "gone"})"),
            "lead.displays[0]: \"end\": \"gone\" is no open field of the type date");
  EXPECT_EQ(shown(R"({"show": "gantt", "tasks": "title"})"),
            "lead.displays[0]: \"tasks\": \"title\" is no open field of the type rows");
  EXPECT_EQ(
      shown(R"({"show": "gantt", "tasks": "steps", "code": "step", "label": "step", "days": "length"})"),
      "lead.displays[0]: \"days\": the tasks have no column \"length\"");
}
TEST(Kinds, must_lead_to_what_is_declared) {
  const std::string lead = file(CUSTOS_SOURCE "/data/kinds/demonstration/lead.json");
  std::vector<std::string> words;
  for (const auto& v : kinds::shipped_vocabularies()) words.push_back(v);
  const auto with = [&](const std::string& kind) {
    const auto d = kinds::Declared::make(policy(), {kind}, words);
    return d ? std::string() : d.error().message;
  };
  EXPECT_EQ(with(lead), "");
  EXPECT_EQ(with(changed("\"to\": \"lead\"", "\"to\": \"leed\"")),
            "lead: follows: there is no kind \"leed\"");
  EXPECT_EQ(with(changed("\"to\": \"lead\", \"many\": true", "\"to\": \"lead\", \"names\": true")),
            "lead: follows: \"lead\" has no names");
  EXPECT_EQ(with(changed("\"vocabulary\": \"channel\"", "\"vocabulary\": \"chanel\"")),
            "lead: channel: there is no vocabulary \"chanel\"");
  EXPECT_EQ(with(changed("\"rights\": \"case\"", "\"rights\": \"identity\"")),
            "lead: identities are in the register, never in a record");
  EXPECT_EQ(with(changed("[\"unified_team_head\"]", "[\"boss\"]")), "lead: the policy has no role \"boss\"");
}
TEST(Kinds, ask_of_the_records_they_name_only_where_a_transition_needs_it) {
  const std::string kind = R"({"kind":"a","module":"m","source":"s","version":1,"label":{"en":"A","fr":"A"},
    "plural":{"en":"A","fr":"A"},"rights":"case","prefix":"AA","name":"title",
    "fields":[{"n":1,"name":"title","type":"text","en":"T","fr":"T"},
              {"n":2,"name":"next","type":"reference","to":"a","en":"N","fr":"N"}],
    "workflow":{"start":"open","states":[{"name":"open","en":"O","fr":"O"},{"name":"shut","en":"S","fr":"S"}],
      "transitions":[{"name":"shut","en":"S","fr":"S","from":["open"],"to":"shut",
        "needs":[{"if":IF,"en":"x","fr":"x"}]}]}RULES})";
  const auto with = [&](const std::string& condition, const std::string& rules = "") {
    std::string s = kind;
    s.replace(s.find("IF"), 2, condition);
    return s.replace(s.find("RULES"), 5, rules);
  };
  const auto refused = [&](const std::string& json) {
    const auto d = kinds::Declared::make(policy(), {json}, {});
    return d ? "" : d.error().message;
  };
  EXPECT_EQ(
      refused(with(R"({"of":["next",{"all":[{"state":["shut"]},{"of":["next",{"filled":"title"}]}]}]})")),
      "");
  EXPECT_EQ(refused(with(R"({"of":["title",{"filled":"title"}]})")),
            "a.workflow.shut: \"title\" is no open reference");
  EXPECT_EQ(refused(with(R"({"of":["next",{"filled":"age"}]})")),
            "a.workflow.shut, of next: there is no field \"age\"");
  EXPECT_EQ(refused(with(R"({"of":["next",{"state":["gone"]}]})")),
            "a.workflow.shut, of next: a state that is not declared");
  EXPECT_EQ(
      refused(with(R"({"filled":"title"})",
                   R"(,"rules":[{"id":"r","must":{"of":["next",{"filled":"title"}]},"en":"x","fr":"x"}])")),
      "a.rules.r: \"of\" stands only in what a transition needs");
}

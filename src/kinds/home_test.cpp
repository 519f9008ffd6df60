#include "shipped.h"

#include <kinds/home.h>

#include <gtest/gtest.h>

namespace {

using shipped::declared, shipped::policy;

std::string home(const std::string& tiles, const std::string& roles = R"(["duty_officer"])") {
  return R"({"home": "here", "version": 1, "order": 1, "source": "s", "en": "Here", "fr": "Ici", "roles": )" +
         roles + R"(, "tiles": [)" + tiles + "]}";
}
std::string wrong_with(const std::vector<std::string>& homes) {
  const auto made = kinds::Homes::make(policy(), declared(), homes);
  return made ? "" : made.error().message;
}
std::string tile(const std::string& more) {
  return R"({"tile": "one", "en": "One", "fr": "Un", )" + more + "}";
}

TEST(Homes, that_are_shipped_ask_what_can_be_asked_and_each_has_a_role_to_be_for) {
  const auto shipped = kinds::Homes::shipped(policy(), declared());
  ASSERT_TRUE(shipped) << shipped.error().message;
  for (const char* role :
       {"protection_officer", "duty_officer", "trial_lawyer", "unified_team_head", "prosecutor"})
    EXPECT_FALSE(shipped->of({role}).empty()) << role;
  EXPECT_TRUE(shipped->of({"system_administrator"}).empty());
  EXPECT_EQ(shipped->of({"unified_team_head", "prosecutor"}).front()->name, "office");
}

TEST(Homes, that_are_wrong_are_refused_with_their_place) {
  const std::pair<std::string, std::string> cases[] = {
      {tile(R"("show": "list", "kind": "incidents", "filter": [])"),
       "home here.tiles.one: there is no kind \"incidents\""},
      {tile(
           R"("show": "list", "kind": "incident", "filter": [{"field": "whem", "op": "from", "value": "today"}])"),
       "home here.tiles.one.filter[0]: \"whem\" is no field that can be filtered"},
      {tile(R"("show": "list", "kind": "incident", "filter": [{"field": "victims", "op": "filled"}])"),
       "home here.tiles.one.filter[0]: \"victims\" is guarded: it cannot be filtered"},
      {tile(
           R"("show": "list", "kind": "incident", "filter": [{"field": "state", "op": "in", "value": ["reported", "gone"]}])"),
       "home here.tiles.one.filter[0]: incident has no state \"gone\""},
      {tile(
           R"("show": "list", "kind": "incident", "filter": [{"field": "verification", "op": "is", "value": "maybe"}])"),
       "home here.tiles.one.filter[0]: the vocabulary verification has no code \"maybe\""},
      {tile(R"("show": "list", "kind": "incident", "filter": [], "due": "title")"),
       "home here.tiles.one.due: \"title\" is no open field of the type date"},
      {tile(R"("show": "table", "kind": "incident", "filter": [], "rows": "techniques", "columns": "state")"),
       "home here.tiles.one: \"techniques\" cannot be counted by: take state, case, or an open field with "
       "one code"},
      {tile(R"("show": "map", "kind": "obligation", "filter": [])"),
       "home here.tiles.one: obligation has no open field of the type place"},
      {tile(R"("show": "pie", "kind": "incident", "filter": [])"),
       "home here.tiles.one: there is no way to show named \"pie\""},
      {tile(R"("show": "tasks", "kind": "incident", "filter": [])"),
       "home here.tiles.one: \"tasks\" asks for no kind; everything else for a \"kind\", or for \"parts\""},
      {tile(R"("show": "tasks")") + ", " + tile(R"("show": "tasks")"), "home here: \"one\" is there twice"},
      {tile(R"("show": "tasks", "size": 3)"), "home here.tiles.one: \"size\" is not known here"},
      {"", "home here: it has no tiles"}};
  for (const auto& [tiles, message] : cases) EXPECT_EQ(wrong_with({home(tiles)}), message);
  EXPECT_EQ(wrong_with({home(tile(R"("show": "tasks")"), R"(["king"])")}),
            "home here.roles: the policy has no role \"king\"");
  const std::string good = home(tile(R"("show": "tasks")"));
  EXPECT_EQ(wrong_with({good, good}), "home here: two homes have this name");
  EXPECT_EQ(wrong_with({good}), "");
}

TEST(Homes, ask_for_days_from_today_and_for_who_asks_only_where_days_and_people_are_meant) {
  const kinds::Kind& kind = *declared().kind("incident");
  const auto filter = boost::json::parse(R"([{"field": "when", "op": "from", "value": "today-7"},
    {"field": "reported", "op": "to", "value": "today+1"}, {"field": "changed", "op": "to", "value": "today"},
    {"field": "owner", "op": "is", "value": "me"}, {"field": "title", "op": "contains", "value": "today"},
    {"field": "when", "op": "from", "value": "today-x"}])")
                          .get_array();
  const auto asked = kinds::asked_today(kind, filter, "P-9", 20'000);
  std::vector<std::string> values;
  for (const auto& f : asked) values.emplace_back(f.at("value").get_string());
  EXPECT_EQ(values,
            (std::vector<std::string>{"2024-09-27", "2024-10-05", "2024-10-04", "P-9", "today", "today-x"}));
}

}  // namespace

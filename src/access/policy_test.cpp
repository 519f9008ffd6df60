#include <access/policy.h>
#include <base/handle.h>

#include <gtest/gtest.h>

using namespace rights;

namespace {

std::string with(std::string_view from, std::string_view to) {
  std::string text(shipped_policy());
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}
std::string refusal(const std::string& text) {
  const auto p = Policy::parse(text);
  return p.ok() ? "taken" : p.error().message;
}

}  // namespace

TEST(Policy, that_is_shipped_is_taken_and_says_where_it_comes_from) {
  const auto p = Policy::parse(shipped_policy());
  ASSERT_TRUE(p.ok()) << p.error().message;
  EXPECT_EQ(p->roles().size(), 23u);
  EXPECT_FALSE(p->source().empty());
  EXPECT_FALSE(p->version().empty());
  EXPECT_EQ(p->digest(), base::sha256(shipped_policy()));
  EXPECT_TRUE(base::read_file(CUSTOS_SOURCE "/data/access/policy.json") == shipped_policy());
  for (const RoleRule& r : p->roles()) {
    EXPECT_FALSE(r.label.en.empty() || r.label.fr.empty() || r.description.en.empty() ||
                 r.description.fr.empty());
    EXPECT_TRUE(p->role(r.name));
  }
}

TEST(Policy, that_does_not_say_one_thing_once_is_refused_with_the_place) {
  EXPECT_EQ(refusal(with("\"idle_minutes\": 15", "\"idle_minutes\": 15, \"idle_minutes\": 14")),
            "limits.idle_minutes stands twice; keep one of them");
  EXPECT_EQ(refusal(with("\"idle_minutes\": 15", "\"idle_minuts\": 15")),
            "limits.idle_minuts: is not known; remove it");
  EXPECT_EQ(refusal(with("\"idle_minutes\": 15,", "")), "limits.idle_minutes: is missing; add it");
  EXPECT_EQ(refusal(with("\"idle_minutes\": 15", "\"idle_minutes\": 16")),
            "limits.idle_minutes: must be a whole number from 1 to 15");
  EXPECT_EQ(refusal(with("\"idle_minutes\": 15", "\"idle_minutes\": 1.5")),
            "limits.idle_minutes must be a whole number");
  EXPECT_EQ(refusal(with("\"version\":", "\"note\": \"x\", \"version\":")),
            "policy.note: is not known; remove it");
  EXPECT_EQ(refusal(with("\"source\":", "\"saurce\":")), "policy.saurce: is not known; remove it");
  EXPECT_EQ(refusal(std::string(shipped_policy()) + "{}").substr(0, 40),
            "something follows the JSON at byte " + std::to_string(shipped_policy().size()));
}

TEST(Policy, holds_the_limits_of_sign_in_and_uploads_and_the_organs_as_data) {
  const auto p = Policy::parse(with("\"challenge_minutes\": 5", "\"challenge_minutes\": 7"));
  ASSERT_TRUE(p.ok()) << p.error().message;
  EXPECT_EQ(p->limits().challenge, 7 * 60);
  EXPECT_EQ(p->limits().source_free_tries, 20);
  EXPECT_EQ(p->limits().upload_bytes_max, 2'000'000'000'000u);
  EXPECT_EQ(p->limits().upload_files_max, 1'000'000u);
  EXPECT_EQ(p->limits().case_class, Classification::internal);
  ASSERT_EQ(p->organs().size(), 3u);
  EXPECT_EQ(p->organs()[1].name, "registry");
  EXPECT_EQ(refusal(with("\"challenge_minutes\": 5", "\"challenge_minutes\": 11")),
            "limits.challenge_minutes: must be a whole number from 1 to 10");
  EXPECT_EQ(refusal(with("\"case_class\": \"INTERNAL\"", "\"case_class\": \"SECRET\"")),
            "limits.case_class: must be CONFIDENTIAL or lower");
  EXPECT_EQ(refusal(with("\"case_class\": \"INTERNAL\",", "")), "limits.case_class: is missing; add it");
  EXPECT_EQ(refusal(with("\"registry\": {", "\"The Registry\": {")),
            "organs.The Registry: a name is made of a-z, 0-9 and _, 40 at most");
}

TEST(Policy, that_names_what_does_not_exist_is_refused_with_the_place) {
  EXPECT_EQ(
      refusal(with("\"item\": [\"search\", \"read\", \"annotate\", \"approve\"]", "\"item\": [\"serch\"]")),
      "roles.deputy_prosecutor.may.item: no act has the name \"serch\"");
  EXPECT_EQ(refusal(with("\"item\": [\"search\", \"read\", \"annotate\", \"approve\"]",
                         "\"item\": [\"read\", \"read\"]")),
            "roles.deputy_prosecutor.may.item: names \"read\" twice; keep one");
  EXPECT_EQ(refusal(with("\"budget\": [\"search\", \"read\", \"approve\"]", "\"bugdet\": [\"read\"]")),
            "roles.prosecutor.may.bugdet: no kind has this name");
  EXPECT_EQ(refusal(with("\"includes\": [\"deputy_prosecutor\"]", "\"includes\": [\"deputy\"]")),
            "roles.prosecutor.includes: no role has the name \"deputy\"");
  EXPECT_EQ(refusal(with("\"purposes\": [\"analysis\"]", "\"purposes\": [\"curiosity\"]")),
            "roles.analyst.purposes: no purpose has the name \"curiosity\"");
  EXPECT_EQ(refusal(with("{\"roles\": [\"auditor\"]", "{\"roles\": [\"auditr\"]")),
            "forbidden[1].roles: no role has the name \"auditr\"");
}

TEST(Policy, with_a_circle_of_roles_is_refused) {
  std::string text = with("\"includes\": [], \"purposes\": [\"supervision\", \"trial\", \"investigation\"]",
                          "\"includes\": [\"prosecutor\"], \"purposes\": []");
  EXPECT_EQ(refusal(text), "roles.prosecutor.includes: the role includes itself; break the circle");
}

// A role that includes a forbidden one would be the way around the exclusion.
TEST(Policy, excludes_with_a_role_whatever_includes_it) {
  const Policy p = Policy::parse(shipped_policy()).value();
  const RoleSet prosecutor = *p.role("prosecutor"), expert = *p.role("psychosocial_expert");
  EXPECT_TRUE(p.excluded(prosecutor | expert));
  EXPECT_TRUE(p.excluded(RoleSet{1} << 40));
  EXPECT_FALSE(p.excluded(prosecutor));
  ASSERT_NE(p.why_excluded(*p.role("auditor"), prosecutor), nullptr);
  EXPECT_EQ(p.why_excluded(*p.role("auditor"), prosecutor)->en, "Nobody audits themselves.");
  EXPECT_EQ(refusal(with("\"includes\": [\"deputy_prosecutor\"]",
                         "\"includes\": [\"deputy_prosecutor\", \"psychosocial_expert\"]")),
            "roles.prosecutor.includes: brings together roles that are forbidden together");
}

TEST(Policy, looser_than_the_law_of_the_house_is_refused) {
  const auto act = [](std::string name, std::string from, std::string to) {
    std::string text(shipped_policy());
    const std::size_t line = text.find("  \"" + name + "\": {\"label\": {"), at = text.find(from, line);
    return refusal(text.replace(at, from.size(), to));
  };
  const std::string second = "\"second_person\": \"PUBLIC\"";
  for (const char* name : {"reveal", "erase", "downgrade", "lift_hold", "disclose", "grant", "change_policy",
                           "unseal", "rotate", "erase_backup"}) {
    EXPECT_EQ(
        act(name, second, "\"second_person\": \"SECRET\""),
        "acts." + std::string(name) + ".second_person: must be \"PUBLIC\": one person never does this alone");
    EXPECT_EQ(act(name, "\"step_up\": true", "\"step_up\": false"),
              "acts." + std::string(name) + ".step_up: must be true");
  }
  EXPECT_EQ(act("reveal", "\"sign_in\": \"hardware\"", "\"sign_in\": \"passkey\""),
            "acts.reveal.sign_in: must be at least \"hardware\"");
  EXPECT_EQ(act("reveal", "\"other_organ\": true", "\"other_organ\": false"),
            "acts.reveal.other_organ: must be true");
  EXPECT_EQ(act("erase", "\"heeds_hold\": true", "\"heeds_hold\": false"),
            "acts.erase.heeds_hold: must be true");
  EXPECT_EQ(act("seal", "\"second_person\": null", second),
            "acts.seal.second_person: must be null: one person must be able to do this");
  EXPECT_EQ(act("export", "\"second_person\": \"SECRET\"", "\"second_person\": null"),
            "acts.export.second_person: must be SECRET or lower");
}

TEST(Policy, that_shows_an_administrator_content_is_refused) {
  EXPECT_EQ(
      refusal(with("\"system\": [\"search\", \"read\", \"operate\"",
                   "\"item\": [\"search\"], \"system\": [\"search\", \"read\", \"operate\"")),
      "roles.system_administrator.may.item: an administrator has nothing to do with content; take it out");
}

TEST(Policy, that_opens_identities_outside_the_protocol_is_refused) {
  EXPECT_EQ(refusal(with("\"identity\": [\"add\",", "\"identity\": [\"read\", \"add\",")),
            "roles.identity_officer.may.identity: \"read\" would open identities outside the protocol");
  EXPECT_EQ(
      refusal(with("\"item\": [\"search\", \"read\", \"annotate\", \"approve\"]", "\"item\": [\"reveal\"]")),
      "roles.prosecutor.may.item: only identities are revealed");
}

TEST(Policy, with_an_act_that_nobody_could_approve_is_refused) {
  EXPECT_EQ(refusal(with("\"export\", \"approve\", \"review\"]", "\"export\", \"review\"]")),
            "kinds.ledger: \"export\" needs a second person and no role may approve; permit it to one");
}

TEST(Policy, that_lets_one_person_see_everything_is_refused) {
  std::string text(shipped_policy());
  const std::size_t at = text.find("\"forbidden\": [");
  text = text.substr(0, at) + "\"forbidden\": []\n}\n";
  EXPECT_EQ(refusal(text).substr(0, 50), "forbidden: one person could see everything with pr");
}

TEST(Policy, cut_off_anywhere_is_refused) {
  const std::string_view text = shipped_policy();
  for (std::size_t n = 0; n + 2 < text.size(); n += 61)
    EXPECT_FALSE(Policy::parse(text.substr(0, n)).ok()) << n;
}

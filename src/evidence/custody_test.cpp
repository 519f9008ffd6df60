#include "case_suite.h"

#include <evidence/custody.h>

using namespace evidence;

namespace {

class Custody : public SmallCase {
 protected:
  CustodyDraft moved() const {
    return {"transferred",
            "2026-11-20T10:15:00+01:00",
            "M. Kov\u00e1\u010d",
            "Forensic laboratory",
            "The Hague",
            "sealed bag, intact",
            "A-7731",
            "to be examined there"};
  }
  std::int64_t list(const std::vector<std::uint32_t>& items) {
    const auto made =
        add_hand_over(*file, {"For the Registry", "Registry, P. Lund", "Filing of annex A"}, items);
    EXPECT_TRUE(made.ok()) << made.error().message;
    return *made;
  }
};

}  // namespace

TEST_F(Custody, an_act_stands_in_the_custody_of_each_of_its_items_and_of_no_other) {
  const auto id = record_custody(*file, moved(), {2, 3, 3});
  ASSERT_TRUE(id.ok()) << id.error().message;
  for (const std::int64_t item : {2, 3}) {
    EXPECT_EQ(acts_of(item).back(), "custody_transferred");
    const std::string told = *show_custody(*file, item, true);
    EXPECT_NE(told.find(R"("at":"2026-11-20T10:15:00+01:00","from":"M. Kováč","to":"Forensic laboratory")"),
              std::string::npos)
        << told;
    EXPECT_NE(told.find(R"("seal":"A-7731","reason":"to be examined there")"), std::string::npos);
  }
  EXPECT_NE(acts_of(4).back(), "custody_transferred");
  const std::vector<CustodyActView> acts = custody_acts(*file, 2);
  ASSERT_EQ(acts.size(), 1u);
  EXPECT_EQ(acts[0].items, 2);
  const std::string out = folder + "/proof-custody";
  ASSERT_TRUE(write_proof(*file, 2, out).ok());
  EXPECT_EQ(check_proof(out), std::vector<std::string>());
  EXPECT_EQ(deviations(), std::vector<std::string>());
}

TEST_F(Custody, acts_stand_in_the_order_in_which_they_happened_whatever_the_zone) {
  CustodyDraft later = moved(), earlier = moved();
  later.at = "2026-11-21T00:30:00+05:30", earlier.at = "2026-11-20T18:00:00Z", earlier.kind = "received";
  ASSERT_TRUE(record_custody(*file, later, {5}).ok());
  ASSERT_TRUE(record_custody(*file, earlier, {5}).ok());
  const auto acts = custody_acts(*file, 5);
  ASSERT_EQ(acts.size(), 2u);
  EXPECT_EQ(acts[0].says.kind, "received");
}

TEST_F(Custody, an_act_that_is_not_whole_or_cannot_be_is_refused_by_name_and_leaves_nothing) {
  const std::uint64_t before = file->desk().ledger().size();
  const auto refused = [&](const std::function<void(CustodyDraft&)>& spoil, const char* names) {
    CustodyDraft d = moved();
    spoil(d);
    const auto made = record_custody(*file, d, {6});
    ASSERT_FALSE(made.ok()) << names;
    EXPECT_EQ(made.error().why, base::Refusal::invalid);
    EXPECT_NE(made.error().message.find(names), std::string::npos) << made.error().message;
  };
  refused([](auto& d) { d.kind = "Lost?"; }, "\"kind\"");
  for (const char* at :
       {"", "yesterday", "2026-11-20", "2026-11-20T10:15:00", "2026-13-20T10:15:00Z", "2999-01-01T00:00:00Z"})
    refused([&](auto& d) { d.at = at; }, "\"at\"");
  refused([](auto& d) { d.from = " "; }, "\"from\"");
  refused([](auto& d) { d.to = ""; }, "\"to\"");
  refused([](auto& d) { d.to = d.from; }, "\"from\" and \"to\"");
  refused([](auto& d) { d.place = ""; }, "\"place\"");
  refused([](auto& d) { d.condition = ""; }, "\"condition\"");
  refused([](auto& d) { d.seal = std::string(600, 'x'); }, "\"seal\"");
  refused([](auto& d) { d.reason = " "; }, "\"reason\"");
  EXPECT_EQ(record_custody(*file, moved(), {}).error().why, base::Refusal::invalid);
  EXPECT_EQ(record_custody(*file, moved(), {6, 4711}).error().why, base::Refusal::not_found);
  EXPECT_EQ(file->desk().ledger().size(), before) << "one unknown item: nothing is recorded";
  CustodyDraft seen = moved();
  seen.kind = "examined", seen.from = "", seen.given = false;
  EXPECT_TRUE(record_custody(*file, seen, {6}).ok()) << "an examination needs nobody who gave it";
}

TEST_F(Custody, a_list_is_numbered_in_its_order_and_frozen_when_issued) {
  const std::int64_t id = list({7, 1, 7, 4});
  std::vector<HandOverLine> lines = hand_over_lines(*file, id, 0, 100);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].code, "KAR-000007");
  EXPECT_EQ(lines[1].number, 2);
  EXPECT_EQ(lines[1].sources, "=gift; raid") << "all sources of the same bytes";
  EXPECT_EQ(lines[2].sources, "raid");
  ASSERT_TRUE(change_hand_over(*file, id, 1, {{"For the Registry", "Registry", "Annex A"}, {8}, {7}}).ok());
  EXPECT_EQ(change_hand_over(*file, id, 1, {{"x", "", ""}, {}, {}}).error().why, base::Refusal::conflict);
  ASSERT_TRUE(issue_hand_over(*file, id, 2).ok());
  lines = hand_over_lines(*file, id, 0, 100);
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].code, "KAR-000001");
  EXPECT_EQ(lines[2].code, "KAR-000008");
  const HandOverView v = *hand_over(*file, id);
  EXPECT_TRUE(v.issued);
  EXPECT_EQ(v.sha256.size(), 64u);
  for (const std::int64_t item : {1, 4, 8}) EXPECT_EQ(acts_of(item).back(), "handed_over");
  EXPECT_NE(acts_of(7).back(), "handed_over");
  EXPECT_NE(show_custody(*file, 4, true)
                ->find(R"({"list":)" + std::to_string(id) + R"(,"number":2,"to":"Registry")"),
            std::string::npos);
  for (const base::Status& s :
       {change_hand_over(*file, id, v.version, {{"x", "y", "z"}, {}, {}}),
        issue_hand_over(*file, id, v.version), remove_hand_over(*file, id, v.version)})
    EXPECT_EQ(s.error().why, base::Refusal::conflict);
  EXPECT_EQ(deviations(), std::vector<std::string>());
}

TEST_F(Custody, a_line_that_is_changed_after_the_issue_is_found_by_verify) {
  const std::int64_t id = list({5, 6});
  ASSERT_TRUE(issue_hand_over(*file, id, 1).ok());
  EXPECT_EQ(deviations(), std::vector<std::string>());
  file->records().run("update listed_item set item = 9 where id = ?", (id << 32) + 2);
  EXPECT_EQ(deviations(), (std::vector<std::string>{"hand-over list " + std::to_string(id) +
                                                    ": its lines are not those that the ledger tells of"}));
  file->records().run("update listed_item set item = 6 where id = ?", (id << 32) + 2);
}

TEST_F(Custody, a_list_that_says_not_to_whom_is_not_issued_and_a_draft_can_be_dropped) {
  const std::int64_t id = *add_hand_over(*file, {"Draft", "", ""}, {9});
  EXPECT_EQ(issue_hand_over(*file, id, 1).error().why, base::Refusal::invalid);
  EXPECT_EQ(add_hand_over(*file, {"", "x", "y"}, {9}).error().why, base::Refusal::invalid);
  EXPECT_EQ(add_hand_over(*file, {"Empty", "x", "y"}, {}).error().why, base::Refusal::invalid);
  EXPECT_EQ(add_hand_over(*file, {"Unknown", "x", "y"}, {4711}).error().why, base::Refusal::not_found);
  ASSERT_TRUE(remove_hand_over(*file, id, 1).ok());
  EXPECT_EQ(hand_over(*file, id).error().why, base::Refusal::not_found);
  EXPECT_TRUE(hand_over_lines(*file, id, 0, 10).empty());
}

TEST_F(Custody, the_form_of_an_item_has_its_acts_its_lists_and_the_head_of_the_ledger) {
  ASSERT_TRUE(record_custody(*file, moved(), {8}).ok());
  const std::int64_t id = list({9, 8});
  list({8});  // a draft: not on the form
  ASSERT_TRUE(issue_hand_over(*file, id, 1).ok());
  const CustodyForm f = *print_custody(*file, 8);
  EXPECT_EQ(f.code, "KAR-000008");
  EXPECT_EQ(f.source, "raid");
  EXPECT_EQ(f.sha256.size(), 64u);
  EXPECT_EQ(f.acts.back().says.seal, "A-7731");
  EXPECT_GT(f.acts.back().row, 0u);
  ASSERT_EQ(f.lists.back().second.id, id);
  EXPECT_EQ(f.lists.back().first, 2);
  EXPECT_EQ(f.rows, file->desk().ledger().size());
  EXPECT_EQ(acts_of(8).back(), "printed");
}

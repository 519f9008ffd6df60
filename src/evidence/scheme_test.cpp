#include "case_suite.h"
#include "tag_tree.h"

using namespace evidence;

namespace {

class Scheme : public SmallCase {
 protected:
  std::int64_t code(const std::string& code, std::int64_t parent = 0) {
    const auto made = add_tag(*file, {"Label " + code, kIssue, code, "Libell\u00e9 " + code, "", parent});
    EXPECT_TRUE(made.ok()) << made.error().message;
    return *made;
  }
  std::int64_t folder_of(const std::string& name, std::int64_t parent = 0) {
    const auto made = add_tag(*file, {name, kFolder, "", "", "", parent});
    EXPECT_TRUE(made.ok()) << made.error().message;
    return *made;
  }
  std::int64_t put(std::int64_t t, const std::vector<std::uint32_t>& on) {
    const auto job = begin_tagging(*file, t, true, on);
    EXPECT_TRUE(job.ok()) << job.error().message;
    run_tagging(*file, nullptr);
    return *job;
  }
  std::map<std::string, std::uint64_t> facet(const std::string& name, const std::string& query) {
    const auto s = Search::run(*file, {query, search::Sort::relevance, {}, 1});
    for (const search::Facet& f : (*s)->facets())
      if (f.name == name) return {f.values.begin(), f.values.end()};
    return {};
  }
  std::uint64_t narrowed(const std::string& facet, const std::vector<std::string>& values) {
    return (*Search::run(*file, {"*", search::Sort::relevance, {{facet, values}}, 1}))->total();
  }
};

}  // namespace

TEST_F(Scheme, an_issue_code_finds_what_bears_it_or_a_code_below_it) {
  const std::int64_t three = code("3"), one = code("3.1", three), ten = code("3.10", three);
  put(one, {1, 2});
  put(ten, {2, 3});
  EXPECT_EQ(total("issue:3.1"), 2u);
  EXPECT_EQ(total("issue:3"), 3u) << "an item that bears two of them is counted once";
  EXPECT_EQ(total("heron NOT issue:3.10"), 5u);
  EXPECT_EQ(facet("issue", "*"), (std::map<std::string, std::uint64_t>{{"3", 3}, {"3.1", 2}, {"3.10", 2}}));
  EXPECT_EQ(facet("issue", "item:KAR-000003"), (std::map<std::string, std::uint64_t>{{"3", 1}, {"3.10", 1}}));
  EXPECT_EQ(narrowed("issue", {"3"}), 3u) << "the count of a facet is what it narrows to";
  EXPECT_EQ(narrowed("issue", {"3.1", "3.10"}), 3u);
  EXPECT_EQ(narrowed("issue", {"nowhere"}), 0u);
  const std::vector<TagView> all = tags(*file, kIssue);
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[1].code, "3.1");
  EXPECT_EQ(all[2].code, "3.10") << "by number, not by letter";
  EXPECT_EQ(all[0].count, 0);
  EXPECT_EQ(all[0].below, 3);
}

TEST_F(Scheme, a_code_that_is_retired_is_taken_off_and_put_on_nothing) {
  const std::int64_t old = code("R1");
  const std::int64_t job = put(old, {4});
  const TagView v = *tag_at(*file, old);
  ASSERT_TRUE(change_tag(*file, old, v.version, {v.name, kIssue, v.code, v.french, "", 0, true}).ok());
  EXPECT_EQ(begin_tagging(*file, old, true, {5}).error().why, base::Refusal::conflict);
  EXPECT_EQ(total("issue:r1"), 1u);
  ASSERT_TRUE(begin_tagging(*file, old, false, {4}).ok());
  run_tagging(*file, nullptr);
  EXPECT_EQ(total("issue:R1"), 0u);
  EXPECT_EQ(change_tag(*file, old, v.version, {"x", kIssue, "R1", "x"}).error().why, base::Refusal::conflict)
      << "it was changed meanwhile";
  EXPECT_TRUE(tag_job(*file, job).has_value());
}

TEST_F(Scheme, a_code_needs_both_labels_and_is_there_once) {
  code("5.1");
  for (const TagDraft& wrong :
       {TagDraft{"Label", kIssue, "", "Libell\u00e9"}, TagDraft{"Label", kIssue, "5 2", "Libell\u00e9"},
        TagDraft{"Label", kIssue, "5.2", ""}, TagDraft{"", kIssue, "5.2", "Libell\u00e9"},
        TagDraft{"Label", kIssue, "5.2", "Libell\u00e9", "", 4711}, TagDraft{"Label", "colour"},
        TagDraft{"a/b", kFolder}, TagDraft{"tag", kTag, "3"}})
    EXPECT_EQ(add_tag(*file, wrong).error().why, base::Refusal::invalid) << wrong.name << " " << wrong.code;
  EXPECT_EQ(add_tag(*file, {"Other", kIssue, "5.1", "Autre"}).error().why, base::Refusal::conflict);
}

TEST_F(Scheme, folders_hold_items_at_any_depth_and_each_name_is_there_once_beside_its_siblings) {
  const std::int64_t trial = folder_of("Trial"), exhibits = folder_of("Exhibits", trial),
                     other = folder_of("Other"), again = folder_of("Exhibits", other);
  put(exhibits, {1, 2, 3});
  put(again, {3});
  put(trial, {9});
  EXPECT_EQ(total("folder:Trial"), 4u);
  EXPECT_EQ(total("folder:\"trial/exhibits\""), 3u);
  EXPECT_EQ(total("folder:exhibits"), 3u) << "by name: wherever it lies";
  EXPECT_EQ(view_item(*file, 3)->folders, (std::vector<std::string>{"Other/Exhibits", "Trial/Exhibits"}));
  EXPECT_EQ(facet("filed", "*")["Trial"], 4u);
  EXPECT_EQ(narrowed("filed", {"Trial/Exhibits"}), 3u);
  EXPECT_EQ(add_tag(*file, {"EXHIBITS", kFolder, "", "", "", trial}).error().why, base::Refusal::conflict);
  EXPECT_EQ(change_tag(*file, trial, 1, {"Trial", kFolder, "", "", "", exhibits}).error().why,
            base::Refusal::invalid)
      << "nothing lies under itself";
  ASSERT_TRUE(change_tag(*file, exhibits, 1, {"Shown", kFolder, "", "", "", other}).ok());
  EXPECT_EQ(total("folder:\"Other/Shown\""), 3u);
  EXPECT_EQ(total("folder:Trial"), 1u);
  EXPECT_EQ(deviations(), std::vector<std::string>());
}

TEST_F(Scheme, tags_codes_and_folders_of_one_name_are_three_and_are_undone_each) {
  const std::int64_t t = *add_tag(*file, {"Same"}), f = folder_of("Same");
  const auto c = add_tag(*file, {"Same", kIssue, "Same", "Pareil"});
  ASSERT_TRUE(c.ok());
  put(t, {1});
  const std::int64_t job = put(f, {1, 2});
  put(*c, {1, 2, 3});
  EXPECT_EQ(total("tag:same"), 1u);
  EXPECT_EQ(total("folder:same"), 2u);
  EXPECT_EQ(total("issue:same"), 3u);
  ASSERT_TRUE(begin_undo(*file, job).ok());
  run_tagging(*file, nullptr);
  EXPECT_EQ(total("folder:same"), 0u);
  EXPECT_EQ(total("issue:same"), 3u);
  const std::string told = *show_custody(*file, 2, true);
  EXPECT_NE(told.find(R"({"tag":"Same","kind":"folder","job":)"), std::string::npos) << told;
}

TEST_F(Scheme, the_tags_of_a_case_made_before_there_were_kinds_stay_tags) {
  const std::int64_t t = *add_tag(*file, {"Old one"});
  put(t, {7});
  // The table as an older Custos left it.
  file->records().script(
      "create table was as select id, name, folded, made, made_by from tag; drop table tag;"
      "create table tag (\"id\" integer primary key, \"name\" text not null, \"folded\" text not null, "
      "\"made\" "
      "integer not null, \"made_by\" text not null); create index tag_folded on tag (\"folded\");"
      "insert into tag select * from was where id = " +
      std::to_string(t) + "; delete from tagged where tag <> " + std::to_string(t) +
      "; drop table was; drop table hand_over; drop table listed_item; drop table custody_act; drop table "
      "custody_of; delete from schema_step where version > 4");
  file = *open_case(*office, kar);
  EXPECT_EQ(total("tag:\"old one\""), 1u);
  EXPECT_EQ(tag_named(*file, "old one")->kind, kTag);
  EXPECT_TRUE(change_tag(*file, t, tag_at(*file, t)->version, {"New name"}).ok());
  EXPECT_EQ(total("tag:\"new name\""), 1u);
}

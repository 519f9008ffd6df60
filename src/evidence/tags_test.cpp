#include "case_file.h"
#include "tag.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/handle.h>
#include <evidence/ingest.h>
#include <evidence/tags.h>
#include <evidence/view.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace evidence;

namespace {

// An office with one case of 620 notes, made once; each test has tags of its own.
class Tags : public testing::Test {
 protected:
  static constexpr int kNotes = 620;
  static void SetUpTestSuite() {
    folder =
        std::filesystem::temp_directory_path().string() + "/custos-tags-" + base::hex(base::random_bytes(8));
    std::filesystem::create_directories(folder + "/in");
    ::setenv("CUSTOS_KEYS", (folder + "/keys").c_str(), 1);
    for (int i = 1; i <= kNotes; ++i)
      base::replace_file(folder + "/in/" + std::to_string(i) + ".txt",
                         "Note " + std::to_string(i) + (i <= 510 ? " of the heron" : " of the crane") +
                             (i % 2 ? " odd\n" : " even\n"),
                         0600);
    auto made = Office::make(folder + "/home", "Owner", base::system_clock());
    ASSERT_TRUE(made.ok()) << made.error().message;
    office = std::move(*made);
    name = *office->add_case("KAR", "a case");
    IngestOptions o;
    o.places = {folder + "/in"}, o.source = "raid", o.worker = CUSTOS_BIN "/custos-worker", o.ocr = false;
    const auto end = ingest(*office, name, o, {});
    ASSERT_TRUE(end.ok()) << end.error().message;
    ASSERT_EQ(end->added, kNotes);
  }
  static void TearDownTestSuite() {
    office.reset();
    std::filesystem::remove_all(folder);
  }
  static std::shared_ptr<CaseFile> another() { return *open_case(*office, name); }
  void SetUp() override { file = another(); }

  std::int64_t tag(const std::string& n) { return *add_tag(*file, {n}); }
  std::vector<std::uint32_t> items(const std::string& query) {
    const auto s = Search::run(*file, {query, search::Sort::relevance, {}, 1});
    return s.ok() ? (*s)->items() : std::vector<std::uint32_t>();
  }
  std::uint64_t total(const std::string& query) { return items(query).size(); }
  std::int64_t count(const std::string& n) { return tag_named(*file, n)->count; }
  // Begins and does it.
  std::int64_t put(std::int64_t t, const std::vector<std::uint32_t>& on, bool puts = true) {
    const std::int64_t job = *begin_tagging(*file, t, puts, on);
    run_tagging(*file, nullptr);
    return job;
  }
  std::int64_t undo(std::int64_t job) {
    const auto back = begin_undo(*file, job);
    EXPECT_TRUE(back.ok()) << back.error().message;
    run_tagging(*file, nullptr);
    return *back;
  }
  std::string custody(std::int64_t item) { return *show_custody(*file, item, true); }
  std::vector<std::string> deviations() {
    return verify(*file, [](std::int64_t, std::int64_t) {}).deviations;
  }

  static inline std::string folder;
  static inline std::unique_ptr<Office> office;
  static inline CaseName name;
  std::shared_ptr<CaseFile> file;
};

}  // namespace

TEST_F(Tags, five_hundred_hits_are_tagged_at_once_and_the_undo_takes_all_back) {
  const auto hits = items("heron");
  ASSERT_EQ(hits.size(), 510u);
  const std::int64_t job = put(tag("birds"), hits);
  EXPECT_EQ(count("birds"), 510);
  EXPECT_EQ(total("tag:birds"), 510u);
  const TagJob end = *tag_job(*file, job);
  EXPECT_EQ(end.state, "done");
  EXPECT_EQ(end.done, 510);
  EXPECT_EQ(end.expected, 510);
  EXPECT_EQ(end.changed, 510);
  const std::int64_t back = undo(job);
  EXPECT_EQ(count("birds"), 0);
  EXPECT_EQ(total("tag:birds"), 0u);
  EXPECT_EQ(tag_job(*file, back)->undoes, job);
  EXPECT_EQ(tag_job(*file, job)->undone_by, back);
  EXPECT_EQ(deviations(), std::vector<std::string>());
}

TEST_F(Tags, what_was_tagged_before_stays_tagged_after_the_undo) {
  const std::int64_t t = tag("kept");
  put(t, {1, 2, 3});
  const std::int64_t job = put(t, {2, 3, 4, 5});
  EXPECT_EQ(tag_job(*file, job)->changed, 2);
  undo(job);
  EXPECT_EQ(items("tag:kept"), (std::vector<std::uint32_t>{1, 2, 3}));
}

TEST_F(Tags, the_undo_of_taking_off_gives_back_the_tag_as_it_was) {
  const std::int64_t t = tag("off and on");
  act_as(*file, "P-7");
  put(t, {1, 2});
  const auto before = store::select<Tagged>(file->records(), "where id = ?", tagged_key(t, 1));
  act_as(*file, "P-8");
  const std::int64_t job = put(t, {1, 2, 3}, false);
  EXPECT_EQ(count("off and on"), 0);
  EXPECT_EQ(tag_job(*file, job)->changed, 2);
  undo(job);
  const auto after = store::select<Tagged>(file->records(), "where id = ?", tagged_key(t, 1));
  ASSERT_EQ(after.size(), 1u);
  EXPECT_EQ(after[0].who, "P-7");
  EXPECT_EQ(after[0].at, before[0].at);
  EXPECT_EQ(count("off and on"), 2);
}

TEST_F(Tags, an_undo_leaves_what_another_has_changed_since) {
  const std::int64_t t = tag("since");
  const std::int64_t job = put(t, {1, 2, 3});
  put(t, {2}, false);
  put(t, {2});
  undo(job);
  EXPECT_EQ(items("tag:since"), (std::vector<std::uint32_t>{2}));
}

TEST_F(Tags, a_job_is_undone_once_and_an_undo_never) {
  const std::int64_t job = put(tag("once"), {1, 2});
  const std::int64_t back = undo(job);
  EXPECT_EQ(begin_undo(*file, job).error().why, base::Refusal::conflict);
  EXPECT_EQ(begin_undo(*file, back).error().why, base::Refusal::conflict);
  EXPECT_EQ(begin_undo(*file, 123456).error().why, base::Refusal::not_found);
}

TEST_F(Tags, a_job_that_still_goes_on_is_not_undone) {
  const std::int64_t job = *begin_tagging(*file, tag("early"), true, {1});
  EXPECT_EQ(begin_undo(*file, job).error().why, base::Refusal::conflict);
  run_tagging(*file, nullptr);
  EXPECT_TRUE(begin_undo(*file, job).ok());
  run_tagging(*file, nullptr);
}

TEST_F(Tags, two_jobs_at_once_change_each_item_once) {
  const std::int64_t t = tag("both"), other = tag("other one");
  std::vector<std::int64_t> jobs(3);
  const auto work = [&](std::size_t n, std::int64_t which, std::uint32_t from, std::uint32_t to) {
    const auto own = another();
    std::vector<std::uint32_t> mine;
    for (std::uint32_t i = from; i <= to; ++i) mine.push_back(i);
    jobs[n] = *begin_tagging(*own, which, true, mine);
    run_tagging(*own, nullptr);
  };
  {
    std::thread a(work, 0, t, 1, 400), b(work, 1, t, 201, 600), c(work, 2, other, 1, 100);
    a.join(), b.join(), c.join();
  }
  run_tagging(*file, nullptr);
  EXPECT_EQ(count("both"), 600);
  EXPECT_EQ(count("other one"), 100);
  EXPECT_EQ(tag_job(*file, jobs[0])->changed + tag_job(*file, jobs[1])->changed, 600);
  EXPECT_EQ(tag_job(*file, jobs[2])->changed, 100);
  EXPECT_EQ(deviations(), std::vector<std::string>());
}

TEST_F(Tags, a_job_that_is_told_to_stop_goes_on_where_it_was) {
  const std::int64_t job = *begin_tagging(*file, tag("stopped"), true, items("*"));
  std::atomic<bool> stop{false};
  run_tagging(*file, &stop, [&](std::int64_t, std::int64_t, std::int64_t) { stop = true; });
  const TagJob half = *tag_job(*file, job);
  EXPECT_EQ(half.state, "waiting");
  EXPECT_EQ(half.done, 500);
  EXPECT_EQ(half.changed, 500);
  EXPECT_EQ(count("stopped"), 500);
  file = another();
  run_tagging(*file, nullptr);
  EXPECT_EQ(tag_job(*file, job)->state, "done");
  EXPECT_EQ(tag_job(*file, job)->changed, kNotes);
  EXPECT_EQ(count("stopped"), kNotes);
  undo(job);
  EXPECT_EQ(count("stopped"), 0);
}

TEST_F(Tags, a_program_that_dies_in_the_middle_loses_and_doubles_nothing) {
  const std::int64_t job = *begin_tagging(*file, tag("killed"), true, items("*"));
  file.reset();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto own = Office::open(folder + "/home", base::system_clock());
    const auto there = open_case(**own, name);
    run_tagging(**there, nullptr, [](std::int64_t, std::int64_t, std::int64_t) { ::_exit(9); });
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(WEXITSTATUS(status), 9);
  file = another();
  EXPECT_EQ(tag_job(*file, job)->state, "running");
  EXPECT_EQ(count("killed"), 500);
  run_tagging(*file, nullptr);
  EXPECT_EQ(tag_job(*file, job)->state, "done");
  EXPECT_EQ(tag_job(*file, job)->changed, kNotes);
  EXPECT_EQ(count("killed"), kNotes);
  EXPECT_EQ(deviations(), std::vector<std::string>());
}

TEST_F(Tags, names_may_be_in_any_script) {
  for (const char* n :
       {"\u0634\u0647\u0648\u062f", "\u0441\u0432\u0456\u0434\u043e\u043a", "\u8bc1\u4eba \u540d\u5355",
        "t\u00e9moin cl\u00e9", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "a:b (c) OR d"}) {
    put(tag(n), {1, 5});
    EXPECT_EQ(items("tag:\"" + std::string(n) + "\""), (std::vector<std::uint32_t>{1, 5})) << n;
  }
}

TEST_F(Tags, a_name_is_there_once_whatever_its_case) {
  tag("\u00c9t\u00e9 Important");
  for (const char* again :
       {"\u00e9t\u00e9 important", "E\u0301TE\u0301 IMPORTANT", "  \u00c9t\u00e9 Important  "}) {
    const auto twice = add_tag(*file, {again});
    ASSERT_FALSE(twice.ok()) << again;
    EXPECT_EQ(twice.error().why, base::Refusal::conflict);
  }
  EXPECT_TRUE(add_tag(*file, {"Ete Important"}).ok()) << "an accent makes another word";
}

TEST_F(Tags, a_name_that_is_empty_too_long_or_hides_something_is_refused) {
  for (const std::string& n : {std::string(), std::string("  "), std::string(81, 'x'), std::string("a\nb"),
                               std::string("a\xe2\x80\xae"
                                           "b"),
                               std::string("\u200d"), std::string("say \"it\""), std::string("\x02mark")}) {
    const auto made = add_tag(*file, {n});
    ASSERT_FALSE(made.ok()) << n;
    EXPECT_EQ(made.error().why, base::Refusal::invalid);
  }
  EXPECT_TRUE(add_tag(*file, {base::join(std::vector<std::string>(80, "\u00e9"), "")}).ok());
}

TEST_F(Tags, an_unknown_tag_or_item_and_no_item_at_all_are_refused) {
  EXPECT_EQ(begin_tagging(*file, 4711, true, {1}).error().why, base::Refusal::not_found);
  const std::int64_t t = tag("real");
  EXPECT_EQ(begin_tagging(*file, t, true, {1, 99999}).error().why, base::Refusal::not_found);
  EXPECT_EQ(begin_tagging(*file, t, true, {}).error().why, base::Refusal::invalid);
  EXPECT_EQ(count("real"), 0);
}

TEST_F(Tags, a_query_for_a_tag_is_exact_and_combines_with_all_else) {
  put(tag("Exact Name"), items("heron even"));
  EXPECT_EQ(total("tag:\"exact name\""), 255u);
  EXPECT_EQ(total("tag:\"exact name\" odd"), 0u);
  EXPECT_EQ(total("heron NOT tag:\"EXACT NAME\""), 255u);
  EXPECT_EQ(total("NOT tag:\"exact name\""), kNotes - 255u);
  EXPECT_EQ(total("tag:\"exact name\" OR crane"), 255u + 110u);
  put(tag("Exact"), {1});
  EXPECT_EQ(total("tag:exact"), 1u) << "a name that begins alike is another";
}

TEST_F(Tags, a_query_for_an_unknown_tag_is_refused_with_its_place) {
  const auto s = Search::run(*file, {"heron tag:nowhere", search::Sort::relevance, {}, 1});
  ASSERT_FALSE(s.ok());
  EXPECT_EQ(s.error().why, base::Refusal::invalid);
  EXPECT_EQ(s.error().message, "position 7: expected a tag of this case after tag:, found \"nowhere\"");
}

TEST_F(Tags, the_custody_of_each_item_tells_who_tagged_it_and_no_other) {
  const std::int64_t job = put(tag("told"), {7, 9});
  const std::string seven = custody(7);
  EXPECT_NE(seven.find(R"("act":"tagged")"), std::string::npos);
  EXPECT_NE(seven.find(R"({"tag":"told","job":)" + std::to_string(job) +
                       R"(,"items":["KAR-000007","KAR-000009"]})"),
            std::string::npos);
  EXPECT_EQ(custody(8).find("\"told\""), std::string::npos);
  undo(job);
  EXPECT_NE(custody(9).find(R"("undoes":)" + std::to_string(job)), std::string::npos);
  const CustodyView v = *view_custody(*file, 7);
  EXPECT_TRUE(std::ranges::is_sorted(v.rows, {}, &CustodyRow::row));
  const auto row = std::ranges::find(v.rows, "untagged", &CustodyRow::act);
  ASSERT_NE(row, v.rows.end());
  EXPECT_EQ(row->detail.find("KAR-000009"), std::string::npos) << "the others of the batch are not named";
}

TEST_F(Tags, a_batch_is_one_row_of_the_ledger) {
  const std::int64_t t = tag("rows");
  const std::uint64_t before = file->desk().ledger().size();
  const std::int64_t job = *begin_tagging(*file, t, true, items("*"));
  const std::uint64_t asked = file->desk().ledger().size();
  EXPECT_EQ(asked, before + 2) << "the search and the asking";
  run_tagging(*file, nullptr);
  EXPECT_EQ(file->desk().ledger().size(), asked + 2) << "500 and the rest";
  put(t, {1, 2});
  EXPECT_EQ(file->desk().ledger().size(), asked + 3) << "nothing changed: only the asking";
  undo(job);
}

TEST_F(Tags, an_item_shows_its_tags_and_a_proof_for_strangers_does_not) {
  const std::vector<std::string> before = view_item(*file, 11)->tags;
  put(tag("\u042f last"), {11});
  put(tag("work product"), {11});
  const std::vector<std::string> after = view_item(*file, 11)->tags;
  ASSERT_EQ(after.size(), before.size() + 2);
  EXPECT_EQ(after.back(), "\u042f last") << "by name";
  EXPECT_EQ(std::ranges::count(view_item(*file, 12)->tags, "work product"), 0);
  EXPECT_NE(show_json(*file, 11)->find(R"("work product",)"), std::string::npos);
  const std::string out = folder + "/proof";
  ASSERT_TRUE(write_proof(*file, 11, out).ok());
  EXPECT_EQ(check_proof(out), std::vector<std::string>());
  for (const auto& f : std::filesystem::directory_iterator(out + "/custody"))
    EXPECT_EQ(base::read_file(f.path().string()).find("work product"), std::string::npos);
}

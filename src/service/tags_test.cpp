#include "core.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/handle.h>
#include <evidence/tags.h>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <thread>

namespace {

using boost::json::value;
using http::Method;

// An office of 530 notes and three people: two investigators who know the case, one who knows the other one.
class TagRoutes : public testing::Test {
 protected:
  static constexpr int kNotes = 530;
  static void SetUpTestSuite() {
    folder = std::filesystem::temp_directory_path().string() + "/custos-tagroutes-" +
             base::hex(base::random_bytes(8));
    std::filesystem::create_directories(folder + "/in");
    ::setenv("CUSTOS_KEYS", (folder + "/keys").c_str(), 1);
    for (int i = 1; i <= kNotes; ++i)
      base::replace_file(folder + "/in/" + std::to_string(i) + ".txt",
                         "Note " + std::to_string(i) + " of the heron\n", 0600);
    auto made = evidence::Office::make(folder + "/home", "Owner", base::system_clock());
    ASSERT_TRUE(made.ok()) << made.error().message;
    office = std::move(*made);
    seen = *office->add_case("KAR", "a case"), hidden = *office->add_case("LUN", "another");
    evidence::IngestOptions o;
    o.places = {folder + "/in"}, o.source = "raid", o.worker = CUSTOS_BIN "/custos-worker", o.ocr = false;
    const auto end = evidence::ingest(*office, seen, o, {});
    ASSERT_TRUE(end.ok()) << end.error().message;
    book = service::Book::open(*office, base::system_clock()).value();
  }
  static void TearDownTestSuite() {
    book.reset();
    office.reset();
    std::filesystem::remove_all(folder);
  }
  void SetUp() override {
    core = std::make_unique<service::Core>(*office, *book, *rights::Policy::parse(rights::shipped_policy()),
                                           service::Options(), base::system_clock());
    open();
    first = person(1, "investigator", {seen.id}), second = person(2, "investigator", {seen.id});
    outside = person(3, "investigator", {hidden.id}), reader = person(4, "auditor", {seen.id});
  }
  void TearDown() override { router.reset(); }
  void open() {
    router = std::make_unique<http::Router>();
    router->add(service::tag_routes(*core));
    router->add(service::case_routes(*core));
    router->add(service::item_routes(*core));
  }
  static std::shared_ptr<service::Who> person(std::int64_t number, const std::string& role,
                                              const std::vector<std::string>& cases) {
    auto who = std::make_shared<service::Who>();
    who->account.person = number, who->account.code = "P-" + std::to_string(number);
    who->cases = cases;
    for (const std::string& c : cases)
      who->assignments.push_back({service::number_of_case(c), std::int64_t{1} << 60});
    rights::Subject& s = who->subject;
    s.person = static_cast<std::uint64_t>(number), s.organ = 1;
    s.roles = *core->policy.role(role);
    s.clearance = rights::Classification::confidential;
    s.assignments = who->assignments, s.conflicts = std::span<const std::uint64_t>();
    s.sign_in = rights::SignIn::passkey, s.epoch = 1;
    return who;
  }
  struct Answered {
    int status = 0;
    value body;
    std::string text(const char* k) const { return std::string(body.at(k).as_string()); }
    std::int64_t number(const char* k) const { return body.at(k).as_int64(); }
    bool operator==(const Answered& o) const { return status == o.status && body == o.body; }
  };
  Answered call(const std::shared_ptr<service::Who>& who, const std::string& method, const std::string& path,
                const value& body = nullptr) {
    http::Request request(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    request.context = who;
    if (!body.is_null()) request.body = boost::json::serialize(body);
    auto found = router->find(request);
    const auto* const route = std::get_if<const http::Route*>(&found);
    if (!route) return {-1, {}};
    auto met = std::get<http::Answer>((*route)->handler)(request);
    if (!met.ok()) {
      const http::Problem p = http::problem_of(met.error());
      return {p.status, boost::json::parse(p.json())};
    }
    const std::string text = std::get<std::string>(met->body());
    return {met->status(), text.empty() ? value() : boost::json::parse(text)};
  }
  Answered get(const std::shared_ptr<service::Who>& who, const std::string& path) {
    return call(who, "GET", path);
  }
  Answered post(const std::shared_ptr<service::Who>& who, const std::string& path,
                const value& body = nullptr) {
    return call(who, "POST", path, body);
  }
  std::string in_case(const std::string& rest) const { return "/cases/" + seen.id + rest; }
  std::string tag(const std::string& name) {
    return post(first, in_case("/tags"), {{"name", name}}).text("id");
  }
  std::string search(const std::shared_ptr<service::Who>& who, const std::string& query) {
    return post(who, in_case("/searches"), {{"query", query}, {"sort", "relevance"}}).text("search");
  }
  // Waits until a job has ended.
  Answered ended(const std::string& job) {
    for (int i = 0; i < 600; ++i) {
      Answered a = get(first, "/jobs/" + job);
      if (a.status != 200 || a.text("state") == "done") return a;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return {};
  }
  std::int64_t count(const std::string& name) {
    const Answered all = get(first, in_case("/tags"));
    for (const value& t : all.body.at("tags").as_array())
      if (t.at("name").as_string() == name) return t.at("count").as_int64();
    return -1;
  }

  static inline std::string folder;
  static inline std::unique_ptr<evidence::Office> office;
  static inline evidence::CaseName seen, hidden;
  static inline std::unique_ptr<service::Book> book;
  static inline std::unique_ptr<service::Core> core;
  std::unique_ptr<http::Router> router;
  std::shared_ptr<service::Who> first, second, outside, reader;
};

}  // namespace

TEST_F(TagRoutes, a_whole_result_is_tagged_at_once_and_undone) {
  const std::string t = tag("whole");
  const Answered begun =
      post(first, in_case("/bulk"), {{"search", search(first, "heron")}, {"tag", t}, {"on", true}});
  ASSERT_EQ(begun.status, 202);
  const Answered end = ended(begun.text("job"));
  EXPECT_EQ(end.number("done"), kNotes);
  EXPECT_EQ(end.number("expected"), kNotes);
  EXPECT_EQ(end.text("state"), "done");
  EXPECT_EQ(end.text("detail"), "");
  EXPECT_EQ(count("whole"), kNotes);
  const Answered found = post(first, in_case("/searches"), {{"query", "tag:whole"}, {"sort", "date"}});
  EXPECT_EQ(found.number("total"), kNotes);
  const Answered back = post(first, "/jobs/" + begun.text("job") + "/undo");
  ASSERT_EQ(back.status, 202);
  EXPECT_EQ(ended(back.text("job")).text("state"), "done");
  EXPECT_EQ(count("whole"), 0);
  EXPECT_EQ(post(first, "/jobs/" + begun.text("job") + "/undo").status, 409) << "once only";
  const auto file = *evidence::open_case(*office, seen);
  EXPECT_EQ(evidence::verify(*file, [](std::int64_t, std::int64_t) {}).deviations,
            std::vector<std::string>());
}

TEST_F(TagRoutes, named_items_are_tagged_and_show_it) {
  const std::string t = tag("named");
  const Answered begun =
      post(first, in_case("/bulk"), {{"items", {seen.id + "-3", seen.id + "-4"}}, {"tag", t}, {"on", true}});
  ASSERT_EQ(begun.status, 202);
  ended(begun.text("job"));
  EXPECT_EQ(get(first, "/items/" + seen.id + "-3").body.at("tags"), value({"named"}));
  EXPECT_EQ(get(first, "/items/" + seen.id + "-5").body.at("tags").as_array().size(), 0u);
  const Answered off =
      post(first, in_case("/bulk"), {{"items", {seen.id + "-3"}}, {"tag", t}, {"on", false}});
  ended(off.text("job"));
  EXPECT_EQ(count("named"), 1);
}

TEST_F(TagRoutes, a_tag_is_made_once_and_told_with_its_number_of_items) {
  EXPECT_EQ(post(first, in_case("/tags"), {{"name", "made once"}}).status, 201);
  EXPECT_EQ(post(second, in_case("/tags"), {{"name", "MADE once"}}).status, 409);
  EXPECT_EQ(post(first, in_case("/tags"), {{"name", " "}}).status, 422);
  EXPECT_EQ(post(first, in_case("/tags"), {{"title", "x"}}).status, 422);
  EXPECT_EQ(count("made once"), 0);
}

TEST_F(TagRoutes, what_is_unknown_or_wrong_is_refused) {
  const std::string t = tag("refusals");
  const value items{seen.id + "-1"};
  EXPECT_EQ(post(first, in_case("/bulk"), {{"items", items}, {"tag", "4711"}, {"on", true}}).status, 404);
  EXPECT_EQ(post(first, in_case("/bulk"), {{"items", items}, {"tag", "x"}, {"on", true}}).status, 404);
  EXPECT_EQ(post(first, in_case("/bulk"), {{"items", {hidden.id + "-1"}}, {"tag", t}, {"on", true}}).status,
            404);
  EXPECT_EQ(post(first, in_case("/bulk"), {{"items", {seen.id + "-99999"}}, {"tag", t}, {"on", true}}).status,
            404);
  EXPECT_EQ(post(first, in_case("/bulk"), {{"items", items}, {"tag", t}}).status, 422);
  EXPECT_EQ(post(first, in_case("/bulk"), {{"tag", t}, {"on", true}}).status, 422);
  EXPECT_EQ(post(first, in_case("/bulk"), {{"search", "ffff"}, {"tag", t}, {"on", true}}).status, 404);
  const std::string other = search(second, "heron");
  EXPECT_EQ(post(first, in_case("/bulk"), {{"search", other}, {"tag", t}, {"on", true}}).status, 404)
      << "a search of another person";
  EXPECT_EQ(get(first, "/jobs/" + seen.id + "-99999").status, 404);
  EXPECT_EQ(get(first, "/jobs/x").status, 404);
  EXPECT_EQ(count("refusals"), 0);
}

TEST_F(TagRoutes, a_job_is_known_only_to_who_began_it_while_they_may_see_the_case) {
  const std::string t = tag("mine");
  const std::string job =
      post(first, in_case("/bulk"), {{"items", {seen.id + "-1"}}, {"tag", t}, {"on", true}}).text("job");
  ended(job);
  const Answered none = get(first, "/jobs/" + seen.id + "-99999");
  EXPECT_EQ(get(second, "/jobs/" + job), none);
  EXPECT_EQ(get(outside, "/jobs/" + job), none);
  EXPECT_EQ(post(second, "/jobs/" + job + "/undo"), none);
  EXPECT_EQ(post(outside, "/jobs/" + job + "/undo"), none);
  const auto taken_off = person(1, "investigator", {hidden.id});
  EXPECT_EQ(get(taken_off, "/jobs/" + job), none);
  EXPECT_EQ(post(taken_off, "/jobs/" + job + "/undo"), none);
  EXPECT_EQ(count("mine"), 1);
}

TEST_F(TagRoutes, a_case_that_may_not_be_seen_has_no_tags_and_takes_none) {
  const Answered none = get(first, "/cases/00000000/tags");
  EXPECT_EQ(none.status, 404);
  EXPECT_EQ(get(outside, in_case("/tags")), none);
  EXPECT_EQ(post(outside, in_case("/tags"), {{"name", "intruder"}}), none);
  EXPECT_EQ(post(outside, in_case("/bulk"), {{"items", {seen.id + "-1"}}, {"tag", "1"}, {"on", true}}), none);
  EXPECT_NE(post(reader, in_case("/tags"), {{"name", "intruder"}}).status, 201) << "no right to annotate";
  EXPECT_EQ(count("intruder"), -1);
}

TEST_F(TagRoutes, a_job_that_was_left_goes_on_when_the_office_opens_again) {
  const std::string t = tag("left over");
  router.reset();  // the office closes
  std::int64_t job = 0;
  {
    const auto file = *evidence::open_case(*office, seen);
    evidence::act_as(*file, "P-1");
    std::vector<std::uint32_t> all;
    for (std::uint32_t i = 1; i <= kNotes; ++i) all.push_back(i);
    job = *evidence::begin_tagging(*file, std::atoll(t.c_str()), true, all);
    std::atomic<bool> stop{false};
    evidence::run_tagging(*file, &stop, [&](std::int64_t, std::int64_t, std::int64_t) { stop = true; });
    EXPECT_EQ(evidence::tag_job(*file, job)->done, 500);
  }
  open();
  EXPECT_EQ(ended(seen.id + "-" + std::to_string(job)).number("changed"), kNotes);
  EXPECT_EQ(count("left over"), kNotes);
}

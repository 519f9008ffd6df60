#include "upload_suite.h"

namespace {

using namespace suite;

TEST_F(Uploads, a_finished_upload_is_taken_in_with_events_and_nothing_of_it_stays_behind) {
  // A listener with room for all that is told.
  auto stream = http::EventStream::make(1 << 20);
  stream->attach([] {});
  core->events.listen(*ann, stream);
  const std::string large = noise(9 * kMiB, 6), text = "Le témoin a traversé le pont près de Goma mardi.";
  const std::string id = begun(5, 2 * large.size() + 100);
  for (std::size_t at = 0; at < large.size(); at += 4 * kMiB)
    put(id, 0, at, large.substr(at, 4 * kMiB),
        fields("disk/large.bin", large.size(), at + 4 * kMiB >= large.size() ? sha(large) : ""));
  put_whole(id, 1, "disk/note.txt", text);
  put_whole(id, 2, "disk/empty", "");
  put_whole(id, 3, "disk/note.txt", text);       // the same path again: no less received
  put(id, 4, 0, "half", fields("disk/cut", 9));  // not whole: left out
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + id + "/finish", "{}").status, 202);
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + id + "/finish").status, 202);  // asked twice, done once
  EXPECT_EQ(put_whole(id, 4, "disk/late", "late").status, 422);
  wait_for(id);
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + id + "/finish").status, 202);
  EXPECT_TRUE(leaves_nothing(id));
  EXPECT_EQ(core->events.processing_of(the_case.id), "");

  const auto all = items();
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].at("path"), J("disk/large.bin"));
  EXPECT_EQ(all[0].at("sha256"), J(sha(large)));
  EXPECT_EQ(all[1].at("state"), J("extracted"));
  EXPECT_EQ(all[3].at("sha256"), J(sha(text)));
  const auto file = *evidence::open_case(*office, the_case);
  EXPECT_EQ(*evidence::original_bytes(*file, 1, 5 * kMiB, 1000), large.substr(5 * kMiB, 1000));
  const auto o = evidence::overview(*file);
  ASSERT_EQ(o.deliveries.size(), 1u);
  EXPECT_EQ(o.deliveries[0].source, "A raid");
  EXPECT_EQ(o.deliveries[0].collector, "Inspector K.");
  EXPECT_EQ(o.totals.pending, 0);
  const auto custody = *evidence::view_custody(*file, 2);
  ASSERT_FALSE(custody.rows.empty());
  EXPECT_TRUE(std::ranges::any_of(custody.rows, [&](const evidence::CustodyRow& r) {
    return r.act == "sealed" && r.who == "P-1" && r.detail.find("upload/" + id + "/1/") != std::string::npos;
  }));
  EXPECT_TRUE(evidence::verify(*file, {}).deviations.empty());

  std::string told;
  stream->take(told);
  const std::size_t last = told.rfind("data: ");
  ASSERT_NE(last, std::string::npos);
  const auto v = boost::json::parse(told.substr(last + 6, told.find('\n', last) - last - 6));
  EXPECT_EQ(v.at("case"), J(the_case.id));
  EXPECT_EQ(v.at("done"), J(4));
  EXPECT_EQ(v.at("expected"), v.at("done"));
  EXPECT_EQ(v.at("seconds_left"), J(0));
  for (const char* name : {"failed", "items_per_second", "bytes_per_second"})
    EXPECT_TRUE(v.at(name).is_number());
}

TEST_F(Uploads, uploads_into_one_case_are_taken_in_one_after_the_other) {
  const std::string a = begun(1, 5), b = begun(1, 5);
  put_whole(a, 0, "a.txt", "alpha"), put_whole(b, 0, "b.txt", "bravo");
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + a + "/finish").status, 202);
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + b + "/finish").status, 202);
  wait_for(a), wait_for(b);
  const auto all = items();
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].at("path"), J("a.txt"));
  EXPECT_EQ(all[1].at("path"), J("b.txt"));
}

TEST_F(Uploads, an_ingest_that_the_end_of_the_server_cuts_goes_on_at_the_next_start) {
  constexpr int n = 1000;
  const std::string id = begun(n, 1 << 20);
  for (int i = 0; i < n; ++i)
    put_whole(id, i, "f/" + std::to_string(i) + ".txt", "text number " + std::to_string(i));
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + id + "/finish").status, 202);
  // Cut wherever it is: before it began, in the middle, or, on a fast machine, after its end.
  stop();  // returns only when the ingest has ended
  start();
  wait_for(id);
  EXPECT_TRUE(leaves_nothing(id));
  const auto all = items();
  std::set<std::string> paths;
  for (const auto& i : all) {
    paths.insert(std::string(i.at("path").as_string()));
    EXPECT_EQ(i.at("state"), J("extracted"));
  }
  EXPECT_EQ(all.size(), std::size_t(n));
  EXPECT_EQ(paths.size(), std::size_t(n));
}

TEST_F(Uploads, bytes_that_were_changed_on_disk_are_not_taken_for_what_came) {
  const std::string bytes = noise(600'000, 7);
  const std::string id = begun(2, 2 * bytes.size());
  put_whole(id, 0, "x", bytes), put_whole(id, 1, "y", bytes);
  {
    std::fstream f(shelf_of(id) + "/0", std::ios::binary | std::ios::in | std::ios::out);
    f.seekp(300'000);
    f.put('!'), f.put('?');
  }
  // Nor does one file pass for another.
  fs::copy_file(shelf_of(id) + "/1", shelf_of(id) + "/2");
  restart();
  EXPECT_EQ(state(id).status, 500);
  fs::remove(shelf_of(id) + "/2");
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + id + "/finish").status, 202);
  std::string now;
  for (int i = 0; i < 1200 && now != "failed"; ++i, std::this_thread::sleep_for(50ms))
    now = state(id).json().at("state").as_string();
  EXPECT_EQ(now, "failed");
  EXPECT_TRUE(fs::exists(shelf_of(id) + "/about"));  // nothing is thrown away that is not in the case
}

TEST_F(Uploads, what_is_left_of_a_beginning_or_an_end_is_cleared_at_the_start) {
  const std::string gone = shelf_of(std::string(32, 'a'));
  fs::create_directories(gone);
  std::ofstream(gone + "/0") << "x";
  restart();
  EXPECT_FALSE(fs::exists(gone));
}

}  // namespace

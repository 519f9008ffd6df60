#include "core.h"
#include "upload.h"

#include <base/bytes.h>
#include <evidence/view.h>

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using service::Core, service::Who;

constexpr std::size_t kMiB = 1 << 20;

std::string sha(std::string_view bytes) { return base::hex(base::view(base::sha256(bytes))); }
std::string noise(std::size_t n, unsigned seed) {
  std::string out(n, '\0');
  std::uint64_t x = seed * 2654435761u + 1;
  for (char& c : out) x = x * 6364136223846793005u + 1442695040888963407u, c = static_cast<char>(x >> 56);
  return out;
}

boost::json::value J(std::string_view text) { return boost::json::string(text); }
boost::json::value J(int n) { return n; }
boost::json::value J(std::size_t n) { return static_cast<std::int64_t>(n); }

struct Reply {
  int status = 0;
  std::string body;
  boost::json::value json() const { return boost::json::parse(body); }
  std::int64_t received() const { return json().at("received").to_number<std::int64_t>(); }
  std::string code() const { return std::string(json().at("code").as_string()); }
  std::string detail() const { return std::string(json().at("detail").as_string()); }
};
Reply reply_of(base::Result<http::Response> r) {
  http::Response out = r.ok() ? std::move(*r) : http::Response::problem(http::problem_of(r.error()));
  const auto* body = std::get_if<std::string>(&out.body());
  return {out.status(), body ? *body : ""};
}

class Uploads : public testing::Test {
 protected:
  void SetUp() override {
    std::string made = (fs::temp_directory_path() / "custos-uploads-XXXXXX").string();
    ASSERT_TRUE(::mkdtemp(made.data()));
    folder = made;
    ::setenv("CUSTOS_KEYS", (folder + "/keys").c_str(), 1);
    office = evidence::Office::make(folder + "/home", "Owner", base::system_clock()).value();
    the_case = *office->add_case("KAR", "Karuma");
    other_case = *office->add_case("OTH", "Other");
    book = service::Book::open(*office, base::system_clock()).value();
    start();
    ann = person(1, {the_case.id, other_case.id});
    bob = person(2, {the_case.id});
    eve = person(3, {other_case.id});
  }
  void TearDown() override {
    stop();
    book.reset();
    office.reset();
    fs::remove_all(folder);
  }
  void start() {
    service::Options options;
    options.worker = std::string(CUSTOS_BIN) + "/custos-worker";
    options.log = [](std::string_view line) {
      std::fprintf(stderr, "%.*s\n", int(line.size()), line.data());
    };
    core = std::make_unique<Core>(*office, *book, *rights::Policy::parse(rights::shipped_policy()), options,
                                  base::system_clock());
    router = std::make_unique<http::Router>();
    router->add(service::upload_routes(*core));
  }
  void stop() {
    router.reset();
    core.reset();
  }
  void restart() { stop(), start(); }

  std::shared_ptr<Who> person(std::int64_t n, const std::vector<std::string>& cases) {
    service::Account a = service::first_account("Person", cases);
    a.person = n, a.code = "P-" + std::to_string(n);
    EXPECT_TRUE(
        book->write(a.code, [&](const service::Book::Write& w) { return w.add(a, "added", a.code); }).ok());
    auto who = std::make_shared<Who>();
    who->account = a;
    who->cases = cases;
    for (const std::string& id : cases)
      who->assignments.push_back({service::number_of_case(id), std::int64_t{1} << 60});
    rights::Subject& s = who->subject;
    s.person = static_cast<std::uint64_t>(n);
    s.organ = 1;
    s.roles = *core->policy.role("unified_team_head");
    s.clearance = rights::classification_named(a.clearance);
    s.assignments = who->assignments;
    s.conflicts = std::span<const std::uint64_t>();
    s.sign_in = rights::SignIn::passkey;
    s.stepped_up = book->now();
    s.epoch = 1;
    return who;
  }

  // What a route answers. `piece`: of a body that goes to a Sink.
  Reply ask(const std::shared_ptr<Who>& who, const std::string& method, const std::string& target,
            const std::string& body = "", const std::string& fields = "", std::size_t piece = 100'000) {
    http::Request request(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    EXPECT_FALSE(request.refusal()) << request.refusal()->detail;
    request.context = who;
    auto found = router->find(request);
    if (auto* instead = std::get_if<http::Response>(&found)) return {instead->status(), ""};
    const http::Route& route = *std::get<const http::Route*>(found);
    if (const auto* answer = std::get_if<http::Answer>(&route.handler)) {
      request.body = body;
      return reply_of((*answer)(request));
    }
    auto sink = std::get<http::Receive>(route.handler)(request);
    if (!sink.ok()) return reply_of(sink.error());
    for (std::size_t at = 0; at < body.size(); at += piece)
      if (const base::Status s = (*sink)->add(std::string_view(body).substr(at, piece)); !s.ok())
        return reply_of(s.error());
    return reply_of((*sink)->finish());
  }
  static std::string fields(const std::string& path, std::uint64_t size, const std::string& hash = "") {
    return "X-Path: " + http::percent_encoded(path) + "\r\nX-Size: " + std::to_string(size) + "\r\n" +
           (hash.empty() ? "" : "X-Sha256: " + hash + "\r\n");
  }
  Reply begin(const std::shared_ptr<Who>& who, std::uint64_t files, std::uint64_t bytes) {
    return ask(who, "POST", "/cases/" + the_case.id + "/uploads",
               R"({"files":)" + std::to_string(files) + R"(,"bytes":)" + std::to_string(bytes) +
                   R"(,"source":"A raid","collector":"Inspector K.","note":"of Tuesday"})");
  }
  std::string begun(std::uint64_t files, std::uint64_t bytes) {
    const Reply r = begin(ann, files, bytes);
    EXPECT_EQ(r.status, 201) << r.body;
    return std::string(r.json().at("upload").as_string());
  }
  Reply put(const std::string& upload, int n, std::uint64_t offset, const std::string& chunk,
            const std::string& head) {
    return ask(ann, "PUT",
               "/uploads/" + upload + "/files/" + std::to_string(n) + "?offset=" + std::to_string(offset),
               chunk, head);
  }
  Reply put_whole(const std::string& upload, int n, const std::string& path, const std::string& bytes) {
    return put(upload, n, 0, bytes, fields(path, bytes.size(), sha(bytes)));
  }
  Reply state(const std::string& upload) { return ask(ann, "GET", "/uploads/" + upload); }
  std::size_t files_known(const std::string& upload) {
    return state(upload).json().at("files").as_array().size();
  }
  std::string shelf_of(const std::string& upload) {
    return office->case_folder(the_case) + "/incoming/" + upload;
  }
  void wait_for(const std::string& upload, std::string_view wanted = "done") {
    std::string now;
    for (int i = 0; i < 2400 && now != wanted; ++i) {
      now = state(upload).json().at("state").as_string();
      ASSERT_NE(now, "failed");
      if (now != wanted) std::this_thread::sleep_for(50ms);
    }
    ASSERT_EQ(now, wanted);
  }
  std::vector<boost::json::value> items() {
    std::vector<boost::json::value> out;
    const auto file = *evidence::open_case(*office, the_case);
    evidence::list_items(*file, [&](const std::string& l) { out.push_back(boost::json::parse(l)); });
    return out;
  }

  std::string folder;
  std::unique_ptr<evidence::Office> office;
  std::unique_ptr<service::Book> book;
  std::unique_ptr<Core> core;
  std::unique_ptr<http::Router> router;
  evidence::CaseName the_case, other_case;
  std::shared_ptr<Who> ann, bob, eve;
};

TEST_F(Uploads, a_file_comes_in_chunks_and_is_whole_when_its_hash_is_right) {
  const std::string bytes = noise(5 * kMiB + 17, 1);
  const std::string id = begun(1, bytes.size());
  EXPECT_EQ(put(id, 0, 0, bytes.substr(0, 4 * kMiB), fields("a/b.bin", bytes.size())).received(), 4 * kMiB);
  auto file = state(id).json().at("files").at(0);
  EXPECT_EQ(file.at("path"), J("a/b.bin"));
  EXPECT_EQ(file.at("received"), J(4 * kMiB));
  EXPECT_EQ(file.at("state"), J("receiving"));
  EXPECT_TRUE(file.at("sha256").is_null());
  const Reply last =
      put(id, 0, 4 * kMiB, bytes.substr(4 * kMiB), fields("a/b.bin", bytes.size(), sha(bytes)));
  EXPECT_EQ(last.received(), std::int64_t(bytes.size()));
  file = state(id).json().at("files").at(0);
  EXPECT_EQ(file.at("sha256"), J(sha(bytes)));
  EXPECT_EQ(file.at("state"), J("received"));
}

TEST_F(Uploads, an_empty_file_is_a_file) {
  const std::string id = begun(1, 0);
  EXPECT_EQ(put_whole(id, 0, "empty", "").received(), 0);
  EXPECT_EQ(state(id).json().at("files").at(0).at("state"), J("received"));
  restart();
  EXPECT_EQ(state(id).json().at("files").at(0).at("sha256"), J(sha("")));
}

TEST_F(Uploads, nothing_of_a_file_lies_on_disk_in_plain_while_it_comes) {
  std::string bytes;
  while (bytes.size() < kMiB) bytes += "the witness of Goma spoke ";
  const std::string id = begun(2, 2 * bytes.size());
  put(id, 0, 0, bytes.substr(0, 300'000), fields("secret-names/list.txt", bytes.size()));
  put_whole(id, 1, "secret-names/other.txt", bytes);
  std::size_t met = 0;
  for (const auto& e : fs::recursive_directory_iterator(office->case_folder(the_case) + "/incoming")) {
    EXPECT_EQ(e.path().string().find("secret"), std::string::npos);
    if (!e.is_regular_file()) continue;
    ++met;
    std::ifstream in(e.path(), std::ios::binary);
    const std::string raw{std::istreambuf_iterator<char>(in), {}};
    for (const char* word :
         {"witness", "secret-names", "list.txt", "A raid", "Inspector", sha(bytes).c_str()})
      EXPECT_EQ(raw.find(word), std::string::npos) << word << " in " << e.path();
    EXPECT_EQ(fs::status(e.path()).permissions() & fs::perms::others_all, fs::perms::none);
  }
  EXPECT_EQ(met, 3u);
}

TEST_F(Uploads, an_upload_that_was_cut_goes_on_after_a_restart) {
  const std::string bytes = noise(6 * kMiB + 5, 2);
  const std::string id = begun(3, bytes.size() + 10);
  put(id, 0, 0, bytes.substr(0, 4 * kMiB), fields("x", bytes.size()));
  put_whole(id, 2, "y", "0123456789");
  {  // cut in the middle of a chunk: nothing of it counts
    http::Request request("PUT /uploads/" + id + "/files/0?offset=" + std::to_string(4 * kMiB) +
                          " HTTP/1.1\r\nHost: h\r\n" + fields("x", bytes.size()) + "\r\n");
    request.context = ann;
    const auto* route = std::get<const http::Route*>(router->find(request));
    auto sink = std::get<http::Receive>(route->handler)(request);
    ASSERT_TRUE((*sink)->add(bytes.substr(4 * kMiB, kMiB)).ok());
  }
  restart();
  const auto files = state(id).json().at("files").as_array();
  ASSERT_EQ(files.size(), 2u);
  EXPECT_EQ(files[0].at("received"), J(4 * kMiB));
  EXPECT_EQ(files[1].at("sha256"), J(sha("0123456789")));
  EXPECT_EQ(put(id, 0, 4 * kMiB, bytes.substr(4 * kMiB), fields("x", bytes.size(), sha(bytes))).received(),
            std::int64_t(bytes.size()));
}

TEST_F(Uploads, a_file_whose_hash_was_not_yet_compared_when_the_server_ended_is_not_whole) {
  const std::string id = begun(1, 100'000);
  const std::string bytes = noise(100'000, 8);
  put(id, 0, 0, bytes.substr(0, 60'000), fields("x", bytes.size()));
  put(id, 0, 60'000, bytes.substr(60'000), fields("x", bytes.size(), sha(bytes)));
  fs::resize_file(shelf_of(id) + "/0", fs::file_size(shelf_of(id) + "/0") - 1);
  restart();
  const auto file = state(id).json().at("files").at(0);
  EXPECT_EQ(file.at("received"), J(60'000));
  EXPECT_TRUE(file.at("sha256").is_null());
  EXPECT_EQ(put(id, 0, 60'000, bytes.substr(60'000), fields("x", bytes.size(), sha(bytes))).received(),
            100'000);
}

TEST_F(Uploads, what_was_received_already_is_answered_with_what_is_there) {
  const std::string bytes = noise(300'000, 3);
  const std::string id = begun(1, bytes.size());
  put(id, 0, 0, bytes.substr(0, 200'000), fields("x", bytes.size()));
  EXPECT_EQ(put(id, 0, 0, bytes.substr(0, 200'000), fields("x", bytes.size())).received(), 200'000);
  EXPECT_EQ(put(id, 0, 100'000, bytes.substr(100'000), fields("x", bytes.size(), sha(bytes))).received(),
            200'000);
  EXPECT_EQ(put(id, 0, 200'000, bytes.substr(200'000), fields("x", bytes.size(), sha(bytes))).received(),
            300'000);
  EXPECT_EQ(put(id, 0, 200'000, bytes.substr(200'000), fields("x", bytes.size(), sha(bytes))).received(),
            300'000);
}

TEST_F(Uploads, a_chunk_that_was_cut_and_still_comes_gives_way_to_its_repetition) {
  const std::string bytes = noise(2 * kMiB, 4), target = "/files/0?offset=0 HTTP/1.1\r\nHost: h\r\n";
  const std::string id = begun(1, bytes.size());
  http::Request request("PUT /uploads/" + id + target + fields("x", bytes.size(), sha(bytes)) + "\r\n");
  request.context = ann;
  const auto* route = std::get<const http::Route*>(router->find(request));
  auto late = std::get<http::Receive>(route->handler)(request);
  ASSERT_TRUE((*late)->add(std::string_view(bytes).substr(0, kMiB)).ok());
  EXPECT_EQ(put_whole(id, 0, "x", bytes).received(), std::int64_t(bytes.size()));
  const base::Status s = (*late)->add(std::string_view(bytes).substr(kMiB));
  ASSERT_FALSE(s.ok());
  EXPECT_EQ(s.error().why, base::Refusal::conflict);
  EXPECT_EQ(state(id).json().at("files").at(0).at("sha256"), J(sha(bytes)));
}

TEST_F(Uploads, a_wrong_hash_refuses_the_file_and_keeps_nothing_of_it) {
  const std::string bytes = noise(500'000, 5);
  const std::string id = begun(1, bytes.size());
  const Reply r = put(id, 0, 0, bytes, fields("x", bytes.size(), sha("something else")));
  EXPECT_EQ(r.status, 422);
  EXPECT_EQ(r.code(), "hash_differs");
  EXPECT_NE(r.detail().find("send it again"), std::string::npos);
  EXPECT_EQ(files_known(id), 0u);
  EXPECT_FALSE(fs::exists(shelf_of(id) + "/0"));
  restart();
  EXPECT_EQ(files_known(id), 0u);
  EXPECT_EQ(put_whole(id, 0, "x", bytes).received(), 500'000);
  // A file that is whole here and another there is sent anew as well.
  EXPECT_EQ(put(id, 0, 0, bytes, fields("x", bytes.size(), sha("changed"))).code(), "hash_differs");
  EXPECT_EQ(files_known(id), 0u);
}

TEST_F(Uploads, the_last_chunk_brings_the_hash_and_without_it_does_not_count) {
  const std::string id = begun(1, 3);
  const Reply r = put(id, 0, 0, "abc", fields("x", 3));
  EXPECT_EQ(r.status, 422);
  EXPECT_NE(r.detail().find("X-Sha256"), std::string::npos);
  EXPECT_EQ(put(id, 0, 0, "abc", fields("x", 3, "1234")).status, 422);
  EXPECT_EQ(put_whole(id, 0, "x", "abc").received(), 3);
}

TEST_F(Uploads, an_offset_that_leaves_a_gap_is_refused) {
  const std::string id = begun(2, 20);
  EXPECT_EQ(put(id, 0, 5, "12345", fields("x", 10, sha("?"))).status, 409);
  put(id, 0, 0, "12", fields("x", 10));
  const Reply r = put(id, 0, 5, "12345", fields("x", 10, sha("?")));
  EXPECT_EQ(r.status, 409);
  EXPECT_NE(r.detail().find("2 bytes are here"), std::string::npos);
}

TEST_F(Uploads, no_more_comes_than_was_announced) {
  const std::string id = begun(2, 10);
  EXPECT_EQ(put(id, 0, 0, "12345678901", fields("x", 11)).status, 422);           // the upload
  EXPECT_EQ(put(id, 0, 0, "123456", fields("x", 5, sha("123456"))).status, 422);  // the file
  EXPECT_EQ(put(id, 2, 0, "1", fields("z", 1, sha("1"))).status, 422);            // files
  EXPECT_EQ(put(id, 1, 0, "123456", fields("y", 6, sha("123456"))).status, 422);  // 5 + 6
  EXPECT_EQ(put_whole(id, 0, "x", "12345").received(), 5);
  EXPECT_EQ(put(id, 0, 5, "1", fields("other", 5, sha("1"))).status, 422);  // another file by the same number
  EXPECT_EQ(put_whole(id, 1, "y", "12345").received(), 5);
}

TEST_F(Uploads, a_chunk_is_at_most_four_mebibytes) {
  const std::string bytes(4 * kMiB + 65 * 1024, 'x');
  const std::string id = begun(1, bytes.size());
  EXPECT_EQ(put_whole(id, 0, "x", bytes).status, 422);
  EXPECT_EQ(state(id).json().at("files").at(0).at("received"), J(0));
  for (const auto& route : router->routes())
    if (route->act.name() == "upload.receive") {
      EXPECT_LT(route->body_bytes_max, bytes.size());
      EXPECT_EQ(route->takes, "application/octet-stream");
    }
}

TEST_F(Uploads, a_path_that_leads_elsewhere_is_refused) {
  const std::string id = begun(100, 1000);
  for (const std::string& path :
       {std::string(), std::string("/etc/passwd"), std::string(".."), std::string("a/../b"),
        std::string("a/.."), std::string("../a"), std::string("a//b"), std::string("a/"), std::string("./a"),
        std::string("a\0b", 3), std::string(4097, 'p'), std::string("\xff\xfe")}) {
    const Reply r = put(id, 0, 0, "1", fields(path, 1, sha("1")));
    EXPECT_EQ(r.status, 422) << path;
    EXPECT_NE(r.detail().find("X-Path"), std::string::npos);
  }
  EXPECT_EQ(put(id, 0, 0, "1", "X-Path: a%2\r\nX-Size: 1\r\n").status, 422);
  EXPECT_EQ(files_known(id), 0u);
  int n = 0;
  for (const std::string& path :
       {std::string(4096, 'p'), std::string("..a/b.."), std::string("a\\b"),
        std::string("\xD8\xB4\xD9\x87\xD8\xA7\xD8\xAF\xD8\xA9/\xE2\x80\xAEgpj.exe")})
    EXPECT_EQ(put_whole(id, n++, path, "1").status, 200) << path;
}

TEST_F(Uploads, what_is_announced_has_limits) {
  EXPECT_EQ(begin(ann, 0, 5).status, 422);
  EXPECT_EQ(begin(ann, 1'000'001, 5).status, 422);
  EXPECT_EQ(begin(ann, 1, 2'000'000'000'001).status, 422);
  EXPECT_EQ(begin(ann, 1'000'000, 2'000'000'000'000).status, 201);
  const std::string to = "/cases/" + the_case.id + "/uploads";
  EXPECT_EQ(ask(ann, "POST", to, R"({"files":1,"bytes":1,"source":"","collector":"c","note":""})").status,
            422);
  EXPECT_EQ(ask(ann, "POST", to, R"({"files":-1,"bytes":1,"source":"s","collector":"c","note":""})").status,
            422);
  EXPECT_EQ(ask(ann, "POST", to, R"({"files":1,"bytes":1,"collector":"c","note":""})").status, 422);
  EXPECT_EQ(
      ask(ann, "POST", to,
          R"({"files":1,"bytes":1,"source":")" + std::string(501, 's') + R"(","collector":"c","note":""})")
          .status,
      422);
}

TEST_F(Uploads, an_upload_is_known_to_who_began_it_alone) {
  EXPECT_EQ(begin(eve, 1, 1).status, 404);  // not on this case
  const std::string id = begun(1, 3);
  put(id, 0, 0, "ab", fields("x", 3));
  const Reply none = ask(bob, "GET", "/uploads/" + std::string(32, '0'));
  for (const auto& who : {bob, eve}) {
    for (const Reply& r :
         {ask(who, "GET", "/uploads/" + id), ask(who, "POST", "/uploads/" + id + "/finish"),
          ask(who, "PUT", "/uploads/" + id + "/files/0?offset=2", "c", fields("x", 3, sha("abc")))}) {
      EXPECT_EQ(r.status, 404);
      EXPECT_EQ(r.body, none.body);
    }
  }
  // Nor to them once they may no longer add to the case.
  auto gone = person(4, {});
  gone->account.person = ann->account.person;
  EXPECT_EQ(ask(gone, "GET", "/uploads/" + id).status, 404);
}

TEST_F(Uploads, nothing_is_finished_before_a_file_is_whole_or_while_some_are_missing) {
  const std::string id = begun(2, 6);
  put(id, 0, 0, "ab", fields("x", 3));
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + id + "/finish", "{}").status, 422);
  put_whole(id, 1, "y", "abc");
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + id + "/finish", R"({"files":2})").status, 409);
  EXPECT_EQ(put(id, 0, 2, "c", fields("x", 3, sha("abc"))).received(), 3);  // it goes on
}

TEST_F(Uploads, a_finished_upload_is_taken_in_with_events_and_nothing_of_it_stays_behind) {
  // A listener with room for all that is told.
  auto stream = http::EventStream::make(1 << 20);
  stream->attach([] {});
  core->listen(*ann, stream);
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
  EXPECT_FALSE(fs::exists(shelf_of(id)));
  EXPECT_EQ(core->processing(the_case.id), "");

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
  constexpr int n = 400;
  const std::string id = begun(n, 1 << 20);
  for (int i = 0; i < n; ++i)
    put_whole(id, i, "f/" + std::to_string(i) + ".txt", "text number " + std::to_string(i));
  EXPECT_EQ(ask(ann, "POST", "/uploads/" + id + "/finish").status, 202);
  std::this_thread::sleep_for(300ms);
  stop();  // returns only when the ingest has ended
  EXPECT_TRUE(fs::exists(shelf_of(id) + "/about"));
  start();
  wait_for(id);
  EXPECT_FALSE(fs::exists(shelf_of(id)));
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

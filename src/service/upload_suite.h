#pragma once
// An office in a temporary folder, three people, and the routes of uploads asked as the server asks them.

#include "core.h"
#include "upload.h"

#include <base/bytes.h>
#include <base/handle.h>
#include <evidence/view.h>
#include <http/server.h>

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

namespace suite {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using service::Core, service::Who;

inline constexpr std::size_t kMiB = 1 << 20;

inline std::string sha(std::string_view bytes) { return base::hex(base::view(base::sha256(bytes))); }
inline std::string noise(std::size_t n, unsigned seed) {
  std::string out(n, '\0');
  std::uint64_t x = seed * 2654435761u + 1;
  for (char& c : out) x = x * 6364136223846793005u + 1442695040888963407u, c = static_cast<char>(x >> 56);
  return out;
}

inline boost::json::value J(std::string_view text) { return boost::json::string(text); }
inline boost::json::value J(int n) { return n; }
inline boost::json::value J(std::size_t n) { return static_cast<std::int64_t>(n); }

struct Reply {
  int status = 0;
  std::string body;
  boost::json::value json() const { return boost::json::parse(body); }
  std::int64_t received() const { return json().at("received").to_number<std::int64_t>(); }
  std::string code() const { return std::string(json().at("code").as_string()); }
  std::string detail() const { return std::string(json().at("detail").as_string()); }
};
inline Reply reply_of(base::Result<http::Response> r) {
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
    service::bring_intake(*core);
    core->jobs.start();
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
    who->session =
        rights::begin_session({n, rights::SignIn::passkey, a.epoch}, book->now(), service::Book::random())
            .session;
    EXPECT_TRUE(
        book->write(a.code,
                    [&](const service::Book::Write& w) { return w.add(who->session, "signed_in", a.code); })
            .ok());
    for (const std::string& id : cases)
      who->purposes.push_back({"", "", id, "investigation", "", std::int64_t{1} << 60});
    return who;
  }

  // What a route answers. `piece`: of a body that goes to a Sink.
  Reply ask(const std::shared_ptr<Who>& who, const std::string& method, const std::string& target,
            const std::string& body = "", const std::string& fields = "", std::size_t piece = 100'000) {
    http::Request request(method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n");
    EXPECT_FALSE(request.refusal()) << request.refusal()->detail;
    request.context = who;
    auto found = (asked ? asked : router.get())->find(request);
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
  std::string shelf_of(const std::string& upload) const {
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
  // The files go after it is told that they are in the case.
  bool leaves_nothing(const std::string& upload) const {
    for (int i = 0; i < 600 && fs::exists(shelf_of(upload)); ++i) std::this_thread::sleep_for(50ms);
    return !fs::exists(shelf_of(upload));
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
  http::Router* asked = nullptr;  // another than that
  evidence::CaseName the_case, other_case;
  std::shared_ptr<Who> ann, bob, eve;
};

}  // namespace suite

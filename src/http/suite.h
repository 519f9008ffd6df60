#pragma once
// The tests over sockets run plain and over TLS: HTTP_TEST(name) { ... } is one body, two tests. `open()`
// gives a client, `serve()` starts the server with the routes below.

#include "client.h"

#include <base/crypto.h>
#include <http/files.h>
#include <http/security.h>
#include <http/server.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <latch>

namespace suite {

struct WebFolder {
  std::string path =
      std::filesystem::temp_directory_path().string() + "/custos-test-" + base::hex(base::random_bytes(8));
  WebFolder() { std::filesystem::create_directories(path); }
  ~WebFolder() { std::filesystem::remove_all(path); }
  WebFolder(const WebFolder&) = delete;
  WebFolder& operator=(const WebFolder&) = delete;
};

// Bytes that tell their place, so that a wrong range shows.
inline std::string pattern(std::size_t n) {
  std::string out;
  for (std::uint32_t i = 0; out.size() < n; ++i) base::append_le(out, i * 2654435761u);
  out.resize(n);
  return out;
}

// What a test sees of a sink.
struct Kept {
  std::mutex mutex;
  std::string bytes;
  int finished = 0, dropped = 0;
  std::condition_variable changed;
  void wait_for_drops(int n) {
    std::unique_lock lock(mutex);
    changed.wait(lock, [&] { return dropped >= n; });
  }
};
struct KeepingSink final : http::Sink {
  explicit KeepingSink(Kept& k) : kept(k) {}
  ~KeepingSink() override {
    const std::lock_guard lock(kept.mutex);
    ++kept.dropped;
    kept.changed.notify_all();
  }
  base::Status add(std::string_view b) override {
    if (b.find("REFUSE") != b.npos) return base::Error{base::Refusal::damaged, "not the promised bytes"};
    hasher.add(b), n += b.size();
    return base::Done{};
  }
  base::Result<http::Response> finish() override {
    const std::lock_guard lock(kept.mutex);
    ++kept.finished;
    return http::Response::json("{\"bytes\":" + std::to_string(n) + ",\"sha256\":\"" +
                                base::hex(hasher.finish()) + "\"}");
  }
  Kept& kept;
  base::Hasher hasher;
  std::size_t n = 0;
};

class Http : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    static const WebFolder folder;
    if (!GetParam()) return;
    const auto files = http::own_certificate(folder.path, {"localhost", "127.0.0.1"});
    options.certificate_file = files.certificate_file, options.key_file = files.key_file;
    options.listen[0].transport = http::Transport::tls;
  }
  void serve() {
    options.log = [this](std::string_view line) {
      const std::lock_guard lock(log_mutex);
      log.emplace_back(line);
    };
    server = std::make_unique<http::Server>(options, std::move(router));
  }
  http::Client open(const char* from = "127.0.0.1") { return {server->port(), GetParam(), from}; }
  bool tls() const { return GetParam(); }

  // Adds routes that most tests use: /json, /echo (POST), /upload (PUT), /bytes (a Source of `bytes`), /boom.
  void add_common() {
    using http::Method, http::Response, http::Request;
    router.add({{.method = Method::get,
                 .path = "/json",
                 .act = "test.read",
                 .runs = http::Runs::in_loop,
                 .handler = [](Request&) { return Response::json(R"({"ok":true})"); }},
                {.method = Method::get,
                 .path = "/things/{id}/parts/{part}",
                 .act = "test.read",
                 .handler = [](Request& q) { return Response::text(q.place("id") + "|" + q.place("part")); }},
                {.method = Method::post,
                 .path = "/echo",
                 .act = "test.write",
                 .handler = [](Request& q) { return Response::json(q.body, 201); }},
                {.method = Method::put,
                 .path = "/upload",
                 .act = "test.upload",
                 .takes = "application/octet-stream",
                 .body_bytes_max = 64 << 20,
                 .handler = [this](Request&) -> base::Result<std::unique_ptr<http::Sink>> {
                   return std::unique_ptr<http::Sink>(std::make_unique<KeepingSink>(kept));
                 }},
                {.method = Method::get,
                 .path = "/bytes",
                 .act = "test.download",
                 .handler =
                     [this](Request&) {
                       return Response::content(http::source_of(bytes),
                                                {.etag = "\"e1\"", .attachment_name = "é.bin"});
                     }},
                {.method = Method::get,
                 .path = "/boom",
                 .act = "test.boom",
                 .handler = [](Request&) -> base::Result<Response> { base::fault("secret inside"); }}});
  }

  Kept kept;
  std::string bytes = pattern(1000);
  http::Options options;
  http::Router router;
  std::mutex log_mutex;
  std::vector<std::string> log;
  std::unique_ptr<http::Server> server;  // ends first
};

}  // namespace suite

#define HTTP_TEST(name)                                                              \
  using name = suite::Http;                                                          \
  INSTANTIATE_TEST_SUITE_P(On, name, testing::Values(false, true),                   \
                           [](const auto& i) { return i.param ? "tls" : "plain"; }); \
  TEST_P(name, holds)

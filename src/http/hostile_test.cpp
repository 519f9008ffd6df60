#include "suite.h"

#include <sys/wait.h>

using namespace std::chrono_literals;
using http::Client, http::Method, http::Reply, http::Request, http::Response;

namespace {

constexpr std::string_view kHost = " HTTP/1.1\r\nHost: localhost\r\n";
std::string get(std::string_view target, std::string_view fields = {}) {
  return "GET " + std::string(target) + std::string(kHost) + std::string(fields) + "\r\n";
}
std::string post(std::string_view fields, std::string_view body = {}) {
  return "POST /echo" + std::string(kHost) + "Content-Type: application/json\r\n" + std::string(fields) +
         "\r\n" + std::string(body);
}

}  // namespace

// Behind each malformed request stands one that would be served if the first were misread.
HTTP_TEST(a_malformed_request_is_refused_and_what_follows_is_not_read) {
  add_common();
  serve();
  const std::string next = get("/json");
  const std::pair<std::string, int> cases[] = {
      {post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400},
      {post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n"), 400},
      {post("Content-Length: 0\r\nContent-Length: 44\r\n"), 400},
      {post("Content-Length: 0\r\nContent-Length: 0\r\n"), 400},
      {post("Content-Length: 0, 44\r\n"), 400},
      {post("Content-Length: -1\r\n"), 400},
      {post("Content-Length : 2\r\n", "{}"), 400},
      {post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), 400},
      {post("Transfer-Encoding: gzip, chunked\r\n", "0\r\n\r\n"), 501},
      {post("Transfer-Encoding: \x0b"
            "chunked\r\n",
            "0\r\n\r\n"),
       400},
      {post("Transfer-Encoding: chunked\r\n", "2;x\r\n{}\r\n0\r\n\r\n"), 400},
      {post("Transfer-Encoding: chunked\r\n", "0\r\nX: y\r\n\r\n"), 400},
      {post("X: a\r\n Content-Length: 2\r\n", "{}"), 400},
      {post("X: a\nContent-Length: 2\r\n", "{}"), 400},
      {"GET /json HTTP/1.1\nHost: localhost\n\n", 400},
      {"GET http://localhost/json HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
      {"GET /json HTTP/1.1\r\n\r\n", 400},
      {"GET /json HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400},
      {"GET /json HTTP/3.0\r\nHost: localhost\r\n\r\n", 505},
      {"CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 501},
      {"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", 501},
      {get("/json", "X: " + std::string(1, '\0') + "\r\n"), 400},
      {get("/json", "X: " + std::string(20'000, 'x') + "\r\n"), 431},
      {get("/" + std::string(20'000, 'x')), 431},
      {get("/json", "Expect: the-unexpected\r\n"), 417},
      {post("Content-Encoding: gzip\r\nContent-Length: 2\r\n", "{}"), 415},
      {post("Content-Length: 9999999\r\n"), 413},
      {get("/json", "Content-Length: 2\r\n") + "{}", 413},
      {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
  };
  for (const auto& [sent, status] : cases) {
    Client c = open();
    c.send(sent + next);
    const Reply r = c.reply();
    EXPECT_EQ(r.status, status) << sent;
    EXPECT_EQ(r.field("content-type"), "application/problem+json");
    EXPECT_EQ(r.field("connection"), "close");
    EXPECT_EQ(c.receive_all(), "") << sent;
  }
  EXPECT_EQ(open().get("/json").status, 200);
}

HTTP_TEST(paths_do_not_leave_the_folder_that_is_served) {
  const suite::WebFolder folder;
  std::filesystem::create_directories(folder.path + "/web/assets");
  base::replace_file(folder.path + "/secret", "secret");
  base::replace_file(folder.path + "/web/index.html", "<html>");
  base::replace_file(folder.path + "/web/a.txt", "open");
  std::filesystem::create_symlink("../secret", folder.path + "/web/link.txt");
  std::filesystem::create_directory_symlink("..", folder.path + "/web/up");
  auto files = http::Files::load(folder.path + "/web");
  ASSERT_TRUE(files.ok());
  EXPECT_EQ(files->count(), 2u);
  router.fallback(
      [f = std::make_shared<http::Files>(std::move(*files))](const Request& q) { return f->find(q); });
  serve();
  EXPECT_EQ(open().get("/").body, "<html>");
  EXPECT_EQ(open().get("/a.txt").body, "open");
  for (const char* target : {"/../secret",
                             "/%2e%2e/secret",
                             "/%2e%2e%2fsecret",
                             "/..%2fsecret",
                             "/..%5csecret",
                             "/..\\secret",
                             "/%252e%252e/secret",
                             "/%252e%252e%252fsecret",
                             "/a.txt/../../secret",
                             "/assets/../../secret",
                             "/./../secret",
                             "//secret",
                             "/a.txt%00.html",
                             "/up/secret",
                             "/link.txt",
                             "/web/a.txt",
                             "/A.TXT",
                             "/a.txt/",
                             "/etc/passwd",
                             "//etc/passwd",
                             "/%c0%ae%c0%ae/secret",
                             "/..;/secret",
                             "/.%00./secret",
                             "/file:%2f%2f%2fetc%2fpasswd"}) {
    const Reply r = open().get(target);
    EXPECT_TRUE(r.status == 400 || r.status == 404) << target << " " << r.status;
    EXPECT_EQ(r.body.find("secret\""), std::string::npos);
  }
}

HTTP_TEST(a_request_that_ends_anywhere_is_not_answered_as_another) {
  std::atomic<int> handled = 0;
  router.add({.method = Method::post, .path = "/n", .act = "test.write", .handler = [&](Request&) {
                ++handled;
                return Response::empty();
              }});
  serve();
  const std::string whole =
      "POST /n HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
      "10\r\n\r\n[1,2,3,45]";
  const std::size_t step = tls() ? 5 : 1;
  for (std::size_t n = 0; n < whole.size(); n += step) {
    Client c = open();
    c.send(std::string_view(whole).substr(0, n));
    c.end_sending();
    const std::string answer = c.receive_all();
    EXPECT_TRUE(answer.empty() || answer.starts_with("HTTP/1.1 400 ")) << answer;
  }
  EXPECT_EQ(handled, 0);
  Client c = open();
  c.send(whole + "GET /nothing");  // longer than said: the rest is the next request
  EXPECT_EQ(c.reply().status, 204);
  c.send(" HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(c.reply().status, 404);
  EXPECT_EQ(handled, 1);
}

HTTP_TEST(who_dribbles_a_head_is_cut_and_others_are_served) {
  add_common();
  options.header = 100ms;
  serve();
  std::vector<Client> slow;
  for (int i = 0; i < 20; ++i) slow.push_back(open());
  for (Client& c : slow) c.send("GET /json HTTP/1.1\r\nX-a: ");
  Client quick = open();
  std::size_t alive = slow.size(), served = 0;
  while (alive) {
    alive = 0;
    for (Client& c : slow) alive += c.send("a");
    served += open().get("/json").status == 200;
  }
  EXPECT_GT(served, 0u);
  EXPECT_GE(server->figures().cut, 20u);
  for (Client& c : slow) c = Client(0, false);
  EXPECT_EQ(open().get("/json").status, 200);
}

HTTP_TEST(who_says_nothing_or_half_a_body_is_cut) {
  add_common();
  options.header = options.body = options.idle = 100ms;
  serve();
  Client silent = open(), half = open(), half_upload = open(), kept_open = open();
  EXPECT_EQ(kept_open.get("/json").status, 200);
  half.send(post("Content-Length: 10\r\n", "{"));
  half_upload.send("PUT /upload" + std::string(kHost) +
                   "Content-Type: application/octet-stream\r\nContent-Length: 9\r\n\r\nx");
  EXPECT_EQ(half.reply().status, 408);
  EXPECT_EQ(half_upload.reply().status, 408);
  for (Client* c : {&silent, &half, &half_upload, &kept_open}) EXPECT_EQ(c->receive_all(), "");
  kept.wait_for_drops(1);
  EXPECT_EQ(kept.finished, 0);
}

HTTP_TEST(who_never_reads_is_cut_without_memory_growing) {
  bytes.assign(64 << 20, 'x');
  struct Lent final : http::Source {
    explicit Lent(const std::string& b) : bytes(b) {}
    std::uint64_t size() const override { return bytes.size(); }
    base::Result<std::string> read_at(std::uint64_t at, std::size_t n) override {
      return bytes.substr(at, n);
    }
    const std::string& bytes;
  };
  add_common();
  router.add({.method = Method::get, .path = "/lent", .act = "test.read", .handler = [&](Request&) {
                return Response::content(std::make_unique<Lent>(bytes));
              }});
  options.write = 200ms, options.rate_bytes_min = 16 << 20;
  serve();
  EXPECT_EQ(open().get("/json").status, 200);
  const std::size_t before = http::resident_bytes();
  std::vector<Client> stuck;
  for (int i = 0; i < 30; ++i) stuck.push_back(open());
  for (Client& c : stuck) c.send(get("/lent"));
  std::size_t most = before;
  while (server->figures().cut < stuck.size()) {
    EXPECT_EQ(open().get("/json").status, 200);
    most = std::max(most, http::resident_bytes());
  }
  const std::size_t grown = (most - before) >> 20;
  RecordProperty("mebibytes_grown", std::to_string(grown));
  EXPECT_LT(grown, 30u * 64 / 4) << "of 30 answers of 64 MiB; sanitizers keep what was freed for a while";
  for (Client& c : stuck) EXPECT_LT(c.receive_all().size(), bytes.size());
}

HTTP_TEST(a_listener_who_does_not_read_is_cut_and_the_others_hear_all) {
  std::mutex mutex;
  std::vector<std::shared_ptr<http::EventStream>> streams;
  router.add({.method = Method::get, .path = "/events", .act = "test.listen", .handler = [&](Request&) {
                const std::lock_guard lock(mutex);
                return Response::events(streams.emplace_back(http::EventStream::make(1 << 20)));
              }});
  serve();
  Client good = open(), bad = open();
  for (Client* c : {&good, &bad}) {
    c->send(get("/events"));
    EXPECT_NE(c->receive_until("\r\n\r\n"), "");
  }
  const std::string event(10'000, 'x');
  int heard = 0;
  bool bad_listens = true;
  for (; bad_listens; ++heard) {
    bad_listens = streams[1]->send("e", event);
    ASSERT_TRUE(streams[0]->send("e", event, std::to_string(heard)));
    EXPECT_NE(good.receive_until("id: " + std::to_string(heard) + "\nevent: e\ndata: " + event + "\n\n"), "");
  }
  EXPECT_GT(heard, 100);
  while (server->figures().connections > 1) std::this_thread::sleep_for(1ms);
  EXPECT_TRUE(streams[0]->send("e", "still"));
  EXPECT_NE(good.receive_until("data: still\n\n"), "");
}

HTTP_TEST(ten_thousand_requests_of_one_address_are_answered_and_another_is_not_kept_waiting_for_them) {
  add_common();
  serve();
  std::atomic<int> answered = 0;
  std::atomic<bool> other_answered = false;
  std::vector<std::thread> flood;
  for (int t = 0; t < 4; ++t)
    flood.emplace_back([&] {
      std::vector<Client> clients;
      for (int i = 0; i < 5; ++i) clients.push_back(open());
      const std::string fifty = [] {
        std::string all;
        for (int i = 0; i < 50; ++i) all += get("/things/a/parts/b");
        return all;
      }();
      for (int round = 0; round < 10 || !other_answered; ++round) {
        for (Client& c : clients) c.send(fifty);
        for (Client& c : clients)
          for (int i = 0; i < 50; ++i) answered += c.reply().status == 200;
      }
    });
  // The flood does not end before the other has its answer.
  Client other = open("127.0.0.9");
  EXPECT_EQ(other.get("/things/a/parts/b").status, 200);
  other_answered = true;
  for (std::thread& t : flood) t.join();
  EXPECT_GE(answered, 10'000);
  EXPECT_EQ(server->figures().requests, static_cast<std::uint64_t>(answered) + 1) << "none was refused";
}

HTTP_TEST(a_storm_of_connections_is_held_to_its_share) {
  add_common();
  options.connections_an_address_max = 50, options.connections_max = 80;
  serve();
  {
    std::vector<Client> storm;
    std::size_t served = 0;
    for (int i = 0; i < 400; ++i) storm.push_back(open());
    for (Client& c : storm) served += c.alive() && c.get("/json").status == 200;
    EXPECT_EQ(served, 50u);
    EXPECT_EQ(open("127.0.0.2").get("/json").status, 200) << "another address has its own share";
    std::vector<Client> second;
    for (int i = 0; i < 50; ++i) second.push_back(open("127.0.0.3"));
    std::size_t more = 0;
    for (Client& c : second) more += c.alive() && c.get("/json").status == 200;
    EXPECT_LE(served + more, 80u);
    EXPECT_GE(more, 29u);
  }
  while (open().get("/json").status != 200) std::this_thread::sleep_for(1ms);
  for (int i = 0; i < 1000; ++i) Client(server->port(), false);  // come and go without a word
  while (open().get("/json").status != 200) std::this_thread::sleep_for(1ms);
}

HTTP_TEST(bodies_in_memory_are_bounded_together) {
  add_common();
  options.held_bytes_max = 3 << 20;
  serve();
  const std::string most(900'000, ' ');
  std::vector<Client> clients;
  int invited = 0, busy = 0;
  for (int i = 0; i < 6; ++i) {
    Client& c = clients.emplace_back(open());
    c.send(post("Content-Length: 1000000\r\n", most));
  }
  for (Client& c : clients) {
    c.send(std::string(100'000, ' '));
    const int status = c.reply().status;
    invited += status == 201;
    busy += status == 503;
  }
  EXPECT_EQ(invited + busy, 6);
  EXPECT_GE(invited, 1);
  EXPECT_EQ(open().ask("POST", "/echo", "Content-Type: application/json\r\n", "{}").status, 201)
      << "all is given back";
}

HTTP_TEST(noise_is_refused_and_harms_nobody) {
  add_common();
  serve();
  for (int i = 0; i < 200; ++i) {
    Client c(server->port(), tls() && i % 2);  // to the TLS port also without TLS
    c.send(base::random_bytes(64) + (i % 3 ? "" : get("/json")));
    c.end_sending();
    const std::string answer = c.receive_all();
    EXPECT_TRUE(answer.empty() || !answer.starts_with("HTTP/1.1 200")) << answer;
  }
  EXPECT_EQ(open().get("/json").status, 200);
}

// The clients are another process, so that the memory is the server's alone.
HTTP_TEST(five_hundred_idle_connections_need_little_memory) {
  add_common();
  options.connections_an_address_max = 1000;
  options.idle = options.header = 600s;
  int orders[2], words[2];
  ASSERT_EQ(::pipe(orders) | ::pipe(words), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    std::uint16_t port = 0;
    if (!base::read_exactly(orders[0], &port, sizeof port)) ::_exit(1);
    std::vector<std::unique_ptr<Client>> clients;
    int served = 0;
    for (int i = 0; i < 500; ++i) {
      clients.push_back(std::make_unique<Client>(port, tls()));
      served += clients.back()->get("/json").status == 200;
    }
    base::write_all(words[1], {reinterpret_cast<const char*>(&served), sizeof served});
    base::read_exactly(orders[0], &port, 1);
    ::_exit(0);
  }
  serve();
  EXPECT_EQ(open().get("/json").status, 200);
  const std::size_t before = http::resident_bytes();
  const std::uint16_t port = server->port();
  base::write_all(orders[1], {reinterpret_cast<const char*>(&port), sizeof port});
  int served = 0;
  EXPECT_TRUE(base::read_exactly(words[0], &served, sizeof served));
  EXPECT_EQ(served, 500);
  const std::size_t after = std::max(before, http::resident_bytes());
  std::printf("500 idle connections (%s): %.1f MiB, %.1f KiB each\n", tls() ? "TLS" : "plain",
              static_cast<double>(after - before) / (1 << 20),
              static_cast<double>(after - before) / 500 / 1024);
  EXPECT_LT(after - before, 300u << 20);
  base::write_all(orders[1], "x");
  ::waitpid(child, nullptr, 0);
  for (const int fd : {orders[0], orders[1], words[0], words[1]}) ::close(fd);
}

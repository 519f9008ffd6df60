#include "suite.h"

#include <future>
#include <sys/wait.h>

using namespace std::chrono_literals;
using http::Client, http::Method, http::Reply, http::Request, http::Response;

HTTP_TEST(a_route_answers_and_the_connection_goes_on) {
  add_common();
  serve();
  Client c = open();
  for (int i = 0; i < 3; ++i) {
    const Reply r = c.get("/json");
    EXPECT_EQ(r.status, 200);
    EXPECT_EQ(r.body, R"({"ok":true})");
    EXPECT_EQ(r.field("content-type"), "application/json");
    EXPECT_EQ(r.field("connection"), "");
  }
  EXPECT_EQ(c.get("/things/a%20b/parts/%C3%A9").body, "a b|\xC3\xA9");
  EXPECT_EQ(c.ask("POST", "/echo", "Content-Type: application/json\r\n", "{\"a\":1}").body, "{\"a\":1}");
  EXPECT_EQ(server->figures().requests, 5u);
}

HTTP_TEST(every_answer_carries_the_headers_that_tie_the_browser_down) {
  add_common();
  serve();
  Client c = open();
  for (const char* target : {"/json", "/nothing", "/boom", "/bytes"}) {
    const Reply r = c.get(target);
    for (const auto& [name, value] : http::security_headers()) {
      if (std::string_view(target) == "/bytes" && name == "Content-Security-Policy") {
        EXPECT_EQ(r.field(name), "default-src 'none'; sandbox");
      } else {
        EXPECT_EQ(r.field(name), tls() || name != "Strict-Transport-Security" ? value : "") << name;
      }
    }
    EXPECT_EQ(r.field("cache-control"), "no-store");
    EXPECT_EQ(r.field("server"), "");
    EXPECT_NE(r.field("date"), "");
  }
  EXPECT_EQ(
      c.get("/json").field("content-security-policy"),
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
      "connect-src "
      "'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; object-src 'none'; frame-src "
      "'none'; "
      "frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'; "
      "trusted-types default");
}

HTTP_TEST(head_is_get_without_a_body) {
  add_common();
  serve();
  Client c = open();
  const Reply r = c.ask("HEAD", "/json");
  EXPECT_EQ(r.status, 200);
  EXPECT_EQ(r.field("content-length"), "11");
  EXPECT_EQ(c.ask("HEAD", "/bytes").field("content-length"), "1000");
  EXPECT_EQ(c.ask("HEAD", "/nothing").status, 404);
  EXPECT_EQ(c.get("/json").body, R"({"ok":true})") << "nothing of a body was in the way";
}

HTTP_TEST(pipelined_requests_are_answered_in_their_order) {
  router.add({.method = Method::get, .path = "/n/{n}", .act = "test.read", .handler = [](Request& q) {
                if (std::stoi(q.place("n")) % 2) std::this_thread::yield();
                return Response::text(q.place("n"));
              }});
  serve();
  Client c = open();
  std::string all;
  for (int i = 0; i < 300; ++i) all += "GET /n/" + std::to_string(i) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
  c.send(all);
  for (int i = 0; i < 300; ++i) EXPECT_EQ(c.reply().body, std::to_string(i));
}

HTTP_TEST(http_1_0_ends_with_its_answer_unless_it_asks_to_go_on) {
  add_common();
  serve();
  Client c = open();
  c.send("GET /json HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(c.reply().field("connection"), "keep-alive");
  c.send("GET /json HTTP/1.0\r\nHost: localhost\r\n\r\n");
  EXPECT_EQ(c.reply().field("connection"), "close");
  EXPECT_EQ(c.receive_all(), "");
  Client d = open();
  EXPECT_EQ(d.get("/json", "Connection: close\r\n").status, 200);
  EXPECT_EQ(d.receive_all(), "");
}

HTTP_TEST(bodies_come_by_length_and_by_chunks_and_after_an_invitation) {
  add_common();
  serve();
  Client c = open();
  c.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json; charset=utf-8\r\n"
      "Transfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n2\r\n2]\r\n0\r\n\r\n");
  EXPECT_EQ(c.reply().body, "[1,2]");
  c.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(c.reply().status, 100);
  c.send("[1,2]");
  EXPECT_EQ(c.reply().body, "[1,2]");
  c.send(
      "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n"
      "Expect: 100-continue\r\n\r\n");
  EXPECT_EQ(c.reply().status, 415) << "not invited, and not waited for";
  EXPECT_EQ(c.receive_all(), "");
}

HTTP_TEST(a_range_is_the_same_bytes_as_those_of_the_whole) {
  bytes = suite::pattern(300'000);
  add_common();
  serve();
  Client c = open();
  const Reply whole = c.get("/bytes");
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.body, bytes);
  EXPECT_EQ(whole.field("accept-ranges"), "bytes");
  EXPECT_EQ(whole.field("content-disposition"), "attachment; filename*=UTF-8''%c3%a9.bin");
  const std::size_t edges[] = {0, 1, 2, 262'143, 262'144, 262'145, 299'998, 299'999};
  for (const std::size_t a : edges) {
    for (const std::size_t b : edges) {
      if (b < a) continue;
      const Reply r = c.get("/bytes", "Range: bytes=" + std::to_string(a) + "-" + std::to_string(b) + "\r\n");
      EXPECT_EQ(r.status, 206);
      EXPECT_EQ(r.field("content-range"), "bytes " + std::to_string(a) + "-" + std::to_string(b) + "/300000");
      EXPECT_TRUE(r.body == bytes.substr(a, b - a + 1)) << a << "-" << b;
    }
    EXPECT_TRUE(c.get("/bytes", "Range: bytes=" + std::to_string(a) + "-\r\n").body == bytes.substr(a));
    const Reply last = c.get("/bytes", "Range: bytes=-" + std::to_string(a + 1) + "\r\n");
    EXPECT_TRUE(last.body == bytes.substr(299'999 - a));
  }
  const Reply none = c.get("/bytes", "Range: bytes=300000-\r\n");
  EXPECT_EQ(none.status, 416);
  EXPECT_EQ(none.field("content-range"), "bytes */300000");
  EXPECT_EQ(none.field("content-type"), "application/problem+json");
  EXPECT_EQ(c.get("/bytes", "Range: bytes=1-2\r\nIf-Range: \"e1\"\r\n").status, 206);
  EXPECT_EQ(c.get("/bytes", "Range: bytes=1-2\r\nIf-Range: \"e2\"\r\n").status, 200);
  EXPECT_EQ(c.get("/bytes", "If-None-Match: \"e1\"\r\n").status, 304);
  EXPECT_EQ(c.get("/json").status, 200) << "and the connection still stands";
}

HTTP_TEST(a_source_that_fails_is_told_before_the_first_byte_and_cut_after_it) {
  struct Failing final : http::Source {
    explicit Failing(std::uint64_t f) : from(f) {}
    std::uint64_t size() const override { return 1'000'000; }
    base::Result<std::string> read_at(std::uint64_t offset, std::size_t n) override {
      if (offset >= from) return base::Error{base::Refusal::damaged, "The item does not match its hash."};
      return std::string(n, 'x');
    }
    std::uint64_t from;
  };
  for (const char* path : {"/0", "/300000"})
    router.add({.method = Method::get, .path = path, .act = "test.read", .handler = [path](Request&) {
                  return Response::content(std::make_unique<Failing>(std::stoull(path + 1)));
                }});
  serve();
  Client c = open();
  const Reply told = c.get("/0");
  EXPECT_EQ(told.status, 500);
  EXPECT_NE(told.body.find("\"damaged\""), std::string::npos);
  EXPECT_FALSE(c.get("/300000").whole);
}

HTTP_TEST(an_upload_goes_to_its_sink_without_being_held) {
  add_common();
  options.held_bytes_max = 1000;  // a body kept in memory could not be larger
  serve();
  const std::string big = suite::pattern(20 << 20);
  const std::string expected =
      "{\"bytes\":20971520,\"sha256\":\"" + base::hex(base::view(base::sha256(big))) + "\"}";
  Client c = open();
  EXPECT_EQ(c.ask("PUT", "/upload", "Content-Type: application/octet-stream\r\n", big).body, expected);
  c.send(
      "PUT /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\n"
      "Transfer-Encoding: chunked\r\n\r\n");
  for (std::size_t at = 0; at < big.size(); at += 1 << 20)
    c.send("100000\r\n" + big.substr(at, 1 << 20) + "\r\n");
  c.send("0\r\n\r\n");
  EXPECT_EQ(c.reply().body, expected);
  EXPECT_EQ(c.ask("PUT", "/upload", "Content-Type: application/octet-stream\r\n", "").status, 200);
  kept.wait_for_drops(3);
  EXPECT_EQ(kept.finished, 3);
}

HTTP_TEST(an_upload_that_is_cut_or_refused_is_never_finished) {
  add_common();
  serve();
  constexpr std::string_view type = "Content-Type: application/octet-stream\r\n";
  {
    Client cut = open();
    cut.send("PUT /upload HTTP/1.1\r\nHost: localhost\r\n" + std::string(type) +
             "Content-Length: 100\r\n\r\nhalf");
    cut.end_sending();
    EXPECT_EQ(cut.reply().status, tls() ? 0 : 400) << "TLS that ends without a word is broken off";
  }
  kept.wait_for_drops(1);
  {
    Client gone = open();
    gone.send("PUT /upload HTTP/1.1\r\nHost: localhost\r\n" + std::string(type) +
              "Content-Length: 100\r\n\r\nhalf");
  }
  kept.wait_for_drops(2);
  Client refused = open();
  const Reply r =
      refused.ask("PUT", "/upload", type, std::string(500'000, 'x') + "REFUSE" + std::string(500'000, 'x'));
  EXPECT_EQ(r.status, 500);
  kept.wait_for_drops(3);
  Client broken = open();
  broken.send("PUT /upload HTTP/1.1\r\nHost: localhost\r\n" + std::string(type) +
              "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n");
  EXPECT_EQ(broken.reply().status, 400);
  kept.wait_for_drops(4);
  Client large = open();
  EXPECT_EQ(large.ask("PUT", "/upload", std::string(type) + "Content-Length: 99999999999\r\n").status, 413);
  EXPECT_EQ(kept.finished, 0);
}

HTTP_TEST(refusals_become_problems_and_faults_say_nothing_of_the_inside) {
  add_common();
  router.add({.method = Method::get,
              .path = "/refuse/{why}",
              .act = "test.read",
              .handler = [](Request& q) -> base::Result<Response> {
                return base::Error{static_cast<base::Refusal>(std::stoi(q.place("why"))), "No such case."};
              }});
  router.add({.method = Method::get, .path = "/inject", .act = "test.read", .handler = [](Request& q) {
                return Response().with("X-Name", q.query("name").value_or(""));
              }});
  serve();
  Client c = open();
  const std::pair<int, const char*> expected[] = {{422, "invalid"},  {404, "not_found"}, {403, "denied"},
                                                  {409, "conflict"}, {500, "damaged"},   {415, "unsupported"},
                                                  {429, "exhausted"}};
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    const Reply r = c.get("/refuse/" + std::to_string(i));
    EXPECT_EQ(r.status, expected[i].first);
    EXPECT_NE(r.body.find("\"code\":\"" + std::string(expected[i].second) + "\""), std::string::npos);
    EXPECT_NE(r.body.find("\"detail\":\"No such case.\""), std::string::npos);
  }
  const Reply boom = c.get("/boom");
  EXPECT_EQ(boom.status, 500);
  EXPECT_EQ(boom.body.find("secret"), std::string::npos);
  EXPECT_EQ(c.get("/inject?name=ok").field("x-name"), "ok");
  const Reply injected = c.get("/inject?name=a%0d%0aSet-Cookie:%20x=y");
  EXPECT_EQ(injected.status, 500);
  EXPECT_EQ(injected.field("set-cookie"), "");
  const std::lock_guard lock(log_mutex);
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[0], "GET /boom: secret inside");
}

HTTP_TEST(what_is_not_there_and_what_is_not_taken_look_alike) {
  add_common();
  serve();
  Client c = open();
  const Reply nothing = c.get("/nothing"), method = c.ask("DELETE", "/json");
  EXPECT_EQ(nothing.status, 404);
  EXPECT_EQ(method.status, 405);
  EXPECT_EQ(method.field("allow"), "GET, HEAD");
  for (const Reply& r : {nothing, method}) {
    EXPECT_EQ(r.field("content-type"), "application/problem+json");
    EXPECT_TRUE(r.body.starts_with(R"({"type":"about:blank","status":40)")) << r.body;
  }
}

HTTP_TEST(the_guard_is_asked_before_every_handler) {
  add_common();
  router.guard([](Request& q, const http::Route& route) -> std::optional<Response> {
    if (q.cookie("sid") == "me") {
      q.context = std::string("me");
      return {};
    }
    return Response::problem({.status = 401,
                              .code = "signed_out",
                              .title = {},
                              .detail = "Sign in for " + std::string(route.act.name()) + "."});
  });
  serve();
  Client c = open();
  EXPECT_EQ(c.get("/json").status, 401);
  EXPECT_EQ(c.get("/json", "Cookie: sid=me\r\n").status, 200);
  EXPECT_EQ(c.ask("PUT", "/upload", "Content-Type: application/octet-stream\r\n", "abc").status, 401);
  EXPECT_EQ(kept.dropped, 0) << "no sink was made";
}

HTTP_TEST(a_host_that_is_not_ours_is_misdirected) {
  add_common();
  options.hosts = {"custos.example"};
  serve();
  const auto asked = [&](std::string_view host) {
    Client c = open();
    c.send("GET /json HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n");
    return c.reply().status;
  };
  EXPECT_EQ(asked("custos.example"), 200);
  EXPECT_EQ(asked("Custos.Example:8443"), 200);
  EXPECT_EQ(asked("localhost"), 421);
  EXPECT_EQ(asked("evil.example"), 421);
  EXPECT_EQ(asked("custos.example.evil.example"), 421);
}

HTTP_TEST(only_a_trusted_proxy_tells_who_the_client_is) {
  router.add({.method = Method::get, .path = "/who", .act = "test.read", .handler = [](Request& q) {
                return Response::text(q.peer + " " + q.origin());
              }});
  options.proxies = {"127.0.0.2"};
  serve();
  const std::string_view told = "X-Forwarded-For: 203.0.113.9, 192.0.2.1\r\nX-Forwarded-Proto: https\r\n";
  EXPECT_EQ(open("127.0.0.2").get("/who", told).body, "192.0.2.1 https://localhost");
  EXPECT_EQ(open("127.0.0.2").get("/who", told).field("strict-transport-security"), "max-age=63072000");
  EXPECT_EQ(open("127.0.0.3").get("/who", told).body,
            tls() ? "127.0.0.3 https://localhost" : "127.0.0.3 http://localhost");
  EXPECT_EQ(open("127.0.0.2").get("/who", "X-Forwarded-For: <script>\r\n").body.substr(0, 10), "127.0.0.2 ");
}

HTTP_TEST(events_reach_whoever_listens_until_the_stream_ends) {
  const auto stream = http::EventStream::make();
  router.add({.method = Method::get, .path = "/events", .act = "test.listen", .handler = [&](Request&) {
                return Response::events(stream);
              }});
  options.heartbeat = 20ms;
  serve();
  stream->send("early", "waits for its listener");
  Client c = open();
  c.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  const std::string head = c.receive_until("\r\n\r\n");
  EXPECT_NE(head.find("text/event-stream"), std::string::npos);
  EXPECT_NE(c.receive_until("event: early\ndata: waits for its listener\n\n"), "");
  EXPECT_NE(c.receive_until(":\n\n"), "") << "heartbeat";
  std::thread other([&] {
    for (int i = 0; i < 100; ++i) EXPECT_TRUE(stream->send("n", std::to_string(i), std::to_string(i)));
  });
  for (int i = 0; i < 100; ++i) {
    const std::string n = std::to_string(i);
    EXPECT_NE(c.receive_until("id: " + n + "\nevent: n\ndata: " + n + "\n\n"), "");
  }
  other.join();
  EXPECT_THROW(stream->send("a\nb", ""), base::Fault);
  stream->send("", "a\r\nb\rc\n");
  EXPECT_NE(c.receive_until("data: a\ndata: b\ndata: c\ndata: \n\n"), "");
  stream->close();
  EXPECT_TRUE(c.receive_all().ends_with("0\r\n\r\n"));
  EXPECT_FALSE(stream->send("", "late"));
}

HTTP_TEST(a_listener_who_leaves_is_noticed) {
  const auto stream = http::EventStream::make();
  router.add({.method = Method::get, .path = "/events", .act = "test.listen", .handler = [&](Request&) {
                return Response::events(stream);
              }});
  serve();
  {
    Client c = open();
    c.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_NE(c.receive_until("\r\n\r\n"), "");
    EXPECT_TRUE(stream->open());
  }
  while (stream->open()) std::this_thread::sleep_for(1ms);
}

HTTP_TEST(a_full_pool_answers_come_again_and_the_loop_goes_on) {
  std::latch running(1), release(1);
  add_common();
  router.add({.method = Method::get, .path = "/slow", .act = "test.read", .handler = [&](Request&) {
                running.count_down();
                release.wait();
                return Response::text("done");
              }});
  options.pool_threads = 1, options.pool_waiting = 0;
  serve();
  Client slow = open(), next = open();
  slow.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  running.wait();
  const Reply r = next.get("/things/a/parts/b");
  EXPECT_EQ(r.status, 503);
  EXPECT_EQ(r.field("retry-after"), "1");
  EXPECT_EQ(next.get("/json").status, 200) << "what needs no pool is served";
  release.count_down();
  EXPECT_EQ(slow.reply().body, "done");
}

HTTP_TEST(stopping_lets_requests_end_and_takes_no_more) {
  std::latch running(1), release(1);
  const auto stream = http::EventStream::make();
  add_common();
  router.add({.method = Method::get, .path = "/slow", .act = "test.read", .handler = [&](Request&) {
                running.count_down();
                release.wait();
                return Response::text("done");
              }});
  router.add({.method = Method::get, .path = "/events", .act = "test.listen", .handler = [&](Request&) {
                return Response::events(stream);
              }});
  serve();
  Client slow = open(), idle = open(), listener = open();
  EXPECT_EQ(idle.get("/json").status, 200);
  listener.send("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_NE(listener.receive_until("\r\n\r\n"), "");
  slow.send("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
  running.wait();
  auto stopped = std::async(std::launch::async, [&] { return server->stop(120s); });
  EXPECT_EQ(idle.receive_all(), "");
  EXPECT_EQ(listener.receive_all(), "0\r\n\r\n");
  idle = Client(0, false), listener = Client(0, false);
  EXPECT_FALSE(open().alive());
  release.count_down();
  const Reply r = slow.reply();
  EXPECT_EQ(r.body, "done");
  EXPECT_EQ(r.field("connection"), "close");
  slow = Client(0, false);
  EXPECT_EQ(stopped.get(), 0u);
}

HTTP_TEST(stopping_cuts_what_does_not_end) {
  bytes.assign(64 << 20, 'x');
  add_common();
  serve();
  Client never_reads = open(), half = open();
  never_reads.send("GET /bytes HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_NE(never_reads.receive_until("\r\n\r\n"), "");
  half.send("GET /json HTT");
  while (server->figures().connections < 2) std::this_thread::sleep_for(1ms);
  EXPECT_GE(server->stop(10ms), 1u);
  EXPECT_EQ(server->figures().connections, 0u);
  EXPECT_EQ(server->stop(0ms), 0u) << "twice is once";
}

TEST(Tls, speaks_1_3_and_1_2_and_nothing_older) {
  const suite::WebFolder folder;
  const auto files = http::own_certificate(folder.path, {"localhost", "127.0.0.1", "[::1]"});
  EXPECT_EQ(http::own_certificate(folder.path, {"localhost"}).fingerprint, files.fingerprint) << "kept";
  EXPECT_NE(http::own_certificate(folder.path, {"custos.example"}).fingerprint, files.fingerprint)
      << "a new name";
  http::Options o;
  o.listen[0].transport = http::Transport::tls;
  o.certificate_file = files.certificate_file, o.key_file = files.key_file;
  http::Server server(o, {});
  const auto says = [&](const std::string& arguments, const std::string& word) {
    const std::string command = "openssl s_client -connect 127.0.0.1:" + std::to_string(server.port()) + " " +
                                arguments + " </dev/null 2>&1 | grep -q '" + word + "'";
    return std::system(command.c_str()) == 0;
  };
  EXPECT_TRUE(says("", "TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384"));
  EXPECT_TRUE(says("-tls1_2", "TLSv1.2, Cipher is ECDHE-ECDSA"));
  EXPECT_FALSE(says("-tls1_1 -cipher DEFAULT@SECLEVEL=0", "Cipher is ECDHE"));
  EXPECT_FALSE(says("-tls1_2 -cipher ECDHE-ECDSA-AES256-SHA", "Cipher is ECDHE"));
  EXPECT_TRUE(says("-alpn h2,http/1.1", "ALPN protocol: http/1.1"));
  EXPECT_TRUE(says("-CAfile " + files.certificate_file + " -verify_hostname custos.example",
                   "Verify return code: 0"));
  base::replace_file(folder.path + "/bad.pem", "no");
  o.key_file = folder.path + "/bad.pem";
  EXPECT_THROW(http::Server(o, {}), base::Fault);
}

TEST(Listen, an_address_that_is_taken_is_a_fault_and_ipv6_works) {
  http::Options o;
  o.listen = {{.address = "::1"}};
  http::Server six(o, {});
  EXPECT_GT(six.port(), 0);
  o.listen[0].port = six.port();
  EXPECT_THROW(http::Server(o, {}), base::Fault);
  o.listen[0].address = "localhost";
  EXPECT_THROW(http::Server(o, {}), base::Fault);
}

#include "range.h"
#include "wire.h"

#include <base/crypto.h>
#include <http/response.h>
#include <http/router.h>
#include <http/security.h>

#include <boost/json.hpp>
#include <gtest/gtest.h>

using namespace http;

namespace {

constexpr std::string_view kGood =
    "POST /a/b%20c?x=1&y=%C3%A9+z HTTP/1.1\r\nHost: localhost:80\r\nContent-Length: 3\r\n\r\n";

// The status a head is refused with; 0 when it is taken, -1 when more is waited for.
int status_of(std::string_view bytes) {
  HeadFinder finder(16 * 1024);
  switch (finder.look(bytes)) {
    case HeadFinder::State::more: return -1;
    case HeadFinder::State::refused: return finder.refusal().status;
    case HeadFinder::State::found: break;
  }
  const Request r{std::string(bytes.substr(0, finder.size()))};
  return r.refusal() ? r.refusal()->status : 0;
}
std::string with_field(std::string_view line) {
  return "POST / HTTP/1.1\r\nHost: localhost\r\n" + std::string(line) + "\r\n\r\n";
}
std::string with_target(std::string_view target) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
}

std::string body_of(std::string_view head_fields, std::string bytes, std::size_t cut, int& refused,
                    std::string* rest) {
  const Request request("POST / HTTP/1.1\r\nHost: a\r\n" + std::string(head_fields) + "\r\n");
  EXPECT_FALSE(request.refusal());
  BodyReader reader(request, 100);
  std::string in, out;
  refused = -1;
  for (std::size_t at = 0; at <= bytes.size(); at += cut) {
    in += bytes.substr(at, cut);
    switch (reader.take(in, out, SIZE_MAX)) {
      case BodyReader::State::refused: refused = reader.refusal().status; return {};
      case BodyReader::State::done:
        refused = 0;
        if (rest) *rest = in + (at + cut < bytes.size() ? bytes.substr(at + cut) : "");
        return out;
      default: break;
    }
  }
  return out;
}

}  // namespace

TEST(Head, tells_what_was_asked) {
  ASSERT_EQ(status_of(kGood), 0);
  const Request r{std::string(kGood)};
  EXPECT_EQ(r.method(), Method::post);
  EXPECT_EQ(r.segments(), (std::vector<std::string>{"a", "b c"}));
  EXPECT_EQ(r.query("x"), "1");
  EXPECT_EQ(r.query("y"), "\xC3\xA9 z");
  EXPECT_FALSE(r.query("z"));
  EXPECT_EQ(r.header("HOST"), "localhost:80");
  EXPECT_EQ(r.length(), 3u);
  EXPECT_TRUE(r.keeps_alive());
}

TEST(Head, every_truncation_waits_for_more_and_never_means_something_else) {
  for (std::size_t n = 0; n < kGood.size(); ++n) EXPECT_EQ(status_of(kGood.substr(0, n)), -1) << n;
}

TEST(Head, is_found_alike_however_it_arrives) {
  HeadFinder finder(16 * 1024);
  for (std::size_t n = 0; n < kGood.size(); ++n)
    EXPECT_EQ(finder.look(kGood.substr(0, n)), HeadFinder::State::more);
  EXPECT_EQ(finder.look(std::string(kGood) + "abc"), HeadFinder::State::found);
  EXPECT_EQ(finder.size(), kGood.size());
}

// Each of these is read in two ways by some pair of programs (RFC 9112 11.2).
TEST(Head, what_could_smuggle_a_request_is_refused) {
  for (const std::string_view fields : {"Content-Length: 3\r\nTransfer-Encoding: chunked",
                                        "Transfer-Encoding: chunked\r\nContent-Length: 3",
                                        "Content-Length: 3\r\nContent-Length: 3",
                                        "Content-Length: 3\r\nContent-Length: 4",
                                        "Content-Length: 3, 3",
                                        "Content-Length: +3",
                                        "Content-Length: -3",
                                        "Content-Length: 0x3",
                                        "Content-Length: 3 3",
                                        "Content-Length:",
                                        "Content-Length: 99999999999999999999",
                                        "Content-Length : 3",
                                        "Content-Length\t: 3",
                                        " Content-Length: 3",
                                        "Content-Length: 3\r\n folded",
                                        "A: b\r\n\tc",
                                        "Content-Length",
                                        ": x",
                                        "A b: c",
                                        "A\xC3\xA9: c",
                                        "Transfer-Encoding: chunked\r\n"
                                        "Transfer-Encoding: chunked",
                                        "A: b\nContent-Length: 3",
                                        "A: b\rC: d",
                                        "A: \x01",
                                        "A: \x7f",
                                        "Host: other",
                                        "Connection: close now"})
    EXPECT_EQ(status_of(with_field(fields)), 400) << fields;
  EXPECT_EQ(status_of(with_field(std::string_view("A: \0", 4))), 400);
  for (const std::string_view coding :
       {"identity", "gzip, chunked", "chunked, chunked", "xchunked", "\"chunked\"", ""})
    EXPECT_EQ(status_of(with_field("Transfer-Encoding: " + std::string(coding))), 501) << coding;
}

TEST(Head, a_request_line_has_one_spelling) {
  for (const std::string_view line :
       {"GET  / HTTP/1.1", "GET /  HTTP/1.1", " GET / HTTP/1.1", "GET / HTTP/1.1 ", "GET /", "GET / HTTP/1",
        "GET / http/1.1", "GET /\tHTTP/1.1", "GET / a HTTP/1.1", "G(T / HTTP/1.1", "GET / HTTP/11",
        "GET / HTTP/1.10", "", "GET"})
    EXPECT_EQ(status_of(std::string(line) + "\r\nHost: a\r\n\r\n"), 400) << line;
  EXPECT_EQ(status_of("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(status_of("BREW / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(status_of("get / HTTP/1.1\r\nHost: a\r\n\r\n"), 501);
  EXPECT_EQ(status_of("GET / HTTP/1.1\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\n"), 400);
  EXPECT_EQ(status_of("\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(status_of("\x16\x03\x01"), 400) << "TLS to the plain port";
  EXPECT_EQ(status_of("GET / HTTP/1.1\r\n\r\n"), 400) << "no Host";
  EXPECT_EQ(status_of("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(Head, a_target_is_a_path_that_stays_below_the_root) {
  for (const std::string_view target : {"http://localhost/",
                                        "*",
                                        "localhost:80",
                                        "a",
                                        "/..",
                                        "/../a",
                                        "/a/..",
                                        "/a/../b",
                                        "/.",
                                        "/%2e%2e/a",
                                        "/%2E%2e",
                                        "/.%2e",
                                        "/a%2fb",
                                        "/a%2Fb",
                                        "/a%5cb",
                                        "/a\\b",
                                        "/a//b",
                                        "//a",
                                        "/a/",
                                        "/%00",
                                        "/a%0d%0aB: c",
                                        "/%",
                                        "/%2",
                                        "/%zz",
                                        "/%ff",
                                        "/%c0%ae",
                                        "/a#b",
                                        "/a<b",
                                        "/a\"b",
                                        "/a{b}",
                                        "/\xC3\xA9",
                                        "/a%7f"})
    EXPECT_EQ(status_of(with_target(target)), 400) << target;
  const Request twice(with_target("/%252e%252e/x"));
  EXPECT_EQ(twice.segments(), (std::vector<std::string>{"%2e%2e", "x"})) << "decoded once";
}

TEST(Head, limits_hold_at_their_edge) {
  const auto sized = [](std::size_t n) {
    std::string s = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    return s + std::string(n - s.size() - 4, 'x') + "\r\n\r\n";
  };
  EXPECT_EQ(status_of(sized(16 * 1024)), 0);
  EXPECT_EQ(status_of(sized(16 * 1024 + 1)), 431);
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 99; ++i) many += "A: b\r\n";
  EXPECT_EQ(status_of(many + "\r\n"), 0);
  EXPECT_EQ(status_of(many + "A: b\r\n\r\n"), 431);
}

TEST(Head, cookies_are_read_whole_and_once) {
  const Request r(with_field("Cookie: a=1; __Host-sid=x=y; b=; c=1; c=2"));
  EXPECT_EQ(r.cookie("__Host-sid"), "x=y");
  EXPECT_EQ(r.cookie("a"), "1");
  EXPECT_EQ(r.cookie("sid"), "");
  EXPECT_EQ(r.cookie("c"), "") << "two of a name: neither";
}

TEST(Head, json_tells_where_it_breaks) {
  Request r(with_field("Content-Length: 9"));
  r.body = "{\"a\": tru";
  EXPECT_EQ(r.json().error().why, base::Refusal::invalid);
  r.body = "{\"a\": x}";
  EXPECT_NE(r.json().error().message.find("at byte"), std::string::npos);
  r.body = "{\"a\": 1}";
  EXPECT_EQ(r.json()->at("a").as_int64(), 1);
  r.body = "{} {}";
  EXPECT_FALSE(r.json().ok());
}

TEST(Body, arrives_the_same_however_it_is_cut) {
  const std::string chunks = "3\r\nabc\r\nA\r\n0123456789\r\n1\r\nz\r\n0\r\n\r\nGET /next";
  for (std::size_t cut = 1; cut <= chunks.size(); ++cut) {
    int refused;
    std::string rest;
    EXPECT_EQ(body_of("Transfer-Encoding: chunked\r\n", chunks, cut, refused, &rest), "abc0123456789z")
        << cut;
    EXPECT_EQ(refused, 0);
    EXPECT_EQ(rest, "GET /next");
    EXPECT_EQ(body_of("Content-Length: 5\r\n", "12345GET /next", cut, refused, &rest), "12345");
    EXPECT_EQ(rest, "GET /next");
  }
}

TEST(Body, every_truncation_waits_for_more) {
  const std::string chunks = "3\r\nabc\r\n0\r\n\r\n";
  for (std::size_t n = 0; n < chunks.size(); ++n) {
    int refused;
    body_of("Transfer-Encoding: chunked\r\n", chunks.substr(0, n), 1, refused, nullptr);
    EXPECT_EQ(refused, -1) << n;
  }
}

TEST(Body, chunks_have_one_spelling_and_no_trailer) {
  for (const std::string bytes :
       {"x\r\n", "\r\n", "3;a=b\r\nabc\r\n", "3 \r\nabc\r\n", " 3\r\nabc", "0x3\r\nabc", "-1\r\n", "3\nabc\n",
        "3\r\nabcd\r\n", "3\r\nab\r\n\r\n", "3\r\nabc\n", "3\r\nabc0\r\n", "0\r\nA: b\r\n\r\n", "0\r\n\n",
        "0000000000000003\r\nabc\r\n", "fffffffffffffffff\r\n", "3\rabc"})
    for (const std::size_t cut : {1, 2, 3, 100}) {
      int refused;
      body_of("Transfer-Encoding: chunked\r\n", bytes, cut, refused, nullptr);
      EXPECT_EQ(refused, 400) << bytes << " by " << cut;
    }
}

TEST(Body, beyond_its_limit_is_too_large_before_it_is_read) {
  int refused;
  body_of("Transfer-Encoding: chunked\r\n", "65\r\n", 1, refused, nullptr);
  EXPECT_EQ(refused, 413);
  body_of("Transfer-Encoding: chunked\r\n", "60\r\n" + std::string(96, 'x') + "\r\n5\r\n", 7, refused,
          nullptr);
  EXPECT_EQ(refused, 413);
  body_of("Content-Length: 101\r\n", "", 1, refused, nullptr);
  EXPECT_EQ(refused, 413);
}

TEST(Range, is_one_part_or_the_whole) {
  const auto part = [](std::string_view range, std::uint64_t size, std::string_view if_range = {}) {
    const Part p = part_of(range, if_range, "\"e\"", size);
    return std::tuple(p.kind, p.first, p.length);
  };
  using K = Part::Kind;
  EXPECT_EQ(part("bytes=0-0", 10), std::tuple(K::part, 0u, 1u));
  EXPECT_EQ(part("bytes=2-4", 10), std::tuple(K::part, 2u, 3u));
  EXPECT_EQ(part("bytes=2-", 10), std::tuple(K::part, 2u, 8u));
  EXPECT_EQ(part("bytes=2-99", 10), std::tuple(K::part, 2u, 8u));
  EXPECT_EQ(part("bytes=-3", 10), std::tuple(K::part, 7u, 3u));
  EXPECT_EQ(part("bytes=-99", 10), std::tuple(K::part, 0u, 10u));
  for (const std::string_view none : {"bytes=10-", "bytes=10-12", "bytes=-0", "bytes=999999999999999999-"})
    EXPECT_EQ(std::get<0>(part(none, 10)), K::none) << none;
  for (const std::string_view whole :
       {"", "bytes=", "bytes=-", "bytes=a-b", "bytes=4-2", "bytes=0-1,3-4", "lines=0-1", "bytes=1-2-3",
        "bytes=+1-2", "bytes=9999999999999999999999-", "bytes 0-1"})
    EXPECT_EQ(part(whole, 10), std::tuple(K::whole, 0u, 10u)) << whole;
  EXPECT_EQ(std::get<0>(part("bytes=0-", 0)), K::none);
  EXPECT_EQ(std::get<0>(part("bytes=2-4", 10, "\"e\"")), K::part);
  EXPECT_EQ(std::get<0>(part("bytes=2-4", 10, "\"f\"")), K::whole);
  EXPECT_EQ(std::get<0>(part("bytes=2-4", 10, "W/\"e\"")), K::whole);
  EXPECT_EQ(std::get<0>(part("bytes=2-4", 10, "Sun, 06 Nov 1994 08:49:37 GMT")), K::whole);
}

TEST(Etag, is_found_in_a_list) {
  EXPECT_TRUE(names_etag("\"a\", \"b\"", "\"b\"", Compare::strong));
  EXPECT_TRUE(names_etag("*", "\"b\"", Compare::strong));
  EXPECT_TRUE(names_etag("W/\"b\"", "\"b\"", Compare::weak));
  EXPECT_FALSE(names_etag("W/\"b\"", "\"b\"", Compare::strong));
  EXPECT_FALSE(names_etag("W/\"b\"", "W/\"b\"", Compare::strong));
  EXPECT_FALSE(names_etag("\"a,b\"", "\"b\"", Compare::weak));
  EXPECT_FALSE(names_etag("b", "\"b\"", Compare::weak));
  EXPECT_FALSE(names_etag("", "", Compare::weak));
}

TEST(Response, no_field_can_break_the_head) {
  for (const std::string_view value : {"a\r\nB: c", "a\nB: c", "a\r", "\x01", "\x7f"})
    EXPECT_THROW(Response().with("X-A", value), base::Fault);
  EXPECT_THROW(Response().with("X-A", std::string_view("a\0b", 3)), base::Fault);
  for (const std::string_view name :
       {"", "A B", "A:", "A\r\n", "Content-Length", "transfer-encoding", "CONNECTION", "Date"})
    EXPECT_THROW(Response().with(name, "x"), base::Fault) << name;
  EXPECT_THROW(Response().with(Cookie{.name = "a", .value = "b; Domain=evil"}), base::Fault);
  EXPECT_THROW(Response().with(Cookie{.name = "a b", .value = "c"}), base::Fault);
  EXPECT_EQ(Response().with("ETag", "\"1\"").with("etag", "\"2\"").fields().size(), 1u);
  EXPECT_EQ(Response().with(Cookie{.name = "sid", .value = "x"}).field("set-cookie"),
            "sid=x; Path=/; HttpOnly; SameSite=Strict; Secure");
  const Response named = Response::content(source_of(""), {.attachment_name = "a\r\nb\"é.pdf"});
  EXPECT_EQ(named.field("content-disposition"), "attachment; filename*=UTF-8''a%0d%0ab%22%c3%a9.pdf");
}

TEST(Problem, says_code_title_detail_position_and_more) {
  const Problem p{.status = 422,
                  .code = "invalid",
                  .title = "",
                  .detail = "a \"b\"",
                  .position = 7,
                  .members = {{"expected", "[\"word\"]"}}};
  EXPECT_EQ(p.json(),
            R"({"type":"about:blank","status":422,"code":"invalid","title":"Unprocessable Content",)"
            R"("detail":"a \"b\"","position":7,"expected":["word"]})");
}

TEST(Host, is_one_of_ours_or_nobody) {
  const std::vector<std::string> ours{"custos.example", "localhost", "[::1]", "other.example:8443"};
  for (const std::string_view good :
       {"custos.example", "CUSTOS.example:99", "localhost:1", "[::1]", "[::1]:80", "other.example:8443"})
    EXPECT_TRUE(is_our_host(good, ours)) << good;
  for (const std::string_view bad :
       {"", "evil.example", "custos.example.evil.example", "other.example", "other.example:1",
        "custos.example:", "custos.example:x", "custos.example@evil", "[::2]", "::1", "localhost."})
    EXPECT_FALSE(is_our_host(bad, ours)) << bad;
}

TEST(Csrf, a_change_comes_from_our_page_with_the_token_or_is_denied) {
  const auto allowed = [](std::string_view fields) {
    return from_our_page(Request(with_field(fields)), "t0k").ok();
  };
  EXPECT_TRUE(allowed("Sec-Fetch-Site: same-origin\r\nX-CSRF: t0k"));
  EXPECT_TRUE(allowed("Origin: http://localhost\r\nX-CSRF: t0k"));
  EXPECT_TRUE(allowed("Sec-Fetch-Site: same-origin\r\nOrigin: http://localhost\r\nX-CSRF: t0k"));
  for (const std::string_view bad :
       {"X-CSRF: t0k", "Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: same-site\r\nX-CSRF: t0k",
        "Sec-Fetch-Site: none\r\nX-CSRF: t0k",
        "Sec-Fetch-Site: cross-site\r\nOrigin: http://localhost\r\nX-CSRF: t0k",
        "Origin: https://localhost\r\nX-CSRF: t0k", "Origin: http://localhost:81\r\nX-CSRF: t0k",
        "Origin: null\r\nX-CSRF: t0k", "Sec-Fetch-Site: same-origin\r\nOrigin: http://evil\r\nX-CSRF: t0k",
        "Sec-Fetch-Site: same-origin\r\nX-CSRF: t0K", "Sec-Fetch-Site: same-origin\r\nX-CSRF: t0",
        "Sec-Fetch-Site: same-origin\r\nX-CSRF: t0k1"})
    EXPECT_FALSE(allowed(bad)) << bad;
  EXPECT_FALSE(from_our_page(Request(with_field("Sec-Fetch-Site: same-origin\r\nX-CSRF:")), "").ok());
}

namespace {
template <class R>
concept goes_without_an_act = requires(Answer a) {
  R{.method = Method::get, .path = "/x", .handler = a};
};
template <class R>
concept goes_with_an_act = requires(Answer a) {
  R{.method = Method::get, .path = "/x", .act = "a.b", .handler = a};
};
static_assert(!goes_without_an_act<Route> && goes_with_an_act<Route>);

Route route(Method m, std::string path) {
  return {.method = m, .path = std::move(path), .act = "test.act", .handler = [](Request&) {
            return Response();
          }};
}
std::string found(const Router& router, std::string_view target, std::string_view method = "GET") {
  Request q(std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: a\r\n\r\n");
  auto f = router.find(q);
  if (auto* r = std::get_if<Response>(&f))
    return std::to_string(r->status()) + std::string(r->field("allow"));
  std::string out = std::get<const Route*>(f)->path;
  for (const auto& [n, v] : q.places) out += " " + n + "=" + v;
  return out;
}
}  // namespace

TEST(Router, finds_literals_before_places_and_turns_back) {
  Router r;
  r.add(route(Method::get, "/"));
  r.add({route(Method::get, "/cases"), route(Method::post, "/cases"), route(Method::get, "/cases/{id}"),
         route(Method::get, "/cases/new"), route(Method::get, "/cases/{id}/items/{n}"),
         route(Method::get, "/cases/new/x")},
        "/api");
  EXPECT_EQ(found(r, "/"), "/");
  EXPECT_EQ(found(r, "/api/cases/new"), "/api/cases/new");
  EXPECT_EQ(found(r, "/api/cases/a%20b"), "/api/cases/{id} id=a b");
  EXPECT_EQ(found(r, "/api/cases/new/items/7"), "/api/cases/{id}/items/{n} id=new n=7");
  EXPECT_EQ(found(r, "/api/cases", "DELETE"), "405GET, HEAD, POST");
  EXPECT_EQ(found(r, "/api/cases", "HEAD"), "/api/cases");
  EXPECT_EQ(found(r, "/api"), "404");
  EXPECT_EQ(found(r, "/api/cases/new/items"), "404");
  EXPECT_EQ(r.routes().size(), 7u);
  for (const char* bad : {"a", "/a//b", "/a/", "/{}", "/a{b}", "/a?b", "/api/cases"})
    EXPECT_THROW(r.add(route(Method::get, bad)), base::Fault) << bad;
  EXPECT_THROW(r.add({.method = Method::get, .path = "/none", .act = "a"}), base::Fault);
  EXPECT_THROW(Act::of("Not an act"), base::Fault);
  EXPECT_EQ(Act::of("record.person.read").name(), "record.person.read");
}

#include "wire.h"

#include <base/text.h>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <algorithm>

namespace {

using http::BodyReader, http::HeadFinder, http::Request;

// Whatever we take, another reader takes and understands alike: Boost.Beast, whose parser is not ours.
void agrees(std::string_view head, const Request& r) {
  namespace beast = boost::beast::http;
  beast::request_parser<beast::empty_body> p;
  p.header_limit(1 << 20);
  p.body_limit(boost::none);
  boost::system::error_code ec;
  p.put(boost::asio::buffer(head.data(), head.size()), ec);
  CHECK(p.is_header_done());
  const auto& q = p.get();
  const auto sv = [](boost::beast::string_view s) { return std::string_view(s.data(), s.size()); };
  CHECK(sv(q.method_string()) == http::name_of(r.method()) && sv(q.target()) == r.target());
  CHECK(static_cast<std::size_t>(std::distance(q.begin(), q.end())) == r.fields().size());
  for (const http::Field& f : r.fields())
    CHECK(std::any_of(q.begin(), q.end(), [&](const auto& g) {
      return base::iequals_ascii(sv(g.name_string()), f.name) && sv(g.value()) == f.value;
    }));
  CHECK(p.chunked() == r.chunked());
  if (r.length()) CHECK(p.content_length() && *p.content_length() == *r.length());
}

// What the server would make of the bytes, arriving in pieces of `piece`: a word on each request.
std::string told(std::string_view bytes, std::size_t piece) {
  std::string log, in;
  std::optional<HeadFinder> finder;
  std::unique_ptr<Request> request;
  std::optional<BodyReader> reader;
  std::string body;
  while (!bytes.empty() || piece) {
    in += bytes.substr(0, piece);
    bytes.remove_prefix(std::min(piece, bytes.size()));
    for (bool going = true; going;) {
      if (!request) {
        if (!finder) finder.emplace(1024);
        const auto state = finder->look(in);
        if (state == HeadFinder::State::refused) return log + std::string(finder->refusal().detail);
        going = state == HeadFinder::State::found;
        if (!going) break;
        CHECK(finder->size() <= 1024 && finder->size() >= 4);
        const std::string head = in.substr(0, finder->size());
        in.erase(0, head.size());
        finder.reset();
        request = std::make_unique<Request>(head, 20);
        if (request->refusal()) return log + std::string(request->refusal()->detail);
        agrees(head, *request);
        for (const std::string& s : request->segments()) {
          CHECK(base::is_utf8(s) && !s.empty() && s != "." && s != "..");
          CHECK(s.find_first_of(std::string_view("/\\\0\r\n", 5)) == s.npos);
        }
        CHECK(!request->header("host").empty() && !(request->chunked() && request->length()));
        static_cast<void>(request->query("a"));
        static_cast<void>(request->cookie("a"));
        log += std::string(http::name_of(request->method())) + " " + std::string(request->target()) + "\n";
        reader.emplace(*request, 300);
        body.clear();
      }
      switch (reader->take(in, body, SIZE_MAX)) {
        case BodyReader::State::refused: return log + std::string(reader->refusal().detail);
        case BodyReader::State::done:
          CHECK(body.size() <= 300 && (!request->length() || body.size() == *request->length()));
          log += body + "\n";
          request.reset();
          break;
        case BodyReader::State::full: CHECK(false); break;
        case BodyReader::State::more:
          CHECK(!request->length() || body.size() < *request->length());
          going = false;
      }
    }
    if (bytes.empty()) break;
  }
  return log + (request || !in.empty() ? "and waits" : "");
}

}  // namespace

// Any bytes are requests or are refused, the same however they are cut, and as another parser reads them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::string whole = told(all, all.size() + 1);
  CHECK(told(all, 1) == whole);
  CHECK(told(all, 7) == whole);
  return 0;
}

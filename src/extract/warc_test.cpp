#include "packed.h"

#include <zlib.h>

namespace extract {
namespace {

std::string record_of(const std::string& kind, const std::string& uri, const std::string& block,
                      const std::string& type = "application/http; msgtype=response") {
  return "WARC/1.0\r\nWARC-Type: " + kind + "\r\nWARC-Target-URI: " + uri +
         "\r\nWARC-Date: 2020-02-03T04:05:06Z\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(block.size()) + "\r\n\r\n" + block + "\r\n\r\n";
}
const std::string kPage = "<html>" + std::string(3000, 'p') + "</html>";
std::string gzipped(const std::string& s) { return packed("raw", "gzip", {{"x", s}}); }
std::string chunks(const std::string& s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); i += 16) {
    const std::string piece = s.substr(i, 16);
    char size[8];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    out += size + piece + "\r\n";
  }
  return out + "0\r\n\r\n";
}

TEST(Warc, gives_the_body_of_a_response_under_its_address) {
  const auto sink = record(record_of("response", "http://a/",
                                     "HTTP/1.1 200 OK\r\nContent-Type: Text/HTML; charset=x\r\n\r\n" + kPage),
                           "x");
  ASSERT_EQ(sink->root.parts.size(), 1u);
  const Recorded& page = *sink->root.parts[0];
  EXPECT_EQ(page.info.name, "http://a/");
  EXPECT_EQ(page.info.type, "text/html");
  EXPECT_EQ(page.info.modified, "2020-02-03T04:05:06Z");
  EXPECT_EQ(page.bytes, kPage);
}

TEST(Warc, joins_chunks_and_undoes_gzip) {
  const std::string block =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n" +
      chunks(gzipped(kPage));
  const auto sink = record(record_of("response", "http://a/", block), "x");
  EXPECT_EQ(sink->root.parts[0]->bytes, kPage);
  EXPECT_TRUE(sink->root.parts[0]->findings.empty());
}

TEST(Warc, takes_a_body_as_it_is_when_its_head_lies) {
  const std::string block =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n" + kPage;
  const auto sink = record(record_of("response", "http://a/", block), "x");
  EXPECT_EQ(sink->root.parts[0]->bytes, kPage);
}

TEST(Warc, tells_a_packed_body_that_ends_early) {
  std::string packed_page = gzipped(kPage);
  packed_page.resize(packed_page.size() - 12);
  const auto sink = record(
      record_of("response", "http://a/", "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + packed_page),
      "x");
  EXPECT_TRUE(sink->root.parts[0]->found(Reason::truncated));
}

TEST(Warc, goes_on_after_bytes_that_are_no_record) {
  const std::string good = record_of("resource", "http://a/", "bytes", "image/png");
  const auto sink = record(good + "\r\nsome garbage\r\n" + good, "x");
  EXPECT_EQ(sink->root.parts.size(), 2u);
  EXPECT_TRUE(sink->root.found(Reason::damaged));
}

TEST(Warc, tells_a_second_visit_whose_bytes_are_elsewhere) {
  const auto sink = record(record_of("revisit", "http://a/", "HTTP/1.1 200 OK\r\n\r\n"), "x");
  EXPECT_TRUE(sink->root.parts[0]->found(Reason::missing_part));
}

TEST(Warc, survives_a_cut_at_every_length) {
  expect_survives_cuts(
      record_of("warcinfo", "", "software: w\r\n", "application/warc-fields") +
          record_of("response", "http://a/",
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks("some text here")),
      "x");
}

}  // namespace
}  // namespace extract

// Archives often hold bodies whose headers no longer tell the truth (already joined, already unpacked): what
// does not begin as the header says is taken as it is.
#include "http_body.h"

#include <base/text.h>

#include <algorithm>
#include <array>
#include <zlib.h>

namespace extract {

HttpHead parse_http_head(std::string_view head) {
  HttpHead out;
  bool first = true;
  for (const std::string_view raw : base::split(head, '\n')) {
    const std::string_view line = base::trim(raw);
    if (std::exchange(first, false)) {
      const std::size_t space = line.find(' ');
      for (std::size_t i = space == line.npos ? line.size() : space + 1; i < line.size() && i < space + 4;
           ++i)
        if (line[i] >= '0' && line[i] <= '9') out.status = out.status * 10 + (line[i] - '0');
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == line.npos) continue;
    const std::string name = base::lower_ascii(base::trim(line.substr(0, colon)));
    const std::string_view value = base::trim(line.substr(colon + 1));
    if (name == "content-type") out.type = base::lower_ascii(base::trim(value.substr(0, value.find(';'))));
    if (name == "transfer-encoding") out.transfer = base::lower_ascii(value);
    if (name == "content-encoding") out.encoding = base::lower_ascii(value);
  }
  return out;
}

struct HttpBody::Inflating {
  z_stream z{};
  bool begun = false, ended = false, raw_tried = false;
  std::string head;  // kept until the first bytes came out, for another try
};

HttpBody::HttpBody(const HttpHead& head, Sink& sink, const Limits& limits) : sink_(sink), limits_(limits) {
  if (head.transfer.find("chunked") != std::string::npos) chunk_ = Chunk::first_size;
  const std::string& e = head.encoding;
  if (e == "gzip" || e == "x-gzip" || e == "deflate") {
    inflating_ = std::make_unique<Inflating>();
    if (inflateInit2(&inflating_->z, 47) != Z_OK) inflating_.reset();
  } else if (!e.empty() && e != "identity" && e != "none") {
    fail(Reason::unsupported, "left as it was encoded: " + e);
  }
}

HttpBody::~HttpBody() {
  if (inflating_) inflateEnd(&inflating_->z);
}

void HttpBody::fail(Reason why, std::string detail) {
  if (!fault_) fault_ = {why, std::move(detail)};
}

void HttpBody::feed(std::string_view bytes) {
  if (stopped_) return;
  in_ += bytes.size();
  if (chunk_ == Chunk::none) decoded(bytes);
  else chunked(bytes);
}

void HttpBody::chunked(std::string_view bytes) {
  while (!bytes.empty() && !stopped_) {
    if (chunk_ == Chunk::none) return decoded(bytes);
    if (chunk_ == Chunk::end) return;
    if (chunk_ == Chunk::data) {
      const std::size_t n = std::min<std::uint64_t>(bytes.size(), chunk_left_);
      decoded(bytes.substr(0, n));
      bytes.remove_prefix(n);
      if ((chunk_left_ -= n) == 0) chunk_ = Chunk::size;
      continue;
    }
    const std::size_t end = bytes.find('\n');
    line_ += bytes.substr(0, end == bytes.npos ? bytes.size() : end + 1);
    bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
    if (end == bytes.npos && line_.size() < 200) return;
    const std::string_view size = base::trim(std::string_view(line_).substr(0, line_.find(';')));
    std::uint64_t n = 0;
    bool hex = !size.empty() && size.size() <= 15 && line_.ends_with('\n');
    for (const char c : size) {
      const int d = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
      if (d < 0) hex = false;
      else n = n * 16 + static_cast<unsigned>(d);
    }
    if (size.empty() && line_.size() <= 2 && chunk_ == Chunk::size) {  // the line end after a chunk
      line_.clear();
      continue;
    }
    if (!hex && chunk_ == Chunk::first_size) {
      chunk_ = Chunk::none;
      decoded(std::exchange(line_, {}));
      continue;
    }
    line_.clear();
    if (!hex) {
      fail(Reason::damaged, "the chunks of the body");
      stopped_ = true;
      return;
    }
    chunk_left_ = n;
    chunk_ = n == 0 ? Chunk::end : Chunk::data;
  }
}

void HttpBody::decoded(std::string_view bytes) {
  if (!inflating_) return give(bytes);
  Inflating& f = *inflating_;
  if (f.ended) return;
  if (!f.begun) {
    f.head += bytes;
    bytes = f.head;
  }
  std::array<char, 64 * 1024> room;
  f.z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  f.z.avail_in = static_cast<uInt>(bytes.size());
  if (!f.begun && f.head.size() > 18) inflateReset2(&f.z, f.raw_tried ? -15 : 47);
  else if (!f.begun) return;  // a few bytes decide nothing; finish() gives them if no more come
  for (int r = Z_OK; r == Z_OK && !stopped_;) {
    f.z.next_out = reinterpret_cast<Bytef*>(room.data());
    f.z.avail_out = static_cast<uInt>(room.size());
    r = inflate(&f.z, Z_NO_FLUSH);
    const std::string_view out(room.data(), room.size() - f.z.avail_out);
    if (!out.empty()) {
      f.begun = true;
      give(out);
    }
    if (r == Z_STREAM_END) {
      f.ended = true;
      return;
    }
    if (r == Z_BUF_ERROR || (r == Z_OK && f.z.avail_in == 0 && f.z.avail_out > 0)) return;
    if (r == Z_OK) continue;
    if (!f.begun && !f.raw_tried) {
      f.raw_tried = true;
      return decoded({});
    }
    if (!f.begun) {  // never was packed
      const std::string plain = std::move(f.head);
      inflateEnd(&f.z);
      inflating_.reset();
      return give(plain);
    }
    fail(Reason::damaged, "the packed body");
    stopped_ = true;
  }
}

void HttpBody::give(std::string_view bytes) {
  out_ += bytes.size();
  if (out_ > limits_.ratio_floor && out_ / limits_.ratio_max > in_) {
    fail(Reason::bomb, "expands beyond any honest ratio");
    stopped_ = true;
    return;
  }
  if (!sink_.part_bytes(bytes)) stopped_ = true;
}

void HttpBody::finish() {
  if (chunk_ == Chunk::first_size && !line_.empty()) decoded(std::exchange(line_, {}));
  else if (chunk_ == Chunk::data || (chunk_ == Chunk::size && !line_.empty()))
    fail(Reason::truncated, "chunks are missing");
  if (!inflating_ || stopped_) return;
  if (!inflating_->begun && !inflating_->head.empty()) give(inflating_->head);
  else if (inflating_->begun && !inflating_->ended) fail(Reason::truncated, "the packed body ends early");
}

}  // namespace extract

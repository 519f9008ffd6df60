#pragma once
// The body of an HTTP answer as it was sent over the wire, made the bytes that were meant: chunks joined,
// gzip and deflate undone, piece by piece.

#include <extract/reader.h>

#include <memory>
#include <optional>

namespace extract {

struct HttpHead {
  std::string type, transfer, encoding;
  int status = 0;
};
HttpHead parse_http_head(std::string_view head);

class HttpBody {
 public:
  HttpBody(const HttpHead& head, Sink& sink, const Limits& limits);
  ~HttpBody();
  HttpBody(const HttpBody&) = delete;
  void feed(std::string_view bytes);
  // Why what came out is not all that was meant; nothing when it is.
  struct Fault {
    Reason why = Reason::damaged;
    std::string detail;
  };
  const Fault* fault() const { return fault_ ? &*fault_ : nullptr; }
  void finish();

 private:
  struct Inflating;
  void chunked(std::string_view bytes);
  void decoded(std::string_view bytes);
  void give(std::string_view bytes);
  void fail(Reason why, std::string detail);
  Sink& sink_;
  const Limits& limits_;
  std::unique_ptr<Inflating> inflating_;
  std::optional<Fault> fault_;
  std::string line_;  // of a chunk's size, not whole yet
  std::uint64_t chunk_left_ = 0, in_ = 0, out_ = 0;
  enum class Chunk : std::uint8_t { none, first_size, size, data, end } chunk_ = Chunk::none;
  bool stopped_ = false;
};

}  // namespace extract

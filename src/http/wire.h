#pragma once
// The framing of HTTP/1.1 without any socket: where a head ends, and which bytes are the body. The server and
// the fuzz target use the same.

#include <http/request.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace http {

// Looks for the end of a head in bytes that grow. Refuses at once what no head may hold: a control, NUL, a CR
// or LF alone.
class HeadFinder {
 public:
  explicit HeadFinder(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  enum class State { more, found, refused };
  State look(std::string_view all);         // all bytes so far
  std::size_t size() const { return at_; }  // of the head with its empty line, once found
  const HeadRefusal& refusal() const { return refusal_; }

 private:
  std::size_t bytes_max_, at_ = 0;
  HeadRefusal refusal_;
};

// Cuts the body out of what arrives: by Content-Length or by chunks (RFC 9112 6, 7.1).
class BodyReader {
 public:
  BodyReader(const Request& request, std::uint64_t bytes_max);
  enum class State { more, full, done, refused };
  // Moves body bytes from the front of `in` to the end of `out`, until `out` has `room` bytes (full).
  // What follows the body stays in `in`.
  State take(std::string& in, std::string& out, std::size_t room);
  const HeadRefusal& refusal() const { return refusal_; }  // 400, or 413 beyond bytes_max
  std::uint64_t taken() const { return taken_; }

 private:
  enum class At { size, data, data_end, last_end, end };
  State refuse(HeadRefusal r) {
    refusal_ = r;
    return State::refused;
  }
  State size_line(std::string_view line);
  At at_;
  bool chunked_;
  std::uint64_t left_ = 0, taken_ = 0, bytes_max_;
  HeadRefusal refusal_;
};

}  // namespace http

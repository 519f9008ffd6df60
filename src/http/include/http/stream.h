#pragma once
// What does not fit into a string: bytes that are read piece by piece (Source), bytes that arrive piece by
// piece (Sink), and events that go on as long as somebody listens (EventStream).

#include <base/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace http {

class Response;

// Called on threads of the pool, never twice at once; may block.
struct Source {
  virtual ~Source() = default;
  virtual std::uint64_t size() const = 0;
  // Bytes [offset, offset+n), which lie within size(). Fewer are an error: the connection is cut, so that
  // the other end never takes a part for the whole.
  virtual base::Result<std::string> read_at(std::uint64_t offset, std::size_t n) = 0;
};
std::unique_ptr<Source> source_of(std::string bytes);
// A file as it is when opened. Refuses: not_found.
base::Result<std::unique_ptr<Source>> source_of_file(const std::string& path);

// Takes a body without holding it. Called on threads of the pool, in order, never twice at once; may block.
// Destroyed without finish(): the body was cut, too long or malformed; nothing of it may count.
struct Sink {
  virtual ~Sink() = default;
  virtual base::Status add(std::string_view bytes) = 0;  // an error ends the request with its problem
  virtual base::Result<Response> finish() = 0;           // the body is complete
};

// Server-sent events (WHATWG HTML 9.2). Shared by who sends and the connection, because either may end first.
class EventStream {
 public:
  // `bytes_max`: what may wait for a slow reader. Beyond it the reader is cut off; it comes back by itself
  // and must be able to catch up from what it asks then.
  static std::shared_ptr<EventStream> make(std::size_t bytes_max = 64 * 1024);

  // From any thread; never blocks. False: nobody listens any more, send no more.
  // `event` and `id` are one line; `data` may be several. CR, LF or NUL in event or id is a Fault.
  bool send(std::string_view event, std::string_view data, std::string_view id = {});
  void close();       // ends the stream once what waits is sent
  bool open() const;  // somebody listens, or may come to listen

  // For the connection.
  enum class State { open, closing, cut };
  void attach(std::function<void()> wake);  // `wake` is called with a lock held: it only posts
  void detach();                            // afterwards `wake` is not called and send() says false
  State take(std::string& out);             // moves what waits into `out`
  bool is_cut() const;

 private:
  explicit EventStream(std::size_t bytes_max) : bytes_max_(bytes_max) {}
  mutable std::mutex mutex_;
  const std::size_t bytes_max_;
  std::string waiting_;
  std::function<void()> wake_;
  State state_ = State::open;
};

}  // namespace http

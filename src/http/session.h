#pragma once
// One connection, from its handshake to its end, as a coroutine on its loop.
//
// In these coroutines what is handed to a co_await has a name: g++ 12 destroys some temporaries twice.

#include "engine.h"
#include "wire.h"

#include <boost/asio/posix/basic_stream_descriptor.hpp>

namespace http {

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(Engine& engine, Loop& loop, base::Fd socket, SSL_CTX* tls, std::string peer);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  static Await<void> live(std::shared_ptr<Session> self);
  bool is_late(Time::time_point now) const { return now >= deadline_; }
  void cut();        // ends all waiting, now
  void stop_soon();  // the server stops: what is idle or only listens ends now

 private:
  // How an answer goes out, beside what it says.
  struct Manner {
    bool keep = false, head_only = false, chunks = true;
    std::string_view range{}, if_range{}, if_none_match{};
  };

  struct Held;

  Await<void> run();
  Await<bool> exchange();  // one request and its answer; false: the connection ends
  Await<bool> await_head(HeadFinder& finder);
  Await<Response> answer(Request& request, bool& unread);
  Await<Response> serve(Request& request, const Route& route, bool& unread);
  Await<Response> receive(Request& request, const Route& route, bool& unread);
  Await<std::optional<Response>> receive_body(Request& request, std::uint64_t bytes_max, Held& held);
  Await<void> invite(const Request& request);  // 100 Continue, where it is waited for
  Response lost() const;                       // the rest of a request did not come

  Await<bool> send(Response& r, const Manner& how);
  Await<bool> send_source(Response& r, Source& source, const Manner& how);
  Await<bool> send_events(Response& r, const std::shared_ptr<EventStream>& stream, const Manner& how);
  static Await<void> watch(std::shared_ptr<Session> self);
  std::string head_of(const Response& r, const Manner& how, std::optional<std::uint64_t> length);

  Await<bool> ready(Wants wants);  // false: cut
  Await<bool> fill();              // more bytes at the end of in_; false: no more will come
  Await<bool> write(std::string_view bytes);
  Await<bool> in_pool(Pool::Entry entry, const std::function<void()>& job);  // false: no room
  Await<void> close_gently();
  void within(std::chrono::milliseconds d) { deadline_ = Time::now() + d; }
  void no_deadline() { deadline_ = Time::time_point::max(); }
  // Measured from the start of a phase: what moved earns more time.
  void within(Time::time_point start, std::chrono::milliseconds grace, std::uint64_t moved);

  Engine& engine_;
  Loop& loop_;
  std::string peer_;
  bool tls_, proxied_;
  asio::posix::basic_stream_descriptor<Executor> socket_;
  std::unique_ptr<Channel> channel_;  // ends before the socket
  Timer signal_;                      // never due while a job runs: cancelled when it is done
  Time::time_point deadline_ = Time::time_point::max();
  std::string in_;  // read and not yet understood
  std::shared_ptr<EventStream> stream_;
  bool secure_ = false;  // of the request at hand
  bool idle_ = false, cut_ = false, ended_ = false, stuck_ = false;
};

}  // namespace http

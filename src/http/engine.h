#pragma once
// What all connections of a server share, and the loops that hold them. Private to server.cpp and
// session*.cpp: the only files that see Asio (docs/adr/0009).

#include "channel.h"
#include "pool.h"

#include <http/server.h>

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <condition_variable>
#include <thread>
#include <unordered_map>
#include <unordered_set>

namespace http {

namespace asio = boost::asio;
using Executor =
    asio::io_context::executor_type;  // the concrete one: fewer instantiations than any_io_executor
using Time = std::chrono::steady_clock;
using Timer = asio::basic_waitable_timer<Time, asio::wait_traits<Time>, Executor>;
template <class T>
using Await = asio::awaitable<T, Executor>;
inline constexpr asio::use_awaitable_t<Executor> use_await{};

class Session;

// One thread and the connections it holds; nothing in it is touched by another thread.
struct Loop {
  asio::io_context io{1};
  asio::executor_work_guard<Executor> work{io.get_executor()};
  Timer tick{io};
  bool ending = false;
  std::unordered_set<Session*> sessions;
  std::string scratch =
      std::string(64 * 1024, '\0');  // what a read lands in, for as long as it takes to copy
  std::string date;                  // of the second below (RFC 9110 6.6.1)
  std::int64_t date_second = 0;
};

struct Engine {
  Engine(Options o, Router r, const base::Clock& c)
      : options(std::move(o)),
        router(std::move(r)),
        clock(c),
        pool(options.pool_threads, options.pool_waiting) {}

  const Options options;
  const Router router;
  const base::Clock& clock;
  std::atomic<bool> stopping = false;
  std::atomic<std::uint64_t> accepted = 0, requests = 0, refused = 0, cut = 0, held_bytes = 0;

  // Counts a connection in; false when there is no room for it.
  bool admit(const std::string& peer);
  void leave(const std::string& peer);
  bool is_proxy(const std::string& peer) const;
  std::size_t connections() const;
  bool wait_until_empty(std::chrono::milliseconds limit) const;
  void log(std::string_view line) const {
    if (options.log) options.log(line);
  }

  // Last: handlers that still run see everything above.
  Pool pool;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable left_;
  std::size_t connections_ = 0;
  std::unordered_map<std::string, std::size_t> addresses_;
};

}  // namespace http

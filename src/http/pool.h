#pragma once
// The threads that run handlers. What waits is bounded: a new request finds no room, what was begun always
// does, since each connection has one job at most.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace http {

class Pool {
 public:
  enum class Entry { fresh, begun };
  Pool(unsigned threads, std::size_t waiting_max);
  ~Pool();  // runs what waits, then ends
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  // False: no room (fresh only).
  bool submit(Entry entry, std::function<void()> job);

 private:
  void run();
  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> waiting_;
  std::size_t idle_;
  bool ending_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace http

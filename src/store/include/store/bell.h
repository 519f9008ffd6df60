#pragma once
// Word between processes whose records are in one PostgreSQL (LISTEN, NOTIFY). A hint: what is told while a
// connection is down is lost, so what matters stands in the records as well.

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace store {

class Bell {
 public:
  static constexpr std::size_t bytes_max = 7900;  // of one word; PostgreSQL takes below 8000

  // Hears and tells under `channel`. Throws Fault when there is no PostgreSQL at `url`.
  Bell(std::string url, std::string channel);
  ~Bell();
  // What was told by others and by this process, waiting for it up to `limit`. False: the connection was
  // lost, and is tried anew with the next call; something may have been missed.
  bool hear(std::chrono::milliseconds limit, const std::function<void(std::string_view)>& word);
  // By any thread. A word that cannot be told is lost.
  void tell(std::string_view word);

 private:
  struct Lines;
  std::unique_ptr<Lines> lines_;
};

}  // namespace store

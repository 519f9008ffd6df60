#include "pool.h"

namespace http {

Pool::Pool(unsigned threads, std::size_t waiting_max) : waiting_max_(waiting_max), idle_(threads) {
  for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Pool::~Pool() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& t : threads_) t.join();
}

bool Pool::submit(Entry entry, std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (entry == Entry::fresh && waiting_.size() >= idle_ + waiting_max_) return false;
    waiting_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void Pool::run() {
  for (;;) {
    std::function<void()> job;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      job = std::move(waiting_.front());
      waiting_.pop_front();
      --idle_;
    }
    job();
    job = nullptr;
    const std::lock_guard lock(mutex_);
    ++idle_;
  }
}

}  // namespace http

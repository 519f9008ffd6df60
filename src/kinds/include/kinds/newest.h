#pragma once
// What is declared changes with its vocabularies while others read it: whoever holds an earlier one keeps it
// as long as the house stands.

#include <kinds/kind.h>

#include <atomic>
#include <list>
#include <memory>
#include <mutex>

namespace kinds {

class Newest {
 public:
  explicit Newest(Declared first) { put(std::move(first)); }
  void put(Declared next) {
    const std::lock_guard lock(mutex_);
    all_.push_front(std::make_shared<const Declared>(std::move(next)));
    now_ = all_.front().get();
  }
  std::shared_ptr<const Declared> shared() const {
    const std::lock_guard lock(mutex_);
    return all_.front();
  }
  const Declared* get() const { return now_; }
  const Declared* operator->() const { return now_; }
  const Declared& operator*() const { return *now_; }

 private:
  mutable std::mutex mutex_;
  std::list<std::shared_ptr<const Declared>> all_;  // newest first
  std::atomic<const Declared*> now_{};
};

}  // namespace kinds

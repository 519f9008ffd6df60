#pragma once
// One writer thread of one shard: takes documents, puts them in order, commits when told.

#include "columns.h"
#include "shard.h"
#include "tokenize.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace search {

class ShardWriter {
 public:
  ShardWriter(const std::string& path, const std::string& key, ColumnStore& columns)
      : shard_(std::make_unique<Shard>(path, key, Shard::Use::write)),
        columns_(columns),
        seen_(shard_->seen()),
        thread_([this] { loop(); }) {}
  ~ShardWriter() {
    end();
    thread_.join();
  }
  void end() {  // closes the shard; does not wait for it
    const std::lock_guard lock(mutex_);
    ended_ = true;
    changed_.notify_all();
  }
  void add(Document d) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return queued_ < queue_bytes_max || failure_; });
    if (failure_) std::rethrow_exception(failure_);
    queued_ += weight(d);
    queue_.push_back(std::move(d));
    changed_.notify_all();
  }
  // Commits once all that was added is in; wait() returns when that is done.
  void commit(std::int64_t sequence) {
    const std::lock_guard lock(mutex_);
    commit_at_ = sequence;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return commit_at_ < 0 || failure_; });
    if (failure_) std::rethrow_exception(failure_);
  }
  std::int64_t seen() const { return seen_; }
  Shard& shard() { return *shard_; }

 private:
  static constexpr std::size_t window_bytes_max = 8 << 20, queue_bytes_max = 4 * window_bytes_max;
  static std::size_t weight(const Document& d) { return d.body.size() + 1000; }

  void loop() {
    bool open = false;
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return ended_ || !queue_.empty() || commit_at_ >= 0; });
      if (ended_ && queue_.empty()) break;
      std::deque<Document> batch;
      batch.swap(queue_);
      const std::int64_t commit = batch.empty() ? commit_at_ : -1;
      lock.unlock();
      std::exception_ptr failure;
      try {
        for (Document& d : batch) {
          window_bytes_ += weight(d);
          const std::uint32_t item = d.item;
          window_.emplace(item, std::move(d));
        }
        // FTS5 writes a segment whenever a row number is below the last one. Items arrive nearly in order;
        // what goes in is always the lowest of a window.
        std::size_t bytes = 0;
        while (!window_.empty() && (commit >= 0 || window_bytes_ > window_bytes_max)) {
          const auto next = window_.extract(window_.begin());
          if (!std::exchange(open, true)) shard_->begin();
          write(next.mapped());
          bytes += weight(next.mapped());
          window_bytes_ -= weight(next.mapped());
        }
        if (commit >= 0) {
          if (!std::exchange(open, false)) shard_->begin();
          shard_->commit(commit);
          seen_ = commit;
        }
        lock.lock();
        queued_ -= bytes;
        if (commit >= 0) commit_at_ = -1;
      } catch (...) {
        failure = std::current_exception();
        if (!lock.owns_lock()) lock.lock();
        failure_ = failure;
      }
      changed_.notify_all();
      if (failure_) return;
    }
    lock.unlock();
    shard_.reset();  // writes its log back, beside the other shards
  }
  void write(const Document& d) {
    if (d.sequence <= seen_) {  // the columns lag behind: they need the number of words only
      std::uint32_t words = 0;
      each_word(d.body, [&](const Word&) { return ++words, true; });
      columns_.put(d, words);
      return;
    }
    if (d.before && d.before->sequence <= seen_) shard_->remove(*d.before);
    columns_.put(d, shard_->add(d));
  }

  std::unique_ptr<Shard> shard_;
  ColumnStore& columns_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Document> queue_;
  std::multimap<std::uint32_t, Document> window_;  // by item; of the thread alone
  std::size_t window_bytes_ = 0;
  std::size_t queued_ = 0;
  std::int64_t commit_at_ = -1;
  std::atomic<std::int64_t> seen_;
  bool ended_ = false;
  std::exception_ptr failure_;
  std::thread thread_;
};

}  // namespace search

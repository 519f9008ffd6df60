#pragma once
// Tells whoever may know of a case how far its processing is.

#include "core.h"

#include <base/json.h>

#include <algorithm>
#include <condition_variable>
#include <deque>

namespace service {

// How far an ingest is, twice a second, until it ends.
class Meter {
 public:
  Meter(Core& core, std::string case_id, std::int64_t files)
      : core_(core), case_(std::move(case_id)), files_(files), thread_([this] { run(); }) {}
  ~Meter() {
    {
      const std::lock_guard lock(mutex_);
      over_ = true;
    }
    changed_.notify_all();
    thread_.join();
    // The last word: nothing is left to do.
    expected_ = -1;
    core_.events.processing(case_, json(), true);
  }
  evidence::Progress progress;

 private:
  static constexpr auto kTick = std::chrono::milliseconds(500);
  static constexpr std::size_t kRateTicks = 20;  // speed is that of the last ten seconds
  struct Seen {
    double at;
    std::int64_t done, bytes;
  };
  void run() {
    std::unique_lock lock(mutex_);
    do {
      core_.events.processing(case_, json(), false);
    } while (!changed_.wait_for(lock, kTick, [&] { return over_; }));
  }
  std::string json() {
    const std::int64_t done = progress.done;
    const std::int64_t expected =
        expected_ < 0 ? done : std::max({done, progress.items.load(), files_ - progress.known.load()});
    seen_.push_back({core_.clock.seconds(), done, progress.sealed_bytes});
    if (seen_.size() > kRateTicks) seen_.pop_front();
    const Seen &a = seen_.front(), &b = seen_.back();
    const double seconds = b.at - a.at;
    const double items = seconds > 0 ? static_cast<double>(b.done - a.done) / seconds : 0;
    const double bytes = seconds > 0 ? static_cast<double>(b.bytes - a.bytes) / seconds : 0;
    std::string out;
    base::JsonWriter w(out);
    w.object().member("case", case_).member("done", done).member("expected", expected);
    w.member("failed", progress.failed.load()).member("items_per_second", items);
    w.member("bytes_per_second", bytes).key("seconds_left");
    if (items > 0)
      w.value(static_cast<std::int64_t>(static_cast<double>(expected - done) / items + 0.5));
    else if (expected == done && expected_ < 0)
      w.value(0);
    else
      w.null();
    w.end_object();
    return out;
  }
  Core& core_;
  const std::string case_;
  const std::int64_t files_;
  std::int64_t expected_ = 0;
  std::deque<Seen> seen_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace service

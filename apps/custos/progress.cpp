#include "progress.h"

#include <base/text.h>

#include <cstdio>
#include <unistd.h>

namespace cli {
namespace {

std::string clock_text(double seconds) {
  const auto s = static_cast<long>(seconds);
  char b[40];
  if (s >= 3600)
    std::snprintf(b, sizeof b, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
  else
    std::snprintf(b, sizeof b, "%ld:%02ld", s / 60, s % 60);
  return b;
}

std::string bar_text(double part, int width) {
  std::string out = "[";
  const int full = static_cast<int>(part * width);
  for (int i = 0; i < width; ++i) out += i < full ? '#' : '.';
  return out + "]";
}

}  // namespace

IngestBar::IngestBar(const evidence::Progress& p, const base::Clock& clock)
    : progress_(p), clock_(clock), terminal_(::isatty(2)), began_(clock.seconds()), before_at_(began_) {
  thread_ = std::thread([this] {
    double drawn = clock_.seconds();
    std::unique_lock lock(mutex_);
    while (!over_) {
      changed_.wait_for(lock, std::chrono::milliseconds(100));
      if (over_) break;
      if (clock_.seconds() - drawn < (terminal_ ? 0.5 : 10)) continue;
      drawn = clock_.seconds();
      draw(false);
    }
  });
}
IngestBar::~IngestBar() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  changed_.notify_all();
  thread_.join();
  draw(true);
}
void IngestBar::draw(bool last) {
  const double now = clock_.seconds(), elapsed = now - began_;
  const std::int64_t done = progress_.done, items = progress_.items, bytes = progress_.sealed_bytes;
  if (last && !terminal_ && elapsed < 10) return;
  const double fresh = now > before_at_ ? static_cast<double>(done - before_done_) / (now - before_at_) : 0;
  rate_ = rate_ == 0 ? fresh : rate_ * 0.8 + fresh * 0.2;
  before_at_ = now, before_done_ = done;
  const double part = items > 0 ? static_cast<double>(done) / static_cast<double>(items) : 0;
  std::string line = terminal_ ? "\r\x1b[K" + bar_text(part, 20) + " " : "";
  line += std::string(progress_.phase.load()) + ": " + base::with_commas(static_cast<std::uint64_t>(done)) +
          " of " + base::with_commas(static_cast<std::uint64_t>(items)) + " items";
  char b[160];
  std::snprintf(b, sizeof b, ", %.0f items/s, %.1f MB/s", rate_,
                static_cast<double>(bytes) / 1e6 / (elapsed > 0 ? elapsed : 1));
  line += b;
  if (!last && rate_ > 0.5 && items > done)
    line += ", " + clock_text(static_cast<double>(items - done) / rate_) + " left";
  line += ", " + base::with_commas(static_cast<std::uint64_t>(progress_.failed.load())) + " failed";
  if (const std::int64_t k = progress_.known; k > 0)
    line += ", " + base::with_commas(static_cast<std::uint64_t>(k)) + " known before";
  if (const std::int64_t w = progress_.pages_waiting; w > 0)
    line += ", " + base::with_commas(static_cast<std::uint64_t>(w)) + " to recognise";
  if (!terminal_ || last) line += "\n";
  std::fputs(line.c_str(), stderr);
}

Bar::Bar(std::string name, const base::Clock& clock)
    : name_(std::move(name)), clock_(clock), terminal_(::isatty(2)), began_(clock.seconds()), last_(began_) {}
Bar::~Bar() {
  if (drawn_ && terminal_) std::fputs("\n", stderr);
}
void Bar::tick(std::int64_t done, std::int64_t total) {
  const double now = clock_.seconds();
  if (now - last_ < (terminal_ ? 0.3 : 10)) return;
  last_ = now;
  drawn_ = true;
  const double part = total > 0 ? static_cast<double>(done) / static_cast<double>(total) : 0;
  char b[200];
  std::snprintf(b, sizeof b, "%s%s: %.0f %%, %s left%s", terminal_ ? "\r\x1b[K" : "", name_.c_str(),
                part * 100, part > 0.001 ? clock_text((now - began_) * (1 - part) / part).c_str() : "?",
                terminal_ ? "" : "\n");
  std::fputs(b, stderr);
}

}  // namespace cli

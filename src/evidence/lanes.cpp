#include "pipeline.h"

namespace evidence {
namespace {

// Gathers what a job tells, an item of the batch after the other.
struct Listener final : sandbox::FrameReader::Listener {
  Listener(store::Vault::Appender& appender, std::function<void(Told&)> parts_waiting, Gatherer::Known known)
      : gatherer(appender, std::move(parts_waiting), std::move(known)) {}
  void begin(std::uint64_t) override {
    told.push_back(std::make_unique<Told>());
    gatherer.start(*told.back());
  }
  void done(std::uint64_t) override {}
  extract::Sink& sink() override { return gatherer; }
  std::vector<std::unique_ptr<Told>> told;
  Gatherer gatherer;
};

std::string_view reason_of(sandbox::Ended e) {
  switch (e) {
    case sandbox::Ended::timed_out: return "timed_out";
    case sandbox::Ended::out_of_memory: return "out_of_memory";
    default: return "crashed";
  }
}

}  // namespace

void Pipeline::lane_loop(std::size_t lane, bool ocr) {
  try {
    sandbox::LaneOptions o;
    o.worker = options_.worker;
    o.ocr = ocr;
    o.cancelled = [this] { return stopping(); };
    if (ocr)
      o.memory_bytes = 1500ull << 20, o.idle_seconds = 300, o.seconds_a_mebibyte = 120, o.cpu_seconds = 3600;
    sandbox::Lane sandboxed(o, file_.office().clock());
    for (;;) {
      std::vector<Work> works = take(ocr);
      if (works.empty()) return;
      run_job(lane, sandboxed, std::move(works));
    }
  } catch (...) { fail(std::current_exception()); }
}

void Pipeline::run_job(std::size_t lane, sandbox::Lane& sandboxed, std::vector<Work> works) {
  std::vector<sandbox::Task> tasks;
  std::vector<std::string> unreadable(works.size());
  for (std::size_t n = 0; n < works.size(); ++n) {
    Work& w = works[n];
    sandbox::Task t;
    t.name = w.name, t.size = w.size, t.ocr = w.ocr, t.strings = options_.strings,
    t.passwords = options_.passwords;
    if (w.bytes) {
      t.hold(w.bytes);
    } else if (w.size <= Gatherer::kSmall) {
      base::Result<std::string> bytes = file_.vault().read(w.place);
      if (bytes.ok())
        t.hold(std::make_shared<std::string>(std::move(*bytes)));
      else
        unreadable[n] = bytes.error().message, t.size = 0;
    } else {
      t.inlined = false;
      const store::Vault& vault = file_.vault();
      t.window = [&vault, place = w.place](std::uint64_t offset, std::size_t k) {
        return vault.read(place, offset, k);
      };
    }
    tasks.push_back(std::move(t));
  }
  // Parts of a single large item are written while it is read; those of a batch wait, for it may have to be
  // run again.
  std::function<void(Told&)> early;
  if (works.size() == 1)
    early = [&](Told& root) {
      auto part = std::make_unique<Told>();
      part->parts = std::move(root.parts);
      root.parts.clear();
      appenders_[lane]->sync();
      bring({works[0].number, works[0].ocr, false, std::move(part)});
    };
  sandbox::JobEnd end;
  std::vector<std::unique_ptr<Told>> told;
  {
    Listener listener(*appenders_[lane], early,
                      [this](const std::string& sha256) { return known_large(sha256); });
    end = sandboxed.run(tasks, listener);
    listener.gatherer.abandon();
    told = std::move(listener.told);
  }
  appenders_[lane]->sync();  // what lies there is durable before the records name it
  if (end.how == sandbox::Ended::cancelled) {
    // The items stay as they are in the records: to be processed when the work goes on.
    const std::lock_guard lock(mutex_);
    in_flight_ -= static_cast<std::int64_t>(works.size());
    changed_.notify_all();
    return;
  }
  if (end.how != sandbox::Ended::well && works.size() > 1) {
    // One of them broke the child, and may have lied about the others: each again, alone.
    for (Work& w : works) {
      std::vector<Work> one;
      one.push_back(std::move(w));
      run_job(lane, sandboxed, std::move(one));
    }
    return;
  }
  for (std::size_t n = 0; n < works.size(); ++n) {
    std::unique_ptr<Told> t = n < told.size() ? std::move(told[n]) : std::make_unique<Told>();
    if (!unreadable[n].empty())
      t->findings.emplace_back("internal", "the vault could not give the bytes: " + unreadable[n]);
    if (end.how != sandbox::Ended::well) t->findings.emplace_back(reason_of(end.how), end.detail);
    bring({works[n].number, works[n].ocr, true, std::move(t)});
  }
}

std::optional<store::Place> Pipeline::known_large(const std::string& sha256) {
  const std::lock_guard lock(large_mutex_);
  const auto at = large_.find(sha256);
  return at == large_.end() ? std::nullopt : std::optional(at->second);
}

std::vector<Work> Pipeline::take(bool ocr) {
  std::unique_lock lock(mutex_);
  std::deque<Work>& queue = ocr ? ocr_works_ : works_;
  // Recognition is slow and may wait until the rest is done, so that words that are there are found first.
  const auto ready = [&] { return !queue.empty() && (!ocr || (works_.empty() && !arriving_)); };
  while (!over_ && !stopping() && !ready()) changed_.wait_for(lock, std::chrono::milliseconds(200));
  std::vector<Work> out;
  if (stopping() || queue.empty()) return out;
  std::uint64_t bytes = 0;
  while (!queue.empty() && out.size() < (ocr ? 1u : 128u)) {
    Work& w = queue.front();
    if (!out.empty() && (w.size > 256 * 1024 || bytes + w.size > (1u << 20))) break;
    bytes += w.size;
    if (w.bytes) held_bytes_ -= w.bytes->size();
    out.push_back(std::move(w));
    queue.pop_front();
    if (bytes > (1u << 20)) break;
  }
  in_flight_ += static_cast<std::int64_t>(out.size());
  changed_.notify_all();
  return out;
}

namespace {

std::size_t weight(const Told& t) {
  std::size_t n = 400 + t.text.size() + (t.bytes ? t.bytes->size() : 0);
  for (const auto& p : t.parts) n += weight(*p);
  return n;
}

}  // namespace

void Pipeline::bring(Outcome o) {
  const std::size_t n = weight(*o.told);
  std::unique_lock lock(mutex_);
  while (backlog_bytes_ >= Limits::backlog_max && !failed_)
    changed_.wait_for(lock, std::chrono::milliseconds(200));
  if (failed_) return;
  backlog_bytes_ += n;
  outcomes_.push_back(std::move(o));
  changed_.notify_all();
}

void Pipeline::arrive(Arrival a) {
  std::unique_lock lock(mutex_);
  while (!stopping() && (backlog_bytes_ >= Limits::backlog_max || held_bytes_ >= Limits::memory_max ||
                         works_.size() >= Limits::works_max / 2))
    changed_.wait_for(lock, std::chrono::milliseconds(200));
  if (failed_) return;
  backlog_bytes_ += 400 + (a.bytes ? a.bytes->size() : 0);
  arrivals_.push_back(std::move(a));
  changed_.notify_all();
}
void Pipeline::no_more_arrivals() {
  const std::lock_guard lock(mutex_);
  arriving_ = false;
  changed_.notify_all();
}
void Pipeline::fail(std::exception_ptr e) {
  const std::lock_guard lock(mutex_);
  if (!failed_.exchange(true)) failure_ = e;
  changed_.notify_all();
}

// From the writer's thread, the lock held.
void Pipeline::push(Work w) {
  std::deque<Work>& queue = w.ocr ? ocr_works_ : works_;
  if (queue.size() >= Limits::works_max) {
    overflow_ = true;
    return;
  }
  if (w.bytes && held_bytes_ + w.bytes->size() > Limits::memory_max) w.bytes.reset();
  if (w.bytes) held_bytes_ += w.bytes->size();
  queue.push_back(std::move(w));
}

}  // namespace evidence

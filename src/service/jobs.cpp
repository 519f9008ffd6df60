#include "core.h"

#include <base/bytes.h>

#include <unistd.h>

namespace service {
namespace {

constexpr std::size_t kAtOnce =
    4;  // each takes all cores where it can: enough that a long one holds up nobody
constexpr std::int64_t kLease = 15'000'000;  // µs
constexpr auto kHoldEvery = std::chrono::seconds(3), kLookEvery = std::chrono::seconds(1);

}  // namespace

Jobs::Jobs(Core& core)
    : core_(core), owner_(std::to_string(::getpid()) + "-" + base::hex(base::random_bytes(4))) {}

void Jobs::bring(std::string kind, Does does) { does_[std::move(kind)] = std::move(does); }
void Jobs::start() {
  // Records in the home are those of one server: what it left behind when it ended is nobody else's.
  if (core_.office.database().empty())
    for (const auto& [kind, does] : does_) core_.book.desk().resume(kind);
  core_.work([this](Stop stop) { run(stop); });
}
void Jobs::wake() {
  {
    const std::lock_guard lock(mutex_);
    woken_ = true;
  }
  changed_.notify_all();
}
// Until all that was begun here has ended as well: as long it is held.
void Jobs::run(Stop stop) {
  auto held = std::chrono::steady_clock::now();
  bool said = false;
  for (;;) {
    std::erase_if(running_, [](const Running& r) { return r.over.load(); });
    if (stop && running_.empty()) return;
    try {
      if (!stop) take_some();
      if (stop)
        for (Running& r : running_) r.stop = true;
      if (const auto now = std::chrono::steady_clock::now(); now - held >= kHoldEvery) held = now, hold_all();
      said = false;
    } catch (const std::exception& e) {  // the database is away: it is asked again
      if (!said && core_.options.log) core_.options.log(std::string("jobs wait: ") + e.what());
      said = true;
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop ? std::chrono::milliseconds(50) : std::chrono::milliseconds(kLookEvery),
                      [&] { return woken_; });
    woken_ = false;
  }
}
void Jobs::take_some() {
  const auto waiting = [&] {
    return core_.book.read([](store::Sql& sql) {
      return sql.number("select count(*) from job where state <> 'done'");
    }) > static_cast<std::int64_t>(running_.size());
  };
  if (running_.size() >= kAtOnce || !waiting()) return;
  for (const auto& [kind, does] : does_)
    while (running_.size() < kAtOnce) {
      auto job = core_.book.desk().take(kind, owner_, kLease);
      if (!job) break;
      Running& r = running_.emplace_back();
      r.job = std::move(*job);
      if (core_.work([this, &r](Stop) { work_off(r); })) continue;
      r.over = true;  // the end has come
      core_.book.desk().give_back(r.job.id, owner_);
    }
}
void Jobs::hold_all() {
  for (Running& r : running_)
    if (!r.over && !core_.book.desk().hold(r.job.id, owner_, kLease)) r.stop = true;
}
void Jobs::work_off(Running& r) {
  try {
    End end = End::done;
    try {
      end = does_.at(r.job.kind)(boost::json::parse(r.job.argument), r.stop);
    } catch (const std::exception& e) {
      if (core_.options.log) core_.options.log("the job " + r.job.kind + " ended: " + e.what());
    }
    if (end == End::done)
      core_.book.desk().finish(r.job.id);
    else
      core_.book.desk().give_back(r.job.id, owner_);
  } catch (const std::exception& e) {  // the database is away: who comes next does it once more
    if (core_.options.log) core_.options.log("the job " + r.job.kind + " is left: " + e.what());
  }
  r.over = true;
  wake();
}

}  // namespace service

#include "upload.h"

#include <base/json.h>

#include <boost/json.hpp>

#include <algorithm>
#include <condition_variable>

namespace service {
namespace {

constexpr auto kTick = std::chrono::milliseconds(500);
constexpr std::size_t kRateTicks = 20;  // speed is that of the last ten seconds

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
    core_.tell(case_, "processing", json());
    core_.processing(case_, "");
  }
  evidence::Progress progress;

 private:
  struct Seen {
    double at;
    std::int64_t done, bytes;
  };
  void run() {
    std::unique_lock lock(mutex_);
    do {
      const std::string now = json();
      core_.processing(case_, now);
      core_.tell(case_, "processing", now);
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

}  // namespace

std::string_view name_of(Upload::State s) {
  constexpr std::string_view names[] = {"receiving", "waiting", "ingesting", "done", "failed"};
  return names[static_cast<std::size_t>(s)];
}
std::string Upload::about() const {
  std::string out;
  base::JsonWriter(out)
      .object()
      .member("case", case_id)
      .member("person", person)
      .member("actor", actor)
      .member("files", files_announced)
      .member("bytes", bytes_announced)
      .member("source", source)
      .member("collector", collector)
      .member("note", note)
      .member("finished", state != State::receiving)
      .end_object();
  return out;
}
void Upload::read_about(std::string_view json) {
  const auto v = boost::json::parse(json);
  const auto text = [&](const char* k) { return std::string(v.at(k).as_string()); };
  case_id = text("case"), actor = text("actor"), source = text("source");
  collector = text("collector"), note = text("note");
  person = v.at("person").to_number<std::int64_t>();
  files_announced = v.at("files").to_number<std::uint64_t>();
  bytes_announced = v.at("bytes").to_number<std::uint64_t>();
  state = v.at("finished").as_bool() ? State::waiting : State::receiving;
  loaded = false;
}
base::Status Upload::load() {
  const std::lock_guard lock(mutex);
  if (loaded) return base::Done{};
  files.clear(), bytes = 0;
  TRY(shelf.load([&](std::uint64_t n, std::shared_ptr<IncomingFile> file) {
    bytes += file->size;
    files.emplace(n, std::move(file));
  }));
  loaded = true;
  return base::Done{};
}
Upload::Files Upload::all_files() {
  const std::lock_guard lock(mutex);
  return files;
}

void Intake::add(const std::shared_ptr<Upload>& u) {
  {
    const std::lock_guard lock(mutex_);
    queues_[u->case_id].push_back(u);
    if (!running_.insert(u->case_id).second) return;
  }
  core_.work([self = shared_from_this(), id = u->case_id](Stop stop) {
    while (const std::shared_ptr<Upload> next = self->next(id, stop)) self->take_in(*next, stop);
  });
}
std::shared_ptr<Upload> Intake::next(const std::string& case_id, Stop stop) {
  const std::lock_guard lock(mutex_);
  auto& queue = queues_[case_id];
  if (queue.empty() || stop) {
    running_.erase(case_id);
    return {};
  }
  std::shared_ptr<Upload> u = queue.front();
  queue.pop_front();
  return u;
}
void Intake::take_in(Upload& u, Stop stop) {
  u.state = Upload::State::ingesting;
  base::Result<bool> ended = false;
  try {
    ended = ingest(u, stop);
  } catch (const std::exception& e) { ended = base::Error{base::Refusal::damaged, e.what()}; }
  if (!ended.ok()) {
    if (core_.options.log)
      core_.options.log("upload " + u.id + " was not taken in: " + ended.error().message);
    u.state = Upload::State::failed;
  } else if (!*ended) {
    u.state = Upload::State::waiting;  // told to stop: it goes on when the server does
  } else {
    // It stays known without its files: a finish whose answer was lost is asked again.
    const std::lock_guard lock(u.mutex);
    u.files.clear();
    u.state = Upload::State::done;
  }
}
base::Result<bool> Intake::ingest(Upload& u, Stop stop) {
  TRY(u.load());
  const auto name = core_.book.case_of(u.case_id);
  if (!name) return base::Error{base::Refusal::not_found, "its case is gone"};
  Shelf::Reader reader(u.shelf);
  evidence::IngestOptions o;
  o.source = u.source, o.collector = u.collector, o.note = u.note, o.actor = u.actor;
  o.worker = core_.options.worker;
  o.incoming_from = "upload/" + u.id;
  for (const auto& [n, file] : u.all_files()) {
    if (file->sha256.empty()) continue;
    const std::string origin = o.incoming_from + "/" + std::to_string(n) + "/" + file->path;
    const auto read = [&reader, n = n](std::uint64_t at, std::size_t bytes) {
      return reader.read(n, at, bytes);
    };
    o.incoming.push_back({file->path, origin, file->size, read});
  }
  Meter meter(core_, u.case_id, static_cast<std::int64_t>(o.incoming.size()));
  evidence::IngestWatch watch;
  watch.progress = &meter.progress;
  watch.stop = &stop;
  if (const auto& log = core_.options.log) watch.say = [&log](const std::string& line) { log(line); };
  if (TRY(evidence::ingest(core_.office, *name, o, watch)).interrupted) return false;
  if (reader.failed())
    return base::Error{base::Refusal::damaged,
                       "some of its bytes cannot be read back; they stay as they are"};
  u.shelf.remove();
  return true;
}

}  // namespace service

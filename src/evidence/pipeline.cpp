#include "pipeline.h"

#include <base/handle.h>
#include <base/json.h>
#include <base/text.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <future>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace evidence {
namespace {

constexpr auto kGather = std::chrono::milliseconds(250);
constexpr std::size_t kBatchItems = 3000;
constexpr double kIndexCommitSeconds = 15;

}  // namespace

Pipeline::Pipeline(CaseFile& file, const IngestOptions& options, const IngestWatch& watch)
    : file_(file),
      options_(options),
      watch_(watch),
      progress_(watch.progress ? *watch.progress : own_progress_),
      index_(file.index_options()) {}

Pipeline::~Pipeline() {
  fail(nullptr);
  for (std::thread& t : threads_)
    if (t.joinable()) t.join();
}

void Pipeline::start(std::int64_t delivery) {
  delivery_ = delivery;
  custodian_ = file_.custodian_of(delivery);
  store::Sql& sql = file_.records();
  next_number_ = first_of_run_ = sql.number("select coalesce(max(number), 0) + 1 from item");
  next_sequence_ = sql.number("select coalesce(max(sequence), 0) + 1 from item");
  next_derived_ = sql.number("select coalesce(max(id), 0) + 1 from derived");
  file_.catch_up(index_, {});
  const std::size_t lanes =
      options_.lanes ? options_.lanes : std::clamp(std::thread::hardware_concurrency(), 1u, 64u);
  for (std::size_t i = 0; i < 2 + 2 * lanes; ++i)
    appenders_.push_back(std::make_unique<store::Vault::Appender>(file_.vault()));
  refill();
  end_.resumed = static_cast<std::int64_t>(works_.size());
  progress_.items += end_.resumed;
  threads_.emplace_back([this] {
    try {
      write_loop();
    } catch (...) { fail(std::current_exception()); }
  });
  for (std::size_t i = 0; i < lanes; ++i) threads_.emplace_back([this, i] { lane_loop(2 + i, false); });
  if (options_.ocr)
    for (std::size_t i = 0; i < lanes; ++i)
      threads_.emplace_back([this, i, lanes] { lane_loop(2 + lanes + i, true); });
}

// Works that wait in the records: of an interrupted run, or more than memory takes.
void Pipeline::refill() {
  overflow_ = false;
  for (const bool ocr : {false, true}) {
    if (ocr && !options_.ocr) continue;
    const std::string where = ocr ? "where ocr = 1" : "where state = 'pending'";
    file_.records().each("select number, path, size, pack, pack_offset, commitment from item " + where +
                             " order by number limit 15000",
                         [&](store::Statement& s) {
                           const std::string path(s.text(1));
                           Work w{s.integer(0),
                                  path.substr(path.rfind('/') + 1),
                                  static_cast<std::uint64_t>(s.integer(2)),
                                  nullptr,
                                  {s.integer(3), s.integer(4), s.integer(2), std::string(s.text(5))},
                                  ocr};
                           if (w.place.pack) push(std::move(w));
                         });
  }
  if (works_.size() >= 15'000 || ocr_works_.size() >= 15'000) overflow_ = true;
  progress_.pages_waiting = static_cast<std::int64_t>(ocr_works_.size());
}

void Pipeline::write_loop() {
  const base::Clock& clock = file_.office().clock();
  index_committed_at_ = clock.seconds();
  std::unique_lock lock(mutex_);
  for (;;) {
    const auto idle = [&] { return arrivals_.empty() && outcomes_.empty(); };
    const auto all_done = [&] {
      return idle() && !arriving_ && works_.empty() && ocr_works_.empty() && in_flight_ == 0;
    };
    while (idle() && !all_done() && !failed_ && !(stopping() && in_flight_ == 0 && !arriving_))
      changed_.wait_for(lock, std::chrono::milliseconds(200));
    if (failed_) break;
    if (idle() && (all_done() || stopping())) {
      if (stopping() || !overflow_) break;
      refill();
      changed_.notify_all();
      continue;
    }
    // A moment to gather: many items share one transaction and one sync.
    const auto until = std::chrono::steady_clock::now() + kGather;
    const auto nothing_more = [&] {
      return !arriving_ && works_.empty() && static_cast<std::int64_t>(outcomes_.size()) >= in_flight_;
    };
    while (arrivals_.size() + outcomes_.size() < kBatchItems && backlog_bytes_ < Limits::backlog_max / 2 &&
           !nothing_more() && !failed_ && changed_.wait_until(lock, until) == std::cv_status::no_timeout) {}
    std::vector<Arrival> arrivals;
    std::vector<Outcome> outcomes;
    std::size_t bytes = 0;
    while (!arrivals_.empty() && arrivals.size() < kBatchItems) {
      bytes += 400 + (arrivals_.front().bytes ? arrivals_.front().bytes->size() : 0);
      arrivals.push_back(std::move(arrivals_.front()));
      arrivals_.pop_front();
    }
    outcomes.assign(std::make_move_iterator(outcomes_.begin()), std::make_move_iterator(outcomes_.end()));
    outcomes_.clear();
    const bool emptied = arrivals_.empty();
    lock.unlock();
    write(arrivals, outcomes);
    if (clock.seconds() - index_committed_at_ > kIndexCommitSeconds && indexed_since_commit_ > 0) {
      index_.commit();
      indexed_since_commit_ = 0;
      index_committed_at_ = clock.seconds();
    }
    arrivals.clear();
    lock.lock();
    // Outcomes weigh what they weighed when brought; once the queues are empty nothing is left to weigh.
    if (emptied && arrivals_.empty() && outcomes_.empty())
      backlog_bytes_ = 0;
    else
      backlog_bytes_ -= std::min(backlog_bytes_, bytes);
    changed_.notify_all();
  }
  over_ = true;
  changed_.notify_all();
}

void Pipeline::finish(const std::function<void()>& meanwhile) {
  for (std::thread& t : threads_) t.join();
  threads_.clear();
  if (failure_) std::rethrow_exception(failure_);
  progress_.phase = "indexing";
  std::future<void> indexed = std::async(std::launch::async, [&] { index_.commit(); });
  end_.interrupted = stopping();
  if (!end_.interrupted && meanwhile) meanwhile();
  indexed.get();
}

namespace {

// One writer a case: the second one waits for the first.
class CaseLock {
 public:
  CaseLock(const std::string& folder, const IngestWatch& watch)
      : fd_(::open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (!fd_) base::fault_errno("cannot lock " + folder);
    if (::flock(fd_.get(), LOCK_EX | LOCK_NB) == 0) return;
    if (watch.say) watch.say("another ingest is running in this case; waiting for it to end");
    while (::flock(fd_.get(), LOCK_EX | LOCK_NB)) {
      if (watch.stop && *watch.stop) {
        fd_.close();
        return;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
  }
  bool held() const { return bool(fd_); }  // not, when it was told to stop while it waited

 private:
  base::Fd fd_;
};

base::Result<std::int64_t> delivery_of(CaseFile& file, const IngestOptions& o) {
  std::string places;
  base::JsonWriter w(places);
  w.array();
  for (const std::string& p : o.places) w.value(base::name_as_text(std::filesystem::absolute(p).string()));
  if (!o.incoming_from.empty()) w.value(o.incoming_from);
  w.end_array();
  // The same delivery goes on when it was interrupted.
  std::int64_t id = 0;
  file.records().each(
      "select id from delivery where ended is null and places = ? and source = ? order by id desc limit 1",
      [&](store::Statement& s) { id = s.integer(0); }, std::string_view(places), std::string_view(o.source));
  if (id) return id;
  id = file.records().number("select coalesce(max(id), 0) + 1 from delivery");
  Delivery d{id, o.source, o.collector, o.note, file.actor(), places, file.desk().now(), {}};
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    std::string payload;
    base::JsonWriter(payload)
        .object()
        .member("delivery", id)
        .member("source", o.source)
        .member("collector", o.collector)
        .member("note", o.note)
        .key("places")
        .raw(places)
        .end_object();
    c.later("ingest", payload);
    return c.add(d, {"received", file.actor(), "", payload});
  }));
  return id;
}

}  // namespace

base::Result<IngestEnd> ingest(Office& office, const CaseName& name, const IngestOptions& options,
                               const IngestWatch& given) {
  for (const std::string& p : options.places)
    if (std::error_code e; !std::filesystem::exists(std::filesystem::status(p, e)))
      return base::Error{base::Refusal::not_found, "there is nothing at " + p +
                                                       (e ? " (" + e.message() + ")" : "") +
                                                       "; name files or folders that exist"};
  Progress own;
  IngestWatch watch = given;
  if (!watch.progress) watch.progress = &own;
  std::unique_ptr<CaseFile> file = TRY(CaseFile::open(office, name));
  if (!options.actor.empty()) file->act_as(options.actor, {});
  const CaseLock lock(file->folder(), watch);
  if (!lock.held()) return IngestEnd{.interrupted = true};
  const std::int64_t delivery = TRY(delivery_of(*file, options));
  const std::optional<kernel::Job> job = [&] {
    file->desk().resume("ingest");
    return file->desk().take("ingest", std::to_string(::getpid()));
  }();
  Pipeline pipeline(*file, options, watch);
  pipeline.start(delivery);
  std::exception_ptr failure;
  try {
    TRY(receive(pipeline));
  } catch (...) {
    failure = std::current_exception();
    pipeline.fail(failure);
  }
  watch.progress->phase = "processing";
  pipeline.no_more_arrivals();
  pipeline.finish([&] {
    join_threads(*file);
    group_likeness(*file, *watch.progress);
  });
  IngestEnd end = pipeline.end();
  end.known = watch.progress->known;
  if (!end.interrupted) {
    std::vector<Delivery> d = store::select<Delivery>(file->records(), "where id = ?", delivery);
    d.at(0).ended = file->desk().now();
    TRY(file->desk().change([&](kernel::Change& c) {
      std::string payload;
      base::JsonWriter(payload)
          .object()
          .member("delivery", delivery)
          .member("added", end.added)
          .member("parts", end.parts)
          .member("failed", end.failed)
          .member("known", end.known)
          .end_object();
      return c.edit(d[0], {"delivery_ended", file->actor(), "", payload});
    }));
    if (job) file->desk().finish(job->id);
  }
  TRY(file->checkpoint());
  return end;
}

base::Result<IngestEnd> retry(Office& office, const CaseName& name, const RetryOptions& o,
                              const IngestWatch& given) {
  Progress own;
  IngestWatch watch = given;
  if (!watch.progress) watch.progress = &own;
  std::unique_ptr<CaseFile> file = TRY(CaseFile::open(office, name));
  if (!o.actor.empty()) file->act_as(o.actor, "");
  const CaseLock lock(file->folder(), watch);
  if (!lock.held()) return IngestEnd{.interrupted = true};
  std::string where = "where pack > 0 and size > 0 and ";
  std::vector<Item> items;
  if (!o.items.empty()) {
    for (const std::int64_t n : o.items) items.push_back(TRY(file->item(n)));
  } else if (!o.type.empty() && o.reason.empty()) {
    items =
        store::select<Item>(file->records(), where + "type = ? order by number", std::string_view(o.type));
  } else if (!o.type.empty()) {
    items = store::select<Item>(file->records(), where + "type = ? and findings like ? order by number",
                                std::string_view(o.type), std::string_view("%[\"" + o.reason + "\",%"));
  } else if (!o.reason.empty()) {
    items = store::select<Item>(file->records(), where + "findings like ? order by number",
                                std::string_view("%[\"" + o.reason + "\",%"));
  } else {
    items = store::select<Item>(file->records(), where + "state = 'failed' order by number");
  }
  std::string payload;
  base::JsonWriter(payload)
      .object()
      .member("items", static_cast<std::int64_t>(items.size()))
      .member("reason", o.reason)
      .member("type", o.type)
      .end_object();
  TRY(file->desk().change([&](kernel::Change& c) -> base::Status {
    c.tell({"retry_asked", file->actor(), "", payload});
    for (Item& i : items) {
      if (i.pack == 0) continue;
      i.state = kPending, i.reason.reset();
      TRY(c.edit(i, {"to_be_processed", file->actor(), file->code_of(i.number), "{}"}));
    }
    return base::Done{};
  }));
  IngestOptions options;
  options.passwords = o.passwords, options.worker = o.worker, options.ocr = o.ocr;
  options.strings = o.strings;
  Pipeline pipeline(*file, options, watch);
  pipeline.start(items.empty() ? 0 : items[0].delivery);
  pipeline.no_more_arrivals();
  pipeline.finish([&] { join_threads(*file); });
  IngestEnd end = pipeline.end();
  end.added = static_cast<std::int64_t>(items.size());
  TRY(file->checkpoint());
  return end;
}

}  // namespace evidence

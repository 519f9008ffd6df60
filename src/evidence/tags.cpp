#include "case_file.h"
#include "tag_tree.h"

#include <base/handle.h>
#include <base/json.h>
#include <base/text.h>
#include <evidence/tags.h>

#include <charconv>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace evidence {
namespace {

constexpr std::string_view kJob = "tagging";
constexpr std::size_t kBatch = 500;

// "1-500 503"
std::string ranges_of(const std::vector<std::uint32_t>& sorted) {
  std::string out;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t last = i;
    while (last + 1 < sorted.size() && sorted[last + 1] == sorted[last] + 1) ++last;
    out.append(out.empty() ? "" : " ").append(std::to_string(sorted[i]));
    if (last > i) out.append("-").append(std::to_string(sorted[last]));
    i = last + 1;
  }
  return out;
}
std::vector<std::int64_t> items_in(std::string_view ranges) {
  std::vector<std::int64_t> out;
  for (const std::string_view r : base::split(ranges, ' ')) {
    std::int64_t first = 0, last = 0;
    const char* end = r.data() + r.size();
    const auto met = std::from_chars(r.data(), end, first);
    last = first;
    if (met.ptr != end) std::from_chars(met.ptr + 1, end, last);
    for (; first <= last && first > 0; ++first) out.push_back(first);
  }
  return out;
}

template <class T>
std::optional<T> only(std::vector<T> rows) {
  if (rows.empty()) return {};
  return std::move(rows.front());
}
std::optional<Tagging> tagging(CaseFile& file, std::int64_t job) {
  return only(store::select<Tagging>(file.records(), "where job = ?", job));
}
// How the ledger names what is put on: as a query would, and its kind when it is no tag.
void name_in(base::JsonWriter& w, CaseFile& file, const Tag& t) {
  if (t.kind == kTag)
    w.member("tag", t.name);
  else
    w.member("tag", TagTree(file.records(), t.kind).path(t)).member("kind", t.kind);
}

// A job and its record, in the change that asks for it.
base::Result<std::int64_t> ask(kernel::Change& c, CaseFile& file, Tagging t, const Tag& tag,
                               std::int64_t items) {
  t.job = c.later(kJob, "{}");
  t.who = file.actor(), t.began = file.desk().now();
  std::string payload;
  base::JsonWriter w(payload);
  w.object();
  name_in(w, file, tag);
  w.member("on", t.puts).member("items", items).member("job", t.job);
  if (t.undoes) w.member("undoes", t.undoes);
  w.end_object();
  TRY(c.add(t, {"tagging_asked", t.who, "", payload}));
  file.desk().progress(t.job, 0, items);
  return t.job;
}

// One run of one job.
class Run {
 public:
  Run(CaseFile& file, const kernel::Job& job)
      : file_(file),
        sql_(file.records()),
        job_(job),
        t_(*tagging(file, job.id)),
        tag_(*only(store::select<Tag>(sql_, "where id = ?", t_.tag))) {
    if (!t_.undoes) {
      items_ = items_in(t_.items);
      return;
    }
    sql_.each(
        "select item from tag_change where job = ? order by id",
        [&](store::Statement& s) { items_.push_back(s.integer(0)); }, t_.undoes);
  }
  std::int64_t done() const { return job_.done; }
  std::int64_t total() const { return static_cast<std::int64_t>(items_.size()); }
  void batch() {
    const auto from = static_cast<std::size_t>(job_.done), to = std::min(items_.size(), from + kBatch);
    const base::Status s = file_.desk().change([&](kernel::Change& c) -> base::Status {
      TRY(change(c, from, to));
      file_.desk().progress(job_.id, static_cast<std::int64_t>(to), total());
      return base::Done{};
    });
    if (!s.ok()) base::fault(s.error().message);
    job_.done = static_cast<std::int64_t>(to);
  }

 private:
  // What is to be changed of an item, if anything.
  std::optional<TagChange> due(std::int64_t item) {
    TagChange out{0, job_.id, item, t_.tag, 0, file_.desk().now(), t_.who};
    const auto has = only(store::select<Tagged>(sql_, "where id = ?", tagged_key(t_.tag, item)));
    if (has.has_value() == t_.puts) return {};
    if (has) out.at = has->at, out.who = has->who;
    if (!t_.undoes) return out;
    // Whoever changed it since had a reason: theirs stays.
    const auto last = only(
        store::select<TagChange>(sql_, "where item = ? and tag = ? order by id desc limit 1", item, t_.tag));
    if (!last || last->job != t_.undoes) return {};
    if (t_.puts) out.at = last->at, out.who = last->who;
    return out;
  }
  base::Status change(kernel::Change& c, std::size_t from, std::size_t to) {
    std::vector<TagChange> all;
    std::string payload;
    base::JsonWriter w(payload);
    w.object();
    name_in(w, file_, tag_);
    w.member("job", job_.id);
    if (t_.undoes) w.member("undoes", t_.undoes);
    w.key("items").array();
    for (std::size_t i = from; i < to; ++i)
      if (auto one = due(items_[i])) {
        w.value(file_.code_of(one->item));
        all.push_back(std::move(*one));
      }
    w.end_array().end_object();
    if (all.empty()) return base::Done{};
    const auto entry =
        static_cast<std::int64_t>(c.tell({t_.puts ? "tagged" : "untagged", t_.who, "", payload}));
    std::int64_t id = sql_.number("select coalesce(max(id), 0) from tag_change");
    for (TagChange& one : all) {
      const std::int64_t key = tagged_key(one.tag, one.item);
      if (t_.puts)
        TRY(c.add(Tagged{key, one.item, one.tag, one.at, one.who}));
      else
        c.remove<Tagged>(key);
      one.id = ++id, one.entry = entry;
      TRY(c.add(one));
    }
    return base::Done{};
  }

  CaseFile& file_;
  store::Sql& sql_;
  kernel::Job job_;
  Tagging t_;
  Tag tag_;
  std::vector<std::int64_t> items_;
};

}  // namespace

std::vector<std::uint64_t> tag_entries(CaseFile& file, std::int64_t item) {
  std::vector<std::uint64_t> out;
  file.records().each(
      "select distinct entry from tag_change where item = ? order by entry",
      [&](store::Statement& s) { out.push_back(static_cast<std::uint64_t>(s.integer(0))); }, item);
  return out;
}

base::Result<std::int64_t> begin_tagging(CaseFile& file, std::int64_t tag, bool on,
                                         std::vector<std::uint32_t> items) {
  const auto met = only(store::select<Tag>(file.records(), "where id = ?", tag));
  if (!met) return base::Error{base::Refusal::not_found, "there is no such tag in this case"};
  if (on && met->retired)
    return base::Error{base::Refusal::conflict,
                       "\"" + met->name + "\" is retired: it is taken off items, and put on none"};
  if (items.empty()) return base::Error{base::Refusal::invalid, "there is no item to tag; name at least one"};
  std::ranges::sort(items);
  items.erase(std::unique(items.begin(), items.end()), items.end());
  for (const std::uint32_t i : items)
    if (!file.records().number("select number from item where number = ?", std::int64_t{i}))
      return base::Error{base::Refusal::not_found, "there is no item " + file.code_of(i)};
  Tagging t;
  t.tag = tag, t.puts = on, t.items = ranges_of(items);
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    t.job = TRY(ask(c, file, t, *met, static_cast<std::int64_t>(items.size())));
    return base::Done{};
  }));
  return t.job;
}

base::Result<std::int64_t> begin_undo(CaseFile& file, std::int64_t job) {
  std::int64_t out = 0;
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    auto was = tagging(file, job);
    const auto state = file.desk().job(job);
    if (!was || !state) return base::Error{base::Refusal::not_found, "there is no such job in this case"};
    const auto refuse = [](const char* why) { return base::Error{base::Refusal::conflict, why}; };
    if (was->undoes) return refuse("this job is an undo itself; tag the items again instead");
    if (was->undone_by) return refuse("this job was undone already");
    if (state->state != "done") return refuse("this job still goes on; undo it when it has ended");
    const auto tag = only(store::select<Tag>(file.records(), "where id = ?", was->tag));
    CHECK(tag.has_value());
    Tagging t;
    t.tag = was->tag, t.puts = !was->puts, t.undoes = job;
    out = TRY(
        ask(c, file, t, *tag, file.records().number("select count(*) from tag_change where job = ?", job)));
    was->undone_by = out;
    return c.edit(*was);
  }));
  return out;
}

std::optional<TagJob> tag_job(CaseFile& file, std::int64_t job) {
  const auto t = tagging(file, job);
  const auto j = file.desk().job(job);
  if (!t || !j) return {};
  return TagJob{t->job,    t->tag,
                t->puts,   t->who,
                t->undoes, t->undone_by,
                j->state,  j->done,
                j->total,  file.records().number("select count(*) from tag_change where job = ?", job)};
}

void run_tagging(CaseFile& file, const std::atomic<bool>* stop,
                 const std::function<void(std::int64_t, std::int64_t, std::int64_t)>& ticked) {
  const auto stopped = [&] { return stop && *stop; };
  kernel::Desk& desk = file.desk();
  const auto open = [&] {
    return file.records().number("select count(*) from job where kind = ? and state <> 'done'", kJob) > 0;
  };
  if (!open()) return;
  const base::Fd lock(::open((file.folder() + "/tagging.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock) base::fault_errno("cannot lock " + file.folder());
  while (::flock(lock.get(), LOCK_EX | LOCK_NB)) {
    if (stopped()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  desk.resume(kJob);  // whoever ran them is gone: the lock was theirs
  while (!stopped()) {
    const auto job = desk.take(kJob, std::to_string(::getpid()));
    if (!job) return;
    Run run(file, *job);
    while (run.done() < run.total() && !stopped()) {
      run.batch();
      if (ticked) ticked(job->id, run.done(), run.total());
    }
    if (run.done() < run.total()) break;
    desk.finish(job->id);
  }
  desk.resume(kJob);
}

}  // namespace evidence

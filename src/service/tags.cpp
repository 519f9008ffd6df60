// Tags of a case, and the jobs that put them on many items.
#include "core.h"

#include <base/json.h>
#include <evidence/tags.h>

#include <boost/json.hpp>

#include <charconv>
#include <condition_variable>
#include <deque>
#include <exception>

namespace service {
namespace {

using http::Request;
using http::Response;

constexpr std::chrono::seconds kAgain{10};  // after a fault: a full disk, a backup that holds the records

// Does what waits in the cases, one after another, on a thread of its own; first what an earlier run left.
class Runner {
 public:
  explicit Runner(Core& core) : core_(core), thread_([this] { run(); }) {}
  ~Runner() {
    stop_ = true;
    {
      const std::lock_guard lock(mutex_);
      woken_.notify_all();
    }
    thread_.join();
  }
  void wake(evidence::CaseName name) {
    const std::lock_guard lock(mutex_);
    troubles_.erase(name.id);
    waiting_.push_back(std::move(name));
    woken_.notify_all();
  }
  // Why a job does not go on at present, in words; empty: it does.
  std::string trouble(const std::string& case_id) {
    const std::lock_guard lock(mutex_);
    const auto at = troubles_.find(case_id);
    return at == troubles_.end() ? std::string() : at->second;
  }

 private:
  void run() {
    try {
      for (evidence::CaseName& c : core_.book.cases()) wake(std::move(c));
    } catch (const std::exception& e) { say(std::string("tagging cannot look for open jobs: ") + e.what()); }
    std::unique_lock lock(mutex_);
    while (!stop_) {
      if (waiting_.empty()) {
        woken_.wait(lock);
        continue;
      }
      const evidence::CaseName name = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      const bool well = work(name);
      lock.lock();
      if (well) continue;
      troubles_[name.id] = "it was interrupted and goes on by itself; if this lasts, tell the administrator";
      waiting_.push_back(name);
      woken_.wait_for(lock, kAgain, [this] { return stop_.load(); });
    }
  }
  bool work(const evidence::CaseName& name) {
    try {
      const auto file = evidence::open_case(core_.office, name);
      if (!file.ok()) {
        say("tagging in a case: " + file.error().message);
        return false;
      }
      evidence::run_tagging(**file, &stop_);
      const std::lock_guard lock(mutex_);
      troubles_.erase(name.id);
      return true;
    } catch (const std::exception& e) {
      say(std::string("tagging in a case: ") + e.what());
      return false;
    }
  }
  void say(const std::string& line) const {
    if (core_.options.log) core_.options.log(line);
  }

  Core& core_;
  std::mutex mutex_;
  std::condition_variable woken_;
  std::deque<evidence::CaseName> waiting_;
  std::map<std::string, std::string> troubles_;  // by case
  std::atomic<bool> stop_{false};
  std::thread thread_;  // last: it uses the others
};

std::optional<std::int64_t> number_in(std::string_view digits) {
  std::int64_t n = 0;
  const auto r = std::from_chars(digits.data(), digits.data() + digits.size(), n);
  if (digits.empty() || r.ec != std::errc() || r.ptr != digits.data() + digits.size() || n < 1) return {};
  return n;
}

class TagDesk {
 public:
  explicit TagDesk(Core& core) : core_(core), runner_(core) {}

  base::Result<Response> list(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name =
        TRY(core_.case_for(who, request.place("id"), rights::Act::search, "item"));
    const auto file = TRY(core_.open(who, name));
    // The colours tell tags apart for the eye; nothing depends on them.
    static constexpr std::array colours{"blue", "teal", "green", "orange", "purple", "red", "yellow", "grey"};
    std::string out;
    base::JsonWriter w(out);
    w.object().key("tags").array();
    for (const evidence::TagView& t : evidence::tags(*file))
      w.object()
          .member("id", std::to_string(t.id))
          .member("name", t.name)
          .member("color_name", colours[static_cast<std::size_t>(t.id - 1) % colours.size()])
          .member("count", t.count)
          .end_object();
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> add(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(annotated(who, request.place("id")));
    const std::string tag = TRY(text_member(TRY(request.json()), "name"));
    const auto file = TRY(core_.open(who, name));
    const std::int64_t id = TRY(evidence::add_tag(*file, tag));
    std::string out;
    base::JsonWriter(out).object().member("id", std::to_string(id)).end_object();
    return Response::json(out, 201);
  }

  base::Result<Response> bulk(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(annotated(who, request.place("id")));
    const boost::json::value body = TRY(request.json());
    const auto tag = number_in(TRY(text_member(body, "tag")));
    const auto* on = body.get_object().if_contains("on");
    if (!on || !on->is_bool())
      return base::Error{base::Refusal::invalid, "\"on\" is missing, or not true or false"};
    std::vector<std::uint32_t> items = TRY(items_of(who, name, body));
    if (!tag) return not_found();
    const auto file = TRY(core_.open(who, name));
    const auto job = evidence::begin_tagging(*file, *tag, on->get_bool(), std::move(items));
    if (!job.ok()) return job.error().why == base::Refusal::not_found ? not_found() : job.error();
    return begun(name, *job);
  }

  base::Result<Response> job(Request& request) {
    if (const auto check = core_.check(Core::who(request), request.place("id")))
      return Response::json(*check);
    const Mine mine = TRY(job_of(Core::who(request), request.place("id")));
    std::string out;
    base::JsonWriter w(out);
    w.object()
        .member("done", mine.job.done)
        .member("expected", mine.job.expected)
        .member("state", mine.job.state);
    w.member("changed", mine.job.changed);
    w.member("detail", mine.job.state == "done" ? std::string() : runner_.trouble(mine.name.id)).end_object();
    return Response::json(out);
  }

  base::Result<Response> undo(Request& request) {
    const Who& who = Core::who(request);
    const Mine mine = TRY(job_of(who, request.place("id")));
    TRY(annotated(who, mine.name.id));
    const auto file = TRY(core_.open(who, mine.name));
    return begun(mine.name, TRY(evidence::begin_undo(*file, mine.job.id)));
  }

 private:
  // The case, if they may tag in it. Refuses: not_found, denied.
  base::Result<evidence::CaseName> annotated(const Who& who, std::string_view case_id) {
    evidence::CaseName name = TRY(core_.case_for(who, case_id, rights::Act::search, "item"));
    if (!core_.may(who, rights::Act::annotate, "item", name.id)) return no_right();
    return name;
  }
  base::Result<std::vector<std::uint32_t>> items_of(const Who& who, const evidence::CaseName& name,
                                                    const boost::json::value& body) {
    const bool named = body.get_object().contains("items");
    if (named == body.get_object().contains("search"))
      return base::Error{base::Refusal::invalid, "give either \"search\" or \"items\""};
    if (!named) {
      const auto asked = core_.asked(who, TRY(text_member(body, "search")));
      if (!asked || asked->case_id != name.id) return not_found();
      return asked->search->items();
    }
    const std::string prefix = name.id + "-";
    std::vector<std::uint32_t> out;
    for (const std::string& id : TRY(list_member(body, "items"))) {
      const auto number = id.starts_with(prefix) ? number_in(id.substr(prefix.size())) : std::nullopt;
      if (!number || *number > UINT32_MAX) return not_found();
      out.push_back(static_cast<std::uint32_t>(*number));
    }
    return out;
  }
  // A job of theirs, "<case>-<number>", in a case that they may still see. Refuses: not_found.
  struct Mine {
    evidence::CaseName name;
    evidence::TagJob job;
  };
  base::Result<Mine> job_of(const Who& who, std::string_view id) {
    const Core::ItemName at = TRY(core_.item_for(who, id, rights::Act::search));
    const auto file = TRY(core_.open(who, at.in));
    const auto met = evidence::tag_job(*file, at.number);
    if (!met || met->who != who.account.code) return not_found();
    return Mine{at.in, *met};
  }
  base::Result<Response> begun(const evidence::CaseName& name, std::int64_t job) {
    runner_.wake(name);
    std::string out;
    base::JsonWriter(out).object().member("job", Core::item_id(name.id, job)).end_object();
    return Response::json(out, 202);
  }

  Core& core_;
  Runner runner_;
};

}  // namespace

std::vector<http::Route> tag_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<TagDesk>(core);
  const auto does = [desk](base::Result<Response> (TagDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::get, "/cases/{id}/tags", "tag.list", "", "{tags}", "application/json", 0,
                 http::Runs::in_pool, does(&TagDesk::list)});
  out.push_back({Method::post, "/cases/{id}/tags", "tag.add", "{name}", "{id}", "application/json", 8192,
                 http::Runs::in_pool, does(&TagDesk::add)});
  out.push_back({Method::post, "/cases/{id}/bulk", "tag.bulk", "{search|items,tag,on}", "{job}",
                 "application/json", 4 << 20, http::Runs::in_pool, does(&TagDesk::bulk)});
  out.push_back({Method::get, "/jobs/{id}", "job.read", "", "{done,expected,state,changed,detail}",
                 "application/json", 0, http::Runs::in_pool, does(&TagDesk::job)});
  out.push_back({Method::post, "/jobs/{id}/undo", "job.undo", "", "{job}", "application/json", 1024,
                 http::Runs::in_pool, does(&TagDesk::undo)});
  return out;
}

}  // namespace service

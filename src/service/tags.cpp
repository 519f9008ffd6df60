// Tags, issue codes and folders of a case, and the jobs that put them on many items.
#include "scope.h"
#include "versions.h"

#include <base/json.h>
#include <evidence/tags.h>

#include <boost/json.hpp>

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
    for (const evidence::TagView& t : evidence::tags(*file, TRY(kind_in(request.query("kind")))))
      write(w, t, colours[static_cast<std::size_t>(t.id - 1) % colours.size()]);
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> add(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name =
        TRY(core_.case_for(who, request.place("id"), rights::Act::search, "item"));
    const boost::json::value body = TRY(request.json());
    const std::string_view kind = TRY(kind_in(optional_text(body, "kind")));
    TRY(shapes(who, name, kind));
    evidence::TagDraft draft;
    draft.kind = kind;
    TRY(read(body, draft));
    const auto file = TRY(core_.open(who, name));
    const std::int64_t id = TRY(evidence::add_tag(*file, draft));
    std::string out;
    base::JsonWriter(out).object().member("id", std::to_string(id)).end_object();
    return Response::json(out, 201);
  }

  base::Result<Response> change(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name =
        TRY(core_.case_for(who, request.place("id"), rights::Act::search, "item"));
    const std::int64_t number = key_in(request.place("tag"));
    const auto file = TRY(core_.open(who, name));
    const auto now = evidence::tag_at(*file, number);
    if (!now) return not_found();
    TRY(shapes(who, name, now->kind));
    if (version_asked(request) != now->version) {
      std::string json;
      base::JsonWriter w(json);
      write(w, *now, {});
      return Response::problem({412,
                                "changed_meanwhile",
                                "",
                                "this was changed meanwhile; look at the newer version and change that",
                                {},
                                {{"current", json}}});
    }
    evidence::TagDraft draft;
    draft.kind = now->kind;
    TRY(read(TRY(request.json()), draft));
    const auto done = evidence::change_tag(*file, now->id, now->version, draft);
    if (!done.ok()) return done.error();
    return Response::empty();
  }

  base::Result<Response> bulk(Request& request) {
    const Who& who = Core::who(request);
    const evidence::CaseName name = TRY(annotated(who, request.place("id")));
    const boost::json::value body = TRY(request.json());
    const std::int64_t tag = key_in(TRY(base::text_of(body, "tag")));
    const auto* on = body.get_object().if_contains("on");
    if (!on || !on->is_bool())
      return base::Error{base::Refusal::invalid, "\"on\" is missing, or not true or false"};
    std::vector<std::uint32_t> items = TRY(items_asked(core_, who, name, body));
    if (!tag) return not_found();
    const auto file = TRY(core_.open(who, name));
    const auto job = evidence::begin_tagging(*file, tag, on->get_bool(), std::move(items));
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
  static base::Result<std::string_view> kind_in(const std::optional<std::string>& said) {
    for (const std::string_view kind : {evidence::kTag, evidence::kIssue, evidence::kFolder})
      if (said.value_or("tag") == kind) return kind;
    return base::Error{base::Refusal::invalid, "\"kind\" is tag, issue or folder; or leave it out"};
  }
  static std::optional<std::string> optional_text(const boost::json::value& body, std::string_view name) {
    const auto* o = body.if_object();
    const auto* v = o ? o->if_contains(name) : nullptr;
    if (!v || !v->is_string()) return {};
    return std::string(v->get_string());
  }
  static base::Status read(const boost::json::value& body, evidence::TagDraft& draft) {
    draft.name = TRY(base::text_of(body, "name"));
    draft.code = optional_text(body, "code").value_or("");
    draft.french = optional_text(body, "french").value_or("");
    draft.description = optional_text(body, "description").value_or("");
    if (const auto parent = optional_text(body, "parent"); parent && !parent->empty()) {
      draft.parent = key_in(*parent);
      if (!draft.parent) return base::Error{base::Refusal::invalid, "\"parent\" is no id of this case"};
    }
    if (const auto* v = body.get_object().if_contains("retired"); v && v->is_bool())
      draft.retired = v->get_bool();
    return base::Done{};
  }
  static void write(base::JsonWriter& w, const evidence::TagView& t, std::string_view colour) {
    w.object().member("id", std::to_string(t.id)).member("name", t.name);
    if (!colour.empty()) w.member("color_name", colour);
    w.member("count", t.count).member("etag", etag_of(t.version));
    w.member("kind", t.kind).member("path", t.path).member("below", t.below).key("parent");
    if (t.parent)
      w.value(std::to_string(t.parent));
    else
      w.null();
    if (t.kind == evidence::kIssue)
      w.member("code", t.code).member("french", t.french).member("description", t.description);
    w.member("retired", t.retired).end_object();
  }
  // Whether they may make or change such a thing: the coding scheme belongs to the casework, what else is put
  // on items to whoever annotates them. Refuses: denied.
  base::Status shapes(const Who& who, const evidence::CaseName& name, std::string_view kind) {
    const bool may = kind == evidence::kIssue ? core_.may(who, rights::Act::change, "case", name.id)
                                              : core_.may(who, rights::Act::annotate, "item", name.id);
    if (!may) return no_right();
    return base::Done{};
  }
  // The case, if they may tag in it. Refuses: not_found, denied.
  base::Result<evidence::CaseName> annotated(const Who& who, std::string_view case_id) {
    evidence::CaseName name = TRY(core_.case_for(who, case_id, rights::Act::search, "item"));
    if (!core_.may(who, rights::Act::annotate, "item", name.id)) return no_right();
    return name;
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
  out.push_back({Method::get, "/cases/{id}/tags", "tag.list", "application/json", 0, http::Runs::in_pool,
                 does(&TagDesk::list)});
  out.push_back({Method::put, "/cases/{id}/tags/{tag}", "tag.change", "application/json", 16384,
                 http::Runs::in_pool, does(&TagDesk::change)});
  out.push_back({Method::post, "/cases/{id}/tags", "tag.add", "application/json", 16384, http::Runs::in_pool,
                 does(&TagDesk::add)});
  out.push_back({Method::post, "/cases/{id}/bulk", "tag.bulk", "application/json", 4 << 20,
                 http::Runs::in_pool, does(&TagDesk::bulk)});
  out.push_back({Method::get, "/jobs/{id}", "job.read", "application/json", 0, http::Runs::in_pool,
                 does(&TagDesk::job)});
  out.push_back({Method::post, "/jobs/{id}/undo", "job.undo", "application/json", 1024, http::Runs::in_pool,
                 does(&TagDesk::undo)});
  return out;
}

}  // namespace service

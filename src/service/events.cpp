#include "core.h"

#include <base/bytes.h>
#include <base/json.h>

#include <boost/json.hpp>

#include <algorithm>

namespace service {
namespace {

// What another process said last of a processing holds so long: it may have died.
constexpr double kSilentSeconds = 10;
constexpr std::string_view kProcessing = "processing", kChanged = "changed";

}  // namespace

Events::Events(Core& core, std::unique_ptr<store::Bell> bell)
    : core_(core), self_(base::hex(base::random_bytes(8))), bell_(std::move(bell)) {}

void Events::listen(const Who& who, std::shared_ptr<http::EventStream> stream) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [](const Listener& l) { return l.stream.expired(); });
  listeners_.push_back({who.account.person, who.session.id, stream});
}

void Events::tell_person(std::int64_t person, std::string_view event, const std::string& data) {
  tell({std::string(event), data, {}, person});
}
void Events::processing(const std::string& case_id, const std::string& json, bool over) {
  tell({std::string(kProcessing), json, case_id, 0, over});
}
std::string Events::processing_of(std::string_view case_id) {
  const std::lock_guard lock(mutex_);
  const auto at = processing_.find(case_id);
  if (at == processing_.end()) return {};
  if (!at->second.here && core_.clock.seconds() - at->second.told > kSilentSeconds) return {};
  return at->second.json;
}
void Events::changed(std::string_view what) {
  if (bell_) tell({std::string(kChanged), std::string(what)});
}
void Events::on_change(std::string what, std::function<void()> f) {
  on_change_.emplace_back(std::move(what), std::move(f));
}

void Events::tell(const Word& w) {
  if (w.event == kProcessing) {
    const std::lock_guard lock(mutex_);
    if (w.over)
      processing_.erase(w.case_id);
    else
      processing_[w.case_id] = {w.data, core_.clock.seconds(), true};
  }
  deliver(w);
  if (!bell_) return;
  std::string out;
  base::JsonWriter(out)
      .object()
      .member("from", self_)
      .member("event", w.event)
      .member("data", w.data)
      .member("case", w.case_id)
      .member("person", w.person)
      .member("over", w.over)
      .end_object();
  bell_->tell(out);
}
void Events::deliver(const Word& w) {
  if (w.event == kChanged) return;
  std::vector<Listener> all;
  {
    const std::lock_guard lock(mutex_);
    all = listeners_;
  }
  for (const Listener& l : all) {
    const auto stream = l.stream.lock();
    if (!stream || !stream->open() || (w.person && l.person != w.person)) continue;
    const std::shared_ptr<Who> who = core_.still_here(l.person, l.session);
    if (who && (w.person || core_.could(*who, {rights::Act::search, "case", w.case_id})))
      stream->send(w.event, w.data);
  }
}

// From the database that all share; what is no word of ours is let pass.
void Events::heard(std::string_view text) {
  boost::system::error_code broken;
  const boost::json::value v = boost::json::parse(text, broken);
  const auto* o = v.if_object();
  if (broken || !o) return;
  const auto said = [&](std::string_view name) {
    const auto* m = o->if_contains(name);
    return m && m->is_string() ? std::string(m->get_string()) : std::string();
  };
  if (said("from") == self_) return;
  Word w{said("event"), said("data"), said("case"), 0, false};
  if (const auto* m = o->if_contains("person"); m && m->is_int64()) w.person = m->get_int64();
  if (const auto* m = o->if_contains("over"); m && m->is_bool()) w.over = m->get_bool();
  if (w.event == kChanged) {
    for (const auto& [what, f] : on_change_)
      if (what == w.data) f();
    return;
  }
  if (w.event == kProcessing) {
    const std::lock_guard lock(mutex_);
    if (w.over)
      processing_.erase(w.case_id);
    else
      processing_[w.case_id] = {w.data, core_.clock.seconds(), false};
  }
  deliver(w);
}

void Events::hear(const std::atomic<bool>& stop) {
  bool missed = false;  // something, while the connection was down
  while (bell_ && !stop) try {
      const bool there =
          bell_->hear(std::chrono::milliseconds(300), [this](std::string_view text) { heard(text); });
      if (there && missed)
        for (const auto& [what, f] : on_change_) f();
      missed = !there;
    } catch (const std::exception& e) {
      if (core_.options.log) core_.options.log(std::string("a word of another server: ") + e.what());
    }
}

}  // namespace service

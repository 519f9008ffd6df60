#include "core.h"

#include <base/bytes.h>
#include <http/security.h>

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace service {
namespace {

constexpr std::size_t kSearchesKept = 500, kIdleOfACase = 8, kChecksKept = 1000;
constexpr rights::Time kAlways = std::int64_t{1} << 60;

}  // namespace

base::Error not_found() {
  return {base::Refusal::not_found, "there is nothing here, or nothing for you to see"};
}
base::Error no_right() {
  return {base::Refusal::denied, "your roles do not allow this; ask the head of your team"};
}
std::uint64_t number_of_case(std::string_view id) {
  std::uint64_t n = 0;
  std::from_chars(id.data(), id.data() + id.size(), n, 16);
  return n ? n : 1;
}

base::Result<std::string> text_member(const boost::json::value& body, std::string_view name) {
  if (const auto* o = body.if_object())
    if (const auto* v = o->if_contains(name); v && v->is_string()) return std::string(v->get_string());
  return base::Error{base::Refusal::invalid, "\"" + std::string(name) + "\" is missing, or no text"};
}
base::Result<std::vector<std::string>> list_member(const boost::json::value& body, std::string_view name) {
  const base::Error wrong{base::Refusal::invalid,
                          "\"" + std::string(name) + "\" is missing, or no list of texts"};
  const auto* o = body.if_object();
  const auto* v = o ? o->if_contains(name) : nullptr;
  if (!v || !v->is_array()) return wrong;
  std::vector<std::string> out;
  for (const boost::json::value& s : v->get_array()) {
    if (!s.is_string()) return wrong;
    out.emplace_back(s.get_string());
  }
  return out;
}

Core::Core(evidence::Office& o, Book& b, rights::Policy p, Options with, const base::Clock& c)
    : office(o),
      book(b),
      policy(std::move(p)),
      options(std::move(with)),
      clock(c),
      passwords(policy.limits(), {1, [this](std::string_view s) { return book.pepper_mac(s); }}),
      common(rights::shipped_common_passwords()) {}

std::shared_ptr<Who> Core::who_of(const http::Request& request) {
  return who_of(request.cookie(request.secure ? "__Host-sid" : "sid"));
}
std::shared_ptr<Who> Core::who_of(std::string_view token) {
  if (token.empty()) return {};
  std::optional<rights::Session> session = book.session(token);
  if (!session) return {};
  const std::optional<Account> account = book.account(session->person);
  if (!account || account->disabled) return {};
  const rights::Time now = book.now();
  if (rights::life_of(*session, now, account->epoch, policy.limits()) != rights::Life::alive) return {};
  if (now - session->last_seen >= 30) {
    session = rights::touched(*session, now);
    book.touch(*session);
  }
  auto who = std::make_shared<Who>();
  who->account = *account;
  who->session = *session;
  who->token = token;
  who->cases = strings_of(account->cases);
  for (const std::string& id : who->cases) who->assignments.push_back({number_of_case(id), kAlways});
  rights::Subject& s = who->subject;
  s.person = static_cast<std::uint64_t>(account->person);
  s.organ = static_cast<std::uint32_t>(account->organ);
  for (const std::string& name : strings_of(account->roles))
    if (const auto bit = policy.role(name)) s.roles |= *bit;
  s.clearance = rights::classification_named(account->clearance);
  s.assignments = who->assignments;
  s.conflicts = std::span<const std::uint64_t>();
  s.sign_in = session->strength;
  s.stepped_up = session->stepped_up;
  s.epoch = static_cast<std::uint64_t>(account->epoch);
  return who;
}
const Who& Core::who(const http::Request& request) {
  const auto* held = std::any_cast<std::shared_ptr<Who>>(&request.context);
  CHECK(held && *held);
  return **held;
}

bool Core::may(const Who& who, rights::Act act, std::string_view kind, std::string_view case_id) const {
  const auto k = policy.kind(kind);
  if (!k) return false;
  rights::Object object;
  object.kind = k;
  object.case_id = case_id.empty() ? 0 : number_of_case(case_id);
  object.label = rights::Label{rights::Classification::internal, {}};
  object.held = false;
  object.embargo_until = 0;
  rights::Request request;
  request.act = act;
  request.now = book.now();
  // The purpose is the first that a role of theirs may name; it stands in the ledger with the role.
  for (std::size_t p = 0; p < policy.purposes().size(); ++p) {
    const auto id = static_cast<rights::PurposeId>(p);
    if (!(policy.may_name(id) & who.subject.roles)) continue;
    request.purpose = rights::Purpose{id, object.case_id, request.now + 1, false};
    if (rights::decide(policy, who.subject, object, request).allowed) return true;
  }
  request.purpose.reset();
  return rights::decide(policy, who.subject, object, request).allowed;
}

std::vector<evidence::CaseName> Core::cases_for(const Who& who, rights::Act act, std::string_view kind) {
  std::vector<evidence::CaseName> out;
  for (evidence::CaseName& c : book.cases())
    if (may(who, act, kind, c.id)) out.push_back(std::move(c));
  return out;
}
base::Result<evidence::CaseName> Core::case_for(const Who& who, std::string_view id, rights::Act act,
                                                std::string_view kind) {
  // The decision is made before the case is looked for, so that both ways cost the same.
  const bool allowed = may(who, act, kind, id);
  std::optional<evidence::CaseName> met = book.case_of(id);
  if (!allowed || !met) return not_found();
  return std::move(*met);
}

base::Result<Core::Lease> Core::open(const Who& who, const evidence::CaseName& name) {
  std::shared_ptr<evidence::CaseFile> file;
  {
    const std::lock_guard lock(mutex_);
    if (auto& idle = idle_[name.id]; !idle.empty()) {
      file = std::move(idle.back());
      idle.pop_back();
    }
  }
  if (!file) file = TRY(evidence::open_case(office, name));
  evidence::act_as(*file, who.account.code);
  return Lease(*this, name.id, std::move(file));
}
Core::Lease::~Lease() {
  if (!file_) return;
  const std::lock_guard lock(core_->mutex_);
  if (auto& idle = core_->idle_[id_]; idle.size() < kIdleOfACase) idle.push_back(std::move(file_));
}

std::string Core::item_id(std::string_view case_id, std::int64_t number) {
  return std::string(case_id) + "-" + std::to_string(number);
}
base::Result<Core::ItemName> Core::item_for(const Who& who, std::string_view id, rights::Act act) {
  const std::size_t dash = id.find('-');
  ItemName out;
  const std::string_view digits = dash == std::string_view::npos ? "" : id.substr(dash + 1);
  const auto r = std::from_chars(digits.data(), digits.data() + digits.size(), out.number);
  if (digits.empty() || r.ec != std::errc() || r.ptr != digits.data() + digits.size() || out.number < 1)
    return not_found();
  out.in = TRY(case_for(who, id.substr(0, dash), act, "item"));
  return out;
}

std::string Core::keep(Asked asked) {
  std::string id = base::hex(base::random_bytes(16));
  const std::lock_guard lock(mutex_);
  searches_.emplace_front(id, std::move(asked));
  if (searches_.size() > kSearchesKept) searches_.pop_back();
  return id;
}
std::optional<Core::Asked> Core::asked(const Who& who, std::string_view id) {
  std::optional<Asked> out;
  {
    const std::lock_guard lock(mutex_);
    const auto at = std::ranges::find(searches_, id, &std::pair<std::string, Asked>::first);
    if (at == searches_.end() || at->second.person != who.account.person) return {};
    searches_.splice(searches_.begin(), searches_, at);
    out = searches_.front().second;
  }
  // A right that was taken away ends the looking through as well.
  if (!may(who, rights::Act::search, "item", out->case_id)) return {};
  return out;
}

std::string Core::keep_check(const Who& who, std::string json) {
  std::string id = "check-" + base::hex(base::random_bytes(16));
  const std::lock_guard lock(mutex_);
  if (checks_.size() >= kChecksKept) checks_.clear();
  checks_[id] = {who.account.person, std::move(json)};
  return id;
}
std::optional<std::string> Core::check(const Who& who, std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto at = checks_.find(id);
  if (at == checks_.end() || at->second.first != who.account.person) return {};
  return at->second.second;
}

std::string Core::processing(std::string_view case_id) {
  const std::lock_guard lock(mutex_);
  const auto at = processing_.find(case_id);
  return at == processing_.end() ? std::string() : at->second;
}
void Core::processing(std::string_view case_id, std::string json) {
  const std::lock_guard lock(mutex_);
  if (json.empty())
    processing_.erase(std::string(case_id));
  else
    processing_[std::string(case_id)] = std::move(json);
}

void Core::listen(const Who& who, std::shared_ptr<http::EventStream> stream) {
  const std::lock_guard lock(mutex_);
  std::erase_if(listeners_, [](const Listener& l) { return l.stream.expired(); });
  listeners_.push_back({who.account.person, stream});
}
void Core::tell(std::string_view case_id, std::string_view event, const std::string& data) {
  std::vector<Listener> all;
  {
    const std::lock_guard lock(mutex_);
    all = listeners_;
  }
  for (const Listener& l : all) {
    const auto stream = l.stream.lock();
    if (!stream || !stream->open()) continue;
    const std::optional<Account> account = book.account(l.person);
    if (!account || account->disabled) continue;
    const std::vector<std::string> cases = strings_of(account->cases);
    if (std::ranges::find(cases, case_id) != cases.end()) stream->send(event, data);
  }
}

Core::~Core() { stop(); }
void Core::work(std::function<void(const std::atomic<bool>&)> job) {
  const std::lock_guard lock(mutex_);
  if (stop_) return;
  std::erase_if(workers_, [](Worker& w) {
    if (!w.over) return false;
    w.thread.join();
    return true;
  });
  Worker& w = workers_.emplace_back();
  w.thread = std::thread([this, &w, job = std::move(job)]() mutable {
    try {
      job(stop_);
    } catch (const std::exception& e) {
      if (options.log) options.log(std::string("work behind the requests ended: ") + e.what());
    }
    job = nullptr;  // what it holds ends before the Core does
    w.over = true;
  });
}
void Core::stop() {
  std::list<Worker> all;
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    all.swap(workers_);
  }
  for (Worker& w : all)
    if (w.thread.joinable()) w.thread.join();
}

}  // namespace service

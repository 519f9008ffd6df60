#include "core.h"
#include "numbers.h"

#include <base/bytes.h>
#include <base/json.h>
#include <base/text.h>
#include <http/security.h>

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace service {
namespace {

constexpr std::size_t kSearchesKept = 500, kIdleOfACase = 8, kAddressBytes = 3000;
constexpr rights::Time kCheckSeconds = 86'400;

std::unique_ptr<store::Bell> bell_of(const evidence::Office& office) {
  if (office.database().empty()) return {};
  return std::make_unique<store::Bell>(office.database(), "custos_" + office.id());
}

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

base::Result<std::string> reason_member(const boost::json::value& body, const rights::Limits& limits) {
  const std::string said = TRY(base::text_of(body, "reason"));
  const std::string_view reason = base::trim(said);
  if (reason.size() < static_cast<std::size_t>(limits.reason_characters_min))
    return base::Error{
        base::Refusal::invalid,
        "say in \"reason\" why, in at least " + std::to_string(limits.reason_characters_min) + " characters"};
  return std::string(base::cut(reason, 1000));
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
      common(rights::shipped_common_passwords()),
      challenges(o, b),
      events(*this, bell_of(o)),
      jobs(*this) {}

std::shared_ptr<Who> Core::who_of(const http::Request& request) {
  return who_of(request.cookie(request.secure ? "__Host-sid" : "sid"));
}
std::shared_ptr<Who> Core::who_of(std::string_view token) {
  if (token.empty()) return {};
  const kernel::Desk::Reading reading(book.desk());
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
  auto who = who_of(*account, *session);
  who->token = token;
  return who;
}
std::shared_ptr<Who> Core::who_of(const Account& account, rights::Session session) const {
  auto who = std::make_shared<Who>();
  who->account = account;
  who->session = std::move(session);
  load_rights(*who);
  return who;
}
const Who& Core::who(const http::Request& request) {
  const auto* held = std::any_cast<std::shared_ptr<Who>>(&request.context);
  CHECK(held && *held);
  return **held;
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
  evidence::act_as(*file, who.account.code, basis(who, name.id));
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
  out.number = key_in(digits);
  if (!out.number) return not_found();
  out.in = TRY(case_for(who, id.substr(0, dash), act, "item"));
  return out;
}

base::Result<search::Sort> Core::sort_named(std::string_view name) {
  if (name == "relevance") return search::Sort::relevance;
  if (name == "date") return search::Sort::date;
  if (name == "path") return search::Sort::path;
  return base::Error{base::Refusal::invalid, "\"sort\" is relevance, date or path"};
}
namespace {

constexpr std::string_view kSearch = "a search that is looked through";

std::string text_of(const Core::Asked& a) {
  std::string out;
  base::JsonWriter w(out);
  w.object().member("person", a.person).member("case", a.case_id).member("query", a.what.query);
  w.member("sort", a.sort).key("facets").array();
  for (const auto& [facet, values] : a.what.facets) {
    w.array().value(facet);
    for (const std::string& v : values) w.value(v);
    w.end_array();
  }
  w.end_array().end_object();
  return out;
}
Core::Asked asked_in(std::string_view text) {  // of our own writing
  const boost::json::value v = boost::json::parse(text);
  Core::Asked a;
  a.person = v.at("person").to_number<std::int64_t>();
  a.case_id = v.at("case").as_string(), a.sort = v.at("sort").as_string();
  a.what.query = v.at("query").as_string(), a.what.sort = Core::sort_named(a.sort).value();
  for (const auto& facet : v.at("facets").as_array()) {
    auto& [name, values] = a.what.facets.emplace_back();
    for (const auto& said : facet.as_array())
      (name.empty() ? name : values.emplace_back()) = std::string(said.as_string());
  }
  return a;
}

}  // namespace

std::string Core::keep(Asked asked) {
  // A question too long for an address is known here alone.
  const std::string text = text_of(asked);
  std::string id = text.size() <= kAddressBytes ? rights::base64url(office.seal(kSearch, text))
                                                : base::hex(base::random_bytes(16));
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
    if (at != searches_.end()) {
      searches_.splice(searches_.begin(), searches_, at);
      out = searches_.front().second;
    }
  }
  if (!out)
    if (const auto sealed = rights::unbase64url(id))
      if (const auto text = office.unseal(kSearch, *sealed)) out = asked_in(*text);
  // A right that was taken away ends the looking through as well.
  if (!out || out->person != who.account.person || !may(who, rights::Act::search, "item", out->case_id))
    return {};
  if (out->search) return out;
  const auto name = book.case_of(out->case_id);
  if (!name) return {};
  auto file = open(who, *name);
  if (!file) return {};
  auto found = evidence::Search::run(**file, out->what);
  if (!found) return {};
  out->search = *found;
  const std::lock_guard lock(mutex_);
  searches_.emplace_front(std::string(id), *out);
  if (searches_.size() > kSearchesKept) searches_.pop_back();
  return out;
}

std::string Core::keep_check(const Who& who, std::string_view json) {
  const std::string id = "check-" + base::hex(base::random_bytes(16));
  book.keep("check", id + " " + who.account.code, json, book.now() + kCheckSeconds);
  return id;
}
std::optional<std::string> Core::check(const Who& who, std::string_view id) {
  return book.kept("check", std::string(id) + " " + who.account.code);
}

Core::~Core() { stop(); }
bool Core::work(std::function<void(const std::atomic<bool>&)> job) {
  const std::lock_guard lock(mutex_);
  if (stop_) return false;
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
  return true;
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

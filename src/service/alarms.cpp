#include "alarms.h"

#include <base/bytes.h>
#include <base/json.h>

#include <algorithm>

namespace service {
namespace {

using http::Request;
using http::Response;

constexpr std::size_t kShown = 100;

class AlarmDesk {
 public:
  explicit AlarmDesk(Core& core) : core_(core) {}

  base::Result<Response> list(Request& request) {
    const Who& who = Core::who(request);
    const std::vector<Alarm> all = core_.book.read([&](store::Sql& sql) {
      return store::select<Alarm>(sql, "where person = ? order by at desc, id", who.account.person);
    });
    const std::vector<Account> accounts = core_.book.accounts();
    std::string out;
    base::JsonWriter w(out);
    w.object().member("unseen", std::ranges::count(all, 0, &Alarm::seen)).key("alarms").array();
    for (std::size_t i = 0; i < all.size() && i < kShown; ++i) {
      const Alarm& a = all[i];
      w.object().member("id", a.id).member("kind", a.kind).member("object", a.object);
      const auto about = std::ranges::find(accounts, a.about, &Account::code);
      w.key("about").object().member("id", a.about);
      w.member("name", about == accounts.end() ? std::string() : about->name).end_object().key("case");
      // The code names the case; what is in it stays behind its own walls.
      const auto met = a.case_id.empty() ? std::nullopt : core_.book.case_of(a.case_id);
      if (met)
        w.value(met->code);
      else
        w.null();
      w.member("at", base::rfc3339(a.at)).member("seen", a.seen != 0).end_object();
    }
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> seen(Request& request) {
    const Who& who = Core::who(request);
    const std::string& id = request.place("id");
    bool there = false;
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      there = w.sql.run("update alarm set seen = ? where id = ? and person = ? and seen = 0",
                        core_.book.now(), std::string_view(id), who.account.person) == 1;
      if (there) w.tell("alarm_seen", id, "{}");
      return base::Done{};
    }));
    if (!there) return not_found();
    return Response::empty();
  }

 private:
  Core& core_;
};

}  // namespace

std::vector<std::int64_t> auditors_of(const Core& core) {
  std::vector<std::int64_t> out;
  for (const Account& a : core.book.accounts())
    if (core.could(*core.as_if_here(a), {rights::Act::review, "ledger"})) out.push_back(a.person);
  return out;
}
std::vector<std::int64_t> heads_of(const Core& core, const std::string& case_id) {
  std::vector<std::int64_t> out;
  for (const Account& a : core.book.accounts())
    if (core.could(*core.as_if_here(a), {rights::Act::review, "case", case_id})) out.push_back(a.person);
  return out;
}

base::Status raise_alarm(const Book::Write& w, const std::vector<std::int64_t>& told, Alarm alarm,
                         std::int64_t by) {
  std::vector<std::int64_t> done;
  for (const std::int64_t person : told) {
    if (person == by || std::ranges::find(done, person) != done.end()) continue;
    done.push_back(person);
    alarm.id = base::hex(Book::random()(8));
    alarm.person = person;
    TRY(w.change.add(alarm));
  }
  return base::Done{};
}
void announce(Core& core, const std::vector<std::int64_t>& told) {
  for (const std::int64_t person : told) core.events.tell_person(person, "alarm", "{}");
}

std::vector<http::Route> alarm_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<AlarmDesk>(core);
  std::vector<http::Route> out;
  out.push_back({Method::get, "/alarms", "alarm.list", "application/json", 0, http::Runs::in_pool,
                 http::Answer([desk](Request& r) { return desk->list(r); })});
  out.push_back({Method::post, "/alarms/{id}/seen", "alarm.seen", "application/json", 1024,
                 http::Runs::in_pool, http::Answer([desk](Request& r) { return desk->seen(r); })});
  return out;
}

}  // namespace service

// The sessions of a person, listed and ended one by one, and the language they read.
#include "core.h"

#include <base/json.h>

#include <algorithm>

namespace service {
namespace {

using http::Request;
using http::Response;

class SessionDesk {
 public:
  explicit SessionDesk(Core& core) : core_(core) {}

  base::Result<Response> sessions(Request& request) {
    const Who& who = Core::who(request);
    std::string out;
    base::JsonWriter w(out);
    w.object().key("sessions").array();
    for (const rights::Session& s : core_.book.sessions(who.account.person))
      if (rights::life_of(s, core_.book.now(), who.account.epoch, core_.policy.limits()) ==
          rights::Life::alive)
        w.object()
            .member("id", s.id)
            .member("began", base::rfc3339(s.began))
            .member("last_seen", base::rfc3339(s.last_seen))
            .member("this", s.id == who.session.id)
            .member("strength", rights::name_of(s.strength))
            .end_object();
    w.end_array().end_object();
    return Response::json(out);
  }
  base::Result<Response> revoke(Request& request) {
    const Who& who = Core::who(request);
    const std::string id = request.place("id");
    const std::vector<rights::Session> mine = core_.book.sessions(who.account.person);
    if (std::ranges::find(mine, id, &rights::Session::id) == mine.end()) return not_found();
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      w.sql.run("delete from session where id = ?", std::string_view(id));
      w.tell("session_ended", who.account.code, "{}");
      return base::Done{};
    }));
    return Response::empty();
  }
  base::Result<Response> language(Request& request) {
    const Who& who = Core::who(request);
    const std::string language = TRY(base::text_of(TRY(request.json()), "language"));
    if (language != "en" && language != "fr")
      return base::Error{base::Refusal::invalid, "\"language\" is en or fr"};
    TRY(core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      w.sql.run("update account set language = ? where person = ?", std::string_view(language),
                who.account.person);
      return base::Done{};
    }));
    return Response::empty();
  }

 private:
  Core& core_;
};

}  // namespace

std::vector<http::Route> session_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<SessionDesk>(core);
  const auto does = [desk](base::Result<Response> (SessionDesk::*f)(Request&)) -> http::Answer {
    return [desk, f](Request& r) { return ((*desk).*f)(r); };
  };
  std::vector<http::Route> out;
  out.push_back({Method::get, "/sessions", "session.list", "application/json", 0, http::Runs::in_pool,
                 does(&SessionDesk::sessions)});
  out.push_back({Method::delete_, "/sessions/{id}", "session.revoke", "application/json", 4096,
                 http::Runs::in_pool, does(&SessionDesk::revoke)});
  out.push_back({Method::put, "/me/language", "enrol.language", "application/json", 4096, http::Runs::in_pool,
                 does(&SessionDesk::language)});
  return out;
}

}  // namespace service

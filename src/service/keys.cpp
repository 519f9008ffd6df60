// The passkeys of a person: listed, and taken away one by one, never the last means to sign in.
#include "core.h"

#include <base/json.h>

namespace service {
namespace {

using http::Request;
using http::Response;

class KeyDesk {
 public:
  explicit KeyDesk(Core& core) : core_(core) {}

  base::Result<Response> list(Request& request) {
    const Who& who = Core::who(request);
    std::string out;
    base::JsonWriter w(out);
    w.object().member("password", !who.account.password.empty()).key("passkeys").array();
    for (const Passkey& k : core_.book.passkeys(who.account.person))
      w.object()
          .member("id", rights::base64url(k.id.bytes))
          .member("label", k.label)
          .member("made", base::rfc3339(k.made))
          .member("may_be_copied", k.backup_eligible)
          .end_object();
    w.end_array().end_object();
    return Response::json(out);
  }

  base::Result<Response> remove(Request& request) {
    const Who& who = Core::who(request);
    const auto id = rights::unbase64url(request.place("id"));
    const std::optional<Passkey> key = id ? core_.book.passkey(*id) : std::nullopt;
    if (!key || key->person != who.account.person) return not_found();
    const std::optional<rights::Time> proved = who.subject.stepped_up;
    if (!proved || core_.book.now() - *proved >= core_.policy.limits().step_up)
      return core_.lacking(who, {rights::Act::revoke, "account"}, rights::Reason::step_up);
    bool last = false;
    const base::Status done = core_.book.write(who.account.code, [&](const Book::Write& w) -> base::Status {
      const std::int64_t others =
          w.sql.number("select count(*) from passkey where person = ?", who.account.person) - 1;
      const bool password = w.sql.number("select count(*) from account where person = ? and password <> ''",
                                         who.account.person) == 1;
      last = others < 1 && !password;
      if (last) return base::Error{base::Refusal::conflict, "the last"};
      w.sql.run("delete from passkey where id = ? and person = ?", record::Cell::blob(key->id.bytes),
                who.account.person);
      // Whoever holds the lost key may be signed in with it: the sessions end, but for the one that asks.
      w.sql.run("delete from session where person = ? and id <> ?", who.account.person,
                std::string_view(who.session.id));
      std::string payload;
      base::JsonWriter(payload).object().member("label", key->label).end_object();
      w.tell("passkey_removed", who.account.code, payload);
      return base::Done{};
    });
    if (last)
      return base::Error{base::Refusal::conflict,
                         "this is your last means to sign in; enrol another passkey, or a password, first"};
    TRY(done);
    return Response::empty();
  }

 private:
  Core& core_;
};

}  // namespace

std::vector<http::Route> key_routes(Core& core) {
  using http::Method;
  const auto desk = std::make_shared<KeyDesk>(core);
  std::vector<http::Route> out;
  out.push_back({Method::get, "/me/passkeys", "passkey.list", "application/json", 0, http::Runs::in_pool,
                 http::Answer([desk](Request& r) { return desk->list(r); })});
  out.push_back({Method::delete_, "/me/passkeys/{id}", "passkey.remove", "application/json", 1024,
                 http::Runs::in_pool, http::Answer([desk](Request& r) { return desk->remove(r); })});
  return out;
}

}  // namespace service

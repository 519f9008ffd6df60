#pragma once
// A person who is signed in, and the links by which somebody signs in for the first time (SECURITY.md 3.3;
// OWASP ASVS 5.0 V7). What the browser holds is random; what is stored is its SHA-256, so that a stolen table
// opens no session. All functions are pure: they give the new record, the caller stores it in the transaction
// of the act.

#include <access/person_code.h>
#include <access/policy.h>
#include <record/describe.h>

template <>
struct record::WireOf<rights::SignIn> {
  static constexpr Column column = Column::text;
  static constexpr bool optional = false;
  static constexpr std::string_view schema =
      R"({"type":"string","enum":["none","link","password","passkey","hardware"]})";
  static void write(Cell& c, rights::SignIn v) { c = Cell::text(rights::name_of(v)); }
  static bool read(const Cell& c, rights::SignIn& v) {
    const auto s = rights::sign_in_named(c.bytes);
    if (s) v = *s;
    return c.is == Cell::Is::text && s.has_value();
  }
  static void json(std::string& o, rights::SignIn v) { base::append_json_string(o, rights::name_of(v)); }
  static bool from_json(const JsonView& j, rights::SignIn& v) {
    const auto text = j.string();
    const auto s = text ? rights::sign_in_named(*text) : std::nullopt;
    if (s) v = *s;
    return s.has_value();
  }
};

namespace rights {

struct Session {
  record::Octets token_hash;  // SHA-256 of the token
  std::string id;             // random, for the list of sessions and the ledger; opens nothing
  std::int64_t person{};
  Time began{}, last_seen{}, token_made{};
  SignIn strength{};
  std::optional<Time> stepped_up;  // last fresh proof
  std::int64_t epoch{};            // policy epoch at which its rights were read
  record::Octets csrf_hash;
};

struct SignInLink {
  record::Octets token_hash;
  std::int64_t person{};
  Time made{};
  std::optional<Time> used;
};

}  // namespace rights

template <>
inline constexpr auto record::description<rights::Session> = record::describe(
    "session", record::field<&rights::Session::token_hash>(1, "token_hash", "Token, hashed").as_key(),
    record::field<&rights::Session::id>(2, "id", "Session").with_index(),
    record::field<&rights::Session::person>(3, "person", "Person").with_index(),
    record::field<&rights::Session::began>(4, "began", "Began"),
    record::field<&rights::Session::last_seen>(5, "last_seen", "Last seen"),
    record::field<&rights::Session::token_made>(6, "token_made", "Token made"),
    record::field<&rights::Session::strength>(7, "strength", "Signed in by"),
    record::field<&rights::Session::stepped_up>(8, "stepped_up", "Last fresh proof"),
    record::field<&rights::Session::epoch>(9, "epoch", "Epoch of rights"),
    record::field<&rights::Session::csrf_hash>(10, "csrf_hash", "Form token, hashed"));
template <>
inline constexpr auto record::description<rights::SignInLink> = record::describe(
    "sign_in_link", record::field<&rights::SignInLink::token_hash>(1, "token_hash", "Token, hashed").as_key(),
    record::field<&rights::SignInLink::person>(2, "person", "Person").with_index(),
    record::field<&rights::SignInLink::made>(3, "made", "Made"),
    record::field<&rights::SignInLink::used>(4, "used", "Used"));

namespace rights {

static_assert(record::complete<Session>() && record::complete<SignInLink>());

// What the browser gets, once: 43 characters of base64url each (256 bits). The csrf token follows from the
// session token, so that a page that was reloaded can be given it again.
struct Tokens {
  std::string session, csrf;
};
struct Begun {
  Session session;
  Tokens tokens;
};
struct SignedIn {
  std::int64_t person = 0;
  SignIn strength = SignIn::none;
  std::int64_t epoch = 0;
};

Begun begin_session(const SignedIn& who, Time now, const Random& random);
record::Octets token_hash(std::string_view token);  // how a session or a link is looked up
std::string csrf_of(std::string_view session_token);
bool csrf_holds(const Session& session, std::string_view presented);  // in constant time

enum class Life : std::uint8_t { alive, idle, too_old, rights_changed, clock_set_back };
// To be asked at every request. `epoch` is the present policy epoch of the person: a session whose rights are
// older is dead at once. A clock that runs more than a minute behind the session ends it: nobody knows how
// old it is.
Life life_of(const Session& session, Time now, std::int64_t epoch, const Limits& limits);
// Never moves back.
Session touched(Session session, Time now);
// After a fresh proof: a new token for the same session, which keeps its age. `strength` is that of the
// proof; the session becomes no weaker.
Begun stepped_up(const Session& session, SignIn strength, Time now, const Random& random);
bool needs_rotation(const Session& session, Time now, const Limits& limits);
// A new token, nothing else changed.
Begun rotated(const Session& session, Time now, const Random& random);
// Ids of the sessions of one person that have to end so that one more may begin: the longest unseen first.
std::vector<std::string> surplus(std::span<const Session> of_one_person, const Limits& limits);

struct LinkMade {
  SignInLink link;
  std::string token;
};
LinkMade make_link(std::int64_t person, Time now, const Random& random);
// The link, used; it lets a person enrol and nothing else (SignIn::link). Refuses: denied, in the same words
// whatever is wrong with it.
base::Result<SignInLink> accept_link(const SignInLink& link, std::string_view token, Time now,
                                     const Limits& limits);

}  // namespace rights

#include <access/session.h>
#include <access/webauthn.h>
#include <base/bytes.h>
#include <base/crypto.h>

#include <sodium.h>

#include <algorithm>

namespace rights {
namespace {

constexpr Time kSkew = 60;

bool same(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Begun with_new_token(Session s, Time now, const Random& random) {
  const std::string bytes = random(32);
  CHECK(bytes.size() == 32);
  Tokens t{base64url(bytes), {}};
  t.csrf = csrf_of(t.session);
  s.token_hash = token_hash(t.session);
  s.csrf_hash = token_hash(t.csrf);
  s.token_made = now;
  s.last_seen = std::max(s.last_seen, now);
  return {std::move(s), std::move(t)};
}

}  // namespace

record::Octets token_hash(std::string_view token) { return {std::string(base::view(base::sha256(token)))}; }
std::string csrf_of(std::string_view session_token) {
  return base64url(base::hmac_sha256(session_token, "custos csrf v1"));
}
bool csrf_holds(const Session& session, std::string_view presented) {
  return same(token_hash(presented).bytes, session.csrf_hash.bytes);
}

Begun begin_session(const SignedIn& who, Time now, const Random& random) {
  Session s{
      .person = who.person, .began = now, .last_seen = now, .strength = who.strength, .epoch = who.epoch};
  s.id = base::hex(random(8));
  // A passkey is a fresh proof in itself; a password has to be proved again.
  if (who.strength >= SignIn::passkey) s.stepped_up = now;
  return with_new_token(std::move(s), now, random);
}

Life life_of(const Session& s, Time now, std::int64_t epoch, const Limits& limits) {
  if (s.epoch != epoch) return Life::rights_changed;
  if (now < s.last_seen - kSkew || now < s.began - kSkew) return Life::clock_set_back;
  if (now - s.began >= limits.absolute) return Life::too_old;
  if (now - s.last_seen >= limits.idle) return Life::idle;
  return Life::alive;
}

Session touched(Session s, Time now) {
  s.last_seen = std::max(s.last_seen, now);
  return s;
}

Begun stepped_up(const Session& session, SignIn strength, Time now, const Random& random) {
  Session s = session;
  s.strength = std::max(s.strength, strength);
  s.stepped_up = now;
  return with_new_token(std::move(s), now, random);
}

bool needs_rotation(const Session& s, Time now, const Limits& limits) {
  return now - s.token_made >= limits.rotate || now < s.token_made - kSkew;
}

Begun rotated(const Session& session, Time now, const Random& random) {
  return with_new_token(session, now, random);
}

std::vector<std::string> surplus(std::span<const Session> all, const Limits& limits) {
  std::vector<const Session*> by_age;
  for (const Session& s : all) by_age.push_back(&s);
  std::sort(by_age.begin(), by_age.end(), [](const Session* a, const Session* b) {
    return std::tie(a->last_seen, a->id) < std::tie(b->last_seen, b->id);
  });
  std::vector<std::string> out;
  const auto keep = static_cast<std::size_t>(limits.sessions_at_once - 1);
  for (std::size_t i = 0; i + keep < by_age.size(); ++i) out.push_back(by_age[i]->id);
  return out;
}

LinkMade make_link(std::int64_t person, Time now, const Random& random) {
  LinkMade m{{.person = person, .made = now}, base64url(random(32))};
  m.link.token_hash = token_hash(m.token);
  return m;
}

base::Result<SignInLink> accept_link(const SignInLink& link, std::string_view token, Time now,
                                     const Limits& limits) {
  if (!same(token_hash(token).bytes, link.token_hash.bytes) || link.used || now < link.made - kSkew ||
      now - link.made >= limits.link)
    return base::Error{base::Refusal::denied, "the link does not hold any more: ask for a new one"};
  SignInLink used = link;
  used.used = now;
  return used;
}

}  // namespace rights

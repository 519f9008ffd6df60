#include "testing.h"

#include <access/session.h>
#include <base/crypto.h>
#include <record/text.h>

#include <gtest/gtest.h>

using namespace rights;

namespace {
const Limits limits;
Begun someone(SignIn how = SignIn::passkey) {
  return begin_session({.person = 7, .strength = how, .epoch = 3}, kNow, any);
}
}  // namespace

TEST(Session, keeps_no_token_in_what_is_stored) {
  const Begun b = someone();
  const std::string stored = record::to_json(b.session);
  EXPECT_EQ(b.tokens.session.size(), 43u);
  EXPECT_EQ(stored.find(b.tokens.session), std::string::npos);
  EXPECT_EQ(stored.find(b.tokens.csrf), std::string::npos);
  EXPECT_EQ(b.session.token_hash, token_hash(b.tokens.session));
  EXPECT_EQ(record::from_json<Session>(stored)->id, b.session.id);
  EXPECT_EQ(record::from_json<Session>(stored)->strength, SignIn::passkey);
  EXPECT_NE(someone().tokens.session, b.tokens.session);
}

TEST(Session, ends_when_idle_when_old_and_at_once_when_rights_change) {
  Session s = someone().session;
  EXPECT_EQ(life_of(s, kNow, 3, limits), Life::alive);
  EXPECT_EQ(life_of(s, kNow + 15 * 60 - 1, 3, limits), Life::alive);
  EXPECT_EQ(life_of(s, kNow + 15 * 60, 3, limits), Life::idle);
  EXPECT_EQ(life_of(s, kNow, 4, limits), Life::rights_changed);
  EXPECT_EQ(life_of(s, kNow, 2, limits), Life::rights_changed);
  for (Time t = kNow; t < kNow + 10 * 3600; t += 600) {
    EXPECT_EQ(life_of(s, t, 3, limits), Life::alive);
    s = touched(s, t);
  }
  EXPECT_EQ(life_of(touched(s, kNow + 10 * 3600), kNow + 10 * 3600, 3, limits), Life::too_old);
}

TEST(Session, is_not_made_younger_by_a_clock_that_is_set_back) {
  const Session s = touched(someone().session, kNow + 500);
  EXPECT_EQ(life_of(s, kNow + 450, 3, limits), Life::alive) << "machines differ by some seconds";
  EXPECT_EQ(life_of(s, kNow, 3, limits), Life::clock_set_back);
  EXPECT_EQ(touched(s, kNow).last_seen, kNow + 500);
}

TEST(Session, gets_a_new_token_with_a_fresh_proof_and_keeps_its_age) {
  const Begun first = someone(SignIn::password);
  EXPECT_FALSE(first.session.stepped_up) << "a password is no fresh proof";
  const Begun b = stepped_up(first.session, SignIn::passkey, kNow + 60, any);
  EXPECT_EQ(b.session.began, kNow);
  EXPECT_EQ(b.session.stepped_up, kNow + 60);
  EXPECT_EQ(b.session.strength, SignIn::passkey);
  EXPECT_NE(b.session.token_hash, first.session.token_hash);
  EXPECT_FALSE(csrf_holds(b.session, first.tokens.csrf));
  EXPECT_EQ(stepped_up(b.session, SignIn::password, kNow + 90, any).session.strength, SignIn::passkey);
  EXPECT_EQ(b.session.id, first.session.id);
}

TEST(Session, changes_its_token_from_time_to_time) {
  const Begun b = someone();
  EXPECT_FALSE(needs_rotation(b.session, kNow + limits.rotate - 1, limits));
  EXPECT_TRUE(needs_rotation(b.session, kNow + limits.rotate, limits));
  const Begun next = rotated(b.session, kNow + limits.rotate, any);
  EXPECT_NE(next.session.token_hash, b.session.token_hash);
  EXPECT_EQ(next.session.stepped_up, b.session.stepped_up);
  EXPECT_FALSE(needs_rotation(next.session, kNow + limits.rotate, limits));
}

TEST(Session, takes_its_own_form_token_only) {
  const Begun a = someone(), b = someone();
  EXPECT_TRUE(csrf_holds(a.session, a.tokens.csrf));
  EXPECT_EQ(csrf_of(a.tokens.session), a.tokens.csrf);
  EXPECT_FALSE(csrf_holds(a.session, b.tokens.csrf));
  EXPECT_FALSE(csrf_holds(a.session, ""));
  EXPECT_FALSE(csrf_holds(a.session, a.tokens.session));
  EXPECT_FALSE(csrf_holds({}, ""));
}

TEST(Session, makes_room_by_ending_the_longest_unseen) {
  std::vector<Session> all;
  for (int i = 0; i < 4; ++i) all.push_back(touched(someone().session, kNow + i * 10));
  EXPECT_EQ(surplus(all, limits), (std::vector<std::string>{all[0].id, all[1].id, all[2].id}));
  EXPECT_EQ(surplus(std::span(all).first(1), limits).size(), 0u);
}

TEST(SignInLink, works_once_for_a_quarter_of_an_hour) {
  const LinkMade m = make_link(9, kNow, any);
  const auto used = accept_link(m.link, m.token, kNow + 10, limits);
  ASSERT_TRUE(used.ok());
  const std::string words = accept_link(*used, m.token, kNow + 11, limits).error().message;
  EXPECT_EQ(accept_link(m.link, m.token + "x", kNow, limits).error().message, words);
  EXPECT_EQ(accept_link(m.link, m.token, kNow + limits.link, limits).error().message, words);
  EXPECT_EQ(accept_link(m.link, m.token, kNow - 61, limits).error().message, words);
  EXPECT_EQ(record::to_json(m.link).find(m.token), std::string::npos);
}

#include <access/password.h>
#include <base/bytes.h>
#include <base/crypto.h>
#include <base/text.h>

#include <gtest/gtest.h>

#include <ctime>
#include <thread>

using namespace rights;

namespace {

Pepper pepper(std::string key = "pepper", int version = 1) {
  return {version, [key](std::string_view b) { return base::hmac_sha256(key, b); }};
}
Limits cheap() {
  Limits l;
  l.password_memory_mib = 12;
  return l;
}
const CommonPasswords& common() {
  static const CommonPasswords c(shipped_common_passwords());
  return c;
}
std::string judged(std::string_view password, std::vector<std::string_view> own = {}) {
  const auto s = acceptable_password(password, own, common(), Limits{});
  return s.ok() ? "taken" : s.error().message.substr(0, 25);
}

}  // namespace

TEST(Password, matches_itself_and_nothing_else) {
  Passwords p(cheap(), pepper());
  const std::string stored = p.hash("quiet harbour lantern").value();
  EXPECT_TRUE(stored.starts_with("$custos-argon2id$v=19$m=12288,t=3,p=1,k=1$")) << stored;
  EXPECT_TRUE(p.verify("quiet harbour lantern", stored)->matches);
  EXPECT_FALSE(p.verify("quiet harbour lantern ", stored)->matches);
  EXPECT_FALSE(p.verify("Quiet harbour lantern", stored)->matches);
  EXPECT_FALSE(p.verify("", stored)->matches);
  EXPECT_FALSE(p.verify("\xff\xfe", stored)->matches);
  EXPECT_NE(stored, p.hash("quiet harbour lantern").value()) << "each has a salt of its own";
}

// RFC 9106 §3.1 through libsodium, then HMAC: worked out with argon2 of Debian and openssl would give the
// same.
TEST(Password, is_argon2id_under_the_pepper) {
  Passwords p(cheap(), pepper("k"));
  const std::string stored = p.hash("quiet harbour lantern").value();
  const auto parts = base::split(stored, '$');
  ASSERT_EQ(parts.size(), 6u);
  const std::string salt = base::unbase64(parts[4]).value();
  const std::string tag = base::argon2id("quiet harbour lantern", salt, {12288, 3}, 32);
  EXPECT_EQ(base::unbase64(parts[5]).value(), base::hmac_sha256("k", tag));
}

TEST(Password, of_a_stolen_table_cannot_be_tried_without_the_pepper) {
  Passwords p(cheap(), pepper("ours")), thief(cheap(), pepper("guessed"));
  EXPECT_FALSE(thief.verify("quiet harbour lantern", p.hash("quiet harbour lantern").value())->matches);
  Passwords later(cheap(), pepper("ours", 2));
  EXPECT_EQ(later.verify("x", p.hash("quiet harbour lantern").value()).error().why,
            base::Refusal::unsupported);
}

TEST(Password, of_an_older_pepper_still_matches_and_is_hashed_again) {
  Passwords old(cheap(), pepper("old", 1)), now(cheap(), pepper("new", 2), {pepper("old", 1)});
  const std::string stored = old.hash("quiet harbour lantern").value();
  const PasswordVerdict v = now.verify("quiet harbour lantern", stored).value();
  EXPECT_TRUE(v.matches && v.rehash);
  EXPECT_FALSE(now.verify("wrong", stored)->matches);
}

TEST(Password, is_hashed_again_when_costs_have_changed) {
  Passwords old(cheap(), pepper());
  Limits dearer = cheap();
  dearer.password_memory_mib = 16;
  Passwords now(dearer, pepper());
  const std::string stored = old.hash("quiet harbour lantern").value();
  EXPECT_FALSE(old.verify("quiet harbour lantern", stored)->rehash);
  EXPECT_TRUE(now.verify("quiet harbour lantern", stored)->rehash);
  EXPECT_FALSE(now.verify("wrong", stored)->rehash);
}

TEST(Password, is_the_same_from_every_keyboard) {
  Passwords p(cheap(), pepper());
  const std::string stored = p.hash("caf\xc3\xa9 du port tranquille").value();
  EXPECT_TRUE(p.verify("cafe\xcc\x81 du port tranquille", stored)->matches);
}

TEST(Password, that_is_stored_in_a_damaged_form_is_refused) {
  Passwords p(cheap(), pepper());
  const std::string stored = p.hash("quiet harbour lantern").value();
  for (std::size_t n = 0; n < stored.size(); ++n)
    EXPECT_EQ(p.verify("x", stored.substr(0, n)).error().why, base::Refusal::damaged) << n;
  for (const char* costs : {"m=99999999,t=3", "m=12288,t=99", "m=1,t=3", "m=-5,t=3", "m=12288,t=3,p=2"}) {
    std::string other = stored;
    EXPECT_FALSE(
        p.verify("x", other.replace(other.find("m="), std::string("m=12288,t=3").size(), costs)).ok());
  }
}

TEST(Password, of_nobody_never_matches_and_costs_the_same) {
  Passwords p(Limits{}, pepper());
  const std::string stored = p.hash("quiet harbour lantern").value();
  // The least of some runs, in time of the processor: other work on the machine does not count.
  const auto cost = [&](auto work) {
    double least = 1e9;
    for (int i = 0; i < 3; ++i) {
      const std::clock_t began = std::clock();
      work();
      least = std::min(least, static_cast<double>(std::clock() - began) * 1e3 / CLOCKS_PER_SEC);
    }
    return least;
  };
  const double somebody = cost([&] { EXPECT_FALSE(p.verify("wrong", stored)->matches); });
  const double nobody = cost([&] { EXPECT_FALSE(p.verify_nobody("wrong")->matches); });
  std::printf("one Argon2id hash at 64 MiB: %.0f ms, of nobody %.0f ms\n", somebody, nobody);
  EXPECT_LT(nobody, somebody * 2);
  EXPECT_GT(nobody, somebody / 2);
}

TEST(Password, hashes_wait_for_a_place_and_too_many_are_refused) {
  Limits l = cheap();
  l.password_hashes_at_once = 2;
  Passwords p(l, pepper());
  std::atomic<int> done = 0, refused = 0;
  std::vector<std::thread> people;
  for (int i = 0; i < 40; ++i)
    people.emplace_back([&] {
      const auto r = p.verify_nobody("wrong");
      ++(r.ok() ? done : refused);
      EXPECT_TRUE(r.ok() || r.error().why == base::Refusal::exhausted);
    });
  for (std::thread& t : people) t.join();
  EXPECT_EQ(done + refused, 40);
  EXPECT_GE(done, 2 + 8);
  EXPECT_LE(p.most_at_once(), 2);
}

TEST(Password, too_short_too_long_or_common_is_refused) {
  EXPECT_EQ(judged("quiet harbr"), "the password is too short");
  EXPECT_EQ(judged("\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"), "the password is too short");
  EXPECT_EQ(judged(std::string(1025, 'x')), "a password has at most 1,");
  EXPECT_EQ(judged("quiet harbour\tlantern"), "a password holds no contr");
  for (const char* known :
       {"password1234", "Password123!", "P@ssw0rd2026", "passwordpassword", "qwertyuiop12", "1234567890123",
        "iloveyou2024", "adminadmin123", "aaaaaaaaaaaaaaa", "letmeinplease", "welcome-2026!",
        "motdepasse2026", "abcdefghijklmnop", "azertyuiop123", "monkey dragon 99", "12345678901234567890"})
    EXPECT_EQ(judged(known), "the password is one that ") << known;
  for (const char* good :
       {"quiet harbour lantern", "correct horse battery staple", "Tg7#kkPq2mZw", "vier blaue Ziegel am Bach",
        "\xd1\x82\xd0\xb8\xd1\x85\xd0\xb0\xd1\x8f \xd0\xb3\xd0\xb0\xd0\xb2\xd0\xb0\xd0\xbd\xd1\x8c"})
    EXPECT_EQ(judged(good), "taken") << good;
}

TEST(Password, made_of_the_persons_own_names_is_refused) {
  EXPECT_EQ(judged("amandinekarim7"), "taken");
  EXPECT_EQ(judged("amandinekarim7", {"Amandine", "Karim"}), "the password is one that ");
}

TEST(Password, refusals_do_not_repeat_it) {
  const auto s = acceptable_password("password1234", {}, common(), Limits{});
  EXPECT_EQ(s.error().message.find("1234"), std::string::npos);
}

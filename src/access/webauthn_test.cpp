#include "authenticator.h"
#include "cbor.h"

#include <gtest/gtest.h>

using namespace rights;
using authenticator::Authenticator;
using authenticator::head;
using authenticator::integer;
using authenticator::octets;
using authenticator::text;

namespace {

const RelyingParty kSelf{"custos.example", {"https://custos.example", "https://custos.example:8443"}};
const std::string kChallenge(32, 'c');
constexpr std::int64_t kKeys[] = {-8, -7, -257};

std::string made(const Authenticator& a, const std::string& object) {
  const auto r = verify_registration(kSelf, kChallenge, a.client_data("webauthn.create", kChallenge), object);
  return r.ok() ? "taken" : r.error().message;
}
std::string used(const Authenticator& a, const Assertion& assertion, std::uint32_t before = 0) {
  Credential c = a.credential();
  c.counter = before;
  const auto r = verify_assertion(kSelf, kChallenge, c, assertion);
  return r.ok() ? "taken" : r.error().message;
}
bool says(const std::string& message, const char* what) { return message.find(what) != std::string::npos; }

}  // namespace

TEST(Passkey, of_every_kind_is_made_and_used) {
  for (const std::int64_t algorithm : kKeys) {
    Authenticator a(algorithm);
    const std::string client = a.client_data("webauthn.create", kChallenge);
    const auto none = verify_registration(kSelf, kChallenge, client, a.attestation_none());
    ASSERT_TRUE(none.ok()) << none.error().message;
    EXPECT_EQ(none->attestation, Attestation::none);
    const auto packed = verify_registration(kSelf, kChallenge, client, a.attestation_packed(client));
    ASSERT_TRUE(packed.ok()) << packed.error().message;
    EXPECT_EQ(packed->attestation, Attestation::self);
    EXPECT_EQ(packed->credential.id, a.id);
    EXPECT_EQ(packed->credential.algorithm, algorithm);
    Credential stored = packed->credential;
    for (std::uint32_t n = 1; n < 4; ++n) {
      const auto next = verify_assertion(kSelf, kChallenge, stored, a.assertion(kChallenge));
      ASSERT_TRUE(next.ok()) << next.error().message;
      EXPECT_EQ(next->counter, n);
      stored = *next;
    }
  }
}

TEST(Passkey, of_a_make_that_cannot_be_checked_is_recorded) {
  Authenticator a(-7);
  const std::string chain = head(4, 1) + octets("certificate");
  const std::string statement =
      head(5, 3) + text("alg") + integer(-7) + text("sig") + octets("x") + text("x5c") + chain;
  const auto r = verify_registration(kSelf, kChallenge, a.client_data("webauthn.create", kChallenge),
                                     Authenticator::object("packed", statement, a.authenticator_data(true)));
  ASSERT_TRUE(r.ok()) << r.error().message;
  EXPECT_EQ(r->attestation, Attestation::recorded);
  EXPECT_EQ(r->format, "packed");
}

TEST(Passkey, of_another_site_or_page_is_refused) {
  for (const char* origin :
       {"https://custos.example.evil.org", "http://custos.example", "https://custos.example:444",
        "https://custos.example/", "HTTPS://custos.example", "null", ""}) {
    Authenticator a(-8);
    a.origin = origin;
    EXPECT_TRUE(says(made(a, a.attestation_none()), "origin")) << origin;
    EXPECT_TRUE(says(used(a, a.assertion(kChallenge)), "origin")) << origin;
  }
  Authenticator a(-8);
  a.origin = "https://custos.example:8443";
  EXPECT_EQ(used(a, a.assertion(kChallenge)), "taken");
  a.rp_id = "example";
  EXPECT_TRUE(says(made(a, a.attestation_none()), "another site"));
  EXPECT_TRUE(says(used(a, a.assertion(kChallenge)), "another site"));
  a.rp_id = "custos.example";
  for (const char* more : {",\"crossOrigin\":true", ",\"crossOrigin\":1", ",\"crossOrigin\":\"false\"",
                           ",\"crossOrigin\":false,\"topOrigin\":\"https://evil.org\""}) {
    a.more_client_data = more;
    EXPECT_TRUE(says(used(a, a.assertion(kChallenge)), "embedded")) << more;
  }
  a.more_client_data = ",\"crossOrigin\":false,\"other_keys_can_be_added_here\":\"x\"";
  EXPECT_EQ(used(a, a.assertion(kChallenge)), "taken");
  a.more_client_data = ",\"origin\":\"https://custos.example\"";
  EXPECT_TRUE(says(used(a, a.assertion(kChallenge)), "cannot be read")) << "a member twice";
}

TEST(Passkey, of_an_earlier_challenge_or_another_ceremony_is_refused) {
  Authenticator a(-7);
  EXPECT_TRUE(says(used(a, a.assertion(std::string(32, 'o'))), "challenge"));
  Assertion made_one = a.assertion(kChallenge);
  made_one.client_data = a.client_data("webauthn.create", kChallenge);
  EXPECT_TRUE(says(used(a, made_one), "type"));
  EXPECT_FALSE(verify_assertion(kSelf, "", a.credential(), a.assertion("")).ok())
      << "no challenge is no challenge";
}

TEST(Passkey, without_a_person_present_and_verified_is_refused) {
  for (const std::int64_t algorithm : kKeys) {
    Authenticator a(algorithm);
    a.flags = 4;
    EXPECT_TRUE(says(used(a, a.assertion(kChallenge)), "present"));
    EXPECT_TRUE(says(made(a, a.attestation_none()), "present"));
    a.flags = 1;
    EXPECT_TRUE(says(used(a, a.assertion(kChallenge)), "verified"));
    EXPECT_TRUE(says(made(a, a.attestation_none()), "verified"));
    a.flags = 1 | 4 | 16;
    EXPECT_TRUE(says(used(a, a.assertion(kChallenge)), "backup"));
    a.flags = 1 | 4 | 8;
    EXPECT_TRUE(says(used(a, a.assertion(kChallenge)), "nature"));
  }
}

TEST(Passkey, whose_counter_does_not_go_up_is_refused) {
  Authenticator a(-8);
  a.counter = 41;
  const Assertion next = a.assertion(kChallenge);  // 42
  EXPECT_EQ(used(a, next, 41), "taken");
  for (const std::uint32_t before : {42u, 43u, ~0u})
    EXPECT_TRUE(says(used(a, next, before), "counter")) << before;
  a.counter = ~0u;
  const Assertion zero = a.assertion(kChallenge);  // wrapped to 0
  EXPECT_TRUE(says(used(a, zero, 5), "counter"));
  EXPECT_EQ(used(a, zero, 0), "taken") << "an authenticator without a counter";
}

TEST(Passkey, signed_by_another_key_is_refused) {
  for (const std::int64_t algorithm : kKeys) {
    Authenticator a(algorithm), b(algorithm);
    Assertion x = a.assertion(kChallenge);
    Credential stolen = b.credential();
    stolen.id = a.id;
    EXPECT_TRUE(says(verify_assertion(kSelf, kChallenge, stolen, x).error().message, "signature"));
    EXPECT_TRUE(
        says(verify_assertion(kSelf, kChallenge, b.credential(), x).error().message, "another credential"));
    const std::string client = a.client_data("webauthn.create", kChallenge);
    const std::string d = a.authenticator_data(true);
    const std::string forged = b.sign(d + std::string(base::view(base::sha256(client))));
    EXPECT_TRUE(says(
        made(a,
             Authenticator::object(
                 "packed", head(5, 2) + text("alg") + integer(algorithm) + text("sig") + octets(forged), d)),
        "signature"));
    EXPECT_TRUE(says(
        made(a, Authenticator::object("packed",
                                      head(5, 2) + text("alg") + integer(-36) + text("sig") +
                                          octets(a.sign(d + std::string(base::view(base::sha256(client))))),
                                      d)),
        "another kind"));
  }
}

TEST(Passkey, cut_or_changed_at_any_byte_is_refused) {
  for (const std::int64_t algorithm : kKeys) {
    Authenticator a(algorithm);
    const std::string client = a.client_data("webauthn.create", kChallenge),
                      object = a.attestation_packed(client);
    int taken = 0;
    for (std::size_t n = 0; n < object.size(); ++n) {
      taken += verify_registration(kSelf, kChallenge, client, object.substr(0, n)).ok();
      std::string bad = object;
      bad[n] = static_cast<char>(bad[n] ^ 1);
      const auto r = verify_registration(kSelf, kChallenge, client, bad);
      taken += r.ok() && r->attestation == Attestation::self;  // the name of the format is not signed
    }
    for (std::size_t n = 0; n < client.size(); ++n) {
      taken += verify_registration(kSelf, kChallenge, client.substr(0, n), object).ok();
      std::string bad = client;
      bad[n] = static_cast<char>(bad[n] ^ 1);
      taken += verify_registration(kSelf, kChallenge, bad, object).ok();
    }
    EXPECT_FALSE(verify_registration(kSelf, kChallenge, client, object + std::string(1, '\0')).ok());

    const Assertion good = a.assertion(kChallenge);
    const Credential c = [&] {
      Credential k = a.credential();
      k.counter = 0;
      return k;
    }();
    ASSERT_TRUE(verify_assertion(kSelf, kChallenge, c, good).ok());
    for (std::string Assertion::*part : {&Assertion::credential_id, &Assertion::client_data,
                                         &Assertion::authenticator_data, &Assertion::signature})
      for (std::size_t n = 0; n < (good.*part).size(); ++n) {
        Assertion bad = good;
        (bad.*part).resize(n);
        taken += verify_assertion(kSelf, kChallenge, c, bad).ok();
        bad = good;
        (bad.*part)[n] = static_cast<char>((bad.*part)[n] ^ 1);
        taken += verify_assertion(kSelf, kChallenge, c, bad).ok();
        bad = good;
        (bad.*part).insert(n, 1, 'x');
        taken += verify_assertion(kSelf, kChallenge, c, bad).ok();
      }
    EXPECT_EQ(taken, 0) << algorithm;
  }
}

TEST(Passkey, with_a_weak_or_foreign_key_is_refused) {
  Authenticator a(-8);
  const auto with_key = [&](std::string key) {
    const std::string d = a.authenticator_data(true);
    const std::string data = d.substr(0, d.size() - a.cose_key().size()) + key;
    return made(a, Authenticator::object("none", head(5, 0), data));
  };
  EXPECT_EQ(with_key(a.cose_key()), "taken");
  const std::string okp = head(5, 4) + integer(1) + integer(1) + integer(3) + integer(-8) + integer(-1) +
                          integer(6) + integer(-2);
  EXPECT_TRUE(says(with_key(okp + octets(std::string("\1", 1) + std::string(31, '\0'))), "cannot be read"))
      << "of small order";
  const std::string ec = head(5, 5) + integer(1) + integer(2) + integer(3) + integer(-7) + integer(-1) +
                         integer(1) + integer(-2);
  EXPECT_TRUE(says(with_key(ec + octets(std::string(32, 'x')) + integer(-3) + octets(std::string(32, 'y'))),
                   "cannot be read"))
      << "not on the curve";
  const std::string rsa = head(5, 4) + integer(1) + integer(3) + integer(3) + integer(-257) + integer(-1);
  EXPECT_TRUE(says(with_key(rsa + octets(std::string(128, '\xff')) + integer(-2) + octets("\1\0\1")),
                   "cannot be read"))
      << "1,024 bits";
  EXPECT_TRUE(
      says(with_key(rsa + octets(std::string(256, '\xff')) + integer(-2) + octets("\3")), "cannot be read"))
      << "exponent 3";
  EXPECT_TRUE(says(with_key(head(5, 2) + integer(1) + integer(2) + integer(3) + integer(-35)), "not known"));
}

TEST(Passkey, is_hardware_only_of_a_listed_make_that_cannot_be_copied) {
  Credential c{.id = "x", .aaguid = std::string(16, 'h')};
  const std::string list[] = {std::string(16, 'h')};
  EXPECT_EQ(strength_of(c, list), SignIn::hardware);
  EXPECT_EQ(strength_of(c, {}), SignIn::passkey);
  c.backup_eligible = true;
  EXPECT_EQ(strength_of(c, list), SignIn::passkey);
}

TEST(Cbor, has_one_spelling_only) {
  const auto read = [](std::string bytes) {
    std::size_t n = 0;
    const auto r = read_cbor(bytes, n);
    return r.ok() && n == bytes.size();
  };
  EXPECT_TRUE(read(head(5, 2) + integer(1) + integer(2) + text("a") + integer(-3)));
  const std::pair<std::string, const char*> bad[] = {
      {std::string("\x18\x17", 2), "23 in two bytes"},
      {std::string("\x19\x00\xff", 3), "255 in three"},
      {std::string("\x1a\x00\x00\xff\xff", 5), "65,535 in five"},
      {std::string("\x1b\x00\x00\x00\x00\xff\xff\xff\xff", 9), "2^32-1 in nine"},
      {std::string("\x1b\xff\xff\xff\xff\xff\xff\xff\xff", 9), "too large"},
      {std::string("\x3b\xff\xff\xff\xff\xff\xff\xff\xff", 9), "too small"},
      {std::string("\x5f\x41\x61\xff", 4), "indefinite bytes"},
      {std::string("\x9f\xff", 2), "indefinite list"},
      {std::string("\xc0\x00", 2), "tag"},
      {std::string("\xf9\x00\x00", 3), "half a float"},
      {std::string("\xfb\x00\x00\x00\x00\x00\x00\x00\x00", 9), "float"},
      {std::string("\xf7", 1), "undefined"},
      {std::string("\xf8\x14", 2), "long false"},
      {std::string("\x62\xff\xff", 3), "no UTF-8"},
      {head(5, 2) + integer(2) + integer(0) + integer(1) + integer(0), "out of order"},
      {head(5, 2) + integer(1) + integer(0) + integer(1) + integer(0), "twice"},
      {head(5, 2) + text("bb") + integer(0) + text("c") + integer(0), "longer key first"},
      {head(5, 2) + text("a") + integer(0) + integer(1) + integer(0), "text before number"},
      {head(5, 1) + octets("k") + integer(0), "bytes as a key"},
      {head(4, 1) + head(4, 1) + head(4, 1) + head(4, 1) + head(4, 0), "too deep"},
      {std::string("\x9a\xff\xff\xff\xff", 5), "more than there are bytes"},
      {std::string("\x5b\x7f\xff\xff\xff\xff\xff\xff\xff", 9), "longer than there are bytes"},
      {std::string("\x1c", 1), "reserved"},
      {"", "nothing"},
  };
  for (const auto& [bytes, what] : bad) EXPECT_FALSE(read(bytes)) << what;
}

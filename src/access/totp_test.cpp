#include "testing.h"

#include <access/totp.h>
#include <base/crypto.h>

#include <gtest/gtest.h>

#include <set>

using namespace rights;

// RFC 6238, appendix B.
TEST(Totp, gives_the_codes_of_the_rfc) {
  const std::string s1 = "12345678901234567890", s256 = "12345678901234567890123456789012",
                    s512 = "1234567890123456789012345678901234567890123456789012345678901234";
  const struct {
    Time at;
    const char *sha1, *sha256, *sha512;
  } rows[] = {
      {59, "94287082", "46119246", "90693936"},         {1111111109, "07081804", "68084774", "25091201"},
      {1111111111, "14050471", "67062674", "99943326"}, {1234567890, "89005924", "91819424", "93441116"},
      {2000000000, "69279037", "90698825", "38618901"}, {20000000000, "65353130", "77737706", "47863826"}};
  for (const auto& r : rows) {
    EXPECT_EQ(totp_code(s1, r.at / kTotpStep, 8, TotpHash::sha1), r.sha1);
    EXPECT_EQ(totp_code(s256, r.at / kTotpStep, 8, TotpHash::sha256), r.sha256);
    EXPECT_EQ(totp_code(s512, r.at / kTotpStep, 8, TotpHash::sha512), r.sha512);
  }
}

TEST(Totp, takes_one_step_either_way_and_each_once) {
  const std::string secret = make_totp_secret(any);
  EXPECT_EQ(secret.size(), 20u);
  const Time now = 1'800'000'015;
  const std::int64_t step = now / kTotpStep;
  for (std::int64_t d = -3; d <= 3; ++d)
    EXPECT_EQ(accept_totp(secret, totp_code(secret, step + d), now, -1).ok(), d >= -1 && d <= 1) << d;
  EXPECT_EQ(accept_totp(secret, totp_code(secret, step), now, -1).value(), step);
  EXPECT_FALSE(accept_totp(secret, totp_code(secret, step), now, step).ok()) << "used";
  EXPECT_FALSE(accept_totp(secret, totp_code(secret, step - 1), now, step).ok())
      << "older than the last used";
  EXPECT_TRUE(accept_totp(secret, totp_code(secret, step + 1), now, step).ok());
  for (const char* bad : {"", "12345", "1234567", "abcdef"})
    EXPECT_FALSE(accept_totp(secret, bad, now, -1).ok());
}

// A clock that was set back would make used codes good again, were it not for the step that was kept.
TEST(Totp, takes_no_used_code_when_the_clock_is_set_back) {
  const std::string secret = make_totp_secret(any);
  const Time now = 1'800'000'000;
  const auto step = accept_totp(secret, totp_code(secret, now / kTotpStep), now, -1).value();
  for (Time back = 30; back < 3000; back += 30)
    EXPECT_FALSE(accept_totp(secret, totp_code(secret, (now - back) / kTotpStep), now - back, step).ok());
}

TEST(Totp, is_told_to_a_telephone_by_a_link) {
  EXPECT_EQ(base32("foobar"), "MZXW6YTBOI");  // RFC 4648 §10
  EXPECT_EQ(base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(base32("f"), "MY");
  EXPECT_EQ(otpauth_uri("Custos & Co", "a/b", "12345678901234567890"),
            "otpauth://totp/"
            "Custos%20%26%20Co:a%2Fb?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Custos%20%26%20Co"
            "&algorithm=SHA1&digits=6&period=30");
}

TEST(RecoveryCode, works_once_and_no_other_does) {
  Limits l;
  l.password_memory_mib = 12;
  Passwords p(l, {1, [](std::string_view b) { return base::hmac_sha256("p", b); }});
  RecoveryCodes codes = make_recovery_codes(p, any).value();
  ASSERT_EQ(codes.printed.size(), 10u);
  EXPECT_EQ(std::set<std::string>(codes.printed.begin(), codes.printed.end()).size(), 10u);
  for (std::size_t i = 0; i < 10; ++i) {
    std::string typed = codes.printed[i];
    for (char& c : typed) c = c == '-' ? ' ' : static_cast<char>(std::tolower(c));
    EXPECT_EQ(accept_recovery_code(p, codes.stored, typed).value(), i) << typed;
    EXPECT_EQ(codes.stored[i].find(codes.printed[i].substr(2, 5)), std::string::npos);
    codes.stored[i].clear();
    EXPECT_EQ(accept_recovery_code(p, codes.stored, typed).error().why, base::Refusal::denied) << "used";
  }
  codes = make_recovery_codes(p, any).value();
  std::string crossed = codes.printed[3];
  crossed[0] = '4';
  for (const std::string& bad : {crossed, std::string(), std::string("0"), std::string(100, '7'),
                                 std::string("\xff-"), codes.printed[2] + "0"})
    EXPECT_EQ(accept_recovery_code(p, codes.stored, bad).error().why, base::Refusal::denied) << bad;
}

#include "testing.h"

#include <access/shares.h>
#include <base/bytes.h>
#include <base/crypto.h>

#include <gtest/gtest.h>

#include <set>

using namespace rights;

namespace {

template <class See>
void every_subset(const std::vector<Share>& all, See see) {
  for (unsigned mask = 1; mask < 1u << all.size(); ++mask) {
    std::vector<Share> some;
    for (std::size_t i = 0; i < all.size(); ++i)
      if (mask >> i & 1) some.push_back(all[i]);
    see(some);
  }
}

}  // namespace

// Worked by hand: f(x) = s + a x + b x² with the products of FIPS 197.
TEST(Shares, are_the_values_of_the_polynomial) {
  const auto fixed = [](std::size_t) { return base::unhex("57830113").value(); };
  const auto shares = split(base::unhex("0042").value(), {.shares = 3, .needed = 3}, fixed).value();
  EXPECT_EQ(base::hex(shares[0].bytes), "56d2");  // 00^57^01, 42^83^13
  EXPECT_EQ(base::hex(shares[1].bytes), "aa13");  // 00^(2·57=ae)^(4·01), 42^(2·83=1d)^(4·13=4c)
  EXPECT_EQ(base::hex(shares[2].bytes), "fc83");  // x = 3: f(1)^f(2)^f(3) = s in characteristic 2
  EXPECT_EQ(base::hex(restore(shares).value()), "0042");
}

TEST(Shares, enough_of_them_restore_and_fewer_are_refused) {
  const std::string key = any(32);
  for (const Split how : {Split{5, 3}, Split{2, 2}, Split{7, 4}, Split{6, 6}, Split{5, 2}}) {
    const auto all = split(key, how, any).value();
    every_subset(all, [&](const std::vector<Share>& some) {
      const auto r = restore(some);
      EXPECT_EQ(r.ok(), some.size() >= static_cast<std::size_t>(how.needed));
      EXPECT_TRUE(!r.ok() || *r == key);
    });
  }
}

// Whatever two of three shares say, every secret is as likely: for each value of the third there is exactly
// one.
TEST(Shares, one_too_few_tells_nothing) {
  const auto all = split(std::string(1, 'k'), {.shares = 5, .needed = 3}, any).value();
  for (int a = 0; a < 5; ++a)
    for (int b = a + 1; b < 5; ++b) {
      std::set<std::string> secrets;
      for (int v = 0; v < 256; ++v) {
        const Share guess{static_cast<std::uint8_t>(200), 3, std::string(1, static_cast<char>(v))};
        secrets.insert(restore(std::vector<Share>{all[static_cast<std::size_t>(a)],
                                                  all[static_cast<std::size_t>(b)], guess})
                           .value());
      }
      EXPECT_EQ(secrets.size(), 256u);
    }
}

// And the shares of two different secrets are spread alike: over all coefficients each pair of values comes
// once.
TEST(Shares, of_any_two_secrets_are_spread_alike) {
  for (const char secret : {'\0', '\x7f'}) {
    std::set<std::string> pairs;
    for (int a = 0; a < 256; ++a)
      for (int b = 0; b < 256; ++b) {
        const auto fixed = [&](std::size_t) {
          return std::string{static_cast<char>(a), static_cast<char>(b)};
        };
        const auto s = split(std::string(1, secret), {.shares = 4, .needed = 3}, fixed).value();
        pairs.insert(s[1].bytes + s[3].bytes);
      }
    EXPECT_EQ(pairs.size(), 65536u);
  }
}

TEST(Shares, that_do_not_belong_together_are_refused) {
  auto all = split("secret", {}, any).value();
  EXPECT_FALSE(restore({}).ok());
  EXPECT_FALSE(restore(std::vector<Share>{all[0], all[1], all[1]}).ok());
  auto other = all;
  other[2].bytes += 'x';
  EXPECT_FALSE(restore(std::vector<Share>{all[0], all[1], other[2]}).ok());
  other = all;
  other[1].needed = 2;
  EXPECT_FALSE(restore(std::vector<Share>{other[1], all[0], all[2]}).ok());
  other[0].number = 0;
  EXPECT_FALSE(restore(std::vector<Share>{other[0], all[2], all[3]}).ok());
  other = all;
  other[3].bytes[0] = static_cast<char>(other[3].bytes[0] ^ 1);
  EXPECT_FALSE(restore(other).ok()) << "a fourth share must agree";
  EXPECT_FALSE(split("", {}, any).ok());
  EXPECT_FALSE(split("x", {.shares = 3, .needed = 1}, any).ok());
  EXPECT_FALSE(split("x", {.shares = 3, .needed = 4}, any).ok());
  EXPECT_FALSE(split("x", {.shares = 256, .needed = 4}, any).ok());
}

TEST(RootKey, opens_with_the_right_shares_only) {
  const std::string unseal = any(32), root = any(32);
  const SealedRoot sealed = seal_root(root, unseal, any);
  const auto all = split(unseal, {}, any).value();
  every_subset(all, [&](const std::vector<Share>& some) {
    const auto opened = open_root(sealed, some);
    EXPECT_EQ(opened.ok(), some.size() >= 3);
    EXPECT_TRUE(!opened.ok() || *opened == root);
  });
  for (std::size_t s = 0; s < 3; ++s)
    for (std::size_t at = 0; at < 32; ++at) {
      std::vector<Share> bad(all.begin(), all.begin() + 3);
      bad[s].bytes[at] = static_cast<char>(bad[s].bytes[at] ^ (1 << at % 8));
      const auto r = open_root(sealed, bad);
      ASSERT_FALSE(r.ok());
      EXPECT_EQ(r.error().why, base::Refusal::damaged);
    }
  for (std::string SealedRoot::*part :
       {&SealedRoot::salt, &SealedRoot::commitment, &SealedRoot::nonce, &SealedRoot::sealed})
    for (std::size_t at = 0; at < (sealed.*part).size(); ++at) {
      SealedRoot bad = sealed;
      (bad.*part)[at] = static_cast<char>((bad.*part)[at] ^ 1);
      EXPECT_FALSE(open_root(bad, all).ok());
      (bad.*part).resize(at);
      EXPECT_FALSE(open_root(bad, all).ok());
    }
}

TEST(Share, on_paper_comes_back_and_a_slip_of_the_pen_is_found) {
  for (int i = 0; i < 200; ++i) {
    const Share s =
        split(any(1 + static_cast<std::size_t>(i % 40)), {}, any).value()[static_cast<std::size_t>(i % 5)];
    const std::string paper = print_share(s);
    const auto read = read_share(paper);
    ASSERT_TRUE(read.ok()) << paper;
    EXPECT_EQ(read->bytes, s.bytes);
    EXPECT_EQ(read->number, s.number);
    EXPECT_EQ(read->needed, s.needed);
  }
  const std::string paper = print_share(split(any(32), {}, any).value()[1]);
  int missed = 0;
  for (std::size_t at = 0; at < paper.size(); ++at)
    for (const char c : {'2', '5', 'A', 'Z', '-', '\0'}) {
      std::string other = paper;
      if (other[at] == c) continue;
      other[at] = c;
      missed += read_share(other).ok();
    }
  EXPECT_EQ(missed, 0);
  for (std::size_t n = 0; n < paper.size(); ++n) EXPECT_FALSE(read_share(paper.substr(0, n)).ok());
}

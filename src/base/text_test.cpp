#include <base/bytes.h>
#include <base/crypto.h>
#include <base/json.h>
#include <base/text.h>
#include <base/time.h>

#include <gtest/gtest.h>

TEST(Text, clean_gives_valid_utf8_for_any_bytes) {
  for (int i = 0; i < 500; ++i) {
    const std::string bytes = base::random_bytes(static_cast<std::size_t>(i));
    const std::string text = base::clean(bytes);
    EXPECT_TRUE(base::is_utf8(text));
    EXPECT_EQ(text.find('\0'), std::string::npos);
    EXPECT_EQ(base::clean(text), text);
  }
}

TEST(Text, clean_leaves_good_text_alone_and_joins_line_ends) {
  EXPECT_EQ(base::clean("Témoin свідок شاهد 証人\tx\n"), "Témoin свідок شاهد 証人\tx\n");
  EXPECT_EQ(base::clean("a\r\nb\rc"), "a\nb\nc");
  EXPECT_EQ(base::clean("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Text, cut_never_splits_a_code_point) {
  EXPECT_EQ(base::cut("aé", 2), "a");
  EXPECT_EQ(base::cut("aé", 3), "aé");
}

TEST(Text, a_name_that_is_not_utf8_shows_its_bytes) {
  EXPECT_EQ(base::name_as_text("caf\xE9"), "caf%E9");
  EXPECT_EQ(base::name_as_text("%\xE9"), "%25%E9");
}

TEST(Bytes, base64_accepts_only_its_own_spelling) {
  EXPECT_EQ(base::base64("any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw==");
  EXPECT_EQ(base::unbase64("YW55"), "any");
  EXPECT_FALSE(base::unbase64("YW55IA="));
  EXPECT_FALSE(base::unbase64("YR=="));  // unused bits set
  EXPECT_FALSE(base::unbase64("YQ==YQ=="));
}

TEST(Time, civil_and_back_is_the_same_day_for_four_hundred_years) {
  for (std::int64_t day = -146097; day < 146097; day += 13) {
    const base::Civil c = base::civil(day * 86400 + 3661);
    EXPECT_EQ(base::from_civil(c), day * 86400 + 3661);
  }
}

TEST(Time, a_text_keeps_the_offset_of_its_source) {
  EXPECT_EQ(base::rfc3339(0, 120), "1970-01-01T02:00:00+02:00");
  EXPECT_EQ(base::parse_rfc3339("1970-01-01T02:00:00+02:00"), 0);
  EXPECT_EQ(base::parse_rfc3339("2019-02-30"), std::nullopt);
}

TEST(Crypto, aead_refuses_any_changed_bit) {
  base::Aead aead(std::string(32, 'k'));
  unsigned char nonce[12] = {};
  const std::string plain = "sealed";
  std::string sealed(plain.size() + 16, '\0'), opened(plain.size(), '\0');
  aead.seal(nonce, "aad", plain.data(), plain.size(), sealed.data());
  EXPECT_TRUE(aead.open(nonce, "aad", sealed.data(), plain.size(), opened.data()));
  EXPECT_EQ(opened, plain);
  EXPECT_FALSE(aead.open(nonce, "AAD", sealed.data(), plain.size(), opened.data()));
  for (std::size_t i = 0; i < sealed.size() * 8; ++i) {
    std::string bad = sealed;
    bad[i / 8] = static_cast<char>(bad[i / 8] ^ (1 << i % 8));
    EXPECT_FALSE(aead.open(nonce, "aad", bad.data(), plain.size(), opened.data()));
  }
}

TEST(Crypto, a_signature_holds_for_its_message_only) {
  const base::SigningKey k = base::SigningKey::make();
  const std::string s = k.sign("head");
  EXPECT_TRUE(base::verify_ed25519(k.public_key, "head", s));
  EXPECT_FALSE(base::verify_ed25519(k.public_key, "Head", s));
}

TEST(Json, writer_places_commas_and_escapes) {
  std::string out;
  base::JsonWriter(out)
      .object()
      .member("a", "x\"\n")
      .key("b")
      .array()
      .value(1)
      .value(true)
      .null()
      .end_array()
      .end_object();
  EXPECT_EQ(out, R"({"a":"x\"\n","b":[1,true,null]})");
}

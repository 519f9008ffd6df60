#include <base/bytes.h>
#include <base/crypto.h>
#include <identity/hpke.h>

#include <gtest/gtest.h>

using namespace identity;

namespace {
std::string raw(const char* hex) { return base::unhex(hex).value(); }
}  // namespace

// RFC 9180 appendix A.1.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode.
TEST(Hpke, gives_the_secrets_of_the_test_vector) {
  const std::string private_key = raw("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"),
                    enc = raw("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431");
  EXPECT_EQ(base::hex(public_of(private_key)),
            "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d");
  const std::string shared = decap(private_key, enc).value();
  EXPECT_EQ(base::hex(shared), "fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc");
  const Schedule s = key_schedule(shared, "Ode on a Grecian Urn", 1, 16);
  EXPECT_EQ(base::hex(s.key), "4531685d41d65f03dc48f6b8302c05b0");
  EXPECT_EQ(base::hex(s.nonce), "56d890e5accaaf011cff4b7d");
}

TEST(Hpke, opens_for_its_reader_and_its_use_alone) {
  const std::string mine = base::random_bytes(32), other = base::random_bytes(32);
  const Sealed s = seal_to(public_of(mine), "use", "about", "a name").value();
  EXPECT_EQ(open_for(mine, "use", "about", s).value(), "a name");
  EXPECT_FALSE(open_for(other, "use", "about", s).ok());
  EXPECT_FALSE(open_for(mine, "other use", "about", s).ok());
  EXPECT_FALSE(open_for(mine, "use", "about another", s).ok());
  for (std::size_t i = 0; i < s.enc.size() + s.box.size(); ++i) {
    Sealed changed = s;
    char& c = i < s.enc.size() ? changed.enc[i] : changed.box[i - s.enc.size()];
    c = static_cast<char>(c ^ 1);
    EXPECT_FALSE(open_for(mine, "use", "about", changed).ok()) << i;
  }
}

TEST(Hpke, refuses_keys_of_small_order) {
  EXPECT_FALSE(seal_to(std::string(32, '\0'), "use", "", "a name").ok());
  EXPECT_FALSE(seal_to(std::string(1, '\1') + std::string(31, '\0'), "use", "", "a name").ok());
  EXPECT_FALSE(seal_to("short", "use", "", "a name").ok());
}

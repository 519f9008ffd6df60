#include "crockford.h"

#include <access/totp.h>
#include <base/bytes.h>
#include <base/crypto.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

namespace rights {
namespace {

using base::Error;
using base::Refusal;

constexpr std::size_t kRecoveryCodes = 10, kRecoveryCharacters = 15;

std::string percent_encoded(std::string_view s) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : s) {
    const auto b = static_cast<unsigned char>(c);
    if ((b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '-' || b == '_' ||
        b == '.' || b == '~')
      out += c;
    else
      out.append({'%', digits[b >> 4], digits[b & 15]});
  }
  return out;
}

}  // namespace

std::string make_totp_secret(const Random& random) { return random(20); }

std::string totp_code(std::string_view secret, std::int64_t step, int digits, TotpHash hash) {
  const EVP_MD* md = hash == TotpHash::sha1     ? EVP_sha1()
                     : hash == TotpHash::sha256 ? EVP_sha256()
                                                : EVP_sha512();
  unsigned char counter[8], mac[EVP_MAX_MD_SIZE];
  for (int i = 0; i < 8; ++i)
    counter[i] = static_cast<unsigned char>(static_cast<std::uint64_t>(step) >> (56 - 8 * i));
  unsigned n = 0;
  if (!HMAC(md, secret.data(), static_cast<int>(secret.size()), counter, sizeof counter, mac, &n))
    base::fault("HMAC failed");
  const unsigned at = mac[n - 1] & 15u;
  std::uint32_t value = base::load_be<std::uint32_t>(mac + at) & 0x7fffffff, modulus = 1;
  for (int i = 0; i < digits; ++i) modulus *= 10;
  std::string code = std::to_string(value % modulus);
  return std::string(static_cast<std::size_t>(digits) - code.size(), '0') + code;
}

base::Result<std::int64_t> accept_totp(std::string_view secret, std::string_view code, Time now,
                                       std::int64_t last_step) {
  const Error wrong{Refusal::denied, "the code is not right: wait for the next one and type it"};
  const std::int64_t step = now / kTotpStep;
  std::optional<std::int64_t> found;
  // All three are compared whatever the first says.
  for (const std::int64_t s : {step - 1, step, step + 1}) {
    const std::string right = totp_code(secret, s);
    if (code.size() == right.size() && sodium_memcmp(code.data(), right.data(), right.size()) == 0 &&
        s > last_step)
      found = s;
  }
  if (!found || now < 0) return wrong;
  return *found;
}

std::string base32(std::string_view bytes) {
  static constexpr char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  unsigned held = 0;
  int bits = 0;
  for (const char c : bytes) {
    held = (held << 8 | static_cast<unsigned char>(c)) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) out += alphabet[held >> (bits - 5) & 31];
  }
  if (bits) out += alphabet[held << (5 - bits) & 31];
  return out;
}

std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret) {
  const std::string from = percent_encoded(issuer);
  return "otpauth://totp/" + from + ":" + percent_encoded(account) + "?secret=" + base32(secret) +
         "&issuer=" + from + "&algorithm=SHA1&digits=6&period=30";
}

base::Result<RecoveryCodes> make_recovery_codes(Passwords& passwords, const Random& random) {
  RecoveryCodes out;
  for (std::size_t i = 0; i < kRecoveryCodes; ++i) {
    std::string code, shown = std::to_string(i);
    const std::string bytes = random(kRecoveryCharacters);
    for (std::size_t k = 0; k < kRecoveryCharacters; ++k) {
      code += kCrockford[static_cast<unsigned char>(bytes.at(k)) & 31];
      if (k % 5 == 0) shown += '-';
      shown += code.back();
    }
    out.stored.push_back(TRY(passwords.hash(code)));
    out.printed.push_back(std::move(shown));
  }
  return out;
}

base::Result<std::size_t> accept_recovery_code(Passwords& passwords, std::span<const std::string> stored,
                                               std::string_view typed) {
  const Error wrong{Refusal::denied, "the recovery code is not right or was used; take another one"};
  std::size_t place = stored.size();
  std::string code;
  bool good = true;
  for (const char c : typed.substr(0, 64)) {
    if (c == '-' || c == ' ') continue;
    const int v = crockford_value(c);
    if (v < 0) good = false;
    if (place == stored.size() && code.empty() && v >= 0 && v < 10 &&
        static_cast<std::size_t>(v) < stored.size())
      place = static_cast<std::size_t>(v);
    else
      code += v < 0 ? '?' : kCrockford[static_cast<std::size_t>(v)];
  }
  if (!good || place == stored.size() || stored[place].empty()) {
    TRY(passwords.verify_nobody(code));
    return wrong;
  }
  const PasswordVerdict v = TRY(passwords.verify(code, stored[place]));
  if (!v.matches) return wrong;
  return place;
}

}  // namespace rights

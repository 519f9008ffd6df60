#pragma once
// One-time codes that change every 30 seconds (RFC 6238 over RFC 4226), the second factor beside a password,
// and the printed codes for the day when the telephone is lost. A code works once: whoever looked over a
// shoulder is too late (OWASP ASVS 5.0 V6.5.1).

#include <access/password.h>
#include <access/person_code.h>

namespace rights {

enum class TotpHash : std::uint8_t { sha1, sha256, sha512 };  // programs on telephones know sha1
inline constexpr Time kTotpStep = 30;

std::string make_totp_secret(const Random& random);  // 160 bits
std::string totp_code(std::string_view secret, std::int64_t step, int digits = 6,
                      TotpHash hash = TotpHash::sha1);
// Takes the code of this step, the one before or the one after, and none at or before `last_step`, the step
// that was accepted last (-1: none). Returns the step, to be stored before the person is let in. Refuses:
// denied.
base::Result<std::int64_t> accept_totp(std::string_view secret, std::string_view code, Time now,
                                       std::int64_t last_step);
// For the QR code; issuer and account are percent-encoded.
std::string otpauth_uri(std::string_view issuer, std::string_view account, std::string_view secret);
std::string base32(std::string_view bytes);  // RFC 4648, without padding

struct RecoveryCodes {
  std::vector<std::string> printed;  // "3-K7Q2M-9XZ02-CB4TW": shown once, never stored
  std::vector<std::string> stored;   // hashed like passwords; one that was used becomes empty
};
// Ten codes of 75 bits. Refuses: exhausted.
base::Result<RecoveryCodes> make_recovery_codes(Passwords& passwords, const Random& random);
// Returns the place of the code in `stored`, to be emptied before the person is let in. One hash, whatever
// was typed. Refuses: denied, exhausted.
base::Result<std::size_t> accept_recovery_code(Passwords& passwords, std::span<const std::string> stored,
                                               std::string_view typed);

}  // namespace rights

#pragma once
// Passwords, the second class of sign-in (SECURITY.md 3.2): Argon2id (RFC 9106), then HMAC-SHA-256 under a
// pepper that only the key service holds, so that a stolen table alone cannot be guessed at. No rules of
// composition and no forced change (NIST SP 800-63B 5.1.1.2): a minimum length, and not what everybody
// chooses.

#include <access/policy.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <unordered_set>

namespace rights {

// HMAC-SHA-256 of the bytes under the pepper of this version; the key service does it.
struct Pepper {
  int version = 1;
  std::function<std::string(std::string_view)> hmac;
};

// The words that commonest passwords are made of, in lower case, one a line; '#' begins a comment.
class CommonPasswords {
 public:
  explicit CommonPasswords(std::string_view list);
  // True for what is made of at most two such words (or `own` words: the person's names, the office's),
  // digits, signs, runs along the alphabet or the keyboard, and repetitions of all that; letters written as
  // digits do not help.
  bool common(std::string_view password, std::span<const std::string_view> own) const;

 private:
  std::unordered_set<std::string> words_;
  std::size_t longest_ = 0;
};

// The one form in which a password is hashed: Unicode NFKC, so that it does not depend on the keyboard.
// Refuses: invalid (no UTF-8, a control character, longer than 1,024 bytes).
base::Result<std::string> normal_password(std::string_view typed);
// Refuses: invalid, saying what to do; the message does not repeat the password.
base::Status acceptable_password(std::string_view typed, std::span<const std::string_view> own,
                                 const CommonPasswords& common, const Limits& limits);

struct PasswordVerdict {
  bool matches = false;
  bool rehash = false;  // made with other costs or an older pepper: hash it again now
};

// At most Limits::password_hashes_at_once are worked on at a time; a queue of four times as many waits, so
// that sign-in can never take all memory. Thread-safe.
class Passwords {
 public:
  // New hashes take `pepper`; those made with one of `older` still match, and are to be made again.
  Passwords(const Limits& limits, Pepper pepper, std::vector<Pepper> older = {});
  // "$custos-argon2id$v=19$m=65536,t=3,p=1,k=1$<salt>$<mac>". Refuses: invalid, exhausted.
  base::Result<std::string> hash(std::string_view password);
  // Refuses: exhausted (too many wait), damaged (what is stored is no hash of ours), unsupported (its pepper
  // is gone).
  base::Result<PasswordVerdict> verify(std::string_view password, std::string_view stored);
  // For a person who does not exist: the same work, and never a match.
  base::Result<PasswordVerdict> verify_nobody(std::string_view password);
  int most_at_once() const { return most_; }  // that ever were

 private:
  struct Cost {
    int memory_kib, passes;
    std::string_view salt;
    const Pepper& pepper;
  };
  base::Status mac(std::string_view password, const Cost& cost, std::string& out);

  const int memory_kib_, passes_, places_;
  const Pepper pepper_;
  const std::vector<Pepper> older_;
  std::string decoy_;
  std::mutex mutex_;
  std::condition_variable freed_;
  int working_ = 0, waiting_ = 0, most_ = 0;
};

}  // namespace rights

#pragma once
// The two secrets of an office: its key, under which all else lies, and the key that signs its ledgers.
// Nobody is given them; one asks for what is made of them. On the command line they are at hand, from their
// files; a server asks two processes, each with one of them (keys/doors.h). docs/adr/0021,
// docs/formats/home.md.

#include <base/crypto.h>
#include <base/result.h>
#include <store/ledger.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keys {

// RFC 9162 §2.1.4: that the head continues the ledger as it was at that size.
using Consistency = std::function<std::vector<base::Digest>(std::uint64_t older)>;

class Keys {
 public:
  virtual ~Keys() = default;
  // 32 bytes for one use, made of the office key by HKDF-SHA-512. Refuses: denied (sealed), not_found (nobody
  // answers).
  virtual base::Result<std::string> derived(std::string_view use) const = 0;
  // A secret under the office key, bound to its name, and back. Refuses: damaged as well (it is not what was
  // wrapped under that name).
  virtual base::Result<std::string> wrapped(std::string_view name, std::string_view secret) const = 0;
  virtual base::Result<std::string> unwrapped(std::string_view name, std::string_view wrapped) const = 0;
  virtual const std::string& public_key() const = 0;  // of the signer, Ed25519
  // Signs the head of a ledger and keeps it, in this order of what becomes durable: nothing is signed that is
  // not kept. Refuses: conflict (the ledger does not continue what was signed before), denied, not_found.
  virtual base::Result<std::string> sign(const store::Checkpoint& head, const Consistency& way) = 0;
  // The note that was signed last of this ledger; empty: none.
  virtual base::Result<std::string> last(const std::string& origin) const = 0;
};

struct Split {
  int shares = 5, needed = 3;
};
// How the two secrets lie in their folder: as files that their owner alone reads (neither), under a
// passphrase (Argon2id), or under a key in shares of which as many as are needed open both.
struct Sealing {
  std::string passphrase;
  std::optional<Split> shares;
};
// Makes both secrets anew in the folder. Returns the shares, to be shown once. Refuses: invalid.
base::Result<std::vector<std::string>> make(const std::string& folder, const Sealing& sealing);
struct Proof {
  std::string passphrase;
  std::vector<std::string> shares;  // as printed
};
// The same two secrets, sealed in another way. `proof` opens them as they are. In shares they lie beside the
// others until confirm() has seen that those who were handed them open them; otherwise from now on.
base::Result<std::vector<std::string>> seal_anew(const std::string& folder, const Proof& proof,
                                                 const Sealing& sealing);
// Refuses: not_found (nothing was sealed anew), denied (the proof does not open it).
base::Status confirm(const std::string& folder, const Proof& proof);

enum class By { file, passphrase, shares };
struct Lying {
  By by = By::file;
  std::int64_t needed = 0;
};
base::Result<Lying> how_they_lie(const std::string& folder);  // Refuses: not_found, damaged

// From the files. `office`: its id; ledgers of others are not signed. Refuses: not_found, damaged, denied
// (the proof does not open them).
base::Result<std::unique_ptr<Keys>> at_hand(const std::string& folder, const std::string& office,
                                            const Proof& proof);

// At hand; or, where they lie in shares, behind the doors of a program of this office that runs on this
// machine and was opened. Refuses: as at_hand.
base::Result<std::unique_ptr<Keys>> found(const std::string& folder, const std::string& office,
                                          const Proof& proof);
// The folders of doors of the programs that run with the keys of this folder.
std::vector<std::string> doors_in(const std::string& folder);

// A secret under a key, bound to its name: nonce (12), AES-256-GCM ciphertext, tag. Refuses: damaged.
std::string wrap(std::string_view key, std::string_view name, std::string_view secret);
base::Result<std::string> unwrap(std::string_view key, std::string_view name, std::string_view wrapped);

// What was signed of ledgers that no longer continue it, as after an older copy was restored on purpose, is
// set aside under the name it had and the time; from then on what is there is signed. Returns how many.
int set_aside(const std::string& folder, const std::function<bool(const std::string& note)>& which,
              std::int64_t unix_micros);

}  // namespace keys

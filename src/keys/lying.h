#pragma once
// How secrets lie in files, and how signed heads are kept: what the keys at hand and the two processes share.

#include <base/secret.h>
#include <keys/keys.h>

#include <mutex>

namespace keys {

inline constexpr const char* kOfficeKey = "office.key";
inline constexpr const char* kSigningKey = "signing.key";

// Refuses: not_found, damaged, denied (the proof does not open it; or none was given and one is needed).
base::Result<base::Secret> open_file(const std::string& folder, const char* name, const Proof& proof);

// What is made of the office key.
std::string derive(std::string_view key, std::string_view use);

// The signed heads of one office's ledgers, a file each, changed by one process at a time.
class Heads {
 public:
  Heads(std::string folder, std::string office) : folder_(std::move(folder)), office_(std::move(office)) {}
  // Refuses: invalid (a ledger of another office).
  base::Result<std::string> last(const std::string& origin) const;
  // Refuses: conflict, and exhausted where `older` is no longer the size that was signed last: ask again.
  base::Result<std::string> sign(const store::Checkpoint& head, const Consistency& way, std::string_view seed,
                                 const std::optional<std::uint64_t>& older = {});

 private:
  base::Result<std::string> place_of(const std::string& origin) const;
  std::string folder_, office_;
  mutable std::mutex mutex_;
};

}  // namespace keys

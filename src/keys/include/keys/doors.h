#pragma once
// The key service and the log signer as processes of their own (SECURITY.md 3.1): each holds one secret in
// memory that is not swapped, answers at its door and can do nothing else. Sealed, they hold nothing.

#include <base/result.h>
#include <keys/keys.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace keys {

enum class Duty { key_service, signer };
std::string_view name_of(Duty duty);  // "keys", "signer": also of the socket in the folder of doors

struct DoorOptions {
  Duty duty = Duty::key_service;
  std::string folder;  // of the keys
  std::string office;  // its id
  std::string doors;   // folder of the sockets
  std::vector<uid_t> peers;
  bool with_parent = false;
  std::function<void(std::string_view)> log;
};
// Opens at once what lies as a file or under the passphrase given; waits for shares otherwise. Serves until
// SIGTERM. Refuses: as how_they_lie; denied (the passphrase does not open it), unsupported.
base::Status serve(const DoorOptions& options, Proof proof, const std::function<void()>& ready);

// Asked through the doors. Refuses: not_found (nobody serves there), denied (they are sealed).
base::Result<std::unique_ptr<Keys>> behind(const std::string& doors, const std::string& office);

struct State {
  bool open = false, locked_in_memory = false;
  std::int64_t given = 0, needed = 0;  // shares
};
base::Result<State> state_of(const std::string& doors, Duty duty);
// Gives the proof, or nothing where the secret lies as a file, to both. Refuses: denied, invalid.
base::Result<State> unseal(const std::string& doors, const Proof& proof);
base::Status seal(const std::string& doors);  // both forget what they hold

}  // namespace keys

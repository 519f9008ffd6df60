#pragma once
// The register as a process of its own (SECURITY.md 3.1): started by `custos serve`, or by systemd under a
// user of its own; spoken to over a UNIX socket, one request a connection, by those whom the kernel names as
// its peers. What it may do once confined: sandbox/door.h.

#include <base/result.h>
#include <base/time.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace identity {

struct DoorOptions {
  std::string folder;        // of the register
  std::string socket;        // empty: FOLDER/door
  std::vector<uid_t> peers;  // beside its own user and root
  bool with_parent = false;  // ends when the process that started it ends
  std::function<void(std::string_view)> log;
};
// Serves until SIGTERM or SIGINT. `ready` is called when it listens and is confined.
// Refuses: as Register::open; conflict (another serves it); unsupported (no system-call list on this kernel).
base::Status serve(const DoorOptions& options, const base::Clock& clock, const std::function<void()>& ready);

// Asks the process behind the socket. Refuses: not_found (nobody serves there), exhausted (no answer in
// time), invalid (too long).
base::Result<std::string> ask(const std::string& socket, std::string_view request, int seconds = 10);

}  // namespace identity

#pragma once
// The walls. Two steps: the keeper (the warmed parent) locks itself into empty namespaces once; each child
// then gives up everything but reading its socket and computing. docs/adr/0005.

#include <base/result.h>

#include <cstdint>
#include <string>

namespace sandbox {

// User, network, mount, IPC, UTS and process namespaces; an empty read-only root; no capabilities; Landlock
// that grants nothing. Forks: returns in the first process of the new process namespace. Refuses:
// unsupported.
base::Status enter_namespaces();

struct ChildLimits {
  std::uint64_t memory_bytes = 1000ull << 20;  // private memory
  std::uint64_t cpu_seconds = 300;
};
// In the child, before a foreign byte is touched: resource limits and the list of system calls. Faults on
// failure.
void confine_child(const ChildLimits& limits);

// Tries, in children confined like the real ones, what a hostile file would try. Empty when all is refused;
// otherwise the name of the first escape that succeeded.
std::string escape_that_succeeds();

}  // namespace sandbox

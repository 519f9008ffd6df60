#pragma once
// What a lane and its keeper say to each other, over a socket of packets.

#include <base/handle.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace sandbox {

struct Control {
  enum What : std::uint32_t { ready, failed, run, kill, ended } what{};
  int status = 0;  // of wait4(), with `ended`
  std::uint64_t memory_bytes = 0, cpu_seconds = 0, peak_kib = 0;
};
bool send_control(int socket, const Control& c, int fd, std::string_view extra);
bool receive_control(int socket, Control& c, base::Fd* fd, std::string* extra);

}  // namespace sandbox

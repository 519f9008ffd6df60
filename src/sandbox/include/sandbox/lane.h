#pragma once
// A lane runs jobs in sandboxed children, one after the other. It owns a keeper process (custos-worker),
// which was warmed and locked in, and which forks a child for each job. A crash, hang or bomb costs that job,
// never the run.

#include <base/handle.h>
#include <base/time.h>
#include <sandbox/frames.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sandbox {

struct LaneOptions {
  std::string worker;              // path of custos-worker
  bool ocr = false;                // a keeper with recognition models in memory
  double idle_seconds = 60;        // without any frame: the child hangs
  double seconds_a_mebibyte = 20;  // beyond idle_seconds, in all, for each MiB of the job
  double cpu_seconds = 900;
  std::uint64_t memory_bytes = 1000ull << 20;
  std::function<bool()> cancelled;  // asked twice a second: true ends the job
};

enum class Ended { well, crashed, timed_out, out_of_memory, broken_frames, cancelled };

struct JobEnd {
  Ended how = Ended::well;
  std::uint64_t items_done = 0;  // of the batch, from its start
  std::string detail;            // "signal 11", for the account
  std::uint64_t peak_kib = 0;
};

class Lane {
 public:
  explicit Lane(LaneOptions options, const base::Clock& clock = base::system_clock());
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // Throws Fault when the keeper cannot be started or its self-test fails: then nothing is parsed at all.
  JobEnd run(const std::vector<Task>& tasks, FrameReader::Listener& to);
  const std::string& versions() const { return versions_; }  // what the worker says of itself, once started

 private:
  void start();
  bool try_start();  // false: it ended before it was ready, which another start with other addresses may not
  void stop();
  LaneOptions options_;
  const base::Clock& clock_;
  base::Fd control_;
  int keeper_ = -1;
  std::string versions_;
  std::vector<char> buffer_ = std::vector<char>(256 * 1024);  // of what the child says
};

// In the worker: the keeper's loop. `job` runs in the child with the socket of its job.
int keep(int control, const std::string& versions, void (*job)(int socket));

}  // namespace sandbox

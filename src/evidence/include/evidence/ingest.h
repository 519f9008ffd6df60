#pragma once
// Taking evidence in: walk, seal, account, process, index. Interrupted at any moment it goes on where it was.

#include <evidence/office.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace evidence {

// A file that comes without lying on a disk in plain: an upload.
struct Incoming {
  std::string path;    // its forensic path
  std::string origin;  // where it was taken from: one name for one file, by which it is known again
  std::uint64_t size = 0;
  // Bytes [offset, offset+n), which lie within size. Asked for in order, on one thread. An error: the item is
  // recorded as one that cannot be read.
  std::function<base::Result<std::string>(std::uint64_t offset, std::size_t n)> read;
};

struct IngestOptions {
  std::vector<std::string> places;  // files and folders
  std::vector<Incoming> incoming;   // and what comes otherwise,
  std::string incoming_from;        // named as a place of the delivery
  std::string source, collector, note;
  std::vector<std::string> passwords;
  bool ocr = true;
  bool strings = false;     // of what no reader knows, the readable runs
  bool old_hashes = false;  // SHA-1 and MD5 as well
  unsigned lanes = 0;       // 0: one a core
  std::string worker;       // path of custos-worker
  std::string actor;        // who delivers; empty: the person that runs the program
};

// What is going on, for a bar or a line. Counters only grow within one run.
struct Progress {
  std::atomic<std::int64_t> found{0}, found_bytes{0};      // in the places given
  std::atomic<std::int64_t> sealed{0}, sealed_bytes{0};    // of those, new ones
  std::atomic<std::int64_t> known{0};                      // places already in the case
  std::atomic<std::int64_t> items{0}, done{0}, failed{0};  // to process, parts included
  std::atomic<std::int64_t> pages_waiting{0};              // items waiting for recognition
  std::atomic<const char*> phase{"walking"};
};

struct IngestEnd {
  std::int64_t added = 0, parts = 0, known = 0, failed = 0, resumed = 0;
  std::int64_t bytes = 0;
  bool interrupted = false;
};

struct IngestWatch {
  Progress* progress = nullptr;
  const std::atomic<bool>* stop = nullptr;  // set: end soon, in good order
  std::function<void(const std::string& sha256, const std::string& path)> sealed;  // after it is durable
  std::function<void(const std::string& line)> say;
};

// Refuses: not_found (a place that is not there), denied, exhausted. Throws Fault for what should never
// happen.
base::Result<IngestEnd> ingest(Office& office, const CaseName& name, const IngestOptions& options,
                               const IngestWatch& watch);

// Processes again items that failed for `reason`, or of media type `type`, or are named. Empty: all that
// failed.
struct RetryOptions {
  std::string reason, type;
  std::vector<std::string> passwords;
  std::vector<std::int64_t> items;
  std::string worker;
  std::string actor;  // who asks; empty: the person that runs the program
  bool ocr = true, strings = false;
};
base::Result<IngestEnd> retry(Office& office, const CaseName& name, const RetryOptions& options,
                              const IngestWatch& watch);

}  // namespace evidence

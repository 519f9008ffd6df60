#pragma once
// The machine of an ingest: one thread that walks and reads (Receiver), lanes that process in the sandbox,
// and one thread that writes (Writer): it alone touches the records, and tells the others what is durable.

#include "case_file.h"
#include "told.h"

#include <evidence/ingest.h>
#include <sandbox/lane.h>

#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <set>
#include <thread>
#include <unordered_map>
#include <unordered_set>

namespace evidence {

// One item to be processed.
struct Work {
  std::int64_t number = 0;
  std::string name;
  std::uint64_t size = 0;
  std::shared_ptr<std::string> bytes;  // absent: to be read from the vault
  store::Place place;
  bool ocr = false;
};

// A received thing that is to become an item.
struct Arrival {
  Item item;                           // number, same_as and place in the vault still open
  std::shared_ptr<std::string> bytes;  // small ones; large ones have their place already
};

// What a lane brings back: the end of a work, or parts of a large one before its end.
struct Outcome {
  std::int64_t number = 0;
  bool ocr = false, final = true;
  std::unique_ptr<Told> told;
};

struct Limits {
  static constexpr std::size_t works_max = 20'000;             // in memory; the rest waits in the records
  static constexpr std::size_t memory_max = 64 << 20;          // bytes of items held for processing
  static constexpr std::size_t backlog_max = 48 << 20;         // bytes waiting to be written
  static constexpr std::int64_t depth_max = 100;               // containers in containers
  static constexpr std::int64_t family_items_max = 3'000'000;  // items of one received thing
  static constexpr std::int64_t family_ratio_max = 200;  // what it expands to, once that is past the floor
  static constexpr std::int64_t family_ratio_floor = 1 << 30;
};

class Pipeline {
 public:
  Pipeline(CaseFile& file, const IngestOptions& options, const IngestWatch& watch);
  ~Pipeline();

  void start(std::int64_t delivery);
  // From the receiver's thread.
  void arrive(Arrival a);
  void no_more_arrivals();
  // From the lanes' threads.
  std::vector<Work> take(bool ocr);  // empty: there will be no more
  void bring(Outcome o);
  // Waits for the end of all, then writes what is left. Rethrows what a thread threw.
  // Waits for the threads; `meanwhile` runs beside the last writing of the index, unless interrupted.
  void finish(const std::function<void()>& meanwhile = {});

  bool stopping() const { return failed_ || (watch_.stop && *watch_.stop); }
  void fail(std::exception_ptr e);
  IngestEnd end() const { return end_; }
  CaseFile& file() { return file_; }
  const IngestOptions& options() const { return options_; }
  const IngestWatch& watch() const { return watch_; }
  store::Vault::Appender& receiver_appender() { return *appenders_[0]; }

 private:
  struct Batch;  // of one transaction
  std::optional<store::Place> known_large(const std::string& sha256);
  void write_loop();
  void write(std::vector<Arrival>& arrivals, std::vector<Outcome>& outcomes);
  void refill();
  void lane_loop(std::size_t lane, bool ocr);
  void run_job(std::size_t lane, sandbox::Lane& sandboxed, std::vector<Work> works);
  void push(Work w);
  void keep_bytes(Batch& b, Item& i, const std::shared_ptr<std::string>& bytes);
  void add_parts(Batch& b, Item& parent, std::vector<std::unique_ptr<Told>>& parts);
  void add_part(Batch& b, Item& parent, std::unique_ptr<Told>& told, std::int64_t place);
  void apply(Batch& b, Item& i, Told& t, bool ocr);
  void close_account(Batch& b, Item& i, const Told& t);
  std::pair<std::string, std::string> beyond_limits(const Item& i);  // reason and detail, or nothing
  std::string thread_of(const Item& i, const Told& t, const Batch& b);

  CaseFile& file_;
  const IngestOptions& options_;
  const IngestWatch& watch_;
  Progress own_progress_;
  Progress& progress_;
  search::Index index_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Arrival> arrivals_;
  std::deque<Outcome> outcomes_;
  std::deque<Work> works_, ocr_works_;
  std::size_t backlog_bytes_ = 0, held_bytes_ = 0;
  std::int64_t in_flight_ = 0;  // works taken and not yet brought back and written
  bool arriving_ = true, over_ = false, overflow_ = false;
  std::atomic<bool> failed_{false};
  std::exception_ptr failure_;

  std::vector<std::unique_ptr<store::Vault::Appender>> appenders_;  // 0: receiver, 1: writer, then the lanes
  std::vector<std::thread> threads_;

  std::mutex large_mutex_;
  std::unordered_map<std::string, store::Place> large_;  // by SHA-256: large objects that the records name

  // Of the writer alone.
  std::int64_t delivery_ = 0, next_number_ = 1, next_sequence_ = 1, next_derived_ = 1, first_of_run_ = 1;
  struct Family {
    std::int64_t items = 0, bytes = 0, received_bytes = 0;
  };
  std::unordered_map<std::int64_t, std::int64_t> next_place_;
  std::unordered_map<std::int64_t, Family> families_;
  std::unordered_map<std::int64_t, std::set<std::pair<std::int64_t, std::string>>>
      met_before_;  // parts of an earlier run
  std::unordered_map<std::int64_t, Item> open_containers_;
  std::string custodian_;
  std::int64_t indexed_since_commit_ = 0;
  double index_committed_at_ = 0;
  IngestEnd end_;
};

// Walks the places and hands over what it meets. In receive.cpp.
base::Status receive(Pipeline& pipeline);

// Groups near-duplicates of the case by their sketches. In likeness.cpp.
void join_threads(CaseFile& file);
void group_likeness(CaseFile& file, Progress& progress);

}  // namespace evidence

#pragma once
// One upload, from its beginning to the end of its ingest.

#include "core.h"
#include "incoming.h"

#include <deque>
#include <map>
#include <set>

namespace service {

struct Upload {
  enum class State : std::uint8_t { receiving, waiting, ingesting, done, failed };
  using Files = std::map<std::uint64_t, std::shared_ptr<IncomingFile>>;
  Upload(Shelf s, std::string i) : shelf(std::move(s)), id(std::move(i)) {}
  std::string about() const;  // what the shelf keeps of it
  void read_about(std::string_view json);
  base::Status load();  // what lies there, once. Refuses: damaged
  Files all_files();    // as they are now

  const Shelf shelf;
  const std::string id;
  std::string case_id, actor, source, collector, note;
  std::int64_t person = 0;
  std::uint64_t files_announced = 0, bytes_announced = 0;
  std::atomic<State> state{State::receiving};

  std::mutex mutex;  // for what follows; never taken while a file is locked
  bool loaded = true;
  Files files;
  std::uint64_t bytes = 0;  // of the sizes of `files`
};
std::string_view name_of(Upload::State s);

// Takes finished uploads in: one ingest a case at a time, in the order of finishing, on threads of the Core.
// It tells how far it is, and removes what was received once the case holds it.
class Intake : public std::enable_shared_from_this<Intake> {
 public:
  explicit Intake(Core& core) : core_(core) {}
  void add(const std::shared_ptr<Upload>& waiting);

 private:
  using Stop = const std::atomic<bool>&;
  std::shared_ptr<Upload> next(const std::string& case_id, Stop stop);
  void take_in(Upload& u, Stop stop);
  base::Result<bool> ingest(Upload& u, Stop stop);  // whether it came to its end
  Core& core_;
  std::mutex mutex_;
  std::map<std::string, std::deque<std::shared_ptr<Upload>>> queues_;
  std::set<std::string> running_;
};

}  // namespace service

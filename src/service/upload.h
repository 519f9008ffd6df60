#pragma once
// One upload, from its beginning to the end of its ingest. What it is and how far it is lies on its shelf:
// any process of the office goes on with it (docs/adr/0020).

#include "core.h"
#include "incoming.h"

#include <map>

namespace service {

struct Upload {
  enum class State : std::uint8_t { receiving, waiting, ingesting, done, failed };
  using Files = std::map<std::uint64_t, std::shared_ptr<IncomingFile>>;
  Upload(Shelf s, std::string i) : shelf(std::move(s)), id(std::move(i)) {}
  std::string about() const;  // what the shelf keeps of it
  void read_about(std::string_view json);
  base::Status refresh();     // its state; the first time, all. Refuses: not_found, damaged
  void keep(State next);      // and on the shelf; the shelf's lock is held whole by whoever calls
  base::Status load();        // what lies there, once. Refuses: damaged
  base::Status look_again();  // what lies there now. Refuses: damaged
  Files all_files();          // as they are known

  const Shelf shelf;
  const std::string id;
  std::string case_id, actor, source, collector, note;
  std::int64_t person = 0;
  std::uint64_t files_announced = 0, bytes_announced = 0;
  std::atomic<State> state{State::receiving};

  std::mutex mutex;  // for what follows; never taken while a file is locked
  bool loaded = false;
  Files files;
  std::uint64_t bytes = 0;  // of the sizes of `files`
};
std::string_view name_of(Upload::State s);

std::string incoming_of(const Core& core, const std::string& case_id);  // folder of the uploads of a case
Shelf shelf_of(const Core& core, const std::string& case_id, const std::string& upload);

// What remains known of an upload whose files are in the case: a finish whose answer was lost is asked again.
inline constexpr std::string_view kUploadDone = "an upload that was taken in";

// Takes a finished upload in, tells how far it is, and removes what was received once the case holds it.
class Intake {
 public:
  static constexpr std::string_view kJob = "take_in";  // {"case","upload"}, at the place of its case
  static std::string argument(const Upload& u);
  explicit Intake(Core& core) : core_(core) {}
  Jobs::End take_in(const std::string& case_id, const std::string& upload, Jobs::Stop stop);

 private:
  base::Result<bool> ingest(Upload& u, Jobs::Stop stop);  // whether it came to its end
  Core& core_;
};

}  // namespace service

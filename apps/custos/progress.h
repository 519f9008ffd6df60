#pragma once
// Progress of a long job: a bar on a terminal, a line every ten seconds without one; always on standard
// error.

#include <base/time.h>
#include <evidence/ingest.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace cli {

class IngestBar {
 public:
  IngestBar(const evidence::Progress& progress, const base::Clock& clock);
  ~IngestBar();

 private:
  void draw(bool last);
  const evidence::Progress& progress_;
  const base::Clock& clock_;
  bool terminal_;
  double began_, before_at_ = 0;
  std::int64_t before_done_ = 0;
  double rate_ = 0;
  bool over_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
};

// For jobs that know how much there is: tick(done, total).
class Bar {
 public:
  Bar(std::string name, const base::Clock& clock);
  ~Bar();
  void tick(std::int64_t done, std::int64_t total);

 private:
  std::string name_;
  const base::Clock& clock_;
  bool terminal_, drawn_ = false;
  double began_, last_ = 0;
};

}  // namespace cli

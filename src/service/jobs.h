#pragma once
// Work that was asked for and is done behind the requests, by whichever process of the office is free. A job
// stands in the records of the office with the change that asked for it. Who does it holds it for a while at
// a time, so that another goes on when its process dies (docs/adr/0020).

#include <kernel/desk.h>

#include <boost/json.hpp>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>

namespace service {

class Core;

class Jobs {
 public:
  enum class End : std::uint8_t { done, later };  // later: it was told to stop; who comes next goes on
  using Stop = const std::atomic<bool>&;
  // Is told to stop when the process ends, or the job is another's by now. What it throws ends the job.
  using Does = std::function<End(const boost::json::value& argument, Stop stop)>;

  explicit Jobs(Core& core);
  void bring(std::string kind, Does does);  // before start()
  void start();
  void wake();  // there is one more

 private:
  struct Running {
    kernel::Job job;
    std::atomic<bool> stop{false}, over{false};
  };
  void run(Stop stop);
  void take_some();
  void hold_all();
  void work_off(Running& r);
  Core& core_;
  const std::string owner_;
  std::map<std::string, Does, std::less<>> does_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  std::list<Running> running_;  // of the one thread that takes them
};

}  // namespace service

#pragma once
#include <csignal>
#include <functional>

namespace cli {

// The word to end, waited for by one thread: made before any other begins.
class Ending {
 public:
  Ending();
  // Waits for it; true: `else_when`, asked twice a second, came first.
  bool wait(const std::function<bool()>& else_when = {}) const;

 private:
  sigset_t signals_;
};

}  // namespace cli

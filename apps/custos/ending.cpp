#include "ending.h"

#include "run.h"

#include <ctime>

namespace cli {

Ending::Ending() {
  sigemptyset(&signals_);
  sigaddset(&signals_, SIGINT);
  sigaddset(&signals_, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}
bool Ending::wait(const std::function<bool()>& else_when) const {
  const timespec half{0, 500'000'000};
  for (;;) {
    if (::sigtimedwait(&signals_, nullptr, &half) > 0) break;
    if (else_when && else_when()) return true;
  }
  print("ending in good order\n");
  return false;
}

}  // namespace cli

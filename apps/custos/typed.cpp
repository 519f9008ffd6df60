#include "typed.h"

#include "ending.h"
#include "run.h"

#include <cerrno>
#include <cstdio>
#include <ctime>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace cli {

bool read_hidden(const std::string& prompt, std::string& line) {
  termios before{}, quiet{};
  const bool screen = ::isatty(0) && ::tcgetattr(0, &before) == 0;
  if (screen) {
    std::fprintf(stderr, "%s", prompt.c_str());
    quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(0, TCSANOW, &quiet);
  }
  const bool got = static_cast<bool>(std::getline(std::cin, line));
  if (screen) {
    ::tcsetattr(0, TCSANOW, &before);
    std::fprintf(stderr, "\n");
  }
  return got;
}

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

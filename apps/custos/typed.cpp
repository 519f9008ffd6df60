#include "typed.h"

#include <cstdio>
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

}  // namespace cli

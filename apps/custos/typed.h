#pragma once
#include <string>

namespace cli {

// A line of standard input that is not shown while it is typed.
bool read_hidden(const std::string& prompt, std::string& line);

}  // namespace cli

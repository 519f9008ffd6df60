// custos: the program of the office. What it can do is the table in commands.cpp.

#include "run.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <sys/prctl.h>
#include <sys/resource.h>

int main(int argc, char** argv) {
  // Keys are in this memory: no core files, no debugger of another process.
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  ::prctl(PR_SET_DUMPABLE, 0);
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty() || words[0] == "--help" || words[0] == "-h" || words[0] == "help") {
    cli::print(cli::help_all());
    return words.empty() ? cli::kUsage : cli::kWell;
  }
  const auto arguments = cli::parse(words[0] == "--version" ? std::vector<std::string>{"version"} : words);
  if (!arguments.ok()) {
    std::fprintf(stderr, "custos: %s\n", arguments.error().message.c_str());
    return cli::kUsage;
  }
  const cli::Command& command = *std::ranges::find(cli::commands(), arguments->command, &cli::Command::name);
  if (arguments->has("--help")) {
    cli::print(cli::help(command));
    return cli::kWell;
  }
  try {
    return command.run(*arguments);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "custos: %s\n", e.what());
    return cli::kFault;
  }
}

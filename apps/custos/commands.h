#pragma once
// The command line as a table: commands, their options and words. --help, the man page and completion are
// readings of it, so they cannot differ from what is parsed.

#include <base/result.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

struct Option {
  std::string_view name;   // "--home"
  std::string_view value;  // "DIR"; empty: a switch
  std::string_view help;
  bool required = false;
};
struct Arguments {
  std::string command;
  std::map<std::string, std::string, std::less<>> options;
  std::vector<std::string> words;
  bool has(std::string_view name) const { return options.contains(name); }
  std::string get(std::string_view name, std::string_view otherwise = "") const {
    const auto at = options.find(name);
    return at == options.end() ? std::string(otherwise) : at->second;
  }
};
struct Command {
  std::string_view name, words, summary, detail;
  std::vector<Option> options;
  std::size_t words_min = 0, words_max = 0;
  int (*run)(const Arguments&) = nullptr;
  std::string_view examples = {};
};

// Exit codes, a contract (docs/formats/cli.md).
inline constexpr int kWell = 0, kRefused = 1, kUsage = 2, kDeviations = 3, kInterrupted = 4, kFault = 5;

const std::vector<Command>& commands();
base::Result<Arguments> parse(const std::vector<std::string>& words);
std::string help(const Command& c);
std::string help_all();
std::string man_page();
std::string completion_bash();

}  // namespace cli

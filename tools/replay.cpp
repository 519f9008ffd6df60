// Runs a fuzz target over kept inputs without a fuzzer, so that every crash ever found is tried by every test
// run:  MODULE_replay TARGET FOLDER
#include "replay.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

int main(int argc, char** argv) {
  const Target* target = kTargets;
  while (argc == 3 && target->name && std::string(target->name) != argv[1]) ++target;
  if (argc != 3 || !target->name) {
    std::fprintf(stderr, "usage: %s TARGET FOLDER; there is no such target\n", argv[0]);
    return 2;
  }
  const auto run = [&](const std::string& s) {
    target->run(reinterpret_cast<const std::uint8_t*>(s.data()), s.size());
  };
  int inputs = 0;
  if (std::filesystem::exists(argv[2]))
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[2])) {
      if (!entry.is_regular_file()) continue;
      std::ifstream in(entry.path(), std::ios::binary);
      run({std::istreambuf_iterator<char>(in), {}});
      ++inputs;
    }
  const std::string seeds[] = {"", std::string(1, '\0'), "a", std::string(4096, '\xff')};
  for (const std::string& s : seeds) run(s);
  std::printf("%d kept inputs and %zu fixed ones\n", inputs, std::size(seeds));
}

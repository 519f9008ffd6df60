#pragma once
// The labelled pairs of tests/names, for the test and the bench.
#include <base/result.h>
#include <base/text.h>
#include <names/name.h>

#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace names {

struct Labelled {
  std::string half, script, change, one, other;
  bool match = false;
};
inline std::vector<Labelled> labelled(const std::string& file) {
  std::vector<Labelled> out;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with('#')) continue;
    const auto f = base::split(line, '\t');
    CHECK(f.size() == 6);
    out.push_back({std::string(f[0]), std::string(f[1]), std::string(f[3]), std::string(f[4]),
                   std::string(f[5]), f[2] == "match"});
  }
  return out;
}

struct Tally {
  int found = 0, missed = 0, wrong = 0, left = 0;
  double recall() const { return found + missed ? double(found) / (found + missed) : 0; }
  double precision() const { return found + wrong ? double(found) / (found + wrong) : 0; }
  void take(bool match, bool said) { ++(match ? (said ? found : missed) : (said ? wrong : left)); }
};

}  // namespace names

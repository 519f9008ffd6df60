#pragma once
// Under which keys a person is found again, whatever the letters a name is written in: Latin, Cyrillic,
// Arabic. The keys are texts of the register alone; it stores HMACs of them, from which nobody reads a name.
//
// Three grades. `certain`: the same words, in any order, and the same date of birth. `same`: the same words.
// `heard`: what sounds alike (data/identity/sounds.txt): the whole name, the name run together, or any two of
// its words.

#include <base/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace identity {

struct Traces {
  std::vector<std::string> certain, same, heard;
};

class Ear {
 public:
  Ear();
  ~Ear();
  Ear(const Ear&) = delete;
  Ear& operator=(const Ear&) = delete;
  std::vector<std::string> words(std::string_view name) const;  // "Ђорђе Petrović" -> dorde, petrovic
  std::string heard(std::string_view word) const;  // "Мухаммед", "محمد", "Mohamed" -> 53
  // Of all names a person goes by; `born` as "1970-02-03", or empty.
  Traces traces(const std::vector<std::string>& names, std::string_view born) const;
  static std::string version();  // of the rules: keys made by others are made anew

 private:
  struct Parts;
  Parts* parts_;
};

}  // namespace identity

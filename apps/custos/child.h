#pragma once
// Other processes of this program that end with it: its doors.

#include <base/result.h>

#include <string>
#include <vector>

#include <sys/types.h>

namespace cli {

// This program once more, with other words. Ends with this process.
class Child {
 public:
  Child() = default;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child();
  void start(std::vector<std::string> words);
  bool ended();  // by itself

 private:
  pid_t pid_ = -1;
};

// The identity register.
class IdentityChild {
 public:
  base::Status start(const std::string& folder);  // Refuses: denied, exhausted

 private:
  Child child_;
};

// The key service and the log signer, in a folder of doors of their own.
class KeysChildren {
 public:
  ~KeysChildren();
  // `office`: its id. `doors`: where; empty: in the folder of the keys, under the number of this process.
  // `peer`: a user beside this one who may ask. Refuses: not_found, damaged, denied (the passphrase does not
  // open them), exhausted.
  base::Status start(const std::string& office, std::string doors = {}, const std::string& peer = {});
  const std::string& doors() const { return doors_; }
  bool ended() { return service_.ended() || signer_.ended(); }

 private:
  Child service_, signer_;
  std::string doors_;
};

// The value is no longer in this process, not even where the system put it.
void forget_variable(const char* name);

}  // namespace cli

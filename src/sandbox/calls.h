#pragma once
// Lists of system calls, built name by name and loaded once: what is allowed, what fails as if it were not
// there, and what ends the process at once because nothing honest asks for it.

#include <base/handle.h>

#include <seccomp.h>

#include <cstdint>
#include <initializer_list>

namespace sandbox {

class Calls {
 public:
  Calls() : filter_(seccomp_init(SCMP_ACT_ERRNO(EPERM))), well_(filter_ != nullptr) {}
  void rule(std::uint32_t action, std::initializer_list<const char*> names);
  void rule(std::uint32_t action, const char* name, const scmp_arg_cmp& when);
  // What every confined process needs: its memory (never both foreign and executable), its open files, time
  // and threads that run already; and what none may do.
  void computing();
  bool load() { return well_ && seccomp_load(filter_.get()) == 0; }

 private:
  base::Handle<void, seccomp_release> filter_;
  bool well_;
};

}  // namespace sandbox

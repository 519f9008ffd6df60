#pragma once
#include <cstddef>
#include <string_view>

namespace base {

// A secret in memory that is not swapped, not dumped, and wiped when it goes.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string_view bytes);  // at most a page
  Secret(Secret&& o) noexcept;
  Secret& operator=(Secret&& o) noexcept;
  ~Secret();
  std::string_view view() const { return {at_, size_}; }
  explicit operator bool() const { return at_ != nullptr; }
  // In memory that the kernel itself does not map, or at least locked.
  bool locked() const { return locked_; }

 private:
  char* at_ = nullptr;
  std::size_t size_ = 0, mapped_ = 0;
  bool locked_ = false;
};

}  // namespace base

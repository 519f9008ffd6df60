#pragma once
// Handles close themselves.

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace base {

template <auto Close>
struct Closer {
  void operator()(auto* handle) const { Close(handle); }
};
template <class T, auto Close>
using Handle = std::unique_ptr<T, Closer<Close>>;

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
  Fd& operator=(Fd&& o) noexcept {
    std::swap(fd_, o.fd_);
    return *this;
  }
  ~Fd();
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void close() { *this = Fd(); }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Whole transfers, past EINTR. False: errno says why (0: the other end closed).
bool write_all(int fd, std::string_view bytes);
bool read_exactly(int fd, void* to, std::size_t n);
std::string read_file(const std::string& path);  // throws Fault
bool file_exists(const std::string& path);
// Written beside, synced, renamed over, folder synced: afterwards the file is the old or the new one, whole.
void replace_file(const std::string& path, std::string_view content, int mode = 0600);  // throws Fault
void sync_folder(const std::string& path);                                              // throws Fault

}  // namespace base

#include <base/handle.h>
#include <base/result.h>
#include <base/secret.h>

#include <cstring>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace base {

Secret::Secret(std::string_view bytes) : size_(bytes.size()) {
  mapped_ = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  CHECK(size_ > 0 && size_ <= mapped_);
  // Memory that the kernel itself does not map; where it is switched off, a page that is not swapped.
  Fd fd(static_cast<int>(::syscall(SYS_memfd_secret, 0)));
  void* m = MAP_FAILED;
  if (fd && ::ftruncate(fd.get(), static_cast<off_t>(mapped_)) == 0)
    m = ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  locked_ = m != MAP_FAILED;
  if (!locked_) {
    m = ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (m == MAP_FAILED) fault_errno("no memory for a key");
    locked_ = ::mlock(m, mapped_) == 0;
    ::madvise(m, mapped_, MADV_DONTDUMP);
  }
  at_ = static_cast<char*>(m);
  bytes.copy(at_, size_);
}
Secret::Secret(Secret&& o) noexcept { *this = std::move(o); }
Secret& Secret::operator=(Secret&& o) noexcept {
  std::swap(at_, o.at_), std::swap(size_, o.size_), std::swap(mapped_, o.mapped_),
      std::swap(locked_, o.locked_);
  return *this;
}
Secret::~Secret() {
  if (!at_) return;
  ::explicit_bzero(at_, mapped_);
  ::munmap(at_, mapped_);
}

}  // namespace base

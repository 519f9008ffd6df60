#include <base/handle.h>
#include <base/result.h>

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace base {

Fd::~Fd() {
  if (fd_ >= 0) ::close(fd_);
}

bool write_all(int fd, std::string_view b) {
  while (!b.empty()) {
    const ssize_t n = ::write(fd, b.data(), b.size());
    if (n < 0) {
      if (errno == EINTR) continue;
      return false;
    }
    b.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool read_exactly(int fd, void* to, std::size_t n) {
  auto* p = static_cast<char*>(to);
  while (n) {
    const ssize_t k = ::read(fd, p, n);
    if (k < 0 && errno == EINTR) continue;
    if (k <= 0) {
      if (k == 0) errno = 0;
      return false;
    }
    p += k;
    n -= static_cast<std::size_t>(k);
  }
  return true;
}

std::string read_file(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) fault_errno("cannot open " + path);
  std::string out;
  char buffer[65536];
  for (;;) {
    const ssize_t n = ::read(fd.get(), buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) fault_errno("cannot read " + path);
    if (n == 0) return out;
    out.append(buffer, static_cast<std::size_t>(n));
  }
}

bool file_exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

void sync_folder(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd || ::fsync(fd.get())) fault_errno("cannot sync folder " + path);
}

void replace_file(const std::string& path, std::string_view content, int mode) {
  const std::string beside = path + ".new";
  {
    const Fd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    if (!fd || !write_all(fd.get(), content) || ::fsync(fd.get())) fault_errno("cannot write " + beside);
  }
  if (::rename(beside.c_str(), path.c_str())) fault_errno("cannot rename " + beside);
  const std::size_t slash = path.rfind('/');
  sync_folder(slash == std::string::npos ? "." : path.substr(0, slash + 1));
}

}  // namespace base

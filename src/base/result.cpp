#include <base/result.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace base {

void fault(const std::string& what) { throw Fault(what); }
void fault_errno(const std::string& what) { throw Fault(what + ": " + std::strerror(errno)); }
void check_failed(const char* what, Here where) {
  std::fprintf(stderr, "custos: broken invariant: %s (%s:%d)\n", what, where.file, where.line);
  std::abort();
}

}  // namespace base

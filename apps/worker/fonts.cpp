#include "fonts.h"

#include <base/handle.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <dlfcn.h>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace worker {
namespace {

constexpr std::uintmax_t kBytesMax = 1u
                                     << 30;  // of address space: the pages themselves come when they are used

std::map<std::string, std::string_view, std::less<>>& fonts() {
  static std::map<std::string, std::string_view, std::less<>> all;
  return all;
}
const std::string_view* font(const char* path) {
  const auto at = fonts().find(std::string_view(path));
  return at == fonts().end() ? nullptr : &at->second;
}

}  // namespace

void warm_fonts() {
  namespace fs = std::filesystem;
  std::error_code error;
  std::uintmax_t all = 0;
  for (fs::recursive_directory_iterator it("/usr/share/fonts", error), end; it != end && !error;
       it.increment(error)) {
    std::error_code none;
    if (!it->is_regular_file(none)) continue;
    const std::uintmax_t bytes = it->file_size(none);
    if (none || bytes == 0 || (all += bytes) > kBytesMax) continue;
    const base::Fd fd(::open(it->path().c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) continue;
    void* at = ::mmap(nullptr, bytes, PROT_READ, MAP_PRIVATE, fd.get(), 0);
    if (at != MAP_FAILED) fonts()[it->path().string()] = {static_cast<const char*>(at), bytes};
  }
}

}  // namespace worker

// The doors by which poppler, Cairo and HarfBuzz open a font of the system. Everything else goes where it
// always went.
extern "C" {

int FT_New_Face(void* library, const char* path, long index, void** face) {
  static const auto real =
      reinterpret_cast<int (*)(void*, const char*, long, void**)>(::dlsym(RTLD_NEXT, "FT_New_Face"));
  static const auto from_memory = reinterpret_cast<int (*)(void*, const unsigned char*, long, long, void**)>(
      ::dlsym(RTLD_DEFAULT, "FT_New_Memory_Face"));
  const std::string_view* bytes = path ? worker::font(path) : nullptr;
  if (bytes && from_memory)
    return from_memory(library, reinterpret_cast<const unsigned char*>(bytes->data()),
                       static_cast<long>(bytes->size()), index, face);
  return real ? real(library, path, index, face) : 1;  // 1: FreeType's "cannot open resource"
}

int access(const char* path, int mode) {
  static const auto real = reinterpret_cast<int (*)(const char*, int)>(::dlsym(RTLD_NEXT, "access"));
  if (mode == R_OK && worker::font(path)) return 0;  // Cairo asks before it opens a font
  if (real) return real(path, mode);
  errno = ENOSYS;
  return -1;
}

void* hb_blob_create_from_file(const char* path) {
  static const auto real =
      reinterpret_cast<void* (*)(const char*)>(::dlsym(RTLD_NEXT, "hb_blob_create_from_file"));
  static const auto of_memory =
      reinterpret_cast<void* (*)(const char*, unsigned, int, void*, void (*)(void*))>(
          ::dlsym(RTLD_DEFAULT, "hb_blob_create"));
  constexpr int read_only = 1;  // HB_MEMORY_MODE_READONLY
  const std::string_view* bytes = path ? worker::font(path) : nullptr;
  if (bytes && of_memory)
    return of_memory(bytes->data(), static_cast<unsigned>(bytes->size()), read_only, nullptr, nullptr);
  return real ? real(path) : nullptr;
}

FILE* fopen(const char* path, const char* mode) {
  static const auto real = reinterpret_cast<FILE* (*)(const char*, const char*)>(::dlsym(RTLD_NEXT, "fopen"));
  const std::string_view* bytes = path && mode && mode[0] == 'r' ? worker::font(path) : nullptr;
  // Opened to read alone, the memory is not written to.
  if (bytes) return ::fmemopen(const_cast<char*>(bytes->data()), bytes->size(), "r");
  if (real) return real(path, mode);
  errno = ENOSYS;
  return nullptr;
}
}

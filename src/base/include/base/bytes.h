#pragma once
// Bytes are std::string when owned and std::string_view when lent. This file holds what is done
// to them everywhere: hexadecimal, base64, little- and big-endian numbers, cursors that cannot
// run past the end.

#include <base/result.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace base {

std::string hex(std::string_view bytes);
std::optional<std::string> unhex(std::string_view text);
std::string base64(std::string_view bytes);  // RFC 4648, padded
std::optional<std::string> unbase64(
    std::string_view text);  // canonical only: re-encoding gives the same text

template <class T>
T load_le(const void* at) {
  T v;
  std::memcpy(&v, at, sizeof v);
  return v;  // all supported machines are little-endian
}
static_assert(std::endian::native == std::endian::little);
template <class T>
T load_be(const void* at) {
  T v{};
  const auto* p = static_cast<const unsigned char*>(at);
  for (std::size_t i = 0; i < sizeof v; ++i) v = static_cast<T>(v << (sizeof v > 1 ? 8 : 0)) | p[i];
  return v;
}
template <class T>
void append_le(std::string& out, T v) {
  out.append(reinterpret_cast<const char*>(&v), sizeof v);
}

// Reads foreign bytes. Each read says whether there was enough; after a failure all fail.
class Cursor {
 public:
  explicit Cursor(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  std::size_t at() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }
  void seek(std::size_t to) {
    if (to > bytes_.size())
      ok_ = false;
    else
      at_ = to;
  }
  std::string_view take(std::size_t n) {
    if (!ok_ || n > left()) {
      ok_ = false;
      return {};
    }
    at_ += n;
    return bytes_.substr(at_ - n, n);
  }
  template <class T>
  T le() {
    const std::string_view b = take(sizeof(T));
    return b.size() == sizeof(T) ? load_le<T>(b.data()) : T{};
  }
  template <class T>
  T be() {
    const std::string_view b = take(sizeof(T));
    return b.size() == sizeof(T) ? load_be<T>(b.data()) : T{};
  }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace base

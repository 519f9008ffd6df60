#pragma once
// Bytes on their way to a file that is written past the page cache: memory aligned as the kernel wants it,
// appended at the end, given away from the front in whole blocks. Fresh bytes are not cleared.

#include <base/result.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <string_view>

namespace store {

class Outgoing {
 public:
  static constexpr std::size_t kBlock = 4096;  // every disk and file system of today takes this alignment

  std::size_t size() const { return size_; }
  const char* data() const { return bytes_.get(); }
  char* at(std::size_t i) { return bytes_.get() + i; }
  // `n` bytes more, for the caller to fill; valid until the next call.
  char* room(std::size_t n) {
    if (size_ + n > held_) grow(size_ + n);
    size_ += n;
    return bytes_.get() + size_ - n;
  }
  void append(std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(room(bytes.size()), bytes.data(), bytes.size());
  }
  void pad() {  // zeros up to a whole block
    const std::size_t n = (kBlock - size_ % kBlock) % kBlock;
    std::memset(room(n), 0, n);
  }
  void cut(std::size_t n) { size_ = n; }  // keeps the first n
  void drop(std::size_t n) {              // lets the first n go
    CHECK(n <= size_);
    size_ -= n;
    std::memmove(bytes_.get(), bytes_.get() + n, size_);
  }

 private:
  void grow(std::size_t n) {
    n = (n * 3 / 2 + kBlock - 1) / kBlock * kBlock;
    std::unique_ptr<char, decltype(&std::free)> more(static_cast<char*>(std::aligned_alloc(kBlock, n)),
                                                     &std::free);
    if (!more) throw std::bad_alloc();
    if (size_) std::memcpy(more.get(), bytes_.get(), size_);
    bytes_ = std::move(more);
    held_ = n;
  }
  std::unique_ptr<char, decltype(&std::free)> bytes_{nullptr, &std::free};
  std::size_t size_ = 0, held_ = 0;
};

}  // namespace store

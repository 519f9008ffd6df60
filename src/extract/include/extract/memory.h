#pragma once
// A Source over bytes in memory.

#include <extract/reader.h>

namespace extract {

class MemorySource final : public Source {
 public:
  explicit MemorySource(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  std::string_view read(std::uint64_t offset, std::size_t n) override {
    return offset >= bytes_.size() ? std::string_view{} : bytes_.substr(offset, n);
  }
  base::Result<std::string_view> all() override { return bytes_; }

 private:
  std::string_view bytes_;
};

}  // namespace extract

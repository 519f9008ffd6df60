#pragma once
// An original as a stream: read piece by piece from the vault.

#include "core.h"

#include <evidence/view.h>

namespace service {

class Original final : public http::Source {
 public:
  Original(Core::Lease file, std::int64_t number, std::uint64_t size)
      : file_(std::move(file)), number_(number), size_(size) {}
  std::uint64_t size() const override { return size_; }
  base::Result<std::string> read_at(std::uint64_t offset, std::size_t n) override {
    return evidence::original_bytes(*file_, number_, offset, n);
  }

 private:
  Core::Lease file_;
  std::int64_t number_;
  std::uint64_t size_;
};

}  // namespace service

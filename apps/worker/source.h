#pragma once
// The bytes of an item as the child sees them: in memory, or fetched by windows from outside.

#include <extract/reader.h>
#include <sandbox/frames.h>

namespace worker {

class FetchedSource final : public extract::Source {
 public:
  FetchedSource(sandbox::FrameWriter& frames, std::uint64_t size, const extract::Limits& limits)
      : frames_(frames), size_(size), limits_(limits) {}
  std::uint64_t size() const override { return size_; }
  std::string_view read(std::uint64_t offset, std::size_t n) override;
  base::Result<std::string_view> all() override;

 private:
  bool fetch(std::uint64_t offset, std::size_t n, std::string& out);
  sandbox::FrameWriter& frames_;
  std::uint64_t size_;
  const extract::Limits& limits_;
  std::string window_, all_;
  std::uint64_t window_at_ = 0;
  bool have_all_ = false;
};

}  // namespace worker

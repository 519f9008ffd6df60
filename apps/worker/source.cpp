#include "source.h"

namespace worker {

bool FetchedSource::fetch(std::uint64_t offset, std::size_t n, std::string& out) {
  std::string piece;
  while (n > 0) {
    if (!frames_.read(offset, std::min(n, sandbox::kWindow), piece) || piece.empty()) return false;
    out += piece;
    offset += piece.size();
    n -= std::min(n, piece.size());
  }
  return true;
}

std::string_view FetchedSource::read(std::uint64_t offset, std::size_t n) {
  if (offset >= size_) return {};
  n = static_cast<std::size_t>(std::min<std::uint64_t>(n, size_ - offset));
  if (have_all_) return std::string_view(all_).substr(offset, n);
  if (offset < window_at_ || offset + n > window_at_ + window_.size()) {
    // Whoever reads on from the end of the window gets a whole one; whoever jumps, a small one.
    const bool onward = offset >= window_at_ && offset <= window_at_ + window_.size() + sandbox::kWindow;
    const std::size_t want = std::max<std::size_t>(n, onward ? sandbox::kWindow : 64 * 1024);
    window_.clear();
    window_at_ = offset;
    fetch(offset, static_cast<std::size_t>(std::min<std::uint64_t>(want, size_ - offset)), window_);
  }
  return std::string_view(window_).substr(offset - window_at_, n);
}

base::Result<std::string_view> FetchedSource::all() {
  if (size_ > limits_.whole_bytes_max)
    return base::Error{base::Refusal::exhausted, "larger than " +
                                                     std::to_string(limits_.whole_bytes_max >> 20) +
                                                     " MiB, which this format needs at once"};
  if (!have_all_) {
    all_.reserve(size_);
    if (!fetch(0, size_, all_)) return base::Error{base::Refusal::damaged, "the bytes could not be fetched"};
    window_.clear();
    have_all_ = true;
  }
  return std::string_view(all_);
}

}  // namespace worker

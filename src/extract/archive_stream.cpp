// libarchive is given read and seek callbacks over a Source; it never sees a file.
#include "archive_stream.h"

#include <base/text.h>

#include <algorithm>
#include <array>
#include <zlib.h>

namespace extract {
namespace {

constexpr std::size_t kWindow = 256 * 1024;
constexpr std::array<char, 64 * 1024> kZeros{};

void support(::archive* a, ArchiveStream::Wanted wanted) {
  using Wanted = ArchiveStream::Wanted;
  if (wanted == Wanted::zip) {
    archive_read_support_format_zip(a);
    return;
  }
  archive_read_support_filter_gzip(a);
  archive_read_support_filter_bzip2(a);
  archive_read_support_filter_xz(a);
  archive_read_support_filter_lzma(a);
  archive_read_support_filter_zstd(a);
  archive_read_support_filter_lz4(a);
  archive_read_support_filter_lzip(a);
  archive_read_support_filter_compress(a);
  archive_read_support_format_raw(a);
  archive_read_support_format_empty(a);
  if (wanted == Wanted::stream) return;
  archive_read_support_format_tar(a);
  archive_read_support_format_cpio(a);
  archive_read_set_options(a, "tar:read_concatenated_archives");
  if (wanted == Wanted::unpacked) return;
  archive_read_support_format_ar(a);
  archive_read_support_format_zip(a);
  archive_read_support_format_7zip(a);
  archive_read_support_format_rar(a);
  archive_read_support_format_rar5(a);
  archive_read_support_format_iso9660(a);
  archive_read_support_format_cab(a);
  archive_read_support_format_lha(a);
  archive_read_support_format_xar(a);
}

}  // namespace

Reason reason_of_message(std::string_view message) {
  const std::string m = base::lower_ascii(message);
  const auto says = [&](std::string_view word) { return m.find(word) != std::string::npos; };
  if (says("encrypt") || says("passphrase") || says("password")) return Reason::encrypted;
  if (says("truncated") || says("end of file") || says("unexpected eof") || says("premature"))
    return Reason::truncated;
  if (says("unsupported") || says("not supported") || says("unrecognized")) return Reason::unsupported;
  if (says("memory")) return Reason::out_of_memory;
  return Reason::damaged;
}

ArchiveStream::ArchiveStream(Source& source, Wanted wanted, std::span<const std::string> passwords)
    : source_(source), archive_(archive_read_new()) {
  ::archive* a = archive_.get();
  if (!a) return;
  support(a, wanted);
  for (const std::string& p : passwords)
    if (!p.empty()) archive_read_add_passphrase(a, p.c_str());
  archive_read_set_callback_data(a, this);
  archive_read_set_read_callback(a, read_window);
  archive_read_set_seek_callback(a, seek);
  archive_read_set_skip_callback(a, skip);
  opened_ = archive_read_open1(a) >= ARCHIVE_WARN;
  fault_ = !opened_;
}

std::string_view ArchiveStream::message() const {
  const char* m = archive_ ? archive_error_string(archive_.get()) : nullptr;
  return m ? m : "";
}

la_ssize_t ArchiveStream::read_window(::archive*, void* self, const void** buffer) {
  auto& s = *static_cast<ArchiveStream*>(self);
  // After a short seek the last window mostly still holds what is asked for: members of a zip lie side by
  // side.
  std::string_view give;
  if (s.at_ >= s.window_at_ && s.at_ - s.window_at_ < s.window_.size()) {
    give = s.window_.substr(static_cast<std::size_t>(s.at_ - s.window_at_));
  } else {
    s.window_at_ = s.at_;
    give = s.window_ = s.source_.read(s.at_, kWindow);
    s.taken_ += give.size();
  }
  *buffer = give.data();
  s.at_ += give.size();
  s.farthest_ = std::max(s.farthest_, s.at_);
  return static_cast<la_ssize_t>(give.size());
}

la_int64_t ArchiveStream::seek(::archive*, void* self, la_int64_t offset, int whence) {
  auto& s = *static_cast<ArchiveStream*>(self);
  const auto size = static_cast<la_int64_t>(s.source_.size());
  const la_int64_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? static_cast<la_int64_t>(s.at_) : size;
  if (offset > size || offset < -size || from + offset < 0) return ARCHIVE_FATAL;
  s.at_ = static_cast<std::uint64_t>(std::min(from + offset, size));
  return static_cast<la_int64_t>(s.at_);
}

la_int64_t ArchiveStream::skip(::archive*, void* self, la_int64_t n) {
  auto& s = *static_cast<ArchiveStream*>(self);
  const std::uint64_t left = s.source_.size() - std::min(s.source_.size(), s.at_);
  const std::uint64_t step = std::min<std::uint64_t>(n < 0 ? 0 : static_cast<std::uint64_t>(n), left);
  s.at_ += step;
  s.farthest_ = std::max(s.farthest_, s.at_);
  return static_cast<la_int64_t>(step);
}

archive_entry* ArchiveStream::next() {
  position_ = block_at_ = 0;
  block_ = {};
  bad_ = damaged_once_ = false;
  for (int tries = 0; opened_ && tries < 64; ++tries) {
    archive_entry* entry = nullptr;
    const int r = archive_read_next_header(archive_.get(), &entry);
    if (r == ARCHIVE_OK || r == ARCHIVE_WARN) return entry;
    if (r == ARCHIVE_EOF) return nullptr;
    if (r == ARCHIVE_FATAL) break;
  }
  fault_ = true;
  return nullptr;
}

std::string_view ArchiveStream::read() {
  while (!bad_) {
    if (!block_.empty()) {
      if (position_ < block_at_) {
        const std::size_t n = std::min<std::uint64_t>(kZeros.size(), block_at_ - position_);
        position_ += n;
        return {kZeros.data(), n};
      }
      const std::string_view give = std::exchange(block_, {});
      position_ += give.size();
      return give;
    }
    const void* buffer = nullptr;
    std::size_t n = 0;
    la_int64_t offset = 0;
    const int r = archive_read_data_block(archive_.get(), &buffer, &n, &offset);
    if (r == ARCHIVE_EOF) {
      bad_ = damaged_once_;
      return {};
    }
    // A warning (a checksum that is wrong) ends as a fault, after the bytes that were given with it.
    if (r != ARCHIVE_OK) damaged_once_ = true;
    if (r < ARCHIVE_WARN || (r == ARCHIVE_WARN && n == 0)) {
      bad_ = true;
      return {};
    }
    block_ = {static_cast<const char*>(buffer), n};
    block_at_ = offset < 0 ? position_ : static_cast<std::uint64_t>(offset);
    // An honest member's holes are bounded by its size; the caller's limits bound the zeros that are made
    // here.
    if (n == 0 && block_at_ <= position_) block_ = {};
    else if (n == 0) block_ = {kZeros.data(), 1}, --block_at_;
  }
  return {};
}

Inflated inflate_bytes(std::string_view packed, std::uint64_t bytes_max) {
  Inflated out;
  for (const int bits : {47, -15}) {  // zlib or gzip by its header, then raw deflate
    z_stream z{};
    if (inflateInit2(&z, bits) != Z_OK) return out;
    out = {};
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    z.avail_in = static_cast<uInt>(std::min<std::size_t>(packed.size(), 1u << 30));
    std::array<char, 64 * 1024> room;
    int r = Z_OK;
    while (r == Z_OK && out.bytes.size() < bytes_max) {
      z.next_out = reinterpret_cast<Bytef*>(room.data());
      z.avail_out = static_cast<uInt>(room.size());
      r = inflate(&z, Z_NO_FLUSH);
      out.bytes.append(room.data(), room.size() - z.avail_out);
      if (r == Z_STREAM_END && z.avail_in > 0 && bits > 0) r = inflateReset(&z) == Z_OK ? Z_OK : Z_STREAM_END;
      if (r == Z_BUF_ERROR || (z.avail_in == 0 && z.avail_out == room.size())) break;
    }
    out.whole = r == Z_STREAM_END || (r == Z_OK && z.avail_in == 0);
    inflateEnd(&z);
    if (!out.bytes.empty()) break;
  }
  return out;
}

}  // namespace extract

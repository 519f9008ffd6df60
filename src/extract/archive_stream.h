#pragma once
// libarchive over a Source: bytes are asked for in windows, so that an archive of any size is read in little
// memory. Used by every reader that finds a container or a compressed stream in its way.

#include <extract/reader.h>

#include <archive.h>
#include <archive_entry.h>

#include <memory>
#include <optional>

namespace extract {

// Why a library said no, judged by its words.
Reason reason_of_message(std::string_view message);

class ArchiveStream {
 public:
  // zip: nothing but zip. unpacked: the compression is undone, and what is inside is a tar, a cpio, or one
  // member. stream: the compression is undone, there is one member.
  enum class Wanted { members, zip, unpacked, stream };
  ArchiveStream(Source& source, Wanted wanted, std::span<const std::string> passwords);
  ArchiveStream(const ArchiveStream&) = delete;

  bool opened() const { return opened_; }
  ::archive* get() { return archive_.get(); }
  std::string_view message() const;
  // Bytes fetched for the library so far, those fetched twice counted twice; and the farthest byte it saw.
  std::uint64_t taken() const { return taken_; }
  std::uint64_t farthest() const { return farthest_; }
  std::uint64_t size() const { return source_.size(); }

  // The next member, or nothing at the end or after a fault; `fault()` tells which.
  archive_entry* next();
  bool fault() const { return fault_; }

  // One block of the current member, zeros of holes included. Empty at its end; `bad()` tells of a fault.
  std::string_view read();
  bool bad() const { return bad_; }

 private:
  struct Closer {
    void operator()(::archive* a) const { archive_read_free(a); }
  };
  static la_ssize_t read_window(::archive*, void* self, const void** buffer);
  static la_int64_t seek(::archive*, void* self, la_int64_t offset, int whence);
  static la_int64_t skip(::archive*, void* self, la_int64_t n);

  Source& source_;
  std::unique_ptr<::archive, Closer> archive_;
  std::uint64_t at_ = 0, taken_ = 0, farthest_ = 0, position_ = 0;
  std::string_view block_, window_;  // the window lives until the Source is asked again, which only we do
  std::uint64_t window_at_ = 0;
  std::uint64_t block_at_ = 0;
  bool opened_ = false, fault_ = false, bad_ = false, damaged_once_ = false;
};

// Undoes gzip, deflate (raw or zlib) in memory, at most `bytes_max`. Gives what could be undone.
struct Inflated {
  std::string bytes;
  bool whole = false;
};
Inflated inflate_bytes(std::string_view packed, std::uint64_t bytes_max);

}  // namespace extract

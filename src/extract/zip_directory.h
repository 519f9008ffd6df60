#pragma once
// The central directory of a zip, read by ourselves: what the archive says it holds, so that the account does
// not depend on what a library chose to yield, and so that members that overlap each other are seen before
// unpacking.

#include <extract/reader.h>

#include <utility>

namespace extract {

struct ZipMember {
  std::uint64_t offset = 0, packed_bytes = 0, bytes = 0;
  std::uint64_t name_at = 0;  // of the name, in the archive
  std::uint32_t name_hash = 0;
  std::uint16_t name_bytes = 0, method = 0;
  bool encrypted = false, folder = false, overlaps = false, met = false;
};

class ZipDirectory {
 public:
  // Reads the directory; found() is false when there is none (a truncated zip, or no zip).
  ZipDirectory(Source& source, const Limits& limits);
  bool found() const { return found_; }
  bool cut() const { return cut_; }                   // the directory ends before its count
  std::uint64_t claimed() const { return claimed_; }  // members by the end record, folders too
  std::uint64_t folders() const { return folders_; }
  const std::string& comment() const { return comment_; }
  std::vector<ZipMember>& members() { return members_; }
  // The first member of this name not met before, or nothing.
  ZipMember* meet(std::string_view name);
  std::string name_of(Source& source, const ZipMember& m) const;

 private:
  void read_members(Source& source, std::uint64_t at, std::uint64_t end, std::uint64_t shift,
                    const Limits& limits);
  void mark_overlaps();
  std::vector<ZipMember> members_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> by_name_;  // hash and place, sorted
  std::vector<std::uint32_t> next_;  // in by_name_: where the next not met may be
  std::string comment_;
  std::uint64_t claimed_ = 0, folders_ = 0;
  bool found_ = false, cut_ = false;
};

// The name of a member as UTF-8: names without the UTF-8 mark are code page 866 when they read as Russian,
// else 437.
std::string zip_name(std::string_view bytes);

}  // namespace extract

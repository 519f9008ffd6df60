#pragma once
// The members of a ZIP that documents are made of (OOXML, ODF, EPUB): read by the central directory, whole
// members into memory, within limits. Archives that people pack are read by the archive reader.

#include <extract/reader.h>

#include <map>
#include <optional>

namespace extract {

class OdfSeal;

class ZipPackage {
 public:
  struct Member {
    std::string name;
    std::uint64_t offset = 0, packed = 0, size = 0;
    std::uint16_t method = 0, flags = 0;
    std::uint32_t crc = 0;
    bool encrypted() const { return flags & 1; }
  };
  // Refuses: damaged (there is no directory), exhausted.
  static base::Result<ZipPackage> open(Source& source, const Limits& limits);

  const std::vector<Member>& members() const { return members_; }
  const Member* find(std::string_view name) const;  // case does not matter, nor a leading '/'
  // The member's bytes. Trouble is told to the sink; what could be read is given.
  std::optional<std::string> read(const Member& member, Sink& sink) const;
  std::optional<std::string> read(std::string_view name, Sink& sink) const;  // nothing when there is none
  // Members that are sealed one by one (OpenDocument) are opened by this from now on.
  void unseal(const OdfSeal& seal) { seal_ = &seal; }
  std::string packed(
      const Member& member) const;  // as it stands in the file, no more than a document may hold
  // Gives the member as a part.
  bool give(const Member& member, const PartInfo& info, Sink& sink) const;

 private:
  ZipPackage(Source& source, const Limits& limits) : source_(&source), limits_(&limits) {}
  struct Unpacked {
    std::string bytes;
    std::optional<Reason> trouble;
    std::string_view detail;
  };
  Unpacked unpack(const Member& member) const;
  // Inflates what the source holds from `start` on.
  Unpacked inflated(Source& source, std::uint64_t start, std::uint64_t packed, std::uint64_t size) const;
  std::optional<std::uint64_t> start_of(const Member& member) const;
  static Unpacked fails(Unpacked so_far, Reason reason, std::string_view detail);
  Source* source_;
  const Limits* limits_;
  mutable std::uint64_t read_bytes_ = 0;  // of all read() together: members may be named again and again
  std::vector<Member> members_;
  std::map<std::string, std::size_t, std::less<>> by_name_;
  const OdfSeal* seal_ = nullptr;
};

}  // namespace extract

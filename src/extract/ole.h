#pragma once
// Compound files (OLE 2, [MS-CFB]): storages and streams inside one file. Chains are followed with a bound
// on their length, so that a loop ends; what a stream lacks at its end is told by its length.

#include <extract/reader.h>

#include <optional>

namespace extract {

class Ole {
 public:
  struct Entry {
    std::string name, path;  // of the storages above and the name, separated by '/'
    std::uint32_t parent = 0;
    std::uint8_t kind = 0;   // 1 storage, 2 stream, 5 root
    std::uint32_t start = 0;
    std::uint64_t size = 0;
    bool storage() const { return kind == 1 || kind == 5; }
  };
  // Refuses: damaged, exhausted.
  static base::Result<Ole> open(Source& source, const Limits& limits);

  const std::vector<Entry>& entries() const { return entries_; }
  // By path from the root, or from a storage's path: "ObjectPool/_123/WordDocument".
  const Entry* find(std::string_view path) const;
  // What there is of the stream, at most `most` bytes.
  std::string read(const Entry& stream, std::uint64_t most = UINT64_MAX) const;
  std::optional<std::string> read(std::string_view path) const;
  // The names right below a storage.
  std::vector<const Entry*> below(std::string_view storage) const;
  bool broken() const { return broken_; }  // chains or the directory break their format

 private:
  Ole(Source& source, const Limits& limits) : source_(&source), limits_(&limits) {}
  bool load_fat(std::string_view header);
  void load_directory(std::uint32_t start);
  std::string chain(std::uint32_t start, std::uint64_t bytes) const;
  Source* source_;
  const Limits* limits_;
  unsigned shift_ = 9, mini_shift_ = 6;
  std::uint32_t mini_cutoff_ = 4096;
  std::vector<std::uint32_t> fat_, mini_fat_;
  std::string mini_;
  std::vector<Entry> entries_;
  bool broken_ = false;
};

// SummaryInformation and DocumentSummaryInformation as metadata.
void tell_ole_properties(const Ole& ole, std::string_view storage, Sink& sink);
// Embedded objects below a storage, as parts: packages and documents of other programs.
std::uint64_t give_ole_objects(const Ole& ole, std::string_view storage, std::uint64_t order, Sink& sink);
// The storage as a compound file of its own.
std::string ole_copy(const Ole& ole, std::string_view storage);

}  // namespace extract

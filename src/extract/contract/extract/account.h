#pragma once
// The vocabulary of the processing account: why an item has no (or not all of its) text or parts.
// One list for readers, records, reports and documents (docs/formats/account.md).

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace extract {

enum class Reason : std::uint8_t {
  encrypted,      // a password is needed and none of those given opens it
  truncated,      // the bytes end before the format says they do
  damaged,        // the bytes break their format
  unsupported,    // no reader for this format, or for this variant of it
  too_deep,       // containers inside containers, or structure, beyond the limit
  too_large,      // a limit on bytes, pixels, pages or parts was reached
  bomb,           // expands beyond any honest ratio, or overlaps itself
  timed_out,      // the reader did not finish in its time
  crashed,        // the reader was ended by a signal
  out_of_memory,  // the reader reached its memory limit
  unreadable,     // the file system refused to give the bytes
  special_file,   // a device, pipe or socket: there are no bytes to take
  symlink,        // recorded, not followed
  outside,        // a link that leaves the given tree: recorded, not followed
  empty,          // zero bytes
  missing_part,   // the container names a part that it does not hold
  internal,       // a fault of ours; a bug to be reported
};
inline constexpr std::array<std::string_view, 17> kReasonNames{
    "encrypted", "truncated", "damaged", "unsupported",   "too_deep",   "too_large",
    "bomb",      "timed_out", "crashed", "out_of_memory", "unreadable", "special_file",
    "symlink",   "outside",   "empty",   "missing_part",  "internal"};
constexpr std::string_view name_of(Reason r) { return kReasonNames[static_cast<std::size_t>(r)]; }
constexpr std::optional<Reason> reason_named(std::string_view n) {
  for (std::size_t i = 0; i < kReasonNames.size(); ++i)
    if (kReasonNames[i] == n) return static_cast<Reason>(i);
  return {};
}

// What a reader says of itself and of what it derived, kept with the text for the court.
struct Engine {
  std::string_view name, version;
};

// How a part came to be named in its whole.
enum class PartKind : std::uint8_t {
  file,        // a member of an archive, an embedded file: has bytes of its own
  attachment,  // of a message: has bytes of its own
  message,     // of a mailbox or chat: may be given as fields and text, without bytes of its own
  record,      // a row, a page of a web archive, a table: as message
};

}  // namespace extract

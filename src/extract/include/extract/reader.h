#pragma once
// A format is a value: a Reader. It sees bytes through a Source and speaks to a Sink; it opens no
// file, knows no database, asks no clock, and runs only inside the sandboxed worker. Its bytes are
// hostile: every length is checked, every loop is bounded by Limits, and what cannot be read is told
// with a Reason, never skipped.

#include <base/result.h>
#include <extract/account.h>
#include <extract/sink.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace extract {

// Bounds of one item's reading. Reaching one is told as Reason::too_large, too_deep or bomb.
struct Limits {
  std::uint64_t whole_bytes_max = 256ull << 20;  // Source::all() gives no more
  std::uint64_t text_bytes_max = 64ull << 20;    // UTF-8 text of one item
  std::uint64_t part_bytes_max = 64ull << 30;    // one part
  std::uint64_t parts_bytes_max = 256ull << 30;  // all parts of one item
  std::uint32_t parts_max = 2'000'000;           // parts of one item
  std::uint32_t depth_max = 200;                 // nesting inside one reading (MIME, XML, folders)
  std::uint32_t ratio_max = 200;                 // output to input, once output is past ratio_floor
  std::uint64_t ratio_floor = 16ull << 20;
  std::uint64_t pixels_max = 200'000'000;
  std::uint32_t pages_max = 20'000;
};

// The bytes of one item, by random access. Small items lie in memory; of large ones windows are fetched.
class Source {
 public:
  virtual ~Source() = default;
  virtual std::uint64_t size() const = 0;
  // Up to n bytes at `offset`; less only at the end. The view lives until the next call.
  virtual std::string_view read(std::uint64_t offset, std::size_t n) = 0;
  // All bytes at once. Refuses: exhausted (beyond Limits::whole_bytes_max).
  virtual base::Result<std::string_view> all() = 0;
};

struct Request {
  std::string_view name;                   // file name, for what only a name can tell (".csv")
  std::string_view type;                   // what type_of() said
  std::span<const std::string> passwords;  // to try on what is encrypted
  bool ocr = false;                        // a second reading that is to recognise text in images
  const Limits& limits;
};

struct Reader {
  Engine engine;
  std::span<const std::string_view> types;  // media types it reads
  // Reads the item. A Status other than Done is told as a finding by the caller (damaged, unsupported, ...).
  base::Status (*read)(Source&, const Request&, Sink&);
};

// All readers, in no order of meaning: one media type is read by one reader (a test checks it).
std::span<const Reader* const> readers();
const Reader* reader_of(std::string_view type);

// The media type by content; the name is used only among types that content cannot tell apart.
// "application/octet-stream" when nothing is known, "inode/x-empty" for zero bytes.
std::string type_of(Source& source, std::string_view name);
// Loads what type_of() falls back to for unknown binaries. To be called before the sandbox closes the file
// system; without it type_of() works and knows less.
void warm_types();

// Loads what must come from disk, while there still is a disk: called once, by the parent of the workers.
// Threads none.
void warm();
// The same for recognition: models of Tesseract in this folder. Without it Request::ocr gives no text.
void warm_ocr(std::string_view tessdata_folder);

// What a reader with machine recognition tells when asked without Request::ocr: "N pages (images) without
// text".
inline constexpr std::string_view kWantsOcr = "ocr.wanted";  // as a meta() key; value: number of pages

}  // namespace extract

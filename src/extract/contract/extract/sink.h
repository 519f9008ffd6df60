#pragma once
// What a reading is told as. The reader in the worker speaks to a Sink; the frames that cross the sandbox
// are spoken to another Sink outside, call by call.

#include <extract/account.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace extract {

struct PartInfo {
  std::string name;  // as the container gives it, cleaned to UTF-8; may hold '/': then folders
  PartKind kind = PartKind::file;
  std::string type;         // media type when the container tells it; the bytes decide in the end
  std::string modified;     // RFC 3339 when the container tells it
  std::uint64_t order = 0;  // position in the container, from 0
};

// Where a reading goes. Strings may be any bytes: the sink cleans them to valid UTF-8.
class Sink {
 public:
  // A property of the item. Keys: see docs/formats/metadata.md. May be given repeatedly ("to").
  virtual void meta(std::string_view key, std::string_view value) = 0;
  // Continues the text of the current page. False: the text limit is reached (the sink has told it); stop.
  virtual bool text(std::string_view utf8) = 0;
  // The text that follows is on the next page. Page 1 needs no call.
  virtual void next_page() = 0;
  // The item is read in part, or not at all; `detail` is a short phrase for people.
  virtual void finding(Reason reason, std::string_view detail) = 0;
  // Machine-derived objects that belong to the item: "ocr.words" (JSON), and the engine of the text so far.
  virtual void derived(std::string_view kind, std::string_view bytes) = 0;
  // The text of this item was made by a machine guess (OCR), not read: engine, version, parameters.
  virtual void machine(std::string_view engine, std::string_view version, std::string_view parameters) = 0;

  // How many parts the container itself says it holds; told before or after the parts. The account
  // demands expected = extracted + failed + skipped. Without a call, expected is the number of parts given.
  virtual void expect(std::uint64_t parts) = 0;
  // A part with bytes: begin_part, bytes..., end_part. Between them the calls above still speak of the WHOLE.
  // False: a limit is reached and told; give no more parts (but do tell expect()).
  virtual bool begin_part(const PartInfo& info) = 0;
  virtual bool part_bytes(std::string_view bytes) = 0;  // false: stop giving bytes, call end_part
  virtual void end_part() = 0;
  // The part being given ends early for this reason (what was given is kept). Instead of end_part.
  virtual void fail_part(Reason reason, std::string_view detail) = 0;
  // A part that gave no bytes: known by name only.
  virtual void lost_part(const PartInfo& info, Reason reason, std::string_view detail) = 0;
  // A part given as fields and text, without bytes of its own (a chat message, a mail of a PST): until
  // end_item() all calls speak of IT, parts included. May nest up to Limits::depth_max.
  virtual bool begin_item(const PartInfo& info) = 0;
  virtual void end_item() = 0;

 protected:
  ~Sink() = default;
};

}  // namespace extract

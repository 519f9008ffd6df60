#pragma once
// The frames between a reader in the sandbox and the program outside. Outside they are hostile input.
// Format: docs/formats/frames.md.
//
// A job is a batch of items. The program sends the items' heads and, for small ones, their bytes; the child
// answers with frames: u32 length, u8 kind, payload. For large items the child asks for windows of bytes.

#include <base/result.h>
#include <extract/sink.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

enum class Kind : std::uint8_t {
  item = 1,
  done,
  meta,
  text,
  page,
  finding,
  derived,
  machine,
  expect,
  part,
  bytes,
  end_part,
  fail_part,
  lost_part,
  sub,
  end_sub,
  read,
};
inline constexpr std::size_t kFrameMax = 1 << 20;  // payload of one frame
inline constexpr std::size_t kWindow = 1 << 20;    // bytes fetched at once for a large item

// What is asked of an item: to be read, or what a screen shows of it (extract/show.h).
enum class Wish : std::uint8_t { read, picture, peaks };

struct Task {
  Wish wish = Wish::read;
  std::uint32_t page = 1, width = 0;  // of a picture
  std::string name;                   // file name, for what only a name can tell
  std::uint64_t size = 0;
  std::string_view bytes;                   // the whole item, when it is small enough to be sent along
  std::shared_ptr<const std::string> held;  // where they are, if not in the text of the job
  bool inlined = true;
  bool ocr = false;
  bool strings = false;  // of what no reader knows, the readable runs
  std::vector<std::string> passwords;
  void hold(std::shared_ptr<const std::string> all) { held = std::move(all), bytes = *held; }
  // For items that are not inlined: a window of them. Called on the lane's thread.
  std::function<base::Result<std::string>(std::uint64_t offset, std::size_t n)> window;
};

std::string job_text(const std::vector<Task>& tasks);  // what is sent first, after its length in eight bytes
base::Result<std::vector<Task>> parse_job(
    std::string_view text);  // in the child, after the length; views of `text`

// In the child: turns a reading into frames. Text is cleaned here, and again outside.
class FrameWriter final : public extract::Sink {
 public:
  struct Limits {
    std::uint64_t text_bytes_max, part_bytes_max, parts_bytes_max, parts_max;
    std::uint32_t depth_max, ratio_max;
    std::uint64_t ratio_floor;
  };
  FrameWriter(int fd, const Limits& limits) : fd_(fd), limits_(limits) {}
  void begin(std::uint64_t index, std::uint64_t source_bytes);
  void done();
  void flush();
  // Asks for bytes of the item; waits for the answer.
  bool read(std::uint64_t offset, std::size_t n, std::string& out);
  // Told the text of the item as it passes, for language and likeness.
  std::function<void(int depth, std::string_view text)> listener;
  std::function<void(int depth)> closing;  // before an item ends: may add metas

  void meta(std::string_view key, std::string_view value) override;
  bool text(std::string_view utf8) override;
  void next_page() override;
  void finding(extract::Reason reason, std::string_view detail) override;
  void derived(std::string_view kind, std::string_view bytes) override;
  void machine(std::string_view engine, std::string_view version, std::string_view parameters) override;
  void expect(std::uint64_t parts) override;
  bool begin_part(const extract::PartInfo& info) override;
  bool part_bytes(std::string_view bytes) override;
  void end_part() override;
  void fail_part(extract::Reason reason, std::string_view detail) override;
  void lost_part(const extract::PartInfo& info, extract::Reason reason, std::string_view detail) override;
  bool begin_item(const extract::PartInfo& info) override;
  void end_item() override;
  int depth() const { return depth_; }
  void close_open();  // after a reader was left by an exception: ends what it had begun

 private:
  void frame(Kind kind, std::string_view payload);
  bool count_part();
  void end_badly(extract::Reason reason, std::string_view detail);
  int fd_;
  Limits limits_;
  std::string out_;
  std::vector<std::uint64_t> text_bytes_{0};
  std::vector<bool> text_told_{false};
  std::uint64_t source_bytes_ = 0, parts_ = 0, part_bytes_ = 0, parts_bytes_ = 0;
  bool in_part_ = false, parts_told_ = false, part_full_ = false;
  int depth_ = 0;
};

// Outside: speaks the frames to a Sink. Refuses: damaged (a frame that may not be), telling what.
class FrameReader {
 public:
  struct Listener {
    virtual void begin(std::uint64_t index) = 0;  // the calls of the sink are of this item now
    virtual void done(std::uint64_t index) = 0;
    virtual extract::Sink& sink() = 0;

   protected:
    ~Listener() = default;
  };
  FrameReader(Listener& to, std::uint64_t items) : to_(to), items_(items) {}
  // Takes bytes as they arrive. `read` is called for a request of bytes.
  base::Status take(
      std::string_view bytes,
      const std::function<base::Status(std::uint64_t item, std::uint64_t offset, std::uint32_t n)>& read);
  bool between_items() const { return !open_; }
  std::uint64_t next() const { return next_; }  // items done

 private:
  base::Status frame(Kind kind, std::string_view payload,
                     const std::function<base::Status(std::uint64_t, std::uint64_t, std::uint32_t)>& read);
  Listener& to_;
  std::uint64_t items_, next_ = 0, depth_ = 0;
  bool open_ = false, in_part_ = false;
  std::string pending_;
};

}  // namespace sandbox

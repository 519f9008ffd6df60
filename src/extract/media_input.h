#pragma once
// A container of sound or film opened over a Source: libavformat is given callbacks and may open nothing
// else.

#include <extract/reader.h>

struct AVFormatContext;
struct AVIOContext;

namespace extract {

class MediaInput {
 public:
  explicit MediaInput(Source& source) : source_(source) {}
  ~MediaInput();
  MediaInput(const MediaInput&) = delete;
  MediaInput& operator=(const MediaInput&) = delete;
  // 0, or an error of the library. The name helps to tell raw streams apart; it is never opened.
  int open(std::string_view name);
  void probe();  // reads on until the streams are known; on one thread
  AVFormatContext& format() { return *format_; }

 private:
  static int read_packet(void* self, std::uint8_t* to, int n);
  static std::int64_t seek(void* self, std::int64_t offset, int whence);
  Source& source_;
  std::uint64_t at_ = 0;
  AVIOContext* io_ = nullptr;
  AVFormatContext* format_ = nullptr;
};

}  // namespace extract

#pragma once
// Collects the text of a reading and gives it to the sink in pieces. Once the sink has refused, nothing
// more is given, and full() says so.

#include <extract/reader.h>

namespace extract {

class TextOut {
 public:
  explicit TextOut(Sink& sink) : sink_(sink) {}
  ~TextOut() = default;
  TextOut(const TextOut&) = delete;
  TextOut& operator=(const TextOut&) = delete;

  bool full() const { return full_; }
  void add(std::string_view utf8) {
    if (full_ || utf8.empty()) return;
    buffer_ += utf8;
    last_ = utf8.back();
    if (buffer_.size() >= kPiece) flush();
  }
  // A line end, unless there is one (or nothing) already.
  void line() {
    if (last_ != '\n') add("\n");
  }
  void space() {
    if (last_ != '\n' && last_ != ' ' && last_ != '\t') add(" ");
  }
  void page() {
    flush();
    sink_.next_page();
    last_ = '\n';
  }
  void flush() {
    if (!buffer_.empty() && !full_) full_ = !sink_.text(buffer_);
    buffer_.clear();
  }

 private:
  static constexpr std::size_t kPiece = 256 << 10;
  Sink& sink_;
  std::string buffer_;
  char last_ = '\n';
  bool full_ = false;
};

}  // namespace extract

#include <extract/strings.h>

#include <base/text.h>

#include <string>
#include <utility>

namespace extract {
namespace {

constexpr std::size_t kWindow = 1 << 20;
constexpr std::size_t kLineMax = 4000;

// One way of seeing the bytes: gathers a run, tells it when it ends.
class Run {
 public:
  explicit Run(Sink& sink) : sink_(sink) {}
  void add(std::string_view character) {
    ++characters_;
    text_ += character;
    if (text_.size() >= kLineMax) end();
  }
  void end() {
    if (characters_ >= kStringMin) more_ = more_ && sink_.text(text_ + "\n");
    text_.clear();
    characters_ = 0;
  }
  bool more() const { return more_; }

 private:
  Sink& sink_;
  std::string text_;
  std::size_t characters_ = 0;
  bool more_ = true;
};

bool printable(unsigned char c) { return (c >= 0x20 && c < 0x7f) || c == '\t'; }

// UTF-16 text that begins at an even or at an odd place: a printable byte, then a zero one. In the other
// order of bytes the same pairs stand one place on, so that is found as well, without its last character.
struct Wide {
  Run run;
  int half = -1;  // the first byte of the pair
  void byte(unsigned char c) {
    if (half < 0) {
      half = c;
      return;
    }
    const auto low = static_cast<unsigned char>(std::exchange(half, -1));
    if (c == 0 && printable(low)) {
      const char one = static_cast<char>(low);
      run.add({&one, 1});
    } else {
      run.end();
    }
  }
};

// Bytes as UTF-8: letters of any script, and no control characters.
class Narrow {
 public:
  explicit Narrow(Sink& sink) : run_(sink) {}
  void byte(unsigned char c) {
    if (want_ > 0 && (c & 0xc0) == 0x80) {
      pending_ += static_cast<char>(c);
      if (--want_ == 0) {
        if (base::is_utf8(pending_))
          run_.add(pending_);
        else
          run_.end();
        pending_.clear();
      }
      return;
    }
    if (want_ > 0) {
      want_ = 0;
      pending_.clear();
      run_.end();
    }
    if (printable(c)) {
      const char one = static_cast<char>(c);
      run_.add({&one, 1});
    } else if (c >= 0xc3 && c < 0xf5) {  // C2 begins signs and controls, not letters
      pending_.assign(1, static_cast<char>(c));
      want_ = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    } else {
      run_.end();
    }
  }
  Run& run() { return run_; }

 private:
  Run run_;
  std::string pending_;
  int want_ = 0;
};

}  // namespace

void read_strings(Source& source, Sink& sink) {
  Narrow narrow(sink);
  Wide even{Run(sink)}, odd{Run(sink), 0};
  bool more = true;
  for (std::uint64_t at = 0; at < source.size() && more;) {
    const std::string_view window = source.read(at, kWindow);
    if (window.empty()) break;
    for (const char c : window) {
      narrow.byte(static_cast<unsigned char>(c));
      even.byte(static_cast<unsigned char>(c));
      odd.byte(static_cast<unsigned char>(c));
    }
    at += window.size();
    more = narrow.run().more() && even.run.more() && odd.run.more();
  }
  narrow.run().end();
  even.run.end();
  odd.run.end();
  sink.machine("custos-strings", "1", "min=" + std::to_string(kStringMin) + ";utf-8;utf-16");
}

}  // namespace extract

#include "wire.h"

#include <algorithm>

namespace http {
namespace {

constexpr std::size_t kSizeDigits = 15;  // of a chunk: no sum of them overflows
constexpr HeadRefusal kNoSize{400, "malformed",
                              "The size of a chunk is missing or too long; send 1 to 15 digits."};

}  // namespace

HeadFinder::State HeadFinder::look(std::string_view all) {
  const auto refuse = [&](HeadRefusal r) {
    refusal_ = r;
    return State::refused;
  };
  for (; at_ < all.size(); ++at_) {
    if (at_ == bytes_max_)
      return refuse(
          {431, "head_too_large", "The head of the request is too long; send fewer or shorter fields."});
    const auto c = static_cast<unsigned char>(all[at_]);
    const bool after_cr = at_ > 0 && all[at_ - 1] == '\r';
    if (after_cr != (c == '\n'))
      return refuse({400, "malformed", "A line of the head does not end with CR LF; send lines that do."});
    if (at_ == 0 && c == '\r')
      return refuse(
          {400, "malformed", "The request begins with an empty line; begin with the request line."});
    if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
      return refuse({400, "malformed", "The head holds a control character; send text."});
    if (c == '\n' && at_ >= 3 && all.substr(at_ - 3, 4) == "\r\n\r\n") {
      ++at_;
      return State::found;
    }
  }
  return State::more;
}

BodyReader::BodyReader(const Request& request, std::uint64_t bytes_max)
    : chunked_(request.chunked()), bytes_max_(bytes_max) {
  left_ = chunked_ ? 0 : request.length().value_or(0);
  at_ = chunked_ ? At::size : left_ ? At::data : At::end;
}

BodyReader::State BodyReader::size_line(std::string_view line) {
  if (line.empty()) return refuse(kNoSize);
  left_ = 0;
  for (const char c : line) {
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0)
      return refuse({400, "malformed", "The size of a chunk is not hexadecimal; send digits alone."});
    left_ = left_ * 16 + static_cast<unsigned>(digit);
  }
  at_ = left_ ? At::data : At::last_end;
  return State::more;
}

BodyReader::State BodyReader::take(std::string& in, std::string& out, std::size_t room) {
  static constexpr HeadRefusal too_long{413, "too_large",
                                        "The body is longer than this address takes; send it in parts."};
  static constexpr HeadRefusal unended{400, "malformed",
                                       "A chunk does not end with CR LF where its size says."};
  std::size_t used = 0;
  State state = State::more;
  const auto rest = [&] { return std::string_view(in).substr(used); };
  while (state == State::more) {
    if (taken_ > bytes_max_ || left_ > bytes_max_ - taken_) {
      state = refuse(too_long);
    } else if (at_ == At::end) {
      state = State::done;
    } else if (at_ == At::size) {
      const std::size_t end = std::min(rest().find_first_of("\r\n"), rest().size());
      if (end > kSizeDigits)
        state = refuse(kNoSize);
      else if (end == rest().size() || (rest()[end] == '\r' && end + 1 == rest().size()))
        break;
      else if (rest().substr(end, 2) != "\r\n")
        state = refuse(unended);
      else
        state = size_line(rest().substr(0, end)), used += end + 2;
    } else if (at_ == At::data) {
      const std::size_t n = std::min({static_cast<std::uint64_t>(rest().size()), left_,
                                      static_cast<std::uint64_t>(room - std::min(room, out.size()))});
      out.append(rest().substr(0, n));
      used += n, taken_ += n, left_ -= n;
      if (left_ == 0)
        at_ = chunked_ ? At::data_end : At::end;
      else if (n == 0)
        break;
    } else {
      // The end of a chunk, or the empty line that ends the last one: a trailer would stand here.
      const std::string_view end = rest().substr(0, 2);
      if (end != std::string_view("\r\n").substr(0, end.size()))
        state =
            refuse(at_ == At::last_end ? HeadRefusal{400, "malformed", "Fields after the body are not taken."}
                                       : unended);
      else if (end.size() < 2)
        break;
      else
        used += 2, at_ = at_ == At::last_end ? At::end : At::size;
    }
  }
  in.erase(0, used);
  if (state == State::more && out.size() >= room) return State::full;
  return state;
}

}  // namespace http

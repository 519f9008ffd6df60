#include "charset.h"
#include "readers_list.h"
#include "text_out.h"
#include "types.h"

#include <algorithm>
#include <array>

namespace extract {
namespace {

constexpr std::size_t kWindow = 1 << 20, kLook = 64 << 10;

// The delimiter that stands most evenly in the first lines.
char delimiter_of(std::string_view s) {
  constexpr std::string_view kCandidates = ",;\t|";
  std::array<std::size_t, 4> lines_with{}, same{}, first{};
  for (int line = 0; line < 50 && !s.empty(); ++line) {
    const std::size_t end = std::min(s.find('\n'), s.size());
    std::array<std::size_t, 4> n{};
    bool quoted = false;
    for (const char c : s.substr(0, end)) {
      if (c == '"') quoted = !quoted;
      const std::size_t k = quoted ? kCandidates.npos : kCandidates.find(c);
      if (k != kCandidates.npos) ++n[k];
    }
    for (std::size_t k = 0; k < 4; ++k) {
      if (line == 0) first[k] = n[k];
      lines_with[k] += n[k] > 0;
      same[k] += n[k] > 0 && n[k] == first[k];
    }
    s.remove_prefix(std::min(end + 1, s.size()));
  }
  std::size_t best = 0;
  for (std::size_t k = 1; k < 4; ++k)
    if (std::pair(same[k], first[k]) > std::pair(same[best], first[best])) best = k;
  return lines_with[best] ? kCandidates[best] : ',';
}

class Rows {
 public:
  Rows(TextOut& out, char delimiter) : out_(out), delimiter_(delimiter) {}
  void add(std::string_view s) {
    for (std::size_t i = 0; i < s.size() && !out_.full(); ++i) {
      const char c = s[i];
      if (c == '"') {
        // A quote inside a quoted field is doubled; the first of the two only seems to end it.
        if (!quoted_ && after_quote_) out_.add("\""), quoted_ = true, after_quote_ = false;
        else if (quoted_) quoted_ = false, after_quote_ = true;
        else if (at_start_) quoted_ = true;
        else out_.add("\"");
        at_start_ = at_line_ = false;
        continue;
      }
      after_quote_ = false;
      if (quoted_) {
        if (c == '\n' || c == '\r') out_.space();
        else put(s, i, "\"\r\n");
      } else if (c == delimiter_) {
        out_.add("\t");
        at_start_ = true;
      } else if (c == '\n' || c == '\r') {
        if (!at_line_) out_.add("\n"), ++rows_;
        at_line_ = at_start_ = true;
        continue;
      } else {
        const char stops[] = {'"', '\r', '\n', delimiter_};
        put(s, i, {stops, 4});
        at_start_ = false;
      }
      at_line_ = false;
    }
  }
  std::uint64_t rows() const { return rows_ + !at_line_; }
  bool quoted() const { return quoted_; }

 private:
  void put(std::string_view s, std::size_t& i, std::string_view stops) {
    const std::size_t end = std::min(s.find_first_of(stops, i), s.size());
    out_.add(s.substr(i, end - i));
    i = end - 1;
  }
  TextOut& out_;
  char delimiter_;
  std::uint64_t rows_ = 0;
  bool quoted_ = false, after_quote_ = false, at_start_ = true, at_line_ = true;
};

base::Status read_csv(Source& source, const Request& request, Sink& sink) {
  const std::uint64_t size = source.size();
  const std::string_view head = source.read(0, kWindow);
  const std::string charset = charset_of(head);
  std::string text;
  Decoder(charset).add(head.substr(0, kLook), false, text);
  const char delimiter = request.type == types::kTsv ? '\t' : delimiter_of(text);
  Decoder decoder(charset);
  TextOut out(sink);
  Rows rows(out, delimiter);
  for (std::uint64_t at = 0; at < size && !out.full();) {
    std::string_view window = source.read(at, kWindow);
    if (window.empty()) break;
    const bool first = at == 0;
    at += window.size();
    if (first) window.remove_prefix(mark_bytes(window, charset));
    text.clear();
    decoder.add(window, at >= size, text);
    rows.add(text);
  }
  out.flush();
  sink.meta("charset", charset);
  sink.meta("x.rows", std::to_string(rows.rows()));
  sink.meta("x.delimiter", delimiter == '\t' ? "tab" : std::string_view(&delimiter, 1));
  if (rows.quoted() && !out.full()) sink.finding(Reason::damaged, "a quotation mark is never closed");
  return base::Done{};
}

constexpr std::string_view kCsvTypes[] = {types::kCsv, types::kTsv};

}  // namespace

const Reader csv_reader{{"custos.csv", "1"}, kCsvTypes, read_csv};

}  // namespace extract

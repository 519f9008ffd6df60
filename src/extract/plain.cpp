#include "charset.h"
#include "readers_list.h"
#include "types.h"

namespace extract {
namespace {

constexpr std::size_t kWindow = 1 << 20;

// In windows, so that no line is too long. The charset is settled by the first window that is not ASCII.
base::Status read_plain(Source& source, const Request&, Sink& sink) {
  const std::uint64_t size = source.size();
  std::optional<Decoder> decoder;
  std::string charset = "us-ascii", out;
  for (std::uint64_t at = 0; at < size;) {
    std::string_view window = source.read(at, kWindow);
    if (window.empty()) {
      sink.finding(Reason::unreadable, "the bytes end early");
      break;
    }
    // A character cut by the window would be taken for a byte of another charset.
    if (!decoder && at + window.size() < size)
      for (int i = 0; i < 3 && window.size() > 4 && static_cast<signed char>(window.back()) < 0; ++i)
        window.remove_suffix(1);
    at += window.size();
    if (!decoder && (skip_ascii(window, 0) < window.size() || window.size() == at)) {
      charset = charset_of(window);
      if (charset != "us-ascii") {
        if (at == window.size()) window.remove_prefix(mark_bytes(window, charset));
        decoder.emplace(charset);
      }
    }
    std::string_view text = window;
    if (decoder) {
      out.clear();
      decoder->add(window, at >= size, out);
      text = out;
    }
    if (!sink.text(text)) break;
  }
  sink.meta("charset", charset);
  return base::Done{};
}

constexpr std::string_view kPlainTypes[] = {types::kPlain, "text/markdown"};

}  // namespace

const Reader plain_reader{{"custos.plain", "1"}, kPlainTypes, read_plain};

}  // namespace extract

#include <base/text.h>
#include <search/index.h>
#include <search/query.h>

// The first line is a query, the rest a text: any query is parsed or refused, and its excerpt lies in the
// text.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<std::string> kLanguages[] = {{}, {"en"}, {"fr"}, {"ru"}, {"ar"}};
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t line = std::min(all.find('\n'), size);
  const auto query = search::parse_query(all.substr(0, line));
  if (!query.ok()) {
    CHECK(query.error().why == base::Refusal::invalid && query.error().message.starts_with("position "));
    return 0;
  }
  const std::string_view text = all.substr(std::min(line + 1, size));
  const search::Excerpt e = search::excerpt(**query, text, kLanguages[line % 5]);
  CHECK(e.offset <= text.size() && (e.hit || e.offset == 0));
  CHECK(!base::is_utf8(text) || base::is_utf8(e.snippet));
  std::size_t last = 0;
  for (const auto& [begin, end] : e.marks) {
    CHECK(last <= begin && begin < end && end <= e.snippet.size());
    last = end;
  }
  return 0;
}

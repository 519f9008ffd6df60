#include <kinds/csv.h>

#include <base/result.h>

#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto lines = kinds::read_csv({reinterpret_cast<const char*>(data), size});
  if (!lines) return 0;
  // What was read and is written again is read the same.
  std::string text;
  for (const auto& line : *lines) {
    std::vector<std::string> cells = line.cells;
    for (std::string& c : cells) c = std::string("k").append(c);  // no formulas, no empty lines
    kinds::write_csv_line(text, cells);
  }
  std::string header = "\"k\",\"k\",\"k\"\r\n";  // more commas than anything
  const auto again = kinds::read_csv(header + text);
  CHECK(again && again->size() == lines->size() + 1);
  for (std::size_t i = 0; i < lines->size(); ++i) {
    CHECK((*again)[i + 1].cells.size() == (*lines)[i].cells.size());
    for (std::size_t c = 0; c < (*lines)[i].cells.size(); ++c)
      CHECK((*again)[i + 1].cells[c] == std::string("k").append((*lines)[i].cells[c]));
  }
  return 0;
}

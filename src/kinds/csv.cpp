#include <base/text.h>
#include <kinds/csv.h>

namespace kinds {

base::Result<std::vector<CsvLine>> read_csv(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (!base::is_utf8(text))
    return base::Error{base::Refusal::invalid, "the file is no UTF-8 text: save it as CSV UTF-8"};
  if (text.find('\0') != std::string_view::npos)
    return base::Error{base::Refusal::invalid, "the file holds NUL bytes: save it as CSV UTF-8"};
  // The sign between cells is the one that the first line holds more of, outside of quotes.
  std::size_t commas = 0, semicolons = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '\n' || c == '\r')) break;
    commas += !quoted && c == ',', semicolons += !quoted && c == ';';
  }
  const char between = semicolons > commas ? ';' : ',';
  std::vector<CsvLine> out;
  std::size_t line = 1, at = 0;
  while (at < text.size()) {
    CsvLine row{line, {}};
    bool more = true, any = false;
    while (more) {
      std::string cell;
      if (at < text.size() && text[at] == '"') {
        any = true;
        const std::size_t began = line;
        for (++at;; ++at) {
          if (at >= text.size())
            return base::Error{base::Refusal::invalid,
                               "line " + std::to_string(began) + ": a quote begins here and does not end"};
          if (text[at] == '\n') ++line;
          if (text[at] != '"') {
            cell += text[at];
            continue;
          }
          if (at + 1 < text.size() && text[at + 1] == '"') {
            cell += '"', ++at;
            continue;
          }
          ++at;
          break;
        }
        if (at < text.size() && text[at] != between && text[at] != '\n' && text[at] != '\r')
          return base::Error{base::Refusal::invalid, "line " + std::to_string(line) +
                                                         ": after a closing quote stands " +
                                                         std::string(1, between) + " or the end of the line"};
      } else {
        while (at < text.size() && text[at] != between && text[at] != '\n' && text[at] != '\r') {
          if (text[at] == '"')
            return base::Error{base::Refusal::invalid,
                               "line " + std::to_string(line) +
                                   ": a quote stands within a cell that does not begin with one"};
          cell += text[at++];
        }
      }
      any = any || !cell.empty();
      row.cells.push_back(std::move(cell));
      more = at < text.size() && text[at] == between;
      if (more) ++at, any = true;
    }
    if (at < text.size() && text[at] == '\r') ++at;
    if (at < text.size() && text[at] == '\n') ++at;
    ++line;
    if (any) out.push_back(std::move(row));
  }
  return out;
}

void write_csv_line(std::string& out, const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i) out += ',';
    std::string cell = cells[i];
    const bool number = !cell.empty() && cell.find_first_not_of("-0123456789.") == std::string::npos;
    if (!cell.empty() && !number && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos)
      cell.insert(0, 1, '\'');
    if (cell.find_first_of(",;\"\n\r") == std::string::npos) {
      out += cell;
      continue;
    }
    out += '"';
    for (const char c : cell) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  out += "\r\n";
}

}  // namespace kinds

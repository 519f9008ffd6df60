#pragma once
// Lines of vCard and iCalendar: "NAME;PARAMETER=value:content", folded over several lines.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace extract {

struct ContentLine {
  std::string name;  // upper case, without a group
  std::vector<std::pair<std::string, std::string>> parameters;  // names in upper case
  std::string value;  // as written
  std::string parameter(std::string_view n) const;
  // Escapes and encodings resolved; ';' between components becomes a space.
  std::string text() const;
};

// The next line at `at`, which moves on. False at the end.
bool next_content_line(std::string_view utf8, std::size_t& at, ContentLine& line);

}  // namespace extract

#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace paper {

// How each XML file of a document begins.
constexpr std::string_view kHead = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

// A ZIP of files by their names, made in memory; the same bytes each time.
std::string packed(const std::vector<std::pair<std::string, std::string>>& files);

// A text within XML 1.0: what may not stand there at all is left out. `line`: what a line break becomes.
std::string escaped(std::string_view text, std::string_view line = "\n");

}  // namespace paper

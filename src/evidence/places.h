#pragma once
// Where items say they were made, by their metadata "gps".

#include "case_file.h"

#include <evidence/ask.h>

#include <functional>

namespace evidence {

// Told of each place of those items that have one, in order of their numbers; an item may have several.
void each_place(CaseFile& file, const search::Columns& columns, std::vector<std::uint32_t> items,
                const std::function<void(std::uint32_t item, double latitude, double longitude)>& told);
// Keeps the matches with a place in one of the boxes, "south,west,north,east". Refuses: invalid.
base::Status keep_places(CaseFile& file, const search::Columns& columns, std::vector<search::Match>& matches,
                         const std::vector<std::string>& boxes);

}  // namespace evidence

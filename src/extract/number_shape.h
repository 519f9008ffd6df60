#pragma once
// How one section of a number format shows a value.

#include "number_format.h"

namespace extract {

// "" when the section shows nothing of it; `minus`: a sign is to stand before it.
std::string shape_number(const NumberFormat::Section& section, double value, bool minus, bool since_1904);

}  // namespace extract

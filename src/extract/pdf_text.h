#pragma once
// Text as poppler gives it.

#include <poppler/cpp/poppler-global.h>
#include <string>

namespace extract {

std::string utf8_of(const poppler::ustring& s);  // poppler's own conversion opens tables; this needs none

}  // namespace extract

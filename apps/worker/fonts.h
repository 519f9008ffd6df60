#pragma once
// Fonts of the system for documents that bring none. A confined child has no files: the fonts are mapped
// before the walls stand, and what poppler, Cairo and HarfBuzz open by name is given from there.

namespace worker {

void warm_fonts();

}  // namespace worker

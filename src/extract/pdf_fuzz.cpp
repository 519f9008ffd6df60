#include "fuzzing.h"

namespace extract {
extern const Reader pdf_reader;
}

FUZZ_READER(pdf_reader)

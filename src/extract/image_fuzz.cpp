#include "fuzzing.h"

namespace extract {
extern const Reader image_reader;
}

FUZZ_READER(image_reader)

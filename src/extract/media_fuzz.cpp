#include "fuzzing.h"

namespace extract {
extern const Reader media_reader;
}

FUZZ_READER(media_reader)

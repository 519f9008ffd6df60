#include "fuzzing.h"

namespace extract {
extern const Reader geo_reader;
}

FUZZ_READER(geo_reader)

#include "fuzzing.h"

namespace extract {
extern const Reader warc_reader;
}

FUZZ_READER(warc_reader)

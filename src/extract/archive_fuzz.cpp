#include "fuzzing.h"

namespace extract {
extern const Reader archive_reader;
}

FUZZ_READER(archive_reader)

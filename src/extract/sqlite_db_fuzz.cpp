#include "fuzzing.h"

namespace extract {
extern const Reader sqlite_reader;
}

FUZZ_READER(sqlite_reader)

#include "fuzzing.h"

namespace extract {
extern const Reader pst_reader;
}

FUZZ_READER(pst_reader)

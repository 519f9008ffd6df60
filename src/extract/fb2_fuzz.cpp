#include "fuzzing.h"
#include "readers_list.h"

FUZZ_READER(fb2_reader)

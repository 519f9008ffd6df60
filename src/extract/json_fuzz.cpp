#include "fuzzing.h"
#include "readers_list.h"

FUZZ_READER(json_reader)

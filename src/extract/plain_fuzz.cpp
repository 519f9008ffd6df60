#include "fuzzing.h"
#include "readers_list.h"

FUZZ_READER(plain_reader)

#include "fuzzing.h"
#include "readers_list.h"

FUZZ_READER(ole_reader)

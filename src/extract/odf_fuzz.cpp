#include "fuzzing.h"
#include "readers_list.h"

FUZZ_READER(odf_reader)

#include "fuzzing.h"
#include "readers_list.h"

FUZZ_READER(html_reader)

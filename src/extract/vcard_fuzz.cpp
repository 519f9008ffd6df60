#include "fuzzing.h"
#include "readers_list.h"

FUZZ_READER(vcard_reader)

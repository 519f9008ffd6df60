#include "fuzzing.h"
#include "readers_list.h"

FUZZ_READER(telegram_reader)

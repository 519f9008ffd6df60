#pragma once
#include <kernel/module.h>

namespace evidence {
extern const kernel::Module module;
}

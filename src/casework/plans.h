#pragma once
// The rules of plans, for bring().
#include <kinds/records.h>

namespace casework {
void bring_plans(kinds::Records& records);
}

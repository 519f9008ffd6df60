#pragma once
#include <kinds/records.h>

namespace protection {

// Cohorts of a budget forecast that cannot be drawn, and a vocabulary cost_forecast without its figures, are
// refused before they are written.
void bring_costs(kinds::Records& records);

}  // namespace protection

#pragma once
// The rules of protection that need more than a declaration: what is computed, and which fact reopens what.
// Kinds: data/kinds/protection. Rules by their numbers: the domain document, protection.md.

#include <kinds/records.h>

namespace protection {

// R-IRA-1 (a judgement below the computed level needs a second assessor), R-IRA-2 (nothing computed is shown
// before a judgement is entered), R-IRA-4 (a new incident reopens the assessments of whom it struck).
// The model and the factors of risk are the vocabularies risk_model and risk_factor; a matrix that is not
// monotone is refused.
void bring(kinds::Records& records);

}  // namespace protection

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

// What a budget forecast comes to: quantiles by year, month, cohort, case and payer, what drives them, how
// full places are, and how what was spent lies in it: docs/formats/records.md. Lines of fewer households than
// the vocabulary cost_forecast allows are merged with others (R-BUD-1). In the ledger before it is given.
// Refuses: not_found, invalid (what is wrong with the figures).
struct WhatIf {
  std::vector<std::string> without{};  // codes of cohorts
  double intake = 1;                   // times as many new households; 0 to 10
};
base::Result<boost::json::object> cost_forecast(kinds::Records& records, const kinds::Asker& who,
                                                std::string_view code, const WhatIf& change);

// The matrix of an analysis of hypotheses: what speaks against each, their order, how far each piece of
// evidence tells them apart, on which of it the order rests, and what a review lacks (R-STRA-5):
// docs/formats/records.md. The same for everybody who may read the analysis; of the information behind it
// only what they may read is named. In the ledger before it is given. Refuses: not_found.
base::Result<boost::json::object> hypotheses(kinds::Records& records, const kinds::Asker& who,
                                             std::string_view code, std::int64_t today);

// What the incidents that the person may read have in common: weeks that stand out, whether incidents follow
// filings and hearings, come near one another in space and time, and form a cluster now; each with how
// probable it is by chance. Duplicates are left out. docs/formats/records.md; protection.md section 5;
// R-PAT-1. In the ledger before it is given.
struct PatternsOf {
  std::string case_id{}, family{};  // empty: all
};
base::Result<boost::json::object> patterns(kinds::Records& records, const kinds::Asker& who,
                                           const PatternsOf& asked);

}  // namespace protection

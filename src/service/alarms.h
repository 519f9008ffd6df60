#pragma once
// Alarms: kept for who is told, in the transaction of the act, and sent to their open pages after it.

#include "core.h"

namespace service {

// Who examines acts: a role of theirs reviews the ledger.
std::vector<std::int64_t> auditors_of(const Core& core);
// Who answers for a case: assigned to it, and a role of theirs reviews casework.
std::vector<std::int64_t> heads_of(const Core& core, const std::string& case_id);

// `alarm.person` and `.id` are filled in for each of `told`; nobody is told of their own act.
base::Status raise_alarm(const Book::Write& w, const std::vector<std::int64_t>& told, Alarm alarm,
                         std::int64_t by);
// After the commit: pages that are open ask for the alarms again.
void announce(Core& core, const std::vector<std::int64_t>& told);

}  // namespace service

#pragma once
// The parts of bring(), and what the matrix and the reviews need of one another.
#include <kinds/records.h>

namespace casework {

void bring_plans(kinds::Records& records);
void bring_priorities(kinds::Records& records);
void bring_reviews(kinds::Records& records);
void bring_counts(kinds::Records& records);

// The matrix as it is now; nothing: the code is of no person in a case and of no count that they may read.
std::optional<boost::json::object> matrix_of(kinds::Records& records, const kinds::Asker& who,
                                             std::string_view code, std::string_view standard);
// The matrix that a review froze, as far as they may read now what stands in it, with "frozen": the hash,
// whether what was kept has it still, and what is otherwise by now. Nothing: there is none. Refuses: damaged.
base::Result<std::optional<boost::json::object>> frozen_matrix(kinds::Records& records,
                                                               const kinds::Asker& who,
                                                               std::string_view code);

}  // namespace casework

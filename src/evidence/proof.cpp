#include "case_file.h"

#include <evidence/ask.h>

namespace evidence {

base::Status write_proof(CaseFile&, std::int64_t, const std::string&) { return base::Done{}; }
std::vector<std::string> check_proof(const std::string&) { return {}; }
base::Status backup(Office&, const std::string&, const std::function<void(std::int64_t, std::int64_t)>&) { return base::Done{}; }

}  // namespace evidence

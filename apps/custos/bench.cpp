// Measures single parts of Custos on this machine. The whole is measured by bench/run.
#include "run.h"

namespace cli {

int run_bench(const Arguments& a) { return refuse({base::Refusal::unsupported, "there is no measure named " + a.words[0]}); }

}  // namespace cli

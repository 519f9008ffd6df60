#pragma once
// For the commands: opening what they need, and leaving with the exit code of what went wrong.

#include "progress.h"
#include "run.h"

#include <evidence/ask.h>

#include <cstdio>
#include <memory>

namespace cli {

struct OpenCase {
  std::unique_ptr<evidence::Office> office;
  std::shared_ptr<evidence::CaseFile> file;
};
base::Result<std::unique_ptr<evidence::Office>> office_of(const Arguments& a);
base::Result<OpenCase> case_of(const Arguments& a);

}  // namespace cli

// The value, or the exit code of wrong usage.
#define OR_USAGE(expression) OR_USAGE_NAMED(expression, BASE_JOIN(answer_, __COUNTER__))
#define OR_USAGE_NAMED(expression, name)                      \
  __extension__({                                             \
    auto name = (expression);                                 \
    if (!name.ok()) return wrong_usage(name.error().message); \
    std::move(name).value();                                  \
  })
#define OR_REFUSE(expression) OR_REFUSE_NAMED(expression, BASE_JOIN(answer_, __COUNTER__))
#define OR_REFUSE_NAMED(expression, name)        \
  __extension__({                                \
    auto name = (expression);                    \
    if (!name.ok()) return refuse(name.error()); \
    std::move(name).value();                     \
  })

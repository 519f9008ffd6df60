// Tracking (SYSTEMS.md M06): how long a last-known fact is worth acting on, by its type.
#include "rules.h"

#include <casework/module.h>
#include <kinds/date.h>
#include <kinds/value.h>

#include <algorithm>

namespace casework {

using kinds::Records;
using kinds::text_in;

void bring_tracking(Records& records) {
  records.on_write("tracking_fact", [&records](Records::Writing& w) {
    const auto declared = records.declared();
    const auto on = kinds::days_of(text_in(w.values, "on"));
    const auto* type = code_of(*declared, "tracking_fact_type", text_in(w.values, "fact_type"));
    w.values.erase("good_until");
    if (!on.ok() || !type) return;
    const std::int64_t last = std::min(on->to, w.today);  // of what goes on, today
    w.values["good_until"] =
        kinds::date_of(last + static_cast<std::int64_t>(kinds::figure_in(*type, "days", 0)));
  });
  records.on_vocabulary("tracking_fact_type", [](const kinds::Vocabulary& v) -> base::Status {
    for (const auto& code : v.declaration.at("codes").get_array())
      if (const double days = kinds::figure_in(code.get_object(), "days", 0); !(days >= 1 && days <= 3'650))
        return base::Error{base::Refusal::invalid, "tracking_fact_type." +
                                                       text_in(code.get_object(), "code") +
                                                       ": \"days\" is a number from 1 to 3650"};
    return base::Done{};
  });
}

}  // namespace casework

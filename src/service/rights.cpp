#include "rights.h"

#include "records.h"

namespace service {

void register_rights(kernel::Registrar& house) {
  house.record<CaseLabel>();
  house.record<Compartment>();
  house.record<Admission>();
  house.record<ChosenPurpose>();
  house.record<Glass>();
  house.record<ApprovalRequest>();
  house.record<Recovery>();
  house.record<Alarm>();
}

std::vector<store::Migration> rights_steps() {
  static const std::string first =
      store::create_table(record::shape<CaseLabel>) + store::create_table(record::shape<Compartment>) +
      store::create_table(record::shape<Admission>) + store::create_table(record::shape<ChosenPurpose>) +
      store::create_table(record::shape<Glass>) + store::create_table(record::shape<ApprovalRequest>) +
      store::create_table(record::shape<Recovery>) + store::create_table(record::shape<Alarm>);
  return {{1, first}};
}

}  // namespace service

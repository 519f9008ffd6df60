#pragma once
// What an act on a label or a clearance asks of the policy; the request for a second person asks the same.

#include "core.h"

#include <base/json.h>

namespace service {

struct Clearance {
  std::string classification;
  std::vector<std::string> compartments;  // ids, sorted, of those that who asks stands within
  std::int64_t organ = 0;
  // Roles that need hardware: those that open keys, identities and machines. Nothing: they stay as they are.
  std::optional<std::vector<std::string>> by_two{};
};
bool given_by_two(const rights::Policy& policy, std::string_view role);
// The roles of an account after the act: the others as they are, those by two as it says.
std::vector<std::string> roles_after(const Core& core, const Account& account, const Clearance& after);

std::vector<Compartment> compartments_of(const Core& core, std::int64_t person);
// {classification, compartments}: upgrade, or downgrade when it protects less. Refuses: invalid (also a class
// above the clearance of who asks: nobody labels a case out of their own sight).
base::Result<Core::Ask> ask_for_label(const Core& core, const Who& who, const std::string& case_id,
                                      const boost::json::value& body);
// The same for a record. Refuses also: not_found.
base::Result<Core::Ask> ask_for_record_label(Core& core, const Who& who, const std::string& code,
                                             const boost::json::value& body);
bool along_in(const boost::json::value& body);  // whether what names the record is labelled with it
// {clearance, compartments, organ, by_two?}: grant, or revoke when nothing is more than before. Refuses:
// invalid.
base::Result<Core::Ask> ask_for_clearance(const Core& core, const Who& who, const Account& account,
                                          const boost::json::value& body);
base::Result<Clearance> clearance_in(const Core& core, const Who& who, const boost::json::value& body);
// What of it somebody may know: compartments that they do not stand within are not there.
void clearance_members(base::JsonWriter& w, const Core& core, const Who& who, const Account& account);
std::string clearance_json(const Core& core, const Who& who, const Account& account);

}  // namespace service

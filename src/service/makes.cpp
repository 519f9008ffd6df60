// Which authenticators count as hardware that cannot be copied: the office lists their makes. The make is a
// claim of the authenticator; who opens identities is looked at by the custodians of the register as well.
#include "core.h"

#include <base/bytes.h>

#include <boost/json.hpp>

#include <algorithm>

namespace service {

base::Result<std::vector<std::string>> read_makes(std::string_view json) {
  const auto wrong = [](std::string what) {
    return base::Error{base::Refusal::invalid, "the list of authenticators: " + what};
  };
  boost::system::error_code broken;
  const boost::json::value v = boost::json::parse(json, broken);
  const auto* o = v.if_object();
  if (broken || !o) return wrong("it is no JSON object");
  TRY(base::text_of(v, "source"));
  TRY(base::text_of(v, "version"));
  const auto* list = o->if_contains("authenticators");
  if (!list || !list->is_array()) return wrong("\"authenticators\" is missing, or no list");
  std::vector<std::string> out;
  for (const boost::json::value& one : list->get_array()) {
    TRY(base::text_of(one, "name"));
    std::string id = TRY(base::text_of(one, "aaguid"));
    std::erase(id, '-');
    const auto bytes = base::unhex(id);
    if (!bytes || bytes->size() != 16) return wrong("\"" + id + "\" is no AAGUID of 32 hexadecimal digits");
    if (*bytes == std::string(16, '\0')) return wrong("an AAGUID of zeros says that the make is not known");
    out.push_back(*bytes);
  }
  return out;
}

rights::SignIn Core::strength_of(const Passkey& key) const {
  return rights::strength_of(
      {key.id.bytes, key.public_key.bytes, key.algorithm, static_cast<std::uint32_t>(key.counter),
       key.aaguid.bytes, key.backup_eligible, false},
      makes);
}

}  // namespace service

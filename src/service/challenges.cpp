#include "challenges.h"

#include "book.h"

#include <access/webauthn.h>
#include <base/bytes.h>

#include <boost/json.hpp>

namespace service {
namespace {

constexpr std::string_view kPurpose = "a challenge";

}  // namespace

std::string Challenges::make(std::int64_t person, rights::Time until) const {
  std::string said;
  base::append_le(said, static_cast<std::uint64_t>(person));
  base::append_le(said, static_cast<std::uint64_t>(until));
  return office_.seal(kPurpose, said);
}

std::optional<std::string> Challenges::take(std::string_view client_data, std::int64_t person,
                                            rights::Time now) {
  boost::system::error_code broken;
  const boost::json::value v = boost::json::parse(client_data, broken);
  if (broken || !v.is_object()) return {};
  const auto* said = v.get_object().if_contains("challenge");
  if (!said || !said->is_string()) return {};
  const auto bytes = rights::unbase64url(std::string_view(said->get_string()));
  const auto ours = bytes ? office_.unseal(kPurpose, *bytes) : std::nullopt;
  if (!ours) return {};
  const auto number = [&](std::size_t at) {
    return static_cast<std::int64_t>(base::load_le<std::uint64_t>(ours->data() + at));
  };
  const rights::Time until = number(8);
  if (number(0) != person || until < now || !book_.first_time("challenge", *bytes, until)) return {};
  return *bytes;
}

}  // namespace service

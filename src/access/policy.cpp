#include <access/policy.h>

#include <algorithm>
#include <bit>

namespace rights {
namespace {

constexpr std::string_view kActNames[kActs] = {
    "search",        "read",    "read_sensitive", "read_original", "add",      "change",       "annotate",
    "approve",       "assign",  "transfer",       "export",        "disclose", "hold",         "lift_hold",
    "erase",         "upgrade", "downgrade",      "reveal",        "verify",   "grant",        "revoke",
    "change_policy", "seal",    "unseal",         "rotate",        "operate",  "erase_backup", "review"};
constexpr std::string_view kClassNames[] = {"PUBLIC", "INTERNAL", "CONFIDENTIAL", "SECRET"};
constexpr std::string_view kSignInNames[] = {"none", "link", "password", "passkey", "hardware"};

template <class T, std::size_t N>
std::optional<T> named(const std::string_view (&names)[N], std::string_view name) {
  for (std::size_t i = 0; i < N; ++i)
    if (names[i] == name) return static_cast<T>(i);
  return {};
}

template <class T>
std::optional<std::size_t> place_of(const std::vector<T>& rules, std::string_view name) {
  for (std::size_t i = 0; i < rules.size(); ++i)
    if (rules[i].name == name) return i;
  return {};
}

// Takes one candidate role for each kind that nobody chosen so far sees; goes back where none is left.
bool cover(const Policy& p, const std::vector<RoleSet>& sight, RoleSet chosen, RoleSet& found) {
  RoleSet candidates = 0;
  int fewest = 65;
  for (const RoleSet s : sight) {
    if (s & chosen) continue;
    RoleSet open = 0;
    for (RoleSet left = s; left; left &= left - 1) {
      const RoleSet one = left & (~left + 1);
      if (!p.excluded(chosen | one)) open |= one;
    }
    if (std::popcount(open) < fewest) fewest = std::popcount(open), candidates = open;
  }
  if (fewest == 65) return found = chosen, true;
  for (RoleSet left = candidates; left; left &= left - 1)
    if (cover(p, sight, chosen | (left & (~left + 1)), found)) return true;
  return false;
}

}  // namespace

std::string_view name_of(Act a) { return kActNames[static_cast<std::size_t>(a)]; }
std::optional<Act> act_named(std::string_view name) { return named<Act>(kActNames, name); }
std::string_view name_of(Classification c) { return kClassNames[static_cast<std::size_t>(c)]; }
std::optional<Classification> classification_named(std::string_view name) {
  return named<Classification>(kClassNames, name);
}
std::string_view name_of(SignIn s) { return kSignInNames[static_cast<std::size_t>(s)]; }
std::optional<SignIn> sign_in_named(std::string_view name) { return named<SignIn>(kSignInNames, name); }

std::optional<Kind> Policy::kind(std::string_view name) const {
  const auto i = place_of(kinds_, name);
  return i ? std::optional(static_cast<Kind>(*i)) : std::nullopt;
}
std::optional<PurposeId> Policy::purpose(std::string_view name) const {
  const auto i = place_of(purposes_, name);
  return i ? std::optional(static_cast<PurposeId>(*i)) : std::nullopt;
}
std::optional<RoleSet> Policy::role(std::string_view name) const {
  const auto i = place_of(roles_, name);
  return i ? std::optional(RoleSet{1} << *i) : std::nullopt;
}
const Words* Policy::why_excluded(RoleSet a, RoleSet b) const {
  for (const Exclusion& e : exclusions_)
    if (((e.a & a) && (e.b & b)) || ((e.a & b) && (e.b & a))) return &e.why;
  return nullptr;
}

RoleSet sees(const Policy& policy, Kind kind) {
  RoleSet who = 0;
  for (const Act a : {Act::search, Act::read, Act::read_sensitive, Act::read_original, Act::export_,
                      Act::disclose, Act::reveal})
    who |= policy.permitted(kind, a);
  return who;
}

std::optional<RoleSet> sees_everything(const Policy& policy) {
  std::vector<RoleSet> sight;
  for (std::size_t k = 0; k < policy.kinds().size(); ++k)
    if (policy.kinds()[k].content) sight.push_back(sees(policy, static_cast<Kind>(k)));
  RoleSet found = 0;
  if (sight.empty() || !cover(policy, sight, 0, found)) return {};
  return found;
}

}  // namespace rights

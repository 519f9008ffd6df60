#include "testing.h"

#include <access/decide.h>

#include <gtest/gtest.h>

#include <functional>
#include <set>

using namespace rights;

// SECURITY.md G14: one person, with any roles that one person may hold, does whatever they like, in any
// order, up to six acts. Nothing that needs two people is ever reached.
namespace {

#ifdef CUSTOS_SANITIZED
constexpr int kActsMax = 2;  // sanitizers are slow
#else
constexpr int kActsMax = 6;
#endif
constexpr std::uint64_t kMe = 1, kOther = 2, kThing = 5, kCase = 3;
constexpr Act kDangerous[] = {Act::reveal,   Act::erase,       Act::downgrade,     Act::lift_hold,
                              Act::disclose, Act::grant,       Act::change_policy, Act::unseal,
                              Act::rotate,   Act::erase_backup};

const Policy& policy() {
  static const Policy p = Policy::parse(shipped_policy()).value();
  return p;
}

// The largest sets of roles that one person may hold.
std::set<RoleSet> largest_sets() {
  const int n = static_cast<int>(policy().roles().size());
  std::set<RoleSet> out;
  const std::function<void(RoleSet, int)> grow = [&](RoleSet set, int next) {
    if (next < n) {
      const RoleSet one = RoleSet{1} << next;
      if (!policy().excluded(set | one)) grow(set | one, next + 1);
      grow(set, next + 1);
      return;
    }
    for (int r = 0; r < n; ++r)
      if (!(set >> r & 1) && !policy().excluded(set | RoleSet{1} << r)) return;
    out.insert(set);
  };
  grow(0, 0);
  return out;
}

using Engine = std::function<Decision(const Subject&, const Object&, const Request&)>;

// What the person has got hold of: roles and approvals, the latter as (kind, act, named requester).
struct State {
  RoleSet roles;
  std::set<std::array<int, 3>> approvals;
  auto operator<=>(const State&) const = default;
};

struct Search {
  Engine engine;
  std::size_t tried = 0;
  std::set<std::string> reached{};

  bool ask(const State& s, Kind kind, Act act, std::uint64_t requester) {
    const Assignment assigned{kCase, kNow + 100};
    Subject me{.person = kMe,
               .organ = 1,
               .roles = s.roles,
               .clearance = Classification::secret,
               .assignments = {&assigned, 1},
               .conflicts = std::span<const std::uint64_t>{},
               .sign_in = SignIn::hardware,
               .stepped_up = kNow,
               .epoch = 1};
    for (auto& w : me.compartments.words) w = ~std::uint64_t{0};
    const Object thing{.kind = kind,
                       .id = kThing,
                       .case_id = kCase,
                       .author = 9,
                       .label = Label{Classification::secret, {}},
                       .held = false,
                       .embargo_until = 0,
                       .epoch = 1};
    std::vector<Approval> mine;
    for (const auto& [k, a, r] : s.approvals)
      for (const std::uint32_t organ : {1u, 2u})  // they may claim to sit elsewhere
        mine.push_back({.approver = kMe,
                        .requester = static_cast<std::uint64_t>(r),
                        .object = kThing,
                        .organ = organ,
                        .roles = s.roles,
                        .kind = static_cast<Kind>(k),
                        .act = static_cast<Act>(a),
                        .at = kNow,
                        .spent = false});
    for (std::size_t p = 0; p < policy().purposes().size(); ++p) {
      ++tried;
      const Request r{.act = act,
                      .now = kNow,
                      .purpose = Purpose{static_cast<PurposeId>(p), kCase, kNow + 9, true},
                      .approvals = mine,
                      .requester = requester,
                      .label_after = act == Act::downgrade ? std::optional(Label{Classification::public_, {}})
                                                           : std::nullopt};
      if (engine(me, thing, r).allowed) return true;
    }
    return false;
  }

  void from(RoleSet roles, int acts_max) {
    std::set<State> seen{{roles, {}}}, edge = seen;
    for (int step = 0; step < acts_max && !edge.empty(); ++step) {
      std::set<State> next;
      for (const State& s : edge)
        for (std::size_t k = 0; k < policy().kinds().size(); ++k) {
          const Kind kind = static_cast<Kind>(k);
          State more = s;
          for (const std::uint64_t requester : {kMe, kOther})
            if (ask(s, kind, Act::approve, requester))
              for (const Act a : kDangerous)
                more.approvals.insert(
                    {static_cast<int>(k), static_cast<int>(a), static_cast<int>(requester)});
          for (const Act a : kDangerous)
            if (ask(more, kind, a, 0)) {
              reached.insert(std::string(name_of(a)));
              if (a == Act::grant) more.roles = ~RoleSet{0} >> (64 - policy().roles().size());
            }
          if (seen.insert(more).second) next.insert(more);
        }
      edge = std::move(next);
    }
  }
};

}  // namespace

TEST(OnePerson, reaches_nothing_that_needs_two_by_any_acts_in_any_order) {
  Search search{
      [](const Subject& s, const Object& o, const Request& r) { return decide(policy(), s, o, r); }};
  const auto sets = largest_sets();
  for (const RoleSet roles : sets) search.from(roles, kActsMax);
  EXPECT_EQ(search.reached, std::set<std::string>{});
  std::printf("%zu largest sets of roles, %zu acts tried\n", sets.size(), search.tried);
}

// The control: an engine that takes any approver for another person is found out for every act.
TEST(OnePerson, is_caught_by_the_search_when_the_engine_forgets_who_approved) {
  Search search{[](const Subject& s, const Object& o, const Request& r) {
    std::vector<Approval> forgotten(r.approvals.begin(), r.approvals.end());
    for (Approval& a : forgotten) a.approver = kOther, a.requester = kMe;
    Request blind = r;
    blind.approvals = forgotten;
    return decide(policy(), s, o, blind);
  }};
  for (const RoleSet roles : largest_sets()) search.from(roles, 2);
  EXPECT_GE(search.reached.size(), 3u);
}

TEST(OnePerson, can_always_seal_and_withdraw) {
  Search search{
      [](const Subject& s, const Object& o, const Request& r) { return decide(policy(), s, o, r); }};
  const State duty{*policy().role("duty_officer"), {}}, admin{*policy().role("system_administrator"), {}};
  EXPECT_TRUE(search.ask(duty, *policy().kind("system"), Act::seal, 0));
  EXPECT_TRUE(search.ask(admin, *policy().kind("account"), Act::revoke, 0));
}

TEST(Policy, shows_the_system_administrator_no_content) {
  const RoleSet admin = *policy().role("system_administrator");
  for (std::size_t k = 0; k < policy().kinds().size(); ++k)
    for (std::size_t a = 0; a < kActs; ++a)
      EXPECT_FALSE(policy().kinds()[k].content &&
                   (policy().permitted(static_cast<Kind>(k), static_cast<Act>(a)) & admin))
          << policy().kinds()[k].name << " " << name_of(static_cast<Act>(a));
  // Nor by a second role: none goes with it.
  for (std::size_t r = 0; r < policy().roles().size(); ++r)
    EXPECT_TRUE(RoleSet{1} << r == admin || policy().excluded(admin | RoleSet{1} << r));
}

TEST(Policy, shows_nobody_everything) {
  std::size_t kinds = 0, most = 0;
  for (const auto& k : policy().kinds()) kinds += k.content;
  for (const RoleSet set : largest_sets()) {
    std::size_t seen = 0;
    for (std::size_t k = 0; k < policy().kinds().size(); ++k)
      seen += policy().kinds()[k].content && (sees(policy(), static_cast<Kind>(k)) & set);
    most = std::max(most, seen);
  }
  EXPECT_LT(most, kinds);
  EXPECT_FALSE(sees_everything(policy()));
  std::printf("the most that one person may see: %zu of %zu kinds of content\n", most, kinds);
  // Identities and evidence never meet in one person.
  for (const RoleSet set : largest_sets())
    EXPECT_FALSE((sees(policy(), *policy().kind("identity")) & set) &&
                 (sees(policy(), *policy().kind("item")) & set));
}

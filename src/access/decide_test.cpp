#include "oracle.h"

#include <base/handle.h>

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

using namespace rights;

namespace {

#ifdef CUSTOS_SANITIZED
constexpr int kThin = 97;  // of the matrix, one in so many: sanitizers are slow
#else
constexpr int kThin = 1;
#endif

const Policy& policy() {
  static const Policy p = Policy::parse(shipped_policy()).value();
  return p;
}
const oracle::Oracle& truth() {
  static const oracle::Oracle o(shipped_policy());
  return o;
}
using oracle::World;

int a_purpose_of(int role) {
  for (int p = 0; p < static_cast<int>(truth().purposes.size()); ++p)
    if (truth().names.contains({role, p})) return p;
  return 0;
}

// Every role, kind and act, with every one and every two of the conditions otherwise than good. Stops when
// `see` says false.
template <class See>
void all_pairs(int first_role, int step, See see) {
  const auto& o = truth();
  for (int role = first_role; role < static_cast<int>(o.roles.size()); role += step)
    for (int kind = 0; kind < static_cast<int>(o.kinds.size()); ++kind)
      for (int act = 0; act < static_cast<int>(kActs); ++act) {
        World w{.roles = {role}, .kind = kind, .act = act, .purpose = a_purpose_of(role)};
        const World good = w;
        if (!see(w)) return;
        for (int a = 0; a < World::kDimensions; ++a)
          for (int x = 0; x < World::sizes[a]; ++x) {
            w.at[a] = x;
            if (!see(w)) return;
            for (int b = a + 1; b < World::kDimensions; ++b) {
              for (int y = 0; y < World::sizes[b]; ++y) {
                w.at[b] = y;
                if (!see(w)) return;
              }
              w.at[b] = good.at[b];
            }
            w.at[a] = good.at[a];
          }
      }
}

World any_world(std::mt19937& random) {
  const auto& o = truth();
  const auto below = [&](std::size_t n) { return static_cast<int>(random() % n); };
  World w;
  const int count = 1 + below(3);
  for (int i = 0; i < count; ++i) w.roles.push_back(below(o.roles.size()));
  // Mostly what one of the roles is there for: a matrix of refusals would prove little.
  const int of = w.roles[0];
  for (int tries = 0; tries < 200; ++tries) {
    w.kind = below(o.kinds.size());
    w.act = below(kActs);
    if (o.may.contains({of, w.kind, w.act})) break;
  }
  w.purpose = below(4) ? a_purpose_of(w.roles[static_cast<std::size_t>(below(w.roles.size()))])
                       : below(o.purposes.size());
  for (int d = 0; d < World::kDimensions; ++d)
    if (below(6) == 0) w.at[d] = below(static_cast<std::size_t>(World::sizes[d]));
  return w;
}

oracle::Answer answer(const Decision& d) { return {d.allowed, d.fields, d.obligations}; }

std::string told(const World& w) {
  std::string s = "roles";
  for (const int r : w.roles) s += " " + truth().roles[static_cast<std::size_t>(r)];
  s += ", kind " + truth().kinds[static_cast<std::size_t>(w.kind)] + ", act " +
       std::string(name_of(static_cast<Act>(w.act))) + ":";
  for (const int v : w.at) s += " " + std::to_string(v);
  return s;
}

// Says whether the plant is told from the oracle.
bool killed(int plant) {
  oracle::Staged staged;
  bool found = false;
  const auto see = [&](const World& w) {
    staged.set(truth(), policy(), w);
    const Decision d = decide_with_plant(plant, policy(), staged.subject, staged.object, staged.request);
    return !(found = answer(d) != truth().ask(w));
  };
  std::mt19937 random(17);
  for (int i = 0; i < 400'000 / kThin && !found; ++i) see(any_world(random));
  int n = 0;
  if (!found) all_pairs(0, 1, [&](const World& w) { return ++n % kThin || see(w); });
  return found;
}

}  // namespace

TEST(Decision, is_that_of_the_oracle_for_every_role_kind_and_act_and_every_two_conditions) {
  std::atomic<std::uint64_t> cases = 0, allowed = 0, differences = 0;
  std::vector<std::thread> both;
  for (int t = 0; t < 2; ++t)
    both.emplace_back([&, t] {
      oracle::Staged staged;
      std::uint64_t n = 0, yes = 0;
      all_pairs(t, 2, [&](const World& w) {
        if (++n % kThin) return true;
        staged.set(truth(), policy(), w);
        const Decision d = decide(policy(), staged.subject, staged.object, staged.request);
        const oracle::Answer right = truth().ask(w);
        yes += d.allowed;
        if (answer(d) != right && differences++ < 5)
          ADD_FAILURE() << told(w) << " engine says " << d.allowed << " " << name_of(d.reason_for_ledger())
                        << ", oracle " << right.allowed;
        return true;
      });
      cases += n;
      allowed += yes;
    });
  for (std::thread& t : both) t.join();
  EXPECT_EQ(differences, 0u);
  EXPECT_GT(allowed, 10'000u / kThin);
  std::printf("%lu cases, %lu allowed, %lu differences\n", cases.load() / kThin, allowed.load(),
              differences.load());
}

TEST(Decision, is_that_of_the_oracle_for_people_with_several_roles_and_any_conditions) {
  std::mt19937 random(4);
  oracle::Staged staged;
  std::uint64_t allowed = 0, differences = 0;
  const int cases = 3'000'000 / kThin;
  for (int i = 0; i < cases; ++i) {
    const World w = any_world(random);
    staged.set(truth(), policy(), w);
    const Decision d = decide(policy(), staged.subject, staged.object, staged.request);
    allowed += d.allowed;
    if (answer(d) != truth().ask(w) && differences++ < 5)
      ADD_FAILURE() << told(w) << " engine says " << d.allowed << " " << name_of(d.reason_for_ledger());
  }
  EXPECT_GT(allowed, static_cast<std::uint64_t>(cases) / 100);
  std::printf("%d cases, %lu allowed, %lu differences\n", cases, allowed, differences);
}

// Plant 0 is the engine itself. A plant that changes no decision is named here with the reason.
const std::map<int, std::string> kEquivalent = {
    {18, "no policy that parse() takes lets anybody read or search an identity"},
    {44, "without a role the next line denies; only the reason in the ledger differs"},
};

TEST(Decision, no_planted_defect_survives_the_comparison) {
  std::atomic<int> next = 1, dead = 0;
  const auto some = [&] {
    for (int plant = next++; plant < kPlants; plant = next++) {
      const bool found = killed(plant);
      dead += found;
      EXPECT_TRUE(kThin > 1 || found != kEquivalent.contains(plant)) << "plant " << plant;
    }
  };
  std::thread other(some);
  some();
  other.join();
  std::printf("%d planted defects found, %zu equivalent\n", dead.load(), kEquivalent.size());
  EXPECT_GE(dead, 40);
}

TEST(Decision, is_a_refusal_when_nothing_is_known) {
  EXPECT_FALSE(decide(policy(), {}, {}, {}).allowed);
  for (std::size_t k = 0; k < policy().kinds().size(); ++k)
    for (std::size_t a = 0; a < kActs; ++a) {
      const Object object{.kind = static_cast<Kind>(k), .label = Label{Classification::public_, {}}};
      const Decision d = decide(policy(), {}, object, {.act = static_cast<Act>(a)});
      EXPECT_FALSE(d.allowed);
      EXPECT_EQ(d.fields, 0u);
      EXPECT_TRUE(d.obligations.ledger_first);
    }
}

// Cedar's second theorem: one reason to forbid is enough, whatever permits.
TEST(Decision, whatever_forbids_overrides_whatever_permits) {
  std::mt19937 random(5);
  oracle::Staged staged;
  const auto still = [&] { return decide(policy(), staged.subject, staged.object, staged.request).allowed; };
  int tried = 0;
  for (int i = 0; i < 400'000 / kThin; ++i) {
    const World w = any_world(random);
    staged.set(truth(), policy(), w);
    if (!still()) continue;
    ++tried;
    if (staged.object.case_id) {
      const std::uint64_t mine[] = {5, staged.object.case_id, 6};
      staged.subject.conflicts = mine;
      EXPECT_FALSE(still()) << told(w);
      staged.subject.conflicts = std::span<const std::uint64_t>{};
    }
    const RoleSet roles = staged.subject.roles;
    staged.subject.roles = ~RoleSet{0};
    EXPECT_FALSE(still()) << told(w);
    staged.subject.roles = roles;
    staged.object.epoch = staged.subject.epoch + 1;
    EXPECT_FALSE(still()) << told(w);
  }
  EXPECT_GT(tried, 1000 / kThin);
}

TEST(Decision, does_not_depend_on_the_order_of_lists) {
  std::mt19937 random(6);
  oracle::Staged staged;
  for (int i = 0; i < 200'000 / kThin; ++i) {
    staged.set(truth(), policy(), any_world(random));
    std::vector<Assignment> assignments(staged.subject.assignments.begin(), staged.subject.assignments.end());
    std::vector<Approval> approvals(staged.request.approvals.begin(), staged.request.approvals.end());
    assignments.push_back({12, oracle::kNow + 5});
    approvals.push_back({.approver = 3, .requester = 4});
    staged.subject.assignments = assignments;
    staged.request.approvals = approvals;
    const Decision before = decide(policy(), staged.subject, staged.object, staged.request);
    std::reverse(assignments.begin(), assignments.end());
    std::reverse(approvals.begin(), approvals.end());
    const Decision after = decide(policy(), staged.subject, staged.object, staged.request);
    EXPECT_EQ(answer(before), answer(after));
  }
}

TEST(Decision, more_clearance_walls_proof_and_need_never_deny_what_less_allowed) {
  std::mt19937 random(7);
  oracle::Staged staged;
  int tried = 0;
  for (int i = 0; i < 600'000 / kThin; ++i) {
    const World w = any_world(random);
    staged.set(truth(), policy(), w);
    const Decision less = decide(policy(), staged.subject, staged.object, staged.request);
    if (!less.allowed) continue;
    ++tried;
    Subject more = staged.subject;
    const auto holds = [&](const char* what) {
      const Decision d = decide(policy(), more, staged.object, staged.request);
      EXPECT_TRUE(d.allowed && (d.fields & less.fields) == less.fields) << what << ": " << told(w);
    };
    if (*more.clearance < Classification::secret)
      more.clearance = static_cast<Classification>(static_cast<int>(*more.clearance) + 1), holds("clearance");
    more.compartments.add(random() % kCompartmentsMax), holds("compartment");
    more.sign_in = SignIn::hardware, holds("sign-in");
    more.stepped_up = oracle::kNow, holds("fresh proof");
    const Assignment all[] = {{1, oracle::kNow + 1}, {staged.object.case_id, oracle::kNow + 1}};
    more.assignments = all, holds("assignment");
    const RoleSet role = RoleSet{1} << random() % policy().roles().size();
    if (!policy().excluded(more.roles | role)) more.roles |= role, holds("role");
  }
  EXPECT_GT(tried, 1000 / kThin);
}

TEST(Decision, a_stricter_label_never_allows_what_a_weaker_one_denied) {
  std::mt19937 random(8);
  oracle::Staged staged;
  for (int i = 0; i < 300'000 / kThin; ++i) {
    const World w = any_world(random);
    staged.set(truth(), policy(), w);
    if (!staged.object.label || staged.request.label_after) continue;
    if (decide(policy(), staged.subject, staged.object, staged.request).allowed) continue;
    Label stricter{Classification::secret, {}};
    stricter.compartments.add(random() % kCompartmentsMax);
    staged.object.label = join(*staged.object.label, stricter);
    EXPECT_FALSE(decide(policy(), staged.subject, staged.object, staged.request).allowed) << told(w);
  }
}

TEST(Label, of_what_is_derived_is_at_least_that_of_each_source) {
  std::mt19937 random(9);
  const auto any = [&] {
    Label l{static_cast<Classification>(random() % 4), {}};
    for (int i = 0; i < 3; ++i) l.compartments.add(random() % 8);
    return l;
  };
  for (int i = 0; i < 20'000; ++i) {
    const Label a = any(), b = any(), c = any();
    EXPECT_EQ(join(a, b), join(b, a));
    EXPECT_EQ(join(a, join(b, c)), join(join(a, b), c));
    EXPECT_EQ(join(a, a), a);
    EXPECT_FALSE(lowers(a, join(a, b)));
    EXPECT_FALSE(lowers(b, join(a, b)));
    EXPECT_EQ(lowers(a, b), join(a, b) != b);
  }
}

TEST(Decision, tells_the_ledger_why_and_the_person_nothing) {
  oracle::Staged staged;
  const int investigator = 3;
  ASSERT_EQ(truth().roles[investigator], "investigator");
  World w{.roles = {investigator},
          .kind = 0,
          .act = static_cast<int>(Act::read),
          .purpose = a_purpose_of(investigator)};
  const auto why = [&](World::Dimension d, int value) {
    World other = w;
    other.at[d] = value;
    staged.set(truth(), policy(), other);
    return name_of(decide(policy(), staged.subject, staged.object, staged.request).reason_for_ledger());
  };
  EXPECT_EQ(why(World::clearance, 3), "allowed");
  EXPECT_EQ(why(World::clearance, 1), "clearance");
  EXPECT_EQ(why(World::walls, static_cast<int>(oracle::Walls::one_missing)), "compartment");
  EXPECT_EQ(why(World::need, static_cast<int>(oracle::Need::none)), "need");
  EXPECT_EQ(why(World::aim, static_cast<int>(oracle::Aim::none)), "purpose");
  EXPECT_EQ(why(World::aim, static_cast<int>(oracle::Aim::no_reason)), "purpose_reason");
  EXPECT_EQ(why(World::conflict, static_cast<int>(oracle::Conflict::this_case)), "conflict");
  EXPECT_EQ(why(World::sign_in, static_cast<int>(SignIn::link)), "sign_in");
}

#pragma once
// The one function that says whether a person may do an act with an object (SECURITY.md 3.4).
//
//   allowed  ⇔  a role of the person permits the act on the kind, counted at the way they signed in
//            ∧  class of the object ≤ clearance  ∧  compartments of the object ⊆ those of the person
//            ∧  assigned to the case, or a valid break-glass
//            ∧  a purpose that the same role may name, for this case, not expired, with reasons where needed
//            ∧  fresh proof and second person where the act asks for them
//            ∧  nothing forbids: excluded roles, hold, embargo, conflict of interest, self-approval, a
//            lowered label
//
// Denied by default; what forbids overrides what permits; the order of lists and conditions does not matter;
// an attribute that is not known denies. Pure: no clock, no database, no allocation, below a microsecond.

#include <access/policy.h>

namespace rights {

// Walls, by number; a number is given once in the life of an office.
inline constexpr std::size_t kCompartmentsMax = 512;
struct Compartments {
  std::array<std::uint64_t, kCompartmentsMax / 64> words{};

  void add(std::size_t number) { words.at(number / 64) |= std::uint64_t{1} << number % 64; }
  bool within(const Compartments& other) const {
    std::uint64_t outside = 0;
    for (std::size_t i = 0; i < words.size(); ++i) outside |= words[i] & ~other.words[i];
    return outside == 0;
  }
  bool operator==(const Compartments&) const = default;
};

struct Label {
  Classification classification = Classification::secret;
  Compartments compartments{};
  bool operator==(const Label&) const = default;
};
// The label of what is derived from both: the higher class, all walls. A derived or new object carries the
// join of everything that was read for it.
Label join(const Label& a, const Label& b);
// True when `after` protects less than `before` in any respect.
bool lowers(const Label& before, const Label& after);

struct Assignment {  // a need to know
  std::uint64_t case_id;
  Time until;  // first second at which it no longer holds
};

struct BreakGlass {
  std::uint64_t case_id;
  Time opened;
  std::optional<Time> proved{};  // the fresh proof given for it
  bool reason_given = false;
  bool review_overdue = false;  // an earlier one of this person was not reviewed in time
};

// Zero and nothing mean "not known".
struct Subject {
  std::uint64_t person = 0;
  std::uint32_t organ = 0;
  RoleSet roles = 0;
  std::optional<Classification> clearance{};
  Compartments compartments{};
  std::span<const Assignment> assignments{};
  std::optional<std::span<const std::uint64_t>>
      conflicts{};  // cases in which they have an interest of their own
  SignIn sign_in = SignIn::none;
  std::optional<Time> stepped_up{};
  std::optional<BreakGlass> glass{};
  std::uint64_t epoch = 0;  // policy epoch at which these rights were read
};

struct Object {
  std::optional<Kind> kind{};
  std::uint64_t id = 0;
  std::uint64_t case_id = 0;
  std::uint64_t author = 0;  // who made it; needed by approve
  std::optional<Label> label{};
  std::optional<bool> held{};               // needed by acts that heed holds
  std::optional<Time> embargo_until{};      // 0: none; needed by acts that heed embargoes
  std::uint64_t fields = 0, sensitive = 0;  // by number of the field in its shape; sensitive ⊆ fields
  std::uint64_t epoch = 0;                  // policy epoch of its last change of label or rights
};

// What a second person said, as stored. It holds for one act, on one object, asked by one person, once.
struct Approval {
  std::uint64_t approver = 0, requester = 0, object = 0;
  std::uint32_t organ = 0;
  RoleSet roles = 0;  // those of the approver now
  std::optional<Kind> kind{};
  std::optional<Act> act{};
  Time at = 0;
  bool spent = true;
};

struct Purpose {
  PurposeId id;
  std::uint64_t case_id = 0;
  Time until = 0;  // first second at which it no longer holds
  bool reason_given = false;
};

struct Request {
  Act act = Act::read;
  Time now = 0;
  std::uint64_t fields = ~std::uint64_t{0};  // those asked for
  std::optional<Purpose> purpose{};
  std::span<const Approval> approvals{};
  std::uint64_t requester = 0;         // for approve: whose act is approved
  std::optional<Label> label_after{};  // for whatever writes a label
};

enum class Reason : std::uint8_t {
  allowed,
  nobody,  // the person is not known
  epoch,   // rights read before the object changed
  excluded_roles,
  unknown_kind,
  role,
  sign_in,
  purpose,
  purpose_reason,
  label,  // the object has none
  clearance,
  compartment,
  need,
  step_up,
  second_person,
  held,
  embargo,
  conflict,
  self_approval,
  lowered_label,
};
std::string_view name_of(Reason r);

struct Obligations {
  bool ledger_first = false;  // the entry is durable before the answer leaves
  bool watermark = false;
  bool notify_owner = false;
  bool notify_auditor = false;
  bool review = false;          // within Limits::glass_review
  bool spend_approval = false;  // the approval used is spent in the same transaction
  bool operator==(const Obligations&) const = default;
};

// The reason is for the ledger and must never reach the person: to them, what is denied does not exist.
class Decision {
 public:
  bool allowed = false;
  std::uint64_t fields = 0;  // visible; none when denied
  Obligations obligations{};
  std::size_t approval = 0;  // index of the one used, when obligations.spend_approval
  Reason reason_for_ledger() const { return reason_; }

 private:
  friend struct Deciding;
  Reason reason_ = Reason::role;
};

Decision decide(const Policy& policy, const Subject& subject, const Object& object, const Request& request);

#ifdef CUSTOS_PLANTS  // defects that the comparison with the oracle must find; only in builds for tests
inline constexpr int kPlants = 64;
Decision decide_with_plant(int plant, const Policy& policy, const Subject& subject, const Object& object,
                           const Request& request);
#endif

}  // namespace rights

#include <access/decide.h>

#include <algorithm>

// PLANT(n, right, wrong): a defect that is compiled in for the tests only; the comparison with the oracle of
// decide_test.cpp must tell each of them from the engine. A build without CUSTOS_PLANTS holds `right` alone.
#ifdef CUSTOS_PLANTS
#define PLANT(n, right, wrong) (M == (n) ? (wrong) : (right))
#else
#define PLANT(n, right, wrong) (right)
#endif

namespace rights {
namespace {

// True while `at` lies less than `limit` back; never for a time to come. Cannot overflow.
constexpr bool fresh(Time now, Time at, Time limit) {
  return at <= now &&
         static_cast<std::uint64_t>(now) - static_cast<std::uint64_t>(at) < static_cast<std::uint64_t>(limit);
}

constexpr bool reads_under_glass(Act a) { return a == Act::read || a == Act::search; }

bool contains(std::span<const std::uint64_t> cases, std::uint64_t id) {
  for (const std::uint64_t c : cases)
    if (c == id) return true;
  return false;
}

constexpr std::string_view kReasonNames[] = {"allowed",        "nobody",   "epoch",         "excluded_roles",
                                             "unknown_kind",   "role",     "sign_in",       "purpose",
                                             "purpose_reason", "label",    "clearance",     "compartment",
                                             "need",           "step_up",  "second_person", "held",
                                             "embargo",        "conflict", "self_approval", "lowered_label"};

}  // namespace

std::string_view name_of(Reason r) { return kReasonNames[static_cast<std::size_t>(r)]; }

Label join(const Label& a, const Label& b) {
  Label out{std::max(a.classification, b.classification), a.compartments};
  for (std::size_t i = 0; i < out.compartments.words.size(); ++i)
    out.compartments.words[i] |= b.compartments.words[i];
  return out;
}
bool lowers(const Label& before, const Label& after) {
  return after.classification < before.classification || !before.compartments.within(after.compartments);
}

struct Deciding {
  const Policy& policy;
  const Subject& who;
  const Object& what;
  const Request& ask;

  // What overrides every permission.
  template <int M>
  Reason forbidden(const ActRule& rule) const {
    if (PLANT(1, policy.excluded(PLANT(11, who.roles, who.roles & (~who.roles + 1))), false))
      return Reason::excluded_roles;
    if (!PLANT(2, who.conflicts.has_value(), true)) return Reason::conflict;
    if (PLANT(3, what.case_id != 0 && who.conflicts && contains(*who.conflicts, what.case_id), false))
      return Reason::conflict;
    if (PLANT(5, rule.heeds_hold, false) && PLANT(4, what.held.value_or(true), what.held.value_or(false)))
      return Reason::held;
    if (rule.heeds_embargo) {
      if (PLANT(6, !what.embargo_until, false)) return Reason::embargo;
      const Time until = what.embargo_until.value_or(0);
      if (PLANT(7, until > ask.now, until > ask.now + 1)) return Reason::embargo;
      if (PLANT(8, false, until >= ask.now)) return Reason::embargo;
    }
    if (ask.act == Act::approve) {
      if (PLANT(9, !what.author, false) || PLANT(12, !ask.requester, false)) return Reason::self_approval;
      if (PLANT(10, what.author == who.person, false)) return Reason::self_approval;
      if (PLANT(13, ask.requester == who.person, false)) return Reason::self_approval;
    }
    if (ask.act == Act::downgrade) {
      if (!PLANT(14, ask.label_after.has_value(), true)) return Reason::lowered_label;
    } else if (ask.label_after && what.label &&
               PLANT(15, lowers(*what.label, *ask.label_after),
                     ask.label_after->classification < what.label->classification)) {
      return Reason::lowered_label;
    }
    if (PLANT(16, false, what.held.value_or(false) && ask.act == Act::read)) return Reason::held;
    return Reason::allowed;
  }

  // A break-glass stands in for the need to know: reading only, up to CONFIDENTIAL, for an hour, never an
  // identity.
  template <int M>
  bool glass_holds(const KindRule& kind, RoleSet able) const {
    if (!who.glass || !what.label) return false;
    const BreakGlass& g = *who.glass;
    return PLANT(17, reads_under_glass(ask.act),
                 reads_under_glass(ask.act) || ask.act == Act::read_sensitive) &&
           PLANT(18, !kind.identity, true) &&
           PLANT(19, what.label->classification <= Classification::confidential, true) &&
           PLANT(20, g.case_id == what.case_id, true) &&
           fresh(ask.now, g.opened, PLANT(21, policy.limits().glass, policy.limits().glass + 1)) &&
           PLANT(22, g.proved && fresh(g.opened, *g.proved, policy.limits().step_up), true) &&
           PLANT(23, g.reason_given, true) && PLANT(24, !g.review_overdue, true) &&
           PLANT(25, who.sign_in >= SignIn::passkey, true) &&
           PLANT(26, (able & policy.may_break_glass()) != 0, true);
  }

  template <int M>
  bool assigned() const {
    for (const Assignment& a : who.assignments)
      if (PLANT(27, a.case_id == what.case_id, true) && PLANT(28, a.until > ask.now, a.until >= ask.now) &&
          PLANT(29, true, a.until > ask.now + 1))
        return true;
    return false;
  }

  template <int M>
  bool counts(const Approval& a, const ActRule& rule) const {
    return PLANT(30, !a.spent, true) && PLANT(31, a.approver != 0, true) &&
           PLANT(32, a.approver != who.person, true) && PLANT(33, a.requester == who.person, true) &&
           PLANT(34, a.object == what.id && a.object != 0, a.object == what.id) &&
           PLANT(35, a.kind == what.kind, true) && PLANT(36, a.act == ask.act, true) &&
           PLANT(37, a.approver != what.author, true) &&
           PLANT(38,
                 PLANT(39, fresh(ask.now, a.at, policy.limits().approval),
                       ask.now - a.at < policy.limits().approval),
                 a.at <= ask.now) &&
           PLANT(40, !rule.other_organ || (a.organ != 0 && who.organ != 0 && a.organ != who.organ),
                 !rule.other_organ || a.organ != who.organ) &&
           PLANT(41, !policy.excluded(a.roles), true) &&
           PLANT(42, (a.roles & policy.permitted(*what.kind, Act::approve)) != 0, true);
  }

  template <int M>
  Reason permitted(const KindRule& kind, const ActRule& rule, Decision& d) const {
    if (PLANT(43, who.sign_in < rule.sign_in, false)) return Reason::sign_in;
    RoleSet able = who.roles & policy.permitted(*what.kind, ask.act);
    if (PLANT(44, !able, false)) return Reason::role;
    able &= PLANT(45, policy.counted_at(who.sign_in), ~RoleSet{0});
    if (!able) return Reason::sign_in;

    if (!what.label) return Reason::label;
    const Label& label = *what.label;
    if (PLANT(46, kind.purpose, false)) {
      if (!ask.purpose || ask.purpose->id >= policy.purposes().size()) return Reason::purpose;
      const Purpose& p = *ask.purpose;
      // The same role permits the act and may name the purpose.
      able = PLANT(47, able, who.roles) & PLANT(48, policy.may_name(p.id), ~RoleSet{0});
      if (!able) return Reason::purpose;
      if (PLANT(49, p.until <= ask.now, p.until < ask.now)) return Reason::purpose;
      if (PLANT(50, kind.case_bound && p.case_id != what.case_id, false)) return Reason::purpose;
      if (PLANT(51, label.classification >= policy.limits().reason_from,
                label.classification > policy.limits().reason_from) &&
          !p.reason_given)
        return Reason::purpose_reason;
    }

    if (!PLANT(52, who.clearance.has_value(), true)) return Reason::clearance;
    if (PLANT(53, label.classification > who.clearance.value_or(Classification::public_),
              label.classification > Classification::public_ &&
                  label.classification >= who.clearance.value_or(Classification::public_)))
      return Reason::clearance;
    if (PLANT(54, false, label.classification < who.clearance.value_or(Classification::public_)))
      return Reason::clearance;
    if (!PLANT(55, label.compartments.within(who.compartments), who.compartments.within(label.compartments)))
      return Reason::compartment;

    if (PLANT(56, kind.case_bound, false)) {
      if (PLANT(57, what.case_id == 0, false)) return Reason::need;
      if (!assigned<M>()) {
        if (!glass_holds<M>(kind, able)) return Reason::need;
        d.obligations.notify_owner = d.obligations.notify_auditor = d.obligations.review = true;
      }
    }

    if (rule.step_up &&
        PLANT(58, !who.stepped_up || !fresh(ask.now, *who.stepped_up, policy.limits().step_up),
              !who.stepped_up || *who.stepped_up > ask.now))
      return Reason::step_up;
    if (PLANT(59, rule.second_person && label.classification >= *rule.second_person,
              rule.second_person && label.classification > *rule.second_person)) {
      for (std::size_t i = 0; i < ask.approvals.size() && !d.obligations.spend_approval; ++i)
        if (counts<M>(ask.approvals[i], rule)) d.obligations.spend_approval = true, d.approval = i;
      if (!d.obligations.spend_approval) return Reason::second_person;
    }
    return Reason::allowed;
  }

  template <int M>
  std::uint64_t visible(const KindRule& kind) const {
    const std::uint64_t asked = ask.fields & what.fields;
    switch (ask.act) {
      case Act::read_sensitive:
      case Act::reveal:
      case Act::add: return asked;
      case Act::change: {
        // Who may not read a sensitive field may not overwrite it either; the register is written blind.
        const RoleSet reads =
            who.roles & policy.permitted(*what.kind, Act::read_sensitive) & policy.counted_at(who.sign_in);
        if (kind.identity || (reads && who.sign_in >= policy.rule(Act::read_sensitive).sign_in)) return asked;
        break;
      }
      default: break;
    }
    return asked & PLANT(60, ~what.sensitive, ~std::uint64_t{0});
  }

  template <int M>
  void oblige(Decision& d, const KindRule& kind) const {
    const Act a = ask.act;
    const bool takes_out =
        a == Act::read_original || a == Act::export_ || a == Act::disclose || a == Act::reveal;
    d.obligations.watermark =
        takes_out || (kind.content && what.label->classification >= policy.limits().watermark_from);
    d.obligations.notify_owner |= PLANT(61, takes_out, false) || a == Act::erase || a == Act::downgrade;
  }

  template <int M>
  Decision decide() const {
    Decision d;
    d.obligations.ledger_first = true;
    const auto deny = [&](Reason why) {
      d.reason_ = why;
      d.fields = 0;
      d.approval = 0;
      d.obligations = {.ledger_first = true};
      return d;
    };
    if (PLANT(62, who.person == 0, false)) return deny(Reason::nobody);
    if (PLANT(63, who.epoch == 0 || who.epoch < what.epoch, who.epoch == 0)) return deny(Reason::epoch);
    if (!what.kind || *what.kind >= policy.kinds().size() || static_cast<std::size_t>(ask.act) >= kActs)
      return deny(Reason::unknown_kind);
    const KindRule& kind = policy.kinds()[*what.kind];
    const ActRule& rule = policy.rule(ask.act);
    if (const Reason r = forbidden<M>(rule); r != Reason::allowed) return deny(r);
    if (const Reason r = permitted<M>(kind, rule, d); r != Reason::allowed) return deny(r);
    d.allowed = true;
    d.reason_ = Reason::allowed;
    d.fields = visible<M>(kind);
    oblige<M>(d, kind);
    return d;
  }
};

Decision decide(const Policy& policy, const Subject& subject, const Object& object, const Request& request) {
  return Deciding{policy, subject, object, request}.decide<0>();
}

#ifdef CUSTOS_PLANTS
namespace {
template <int... M>
constexpr auto table(std::integer_sequence<int, M...>) {
  using Engine = Decision (*)(const Deciding&);
  return std::array<Engine, sizeof...(M)>{[](const Deciding& d) { return d.decide<M>(); }...};
}
}  // namespace

Decision decide_with_plant(int plant, const Policy& policy, const Subject& subject, const Object& object,
                           const Request& request) {
  static constexpr auto engines = table(std::make_integer_sequence<int, kPlants>{});
  return engines.at(static_cast<std::size_t>(plant))({policy, subject, object, request});
}
#endif

}  // namespace rights

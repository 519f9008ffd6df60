#pragma once
// For tests: what a decision must be, worked out a second time and otherwise. The rules are read from the
// text of the policy with Boost.JSON, roles are sets of names, and a situation is told in words ("the
// assignment ended this second"), never in the numbers the engine sees.

#include <access/decide.h>

#include <boost/json.hpp>

#include <map>
#include <random>
#include <set>

namespace oracle {

using rights::Act;
enum class Walls { same, none, fewer_needed, one_missing, disjoint };
enum class Need {
  assigned,
  last_second,
  later_in_list,
  ended,
  none,
  other_case,
  no_case,
  glass,
  glass_last_second,
  glass_over,
  glass_other_case,
  glass_no_reason,
  glass_overdue,
  glass_unproved,
  glass_stale_proof,
  glass_to_come
};
enum class Proof { fresh, last_second, stale, never, to_come };
enum class Aim { good, last_second, ended, other_case, no_reason, none, unknown };
enum class Second {
  good,
  later_in_list,
  none,
  spent,
  nobody,
  self,
  other_requester,
  other_object,
  other_kind,
  other_act,
  author,
  last_second,
  stale,
  to_come,
  same_organ,
  no_organ,
  excluded,
  not_entitled
};
enum class Hold { no, yes, unknown };
enum class Embargo { none, past, this_second, next_second, far, unknown };
enum class Conflict { none, this_case, other_case, unknown };
enum class Who { other, self, unknown };
enum class After { none, same, higher, lower, wall_lost };
enum class Epoch { same, older, newer, zero };

constexpr int kMissing = 4;  // of clearance and class

struct World {
  std::vector<int> roles;
  int kind = 0, act = 0, purpose = 0;
  // Beyond the first three everything is as good as can be until it is said otherwise.
  enum Dimension {
    clearance,
    classification,
    walls,
    need,
    sign_in,
    proof,
    aim,
    second,
    hold,
    embargo,
    conflict,
    author,
    requester,
    after,
    person,
    epoch,
    object,
    organ,
    fields,
    kDimensions
  };
  static constexpr int sizes[kDimensions] = {5, 5, 5, 16, 5, 5, 7, 18, 3, 6, 4, 3, 3, 5, 2, 4, 2, 2, 3};
  int at[kDimensions] = {3, 2, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  template <class T>
  T as(Dimension d) const {
    return static_cast<T>(at[d]);
  }
};

struct Answer {
  bool allowed = false;
  std::uint64_t fields = 0;
  rights::Obligations obligations{.ledger_first = true};
  bool operator==(const Answer&) const = default;
};

constexpr rights::Time kNow = 1'900'000'000;
constexpr std::uint64_t kPerson = 7, kOther = 8, kAuthor = 9, kCase = 3, kItem = 44, kFields = 0xff,
                        kSensitive = 0x81;
constexpr std::uint64_t kAsked[] = {~std::uint64_t{0}, 0x0f, 0};

class Oracle {
 public:
  explicit Oracle(std::string_view text) {
    root_ = boost::json::parse({text.data(), text.size()}).as_object();
    for (const auto& r : part("roles")) roles.push_back(r.key());
    for (const auto& k : part("kinds")) kinds.push_back(k.key());
    for (const auto& p : part("purposes")) purposes.push_back(p.key());
    const auto& forbidden = root_.at("forbidden").as_array();
    for (std::size_t a = 0; a < roles.size(); ++a) {
      const std::set<std::string> mine = closure(roles[a]);
      for (const std::string& r : mine) {
        const auto& rule = part("roles").at(r).as_object();
        for (const auto& [kind, acts] : rule.at("may").as_object())
          for (const auto& act : acts.as_array())
            may.insert({static_cast<int>(a), index(kinds, kind), act_index(act.as_string())});
        for (const auto& p : rule.at("purposes").as_array())
          names.insert({static_cast<int>(a), index(purposes, p.as_string())});
      }
      level.push_back(sign_in(part("roles").at(roles[a]).as_object().at("sign_in")));
      glass.push_back(part("roles").at(roles[a]).as_object().at("break_glass").as_bool());
      for (std::size_t b = 0; b < roles.size(); ++b) {
        const std::set<std::string> theirs = closure(roles[b]);
        for (const auto& f : forbidden)
          if ((meets(f.at("roles"), mine) && meets(f.at("with"), theirs)) ||
              (meets(f.at("roles"), theirs) && meets(f.at("with"), mine)))
            forbidden_pairs.insert({static_cast<int>(a), static_cast<int>(b)});
      }
    }
    for (const std::string& k : kinds) kind_rules.push_back(part("kinds").at(k).as_object());
    for (std::size_t a = 0; a < rights::kActs; ++a)
      act_rules.push_back(part("acts").at(std::string(rights::name_of(static_cast<Act>(a)))).as_object());
    const std::string from(root_.at("limits").at("reason_from").as_string());
    reason_from = static_cast<int>(*rights::classification_named(from));
    for (const auto& k : kind_rules)
      flags.push_back({k.at("content").as_bool(), k.at("case_bound").as_bool(), k.at("purpose").as_bool(),
                       k.at("identity").as_bool()});
    for (const auto& a : act_rules) {
      const auto& s = a.at("second_person");
      conditions.push_back(
          {sign_in(a.at("sign_in")), a.at("step_up").as_bool(),
           s.is_null() ? 9 : static_cast<int>(*rights::classification_named(std::string(s.as_string()))),
           a.at("other_organ").as_bool(), a.at("heeds_hold").as_bool(), a.at("heeds_embargo").as_bool()});
    }
    for (int k = 0; k < static_cast<int>(kinds.size()); ++k) {
      int entitled = -1, not_entitled = -1;
      for (int r = 0; r < static_cast<int>(roles.size()); ++r)
        (permits(r, k, Act::approve) ? entitled : not_entitled) = r;
      approver.push_back(entitled);
      bystander.push_back(not_entitled);
    }
  }

  bool permits(int role, int kind, Act act) const {
    return may.contains({role, kind, static_cast<int>(act)});
  }
  bool forbidden_together(const std::vector<int>& set) const {
    for (const int a : set)
      for (const int b : set)
        if (forbidden_pairs.contains({a, b})) return true;
    return false;
  }

  Answer ask(const World& w) const {
    using D = World::Dimension;
    Answer no;
    const auto& flag = flags[static_cast<std::size_t>(w.kind)];
    const auto& rule = conditions[static_cast<std::size_t>(w.act)];
    const Act act = static_cast<Act>(w.act);
    const Need need = w.as<Need>(D::need);
    const int cls = w.at[D::classification], in = w.at[D::sign_in];

    // What forbids.
    if (w.at[D::person] || w.as<Epoch>(D::epoch) == Epoch::older || w.as<Epoch>(D::epoch) == Epoch::zero)
      return no;
    if (forbidden_together(w.roles)) return no;
    const Conflict conflict = w.as<Conflict>(D::conflict);
    if (conflict == Conflict::unknown || (conflict == Conflict::this_case && need != Need::no_case))
      return no;
    if (rule.hold && w.as<Hold>(D::hold) != Hold::no) return no;
    const Embargo e = w.as<Embargo>(D::embargo);
    if (rule.embargo && (e == Embargo::next_second || e == Embargo::far || e == Embargo::unknown)) return no;
    if (act == Act::approve && (w.at[D::author] || w.at[D::requester])) return no;
    const After after = w.as<After>(D::after);
    if (cls == kMissing) return no;
    if (act == Act::downgrade ? after == After::none
                              : (after == After::lower && cls > 0) ||
                                    (after == After::wall_lost && w.as<Walls>(D::walls) != Walls::none))
      return no;

    // What permits: some role must carry all that is asked of a role.
    if (in < rule.sign_in || w.at[D::clearance] == kMissing || cls > w.at[D::clearance]) return no;
    if (w.as<Walls>(D::walls) == Walls::one_missing || w.as<Walls>(D::walls) == Walls::disjoint) return no;
    const bool assigned = need == Need::assigned || need == Need::last_second || need == Need::later_in_list;
    const bool by_glass = flag.case_bound && !assigned;
    const bool glass_good = (need == Need::glass || need == Need::glass_last_second) &&
                            (act == Act::read || act == Act::search) && cls <= 2 && in >= 3 && !flag.identity;
    if (by_glass && !glass_good) return no;
    const Aim aim = w.as<Aim>(D::aim);
    bool some = false;
    for (const int r : w.roles)
      some |= permits(r, w.kind, act) && level[static_cast<std::size_t>(r)] <= in &&
              (!flag.purpose || names.contains({r, w.purpose})) &&
              (!by_glass || glass[static_cast<std::size_t>(r)]);
    if (!some) return no;
    if (flag.purpose) {
      if (aim == Aim::none || aim == Aim::unknown || aim == Aim::ended) return no;
      if (flag.case_bound && aim == Aim::other_case) return no;
      if (cls >= reason_from && aim == Aim::no_reason) return no;
    }
    const Proof proof = w.as<Proof>(D::proof);
    if (rule.step_up && proof != Proof::fresh && proof != Proof::last_second) return no;
    const bool needs_second = cls >= rule.second_from;
    if (needs_second) {
      const Second s = w.as<Second>(D::second);
      const bool good = s == Second::good || s == Second::last_second || s == Second::later_in_list ||
                        (!rule.other_organ && (s == Second::same_organ || s == Second::no_organ));
      if (!good || w.at[D::object] || (rule.other_organ && w.at[D::organ]) ||
          approver[static_cast<std::size_t>(w.kind)] < 0)
        return no;
    }

    Answer yes{true, kAsked[w.at[D::fields]] & kFields, {.ledger_first = true}};
    bool sensitive = act == Act::read_sensitive || act == Act::reveal || act == Act::add ||
                     (act == Act::change && flag.identity);
    if (act == Act::change)
      for (const int r : w.roles)
        sensitive |= permits(r, w.kind, Act::read_sensitive) && level[static_cast<std::size_t>(r)] <= in &&
                     in >= conditions[static_cast<std::size_t>(Act::read_sensitive)].sign_in;
    if (!sensitive) yes.fields &= ~kSensitive;
    const bool out =
        act == Act::read_original || act == Act::export_ || act == Act::disclose || act == Act::reveal;
    yes.obligations.watermark = out || (flag.content && cls >= 2);
    yes.obligations.notify_owner = out || act == Act::erase || act == Act::downgrade || by_glass;
    yes.obligations.notify_auditor = yes.obligations.review = by_glass;
    yes.obligations.spend_approval = needs_second;
    return yes;
  }

  struct Flags {
    bool content, case_bound, purpose, identity;
  };
  struct Conditions {
    int sign_in;
    bool step_up;
    int second_from;
    bool other_organ, hold, embargo;
  };
  std::vector<std::string> roles, kinds, purposes;
  std::set<std::array<int, 3>> may;  // role, kind, act
  std::set<std::pair<int, int>> names, forbidden_pairs;
  std::vector<int> level, approver, bystander;
  std::vector<bool> glass;
  std::vector<Flags> flags;
  std::vector<Conditions> conditions;
  int reason_from = 0;

 private:
  static int sign_in(const boost::json::value& v) {
    const std::string name(v.as_string());
    return name == "password" ? 2 : name == "passkey" ? 3 : 4;
  }
  static bool meets(const boost::json::value& list, const std::set<std::string>& set) {
    for (const auto& v : list.as_array())
      if (set.contains(std::string(v.as_string()))) return true;
    return false;
  }
  const boost::json::object& part(const char* name) const { return root_.at(name).as_object(); }
  std::set<std::string> closure(const std::string& role) const {
    std::set<std::string> all{role};
    for (const auto& v : part("roles").at(role).at("includes").as_array())
      all.merge(closure(std::string(v.as_string())));
    return all;
  }
  static int index(const std::vector<std::string>& in, std::string_view name) {
    return static_cast<int>(std::find(in.begin(), in.end(), name) - in.begin());
  }
  static int act_index(std::string_view name) { return static_cast<int>(*rights::act_named(name)); }

  boost::json::object root_;
  std::vector<boost::json::object> kind_rules, act_rules;
};

// The same world in the terms of the engine. Lends what it holds.
struct Staged {
  rights::Subject subject;
  rights::Object object;
  rights::Request request;
  std::array<rights::Assignment, 2> assignments{};
  std::array<rights::Approval, 2> approvals{};
  std::array<std::uint64_t, 1> conflicts{};

  Staged() = default;
  Staged(const Staged&) = delete;

  void set(const Oracle& o, const rights::Policy& policy, const World& w) {
    using D = World::Dimension;
    using rights::Classification;
    const rights::Limits& l = policy.limits();
    subject = {};
    object = {};
    request = {};
    const auto bit = [](int role) { return rights::RoleSet{1} << role; };
    subject.person = w.at[D::person] ? 0 : kPerson;
    subject.organ = w.at[D::organ] ? 0 : 1;
    for (const int r : w.roles) subject.roles |= bit(r);
    if (w.at[D::clearance] != kMissing) subject.clearance = static_cast<Classification>(w.at[D::clearance]);
    subject.sign_in = static_cast<rights::SignIn>(w.at[D::sign_in]);

    object.kind = static_cast<rights::Kind>(w.kind);
    object.id = w.at[D::object] ? 0 : kItem;
    object.author = w.at[D::author] == 0 ? kAuthor : w.at[D::author] == 1 ? kPerson : 0;
    object.fields = kFields;
    object.sensitive = kSensitive;
    rights::Label label;
    const Walls walls = w.as<Walls>(D::walls);
    if (walls != Walls::none) label.compartments.add(200), label.compartments.add(3);
    if (walls == Walls::disjoint)
      subject.compartments.add(4);
    else if (walls == Walls::one_missing)
      subject.compartments.add(200);
    else
      subject.compartments.add(200), subject.compartments.add(3);
    if (walls == Walls::fewer_needed) subject.compartments.add(511);
    label.classification = static_cast<Classification>(w.at[D::classification] % 4);
    if (w.at[D::classification] != kMissing) object.label = label;

    const Need need = w.as<Need>(D::need);
    object.case_id = need == Need::no_case ? 0 : kCase;
    rights::Time until = kNow + 1000;
    if (need == Need::last_second) until = kNow + 1;
    if (need == Need::ended) until = kNow;
    assignments = {rights::Assignment{99, kNow + 1000}, rights::Assignment{object.case_id, until}};
    if (need == Need::assigned || need == Need::last_second || need == Need::ended || need == Need::no_case)
      std::swap(assignments[0], assignments[1]);
    subject.assignments = std::span(assignments).first(need == Need::later_in_list ? 2 : 1);
    if (need == Need::none) subject.assignments = {};
    if (need >= Need::glass) {
      subject.assignments = {};
      rights::BreakGlass g{.case_id = kCase, .opened = kNow - 60, .proved = kNow - 61, .reason_given = true};
      if (need == Need::glass_last_second) g.opened = kNow - l.glass + 1, g.proved = g.opened - l.step_up + 1;
      if (need == Need::glass_over) g.opened = kNow - l.glass, g.proved = g.opened;
      if (need == Need::glass_other_case) g.case_id = kCase + 1;
      if (need == Need::glass_no_reason) g.reason_given = false;
      if (need == Need::glass_overdue) g.review_overdue = true;
      if (need == Need::glass_unproved) g.proved.reset();
      if (need == Need::glass_stale_proof) g.proved = g.opened - l.step_up;
      if (need == Need::glass_to_come) g.opened = kNow + 1, g.proved = kNow + 1;
      subject.glass = g;
    }

    const Proof proof = w.as<Proof>(D::proof);
    if (proof != Proof::never)
      subject.stepped_up = proof == Proof::fresh         ? kNow
                           : proof == Proof::last_second ? kNow - l.step_up + 1
                           : proof == Proof::stale       ? kNow - l.step_up
                                                         : kNow + 1;
    const Aim aim = w.as<Aim>(D::aim);
    if (aim != Aim::none)
      request.purpose =
          rights::Purpose{.id = static_cast<rights::PurposeId>(aim == Aim::unknown ? 255 : w.purpose),
                          .case_id = aim == Aim::other_case ? kCase + 1 : object.case_id,
                          .until = aim == Aim::last_second ? kNow + 1
                                   : aim == Aim::ended     ? kNow
                                                           : kNow + 100,
                          .reason_given = aim != Aim::no_reason};

    approve(o, l, w);
    if (const Hold h = w.as<Hold>(D::hold); h != Hold::unknown) object.held = h == Hold::yes;
    if (const Embargo e = w.as<Embargo>(D::embargo); e != Embargo::unknown)
      object.embargo_until = e == Embargo::none          ? 0
                             : e == Embargo::past        ? kNow - 5
                             : e == Embargo::this_second ? kNow
                             : e == Embargo::next_second ? kNow + 1
                                                         : kNow + 9999;
    conflicts = {w.as<Conflict>(D::conflict) == Conflict::other_case ? kCase + 1 : kCase};
    const Conflict conflict = w.as<Conflict>(D::conflict);
    if (conflict != Conflict::unknown)
      subject.conflicts = std::span<const std::uint64_t>(conflicts).first(conflict == Conflict::none ? 0 : 1);
    request.requester = w.at[D::requester] == 0 ? kOther : w.at[D::requester] == 1 ? kPerson : 0;

    const After after = w.as<After>(D::after);
    if (after != After::none) {
      rights::Label to = label;
      if (after == After::higher) to.classification = Classification::secret, to.compartments.add(77);
      if (after == After::lower && to.classification > Classification::public_)
        to.classification = static_cast<Classification>(static_cast<int>(to.classification) - 1);
      if (after == After::wall_lost) to.compartments = {};
      request.label_after = to;
    }
    const Epoch epoch = w.as<Epoch>(D::epoch);
    subject.epoch = epoch == Epoch::zero ? 0 : 10;
    object.epoch = epoch == Epoch::same ? 10 : epoch == Epoch::older ? 11 : epoch == Epoch::newer ? 9 : 0;
    request.act = static_cast<Act>(w.act);
    request.now = kNow;
    request.fields = kAsked[w.at[D::fields]];
  }

  void approve(const Oracle& o, const rights::Limits& l, const World& w) {
    const auto bit = [](int role) { return role < 0 ? 0 : rights::RoleSet{1} << role; };
    const auto kind = static_cast<std::size_t>(w.kind);
    const Second s = w.as<Second>(World::second);
    rights::Approval good{.approver = kOther,
                          .requester = kPerson,
                          .object = object.id,
                          .organ = 2,
                          .roles = bit(o.approver[kind]),
                          .kind = object.kind,
                          .act = static_cast<Act>(w.act),
                          .at = kNow - 10,
                          .spent = false};
    rights::Approval a = good;
    switch (s) {
      case Second::spent: a.spent = true; break;
      case Second::nobody: a.approver = 0; break;
      case Second::self: a.approver = kPerson; break;
      case Second::other_requester: a.requester = kOther; break;
      case Second::other_object: a.object = object.id + 1; break;
      case Second::other_kind:
        a.kind = static_cast<rights::Kind>((w.kind + 1) % static_cast<int>(o.kinds.size()));
        break;
      case Second::other_act: a.act = static_cast<Act>((w.act + 1) % static_cast<int>(rights::kActs)); break;
      case Second::author: a.approver = object.author ? object.author : kPerson; break;
      case Second::last_second: a.at = kNow - l.approval + 1; break;
      case Second::stale: a.at = kNow - l.approval; break;
      case Second::to_come: a.at = kNow + 1; break;
      case Second::same_organ: a.organ = 1; break;
      case Second::no_organ: a.organ = 0; break;
      case Second::excluded:
        for (int r = 0; r < static_cast<int>(o.roles.size()); ++r)
          if (o.forbidden_pairs.contains({o.approver[kind], r})) a.roles = bit(o.approver[kind]) | bit(r);
        break;
      case Second::not_entitled: a.roles = bit(o.bystander[kind]); break;
      default: break;
    }
    approvals = {a, good};
    if (s == Second::later_in_list) approvals[0].spent = true;
    request.approvals = std::span<const rights::Approval>(approvals).first(s == Second::none            ? 0
                                                                           : s == Second::later_in_list ? 2
                                                                                                        : 1);
  }
};

}  // namespace oracle

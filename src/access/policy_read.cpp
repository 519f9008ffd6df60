#include "json_tree.h"

#include <access/policy.h>

#include <algorithm>
#include <functional>

namespace rights {
namespace {

using base::Done;
using base::Error;
using base::Refusal;
using base::Status;

// What no file may loosen. `alone`: one person must be able to, so that the file may not ask for a second
// one.
struct Law {
  Act act;
  SignIn sign_in = SignIn::password;
  bool step_up = false, second_person = false, other_organ = false, hold = false, embargo = false,
       alone = false;
  std::optional<Classification> second_from = {};
};
constexpr Law kLaw[] = {
    {.act = Act::read_original, .sign_in = SignIn::passkey},
    {.act = Act::approve, .sign_in = SignIn::passkey, .step_up = true},
    {.act = Act::export_,
     .sign_in = SignIn::passkey,
     .step_up = true,
     .embargo = true,
     .second_from = Classification::secret},
    {.act = Act::disclose,
     .sign_in = SignIn::passkey,
     .step_up = true,
     .second_person = true,
     .embargo = true},
    {.act = Act::lift_hold, .sign_in = SignIn::passkey, .step_up = true, .second_person = true},
    {.act = Act::erase,
     .sign_in = SignIn::passkey,
     .step_up = true,
     .second_person = true,
     .other_organ = true,
     .hold = true},
    {.act = Act::downgrade, .sign_in = SignIn::passkey, .step_up = true, .second_person = true},
    {.act = Act::reveal,
     .sign_in = SignIn::hardware,
     .step_up = true,
     .second_person = true,
     .other_organ = true},
    {.act = Act::grant, .sign_in = SignIn::passkey, .step_up = true, .second_person = true},
    {.act = Act::change_policy, .sign_in = SignIn::passkey, .step_up = true, .second_person = true},
    {.act = Act::unseal, .sign_in = SignIn::passkey, .step_up = true, .second_person = true},
    {.act = Act::rotate, .sign_in = SignIn::passkey, .step_up = true, .second_person = true},
    {.act = Act::erase_backup,
     .sign_in = SignIn::passkey,
     .step_up = true,
     .second_person = true,
     .other_organ = true},
    {.act = Act::seal, .alone = true},
    {.act = Act::revoke, .alone = true},
};

Error wrong(const std::string& where, std::string what) {
  return {Refusal::invalid, where + ": " + std::move(what)};
}

// Exactly these members, in any order; `where` is the path of the object.
Status members(const Node& n, const std::string& where, std::initializer_list<std::string_view> names) {
  if (n.is != Node::Is::object) return wrong(where, "must be an object");
  for (const auto& [key, value] : n.members)
    if (std::find(names.begin(), names.end(), key) == names.end())
      return wrong(where + "." + key, "is not known; remove it");
  for (const std::string_view name : names)
    if (!n.find(name)) return wrong(where + "." + std::string(name), "is missing; add it");
  return Done{};
}
base::Result<std::string> text(const Node& n, const std::string& where) {
  if (n.is != Node::Is::string || n.text.empty()) return wrong(where, "must be a text");
  return n.text;
}
base::Result<bool> yes(const Node& n, const std::string& where) {
  if (n.is != Node::Is::boolean) return wrong(where, "must be true or false");
  return n.number != 0;
}
base::Result<Words> words(const Node& n, const std::string& where) {
  TRY(members(n, where, {"en", "fr"}));
  Words w;
  w.en = TRY(text(*n.find("en"), where + ".en"));
  w.fr = TRY(text(*n.find("fr"), where + ".fr"));
  return w;
}
base::Result<std::vector<std::string>> list(const Node& n, const std::string& where) {
  if (n.is != Node::Is::array) return wrong(where, "must be a list of names");
  std::vector<std::string> out;
  for (const auto& [none, v] : n.members) {
    std::string name = TRY(text(v, where));
    if (std::find(out.begin(), out.end(), name) != out.end())
      return wrong(where, "names \"" + name + "\" twice; keep one");
    out.push_back(std::move(name));
  }
  return out;
}
Status proper_name(const std::string& name, const std::string& where) {
  const bool good = !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!good) return wrong(where, "a name is made of a-z, 0-9 and _, 40 at most");
  return Done{};
}

}  // namespace

class PolicyReader {
 public:
  explicit PolicyReader(Policy& p) : p_(p) {}
  Status read(const Node& root) {
    TRY(members(
        root, "policy",
        {"source", "version", "limits", "kinds", "purposes", "organs", "acts", "roles", "forbidden"}));
    p_.source_ = TRY(text(*root.find("source"), "source"));
    p_.version_ = TRY(text(*root.find("version"), "version"));
    TRY(limits(*root.find("limits")));
    TRY(kinds(*root.find("kinds")));
    TRY(purposes(*root.find("purposes")));
    TRY(organs(*root.find("organs")));
    TRY(acts(*root.find("acts")));
    TRY(roles(*root.find("roles")));
    TRY(includes());
    TRY(forbidden(*root.find("forbidden")));
    return law();
  }

 private:
  Status limits(const Node& n) {
    Limits& l = p_.limits_;
    struct Number {
      std::string_view name;
      std::int64_t least, most;
      std::function<void(std::int64_t)> set;
    };
    // The bounds are those of SECURITY.md 3.2 to 3.6: an office may be stricter.
    const Number numbers[] = {
        {"idle_minutes", 1, 15, [&](auto v) { l.idle = v * 60; }},
        {"absolute_hours", 1, 10, [&](auto v) { l.absolute = v * 3600; }},
        {"rotate_minutes", 5, 600, [&](auto v) { l.rotate = v * 60; }},
        {"step_up_minutes", 1, 5, [&](auto v) { l.step_up = v * 60; }},
        {"link_minutes", 1, 60, [&](auto v) { l.link = v * 60; }},
        {"sessions_at_once", 1, 4, [&](auto v) { l.sessions_at_once = static_cast<int>(v); }},
        {"approval_minutes", 1, 24 * 60, [&](auto v) { l.approval = v * 60; }},
        {"glass_minutes", 1, 60, [&](auto v) { l.glass = v * 60; }},
        {"glass_review_hours", 1, 72, [&](auto v) { l.glass_review = v * 3600; }},
        {"opening_minutes", 1, 15, [&](auto v) { l.opening = v * 60; }},
        {"openings_a_day", 1, 20, [&](auto v) { l.openings_a_day = static_cast<int>(v); }},
        {"recovery_cooling_hours", 24, 24 * 30, [&](auto v) { l.recovery_cooling = v * 3600; }},
        {"password_memory_mib", 12, 1024, [&](auto v) { l.password_memory_mib = static_cast<int>(v); }},
        {"password_passes", 3, 10, [&](auto v) { l.password_passes = static_cast<int>(v); }},
        {"password_characters_min", 12, 64, [&](auto v) { l.password_characters_min = static_cast<int>(v); }},
        {"password_hashes_at_once", 1, 64, [&](auto v) { l.password_hashes_at_once = static_cast<int>(v); }},
        {"throttle_first_seconds", 1, 10, [&](auto v) { l.throttle_first = v; }},
        {"throttle_last_seconds", 10, 60, [&](auto v) { l.throttle_last = v; }},
        {"throttle_forgets_minutes", 5, 24 * 60, [&](auto v) { l.throttle_forgets = v * 60; }},
        {"challenge_minutes", 1, 10, [&](auto v) { l.challenge = v * 60; }},
        {"source_free_tries", 1, 100, [&](auto v) { l.source_free_tries = v; }},
        {"reason_characters_min", 1, 200, [&](auto v) { l.reason_characters_min = static_cast<int>(v); }},
        {"upload_gigabytes_max", 1, 100'000,
         [&](auto v) { l.upload_bytes_max = static_cast<std::uint64_t>(v) * 1'000'000'000; }},
        {"upload_files_max", 1, 10'000'000,
         [&](auto v) { l.upload_files_max = static_cast<std::uint64_t>(v); }},
    };
    if (n.is != Node::Is::object) return wrong("limits", "must be an object");
    for (const auto& [key, v] : n.members) {
      const std::string where = "limits." + key;
      if (key == "reason_from" || key == "watermark_from" || key == "case_class") {
        const auto c = classification_named(v.text);
        if (!c) return wrong(where, "must be PUBLIC, INTERNAL, CONFIDENTIAL or SECRET");
        if (*c > Classification::confidential) return wrong(where, "must be CONFIDENTIAL or lower");
        (key == "reason_from"      ? l.reason_from
         : key == "watermark_from" ? l.watermark_from
                                   : l.case_class) = *c;
        continue;
      }
      const auto* number = std::find_if(std::begin(numbers), std::end(numbers),
                                        [&k = key](const Number& x) { return x.name == k; });
      if (number == std::end(numbers)) return wrong(where, "is not known; remove it");
      if (v.is != Node::Is::integer || v.number < number->least || v.number > number->most)
        return wrong(where, "must be a whole number from " + std::to_string(number->least) + " to " +
                                std::to_string(number->most));
      number->set(v.number);
    }
    for (const Number& x : numbers)
      if (!n.find(x.name)) return wrong("limits." + std::string(x.name), "is missing; add it");
    for (const char* name : {"reason_from", "watermark_from", "case_class"})
      if (!n.find(name)) return wrong("limits." + std::string(name), "is missing; add it");
    return Done{};
  }

  Status kinds(const Node& n) {
    if (n.is != Node::Is::object || n.members.empty() || n.members.size() > kKindsMax)
      return wrong("kinds", "must be an object of 1 to 32 kinds");
    for (const auto& [name, v] : n.members) {
      const std::string where = "kinds." + name;
      TRY(proper_name(name, where));
      TRY(members(v, where, {"label", "content", "case_bound", "purpose", "identity"}));
      KindRule k{.name = name};
      k.label = TRY(words(*v.find("label"), where + ".label"));
      k.content = TRY(yes(*v.find("content"), where + ".content"));
      k.case_bound = TRY(yes(*v.find("case_bound"), where + ".case_bound"));
      k.purpose = TRY(yes(*v.find("purpose"), where + ".purpose"));
      k.identity = TRY(yes(*v.find("identity"), where + ".identity"));
      if (k.content && !k.purpose)
        return wrong(where + ".purpose", "content needs a purpose; set it to true");
      if (k.identity && !(k.content && k.case_bound))
        return wrong(where, "identities are content and bound to a case; set both to true");
      p_.kinds_.push_back(std::move(k));
    }
    return Done{};
  }

  Status purposes(const Node& n) {
    if (n.is != Node::Is::object || n.members.size() > kPurposesMax)
      return wrong("purposes", "must be an object of at most 64 purposes");
    for (const auto& [name, v] : n.members) {
      TRY(proper_name(name, "purposes." + name));
      Words label = TRY(words(v, "purposes." + name));
      p_.purposes_.push_back({name, std::move(label)});
    }
    return Done{};
  }

  Status organs(const Node& n) {
    if (n.is != Node::Is::object || n.members.empty() || n.members.size() > 16)
      return wrong("organs", "must be an object of 1 to 16 organs");
    for (const auto& [name, v] : n.members) {
      TRY(proper_name(name, "organs." + name));
      Words label = TRY(words(v, "organs." + name));
      p_.organs_.push_back({name, std::move(label)});
    }
    return Done{};
  }

  Status acts(const Node& n) {
    if (n.is != Node::Is::object) return wrong("acts", "must be an object");
    for (const auto& [name, v] : n.members)
      if (!act_named(name)) return wrong("acts." + name, "no act has this name; remove it");
    for (std::size_t i = 0; i < kActs; ++i) {
      const std::string name(name_of(static_cast<Act>(i))), where = "acts." + name;
      const Node* v = n.find(name);
      if (!v) return wrong(where, "is missing; add it");
      TRY(members(
          *v, where,
          {"label", "sign_in", "step_up", "second_person", "other_organ", "heeds_hold", "heeds_embargo"}));
      ActRule& r = p_.acts_[i];
      r.label = TRY(words(*v->find("label"), where + ".label"));
      r.sign_in = TRY(sign_in(*v->find("sign_in"), where + ".sign_in"));
      r.step_up = TRY(yes(*v->find("step_up"), where + ".step_up"));
      r.other_organ = TRY(yes(*v->find("other_organ"), where + ".other_organ"));
      r.heeds_hold = TRY(yes(*v->find("heeds_hold"), where + ".heeds_hold"));
      r.heeds_embargo = TRY(yes(*v->find("heeds_embargo"), where + ".heeds_embargo"));
      if (const Node& s = *v->find("second_person"); s.is != Node::Is::null) {
        r.second_person = classification_named(s.text);
        if (!r.second_person)
          return wrong(where + ".second_person",
                       "must be null or the class from which a second person is needed");
      }
      if (r.other_organ && !r.second_person)
        return wrong(where + ".other_organ", "needs second_person; set it or take this out");
    }
    return Done{};
  }

  base::Result<SignIn> sign_in(const Node& n, const std::string& where) {
    const auto s = sign_in_named(n.text);
    if (!s || *s < SignIn::password) return wrong(where, "must be \"password\", \"passkey\" or \"hardware\"");
    return *s;
  }

  Status roles(const Node& n) {
    if (n.is != Node::Is::object || n.members.empty() || n.members.size() > kRolesMax)
      return wrong("roles", "must be an object of 1 to 64 roles");
    for (const auto& [name, v] : n.members) {
      const std::string where = "roles." + name;
      const RoleSet bit = RoleSet{1} << p_.roles_.size();
      TRY(proper_name(name, where));
      TRY(members(
          v, where,
          {"label", "description", "sign_in", "administers", "break_glass", "includes", "purposes", "may"}));
      RoleRule r{.name = name};
      r.label = TRY(words(*v.find("label"), where + ".label"));
      r.description = TRY(words(*v.find("description"), where + ".description"));
      r.sign_in = TRY(sign_in(*v.find("sign_in"), where + ".sign_in"));
      r.administers = TRY(yes(*v.find("administers"), where + ".administers"));
      r.break_glass = TRY(yes(*v.find("break_glass"), where + ".break_glass"));
      r.includes = TRY(list(*v.find("includes"), where + ".includes"));
      for (const std::string& purpose : TRY(list(*v.find("purposes"), where + ".purposes"))) {
        const auto id = p_.purpose(purpose);
        if (!id) return wrong(where + ".purposes", "no purpose has the name \"" + purpose + "\"");
        r.purposes |= std::uint64_t{1} << *id;
      }
      const Node& may = *v.find("may");
      if (may.is != Node::Is::object) return wrong(where + ".may", "must be an object of kinds");
      for (const auto& [kind, names] : may.members) {
        const std::string at = where + ".may." + kind;
        const auto k = p_.kind(kind);
        if (!k) return wrong(at, "no kind has this name");
        for (const std::string& act : TRY(list(names, at))) {
          const auto a = act_named(act);
          if (!a) return wrong(at, "no act has the name \"" + act + "\"");
          p_.permitted_[*k][static_cast<std::size_t>(*a)] |= bit;
        }
      }
      p_.all_roles_ |= bit;
      p_.roles_.push_back(std::move(r));
    }
    return Done{};
  }

  // Closes `includes` over itself; whoever includes a role has its acts, purposes and break-glass.
  Status includes() {
    const std::size_t n = p_.roles_.size();
    below_.resize(n);
    for (std::size_t i = 0; i < n; ++i)
      for (const std::string& name : p_.roles_[i].includes) {
        const auto bit = p_.role(name);
        if (!bit)
          return wrong("roles." + p_.roles_[i].name + ".includes", "no role has the name \"" + name + "\"");
        below_[i] |= *bit;
      }
    for (std::size_t through = 0; through < n; ++through)
      for (std::size_t i = 0; i < n; ++i)
        if (below_[i] >> through & 1) below_[i] |= below_[through];
    for (std::size_t i = 0; i < n; ++i)
      if (below_[i] >> i & 1)
        return wrong("roles." + p_.roles_[i].name + ".includes",
                     "the role includes itself; break the circle");
    std::vector<std::uint64_t> purposes(n);
    for (std::size_t i = 0; i < n; ++i) {
      const RoleSet bit = RoleSet{1} << i;
      for (auto& kind : p_.permitted_)
        for (RoleSet& who : kind)
          if (who & below_[i]) who |= bit;
      purposes[i] = p_.roles_[i].purposes;
      for (std::size_t j = 0; j < n; ++j)
        if (below_[i] >> j & 1) purposes[i] |= p_.roles_[j].purposes;
    }
    for (std::size_t i = 0; i < n; ++i) {
      RoleRule& r = p_.roles_[i];
      const RoleSet bit = RoleSet{1} << i;
      r.purposes = purposes[i];
      for (std::size_t k = 0; k < kPurposesMax; ++k)
        if (r.purposes >> k & 1) p_.may_name_[k] |= bit;
      for (std::size_t s = 0; s < p_.counted_at_.size(); ++s)
        if (static_cast<std::size_t>(r.sign_in) <= s) p_.counted_at_[s] |= bit;
      if (r.break_glass) p_.break_glass_ |= bit;
      for (std::size_t j = 0; j < n; ++j)
        if ((below_[i] >> j & 1) && p_.roles_[j].sign_in > r.sign_in)
          return wrong("roles." + r.name + ".sign_in",
                       "is weaker than that of the included " + p_.roles_[j].name);
    }
    return Done{};
  }

  base::Result<RoleSet> role_list(const Node& n, const std::string& where) {
    RoleSet set = 0;
    for (const std::string& name : TRY(list(n, where))) {
      const auto bit = p_.role(name);
      if (!bit) return wrong(where, "no role has the name \"" + name + "\"");
      set |= *bit;
    }
    if (!set) return wrong(where, "names no role");
    return set;
  }

  // With a role, whoever includes it is excluded too: else a larger role would be the way around.
  RoleSet above(RoleSet set) const {
    RoleSet all = set;
    for (std::size_t i = 0; i < below_.size(); ++i)
      if (below_[i] & set) all |= RoleSet{1} << i;
    return all;
  }

  Status forbidden(const Node& n) {
    if (n.is != Node::Is::array) return wrong("forbidden", "must be a list");
    for (std::size_t i = 0; i < n.members.size(); ++i) {
      const Node& v = n.members[i].second;
      const std::string where = "forbidden[" + std::to_string(i) + "]";
      TRY(members(v, where, {"roles", "with", "why"}));
      const RoleSet a = TRY(role_list(*v.find("roles"), where + ".roles"));
      const RoleSet b = TRY(role_list(*v.find("with"), where + ".with"));
      if (a & b) return wrong(where, "a role stands on both sides; take it out of one");
      for (const auto& e : p_.exclusions_)
        if ((e.a == a && e.b == b) || (e.a == b && e.b == a)) return wrong(where, "stands twice; keep one");
      Words why = TRY(words(*v.find("why"), where + ".why"));
      p_.exclusions_.push_back({a, b, std::move(why)});
      const RoleSet all_a = above(a), all_b = above(b);
      for (std::size_t r = 0; r < p_.roles_.size(); ++r) {
        if (all_a >> r & 1) p_.roles_excludes_[r] |= all_b;
        if (all_b >> r & 1) p_.roles_excludes_[r] |= all_a;
      }
    }
    for (std::size_t r = 0; r < p_.roles_.size(); ++r) {
      p_.roles_[r].excludes = p_.roles_excludes_[r];
      if ((p_.roles_excludes_[r] >> r & 1) || (p_.roles_excludes_[r] & below_[r]))
        return wrong("roles." + p_.roles_[r].name + ".includes",
                     "brings together roles that are forbidden together");
    }
    return Done{};
  }

  Status law() {
    for (const Law& l : kLaw) {
      const ActRule& r = p_.rule(l.act);
      const std::string where = "acts." + std::string(name_of(l.act));
      if (r.sign_in < l.sign_in)
        return wrong(where + ".sign_in", "must be at least \"" + std::string(name_of(l.sign_in)) + "\"");
      if (l.step_up && !r.step_up) return wrong(where + ".step_up", "must be true");
      if (l.second_person && r.second_person != Classification::public_)
        return wrong(where + ".second_person", "must be \"PUBLIC\": one person never does this alone");
      if (l.second_from && (!r.second_person || *r.second_person > *l.second_from))
        return wrong(where + ".second_person", "must be SECRET or lower");
      if (l.other_organ && !r.other_organ) return wrong(where + ".other_organ", "must be true");
      if (l.hold && !r.heeds_hold) return wrong(where + ".heeds_hold", "must be true");
      if (l.embargo && !r.heeds_embargo) return wrong(where + ".heeds_embargo", "must be true");
      if (l.alone && r.second_person)
        return wrong(where + ".second_person", "must be null: one person must be able to do this");
    }
    for (std::size_t k = 0; k < p_.kinds_.size(); ++k)
      for (std::size_t a = 0; a < kActs; ++a) TRY(lawful(k, static_cast<Act>(a)));
    if (const auto all = sees_everything(p_)) {
      std::string names;
      for (std::size_t r = 0; r < p_.roles_.size(); ++r)
        if (*all >> r & 1) names += (names.empty() ? "" : ", ") + p_.roles_[r].name;
      return wrong("forbidden",
                   "one person could see everything with " + names + "; forbid two of them together");
    }
    return Done{};
  }

  Status lawful(std::size_t k, Act a) {
    const KindRule& kind = p_.kinds_[k];
    const RoleSet who = p_.permitted(static_cast<Kind>(k), a);
    if (who && p_.rule(a).second_person && !p_.permitted(static_cast<Kind>(k), Act::approve))
      return wrong("kinds." + kind.name,
                   "\"" + std::string(name_of(a)) +
                       "\" needs a second person and no role may approve; permit it to one");
    for (std::size_t r = 0; r < p_.roles_.size(); ++r) {
      if (!(who >> r & 1)) continue;
      const std::string where = "roles." + p_.roles_[r].name + ".may." + kind.name;
      if (kind.content && p_.roles_[r].administers)
        return wrong(where, "an administrator has nothing to do with content; take it out");
      if (a == Act::reveal && !kind.identity) return wrong(where, "only identities are revealed");
      const bool of_register =
          a == Act::reveal || a == Act::add || a == Act::change || a == Act::approve || a == Act::erase;
      if (kind.identity && !of_register)
        return wrong(where, "\"" + std::string(name_of(a)) + "\" would open identities outside the protocol");
    }
    return Done{};
  }

  Policy& p_;
  std::vector<RoleSet> below_;  // by role: those it includes, at any depth
};

base::Result<Policy> Policy::parse(std::string_view json) {
  const Node root = TRY(read_tree(json, {}));
  Policy p;
  TRY(PolicyReader(p).read(root));
  p.digest_ = base::sha256(json);
  return p;
}

}  // namespace rights

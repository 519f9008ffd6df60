#pragma once
// Who may do what, as data: an office edits data/access/policy.json, this reads it and compiles it to bit
// sets.
//
// The file can only be stricter than the law of the house, never looser: what needs a second person always
// needs one, an administrator never sees content, no set of roles that one person may hold sees every kind of
// content (SECURITY.md 3.4; NIST SP 800-53 AC-3(2), AC-5, AC-6). A file that breaks it is refused whole, and
// the refusal says what, where, and what to do. Times are seconds since 1970 UTC and always passed in.

#include <base/crypto.h>
#include <base/result.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rights {

using Time = std::int64_t;

// What can be done. The meaning is fixed here; who may, and under which conditions, is data.
enum class Act : std::uint8_t {
  search,          // be found in lists, counts, facets, suggestions
  read,            // the fields that are not marked sensitive
  read_sensitive,  // all fields asked for
  read_original,   // the bytes as they were received
  add,
  change,
  annotate,
  approve,   // be the second person of somebody else's act
  assign,    // give a person a need to know
  transfer,  // custody
  export_,   // "export": out of the house
  disclose,  // to another party to the proceedings
  hold,
  lift_hold,
  erase,
  upgrade,
  downgrade,
  reveal,  // an identity, by the protocol of opening.h
  verify,
  grant,   // a role, a clearance, a compartment
  revoke,  // one person can
  change_policy,
  seal,  // one person can
  unseal,
  rotate,
  operate,  // start, stop, look at the health of the machine
  erase_backup,
  review,
};
inline constexpr std::size_t kActs = 28;
std::string_view name_of(Act a);
std::optional<Act> act_named(std::string_view name);

enum class Classification : std::uint8_t { public_, internal, confidential, secret };
std::string_view name_of(Classification c);  // "PUBLIC"
std::optional<Classification> classification_named(std::string_view name);

// How a person proved who they are, weakest first. A link only lets a person enrol; "hardware" is a passkey
// on an authenticator of the allow-list that cannot be copied.
enum class SignIn : std::uint8_t { none, link, password, passkey, hardware };
std::string_view name_of(SignIn s);
std::optional<SignIn> sign_in_named(std::string_view name);

using RoleSet = std::uint64_t;   // bit i is Policy::roles()[i]
using Kind = std::uint8_t;       // index in Policy::kinds()
using PurposeId = std::uint8_t;  // index in Policy::purposes()
inline constexpr std::size_t kRolesMax = 64, kKindsMax = 32, kPurposesMax = 64;

struct Words {  // a text for people, in both languages of the house
  std::string en, fr;
};

struct KindRule {
  std::string name;
  Words label;
  bool content = false;     // evidence, casework, people: what an administrator never sees
  bool case_bound = false;  // needs a case and a need to know it
  bool purpose = false;     // needs a purpose
  bool identity = false;    // the register: only by reveal
};

struct OrganRule {  // its number is its place in the list, from 1: 0 is no organ
  std::string name;
  Words label;
};

struct PurposeRule {
  std::string name;
  Words label;
};

struct ActRule {
  Words label;
  SignIn sign_in = SignIn::password;            // at least
  bool step_up = false;                         // a fresh proof
  std::optional<Classification> second_person;  // from this class on; PUBLIC is always
  bool other_organ = false;                     // the second person is of another organ
  bool heeds_hold = false, heeds_embargo = false;
};

struct RoleRule {
  std::string name;
  Words label, description;
  SignIn sign_in = SignIn::password;  // a person signed in by less does not have the role
  bool administers = false, break_glass = false;
  std::vector<std::string> includes;
  RoleSet excludes = 0;  // roles that its holder may not have
  std::uint64_t purposes = 0;
};

// What an office may set; seconds unless the name says otherwise.
struct Limits {
  Time idle = 15 * 60, absolute = 10 * 3600, rotate = 3600, step_up = 5 * 60, link = 15 * 60;
  int sessions_at_once = 2;
  Time approval = 15 * 60;
  Time glass = 60 * 60, glass_review = 72 * 3600;
  Time opening = 15 * 60;
  int openings_a_day = 5;
  Time recovery_cooling = 24 * 3600;
  int password_memory_mib = 64, password_passes = 3, password_characters_min = 12,
      password_hashes_at_once = 8;
  Time throttle_first = 1, throttle_last = 60, throttle_forgets = 15 * 60;
  Time challenge = 5 * 60;              // for a passkey, a new password or the directory to answer
  std::int64_t source_free_tries = 20;  // failures of one address before it waits: it may be a whole office
  int reason_characters_min = 8;
  std::uint64_t upload_bytes_max = 2'000'000'000'000, upload_files_max = 1'000'000;  // of one upload
  Classification case_class = Classification::internal;       // of a case that nobody has labelled
  Classification reason_from = Classification::confidential;  // a purpose needs words of its own from here on
  Classification watermark_from = Classification::confidential;
};

class Policy {
 public:
  // Refuses: invalid (unknown or missing members, unknown names, anything twice, a cycle of includes, a rule
  // looser than the law), exhausted. The message begins with the place: "roles.analyst.may.item: ...".
  static base::Result<Policy> parse(std::string_view json);

  const std::string& source() const { return source_; }
  const std::string& version() const { return version_; }
  const base::Digest& digest() const { return digest_; }  // of the text; in every entry of the ledger
  const Limits& limits() const { return limits_; }
  std::span<const KindRule> kinds() const { return kinds_; }
  std::span<const PurposeRule> purposes() const { return purposes_; }
  std::span<const OrganRule> organs() const { return organs_; }
  std::span<const RoleRule> roles() const { return roles_; }
  const ActRule& rule(Act a) const { return acts_[static_cast<std::size_t>(a)]; }

  std::optional<Kind> kind(std::string_view name) const;
  std::optional<PurposeId> purpose(std::string_view name) const;
  std::optional<RoleSet> role(std::string_view name) const;  // one bit

  // The roles that permit the act on the kind. The kind must be one of kinds().
  RoleSet permitted(Kind k, Act a) const { return permitted_[k][static_cast<std::size_t>(a)]; }
  RoleSet may_name(PurposeId p) const { return may_name_[p]; }
  RoleSet counted_at(SignIn s) const { return counted_at_[static_cast<std::size_t>(s)]; }
  RoleSet may_break_glass() const { return break_glass_; }
  // True when one person may not hold these roles together, or when one of them is unknown.
  bool excluded(RoleSet roles) const {
    if (roles & ~all_roles_) return true;
    for (RoleSet left = roles; left; left &= left - 1)
      if (roles_excludes_[static_cast<std::size_t>(__builtin_ctzll(left))] & roles) return true;
    return false;
  }
  // Why two roles may not meet in one person; for the screen that grants them.
  const Words* why_excluded(RoleSet a, RoleSet b) const;

 private:
  friend class PolicyReader;
  struct Exclusion {
    RoleSet a, b;
    Words why;
  };
  std::string source_, version_;
  base::Digest digest_{};
  Limits limits_;
  std::vector<KindRule> kinds_;
  std::vector<PurposeRule> purposes_;
  std::vector<OrganRule> organs_;
  std::vector<RoleRule> roles_;
  std::vector<Exclusion> exclusions_;
  std::array<ActRule, kActs> acts_{};
  std::array<std::array<RoleSet, kActs>, kKindsMax> permitted_{};
  std::array<RoleSet, kPurposesMax> may_name_{};
  std::array<RoleSet, 5> counted_at_{};
  std::array<RoleSet, kRolesMax> roles_excludes_{};
  RoleSet break_glass_ = 0, all_roles_ = 0;
};

// The roles that show something of the kind: search, read, originals, exports, disclosure, reveal.
RoleSet sees(const Policy& policy, Kind kind);
// A set of roles that one person may hold and that sees every kind of content; none in a policy that was
// read.
std::optional<RoleSet> sees_everything(const Policy& policy);

// The data inside the program: data/access/policy.json and data/access/common_passwords.txt.
std::string_view shipped_policy();
std::string_view shipped_common_passwords();

}  // namespace rights

#include "json_tree.h"

#include <access/opening.h>
#include <access/person_code.h>
#include <base/bytes.h>
#include <base/json.h>

#include <algorithm>

namespace rights {
namespace {

using base::Error;
using base::Refusal;

constexpr std::uint64_t kNumbersMax = std::uint64_t{1} << 53;  // RFC 8785 writes no larger ones
constexpr Time kSkew = 60, kDay = 24 * 3600;
constexpr std::string_view kReasons[] = {"good",   "request", "time",       "replay",    "quota", "order",
                                         "person", "organ",   "credential", "assertion", "policy"};

// The fields asked, by their places in the register; nothing when one is not there.
std::optional<std::uint64_t> bits_of(const OpeningRules& rules, const std::vector<std::string>& fields) {
  CHECK(rules.register_fields.size() <= 64);
  std::uint64_t bits = 0;
  for (const std::string& f : fields) {
    const auto at = std::find(rules.register_fields.begin(), rules.register_fields.end(), f);
    if (at == rules.register_fields.end()) return {};
    bits |= std::uint64_t{1} << (at - rules.register_fields.begin());
  }
  return bits;
}

bool well_formed(const OpeningRequest& r) {
  return is_person_code(r.code) && !r.fields.empty() && std::is_sorted(r.fields.begin(), r.fields.end()) &&
         std::adjacent_find(r.fields.begin(), r.fields.end()) == r.fields.end() && r.nonce.size() == 32 &&
         r.reader_key.size() == 32 && r.reader_key != std::string(32, '\0') && r.case_id && r.requester &&
         r.case_id < kNumbersMax && r.requester < kNumbersMax;
}

bool in_time(const OpeningRules& rules, const OpeningRequest& r, Time now) {
  return r.asked >= 0 && r.asked <= now + kSkew && now < r.expires && r.expires > r.asked &&
         r.expires - r.asked <= rules.policy.limits().opening;
}

bool spent(const OpeningBook& book, const OpeningRequest& r) {
  return std::any_of(book.entries.begin(), book.entries.end(),
                     [&](const auto& e) { return e.nonce == r.nonce; });
}

// A permit that lies in the future, because a clock was set back, counts as one of today.
bool quota_reached(const OpeningRules& rules, const OpeningBook& book, const OpeningRequest& r, Time now) {
  const auto of_the_day = std::count_if(book.entries.begin(), book.entries.end(), [&](const auto& e) {
    return e.requester == r.requester && e.at > now - kDay;
  });
  return of_the_day >= rules.policy.limits().openings_a_day;
}

OpeningReason standing(const OpeningRules& rules, const OpeningBook& book, const OpeningRequest& r,
                       Time now) {
  if (!well_formed(r) || !bits_of(rules, r.fields) || !rules.policy.purpose(r.purpose))
    return OpeningReason::request;
  if (!in_time(rules, r, now)) return OpeningReason::time;
  if (spent(book, r)) return OpeningReason::replay;
  if (quota_reached(rules, book, r, now)) return OpeningReason::quota;
  return OpeningReason::good;
}

// The person as they stand after their passkey was checked: that alone is their sign-in and their fresh
// proof.
Subject proved(const OpeningRules& rules, const OpeningParty& p, Time now) {
  Subject s = p.subject;
  s.sign_in = strength_of(p.credential, rules.hardware);
  s.stepped_up = now;
  return s;
}

}  // namespace

std::string_view name_of(OpeningReason r) { return kReasons[static_cast<std::size_t>(r)]; }
std::string_view opening_refused() {
  return "The identity is not opened. Ask the identity officer on duty how to go on.";
}

std::string canonical(const OpeningRequest& r) {
  std::string out;
  base::JsonWriter w(out);
  w.object()
      .member("asked", r.asked)
      .member("case", r.case_id)
      .member("code", r.code)
      .member("expires", r.expires);
  w.key("fields").array();
  for (const std::string& f : r.fields) w.value(f);
  w.end_array();
  w.member("nonce", base::hex(r.nonce))
      .member("purpose", r.purpose)
      .member("reader_key", base::hex(r.reader_key));
  w.member("requester", r.requester).member("version", 1).end_object();
  return out;
}

base::Result<OpeningRequest> read_opening_request(std::string_view text) {
  const Error wrong{Refusal::invalid, "this is no request for an opening in its one spelling; ask anew"};
  const Node tree = TRY(read_tree(text, {.bytes_max = 16 * 1024, .nodes_max = 128, .depth_max = 3}));
  OpeningRequest r;
  const auto number = [&](const char* name) {
    const Node* n = tree.find(name);
    return n && n->is == Node::Is::integer ? n->number : -1;
  };
  const auto string = [&](const char* name) {
    const Node* n = tree.find(name);
    return n && n->is == Node::Is::string ? n->text : std::string();
  };
  r.asked = number("asked");
  r.expires = number("expires");
  r.case_id = static_cast<std::uint64_t>(number("case"));
  r.requester = static_cast<std::uint64_t>(number("requester"));
  r.code = string("code");
  r.purpose = string("purpose");
  if (const Node* fields = tree.find("fields"))
    for (const auto& [none, f] : fields->members) r.fields.push_back(f.text);
  const auto nonce = base::unhex(string("nonce")), key = base::unhex(string("reader_key"));
  if (!nonce || !key) return wrong;
  r.nonce = *nonce;
  r.reader_key = *key;
  if (!well_formed(r) || canonical(r) != text) return wrong;
  return r;
}

std::string challenge_of(const OpeningRequest& r) {
  return std::string(base::view(base::sha256(canonical(r))));
}

OpeningAnswer ask_opening(const OpeningRules& rules, const OpeningBook& book, const OpeningRequest& r,
                          const OpeningParty& requester, Time now) {
  OpeningAnswer a;
  a.reason_for_ledger = standing(rules, book, r, now);
  if (a.reason_for_ledger != OpeningReason::good) return a;
  if (!requester.subject.person || r.requester != requester.subject.person) {
    a.reason_for_ledger = OpeningReason::person;
    return a;
  }
  a.next = Opening{.request = r};
  return a;
}

OpeningAnswer sign_opening(const OpeningRules& rules, const Opening& opening, const OpeningParty& requester,
                           const Assertion& assertion, Time now) {
  OpeningAnswer a;
  const OpeningRequest& r = opening.request;
  const auto refuse = [&](OpeningReason why) { return a.reason_for_ledger = why, a; };
  if (opening.stage != OpeningStage::asked) return refuse(OpeningReason::order);
  if (!in_time(rules, r, now)) return refuse(OpeningReason::time);
  if (!requester.subject.person || r.requester != requester.subject.person)
    return refuse(OpeningReason::person);
  const auto used = verify_assertion(rules.self, challenge_of(r), requester.credential, assertion);
  if (!used.ok()) return refuse(OpeningReason::assertion);
  a.credential = *used;
  if (strength_of(*used, rules.hardware) != SignIn::hardware) return refuse(OpeningReason::credential);
  a.next = opening;
  a.next->stage = OpeningStage::signed_;
  a.next->organ = requester.subject.organ;
  a.next->credential_id = used->id;
  a.next->assertion = assertion;
  return refuse(OpeningReason::good);
}

PermitAnswer approve_opening(const OpeningRules& rules, const OpeningBook& book, const Opening& opening,
                             const OpeningParty& requester, const OpeningParty& approver,
                             const std::optional<Object>& object, const Assertion& assertion, Time now) {
  PermitAnswer a{.book = book};
  const OpeningRequest& r = opening.request;
  const auto refuse = [&](OpeningReason why) { return a.reason_for_ledger = why, a; };
  if (opening.stage != OpeningStage::signed_) return refuse(OpeningReason::order);
  if (const auto why = standing(rules, book, r, now); why != OpeningReason::good) return refuse(why);
  const std::uint64_t second = approver.subject.person;
  if (requester.subject.person != r.requester || !second || second == r.requester)
    return refuse(OpeningReason::person);
  if (!opening.organ || !approver.subject.organ || approver.subject.organ == opening.organ ||
      approver.subject.organ == requester.subject.organ)
    return refuse(OpeningReason::organ);
  if (approver.credential.id == opening.credential_id || requester.credential.id != opening.credential_id ||
      approver.credential.public_key == requester.credential.public_key)
    return refuse(OpeningReason::credential);
  const auto used = verify_assertion(rules.self, challenge_of(r), approver.credential, assertion);
  if (!used.ok()) return refuse(OpeningReason::assertion);
  a.credential = *used;
  if (strength_of(*used, rules.hardware) != SignIn::hardware) return refuse(OpeningReason::credential);

  // Both stand before the same function as everybody, with their rights of this moment.
  if (!object || !object->kind || *object->kind >= rules.policy.kinds().size() ||
      !rules.policy.kinds()[*object->kind].identity || object->case_id != r.case_id)
    return refuse(OpeningReason::request);
  const Subject first = proved(rules, requester, now), other = proved(rules, approver, now);
  const Purpose purpose{*rules.policy.purpose(r.purpose), r.case_id, r.expires, true};
  const Decision agreed =
      decide(rules.policy, other, *object,
             {.act = Act::approve, .now = now, .purpose = purpose, .requester = r.requester});
  a.decision = agreed.reason_for_ledger();
  if (!agreed.allowed) return refuse(OpeningReason::policy);
  const Approval approval{.approver = second,
                          .requester = r.requester,
                          .object = object->id,
                          .organ = other.organ,
                          .roles = other.roles,
                          .kind = object->kind,
                          .act = Act::reveal,
                          .at = now,
                          .spent = false};
  const std::uint64_t asked = *bits_of(rules, r.fields);
  const Decision d = decide(
      rules.policy, first, *object,
      {.act = Act::reveal, .now = now, .fields = asked, .purpose = purpose, .approvals = {&approval, 1}});
  a.decision = d.reason_for_ledger();
  if (!d.allowed) return refuse(OpeningReason::policy);
  if (d.fields != asked) return refuse(OpeningReason::request);

  a.book.entries.push_back({r.nonce, r.requester, now});
  a.permit = Permit{r.code,    r.fields,    r.reader_key, r.expires, canonical(r), opening.assertion,
                    assertion, r.requester, second};
  return refuse(OpeningReason::good);
}

}  // namespace rights

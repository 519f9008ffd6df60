#include "authenticator.h"
#include "testing.h"

#include <access/opening.h>
#include <access/person_code.h>

#include <gtest/gtest.h>

#include <functional>

using namespace rights;
using authenticator::Authenticator;

namespace {

constexpr std::uint64_t kOfficer = 11, kApprover = 22, kCase = 3;

struct Vault {
  Policy policy = Policy::parse(shipped_policy()).value();
  RelyingParty self{"custos.example", {"https://custos.example"}};
  std::vector<std::string> hardware{std::string(16, 'm')};
  std::vector<std::string> fields{"contacts", "name", "relatives"};
  OpeningRules rules{policy, self, hardware, fields};
  OpeningBook book;
  Authenticator officer_key{-8}, approver_key{-7};
  Assignment assigned{kCase, kNow + 100 * 24 * 3600};
  OpeningParty officer = party(kOfficer, 1, "identity_officer", officer_key);
  OpeningParty approver = party(kApprover, 2, "identity_approver", approver_key);
  Object object{.kind = policy.kind("identity"),
                .id = 77,
                .case_id = kCase,
                .author = 5,
                .label = Label{Classification::secret, {}},
                .held = false,
                .embargo_until = 0,
                .fields = 7,
                .sensitive = 7,
                .epoch = 1};

  OpeningParty party(std::uint64_t person, std::uint32_t organ, const char* role, const Authenticator& key) {
    return {{.person = person,
             .organ = organ,
             .roles = *policy.role(role),
             .clearance = Classification::secret,
             .assignments = {&assigned, 1},
             .conflicts = std::span<const std::uint64_t>{},
             .epoch = 1},
            key.credential()};
  }
  OpeningRequest request() const {
    return {.code = make_person_code([](std::size_t n) { return base::random_bytes(n); }),
            .fields = {"contacts", "name"},
            .purpose = "protection",
            .case_id = kCase,
            .requester = kOfficer,
            .asked = kNow,
            .expires = kNow + 900,
            .nonce = base::random_bytes(32),
            .reader_key = std::string(32, 'x')};
  }
  std::optional<Opening> signed_opening(const OpeningRequest& r, Time now = kNow) {
    const auto asked = ask_opening(rules, book, r, officer, now);
    if (!asked.next) return {};
    const auto s = sign_opening(rules, *asked.next, officer, officer_key.assertion(challenge_of(r)), now);
    if (s.credential) officer.credential = *s.credential;
    return s.next;
  }
  PermitAnswer approve(const Opening& o, Time now = kNow) {
    PermitAnswer p = approve_opening(rules, book, o, officer, approver, object,
                                     approver_key.assertion(challenge_of(o.request)), now);
    if (p.credential) approver.credential = *p.credential;
    book = p.book;
    return p;
  }
  // The whole way, with something made otherwise before the second signature.
  std::string_view reason(const std::function<void(Vault&, Opening&)>& otherwise = {}) {
    auto o = signed_opening(request());
    if (!o) return "not signed";
    if (otherwise) otherwise(*this, *o);
    return name_of(approve(*o).reason_for_ledger);
  }
};

std::string_view reason(const std::function<void(Vault&, Opening&)>& otherwise) {
  return Vault().reason(otherwise);
}

}  // namespace

TEST(Opening, by_two_people_of_two_organs_gives_the_fields_asked_and_no_others) {
  Vault v;
  const OpeningRequest r = v.request();
  const PermitAnswer p = v.approve(*v.signed_opening(r));
  ASSERT_TRUE(p.permit) << name_of(p.reason_for_ledger) << " " << name_of(p.decision);
  EXPECT_EQ(p.permit->fields, (std::vector<std::string>{"contacts", "name"}));
  EXPECT_EQ(p.permit->code, r.code);
  EXPECT_EQ(p.permit->reader_key, r.reader_key);
  EXPECT_EQ(p.permit->until, r.expires);
  EXPECT_EQ(p.permit->request, canonical(r));
  EXPECT_EQ(p.permit->requester, kOfficer);
  EXPECT_EQ(p.permit->approver, kApprover);
  EXPECT_EQ(p.book.entries.size(), 1u);
}

TEST(Opening, is_asked_for_in_one_spelling) {
  Vault v;
  const OpeningRequest r = v.request();
  const std::string text = canonical(r);
  EXPECT_EQ(read_opening_request(text).value(), r);
  EXPECT_TRUE(text.starts_with("{\"asked\":1900000000,\"case\":3,\"code\":\"W-")) << text;
  int taken = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = static_cast<char>(other[i] ^ 1);
    const auto read = read_opening_request(other);
    EXPECT_FALSE(read.ok() && challenge_of(*read) == challenge_of(r)) << "another request, another challenge";
    other = text;
    other.insert(i, 1, ' ');
    const auto spaced = read_opening_request(other);
    taken += spaced.ok() && challenge_of(*spaced) == challenge_of(r);
    taken += read_opening_request(text.substr(0, i)).ok();
  }
  EXPECT_EQ(taken, 0);
}

TEST(Opening, that_is_malformed_is_not_begun) {
  const std::pair<std::function<void(OpeningRequest&)>, const char*> bad[] = {
      {[](auto& r) { r.fields = {}; }, "request"},
      {[](auto& r) {
         r.fields = {"name", "contacts"};
       },
       "request"},
      {[](auto& r) {
         r.fields = {"name", "name"};
       },
       "request"},
      {[](auto& r) {
         r.fields = {"name", "shoe size"};
       },
       "request"},
      {[](auto& r) { r.code = "W-00000000001"; }, "request"},
      {[](auto& r) { r.purpose = "curiosity"; }, "request"},
      {[](auto& r) { r.nonce = "short"; }, "request"},
      {[](auto& r) { r.reader_key = std::string(32, '\0'); }, "request"},
      {[](auto& r) { r.case_id = 0; }, "request"},
      {[](auto& r) { r.expires = kNow + 901; }, "time"},
      {[](auto& r) { r.expires = kNow; }, "time"},
      {[](auto& r) { r.asked = kNow + 61, r.expires = kNow + 900; }, "time"},
      {[](auto& r) { r.asked = kNow - 10'000; }, "time"},
      {[](auto& r) { r.requester = kApprover; }, "person"},
  };
  for (const auto& [spoil, why] : bad) {
    Vault v;
    OpeningRequest r = v.request();
    spoil(r);
    const auto a = ask_opening(v.rules, v.book, r, v.officer, kNow);
    EXPECT_FALSE(a.next);
    EXPECT_EQ(name_of(a.reason_for_ledger), why);
  }
}

TEST(Opening, approved_by_the_requester_in_any_guise_is_refused) {
  EXPECT_EQ(reason({}), "good");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.approver.subject.person = kOfficer; }), "person");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.approver.subject.person = 0; }), "person");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.approver.credential = v.officer.credential; }), "credential");
  EXPECT_EQ(
      reason([](Vault& v, Opening&) { v.approver.credential.public_key = v.officer.credential.public_key; }),
      "credential");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.officer.subject.person = 99; }), "person");
}

TEST(Opening, approved_from_the_same_or_an_unknown_organ_is_refused) {
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.approver.subject.organ = 1; }), "organ");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.approver.subject.organ = 0; }), "organ");
  EXPECT_EQ(reason([](Vault&, Opening& o) { o.organ = 0; }), "organ");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.officer.subject.organ = 2; }), "organ")
      << "moved since they signed";
}

TEST(Opening, by_people_without_the_right_is_refused) {
  const auto role = [](const char* name) {
    return [name](Vault& v, Opening&) { v.approver.subject.roles = *v.policy.role(name); };
  };
  for (const char* name : {"identity_officer", "prosecutor", "auditor", "system_administrator",
                           "protection_officer", "vws_liaison"})
    EXPECT_EQ(reason(role(name)), "policy") << name;
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.officer.subject.roles = *v.policy.role("investigator"); }),
            "policy");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.officer.subject.clearance = Classification::confidential; }),
            "policy");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.officer.subject.assignments = {}; }), "policy");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.approver.subject.assignments = {}; }), "policy");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.object.epoch = 2; }), "policy") << "rights withdrawn meanwhile";
  EXPECT_EQ(reason([](Vault& v, Opening&) {
              static const std::uint64_t own[] = {kCase};
              v.approver.subject.conflicts = own;
            }),
            "policy");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.object.kind = v.policy.kind("item"); }), "request");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.object.case_id = 4; }), "request");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.object.fields = 1; }), "request")
      << "a field the entry has not";
}

TEST(Opening, with_a_passkey_that_can_be_copied_is_refused) {
  EXPECT_EQ(reason([](Vault& v, Opening&) {
              v.approver_key.flags |= 8;
              v.approver.credential.backup_eligible = true;
            }),
            "credential");
  EXPECT_EQ(reason([](Vault& v, Opening&) { v.approver.credential.aaguid = std::string(16, 'o'); }),
            "credential");
  Vault v;
  v.officer.credential.aaguid = std::string(16, 'o');
  EXPECT_FALSE(v.signed_opening(v.request()));
}

TEST(Opening, signed_over_another_request_is_refused) {
  Vault v;
  const OpeningRequest seen = v.request();
  OpeningRequest meant = seen;
  meant.fields = {"name", "relatives"};
  const auto o = v.signed_opening(meant);
  const auto p = approve_opening(v.rules, v.book, *o, v.officer, v.approver, v.object,
                                 v.approver_key.assertion(challenge_of(seen)), kNow);
  EXPECT_EQ(name_of(p.reason_for_ledger), "assertion");
  EXPECT_FALSE(p.permit);
  const auto asked = ask_opening(v.rules, v.book, meant, v.officer, kNow);
  EXPECT_EQ(
      name_of(sign_opening(v.rules, *asked.next, v.officer, v.officer_key.assertion(challenge_of(seen)), kNow)
                  .reason_for_ledger),
      "assertion");
}

TEST(Opening, is_permitted_once) {
  Vault v;
  const auto o = v.signed_opening(v.request());
  ASSERT_TRUE(v.approve(*o).permit);
  EXPECT_EQ(name_of(v.approve(*o).reason_for_ledger), "replay");
  EXPECT_EQ(name_of(ask_opening(v.rules, v.book, o->request, v.officer, kNow).reason_for_ledger), "replay");
  // The same signature again, for an opening whose nonce is new, does not hold either.
  OpeningRequest other = o->request;
  other.nonce = base::random_bytes(32);
  const auto again = sign_opening(v.rules, Opening{.request = other}, v.officer, o->assertion, kNow);
  EXPECT_EQ(name_of(again.reason_for_ledger), "assertion");
}

TEST(Opening, takes_its_steps_in_their_turn) {
  Vault v;
  const OpeningRequest r = v.request();
  const auto asked = ask_opening(v.rules, v.book, r, v.officer, kNow);
  EXPECT_EQ(name_of(v.approve(*asked.next).reason_for_ledger), "order");
  const auto o = v.signed_opening(r);
  EXPECT_EQ(name_of(sign_opening(v.rules, *o, v.officer, v.officer_key.assertion(challenge_of(r)), kNow)
                        .reason_for_ledger),
            "order");
}

TEST(Opening, does_not_hold_after_a_quarter_of_an_hour) {
  Vault v;
  const auto o = v.signed_opening(v.request());
  EXPECT_EQ(name_of(v.approve(*o, kNow + 900).reason_for_ledger), "time");
  EXPECT_EQ(name_of(v.approve(*o, kNow - 61).reason_for_ledger), "time") << "a clock that was set back";
  EXPECT_EQ(name_of(v.approve(*o, kNow + 899).reason_for_ledger), "good");
}

TEST(Opening, is_permitted_five_times_a_day_to_one_person) {
  Vault v;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(v.reason(), "good");
  EXPECT_EQ(v.reason(), "not signed");
  EXPECT_EQ(name_of(ask_opening(v.rules, v.book, v.request(), v.officer, kNow).reason_for_ledger), "quota");
  // Neither by asking five at once and approving them later, nor by setting the clock back.
  Vault w;
  std::vector<Opening> many;
  for (int i = 0; i < 7; ++i) many.push_back(*w.signed_opening(w.request()));
  int permits = 0;
  for (const Opening& o : many) permits += w.approve(o).permit.has_value();
  EXPECT_EQ(permits, 5);
  OpeningRequest earlier = w.request();
  earlier.asked = kNow - 3 * 24 * 3600, earlier.expires = earlier.asked + 900;
  EXPECT_EQ(name_of(ask_opening(w.rules, w.book, earlier, w.officer, earlier.asked).reason_for_ledger),
            "quota");
  OpeningRequest tomorrow = w.request();
  tomorrow.asked = kNow + 24 * 3600, tomorrow.expires = tomorrow.asked + 900;
  EXPECT_EQ(name_of(ask_opening(w.rules, w.book, tomorrow, w.officer, tomorrow.asked).reason_for_ledger),
            "good");
}

TEST(Opening, of_a_code_that_does_not_exist_is_refused_like_any_other) {
  Vault v;
  const auto o = v.signed_opening(v.request());
  const auto p = approve_opening(v.rules, v.book, *o, v.officer, v.approver, {},
                                 v.approver_key.assertion(challenge_of(o->request)), kNow);
  EXPECT_FALSE(p.permit);
  EXPECT_FALSE(opening_refused().empty());
}

// One person with two authenticators and any roles, doing any six steps in any order, never gets a permit.
TEST(Opening, is_out_of_reach_of_one_person) {
  Vault v;
  const char* roles[] = {"identity_officer", "identity_approver", "prosecutor", "system_administrator"};
  std::size_t tried = 0, permits = 0;
  for (unsigned mask = 1; mask < 16; ++mask)
    for (const std::uint32_t organ : {1u, 2u}) {
      Vault w;
      RoleSet held = 0;
      for (unsigned i = 0; i < 4; ++i)
        if (mask >> i & 1) held |= *w.policy.role(roles[i]);
      OpeningParty one = w.officer, two = w.approver;  // two accounts' worth of keys, one person
      for (OpeningParty* p : {&one, &two}) p->subject.person = kOfficer, p->subject.roles = held;
      two.subject.organ = organ;
      const OpeningRequest r = w.request();
      std::vector<Opening> openings;
      if (const auto a = ask_opening(w.rules, w.book, r, one, kNow); a.next) openings.push_back(*a.next);
      for (int step = 0; step < 5; ++step) {
        std::vector<Opening> next;
        for (const Opening& o : openings)
          for (auto [p, key] : {std::pair{&one, &w.officer_key}, std::pair{&two, &w.approver_key}}) {
            ++tried;
            if (const auto s = sign_opening(w.rules, o, *p, key->assertion(challenge_of(r)), kNow); s.next)
              next.push_back(*s.next);
            for (auto [q, other] : {std::pair{&one, &w.officer_key}, std::pair{&two, &w.approver_key}})
              permits += approve_opening(w.rules, w.book, o, *p, *q, w.object,
                                         other->assertion(challenge_of(r)), kNow)
                             .permit.has_value();
          }
        openings.insert(openings.end(), next.begin(), next.end());
        if (openings.size() > 12) openings.resize(12);
      }
    }
  EXPECT_GT(tried, 100u);
  EXPECT_EQ(permits, 0u);
}

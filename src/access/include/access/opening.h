#pragma once
// How an identity is opened: never by one person (SECURITY.md 3.6; Rome Statute art. 68, ICC RPE rule 87).
// The identity vault runs this itself and trusts nothing the main platform says about signatures.
//
//   ask       a request R names code, fields, purpose, case, requester and the key that the answer is sealed
//   to sign      the requester signs SHA-256 of R's canonical bytes with their passkey approve   a second
//   person, of another organ, sees the same R and signs the same bytes permit    once, for those fields only;
//   the entry of the ledger is durable before anything is opened
//
// Pure: the caller keeps the book and the stages, writes the ledger, and passes the time. A refusal tells the
// person one sentence, whatever the reason; the reason is for the ledger.

#include <access/decide.h>
#include <access/webauthn.h>

namespace rights {

struct OpeningRequest {
  std::string code;                 // a person code, in its one spelling
  std::vector<std::string> fields;  // sorted, none twice, at least one
  std::string purpose;              // by its name in the policy
  std::uint64_t case_id = 0, requester = 0;
  Time asked = 0, expires = 0;  // at most Limits::opening apart
  std::string nonce;            // 32 random bytes
  std::string reader_key;       // X25519, 32 bytes: only the requester's browser can read the answer
  bool operator==(const OpeningRequest&) const = default;
};
// One line of JSON with sorted members and no spaces (RFC 8785): what both people sign, and what they are
// shown.
std::string canonical(const OpeningRequest& request);
// Takes the canonical spelling only. Refuses: invalid, exhausted.
base::Result<OpeningRequest> read_opening_request(std::string_view canonical);
std::string challenge_of(const OpeningRequest& request);  // 32 bytes

// What the vault holds fixed.
struct OpeningRules {
  const Policy& policy;
  const RelyingParty& self;
  std::span<const std::string> hardware;         // makes of authenticators that cannot be copied
  std::span<const std::string> register_fields;  // at most 64
};

struct OpeningParty {
  Subject subject;  // as the vault knows it now; sign-in and fresh proof are taken from the passkey alone
  Credential credential;
};

enum class OpeningReason : std::uint8_t {
  good,
  request,     // malformed, or not what the register holds
  time,        // expired, to come, or open for too long
  replay,      // its nonce was used
  quota,       // the requester had the day's number of permits
  order,       // a step out of its turn
  person,      // somebody else's request, or the requester approving
  organ,       // both of one organ, or an organ is not known
  credential,  // both used one authenticator, or not one of hardware
  assertion,   // the passkey does not hold
  policy,      // decide() says no; see `decision`
};
std::string_view name_of(OpeningReason r);
// What a person is told, whatever the reason.
std::string_view opening_refused();

enum class OpeningStage : std::uint8_t { asked, signed_ };
struct Opening {
  OpeningRequest request;
  OpeningStage stage = OpeningStage::asked;
  std::uint32_t organ = 0;    // of the requester when they signed
  std::string credential_id;  // that the requester signed with
  Assertion assertion;        // kept: it cannot be denied later
};

// What was permitted. Kept as long as the register: nothing is forgotten when a clock is wrong.
struct OpeningBook {
  struct Entry {
    std::string nonce;
    std::uint64_t requester;
    Time at;
  };
  std::vector<Entry> entries;
};

struct Permit {
  std::string code;
  std::vector<std::string> fields;  // these and no others
  std::string reader_key;
  Time until;           // to be used at once, and not from this second on
  std::string request;  // canonical
  Assertion by_requester, by_approver;
  std::uint64_t requester, approver;
};

struct OpeningAnswer {
  std::optional<Opening> next;
  std::optional<Credential> credential;  // to be stored with its new counter, also after a later refusal
  OpeningReason reason_for_ledger = OpeningReason::request;
  Reason decision = Reason::allowed;
};
struct PermitAnswer {
  std::optional<Permit> permit;
  OpeningBook book;  // to be stored in the transaction that uses the permit
  std::optional<Credential> credential;
  OpeningReason reason_for_ledger = OpeningReason::request;
  Reason decision = Reason::allowed;
};

OpeningAnswer ask_opening(const OpeningRules& rules, const OpeningBook& book, const OpeningRequest& request,
                          const OpeningParty& requester, Time now);
OpeningAnswer sign_opening(const OpeningRules& rules, const Opening& opening, const OpeningParty& requester,
                           const Assertion& assertion, Time now);
// `object` is the entry of the register under the code of the request; nothing when there is none, which is
// answered like any refusal.
PermitAnswer approve_opening(const OpeningRules& rules, const OpeningBook& book, const Opening& opening,
                             const OpeningParty& requester, const OpeningParty& approver,
                             const std::optional<Object>& object, const Assertion& assertion, Time now);

}  // namespace rights

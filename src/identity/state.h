#pragma once
// What the parts of the register share: its key while it is unsealed, its tables, its ledger, and who asks.

#include "rows.h"

#include <base/crypto.h>
#include <base/json.h>
#include <base/parsed.h>
#include <base/secret.h>
#include <identity/hpke.h>
#include <identity/names.h>
#include <identity/register.h>
#include <store/ledger.h>

#include <functional>
#include <optional>

namespace identity {

using base::Secret;
using boost::json::value;
using rights::Time;

// data/identity/limits.json
struct Limits {
  std::int64_t questions_a_day = 0, registrations_a_day = 0, share_minutes = 0, act_seconds = 0;
};

// A refusal, with what the ledgers may know beyond it.
struct Refused {
  base::Error error;
  std::string reason{};  // a word
  bool alarm = false;
};

// What the office says of a person. It can only take away from what the register itself knows.
struct Word {
  std::uint64_t person = 0;
  std::string code;
  std::uint32_t organ = 0;
  rights::RoleSet roles = 0;
  std::optional<rights::Classification> clearance;
  std::vector<rights::Assignment> cases;
};

struct Register::State {
  std::string folder;
  const base::Clock& clock;
  rights::Policy policy;
  Limits limits{};
  rights::RelyingParty self;
  std::string id, public_key;
  rights::SealedRoot root;
  bool by_passphrase = false;
  std::int64_t needed = 0;
  base::Argon2 cost{};
  std::string salt;
  Ear ear{};

  Secret key{};  // the root key; none: sealed
  std::unique_ptr<store::Sql> sql{};
  std::unique_ptr<store::Ledger> ledger{};
  std::vector<rights::Share> given{};
  Time given_at = 0;

  explicit State(const base::Clock& c, rights::Policy p) : clock(c), policy(std::move(p)) {}
  Time now() const { return clock.unix_micros() / 1'000'000; }
  std::string key_for(std::string_view use, std::string_view salt_of = "") const;

  // All or nothing, with its rows of the ledger.
  base::Status write(const std::function<base::Status()>& change);
  void tell(std::string_view act, std::string_view who, std::string_view object, const std::string& payload);
  std::optional<Officer> officer(std::uint64_t person);
  std::optional<OpeningRow> opening(std::string_view id);
  struct Asked {
    Word who;
    std::optional<OpeningRow> row;  // of the opening that is named
  };
  base::Result<Asked> asked_of(const value& request);

  base::Status unseal(Secret root_key);
  void seal(std::string_view who);
  base::Result<Secret> open_root(const value& proof);  // {"shares":[...]} or {"passphrase"}
  void end_what_is_over();

  base::Result<Word> word(const value& who) const;
  // The person by whom an act is done: admitted here, of the same organ, and with the role that the office
  // still gives them.
  rights::OpeningParty party(const Officer& o, const Word& w) const;
  rights::OpeningRules rules(const std::vector<std::string>& makes) const;
  std::vector<std::string> makes();

  using Answer = std::variant<std::string, Refused>;
  Answer status();
  Answer take_share(const value& request);
  Answer copy(const value& request);
  Answer ask_admission(const value& request);
  Answer officers();
  Answer admit(const value& request, bool remove);
  Answer standing(const value& request);
  Answer enter(const value& request, std::string_view act);
  Answer known(const value& request);
  Answer ask(const value& request);
  Answer openings(const value& request);
  Answer approve(const value& request);
  Answer refuse(const value& request);
  // An opening in its new state, and its row of the ledger.
  Answer written(const OpeningRow& row, std::string_view act, std::string_view who);
  Answer close(const value& request);
  Answer show(const value& request);
  Answer log(const value& request);

  // A form that a person signed and sealed for the register. Refuses what is not theirs, stale, or used
  // before.
  struct Signed {
    Officer officer;
    Word word;
    SignedAct act;
    std::string form;
  };
  std::variant<Signed, Refused> signed_form(const value& request, std::string_view act, rights::Act right);
  void keep_traces(const std::string& code, const std::string& form);
  base::Status make_traces_anew();
  std::string open_entry(const Entry& e) const;
  record::Octets seal_entry(const std::string& code, std::string_view form) const;
  std::string trace(std::string_view of) const;
};

// Members of a request; each refusal names the member.
using base::member, base::number_of, base::text_of;
base::Result<std::string> bytes_of(const value& v, std::string_view name);  // base64url
base::Result<rights::Assertion> assertion_of(const value& v);
std::uint64_t object_number(std::string_view code);

// A form in its one spelling, or what is wrong with it. `partial`: only what is to be changed.
base::Result<std::string> read_form(std::string_view json, bool partial);
std::vector<std::string> names_in(std::string_view form);
std::string born_in(std::string_view form);

}  // namespace identity

#pragma once
// The identity register: who the people behind the codes are (SECURITY.md 3.6; Rome Statute art. 68, ICC RPE
// rule 87; adr/0016). A house of its own: own folder, own key, own share holders, own ledger, own book of the
// people it knows, own check of their signatures. The office's key opens nothing of it.
//
// A sealed register answers `status` and takes shares; everything else is refused. Who acts signs what they
// ask with their passkey: a request that the office's server made up is refused. Forms come sealed for the
// register, answers leave sealed for one browser (hpke.h): the office's server never holds a name.
//
// There is no field for the place where a person lives or was moved to, and none can be sent.

#include <access/opening.h>
#include <access/shares.h>
#include <base/time.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace identity {

// What is kept of a person; each is asked for by itself.
inline const std::vector<std::string>& register_fields() {
  static const std::vector<std::string> all{"aliases", "born", "contacts", "household", "languages", "names"};
  return all;
}

// How the root key is sealed: by shares of several people, or by a passphrase for a small house.
struct Sealing {
  rights::Split shares{3, 2};
  std::string passphrase;  // not empty: instead of shares
};

class Register {
 public:
  // Makes the folder. `origin`: of the office's pages, "https://custos.office.example"; passkeys belong to
  // it. Returns the shares to hand out, printed; none under a passphrase. Refuses: conflict, invalid, denied.
  static base::Result<std::vector<std::string>> make(const std::string& folder, const std::string& origin,
                                                     const Sealing& sealing);
  // Sealed, until somebody unseals it. Refuses: not_found, damaged, unsupported, invalid (the policy).
  static base::Result<std::unique_ptr<Register>> open(const std::string& folder, const base::Clock& clock,
                                                      std::string_view policy = {});
  ~Register();

  // One request, one answer, both JSON (docs/formats/identity.md). What is refused is an answer as well:
  // {"refused":{"why","message","reason","alarm"}}; `reason` is for the ledger of the office, never for a
  // person.
  std::string answer(std::string_view request);
  bool sealed() const;
  // Whether the root key is held in memory that is never written to a disk.
  bool locked_in_memory() const;

 private:
  struct State;
  explicit Register(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// What the register asks a person to sign for an act of their own: one line, sorted members.
struct SignedAct {
  std::string act;   // "register", "amend", "known"
  std::string code;  // of the entry; empty for the others
  std::string body;  // SHA-256 of the sealed form, enc ‖ box
  std::uint64_t case_id = 0, requester = 0;
  rights::Time asked = 0;
  std::string nonce;  // 32 bytes
};
std::string canonical(const SignedAct& act);

// The data inside the program: data/identity.
std::string_view shipped_sounds();
std::string_view shipped_limits();

}  // namespace identity

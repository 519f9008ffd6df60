// custos keys: how the two secrets of an office lie, who opens them, and the act that seals it.
#include "answer.h"
#include "child.h"
#include "ending.h"
#include "typed.h"

#include <access/policy.h>
#include <base/handle.h>
#include <base/json.h>
#include <base/text.h>
#include <kernel/desk.h>
#include <keys/doors.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <pwd.h>
#include <unistd.h>

namespace cli {
namespace {

using base::Error;
using base::Refusal;

struct Place {
  std::string office, folder;
};
base::Result<Place> place_of(const Arguments& a) {
  const std::string id = a.has("--office") ? a.get("--office") : TRY(evidence::office_id(a.get("--home")));
  return Place{id, evidence::keys_folder() + "/" + id};
}
std::vector<std::string> doors_of(const Place& p) {
  std::vector<std::string> out = keys::doors_in(p.folder);
  if (std::string elsewhere = evidence::doors_elsewhere(); !elsewhere.empty())
    out.push_back(std::move(elsewhere));
  return out;
}

// What opens them as they lie: the passphrase of the environment, or shares that are typed.
keys::Proof typed_proof(const keys::Lying& lying) {
  keys::Proof proof{evidence::keys_passphrase(), {}};
  std::string line;
  while (lying.by == keys::By::shares && static_cast<std::int64_t>(proof.shares.size()) < lying.needed &&
         read_hidden("a share: ", line))
    proof.shares.push_back(line);
  return proof;
}

std::string in_words(const keys::Lying& lying) {
  switch (lying.by) {
    case keys::By::file: return "as files that only their owner may read";
    case keys::By::passphrase: return "under a passphrase";
    case keys::By::shares: return "in shares, " + std::to_string(lying.needed) + " of which open them";
  }
  return {};
}

int status(const Place& p, bool json) {
  const keys::Lying lying = OR_REFUSE(keys::how_they_lie(p.folder));
  std::string out, lines = "the keys lie " + in_words(lying) + "\n";
  base::JsonWriter w(out);
  w.object()
      .member("by", lying.by == keys::By::file     ? "file"
                    : lying.by == keys::By::shares ? "shares"
                                                   : "passphrase")
      .member("needed", lying.needed)
      .key("running")
      .array();
  for (const std::string& doors : doors_of(p)) {
    const auto service = keys::state_of(doors, keys::Duty::key_service),
               signer = keys::state_of(doors, keys::Duty::signer);
    if (!service.ok() || !signer.ok()) continue;
    const bool open = service->open && signer->open;
    const bool locked = service->locked_in_memory && signer->locked_in_memory;
    const std::string process = std::filesystem::path(doors).filename();
    w.object().member("process", process).member("open", open).member("locked_in_memory", locked);
    w.member("given", service->given).end_object();
    lines += "process " + process + ": " +
             (open ? std::string(locked ? "open; they are in locked memory"
                                        : "open; they are NOT in locked memory on this system")
                   : "sealed; " + std::to_string(service->given) + " of " + std::to_string(lying.needed) +
                         " shares were given") +
             "\n";
  }
  w.end_array().end_object();
  print(json ? out + "\n" : lines);
  return kWell;
}

// What the office asks of words that people choose.
rights::Limits limits() { return rights::Policy::parse(rights::shipped_policy()).value().limits(); }

int seal_anew(const Arguments& a, const Place& p, const std::string& how) {
  keys::Sealing to;
  if (how == "split")
    to.shares = keys::Split{static_cast<int>(OR_USAGE(number_of(a, "--shares", 5))),
                            static_cast<int>(OR_USAGE(number_of(a, "--needed", 3)))};
  if (how == "passphrase") {
    const char* next = std::getenv("CUSTOS_NEW_PASSPHRASE");
    const int least = limits().password_characters_min;
    if (!next || static_cast<int>(std::string_view(next).size()) < least)
      return wrong_usage("`custos keys passphrase` takes the new one, of " + std::to_string(least) +
                         " characters at least, from CUSTOS_NEW_PASSPHRASE");
    to.passphrase = next;
  }
  const auto shares =
      OR_REFUSE(keys::seal_anew(p.folder, typed_proof(OR_REFUSE(keys::how_they_lie(p.folder))), to));
  if (shares.empty()) {
    print("the keys lie " + in_words(OR_REFUSE(keys::how_they_lie(p.folder))) + " from now on\n");
    return kWell;
  }
  const std::string needed = std::to_string(to.shares->needed);
  print("Hand each share to another person, on paper. They are shown this once; " + needed +
        " of them open the office, fewer tell nothing. Until " + needed +
        " were typed into `custos keys confirm` the keys lie as before.\n");
  for (const std::string& s : shares) print("share " + s + "\n");
  return kWell;
}

int confirm(const Place& p) {
  keys::Proof proof;
  std::string line;
  while (read_hidden("a share: ", line) && !line.empty()) proof.shares.push_back(line);
  OR_REFUSE(keys::confirm(p.folder, proof));
  print("the keys lie " + in_words(OR_REFUSE(keys::how_they_lie(p.folder))) +
        " from now on. Copies of the key files made before open as they did: destroy them.\n");
  return kWell;
}

int each_running(const Place& p, const std::function<base::Status(const std::string&)>& act,
                 const char* done) {
  int met = 0;
  for (const std::string& doors : doors_of(p)) {
    const base::Status s = act(doors);
    if (!s.ok() && s.error().why == Refusal::not_found) continue;  // of a program that ended
    if (!s.ok()) return refuse(s.error());
    ++met;
  }
  if (!met)
    return refuse(
        {Refusal::not_found, "no program runs with these keys on this machine; start `custos serve`"});
  print(std::string(done) + "\n");
  return kWell;
}

int unseal(const Place& p) {
  const keys::Proof proof = typed_proof(OR_REFUSE(keys::how_they_lie(p.folder)));
  return each_running(
      p,
      [&](const std::string& doors) -> base::Status {
        const keys::State s = TRY(keys::unseal(doors, proof));
        if (!s.open)
          return Error{Refusal::denied, std::to_string(s.given) + " of " + std::to_string(s.needed) +
                                            " shares were given; the others are still needed"};
        return base::Done{};
      },
      "the office is open");
}

// The heads that were signed beyond what is there are set aside, and the ledgers as they are signed instead.
int follow(const Arguments& a, const Place& p) {
  if (!a.has("--home")) return wrong_usage("`custos keys follow` needs --home of the office");
  const std::string reason = a.get("--reason");
  const int least = limits().reason_characters_min;
  if (static_cast<int>(base::trim(reason).size()) < least)
    return wrong_usage("`custos keys follow` needs --reason TEXT, of " + std::to_string(least) +
                       " characters at least: it stands in the ledger");
  const auto office = OR_REFUSE(office_of(a));
  const std::int64_t now = base::system_clock().unix_micros();
  std::vector<std::string> aside;
  keys::set_aside(
      p.folder,
      [&](const std::string& note) {
        const std::string origin = note.substr(0, note.find('\n'));
        if (office->sign(origin).ok()) return false;
        aside.push_back(origin);
        return true;
      },
      now);
  if (aside.empty()) {
    print("every ledger continues what was signed of it; nothing is set aside\n");
    return kWell;
  }
  OR_REFUSE(office->tell("history_followed", reason, base::join(aside, ", ")));
  for (const std::string& origin : aside) OR_REFUSE(office->sign(origin));
  print("set aside, and signed anew as they are: " + base::join(aside, ", ") + "\n");
  return kWell;
}

int serve(const Arguments& a, const Place& p) {
  const auto log = [](std::string_view line) {
    std::fprintf(stderr, "custos keys: %.*s\n", static_cast<int>(line.size()), line.data());
  };
  if (!a.has("--duty")) {
    if (!a.has("--doors"))
      return wrong_usage("`custos keys serve` needs --doors DIR, the folder of its sockets");
    Ending ending;
    KeysChildren both;
    OR_REFUSE(both.start(p.office, a.get("--doors"), a.get("--peer")));
    print("the keys of office " + p.office + " are served at " + both.doors() + "\n");
    if (!ending.wait([&] { return both.ended(); })) return kWell;
    return refuse(
        {Refusal::damaged, "the key service or the log signer ended by itself; its message is above"});
  }
  keys::DoorOptions o;
  o.duty = a.get("--duty") == "signer" ? keys::Duty::signer : keys::Duty::key_service;
  o.folder = p.folder, o.office = p.office, o.doors = a.get("--doors"), o.log = log;
  o.with_parent = a.has("--with-parent");
  if (a.has("--peer")) {
    const passwd* user = ::getpwnam(a.get("--peer").c_str());
    if (!user) return wrong_usage("--peer: there is no user " + a.get("--peer"));
    o.peers.push_back(user->pw_uid);
  }
  keys::Proof proof{evidence::keys_passphrase(), {}};
  forget_variable("CUSTOS_PASSPHRASE");
  forget_variable("CUSTOS_IDENTITY_PASSPHRASE");
  OR_REFUSE(keys::serve(o, std::move(proof), {}));
  return kWell;
}

}  // namespace

int run_keys(const Arguments& a) {
  if (!a.has("--home") && !a.has("--office"))
    return wrong_usage("`custos keys` needs --home of the office, or --office, its id");
  const Place p = OR_REFUSE(place_of(a));
  const std::string& what = a.words[0];
  if (what == "status") return status(p, a.has("--json"));
  if (what == "split" || what == "passphrase" || what == "plain") return seal_anew(a, p, what);
  if (what == "confirm") return confirm(p);
  if (what == "seal") return each_running(p, keys::seal, "the office is sealed");
  if (what == "unseal") return unseal(p);
  if (what == "follow") return follow(a, p);
  if (what == "serve") return serve(a, p);
  return wrong_usage("there is no `custos keys " + what + "`; see `custos keys --help`");
}

}  // namespace cli

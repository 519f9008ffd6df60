// custos identity: the register of identities, its custodians' door. Nothing here opens an identity.
#include "answer.h"
#include "typed.h"

#include <base/handle.h>
#include <base/json.h>
#include <identity/door.h>
#include <identity/register.h>

#include <boost/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <pwd.h>
#include <unistd.h>

namespace cli {
namespace {

using boost::json::value;

std::string folder_of(const Arguments& a) {
  return std::filesystem::absolute(a.has("--register") ? a.get("--register") : a.get("--home") + "/identity")
      .lexically_normal()
      .string();
}
std::string socket_of(const Arguments& a) {
  return a.has("--socket") ? a.get("--socket") : folder_of(a) + "/door";
}
std::string own_passphrase() {
  const char* p = std::getenv("CUSTOS_IDENTITY_PASSPHRASE");
  return p ? p : "";
}

base::Result<value> asked(const Arguments& a, const std::string& request, int seconds = 60) {
  boost::system::error_code broken;
  value v = boost::json::parse(TRY(identity::ask(socket_of(a), request, seconds)), broken);
  if (broken || !v.is_object()) return base::Error{base::Refusal::damaged, "the register gave no answer"};
  if (const auto* no = v.get_object().if_contains("refused"))
    return base::Error{base::Refusal::denied, std::string(no->at("message").as_string())};
  return v;
}

void say_officers(const value& v) {
  for (const value& o : v.at("officers").as_array())
    print(std::string(o.at("id").as_string()) + "\t" + std::string(o.at("state").as_string()) + "\t" +
          std::string(o.at("person").as_string()) + "\t" + std::string(o.at("role").as_string()) +
          "\torgan " + std::to_string(o.at("organ").as_int64()) + "\tfingerprint " +
          std::string(o.at("fingerprint").as_string()) + "\n");
}
int say_state(const value& v, bool json) {
  if (json) {
    print(boost::json::serialize(v) + "\n");
    return kWell;
  }
  print("the register is " + std::string(v.at("state").as_string()));
  if (v.at("state").as_string() == "sealed" && v.at("by").as_string() == "shares")
    print("; " + std::to_string(v.at("given").as_int64()) + " of " +
          std::to_string(v.at("needed").as_int64()) + " shares were given");
  if (v.at("state").as_string() == "open")
    print(v.at("locked_in_memory").as_bool() ? "; its key is in locked memory"
                                             : "; its key is NOT in locked memory on this system");
  print("\n");
  return kWell;
}

int init(const Arguments& a) {
  if (!a.has("--origin"))
    return wrong_usage(
        "`custos identity init` needs --origin https://NAME: the address of the office's pages");
  identity::Sealing sealing;
  sealing.shares.shares = static_cast<int>(OR_USAGE(number_of(a, "--shares", 3)));
  sealing.shares.needed = static_cast<int>(OR_USAGE(number_of(a, "--needed", 2)));
  sealing.passphrase = own_passphrase();
  const auto shares = OR_REFUSE(identity::Register::make(folder_of(a), a.get("--origin"), sealing));
  print("identity register made in " + folder_of(a) + "\n");
  if (shares.empty()) {
    print("It opens with CUSTOS_IDENTITY_PASSPHRASE. Nobody can bring it back when that is lost.\n");
    return kWell;
  }
  print("Hand each share to another person, on paper. They are shown this once; " +
        std::to_string(sealing.shares.needed) + " of them open the register, fewer tell nothing.\n");
  for (const std::string& s : shares) print("share " + s + "\n");
  return kWell;
}

int serve(const Arguments& a) {
  identity::DoorOptions o;
  o.folder = folder_of(a), o.socket = socket_of(a), o.with_parent = a.has("--with-parent");
  if (a.has("--peer")) {
    const passwd* p = ::getpwnam(a.get("--peer").c_str());
    if (!p) return wrong_usage("--peer: there is no user " + a.get("--peer"));
    o.peers.push_back(p->pw_uid);
  }
  o.log = [](std::string_view line) {
    std::fprintf(stderr, "custos identity: %.*s\n", static_cast<int>(line.size()), line.data());
  };
  OR_REFUSE(identity::serve(o, base::system_clock(), [&] {
    if (!o.with_parent) print("the identity register listens at " + o.socket + "\n");
  }));
  return kWell;
}

int unseal(const Arguments& a) {
  if (const std::string passphrase = own_passphrase(); !passphrase.empty())
    return say_state(
        OR_REFUSE(asked(a, "{\"op\":\"unseal\",\"passphrase\":" + base::json_string(passphrase) + "}")),
        a.has("--json"));
  std::string line;
  while (read_hidden("a share: ", line)) {
    const value v = OR_REFUSE(asked(a, "{\"op\":\"unseal\",\"share\":" + base::json_string(line) + "}"));
    base::wipe(line);
    say_state(v, a.has("--json"));
    if (v.at("state").as_string() == "open") break;
  }
  return kWell;
}

int admit(const Arguments& a, const std::string& officer) {
  std::string proof = ",\"passphrase\":" + base::json_string(own_passphrase());
  if (own_passphrase().empty()) {
    const value status = OR_REFUSE(asked(a, "{\"op\":\"status\"}"));
    std::string line;
    proof = ",\"shares\":[";
    for (std::int64_t i = 0; i < status.at("needed").as_int64() && read_hidden("a share: ", line); ++i)
      proof += (i ? "," : "") + base::json_string(line);
    proof += "]";
  }
  say_officers(
      OR_REFUSE(asked(a, "{\"op\":\"admit\",\"officer\":" + base::json_string(officer) + proof + "}")));
  return kWell;
}

}  // namespace

int run_identity(const Arguments& a) {
  if (!a.has("--home") && !a.has("--register"))
    return wrong_usage(
        "`custos identity` needs --home of the office, or --register, the folder of the register");
  const std::string& what = a.words[0];
  if ((what == "admit" || what == "remove") != (a.words.size() == 2))
    return wrong_usage(
        "`custos identity admit` and `remove` take the id of an officer; the others take none");
  if (what == "init") return init(a);
  if (what == "serve") return serve(a);
  if (what == "unseal") return unseal(a);
  if (what == "admit") return admit(a, a.words[1]);
  if (what == "status") return say_state(OR_REFUSE(asked(a, "{\"op\":\"status\"}")), a.has("--json"));
  if (what == "seal")
    return say_state(OR_REFUSE(asked(a, "{\"op\":\"seal\",\"who\":\"custodian\"}")), a.has("--json"));
  if (what == "copy") {
    if (!a.has("--to")) return wrong_usage("`custos identity copy` needs --to DIR, a new folder");
    std::error_code error;
    std::filesystem::create_directories(a.get("--to"), error);
    const auto to = std::filesystem::canonical(a.get("--to"), error);
    if (error) return wrong_usage("--to: cannot make " + a.get("--to") + ": " + error.message());
    OR_REFUSE(asked(a, "{\"op\":\"copy\",\"to\":" + base::json_string(to.string()) + "}"));
    print("the register is copied to " + to.string() + " and read back; its shares open the copy as well\n");
    return kWell;
  }
  if (what == "officers") {
    say_officers(OR_REFUSE(asked(a, "{\"op\":\"officers\"}")));
    return kWell;
  }
  if (what == "remove") {
    say_officers(
        OR_REFUSE(asked(a, "{\"op\":\"remove\",\"officer\":" + base::json_string(a.words[1]) + "}")));
    return kWell;
  }
  if (what == "log") {
    for (std::int64_t from = 0;;) {
      const value v = OR_REFUSE(asked(a, "{\"op\":\"log\",\"from\":" + std::to_string(from) + "}"));
      const auto& rows = v.at("rows").as_array();
      for (const value& row : rows) print(boost::json::serialize(row) + "\n");
      if (rows.empty()) return kWell;
      from += static_cast<std::int64_t>(rows.size());
    }
  }
  return wrong_usage("there is no `custos identity " + what + "`; see `custos identity --help`");
}

}  // namespace cli

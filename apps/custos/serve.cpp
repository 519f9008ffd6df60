// custos serve: the office on the web.
#include "answer.h"
#include "child.h"
#include "ending.h"

#include <base/handle.h>
#include <keys/doors.h>
#include <service/service.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <unistd.h>

namespace cli {
namespace {

// The front end beside the program: where it was built, or where a package puts it.
std::string web_folder(const Arguments& a) {
  if (a.has("--web")) return a.get("--web");
  const auto here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  for (const auto& place : {here / "../../web/dist", here / "../share/custos/web"})
    if (base::file_exists((place / "index.html").string())) return std::filesystem::canonical(place).string();
  return {};
}

bool read_option(const Arguments& a, const char* name, std::string& to) {
  if (!a.has(name)) return true;
  if (!base::file_exists(a.get(name))) return false;
  to = base::read_file(a.get(name));
  return true;
}
void log_line(std::string_view line) {
  std::fprintf(stderr, "custos: %.*s\n", static_cast<int>(line.size()), line.data());
}

// The keys in processes of their own, or where they are served already.
struct KeysPlace {
  KeysChildren own;
  std::string doors;
};
base::Status find_keys(const Arguments& a, KeysPlace& to) {
  to.doors = a.get("--doors", evidence::doors_elsewhere());
  if (!to.doors.empty()) return base::Done{};
  TRY(to.own.start(TRY(evidence::office_id(a.get("--home")))));
  to.doors = to.own.doors();
  return base::Done{};
}
constexpr int kSealed = -1;  // what `once` says when the office was sealed meanwhile

// Runs `once` for as long as the office is open, again and again, until this program is to end.
int while_open(
    const Arguments& a, KeysPlace& keys_at, const Ending& ending,
    const std::function<int(evidence::Office&, bool first, const std::function<bool()>& sealed)>& once) {
  const std::string id = OR_REFUSE(evidence::office_id(a.get("--home")));
  const auto ended = [&] { return keys_at.own.doors() == keys_at.doors && keys_at.own.ended(); };
  // A door that is only slow to answer is not sealed.
  const auto open = [&] {
    for (const keys::Duty duty : {keys::Duty::key_service, keys::Duty::signer})
      if (const auto s = keys::state_of(keys_at.doors, duty);
          s.ok() ? !s->open : s.error().why != base::Refusal::exhausted)
        return false;
    return true;
  };
  for (bool first = true;; first = false) {
    if (!open()) {
      print("the office is sealed: open it with `custos keys unseal --home " + a.get("--home") + "`\n");
      if (!ending.wait([&] { return open() || ended(); })) return kWell;
    }
    if (ended())
      return refuse({base::Refusal::damaged,
                     "the key service or the log signer ended by itself; its message is above"});
    const auto office =
        OR_REFUSE(evidence::Office::open(a.get("--home"), base::system_clock(), a.get("--database"),
                                         OR_REFUSE(keys::behind(keys_at.doors, id))));
    if (a.has("--index")) office->keep_index_in(a.get("--index"));
    const int said = once(*office, first, [&] { return !open(); });
    if (said >= 0) return said;
  }
}
}  // namespace

int run_serve(const Arguments& a) {
  service::Options o;
  const std::string listen = a.get("--listen", "127.0.0.1:8440");
  const std::size_t colon = listen.rfind(':');
  const char* end = listen.data() + listen.size();
  if (colon == std::string::npos || std::from_chars(listen.data() + colon + 1, end, o.port).ptr != end ||
      colon + 1 == listen.size())
    return wrong_usage("--listen takes ADDRESS:PORT, for example 127.0.0.1:8440, not \"" + listen + "\"");
  o.address = listen.substr(0, colon);
  o.certificate = a.get("--certificate"), o.key = a.get("--key");
  o.tls = a.has("--tls") || !o.certificate.empty();
  if (o.certificate.empty() != o.key.empty())
    return wrong_usage("--certificate and --key go together: two PEM files");
  if (a.has("--host")) o.hosts = {a.get("--host")};
  o.web = web_folder(a);
  o.worker = worker_path();
  for (const auto& [name, to] :
       {std::pair("--mail", &o.mail), {"--authenticators", &o.makes}, {"--directory", &o.directory}})
    if (!read_option(a, name, *to))
      return wrong_usage(std::string(name) + ": there is no file " + a.get(name));
  o.proxy = a.get("--proxy");
  if (!o.proxy.empty() && (o.tls || o.hosts.empty()))
    return wrong_usage(
        "--proxy goes with --host, the name people ask for, and without --tls: the proxy does it");
  o.identity = a.get("--identity");
  o.log = log_line;
  const Ending ending;
  KeysPlace keys_at;
  OR_REFUSE(find_keys(a, keys_at));
  o.seal = [doors = keys_at.doors] { return keys::seal(doors); };
  IdentityChild identities;
  const std::string folder = std::filesystem::canonical(a.get("--home")).string() + "/identity";
  if (o.identity.empty() && base::file_exists(folder + "/register.json")) {
    OR_REFUSE(identities.start(folder));
    o.identity = folder + "/door";
  }
  return while_open(
      a, keys_at, ending, [&](evidence::Office& office, bool first, const std::function<bool()>& sealed) {
        service::Options now = o;
        now.sessions_anew = !first;
        const auto service = OR_REFUSE(service::Service::start(office, std::move(now)));
        o.port = service->port();  // the same one again, after it was sealed
        print("serving " + office.home() + " at " + service->origin() + "\n");
        if (const auto link = service->first_link(); link.ok())
          print(
              "sign in once, within a quarter of an hour, and enrol a passkey or a password with codes:\n  " +
              *link + "\n");
        const bool closed = ending.wait(sealed);
        service->stop(std::chrono::seconds(closed ? 0 : 10));
        return closed ? kSealed : kWell;
      });
}

int run_work(const Arguments& a) {
  service::Options o;
  o.worker = worker_path();
  if (!read_option(a, "--mail", o.mail)) return wrong_usage("--mail: there is no file " + a.get("--mail"));
  o.log = log_line;
  const Ending ending;
  KeysPlace keys_at;
  OR_REFUSE(find_keys(a, keys_at));
  return while_open(a, keys_at, ending,
                    [&](evidence::Office& office, bool, const std::function<bool()>& sealed) {
                      const auto service = OR_REFUSE(service::Service::work(office, o));
                      print("working for " + office.home() + "\n");
                      const bool closed = ending.wait(sealed);
                      service->stop(std::chrono::seconds(closed ? 0 : 10));
                      return closed ? kSealed : kWell;
                    });
}

}  // namespace cli

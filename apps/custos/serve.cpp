// custos serve: the office on the web.
#include "answer.h"

#include <base/handle.h>
#include <service/service.h>

#include <charconv>
#include <csignal>
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

// The word to end, waited for by one thread: made before any other begins.
class Ending {
 public:
  Ending() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
  }
  void wait() const {
    int met = 0;
    ::sigwait(&signals_, &met);
    print("ending in good order\n");
  }

 private:
  sigset_t signals_;
};

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
  const auto office =
      OR_REFUSE(evidence::Office::open(a.get("--home"), base::system_clock(), a.get("--database")));
  if (a.has("--index")) office->keep_index_in(a.get("--index"));
  const Ending ending;
  IdentityChild identities;
  const std::string folder = office->home() + "/identity";
  if (o.identity.empty() && base::file_exists(folder + "/register.json")) {
    OR_REFUSE(identities.start(folder));
    o.identity = folder + "/door";
  }
  const auto service = OR_REFUSE(service::Service::start(*office, std::move(o)));
  print("serving " + office->home() + " at " + service->origin() + "\n");
  if (const auto link = service->first_link(); link.ok())
    print("sign in once, within a quarter of an hour, and enrol a passkey or a password with codes:\n  " +
          *link + "\n");
  ending.wait();
  service->stop(std::chrono::seconds(10));
  return kWell;
}

int run_work(const Arguments& a) {
  service::Options o;
  o.worker = worker_path();
  if (!read_option(a, "--mail", o.mail)) return wrong_usage("--mail: there is no file " + a.get("--mail"));
  o.log = log_line;
  const auto office =
      OR_REFUSE(evidence::Office::open(a.get("--home"), base::system_clock(), a.get("--database")));
  if (a.has("--index")) office->keep_index_in(a.get("--index"));
  const Ending ending;
  const auto service = OR_REFUSE(service::Service::work(*office, std::move(o)));
  print("working for " + office->home() + "\n");
  ending.wait();
  service->stop(std::chrono::seconds(10));
  return kWell;
}

}  // namespace cli

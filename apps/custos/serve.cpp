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
  o.log = [](std::string_view line) {
    std::fprintf(stderr, "custos: %.*s\n", static_cast<int>(line.size()), line.data());
  };
  const auto office = OR_REFUSE(evidence::Office::open(a.get("--home"), base::system_clock()));
  // Signals are taken by this thread alone: blocked before any other begins.
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGINT);
  sigaddset(&stop, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &stop, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  const auto service = OR_REFUSE(service::Service::start(*office, std::move(o)));
  print("serving " + office->home() + " at " + service->origin() + "\n");
  if (const auto link = service->first_link(); link.ok())
    print("sign in once, within a quarter of an hour, and enrol a passkey or a password with codes:\n  " +
          *link + "\n");
  int met = 0;
  ::sigwait(&stop, &met);
  print("ending in good order\n");
  service->stop(std::chrono::seconds(10));
  return kWell;
}

}  // namespace cli

#include "core.h"
#include "openapi.h"

#include <base/json.h>
#include <base/text.h>
#include <http/files.h>
#include <http/security.h>
#include <http/server.h>

#include <algorithm>

namespace service {
namespace {

using http::Request;
using http::Response;

// What may be asked without being signed in.
bool is_open(std::string_view act) { return act.starts_with("sign_in.") || act == "openapi.read"; }
// What a person may do who came by a link and has no key yet.
bool is_enrolment(std::string_view act) { return act.starts_with("session.") || act.starts_with("enrol."); }
bool changes(http::Method m) { return m != http::Method::get && m != http::Method::head; }

std::optional<Response> guard(Core& core, Request& request, const http::Route& route) {
  const std::string_view act = route.act.name();
  if (is_open(act)) {
    // No session yet, so no token: the page must be ours all the same.
    if (changes(request.method()) && !http::same_origin(request))
      return Response::problem({403, "foreign_page", "", "sign in from the page of this office", {}, {}});
    return {};
  }
  std::shared_ptr<Who> who = core.who_of(request);
  if (!who) return Response::problem({401, "signed_out", "", "sign in and try again", {}, {}});
  if (changes(request.method()))
    if (const base::Status ours = http::from_our_page(request, rights::csrf_of(who->token)); !ours.ok())
      return Response::problem({403, "foreign_page", "", ours.error().message, {}, {}});
  if (who->session.strength == rights::SignIn::link && !is_enrolment(act))
    return Response::problem(
        {403, "must_enrol", "", "enrol a passkey, or a password with one-time codes, first", {}, {}});
  request.context = std::move(who);
  return {};
}

// A refusal that says what is missing, a purpose, a fresh proof or a second person, tells the page so.
http::Route explained(http::Route route) {
  const auto tell = [](Request& request, auto answer) -> decltype(answer) {
    if (answer.ok() || answer.error().why != base::Refusal::denied) return answer;
    const auto* who = std::any_cast<std::shared_ptr<Who>>(&request.context);
    if (!who || !*who || !(*who)->lacking || (*who)->lacking->detail != answer.error().message) return answer;
    if constexpr (std::is_same_v<decltype(answer), base::Result<Response>>)
      return Response::problem(*(*who)->lacking);
    return answer;
  };
  if (auto* answers = std::get_if<http::Answer>(&route.handler))
    *answers = [tell, before = std::move(*answers)](Request& r) { return tell(r, before(r)); };
  return route;
}

std::vector<http::Route> all_routes(Core& core) {
  std::vector<http::Route> out;
  for (auto* part :
       {&sign_in_routes,    &session_routes,  &people_routes,    &case_routes,     &item_routes,
        &tag_routes,        &upload_routes,   &ledger_routes,    &label_routes,    &record_label_routes,
        &purpose_routes,    &glass_routes,    &alarm_routes,     &approval_routes, &recovery_routes,
        &key_routes,        &record_routes,   &home_routes,      &proof_routes,    &reckoning_routes,
        &showing_routes,    &document_routes, &workspace_routes, &note_routes,     &retry_routes,
        &correction_routes, &identity_routes, &custody_routes,   &warrant_routes})
    for (http::Route& r : part(core)) out.push_back(explained(std::move(r)));
  return out;
}

}  // namespace

struct Service::Parts {
  std::unique_ptr<Book> book;
  std::unique_ptr<Core> core;
  std::optional<http::Files> files;
  std::string openapi, origin;
  std::unique_ptr<http::Server> server;  // last: it ends before what its handlers use
};

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Service::~Service() = default;

base::Result<std::unique_ptr<Service::Parts>> Service::open(evidence::Office& office, Options options,
                                                            const base::Clock& clock) {
  auto parts = std::make_unique<Parts>();
  rights::Policy policy = TRY(rights::Policy::parse(
      options.policy.empty() ? rights::shipped_policy() : std::string_view(options.policy)));
  parts->book = TRY(Book::open(office, clock));
  // The first time: who opened the office becomes its first account, and knows the cases there are.
  if (parts->book->accounts().empty()) {
    std::vector<std::string> cases;
    for (const evidence::CaseName& c : office.cases()) cases.push_back(c.id);
    const std::vector<evidence::User> users = office.users();
    const Account first = first_account(users.empty() ? "Owner" : users[0].name, cases);
    TRY(parts->book->write(first.code, [&](const Book::Write& w) -> base::Status {
      if (w.sql.number("select count(*) from account")) return base::Done{};  // another server was faster
      return w.add(first, "account_added", first.code);
    }));
  }
  parts->core = std::make_unique<Core>(office, *parts->book, std::move(policy), std::move(options), clock);
  Core& core = *parts->core;
  if (!core.options.makes.empty()) core.makes = TRY(read_makes(core.options.makes));
  if (!core.options.directory.empty())
    core.directory =
        std::make_unique<Directory>(TRY(read_provider(core.options.directory)), office, *parts->book);
  TRY(core.open_records());
  bring_intake(core), bring_retry(core);
  core.events.on_change("jobs", [&core] { core.jobs.wake(); });
  core.events.on_change("declared", [&core] { core.read_declared(); });
  core.work([&core](const std::atomic<bool>& stop) { core.events.hear(stop); });
  return parts;
}

base::Result<std::unique_ptr<Service>> Service::work(evidence::Office& office, Options options,
                                                     const base::Clock& clock) {
  if (office.database().empty())
    return base::Error{
        base::Refusal::unsupported,
        "the records of this office are in its home, where one `custos serve` does its jobs as "
        "well; several processes share an office that was made with --database"};
  auto parts = TRY(open(office, std::move(options), clock));
  parts->core->jobs.start();
  return std::unique_ptr<Service>(new Service(std::move(parts)));
}

base::Result<std::unique_ptr<Service>> Service::start(evidence::Office& office, Options options,
                                                      const base::Clock& clock) {
  http::Options with;
  with.listen = {
      {options.address, options.port, options.tls ? http::Transport::tls : http::Transport::plain}};
  with.log = options.log;
  for (const std::string& h : options.hosts) with.hosts.push_back(h);
  if (options.tls) {
    with.certificate_file = options.certificate, with.key_file = options.key;
    if (options.certificate.empty()) {
      std::vector<std::string> names{"localhost", "127.0.0.1"};
      names.insert(names.end(), options.hosts.begin(), options.hosts.end());
      const http::CertificateFiles made = http::own_certificate(office.keys() + "/tls", names, clock);
      with.certificate_file = made.certificate_file, with.key_file = made.key_file;
    }
  }
  const std::string host = options.hosts.empty() ? "localhost" : options.hosts.front();
  const bool tls = options.tls, proxied = !options.proxy.empty();
  if (proxied) with.proxies = {options.proxy};
  const std::string web = options.web;
  auto parts = TRY(open(office, std::move(options), clock));
  if (!web.empty()) parts->files = TRY(http::Files::load(web));
  Core& core = *parts->core;
  http::Router router;
  std::vector<http::Route> routes = all_routes(core);
  routes.push_back({http::Method::get, "/openapi.json", "openapi.read", "application/json", 0,
                    http::Runs::in_loop, http::Answer([p = parts.get()](Request&) -> base::Result<Response> {
                      return Response::json(p->openapi);
                    })});
  const Shapes shapes = Shapes::parse(shipped_shapes()).value();
  if (const auto wrong = misfits(routes, shapes); !wrong.empty())
    base::fault("data/api/shapes.txt: " + base::join(wrong, "; "));
  parts->openapi = openapi_of(routes, shapes);
  router.add(std::move(routes), kPrefix);
  router.guard([&core](Request& r, const http::Route& route) { return guard(core, r, route); });
  router.fallback([p = parts.get()](const Request& r) -> std::optional<Response> {
    if (!p->files || r.target().starts_with("/api/")) return {};
    return p->files->find(r);
  });
  if (core.options.sessions_anew)
    TRY(parts->book->write("", [](const Book::Write& w) -> base::Status {
      w.sql.run("delete from session");
      w.tell("sessions_ended", "", "{}");
      return base::Done{};
    }));
  TRY(parts->book->with_office([](evidence::Office& o) { return o.checkpoint(); }));
  parts->server = std::make_unique<http::Server>(std::move(with), std::move(router), clock);
  // Pages come from where the browser asks: from the proxy, where there is one.
  parts->origin = proxied
                      ? "https://" + host
                      : (tls ? "https://" : "http://") + host + ":" + std::to_string(parts->server->port());
  core.self = {host, {parts->origin}};
  core.jobs.start();
  return std::unique_ptr<Service>(new Service(std::move(parts)));
}

std::string Service::origin() const { return parts_->origin; }
std::uint16_t Service::port() const { return parts_->server->port(); }

base::Result<std::string> Service::sign_in_link(const std::string& person_code) {
  Book& book = *parts_->book;
  const std::optional<Account> account = book.account_named(person_code);
  if (!account)
    return base::Error{base::Refusal::not_found, "there is nobody " + person_code + " with an account"};
  const rights::LinkMade made = rights::make_link(account->person, book.now(), Book::random());
  TRY(book.write(account->code,
                 [&](const Book::Write& w) { return w.add(made.link, "link_made", account->code); }));
  return parts_->origin + "/#/sign-in/" + made.token;
}

base::Result<std::string> Service::first_link() {
  const std::optional<Account> first = parts_->book->account(1);
  if (!first || !first->password.empty() || !parts_->book->passkeys(1).empty())
    return base::Error{base::Refusal::conflict, "the first person has a key already"};
  return sign_in_link(first->code);
}

void Service::stop(std::chrono::milliseconds limit) {
  if (parts_->server) parts_->server->stop(limit);
  // Sealed meanwhile: nothing is signed any more, and need not be.
  const auto s = parts_->book->with_office([](evidence::Office& office) { return office.checkpoint(); });
  if (!s.ok() && s.error().why != base::Refusal::denied && parts_->core->options.log)
    parts_->core->options.log(s.error().message);
}

}  // namespace service

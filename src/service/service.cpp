#include "core.h"

#include <base/json.h>
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

constexpr const char* kPrefix = "/api/v1";

std::vector<http::Route> all_routes(Core& core) {
  std::vector<http::Route> out;
  for (auto* part : {&sign_in_routes, &people_routes, &case_routes, &item_routes, &tag_routes, &upload_routes,
                     &ledger_routes})
    for (http::Route& r : part(core)) out.push_back(std::move(r));
  return out;
}

}  // namespace

std::string openapi_of(const std::vector<http::Route>& routes) {
  std::map<std::string, std::vector<const http::Route*>> by_path;
  for (const http::Route& r : routes) by_path[kPrefix + r.path].push_back(&r);
  std::string out;
  base::JsonWriter w(out);
  w.object().member("openapi", "3.1.0").key("info").object();
  w.member("title", "Custos").member("version", CUSTOS_VERSION).end_object().key("paths").object();
  for (const auto& [path, all] : by_path) {
    w.key(path).object();
    for (const http::Route* r : all) {
      std::string method(http::name_of(r->method));
      for (char& c : method) c = static_cast<char>(c | 0x20);
      w.key(method).object().member("operationId", r->act.name());
      w.key("parameters").array();
      for (std::size_t at = 0; (at = path.find('{', at)) != std::string::npos; ++at)
        w.object()
            .member("name", path.substr(at + 1, path.find('}', at) - at - 1))
            .member("in", "path")
            .member("required", true)
            .key("schema")
            .object()
            .member("type", "string")
            .end_object()
            .end_object();
      w.end_array();
      if (!r->request.empty())
        w.key("requestBody")
            .object()
            .member("description", r->request)
            .key("content")
            .object()
            .key(r->takes)
            .object()
            .end_object()
            .end_object()
            .end_object();
      w.key("responses").object().key("2XX").object().member("description", r->response).end_object();
      w.key("default")
          .object()
          .member("description", "a problem (RFC 9457)")
          .key("content")
          .object()
          .key("application/problem+json")
          .object()
          .end_object()
          .end_object()
          .end_object();
      w.end_object().end_object();
    }
    w.end_object();
  }
  w.end_object().end_object();
  return out;
}

struct Service::Parts {
  std::unique_ptr<Book> book;
  std::unique_ptr<Core> core;
  std::optional<http::Files> files;
  std::string openapi, origin;
  std::unique_ptr<http::Server> server;  // last: it ends before what its handlers use
};

Service::Service(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Service::~Service() = default;

base::Result<std::unique_ptr<Service>> Service::start(evidence::Office& office, Options options,
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
    TRY(parts->book->write(first.code,
                           [&](const Book::Write& w) { return w.add(first, "account_added", first.code); }));
  }
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
  if (!options.web.empty()) parts->files = TRY(http::Files::load(options.web));
  const std::string host = options.hosts.empty() ? "localhost" : options.hosts.front();
  const bool tls = options.tls;
  parts->core = std::make_unique<Core>(office, *parts->book, std::move(policy), std::move(options), clock);
  Core& core = *parts->core;
  http::Router router;
  std::vector<http::Route> routes = all_routes(core);
  routes.push_back({http::Method::get, "/openapi.json", "openapi.read", "", "OpenAPI", "application/json", 0,
                    http::Runs::in_loop, http::Answer([p = parts.get()](Request&) -> base::Result<Response> {
                      return Response::json(p->openapi);
                    })});
  parts->openapi = openapi_of(routes);
  router.add(std::move(routes), kPrefix);
  router.guard([&core](Request& r, const http::Route& route) { return guard(core, r, route); });
  router.fallback([p = parts.get()](const Request& r) -> std::optional<Response> {
    if (!p->files || r.target().starts_with("/api/")) return {};
    return p->files->find(r);
  });
  parts->book->with_office([](evidence::Office& o) { o.checkpoint(); });
  parts->server = std::make_unique<http::Server>(std::move(with), std::move(router), clock);
  parts->origin = (tls ? "https://" : "http://") + host + ":" + std::to_string(parts->server->port());
  core.self = {host, {parts->origin}};
  return std::unique_ptr<Service>(new Service(std::move(parts)));
}

std::string Service::origin() const { return parts_->origin; }

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
  parts_->server->stop(limit);
  parts_->book->with_office([](evidence::Office& office) { office.checkpoint(); });
}

}  // namespace service

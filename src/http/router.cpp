#include "grammar.h"

#include <base/text.h>
#include <http/router.h>

namespace http {
namespace {

bool is_place(std::string_view s) { return s.size() > 2 && s.front() == '{' && s.back() == '}'; }

Response nothing_here() {
  return Response::problem({.status = 404,
                            .code = "not_found",
                            .title = {},
                            .detail = "There is nothing at this address; see the list of operations."});
}

}  // namespace

Act Act::of(std::string_view name) {
  if (!well_formed(name))
    base::fault("an act is lower-case words with dots between them: " + std::string(name));
  return Act(Checked{}, name);
}

void Router::add(std::vector<Route> routes, const std::string& prefix) {
  for (Route& r : routes) {
    r.path.insert(0, prefix);
    add(std::move(r));
  }
}

void Router::add(Route route) {
  const auto refuse = [&](const char* why) {
    base::fault("route " + std::string(name_of(route.method)) + " " + route.path + ": " + why);
  };
  if (!route.path.starts_with('/')) refuse("a path begins with a slash");
  Node* at = &root_;
  std::vector<std::string> names;
  const std::string_view path = route.path;
  for (const std::string_view s : base::split(path.substr(1), '/')) {
    if (path == "/") break;
    if (is_place(s)) {
      names.emplace_back(s.substr(1, s.size() - 2));
      if (!at->place) at->place = std::make_unique<Node>();
      at = at->place.get();
    } else {
      if (s.empty() || s.find_first_of("{}%?#\\") != s.npos) refuse("a segment is a word or one {place}");
      auto& next = at->literal[std::string(s)];
      if (!next) next = std::make_unique<Node>();
      at = next.get();
    }
  }
  if (at->routes.contains(route.method)) refuse("there is already a route of this path");
  const bool answers = std::holds_alternative<Answer>(route.handler);
  if (answers ? !std::get<Answer>(route.handler) : !std::get<Receive>(route.handler))
    refuse("it has no handler");
  const Method method = route.method;
  routes_.push_back(std::make_unique<Route>(std::move(route)));
  at->routes.emplace(method, std::pair{routes_.back().get(), std::move(names)});
}

// A literal segment is tried before a place; a path that ends nowhere tries the other way.
const Router::Node* Router::walk(const Node& at, const std::vector<std::string>& segments, std::size_t from,
                                 std::vector<std::string_view>& taken) const {
  if (from == segments.size()) return at.routes.empty() ? nullptr : &at;
  if (const auto next = at.literal.find(segments[from]); next != at.literal.end())
    if (const Node* found = walk(*next->second, segments, from + 1, taken)) return found;
  if (!at.place) return nullptr;
  taken.push_back(segments[from]);
  if (const Node* found = walk(*at.place, segments, from + 1, taken)) return found;
  taken.pop_back();
  return nullptr;
}

std::variant<const Route*, Response> Router::find(Request& request) const {
  std::vector<std::string_view> taken;
  const Node* node = walk(root_, request.segments(), 0, taken);
  const bool reads = request.method() == Method::get || request.method() == Method::head;
  if (!node) {
    if (reads && fallback_)
      if (auto file = fallback_(request)) return std::move(*file);
    return nothing_here();
  }
  auto route = node->routes.find(request.method());
  if (route == node->routes.end() && request.method() == Method::head) route = node->routes.find(Method::get);
  if (route == node->routes.end()) {
    std::string allow;
    for (const auto& [method, r] : node->routes) {
      allow.append(allow.empty() ? "" : ", ").append(name_of(method));
      if (method == Method::get && !node->routes.contains(Method::head)) allow += ", HEAD";
    }
    return Response::problem({.status = 405,
                              .code = "method_not_allowed",
                              .title = {},
                              .detail = "This address does not take " +
                                        std::string(name_of(request.method())) + "; it takes " + allow + "."})
        .with("Allow", allow);
  }
  const auto& [found, names] = route->second;
  for (std::size_t i = 0; i < names.size(); ++i) request.places.emplace_back(names[i], taken[i]);
  return found;
}

}  // namespace http

#pragma once
// Which handler answers which request. A route is a value that tells all there is to know of an operation but
// the shapes of its bodies.

#include <http/request.h>
#include <http/response.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace http {

// What a route does, as it is named to the permissions and the ledger: "case.search". There is no route
// without one: leaving it out does not compile.
class Act {
 public:
  consteval Act(const char* name) : name_(name) {
    if (!well_formed(name_)) throw "an act is lower-case words with dots between them";
  }
  // For routes made from records: `name` lasts as long as the router. Faults when it is not well formed.
  static Act of(std::string_view name);
  std::string_view name() const { return name_; }

 private:
  struct Checked {};
  Act(Checked, std::string_view name) : name_(name) {}
  static constexpr bool well_formed(std::string_view s) {
    bool word = false;
    for (const char c : s) {
      const bool letter = (c >= 'a' && c <= 'z') || c == '_' || (word && c >= '0' && c <= '9');
      if (!letter && !(word && c == '.')) return false;
      word = letter;
    }
    return word;
  }
  std::string_view name_;
};

// Runs on a thread of the pool and may block. What it refuses becomes its problem (problem_of); what it
// throws becomes a 500 that says nothing of the inside.
using Answer = std::function<base::Result<Response>(Request&)>;
// Looks at the head only; the body then goes to the Sink.
using Receive = std::function<base::Result<std::unique_ptr<Sink>>(Request&)>;

enum class Runs : std::uint8_t {
  in_pool,
  in_loop,  // for what takes microseconds and never blocks
};

struct Route {
  Method method{};
  std::string path;  // "/cases/{id}/items": literal segments, or one place a segment
  Act act;
  std::string takes = "application/json";  // the only media type of the body
  std::uint64_t body_bytes_max = 1 << 20;  // GET and HEAD take none
  Runs runs = Runs::in_pool;
  std::variant<Answer, Receive> handler;
};

class Router {
 public:
  // Faults when two routes of one method have the same path, or a path is malformed.
  void add(Route route);
  void add(std::vector<Route> routes, const std::string& prefix = "");
  // Asked before every handler, on the same thread. An answer given here is final: no session, no right.
  using Guard = std::function<std::optional<Response>(Request&, const Route&)>;
  void guard(Guard guard) { guard_ = std::move(guard); }
  // Asked for GET and HEAD where no route has the path: the files of the front end. Runs in the loop.
  using Fallback = std::function<std::optional<Response>(const Request&)>;
  void fallback(Fallback fallback) { fallback_ = std::move(fallback); }

  const std::vector<std::unique_ptr<Route>>& routes() const { return routes_; }  // in the order of adding
  const Guard& guard() const { return guard_; }

  // The route of a request, its places filled in; or what to answer instead: 404 or 405 with Allow, alike.
  std::variant<const Route*, Response> find(Request& request) const;

 private:
  struct Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
    std::unique_ptr<Node> place;
    std::map<Method, std::pair<const Route*, std::vector<std::string>>> routes;  // with names of places
  };
  const Node* walk(const Node& at, const std::vector<std::string>& segments, std::size_t from,
                   std::vector<std::string_view>& taken) const;
  std::vector<std::unique_ptr<Route>> routes_;
  Node root_;
  Guard guard_;
  Fallback fallback_;
};

}  // namespace http

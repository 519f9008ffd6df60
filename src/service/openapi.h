#pragma once
// The OpenAPI document: the operations as the router has them, their bodies as data/api/shapes.txt describes
// them.

#include <base/result.h>
#include <http/router.h>

#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace service {

inline constexpr const char* kPrefix = "/api/v1";

struct Shapes {
  boost::json::object named;  // JSON Schema by name
  // By operation; null: bytes, false: nothing. What takes no body is no request.
  std::map<std::string, boost::json::value> requests, responses;
  // Refuses: invalid, with the line and what was expected.
  static base::Result<Shapes> parse(std::string_view text);
};
std::string_view shipped_shapes();

std::string openapi_of(const std::vector<http::Route>& routes, const Shapes& shapes);
// What does not fit: an operation that is not described, a description of no operation.
std::vector<std::string> misfits(const std::vector<http::Route>& routes, const Shapes& shapes);

}  // namespace service

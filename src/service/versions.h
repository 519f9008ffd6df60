#pragma once
// What is changed by whoever read it last: versions as ETag and If-Match.

#include "numbers.h"

#include <http/problem.h>
#include <http/router.h>

#include <boost/json.hpp>

namespace service {

inline std::string etag_of(std::int64_t version) { return "\"" + std::to_string(version) + "\""; }
// Of If-Match: the version that was read; 0: none.
inline std::int64_t version_asked(const http::Request& request) {
  std::string_view tag = request.header("if-match");
  if (tag.size() > 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
  return key_in(tag);
}
// The same where a change names one. Refuses: invalid. "0" is what is not there yet.
inline base::Result<std::int64_t> version_of(const http::Request& request) {
  const std::int64_t version = version_asked(request);
  if (version || request.header("if-match") == "\"0\"") return version;
  return base::Error{base::Refusal::invalid,
                     "If-Match is missing: it names the version that was read, as its ETag"};
}
// What it is now goes with the refusal.
inline http::Response changed_since(const base::Error& e, const boost::json::object& current) {
  http::Problem p = http::problem_of(e);
  p.status = 412, p.code = "changed";
  p.members.emplace_back("current", boost::json::serialize(current));
  return http::Response::problem(p);
}

}  // namespace service

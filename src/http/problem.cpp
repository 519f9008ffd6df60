#include <base/json.h>
#include <http/problem.h>

namespace http {

std::string_view reason_of(int status) {
  switch (status) {
    case 100: return "Continue";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Status";
  }
}

std::string Problem::json() const {
  std::string out;
  base::JsonWriter w(out);
  w.object().member("type", "about:blank").member("status", status).member("code", code);
  w.key("title").value(title.empty() ? reason_of(status) : std::string_view(title));
  if (!detail.empty()) w.member("detail", detail);
  if (position) w.member("position", static_cast<std::uint64_t>(*position));
  for (const auto& [name, value] : members) w.key(name).raw(value);
  w.end_object();
  return out;
}

Problem problem_of(const base::Error& e) {
  const auto told = [&](int status, const char* code) {
    return Problem{.status = status, .code = code, .title = {}, .detail = e.message};
  };
  switch (e.why) {
    case base::Refusal::invalid: return told(422, "invalid");
    case base::Refusal::not_found: return told(404, "not_found");
    case base::Refusal::denied: return told(403, "denied");
    case base::Refusal::conflict: return told(409, "conflict");
    case base::Refusal::damaged: return told(500, "damaged");
    case base::Refusal::unsupported: return told(415, "unsupported");
    case base::Refusal::exhausted: return told(429, "exhausted");
  }
  return told(500, "fault");
}

}  // namespace http

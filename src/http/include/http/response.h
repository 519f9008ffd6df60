#pragma once
// One answer. It is made whole before a byte is sent, so that a field that would break the head cannot get
// onto the wire: with() faults on it, and the client sees a 500.

#include <http/problem.h>
#include <http/stream.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace http {

// Always HttpOnly, SameSite=Strict, Path=/ (SECURITY 3.3).
struct Cookie {
  std::string name, value;
  bool secure = true;                           // false over plain HTTP on loopback only
  std::optional<std::chrono::seconds> lives{};  // of the browser's session when absent; 0 deletes
};

// How a Source is sent.
struct Content {
  std::string media_type = "application/octet-stream";
  std::string etag{};             // strong, with its quotes; without it If-Range never holds
  std::string attachment_name{};  // not empty: saved under this name, never shown, sandboxed
};

class Response {
 public:
  explicit Response(int status = 200) : status_(status) {}
  static Response json(std::string body, int status = 200);
  static Response text(std::string body, std::string_view media_type = "text/plain; charset=utf-8");
  static Response empty(int status = 204);
  static Response problem(const Problem& p);
  // 200, 206 or 416 as the request asks (Range, If-Range), or 304 by If-None-Match: RFC 9110 13, 14.
  static Response content(std::unique_ptr<Source> source, const Content& how = {});
  static Response events(std::shared_ptr<EventStream> stream);
  // Bytes that are kept elsewhere for as long as the server lives.
  static Response kept(std::shared_ptr<const std::string> body, std::string_view media_type);

  // Sets a field, once: a later value replaces an earlier one, but for Set-Cookie. Faults when `name` is no
  // token or belongs to the transport (Content-Length, Transfer-Encoding, Connection, Date), or `value`
  // holds anything but visible characters, spaces and tabs.
  Response& with(std::string_view name, std::string_view value) &;
  Response&& with(std::string_view name, std::string_view value) && { return std::move(with(name, value)); }
  Response& with(const Cookie& cookie) &;
  Response&& with(const Cookie& cookie) && { return std::move(with(cookie)); }

  using Body = std::variant<std::string, std::shared_ptr<const std::string>, std::unique_ptr<Source>,
                            std::shared_ptr<EventStream>>;
  int status() const { return status_; }
  void status(int s) { status_ = s; }
  const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }
  std::string_view field(std::string_view name) const;  // empty when absent
  Body& body() { return body_; }

 private:
  int status_;
  std::vector<std::pair<std::string, std::string>> fields_;
  Body body_;
};

// If-Match and If-None-Match: whether a list of entity tags, or "*", names this one. Weak ones compare when
// `weak` says so (RFC 9110 8.8.3.2).
enum class Compare { strong, weak };
bool names_etag(std::string_view list, std::string_view etag, Compare how);

}  // namespace http

#pragma once
// One request as a handler sees it. The head is read strictly (RFC 9112): whatever two programs could read in
// two ways is refused, so that nothing in front of us ever sees another request than we do.
//
// Refused beyond what RFC 9112 demands: absolute-form and "*" as target, a repeated field of those that may
// stand once, chunk extensions, trailers, an empty line before the request, spaces around anything but
// values.

#include <base/result.h>

#include <any>
#include <boost/json/fwd.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

enum class Method : std::uint8_t { get, head, post, put, patch, delete_, options };
std::string_view name_of(Method m);  // "GET"

struct Field {
  std::string_view name, value;
};

// Why the transport does not take a request: all static text.
struct HeadRefusal {
  int status = 0;
  std::string_view code, detail;
};

class Request {
 public:
  // `head`: everything up to and with the empty line. Look at refusal() before anything else.
  explicit Request(std::string head, std::size_t fields_max = 100);
  Request(const Request&) = delete;
  Request& operator=(const Request&) = delete;

  const std::optional<HeadRefusal>& refusal() const { return refusal_; }
  Method method() const { return method_; }
  std::string_view target() const { return target_; }  // as it was sent: "/cases/7?limit=5"
  // The path, cut at '/' and then decoded once. No segment holds '/', '\', a control, or is "." or "..";
  // all are UTF-8. "/" has none.
  const std::vector<std::string>& segments() const { return segments_; }

  const std::vector<Field>& fields() const { return fields_; }
  std::string_view header(std::string_view name) const;  // the first of that name; empty when absent
  std::string_view cookie(std::string_view name) const;  // RFC 6265; empty when absent or there twice
  std::optional<std::string> query(std::string_view name) const;  // decoded; '+' is a space
  // What stands at {name} of the route, decoded. A name the route has not is a Fault.
  const std::string& place(std::string_view name) const;
  // The body read as JSON. Refuses: invalid, telling the position.
  base::Result<boost::json::value> json() const;

  std::string_view host() const { return header("host"); }
  std::string origin() const;  // of a page of ours: "https://custos.example:8443"
  bool keeps_alive() const { return keeps_alive_; }
  bool is_http_1_0() const { return minor_ == 0; }
  bool chunked() const { return chunked_; }
  bool expects_continue() const { return expects_continue_; }
  const std::optional<std::uint64_t>& length() const { return length_; }  // of the body, as announced
  bool has_body() const { return chunked_ || length_.value_or(0) > 0; }

  // What the server adds.
  std::string peer;     // address without port; of the client, when a trusted proxy tells it
  bool secure = false;  // TLS, here or at a trusted proxy
  std::string body;     // empty for routes that receive through a Sink
  std::vector<std::pair<std::string, std::string>> places;
  std::any context;  // of the layer above: who is signed in

 private:
  std::optional<HeadRefusal> read(std::size_t fields_max);
  std::optional<HeadRefusal> read_line(std::string_view line);
  std::optional<HeadRefusal> read_fields(std::string_view lines, std::size_t fields_max);
  std::optional<HeadRefusal> read_meaning();
  std::optional<HeadRefusal> read_path();

  std::string head_;
  std::optional<HeadRefusal> refusal_;
  Method method_ = Method::get;
  int minor_ = 1;
  std::string_view target_;
  std::vector<Field> fields_;
  std::vector<std::string> segments_;
  std::optional<std::uint64_t> length_;
  bool chunked_ = false, keeps_alive_ = true, expects_continue_ = false;
};

// Percent-decoding, once. Nothing when an escape is broken.
std::optional<std::string> percent_decoded(std::string_view text);
// RFC 8187 / 3986: all but unreserved characters as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace http

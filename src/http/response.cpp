#include "grammar.h"

#include <base/json.h>
#include <base/text.h>
#include <http/request.h>
#include <http/response.h>

namespace http {
namespace {

constexpr std::string_view kOfTheTransport[] = {"content-length", "transfer-encoding", "connection", "date",
                                                "keep-alive",     "trailer",           "upgrade"};

bool is_cookie_value(std::string_view s) {
  return std::ranges::all_of(s, [](char c) {
    return is_visible(c) && std::string_view("\",;\\").find(c) == std::string_view::npos;
  });
}

}  // namespace

Response Response::json(std::string body, int status) {
  Response r(status);
  r.body_ = std::move(body);
  return std::move(r).with("Content-Type", "application/json");
}
Response Response::text(std::string body, std::string_view media_type) {
  Response r(200);
  r.body_ = std::move(body);
  return std::move(r).with("Content-Type", media_type);
}
Response Response::empty(int status) { return Response(status); }
Response Response::problem(const Problem& p) {
  return json(p.json(), p.status).with("Content-Type", "application/problem+json");
}
Response Response::kept(std::shared_ptr<const std::string> body, std::string_view media_type) {
  Response r(200);
  r.body_ = std::move(body);
  return std::move(r).with("Content-Type", media_type);
}
Response Response::events(std::shared_ptr<EventStream> stream) {
  Response r(200);
  r.body_ = std::move(stream);
  return std::move(r).with("Content-Type", "text/event-stream");
}

Response Response::content(std::unique_ptr<Source> source, const Content& how) {
  Response r(200);
  r.body_ = std::move(source);
  r.with("Content-Type", how.media_type).with("Accept-Ranges", "bytes");
  if (!how.etag.empty()) r.with("ETag", how.etag);
  if (!how.attachment_name.empty())
    r.with("Content-Disposition", "attachment; filename*=UTF-8''" + percent_encoded(how.attachment_name))
        .with("Content-Security-Policy", "default-src 'none'; sandbox");
  return r;
}

Response& Response::with(std::string_view name, std::string_view value) & {
  const std::string lower = base::lower_ascii(name);
  if (!is_token(name) ||
      std::ranges::find(kOfTheTransport, std::string_view(lower)) != std::end(kOfTheTransport))
    base::fault("a field of an answer may not be named " + base::json_string(base::cut(name, 100)));
  if (!is_value(value)) base::fault("the field " + lower + " of an answer holds a control character");
  if (lower != "set-cookie")
    for (auto& [n, v] : fields_)
      if (base::iequals_ascii(n, lower)) {
        v = value;
        return *this;
      }
  fields_.emplace_back(name, value);
  return *this;
}

Response& Response::with(const Cookie& cookie) & {
  if (!is_token(cookie.name) || !is_cookie_value(cookie.value))
    base::fault("a cookie holds a character that would end it");
  std::string text = cookie.name + "=" + cookie.value + "; Path=/; HttpOnly; SameSite=Strict";
  if (cookie.secure) text += "; Secure";
  if (cookie.lives) text += "; Max-Age=" + std::to_string(cookie.lives->count());
  return with("Set-Cookie", text);
}

std::string_view Response::field(std::string_view name) const {
  for (const auto& [n, v] : fields_)
    if (base::iequals_ascii(n, name)) return v;
  return {};
}

bool names_etag(std::string_view list, std::string_view etag, Compare how) {
  if (trimmed(list) == "*") return true;
  const auto opaque = [](std::string_view tag) { return tag.substr(tag.starts_with("W/") ? 2 : 0); };
  if (etag.empty() || (how == Compare::strong && etag.starts_with("W/"))) return false;
  while (!list.empty()) {
    list = trimmed(list);
    const std::size_t open = list.find('"');
    const std::size_t close = open == list.npos ? open : list.find('"', open + 1);
    if (close == list.npos) return false;
    const std::string_view tag = list.substr(0, close + 1);
    if (how == Compare::strong ? tag == etag : opaque(tag) == opaque(etag)) return true;
    list.remove_prefix(close + 1);
    list = trimmed(list);
    if (!list.empty() && list.front() != ',') return false;
    if (!list.empty()) list.remove_prefix(1);
  }
  return false;
}

}  // namespace http

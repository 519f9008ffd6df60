#include "grammar.h"

#include <base/bytes.h>
#include <base/text.h>
#include <http/request.h>

#include <algorithm>
#include <boost/json/stream_parser.hpp>

namespace http {
namespace {

constexpr std::pair<std::string_view, Method> kMethods[] = {
    {"GET", Method::get},     {"HEAD", Method::head},      {"POST", Method::post},      {"PUT", Method::put},
    {"PATCH", Method::patch}, {"DELETE", Method::delete_}, {"OPTIONS", Method::options}};

// Fields that mean one thing or nothing: two of them would be two requests.
constexpr std::string_view kOnce[] = {
    "host",   "content-length", "transfer-encoding", "content-type",    "cookie",
    "origin", "range",          "if-range",          "authorization",   "sec-fetch-site",
    "x-csrf", "expect",         "if-match",          "content-encoding"};

constexpr HeadRefusal bad(std::string_view detail) { return {400, "malformed", detail}; }

}  // namespace

std::string_view name_of(Method m) { return kMethods[static_cast<std::size_t>(m)].first; }

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const auto byte = base::unhex(base::lower_ascii(text.substr(i + 1, 2)));
    if (!byte || byte->size() != 1) return {};
    out += *byte;
    i += 2;
  }
  return out;
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (is_digit(c) || is_letter(c) || std::string_view("-._~").find(c) != std::string_view::npos)
      out += c;
    else
      out.append("%").append(base::hex({&c, 1}));
  return out;
}

Request::Request(std::string head, std::size_t fields_max) : head_(std::move(head)) {
  refusal_ = read(fields_max);
}

std::optional<HeadRefusal> Request::read(std::size_t fields_max) {
  const std::string_view all = head_;
  const std::size_t line = all.find("\r\n");
  if (line == std::string_view::npos || all.size() < line + 4 || !all.ends_with("\r\n\r\n"))
    return bad("The head does not end with an empty line.");
  if (const auto r = read_line(all.substr(0, line))) return r;
  if (const auto r = read_fields(all.substr(line + 2, all.size() - line - 4), fields_max)) return r;
  if (const auto r = read_meaning()) return r;
  return read_path();
}

// method SP request-target SP HTTP-version
std::optional<HeadRefusal> Request::read_line(std::string_view line) {
  const std::size_t first = line.find(' '), last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || line.find(' ', first + 1) != last)
    return bad("The request line is not a method, a target and a version with one space between them.");
  const std::string_view method = line.substr(0, first), version = line.substr(last + 1);
  target_ = line.substr(first + 1, last - first - 1);
  if (!is_token(method)) return bad("The method is not a word.");
  if (version.size() != 8 || version.substr(0, 5) != "HTTP/" || !is_digit(version[5]) || version[6] != '.' ||
      !is_digit(version[7]))
    return bad("The version is not written like HTTP/1.1.");
  if (version != "HTTP/1.1" && version != "HTTP/1.0")
    return HeadRefusal{505, "version_not_supported", "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
  minor_ = version[7] - '0';
  const auto known = std::ranges::find(kMethods, method, &std::pair<std::string_view, Method>::first);
  if (known == std::end(kMethods))
    return HeadRefusal{501, "method_not_known", "The method is not known here; see the list of operations."};
  method_ = known->second;
  if (target_.empty() || target_[0] != '/')
    return bad("The target does not begin with a slash; send the path alone, without scheme and host.");
  for (const char c : target_)
    if (!is_visible(c) || std::string_view("\"<>\\^`{|}#").find(c) != std::string_view::npos)
      return bad("The target holds a character that must be percent-encoded.");
  return {};
}

std::optional<HeadRefusal> Request::read_fields(std::string_view lines, std::size_t fields_max) {
  while (!lines.empty()) {
    const std::size_t end = lines.find("\r\n");
    const std::string_view line = lines.substr(0, end);
    lines.remove_prefix(std::min(lines.size(), line.size() + 2));
    if (line.empty()) return bad("The head ends before its empty line.");
    if (line[0] == ' ' || line[0] == '\t')
      return bad("A field goes on in a second line; send each field in one line.");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
      return bad("A field does not begin with a name and a colon, without space before the colon.");
    const Field f{line.substr(0, colon), trimmed(line.substr(colon + 1))};
    if (!is_value(f.value)) return bad("A field holds a control character.");
    if (fields_.size() == fields_max)
      return HeadRefusal{431, "head_too_large", "The request has too many fields; send fewer."};
    const std::string name = base::lower_ascii(f.name);
    if (std::ranges::find(kOnce, std::string_view(name)) != std::end(kOnce) &&
        std::ranges::any_of(fields_, [&](const Field& g) { return base::iequals_ascii(g.name, name); }))
      return bad("A field that may stand once stands twice.");
    fields_.push_back(f);
  }
  return {};
}

std::optional<HeadRefusal> Request::read_meaning() {
  keeps_alive_ = minor_ == 1;
  bool coded = false, expects = false, hosted = false;
  for (const Field& f : fields_) {
    const std::string name = base::lower_ascii(f.name);
    if (name == "host") {
      hosted = true;
      if (!is_host(f.value)) return bad("Host is not a name or an address.");
    } else if (name == "content-length") {
      if (f.value.empty() || f.value.size() > 18 || !std::ranges::all_of(f.value, is_digit))
        return bad("Content-Length is not a number.");
      std::uint64_t n = 0;
      for (const char c : f.value) n = n * 10 + static_cast<unsigned>(c - '0');
      length_ = n;
    } else if (name == "transfer-encoding") {
      coded = true;
      if (!base::iequals_ascii(f.value, "chunked"))
        return HeadRefusal{501, "coding_not_known", "Only the transfer coding chunked is taken."};
      chunked_ = true;
    } else if (name == "content-encoding") {
      if (!base::iequals_ascii(f.value, "identity"))
        return HeadRefusal{415, "unsupported", "The body is compressed; send it as it is."};
    } else if (name == "expect") {
      if (!base::iequals_ascii(f.value, "100-continue"))
        return HeadRefusal{417, "expectation_failed", "Only 100-continue can be expected."};
      expects = true;
    } else if (name == "connection") {
      for (const std::string_view word : base::split(f.value, ',')) {
        if (!trimmed(word).empty() && !is_token(trimmed(word)))
          return bad("Connection is not a list of words.");
        if (base::iequals_ascii(trimmed(word), "close")) keeps_alive_ = false;
        if (base::iequals_ascii(trimmed(word), "keep-alive") && minor_ == 0) keeps_alive_ = true;
      }
    }
  }
  if (!hosted) return bad("Host is missing; name the host that is asked.");
  if (coded && length_) return bad("Content-Length and Transfer-Encoding stand together; send one of them.");
  if (coded && minor_ == 0) return bad("HTTP/1.0 has no Transfer-Encoding; send Content-Length.");
  expects_continue_ = expects && minor_ == 1 && has_body();
  return {};
}

std::optional<HeadRefusal> Request::read_path() {
  const std::string_view path = target_.substr(0, target_.find('?'));
  if (path == "/") return {};
  for (const std::string_view raw : base::split(path.substr(1), '/')) {
    std::optional<std::string> s = percent_decoded(raw);
    if (!s) return bad("The path holds a broken percent-encoding.");
    if (s->empty() || *s == "." || *s == "..") return bad("The path holds an empty or a dot segment.");
    if (!base::is_utf8(*s)) return bad("The path is not UTF-8.");
    for (const char c : *s)
      if (c == '/' || c == '\\' || is_control(c)) return bad("The path holds an encoded slash or control.");
    segments_.push_back(std::move(*s));
  }
  return {};
}

std::string_view Request::header(std::string_view name) const {
  for (const Field& f : fields_)
    if (base::iequals_ascii(f.name, name)) return f.value;
  return {};
}

std::string_view Request::cookie(std::string_view name) const {
  std::optional<std::string_view> found;
  for (const std::string_view pair : base::split(header("cookie"), ';')) {
    const std::string_view one = trimmed(pair);
    const std::size_t equals = one.find('=');
    if (equals == std::string_view::npos || one.substr(0, equals) != name) continue;
    if (found) return {};
    found = one.substr(equals + 1);
  }
  return found.value_or(std::string_view{});
}

std::optional<std::string> Request::query(std::string_view name) const {
  const std::size_t mark = target_.find('?');
  if (mark == std::string_view::npos) return {};
  const auto decoded = [](std::string_view raw) {
    std::string plain(raw);
    std::ranges::replace(plain, '+', ' ');
    return percent_decoded(plain);
  };
  for (const std::string_view pair : base::split(target_.substr(mark + 1), '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (decoded(pair.substr(0, equals)) != name) continue;
    const auto value = decoded(pair.substr(std::min(pair.size(), equals + 1)));
    return value && base::is_utf8(*value) ? value : std::nullopt;
  }
  return {};
}

const std::string& Request::place(std::string_view name) const {
  for (const auto& [n, value] : places)
    if (n == name) return value;
  base::fault("the route of " + std::string(target_) + " has no place {" + std::string(name) + "}");
}

base::Result<boost::json::value> Request::json() const {
  boost::json::stream_parser parser;
  boost::json::error_code ec;
  const std::size_t n = parser.write(body.data(), body.size(), ec);
  if (!ec) parser.finish(ec);
  if (ec)
    return base::Error{base::Refusal::invalid, "The body is not JSON (" + ec.message() + ") at byte " +
                                                   std::to_string(n) + "; send one JSON value in UTF-8."};
  return parser.release();
}

std::string Request::origin() const { return (secure ? "https://" : "http://") + base::lower_ascii(host()); }

}  // namespace http

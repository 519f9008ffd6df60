#include "grammar.h"

#include <base/text.h>
#include <http/security.h>

#include <openssl/crypto.h>

namespace http {

const std::vector<std::pair<std::string, std::string>>& security_headers() {
  static const std::vector<std::pair<std::string, std::string>> fields = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
       "connect-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; object-src "
       "'none'; "
       "frame-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; "
       "require-trusted-types-for 'script'; trusted-types default"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Embedder-Policy", "require-corp"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Referrer-Policy", "no-referrer"},
      {"X-Content-Type-Options", "nosniff"},
      {"Permissions-Policy",
       "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), fullscreen=(), "
       "geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), "
       "picture-in-picture=(), screen-wake-lock=(), usb=(), xr-spatial-tracking=()"},
      {"Strict-Transport-Security", "max-age=63072000"},
  };
  return fields;
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool same_origin(const Request& request) {
  const std::string_view site = request.header("sec-fetch-site"), origin = request.header("origin");
  return site.empty() ? origin == request.origin()
                      : site == "same-origin" && (origin.empty() || origin == request.origin());
}

base::Status from_our_page(const Request& request, std::string_view token) {
  if (!same_origin(request))
    return base::Error{base::Refusal::denied,
                       "The change does not come from a page of this server; open it there."};
  if (token.empty() || !same_secret(request.header("x-csrf"), token))
    return base::Error{base::Refusal::denied,
                       "The header X-CSRF does not carry the token of this session; load the page again."};
  return base::Done{};
}

bool is_our_host(std::string_view host, const std::vector<std::string>& hosts) {
  if (!is_host(host)) return false;
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.find(':', bracket == std::string_view::npos ? 0 : bracket);
  for (const std::string& ours : hosts)
    if (base::iequals_ascii(host, ours) || base::iequals_ascii(host.substr(0, colon), ours)) return true;
  return false;
}

}  // namespace http

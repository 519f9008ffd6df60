#pragma once
// What keeps a browser from being turned against the office: the headers of every answer (UI.md 1,
// SECURITY.md 3.3), and the three signs that a change comes from our own page.

#include <http/request.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace http {

// Name and value; Strict-Transport-Security last, for secure connections only. A response that sets one of
// these fields itself replaces it.
const std::vector<std::pair<std::string, std::string>>& security_headers();

// Compares without telling by time where the two differ.
bool same_secret(std::string_view a, std::string_view b);

// A change must come from a page of this origin: Sec-Fetch-Site says same-origin, or, where the browser does
// not send it, Origin is exactly ours; and the header X-CSRF carries the token of the session.
// (The third sign, the media type, is checked for every route.) Refuses: denied.
bool same_origin(const Request& request);  // without the token: for what comes before there is a session
base::Status from_our_page(const Request& request, std::string_view token);

// Whether the Host field is one of `hosts` ("custos.example" with any port, or "custos.example:8443"), so
// that a foreign name that resolves to us (DNS rebinding) is not served.
bool is_our_host(std::string_view host, const std::vector<std::string>& hosts);

}  // namespace http

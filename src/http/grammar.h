#pragma once
// The characters of HTTP (RFC 9110 5.6, RFC 3986), for the whole module.

#include <algorithm>
#include <string_view>

namespace http {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
constexpr bool is_visible(char c) { return c > 0x20 && c < 0x7f; }
constexpr bool is_control(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u < 0x20 || u == 0x7f;
}
constexpr bool is_token(std::string_view s) {
  return !s.empty() && std::ranges::all_of(s, [](char c) {
    return is_digit(c) || is_letter(c) ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}
constexpr bool is_value(
    std::string_view s) {  // bytes beyond ASCII are let through: cookies of others hold them
  return std::ranges::all_of(s, [](char c) { return c == '\t' || !is_control(c); });
}
constexpr std::string_view trimmed(std::string_view s) {  // of spaces and tabs, as HTTP knows no others
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t')) s.remove_suffix(1);
  return s;
}
// A name or address, and a port: reg-name without escapes, IPv4, or IPv6 in brackets.
constexpr bool is_host(std::string_view s) {
  std::size_t end = 0;
  if (s.starts_with('[')) {
    end = s.find(']');
    if (end == std::string_view::npos || end < 3) return false;
    for (const char c : s.substr(1, end - 1))
      if (!is_digit(c) && !(c >= 'a' && c <= 'f') && !(c >= 'A' && c <= 'F') && c != ':' && c != '.')
        return false;
    ++end;
  } else {
    while (end < s.size() &&
           (is_digit(s[end]) || is_letter(s[end]) || s[end] == '-' || s[end] == '.' || s[end] == '_'))
      ++end;
    if (end == 0) return false;
  }
  const std::string_view port = s.substr(end);
  return port.empty() || (port.size() >= 2 && port.size() <= 6 && port[0] == ':' &&
                          std::ranges::all_of(port.substr(1), is_digit));
}

}  // namespace http

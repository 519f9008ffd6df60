#include "mail.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/handle.h>
#include <base/time.h>

#include <boost/json.hpp>
#include <curl/curl.h>

#include <cstdio>
#include <memory>

namespace service {
namespace {

struct Reading {
  std::string_view left;
};
std::size_t give(char* to, std::size_t size, std::size_t n, void* from) {
  auto& r = *static_cast<Reading*>(from);
  const std::size_t some = std::min(size * n, r.left.size());
  r.left.copy(to, some);
  r.left.remove_prefix(some);
  return some;
}

// RFC 2047: a subject of any letters as one or more encoded words.
std::string encoded(std::string_view s) {
  bool ascii = true;
  for (const char c : s) ascii &= c >= 0x20 && c < 0x7F;
  if (ascii) return std::string(s);
  std::string out = "=?utf-8?q?";
  for (const char c : s) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    char hex[4];
    std::snprintf(hex, sizeof hex, "=%02X", static_cast<unsigned char>(c));
    out += plain ? std::string(1, c) : c == ' ' ? std::string("_") : std::string(hex);
  }
  return out + "?=";
}

std::string date_line(std::int64_t seconds) {
  static constexpr const char* kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const base::Civil c = base::civil(seconds);
  char line[64];
  std::snprintf(line, sizeof line, "%s, %02d %s %04d %02d:%02d:%02d +0000", kDays[seconds / 86400 % 7], c.day,
                kMonths[c.month - 1], c.year, c.hour, c.minute, c.second);
  return line;
}

}  // namespace

base::Result<MailServer> read_mail_server(std::string_view text) {
  boost::system::error_code broken;
  const boost::json::value v = boost::json::parse(boost::json::string_view(text.data(), text.size()), broken);
  const auto* o = v.if_object();
  if (broken || !o)
    return base::Error{base::Refusal::invalid, "the file of the mail server is no JSON object"};
  MailServer out;
  for (const auto& m : *o) {
    const std::string_view name = m.key();
    if (name == "tls" && m.value().is_bool()) {
      out.tls = m.value().get_bool();
      continue;
    }
    if (!m.value().is_string())
      return base::Error{base::Refusal::invalid, "\"" + std::string(name) + "\" must be a text"};
    const std::string s(m.value().get_string());
    if (name == "server")
      out.url = s;
    else if (name == "from")
      out.from = s;
    else if (name == "user")
      out.user = s;
    else if (name == "password_file") {
      if (!base::file_exists(s))
        return base::Error{base::Refusal::not_found, "\"password_file\": there is no file " + s};
      out.password = base::read_file(s);
      while (!out.password.empty() && (out.password.back() == '\n' || out.password.back() == '\r'))
        out.password.pop_back();
    } else {
      return base::Error{base::Refusal::invalid, "\"" + std::string(name) +
                                                     "\" is not known; there are server, from, user, "
                                                     "password_file and tls"};
    }
  }
  if (!out.url.starts_with("smtp://") && !out.url.starts_with("smtps://"))
    return base::Error{base::Refusal::invalid, "\"server\" begins with smtp:// or smtps://"};
  if (out.from.find('@') == std::string::npos || out.from.find_first_of("\r\n<>") != std::string::npos)
    return base::Error{base::Refusal::invalid, "\"from\" is an address, for example custos@office.example"};
  return out;
}

base::Status send_mail(const MailServer& server, const std::string& to, const std::string& subject,
                       const std::string& text, std::int64_t now) {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) base::fault("libcurl does not start");
  const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
  if (!curl) base::fault("no memory for a mail");
  const std::string domain = server.from.substr(server.from.rfind('@') + 1);
  std::string body;
  for (const char c : text) body += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const std::string mail =
      "Date: " + date_line(now) + "\r\nFrom: Custos <" + server.from + ">\r\nTo: <" + to +
      ">\r\nSubject: " + encoded(subject) + "\r\nMessage-ID: <" + base::hex(base::random_bytes(16)) + "@" +
      domain +
      ">\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; "
      "charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" +
      body + "\r\n";
  Reading reading{mail};
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> people(
      curl_slist_append(nullptr, ("<" + to + ">").c_str()), curl_slist_free_all);
  char said[CURL_ERROR_SIZE] = "";
  CURL* c = curl.get();
  curl_easy_setopt(c, CURLOPT_URL, server.url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(c, CURLOPT_PROXY, "");
  curl_easy_setopt(c, CURLOPT_USE_SSL,
                   server.tls ? static_cast<long>(CURLUSESSL_ALL) : static_cast<long>(CURLUSESSL_NONE));
  curl_easy_setopt(c, CURLOPT_MAIL_FROM, ("<" + server.from + ">").c_str());
  curl_easy_setopt(c, CURLOPT_MAIL_RCPT, people.get());
  curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
  curl_easy_setopt(c, CURLOPT_READDATA, &reading);
  curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(c, CURLOPT_TIMEOUT, 30L);
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_ERRORBUFFER, said);
  if (!server.user.empty()) {
    curl_easy_setopt(c, CURLOPT_USERNAME, server.user.c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, server.password.c_str());
  }
  const CURLcode done = curl_easy_perform(c);
  if (done == CURLE_OK) return base::Done{};
  return base::Error{base::Refusal::unsupported, "the mail server did not take a mail: " +
                                                     std::string(*said ? said : curl_easy_strerror(done))};
}

}  // namespace service

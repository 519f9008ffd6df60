#pragma once
// Mail that tells a person that something awaits them in Custos: how much, never what. Sent through the mail
// server that the office names, and only there: the one call that leaves the machine, off unless configured.

#include <base/result.h>

#include <string>
#include <string_view>

namespace service {

struct MailServer {
  std::string url;  // "smtp://mail.office.example:587", "smtps://..."
  std::string from, user, password;
  bool tls = true;  // false: only for a server on this machine
};
// Reads {"server","from","user","password_file","tls"}. Refuses: invalid, naming the member.
base::Result<MailServer> read_mail_server(std::string_view json);

// Refuses: unsupported, with what the server said.
base::Status send_mail(const MailServer& server, const std::string& to, const std::string& subject,
                       const std::string& text, std::int64_t now);

}  // namespace service

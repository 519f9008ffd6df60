#pragma once
// The office on the web: people sign in, see what they may see and nothing else. One program with its own
// database, workers and front end; docs/formats/api.md.

#include <base/result.h>
#include <base/time.h>
#include <evidence/office.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace service {

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8440;       // 0: the system chooses
  bool tls = false;                // with the certificate below, or one of its own making
  std::string certificate, key;    // PEM files
  std::vector<std::string> hosts;  // names it answers to, beside localhost
  std::string proxy;               // address of the proxy before it, which does the TLS; empty: none
  std::string web;                 // folder of the built front end; empty: the API alone
  std::string worker;              // path of custos-worker
  std::string policy;              // JSON; empty: the shipped one
  std::string mail;                // JSON: the mail server (docs/formats/records.md); empty: no mail
  std::string makes;               // JSON: authenticators of hardware; empty: none counts as such
  std::string directory;           // JSON: the office's identity provider; empty: none, and no call leaves
  std::string identity;            // socket of the identity register; empty: the office has none
  std::function<base::Status()> seal;  // makes the keys of the office be forgotten; empty: not from here
  bool sessions_anew = false;          // everybody signs in again, as after the office was sealed
  std::function<void(std::string_view)> log;
};

class Service {
 public:
  // Listens when it returns. Refuses: invalid (the policy, by its place), denied, unsupported.
  static base::Result<std::unique_ptr<Service>> start(evidence::Office& office, Options options,
                                                      const base::Clock& clock = base::system_clock());
  // The same without the web: does the jobs of the office, beside the servers that share its database.
  // Refuses: unsupported (its records are in its home, where one server has them).
  static base::Result<std::unique_ptr<Service>> work(evidence::Office& office, Options options,
                                                     const base::Clock& clock = base::system_clock());
  ~Service();

  std::string origin() const;  // "http://localhost:8440"
  std::uint16_t port() const;
  // An address by which this person signs in once, within a quarter of an hour, to enrol a passkey or a
  // password. Refuses: not_found.
  base::Result<std::string> sign_in_link(const std::string& person_code);
  // The same for who opened the office, while they have no key of their own. Refuses: conflict.
  base::Result<std::string> first_link();
  void stop(std::chrono::milliseconds limit);

 private:
  struct Parts;
  static base::Result<std::unique_ptr<Parts>> open(evidence::Office& office, Options options,
                                                   const base::Clock& clock);
  explicit Service(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace service

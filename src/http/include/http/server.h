#pragma once
// The HTTP/1.1 server (RFC 9110, 9112), plain or over TLS 1.3 and 1.2. Few threads hold all connections; a
// bounded pool runs the handlers. docs/adr/0009.

#include <base/time.h>
#include <http/router.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace http {

enum class Transport : std::uint8_t { plain, tls };

struct Listen {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: the system chooses
  Transport transport = Transport::plain;
};

struct Options {
  std::vector<Listen> listen{Listen{}};
  std::string certificate_file, key_file;  // PEM; own_certificate() makes them
  // Names this server answers to, with or without port (is_our_host); others get 421.
  std::vector<std::string> hosts{"localhost", "127.0.0.1", "[::1]"};
  // Addresses whose X-Forwarded-For and X-Forwarded-Proto are believed.
  std::vector<std::string> proxies;

  unsigned loops = 2;              // threads that hold connections
  unsigned pool_threads = 8;       // threads that run handlers
  std::size_t pool_waiting = 256;  // handlers that may wait for one; beyond: 503 with Retry-After

  std::size_t connections_max = 4096;
  std::size_t connections_an_address_max = 256;  // IPv6: of a /64; not for proxies
  std::size_t head_bytes_max = 16 * 1024;
  std::size_t fields_max = 100;
  std::uint64_t held_bytes_max = 256 << 20;  // of all bodies in memory together; beyond: 503

  // A phase that takes longer ends with its connection. Bodies and answers get one second more for each
  // rate_bytes_min bytes that moved.
  std::chrono::milliseconds idle{60'000};    // between requests
  std::chrono::milliseconds header{10'000};  // TLS handshake; first byte of a head to its end
  std::chrono::milliseconds body{20'000};
  std::chrono::milliseconds write{20'000};
  std::chrono::milliseconds linger{2'000};      // waiting for the other end to close
  std::chrono::milliseconds heartbeat{15'000};  // of event streams
  std::uint64_t rate_bytes_min = 4 * 1024;

  // Told of faults: one line, without content of requests. Called on any thread.
  std::function<void(std::string_view)> log;
};

struct Figures {
  std::uint64_t connections = 0, accepted = 0, requests = 0, refused = 0, cut = 0;
};

class Server {
 public:
  // Listens when it returns. Faults: an address is taken, a certificate does not load.
  Server(Options options, Router router, const base::Clock& clock = base::system_clock());
  ~Server();  // stop(0)
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port(std::size_t listener = 0) const;
  // Takes no new connection, ends event streams and idle connections, lets requests end within `limit`, then
  // cuts the rest. Handlers that run are waited for. Returns how many connections were cut.
  std::size_t stop(std::chrono::milliseconds limit);
  Figures figures() const;

 private:
  struct Core;
  std::unique_ptr<Core> core_;
};

struct CertificateFiles {
  std::string certificate_file, key_file;
  std::string fingerprint;  // SHA-256 of the certificate, hexadecimal: what a person compares
};
// The certificate in `folder`, made when absent or within 30 days of its end: EC P-256, self-signed, for
// `names` (DNS names and IP addresses), 397 days. Faults when the folder cannot be written.
CertificateFiles own_certificate(const std::string& folder, const std::vector<std::string>& names,
                                 const base::Clock& clock = base::system_clock());

}  // namespace http

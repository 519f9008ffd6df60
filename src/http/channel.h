#pragma once
// A connected socket that never blocks, plain or under TLS: each call does what can be done now and says what
// to wait for otherwise. Whoever waits knows nothing of TLS, and TLS nothing of waiting.

#include <base/handle.h>
#include <base/result.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

typedef struct ssl_ctx_st SSL_CTX;

namespace http {

enum class Wants { nothing, to_read, to_write };

struct Step {
  std::size_t bytes = 0;  // moved; 0 and nothing to wait for: the connection has ended
  Wants wants = Wants::nothing;
};

struct Channel {
  virtual ~Channel() = default;
  virtual Step handshake() = 0;  // bytes is 1 once it is through
  virtual Step read(char* to, std::size_t n) = 0;
  virtual Step write(std::string_view bytes) = 0;  // some of them; call again with the rest
  virtual void say_goodbye() = 0;                  // ends our half, as far as it goes without waiting
  // Bytes have arrived that the socket no longer shows.
  virtual bool holds_bytes() const = 0;
};

struct TlsFree {
  void operator()(SSL_CTX* c) const;
};
using TlsContext = std::unique_ptr<SSL_CTX, TlsFree>;
// TLS 1.2 and 1.3, forward secret ciphers with authentication only, http/1.1. Faults when the files do not
// load.
TlsContext tls_context(const std::string& certificate_file, const std::string& key_file);

std::unique_ptr<Channel> plain_channel(int fd);  // `fd` stays the caller's
std::unique_ptr<Channel> tls_channel(int fd, SSL_CTX* context);

}  // namespace http

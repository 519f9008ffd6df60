#include "channel.h"

#include <cerrno>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace http {
namespace {

struct Plain final : Channel {
  explicit Plain(int f) : fd(f) {}
  static Step done(ssize_t n, Wants wants) {
    if (n > 0) return {static_cast<std::size_t>(n), Wants::nothing};
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) return {0, wants};
    return {};
  }
  Step handshake() override { return {1, Wants::nothing}; }
  Step read(char* to, std::size_t n) override { return done(::recv(fd, to, n, 0), Wants::to_read); }
  Step write(std::string_view b) override {
    return done(::send(fd, b.data(), b.size(), MSG_NOSIGNAL), Wants::to_write);
  }
  void say_goodbye() override { ::shutdown(fd, SHUT_WR); }
  bool holds_bytes() const override { return false; }
  int fd;
};

struct Tls final : Channel {
  Tls(int fd, SSL_CTX* context) : socket(fd), ssl(SSL_new(context)) {
    if (!ssl || SSL_set_fd(ssl.get(), fd) != 1) base::fault("no memory for a TLS connection");
    SSL_set_accept_state(ssl.get());
  }
  Step done(int n) {
    if (n > 0) return {static_cast<std::size_t>(n), Wants::nothing};
    switch (SSL_get_error(ssl.get(), n)) {
      case SSL_ERROR_WANT_READ: return {0, Wants::to_read};
      case SSL_ERROR_WANT_WRITE: return {0, Wants::to_write};
      case SSL_ERROR_ZERO_RETURN: return {};
      default: broken = true; return {};
    }
  }
  // Each call looks at the errors of this thread, so those of another connection must be gone.
  Step handshake() override {
    ERR_clear_error();
    return done(SSL_do_handshake(ssl.get()));
  }
  Step read(char* to, std::size_t n) override {
    if (broken) return {};
    ERR_clear_error();
    return done(SSL_read(ssl.get(), to, static_cast<int>(std::min<std::size_t>(n, 1 << 20))));
  }
  Step write(std::string_view b) override {
    if (broken) return {};
    ERR_clear_error();
    return done(SSL_write(ssl.get(), b.data(), static_cast<int>(std::min<std::size_t>(b.size(), 1 << 20))));
  }
  void say_goodbye() override {
    if (!broken && SSL_is_init_finished(ssl.get())) {
      ERR_clear_error();
      SSL_shutdown(ssl.get());
    }
    ::shutdown(socket, SHUT_WR);
  }
  bool holds_bytes() const override { return SSL_has_pending(ssl.get()) == 1; }

  int socket;
  base::Handle<SSL, SSL_free> ssl;
  bool broken = false;  // after a fatal error the state must not be touched (SSL_shutdown(3))
};

// http/1.1 is spoken, whatever else is offered; who offers only others is refused in the handshake.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* n, const unsigned char* in, unsigned in_n,
                    void*) {
  static constexpr unsigned char kOurs[] = "\x08http/1.1";
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, n, kOurs, sizeof kOurs - 1, in, in_n) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

}  // namespace

void TlsFree::operator()(SSL_CTX* c) const { SSL_CTX_free(c); }

TlsContext tls_context(const std::string& certificate_file, const std::string& key_file) {
  TlsContext context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX* c = context.get();
  if (!c) base::fault("no memory for TLS");
  SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION);
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                             SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(
      c, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(c, 1);
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(c, 1);
  SSL_CTX_set_alpn_select_cb(c, choose_protocol, nullptr);
  if (SSL_CTX_set_cipher_list(c, "ECDHE+AESGCM:ECDHE+CHACHA20") != 1 ||
      SSL_CTX_set1_groups_list(c, "X25519:P-256") != 1)
    base::fault("OpenSSL lacks the ciphers that are needed");
  if (SSL_CTX_use_certificate_chain_file(c, certificate_file.c_str()) != 1)
    base::fault("the certificate " + certificate_file + " does not load; give a PEM file");
  if (SSL_CTX_use_PrivateKey_file(c, key_file.c_str(), SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_check_private_key(c) != 1)
    base::fault("the key " + key_file +
                " does not load or is not that of the certificate; give its PEM file");
  return context;
}

std::unique_ptr<Channel> plain_channel(int fd) { return std::make_unique<Plain>(fd); }
std::unique_ptr<Channel> tls_channel(int fd, SSL_CTX* context) { return std::make_unique<Tls>(fd, context); }

}  // namespace http

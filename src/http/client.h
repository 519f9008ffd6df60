#pragma once
// A client for tests and measurements: blocking, and willing to send what no client should.

#include <base/bytes.h>
#include <base/handle.h>
#include <base/text.h>

#include <arpa/inet.h>
#include <csignal>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace http {

struct Reply {
  int status = 0;  // 0: none came
  std::string head, body;
  bool whole = false;                               // the body is as long as it was said to be
  std::string field(std::string_view name) const {  // all of that name, "; " between
    std::vector<std::string> found;
    for (std::string_view line : base::split(head, '\n'))
      if (line.size() > name.size() && line[name.size()] == ':' &&
          base::iequals_ascii(line.substr(0, name.size()), name))
        found.emplace_back(base::trim(line.substr(name.size() + 1)));
    return base::join(found, "; ");
  }
};

class Client {
 public:
  // Connects, or is not alive(). `from`: the address to come from. Two minutes without an answer end it.
  Client(std::uint16_t port, bool tls, const char* from = "127.0.0.1") {
    // OpenSSL writes without MSG_NOSIGNAL.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    static SSL_CTX* const context = [] {
      SSL_CTX* c = SSL_CTX_new(TLS_client_method());
      SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);
      return c;
    }();
    fd_ = base::Fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval patience{120, 0};
    const int one = 1;
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    sockaddr_in here{}, there{};
    here.sin_family = there.sin_family = AF_INET;
    ::inet_pton(AF_INET, from, &here.sin_addr);
    ::inet_pton(AF_INET, "127.0.0.1", &there.sin_addr);
    there.sin_port = htons(port);
    alive_ = ::bind(fd_.get(), reinterpret_cast<sockaddr*>(&here), sizeof here) == 0 &&
             ::connect(fd_.get(), reinterpret_cast<sockaddr*>(&there), sizeof there) == 0;
    if (!alive_ || !tls) return;
    ssl_.reset(SSL_new(context));
    SSL_set_fd(ssl_.get(), fd_.get());
    alive_ = SSL_connect(ssl_.get()) == 1;
  }

  bool alive() const { return alive_; }
  SSL* ssl() { return ssl_.get(); }
  int fd() const { return fd_.get(); }

  bool send(std::string_view bytes) {
    while (alive_ && !bytes.empty()) {
      const long n = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                          : ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0)
        alive_ = false;
      else
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return alive_;
  }
  // What is there, waiting for the first byte; empty at the end.
  std::string_view receive() {
    const long n =
        ssl_ ? SSL_read(ssl_.get(), room_, sizeof room_) : ::recv(fd_.get(), room_, sizeof room_, 0);
    return {room_, static_cast<std::size_t>(std::max(0l, n))};
  }
  std::string receive_all() {
    std::string all = std::exchange(in_, {});
    for (std::string_view s; !(s = receive()).empty();) all += s;
    return all;
  }
  // Until what was received holds `text`; what came before and with it. Empty when it never came.
  std::string receive_until(std::string_view text) {
    std::size_t at;
    while ((at = in_.find(text)) == in_.npos)
      if (!more()) return {};
    std::string out = in_.substr(0, at + text.size());
    in_.erase(0, out.size());
    return out;
  }
  void end_sending() { ::shutdown(fd_.get(), SHUT_WR); }

  Reply reply(bool head_only = false) {
    Reply r;
    r.head = receive_until("\r\n\r\n");
    if (r.head.size() < 12) return r;
    r.status = std::atoi(r.head.c_str() + 9);
    if (r.status == 100 || r.status == 204 || r.status == 304 || head_only) {
      r.whole = true;
    } else if (const std::string n = r.field("content-length"); !n.empty()) {
      const std::size_t length = std::stoull(n);
      while (in_.size() < length && more()) {}
      r.whole = in_.size() >= length;
      r.body = in_.substr(0, length);
      in_.erase(0, r.body.size());
    } else {
      while (more()) {}
      r.body = std::exchange(in_, {});
      r.whole = true;
    }
    return r;
  }
  // A whole request with Host, and Content-Length where there is a body.
  Reply ask(std::string_view method, std::string_view target, std::string_view fields = {},
            std::optional<std::string_view> body = {}) {
    std::string text;
    text.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: localhost\r\n").append(fields);
    if (body) text.append("Content-Length: ").append(std::to_string(body->size())).append("\r\n");
    text.append("\r\n").append(body.value_or(""));
    send(text);
    return reply(method == "HEAD");
  }
  Reply get(std::string_view target, std::string_view fields = {}) { return ask("GET", target, fields); }

 private:
  bool more() {
    const std::string_view s = receive();
    in_ += s;
    return !s.empty();
  }
  base::Fd fd_;
  base::Handle<SSL, SSL_free> ssl_;
  bool alive_ = false;
  std::string in_;
  char room_[16 * 1024];
};

inline std::size_t resident_bytes() {  // of this process
  const std::string text = base::read_file("/proc/self/statm");
  return std::stoull(text.substr(text.find(' '))) * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace http

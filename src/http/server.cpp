#include "session.h"

#include <base/text.h>

#include <arpa/inet.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <csignal>
#include <future>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace http {
namespace {

using Descriptor = asio::posix::basic_stream_descriptor<Executor>;

struct Address {
  sockaddr_storage storage{};
  socklen_t length = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address address_of(const Listen& listen) {
  Address a;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&a.storage);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&a.storage);
  std::string text = listen.address;
  if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
  if (::inet_pton(AF_INET, text.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET, v4->sin_port = htons(listen.port), a.length = sizeof *v4;
  } else if (::inet_pton(AF_INET6, text.c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6, v6->sin6_port = htons(listen.port), a.length = sizeof *v6;
  } else {
    base::fault("cannot listen on " + listen.address + ": give an IPv4 or IPv6 address");
  }
  return a;
}

std::string text_of(const Address& a) {
  char text[INET6_ADDRSTRLEN] = "";
  if (a.storage.ss_family == AF_INET)
    ::inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(a.storage).sin_addr, text, sizeof text);
  else
    ::inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(a.storage).sin6_addr, text, sizeof text);
  const std::string_view s = text;
  return std::string(s.starts_with("::ffff:") && s.find('.') != s.npos ? s.substr(7) : s);
}

// Whose connections are counted together: an IPv4 address, or the /64 a single subscriber has.
std::string neighbourhood(const std::string& peer) {
  unsigned char bytes[16];
  if (::inet_pton(AF_INET6, peer.c_str(), bytes) != 1) return peer;
  return {reinterpret_cast<const char*>(bytes), 8};
}

base::Fd listen_on(const Listen& listen, std::uint16_t& port) {
  Address a = address_of(listen);
  const std::string where = listen.address + ":" + std::to_string(listen.port);
  base::Fd fd(::socket(a.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const int one = 1;
  if (!fd) base::fault_errno("cannot listen on " + where);
  ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (a.storage.ss_family == AF_INET6) ::setsockopt(fd.get(), IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
  if (::bind(fd.get(), a.get(), a.length) || ::listen(fd.get(), 4096))
    base::fault_errno("cannot listen on " + where);
  a.length = sizeof a.storage;
  ::getsockname(fd.get(), a.get(), &a.length);
  port = ntohs(a.storage.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(a.storage).sin_port
                                              : reinterpret_cast<sockaddr_in6&>(a.storage).sin6_port);
  return fd;
}

constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Type: application/problem+json\r\n"
    "Content-Length: 150\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    R"({"type":"about:blank","status":503,"code":"full","title":"Service Unavailable",)"
    R"("detail":"The server has too many connections; try again in a second."})";
static_assert(kFull.size() - kFull.find("\r\n\r\n") - 4 == 150);

}  // namespace

bool Engine::is_proxy(const std::string& peer) const {
  return std::ranges::find(options.proxies, peer) != options.proxies.end();
}

bool Engine::admit(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  if (connections_ >= options.connections_max) return false;
  std::size_t& of_address = addresses_[neighbourhood(peer)];
  if (of_address >= options.connections_an_address_max && !is_proxy(peer)) return false;
  ++of_address, ++connections_;
  return true;
}

void Engine::leave(const std::string& peer) {
  const std::lock_guard lock(mutex_);
  const auto found = addresses_.find(neighbourhood(peer));
  if (--found->second == 0) addresses_.erase(found);
  if (--connections_ == 0) left_.notify_all();
}

std::size_t Engine::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

bool Engine::wait_until_empty(std::chrono::milliseconds limit) const {
  std::unique_lock lock(mutex_);
  return left_.wait_for(lock, limit, [&] { return connections_ == 0; });
}

struct Server::Core : Engine {
  Core(Options o, Router r, const base::Clock& c) : Engine(std::move(o), std::move(r), c) {}

  void listen();
  void start();
  Await<void> accept(Descriptor& from, SSL_CTX* tls);
  void take(base::Fd socket, const std::string& peer, SSL_CTX* tls);
  Await<void> watch_deadlines(Loop& loop);
  // On every loop, and returns when all have done it.
  void on_every_loop(const std::function<void(Loop&)>& f);

  TlsContext tls;
  std::vector<std::unique_ptr<Loop>> loops;
  std::vector<std::unique_ptr<Descriptor>> listeners;  // on the first loop
  std::vector<std::uint16_t> ports;
  std::vector<std::thread> threads;
  std::size_t next = 0;  // loop to get the next connection
  std::mutex stopping_mutex;
};

void Server::Core::listen() {
  for (unsigned i = 0; i < std::max(1u, options.loops); ++i) loops.push_back(std::make_unique<Loop>());
  for (const Listen& l : options.listen) {
    if (l.transport == Transport::tls && !tls) tls = tls_context(options.certificate_file, options.key_file);
    base::Fd fd = listen_on(l, ports.emplace_back());
    listeners.push_back(std::make_unique<Descriptor>(loops[0]->io));
    listeners.back()->assign(fd.release());
  }
}

void Server::Core::start() {
  for (std::size_t i = 0; i < listeners.size(); ++i)
    asio::co_spawn(loops[0]->io,
                   accept(*listeners[i], options.listen[i].transport == Transport::tls ? tls.get() : nullptr),
                   asio::detached);
  for (const auto& loop : loops) {
    asio::co_spawn(loop->io, watch_deadlines(*loop), asio::detached);
    threads.emplace_back([&io = loop->io] {
      // OpenSSL writes without MSG_NOSIGNAL: a connection that has gone is an error here, not a signal.
      sigset_t pipe;
      sigemptyset(&pipe);
      sigaddset(&pipe, SIGPIPE);
      pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
      io.run();
    });
  }
}

// Ends when the listener is closed.
Await<void> Server::Core::accept(Descriptor& from, SSL_CTX* context) {
  for (;;) {
    boost::system::error_code ec;
    co_await from.async_wait(asio::posix::descriptor_base::wait_read, asio::redirect_error(use_await, ec));
    if (ec || stopping) co_return;
    for (int burst = 0; burst < 64; ++burst) {
      Address peer;
      peer.length = sizeof peer.storage;
      base::Fd fd(::accept4(from.native_handle(), peer.get(), &peer.length, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (fd) {
        take(std::move(fd), text_of(peer), context);
      } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        log("no file descriptor is left for new connections; raise the limit of open files");
        Timer pause(loops[0]->io, std::chrono::milliseconds(100));
        co_await pause.async_wait(asio::redirect_error(use_await, ec));
        break;
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
        break;
      }
    }
  }
}

void Server::Core::take(base::Fd socket, const std::string& peer, SSL_CTX* context) {
  ++accepted;
  if (!admit(peer)) {
    ++refused;
    if (!context) ::send(socket.get(), kFull.data(), kFull.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    ::shutdown(socket.get(), SHUT_WR);
    return;
  }
  const int one = 1;
  ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  Loop& loop = *loops[next++ % loops.size()];
  asio::post(loop.io, [this, &loop, fd = std::move(socket), peer, context]() mutable {
    std::shared_ptr<Session> session;
    try {
      session = std::make_shared<Session>(*this, loop, std::move(fd), context, peer);
    } catch (const std::exception& e) {
      leave(peer);
      return log(std::string("a connection was not taken: ") + e.what());
    }
    asio::co_spawn(loop.io, Session::live(std::move(session)), asio::detached);
  });
}

// Looks at all connections a few times in the shortest deadline: cheaper than a timer for each operation.
Await<void> Server::Core::watch_deadlines(Loop& loop) {
  using std::chrono::milliseconds;
  const Options& o = options;
  const milliseconds period = std::clamp(std::min({o.idle, o.header, o.body, o.write, o.linger}) / 8,
                                         milliseconds(2), milliseconds(250));
  while (!loop.ending) {  // not told by the error alone: a tick that is already due cannot be cancelled
    boost::system::error_code ec;
    loop.tick.expires_after(period);
    co_await loop.tick.async_wait(asio::redirect_error(use_await, ec));
    const auto now = Time::now();
    for (Session* s : loop.sessions)
      if (s->is_late(now)) s->cut();
  }
}

void Server::Core::on_every_loop(const std::function<void(Loop&)>& f) {
  for (const auto& loop : loops) {
    std::promise<void> done;
    asio::post(loop->io, [&] {
      f(*loop);
      done.set_value();
    });
    done.get_future().wait();
  }
}

Server::Server(Options options, Router router, const base::Clock& clock)
    : core_(std::make_unique<Core>(std::move(options), std::move(router), clock)) {
  core_->listen();
  core_->start();
}

Server::~Server() { stop(std::chrono::milliseconds(0)); }

std::uint16_t Server::port(std::size_t listener) const { return core_->ports.at(listener); }

Figures Server::figures() const {
  return {core_->connections(), core_->accepted, core_->requests, core_->refused, core_->cut};
}

std::size_t Server::stop(std::chrono::milliseconds limit) {
  Core& c = *core_;
  const std::lock_guard lock(c.stopping_mutex);
  if (c.threads.empty()) return 0;
  c.stopping = true;
  // First nothing new, so that every connection there is will hear the rest.
  c.on_every_loop([&](Loop& loop) {
    if (&loop != c.loops[0].get()) return;
    boost::system::error_code ec;
    for (const auto& l : c.listeners) l->close(ec);
  });
  c.on_every_loop([](Loop& loop) {
    for (Session* s : loop.sessions) s->stop_soon();
  });
  std::size_t cut = 0;
  if (!c.wait_until_empty(limit))
    c.on_every_loop([&](Loop& loop) {
      for (Session* s : loop.sessions) s->cut(), ++cut;
    });
  while (!c.wait_until_empty(std::chrono::seconds(1))) {}
  c.on_every_loop([](Loop& loop) {
    loop.ending = true;
    loop.tick.cancel();
  });
  for (const auto& loop : c.loops) loop->work.reset();
  for (std::thread& t : c.threads) t.join();
  c.threads.clear();
  return cut;
}

}  // namespace http

// Requests a second, and how long they take, beside what the machine gives at best: a bare epoll loop that
// sends the same bytes back, measured in turn with the server by the same clients in the same minutes.
//
//   http_bench [seconds a round]        JSON on stdout, one line a figure
#include "client.h"

#include <base/json.h>
#include <http/server.h>

#include <atomic>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <netinet/in.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <thread>

namespace {

using http::Client, http::Request, http::Response;
using Time = std::chrono::steady_clock;

constexpr std::string_view kJson =
    R"({"id":12345,"name":"Exhibit P-0042","tags":["video","witness","ICTY"],"sealed":true})";
static_assert(kJson.size() >= 80 && kJson.size() <= 90);
constexpr std::string_view kAsk = "GET /json HTTP/1.1\r\nHost: localhost\r\n\r\n",
                           kAskPool = "GET /pool HTTP/1.1\r\nHost: localhost\r\n\r\n";

// What any server must do at least: wait, receive, send. It answers every read with `answer`.
class Echo {
 public:
  explicit Echo(std::string answer) : answer_(std::move(answer)) {
    listener_ = base::Fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_in a{};
    a.sin_family = AF_INET, a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t n = sizeof a;
    if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&a), n) || ::listen(listener_.get(), 4096))
      base::fault_errno("cannot listen");
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&a), &n);
    port = ntohs(a.sin_port);
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { run(); });
  }
  ~Echo() {
    ending_ = true;
    for (std::thread& t : threads_) t.join();
  }
  std::uint16_t port = 0;

 private:
  void run() {
    const base::Fd poll(::epoll_create1(EPOLL_CLOEXEC));
    epoll_event e{EPOLLIN | EPOLLEXCLUSIVE, {.fd = listener_.get()}}, ready[64];
    ::epoll_ctl(poll.get(), EPOLL_CTL_ADD, listener_.get(), &e);
    std::vector<base::Fd> connections;
    char room[4096];
    const int one = 1;
    while (!ending_) {
      const int n = ::epoll_wait(poll.get(), ready, 64, 50);
      for (int i = 0; i < n; ++i) {
        const int fd = ready[i].data.fd;
        if (fd == listener_.get()) {
          const int c = ::accept4(fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
          if (c < 0) continue;
          ::setsockopt(c, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
          epoll_event in{EPOLLIN, {.fd = c}};
          ::epoll_ctl(poll.get(), EPOLL_CTL_ADD, c, &in);
          connections.emplace_back(c);
        } else if (::recv(fd, room, sizeof room, 0) > 0) {
          ::send(fd, answer_.data(), answer_.size(), MSG_NOSIGNAL);
        } else {
          ::epoll_ctl(poll.get(), EPOLL_CTL_DEL, fd, nullptr);
        }
      }
    }
  }
  std::string answer_;
  base::Fd listener_;
  std::atomic<bool> ending_ = false;
  std::vector<std::thread> threads_;
};

struct Round {
  double a_second = 0, p50_ms = 0, p99_ms = 0;
};

// One thread asks over `n` connections, each with one request under way, as wrk does.
Round round(std::uint16_t port, bool tls, std::size_t n, double seconds, std::string_view ask = kAsk) {
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<pollfd> waits;
  std::vector<Time::time_point> sent(n);
  for (std::size_t i = 0; i < n; ++i) {
    clients.push_back(std::make_unique<Client>(port, tls));
    if (clients.back()->get("/json").status != 200) base::fault("the server does not answer");
    waits.push_back({clients.back()->fd(), POLLIN, 0});
  }
  std::vector<float> took;
  took.reserve(1 << 20);
  const auto start = Time::now(),
             end = start + std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(seconds));
  for (std::size_t i = 0; i < n; ++i) sent[i] = Time::now(), clients[i]->send(ask);
  for (auto now = start; now < end;) {
    ::poll(waits.data(), waits.size(), 100);
    for (std::size_t i = 0; i < n; ++i) {
      if (!(waits[i].revents & POLLIN)) continue;
      // The answer is one packet and one record: what was received is all of it.
      if (clients[i]->receive().empty()) base::fault("a connection was lost");
      now = Time::now();
      took.push_back(std::chrono::duration<float, std::milli>(now - sent[i]).count());
      sent[i] = now;
      clients[i]->send(ask);
    }
  }
  Round r;
  r.a_second = static_cast<double>(took.size()) / std::chrono::duration<double>(Time::now() - start).count();
  std::sort(took.begin(), took.end());
  r.p50_ms = took[took.size() / 2], r.p99_ms = took[took.size() * 99 / 100];
  return r;
}

double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

void print(const std::function<void(base::JsonWriter&)>& f) {
  std::string line;
  base::JsonWriter w(line);
  w.object();
  f(w);
  w.end_object();
  std::puts(line.c_str());
  std::fflush(stdout);
}

double rounded(double v) { return std::round(v * 100) / 100; }

http::Router routes() {
  http::Router r;
  for (const bool pool : {false, true})
    r.add({.method = http::Method::get,
           .path = pool ? "/pool" : "/json",
           .act = "bench.read",
           .runs = pool ? http::Runs::in_pool : http::Runs::in_loop,
           .handler = [](Request&) { return Response::json(std::string(kJson)); }});
  return r;
}

// The memory of the server with idle connections, clients being another process.
void idle(bool tls, const http::Options& options) {
  int orders[2], words[2];
  if (::pipe(orders) || ::pipe(words)) base::fault_errno("pipe");
  const pid_t child = ::fork();
  if (child == 0) {
    std::uint16_t port = 0;
    base::read_exactly(orders[0], &port, sizeof port);
    std::vector<std::unique_ptr<Client>> clients;
    int served = 0;
    for (int i = 0; i < 500; ++i) {
      clients.push_back(std::make_unique<Client>(port, tls));
      served += clients.back()->get("/json").status == 200;
    }
    base::write_all(words[1], {reinterpret_cast<const char*>(&served), sizeof served});
    base::read_exactly(orders[0], &port, 1);
    ::_exit(0);
  }
  {
    http::Server server(options, routes());
    Client(server.port(tls), tls).get("/json");
    const std::size_t before = http::resident_bytes();
    const std::uint16_t port = server.port(tls);
    base::write_all(orders[1], {reinterpret_cast<const char*>(&port), sizeof port});
    int served = 0;
    base::read_exactly(words[0], &served, sizeof served);
    const std::size_t after = http::resident_bytes();
    Client next(server.port(tls), tls);
    const auto asked = Time::now();
    const bool well = next.get("/json").status == 200;
    const double ms = std::chrono::duration<double, std::milli>(Time::now() - asked).count();
    print([&](base::JsonWriter& w) {
      w.member("figure", tls ? "idle 500 tls" : "idle 500 plain").member("served", served);
      w.member("rss_before_mib", rounded(static_cast<double>(before) / (1 << 20)));
      w.member("rss_after_mib", rounded(static_cast<double>(after) / (1 << 20)));
      w.member("kib_a_connection", rounded(static_cast<double>(after - before) / 500 / 1024));
      w.member("next_request_ms", well ? rounded(ms) : -1.0);
    });
  }
  base::write_all(orders[1], "x");
  ::waitpid(child, nullptr, 0);
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 3;
  const std::string folder = std::filesystem::temp_directory_path().string() + "/custos-http-bench";
  const auto files = http::own_certificate(folder, {"localhost", "127.0.0.1"});
  http::Options options;
  options.listen = {{}, {.transport = http::Transport::tls}};
  options.certificate_file = files.certificate_file, options.key_file = files.key_file;
  options.connections_an_address_max = 1000;
  for (const bool tls : {false, true}) idle(tls, options);  // first: one thread yet, so that fork() is safe

  http::Server server(options, routes());
  Client one(server.port(), false);
  one.send(kAsk);
  const http::Reply sample = one.reply();
  Echo echo(sample.head + sample.body);
  for (const std::size_t n : {32, 256}) {
    std::vector<Round> bare, plain, pool, tls;
    for (int i = 0; i < 3; ++i) {
      bare.push_back(round(echo.port, false, n, seconds));
      plain.push_back(round(server.port(0), false, n, seconds));
      pool.push_back(round(server.port(0), false, n, seconds, kAskPool));
      tls.push_back(round(server.port(1), true, n, seconds));
    }
    const auto of = [](const std::vector<Round>& rounds, double Round::*what) {
      std::vector<double> v;
      for (const Round& r : rounds) v.push_back(r.*what);
      return median(v);
    };
    const double best = of(bare, &Round::a_second);
    for (const auto& [name, rounds] : {std::pair("epoll echo", &bare),
                                       {"plain", &plain},
                                       {"plain, handler in the pool", &pool},
                                       {"tls", &tls}})
      print([&, figure = name, r = rounds](base::JsonWriter& w) {
        w.member("figure", std::string(figure) + " " + std::to_string(n));
        w.member("requests_a_second", std::round(of(*r, &Round::a_second)));
        w.member("p50_ms", rounded(of(*r, &Round::p50_ms))).member("p99_ms", rounded(of(*r, &Round::p99_ms)));
        w.member("of_echo", rounded(of(*r, &Round::a_second) / best));
      });
  }
  print([&](base::JsonWriter& w) {
    w.member("figure", "rss of server and clients")
        .member("mib", static_cast<std::int64_t>(http::resident_bytes() >> 20));
  });
  std::filesystem::remove_all(folder);
}

#include "session.h"

#include <base/text.h>
#include <http/security.h>

#include <arpa/inet.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <sys/socket.h>

namespace http {
namespace {

constexpr std::size_t kBlock = 256 * 1024;  // of a body, between connection and Sink

Response refusal(const HeadRefusal& r) {
  return Response::problem(
      {.status = r.status, .code = std::string(r.code), .title = {}, .detail = std::string(r.detail)});
}
Response busy() {
  return refusal({503, "busy", "The server has too much to do; try again in a second."})
      .with("Retry-After", "1");
}
Response fault() {
  return refusal({500, "fault", "The server failed at this request; it is logged there. Tell who runs it."});
}

// Runs what a handler is made of. Here refusals become problems, and faults end.
template <class F>
Response answer_of(const Engine& engine, const Route& route, F&& f) {
  try {
    base::Result<Response> r = f();
    return r.ok() ? std::move(r).value() : Response::problem(problem_of(r.error()));
  } catch (const std::exception& e) {
    engine.log(std::string(name_of(route.method)) + " " + route.path + ": " + e.what());
    return fault();
  }
}

bool is_address(const std::string& s) {
  unsigned char room[16];
  return ::inet_pton(AF_INET, s.c_str(), room) == 1 || ::inet_pton(AF_INET6, s.c_str(), room) == 1;
}

}  // namespace

// The bytes of a body in memory, counted among those of all.
struct Session::Held {
  explicit Held(Engine& e) : engine(e) {}
  ~Held() { engine.held_bytes -= bytes; }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;
  bool grow(std::uint64_t to) {
    engine.held_bytes += to - bytes;
    bytes = to;
    return engine.held_bytes <= engine.options.held_bytes_max;
  }
  Engine& engine;
  std::uint64_t bytes = 0;
};

Session::Session(Engine& engine, Loop& loop, base::Fd socket, SSL_CTX* tls, std::string peer)
    : engine_(engine),
      loop_(loop),
      peer_(std::move(peer)),
      tls_(tls != nullptr),
      proxied_(engine.is_proxy(peer_)),
      socket_(loop.io),
      signal_(loop.io) {
  const int fd = socket.get();
  socket_.assign(socket.release());
  channel_ = tls ? tls_channel(fd, tls) : plain_channel(fd);
  loop_.sessions.insert(this);
}

Session::~Session() {
  loop_.sessions.erase(this);
  channel_.reset();
  if (socket_.is_open() && stuck_) {
    // Who does not read what we send gets no further memory of the kernel.
    const linger now{1, 0};
    ::setsockopt(socket_.native_handle(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
  }
  boost::system::error_code ec;
  socket_.close(ec);
  engine_.leave(peer_);
}

Await<void> Session::live(std::shared_ptr<Session> self) {
  try {
    co_await self->run();
  } catch (const std::exception& e) { self->engine_.log(std::string("a connection ended: ") + e.what()); }
}

Await<void> Session::run() {
  within(engine_.options.header);
  for (;;) {
    const Step s = channel_->handshake();
    if (s.bytes) break;
    if (s.wants == Wants::nothing || !co_await ready(s.wants)) co_return;
  }
  while (co_await exchange()) {}
  co_await close_gently();
}

void Session::cut() {
  if (!cut_) ++engine_.cut;
  cut_ = true;
  no_deadline();
  boost::system::error_code ec;
  socket_.cancel(ec);
  signal_.cancel();
}

void Session::stop_soon() {
  if (stream_) stream_->close();
  if (!idle_) return;
  idle_ = false;
  boost::system::error_code ec;
  socket_.cancel(ec);
}

Await<bool> Session::ready(Wants wants) {
  if (cut_) co_return false;
  using Wait = asio::posix::descriptor_base;
  boost::system::error_code ec;
  const auto what = wants == Wants::to_read ? Wait::wait_read : Wait::wait_write;
  co_await socket_.async_wait(what, asio::redirect_error(use_await, ec));
  co_return !ec && !cut_;
}

Await<bool> Session::fill() {
  while (!cut_) {
    const Step s = channel_->read(loop_.scratch.data(), loop_.scratch.size());
    if (s.bytes) {
      in_.append(loop_.scratch, 0, s.bytes);
      co_return true;
    }
    ended_ = s.wants == Wants::nothing;
    if (ended_ || !co_await ready(s.wants)) co_return false;
  }
  co_return false;
}

void Session::within(Time::time_point start, std::chrono::milliseconds grace, std::uint64_t moved) {
  deadline_ = start + grace + std::chrono::milliseconds(moved * 1000 / engine_.options.rate_bytes_min);
}

// Waits on the signal until the job has posted that it is done; the job may use what lives in the caller.
Await<bool> Session::in_pool(Pool::Entry entry, const std::function<void()>& job) {
  bool done = false;
  no_deadline();
  if (!engine_.pool.submit(entry, [this, &job, &done] {
        job();
        asio::post(loop_.io, [this, &done] {
          done = true;
          signal_.cancel();
        });
      }))
    co_return false;
  while (!done) {
    boost::system::error_code ec;
    signal_.expires_at(Time::time_point::max());
    co_await signal_.async_wait(asio::redirect_error(use_await, ec));
  }
  co_return true;
}

// Says that nothing more comes, and lets the other end read all before the socket goes: closing with unread
// input would take the answer back.
Await<void> Session::close_gently() {
  if (cut_ || ended_) {
    channel_->say_goodbye();
    co_return;
  }
  channel_->say_goodbye();
  within(engine_.options.linger);
  for (std::uint64_t drained = 0; drained < (16u << 20); drained += in_.size()) {
    in_.clear();
    if (!co_await fill()) co_return;
  }
}

Await<bool> Session::await_head(HeadFinder& finder) {
  if (!in_.empty()) within(engine_.options.header);
  for (;;) {
    if (finder.look(in_) != HeadFinder::State::more) co_return true;
    if (in_.empty()) {
      if (engine_.stopping) co_return false;
      in_.shrink_to_fit();
      within(engine_.options.idle);
      idle_ = true;
      const bool arrived = channel_->holds_bytes() || co_await ready(Wants::to_read);
      idle_ = false;
      if (!arrived) co_return false;
      within(engine_.options.header);
    }
    if (!co_await fill()) co_return false;
  }
}

Await<bool> Session::exchange() {
  HeadFinder finder(engine_.options.head_bytes_max);
  secure_ = tls_;
  const bool here = co_await await_head(finder);
  if (!here || !finder.refusal().code.empty()) {
    if (!here && (in_.empty() || ended_)) co_return false;
    ++engine_.refused;
    Response r = here ? refusal(finder.refusal()) : lost();
    const Manner last;
    co_await send(r, last);
    co_return false;
  }
  Request request(in_.substr(0, finder.size()), engine_.options.fields_max);
  in_.erase(0, finder.size());
  ++engine_.requests;
  bool unread = request.refusal() || request.has_body();
  Response r = co_await answer(request, unread);
  const Manner how{.keep = request.keeps_alive() && !unread && !engine_.stopping && !cut_,
                   .head_only = request.method() == Method::head,
                   .chunks = !request.is_http_1_0(),
                   .range = request.method() == Method::get ? request.header("range") : std::string_view{},
                   .if_range = request.header("if-range"),
                   .if_none_match = request.header("if-none-match")};
  const bool well = co_await send(r, how);
  co_return well&& how.keep;
}

Await<Response> Session::answer(Request& request, bool& unread) {
  if (const auto& r = request.refusal()) {
    ++engine_.refused;
    co_return refusal(*r);
  }
  request.peer = peer_;
  if (proxied_) {
    const std::string_view list = request.header("x-forwarded-for");
    const std::string client(base::trim(list.substr(list.rfind(',') + 1)));
    if (is_address(client)) request.peer = client;
    secure_ = tls_ || base::iequals_ascii(request.header("x-forwarded-proto"), "https");
  }
  request.secure = secure_;
  if (!is_our_host(request.host(), engine_.options.hosts)) {
    ++engine_.refused;
    co_return refusal(
        {421, "not_this_host", "This server does not go by that name; use the address you were given."});
  }
  auto found = engine_.router.find(request);
  if (Response* instead = std::get_if<Response>(&found)) co_return std::move(*instead);
  const Route& route = *std::get<const Route*>(found);
  if (request.has_body()) {
    const bool takes = request.method() != Method::get && request.method() != Method::head;
    if (!takes || request.length().value_or(0) > route.body_bytes_max)
      co_return refusal({413, "too_large", "The body is longer than this address takes; send it in parts."});
    const std::string_view type = request.header("content-type");
    if (!base::iequals_ascii(base::trim(type.substr(0, type.find(';'))), route.takes))
      co_return Response::problem(
          {.status = 415,
           .code = "unsupported",
           .title = {},
           .detail = "This address takes a body of type " + route.takes + "; send that."});
  }
  if (std::holds_alternative<Receive>(route.handler)) co_return co_await receive(request, route, unread);
  co_return co_await serve(request, route, unread);
}

Response Session::lost() const {
  return cut_ ? refusal({408, "too_slow", "The request did not arrive in time; send it again."})
              : refusal({400, "cut_short", "The request ended before its announced length; send it again."});
}

Await<void> Session::invite(const Request& request) {
  if (request.expects_continue() && in_.empty()) co_await write("HTTP/1.1 100 Continue\r\n\r\n");
}

Await<std::optional<Response>> Session::receive_body(Request& request, std::uint64_t bytes_max, Held& held) {
  co_await invite(request);
  BodyReader reader(request, bytes_max);
  const auto start = Time::now();
  for (;;) {
    within(start, engine_.options.body, reader.taken());
    const auto state = reader.take(in_, request.body, SIZE_MAX);
    if (state == BodyReader::State::refused) co_return refusal(reader.refusal());
    if (!held.grow(request.body.size())) co_return busy();
    if (state == BodyReader::State::done) co_return std::nullopt;
    if (!co_await fill()) co_return lost();
  }
}

Await<Response> Session::serve(Request& request, const Route& route, bool& unread) {
  Held held(engine_);
  if (request.has_body()) {
    if (auto problem = co_await receive_body(request, route.body_bytes_max, held))
      co_return std::move(*problem);
    unread = false;
  }
  std::optional<Response> out;
  const std::function<void()> job = [&] {
    out = answer_of(engine_, route, [&]() -> base::Result<Response> {
      if (const auto& guard = engine_.router.guard())
        if (auto instead = guard(request, route)) return std::move(*instead);
      return std::get<Answer>(route.handler)(request);
    });
  };
  if (route.runs == Runs::in_loop)
    job();
  else if (!co_await in_pool(Pool::Entry::fresh, job))
    co_return busy();
  co_return std::move(*out);
}

Await<Response> Session::receive(Request& request, const Route& route, bool& unread) {
  std::optional<Response> out;
  std::unique_ptr<Sink> sink;
  const auto told = [&](auto&& f) { return answer_of(engine_, route, f); };
  const std::function<void()> begin = [&] {
    Response r = told([&]() -> base::Result<Response> {
      if (const auto& guard = engine_.router.guard())
        if (auto instead = guard(request, route)) return std::move(*instead);
      sink = TRY(std::get<Receive>(route.handler)(request));
      return Response();
    });
    if (!sink) out = std::move(r);
  };
  if (!co_await in_pool(Pool::Entry::fresh, begin)) co_return busy();
  if (out) co_return std::move(*out);

  co_await invite(request);
  BodyReader reader(request, route.body_bytes_max);
  std::string block;
  const std::function<void()> add = [&] {
    Response r = told([&]() -> base::Result<Response> {
      TRY(sink->add(block));
      block.clear();
      return Response();
    });
    if (!block.empty()) out = std::move(r);
  };
  const std::function<void()> finish = [&] { out = told([&] { return sink->finish(); }); };
  const std::function<void()> drop = [&] { sink.reset(); };
  auto start = Time::now();
  while (!out) {
    within(start, engine_.options.body, reader.taken());
    const auto state = reader.take(in_, block, kBlock);
    if (state == BodyReader::State::refused) {
      out = refusal(reader.refusal());
    } else if (state == BodyReader::State::more) {
      if (!co_await fill()) out = lost();
    } else {
      const auto began = Time::now();
      if (!block.empty()) co_await in_pool(Pool::Entry::begun, add);
      start += Time::now() - began;  // the time of the Sink is not the sender's
      if (state == BodyReader::State::done && !out) {
        co_await in_pool(Pool::Entry::begun, finish);
        unread = false;
      }
    }
  }
  co_await in_pool(Pool::Entry::begun, drop);
  co_return std::move(*out);
}

}  // namespace http

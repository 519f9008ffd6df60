#include "range.h"
#include "session.h"

#include <base/text.h>
#include <http/security.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace http {
namespace {

constexpr std::size_t kBlock = 256 * 1024;  // of a body, read at once from a Source

// Sun, 06 Nov 1994 08:49:37 GMT
std::string http_date(std::int64_t unix_seconds) {
  static constexpr const char* kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const base::Civil c = base::civil(unix_seconds);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", kDays[unix_seconds / 86400 % 7],
                c.day, kMonths[c.month - 1], c.year, c.hour, c.minute, c.second);
  return text;
}

void put(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

// The fields of every answer, written once: plain and secure.
std::string always(bool secure) {
  std::string out;
  for (const auto& [name, value] : security_headers())
    if (secure || name != "Strict-Transport-Security") put(out, name, value);
  return out;
}

bool is_security_field(std::string_view name) {
  for (const auto& [n, value] : security_headers())
    if (base::iequals_ascii(n, name)) return true;
  return false;
}

std::string chunk_of(std::string_view bytes) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + std::string(bytes) + "\r\n";
}

}  // namespace

std::string Session::head_of(const Response& r, const Manner& how, std::optional<std::uint64_t> length) {
  static const std::string plain = always(false), secure = always(true);
  const std::int64_t now = engine_.clock.unix_micros() / 1'000'000;
  if (now != loop_.date_second) loop_.date = http_date(now), loop_.date_second = now;

  std::string out;
  out.reserve(1536);
  out.append("HTTP/1.1 ")
      .append(std::to_string(r.status()))
      .append(" ")
      .append(reason_of(r.status()))
      .append("\r\n");
  put(out, "Date", loop_.date);
  bool replaced = false, cache = false;
  for (const auto& [name, value] : r.fields()) {
    put(out, name, value);
    replaced = replaced || is_security_field(name);
    cache = cache || base::iequals_ascii(name, "cache-control");
  }
  if (!replaced)
    out += secure_ ? secure : plain;
  else
    for (const auto& [name, value] : security_headers())
      if (r.field(name).empty() && (secure_ || name != "Strict-Transport-Security")) put(out, name, value);
  if (!cache) put(out, "Cache-Control", "no-store");
  if (length) put(out, "Content-Length", std::to_string(*length));
  if (!how.keep)
    put(out, "Connection", "close");
  else if (!how.chunks)
    put(out, "Connection", "keep-alive");
  return out += "\r\n";
}

Await<bool> Session::write(std::string_view bytes) {
  if (cut_) {  // a last word, if it fits
    channel_->write(bytes);
    co_return false;
  }
  const auto start = Time::now();
  std::uint64_t moved = 0;
  within(start, engine_.options.write, 0);
  while (!bytes.empty()) {
    const Step s = channel_->write(bytes.substr(0, kBlock));
    bytes.remove_prefix(s.bytes);
    moved += s.bytes;
    if (s.bytes) {
      within(start, engine_.options.write, moved);
    } else if (s.wants == Wants::nothing || !co_await ready(s.wants)) {
      stuck_ = cut_, ended_ = true;
      co_return false;
    }
  }
  co_return true;
}

Await<bool> Session::send(Response& r, const Manner& how) {
  if (const auto* source = std::get_if<std::unique_ptr<Source>>(&r.body()); source && *source)
    co_return co_await send_source(r, **source, how);
  if (const auto* events = std::get_if<std::shared_ptr<EventStream>>(&r.body()); events && *events)
    co_return co_await send_events(r, *events, how);
  std::string_view body;
  if (const auto* text = std::get_if<std::string>(&r.body())) body = *text;
  if (const auto* kept = std::get_if<std::shared_ptr<const std::string>>(&r.body()); kept && *kept)
    body = **kept;
  const bool none = r.status() == 204 || r.status() == 304;
  std::string head = head_of(r, how, none ? std::nullopt : std::optional<std::uint64_t>(body.size()));
  if (none || how.head_only) body = {};
  // In one piece while it is small: one packet, one TLS record.
  if (body.size() <= 16 * 1024) {
    head += body;
    body = {};
  }
  const bool well = co_await write(head);
  if (!well || body.empty()) co_return well;
  co_return co_await write(body);
}

Await<bool> Session::send_source(Response& r, Source& source, const Manner& how) {
  const std::string_view etag = r.field("etag");
  if (!how.if_none_match.empty() && names_etag(how.if_none_match, etag, Compare::weak)) {
    r.status(304);
    const std::string head = head_of(r, how, {});
    co_return co_await write(head);
  }
  const std::uint64_t size = source.size();
  const Part part = part_of(how.range, how.if_range, etag, size);
  if (part.kind == Part::Kind::none) {
    Response none =
        Response::problem({.status = 416,
                           .code = "range_not_satisfiable",
                           .title = {},
                           .detail = "There are only " + std::to_string(size) + " bytes; ask within them."});
    none.with("Content-Range", "bytes */" + std::to_string(size));
    co_return co_await send(none, how);
  }
  if (part.kind == Part::Kind::part) {
    r.status(206);
    r.with("Content-Range", "bytes " + std::to_string(part.first) + "-" +
                                std::to_string(part.first + part.length - 1) + "/" + std::to_string(size));
  }
  std::uint64_t at = part.first;
  const std::uint64_t end = at + part.length;
  std::string block;
  std::optional<Response> failed;
  const std::function<void()> read = [&] {
    const std::size_t n = std::min<std::uint64_t>(kBlock, end - at);
    try {
      auto got = source.read_at(at, n);
      if (!got.ok())
        failed = Response::problem(problem_of(got.error()));
      else if (got->size() != n)
        base::fault("a source gave less than it holds");
      else
        block = std::move(*got);
    } catch (const std::exception& e) {
      engine_.log(std::string("an answer was cut: ") + e.what());
      failed = Response::problem(
          {.status = 500, .code = "fault", .title = {}, .detail = "The bytes cannot be read."});
    }
  };
  // The first block is read before the head goes out, so that damage can still be told.
  bool headed = false;
  while (!headed || at < end) {
    if (at < end && !how.head_only) co_await in_pool(Pool::Entry::begun, read);
    if (failed && !headed) {
      const Manner whole{.keep = how.keep, .head_only = how.head_only, .chunks = how.chunks};
      co_return co_await send(*failed, whole);
    }
    if (failed) {
      stuck_ = ended_ = true;  // a reset, so that nobody takes the part for the whole
      co_return false;
    }
    if (!headed) {
      const std::string head = head_of(r, how, part.length);
      if (!co_await write(head)) co_return false;
      headed = true;
    }
    if (how.head_only) break;
    if (!block.empty() && !co_await write(block)) co_return false;
    at += block.size();
  }
  co_return true;
}

// Takes what the other end sends while it only listens, to learn that it has gone.
Await<void> Session::watch(std::shared_ptr<Session> self) {
  Session& s = *self;
  std::size_t heard = 0;
  while (heard < 16 * 1024) {
    const Step step = s.channel_->read(s.loop_.scratch.data(), 1024);
    heard += step.bytes;
    if (step.bytes) continue;
    if (step.wants == Wants::nothing || !co_await s.ready(step.wants)) break;
  }
  if (s.stream_) {
    s.stream_->detach();
    s.signal_.cancel();
  }
}

Await<bool> Session::send_events(Response& r, const std::shared_ptr<EventStream>& stream, const Manner& how) {
  const Manner last{.keep = false, .head_only = how.head_only, .chunks = how.chunks};
  std::string head = head_of(r, last, {});
  if (how.chunks && !how.head_only) head.insert(head.size() - 2, "Transfer-Encoding: chunked\r\n");
  if (!co_await write(head) || how.head_only || engine_.stopping) {
    stream->detach();
    co_return false;
  }
  stream_ = stream;
  const auto self = shared_from_this();
  stream->attach([&io = loop_.io, weak = std::weak_ptr<Session>(self)] {
    asio::post(io, [weak] {
      const auto s = weak.lock();
      if (!s || !s->stream_) return;
      s->signal_.cancel();
      if (s->stream_->is_cut()) s->cut();  // it may wait for the reader who does not read
    });
  });
  asio::co_spawn(loop_.io, watch(self), asio::detached);
  std::string out;
  bool well = true;
  for (auto state = EventStream::State::open; well && state == EventStream::State::open;) {
    out.clear();
    state = stream->take(out);
    if (out.empty() && state == EventStream::State::open) {
      boost::system::error_code ec;
      no_deadline();
      signal_.expires_after(engine_.options.heartbeat);
      co_await signal_.async_wait(asio::redirect_error(use_await, ec));
      if (ec) continue;  // woken
      out = ":\n\n";
    }
    if (state == EventStream::State::cut) {
      stuck_ = ended_ = true;
      well = false;
    } else if (!out.empty()) {
      if (how.chunks) out = chunk_of(out);
      well = co_await write(out);
    }
  }
  if (well && how.chunks) co_await write("0\r\n\r\n");
  stream_.reset();
  stream->detach();
  boost::system::error_code ec;
  socket_.cancel(ec);  // ends watch()
  co_return false;
}

}  // namespace http

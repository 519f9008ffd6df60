// Web archives: every response and resource is a part, named by its address, with the bytes that were meant.
// A record whose header cannot be read is told, and the reading goes on at the next one.
#include "archive_stream.h"
#include "tag_dates.h"
#include "http_body.h"

#include <base/text.h>

#include <algorithm>

namespace extract {
namespace {

constexpr std::string_view kWarcTypes[] = {"application/warc"};
constexpr std::size_t kHeadMax = 256 * 1024;

// The bytes of the archive in order, unpacked when they are packed.
class Stream {
 public:
  Stream(Source& source, const Request& request) : source_(source) {
    if (source.read(0, 2) == "\x1f\x8b") {
      packed_.emplace(source, ArchiveStream::Wanted::stream, request.passwords);
      packed_->next();
    }
  }
  bool fault() const { return packed_ && (packed_->bad() || packed_->fault()); }
  std::uint64_t taken() const { return packed_ ? packed_->taken() : at_; }
  // What lies ahead, at least n bytes unless the end is nearer.
  std::string_view ahead(std::size_t n) {
    while (buffer_.size() - used_ < n && !ended_) {
      buffer_.erase(0, std::exchange(used_, 0));
      std::string_view more;
      if (packed_) more = packed_->read();
      else more = source_.read(at_, 256 * 1024), at_ += more.size();
      ended_ = more.empty();
      buffer_ += more;
    }
    return std::string_view(buffer_).substr(used_);
  }
  void pass(std::size_t n) { used_ += std::min(n, buffer_.size() - used_); }

 private:
  Source& source_;
  std::optional<ArchiveStream> packed_;
  std::string buffer_;
  std::size_t used_ = 0;
  std::uint64_t at_ = 0;
  bool ended_ = false;
};

struct Head {
  std::string kind, uri, date, type;
  std::uint64_t bytes = 0;
  bool sized = false;
};

Head parse_head(std::string_view text) {
  Head out;
  for (const std::string_view line : base::split(text, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == line.npos) continue;
    const std::string name = base::lower_ascii(base::trim(line.substr(0, colon)));
    const std::string_view value = base::trim(line.substr(colon + 1));
    if (name == "warc-type") out.kind = base::lower_ascii(value);
    if (name == "warc-target-uri") out.uri = value;
    if (name == "warc-date") out.date = loose_date(value);
    if (name == "content-type") out.type = base::lower_ascii(value);
    if (name == "content-length" && !value.empty() && value.size() < 19) {
      out.sized = std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (out.sized)
        for (const char c : value) out.bytes = out.bytes * 10 + static_cast<unsigned>(c - '0');
    }
  }
  if (out.uri.starts_with('<') && out.uri.ends_with('>')) out.uri = out.uri.substr(1, out.uri.size() - 2);
  return out;
}

// Where the empty line ends that closes a head; npos when it does not.
std::size_t end_of_head(std::string_view s) {
  const std::size_t crlf = s.find("\r\n\r\n"), lf = s.find("\n\n");
  if (crlf != s.npos && (lf == s.npos || crlf < lf)) return crlf + 4;
  return lf == s.npos ? lf : lf + 2;
}

class Reading {
 public:
  Reading(Source& source, const Request& request, Sink& sink)
      : stream_(source, request), limits_(request.limits), sink_(sink) {}

  base::Status run() {
    std::uint64_t requests = 0, strays = 0;
    while (!full_) {
      if (const std::uint64_t stray = find_record(); stray) ++strays;
      std::string_view ahead = stream_.ahead(kHeadMax);
      if (ahead.empty()) break;
      const std::size_t end = end_of_head(ahead.substr(0, kHeadMax));
      if (end == std::string_view::npos) {
        sink_.finding(ahead.size() < kHeadMax ? Reason::truncated : Reason::damaged, "the head of a record");
        stream_.pass(5);
        continue;
      }
      const Head head = parse_head(ahead.substr(0, end));
      stream_.pass(end);
      requests += head.kind == "request";
      if (!head.sized) sink_.finding(Reason::damaged, "a record without a length: " + head.uri);
      else if (head.kind == "response" || head.kind == "resource") record(head);
      else if (head.kind == "revisit") revisit(head);
      else if (head.kind == "warcinfo") information(head);
      else pass(head.bytes);
    }
    if (strays) sink_.finding(Reason::damaged, "bytes between records, " + std::to_string(strays) + " times");
    if (stream_.fault()) sink_.finding(Reason::truncated, "the packed archive ends early or is damaged");
    if (requests) sink_.meta("x.warc_requests", std::to_string(requests));
    sink_.expect(order_);
    return base::Done{};
  }

 private:
  // Passes to the next record; gives how many bytes that are no line ends were passed.
  std::uint64_t find_record() {
    std::uint64_t stray = 0;
    for (std::string_view ahead = stream_.ahead(64 * 1024); !ahead.empty();
         ahead = stream_.ahead(64 * 1024)) {
      const std::size_t at = ahead.find("WARC/");
      const std::size_t to = at == ahead.npos ? (ahead.size() > 4 ? ahead.size() - 4 : ahead.size()) : at;
      for (const char c : ahead.substr(0, to)) stray += c != '\r' && c != '\n';
      stream_.pass(to);
      if (at != ahead.npos) break;
    }
    return stray;
  }

  PartInfo info_of(const Head& head) {
    PartInfo info;
    info.name = head.uri.empty() ? "record " + std::to_string(order_ + 1) : head.uri;
    info.kind = PartKind::record;
    info.modified = head.date;
    info.order = order_++;
    return info;
  }

  // The bytes of a block in pieces; false when the archive ends before it does.
  template <class Give>
  bool block(std::uint64_t left, Give give) {
    while (left > 0) {
      std::string_view piece = stream_.ahead(1);
      if (piece.empty()) return false;
      piece = piece.substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size())));
      give(piece);
      left -= piece.size();
      stream_.pass(piece.size());
    }
    return true;
  }

  void pass(std::uint64_t bytes) {
    if (!block(bytes, [](std::string_view) {}))
      sink_.finding(Reason::truncated, "the last record ends early");
  }

  void record(const Head& head) {
    PartInfo info = info_of(head);
    std::uint64_t left = head.bytes;
    HttpHead http;
    http.type = head.type.substr(0, head.type.find(';'));
    if (head.type.starts_with("application/http")) {
      const std::string_view ahead =
          stream_.ahead(static_cast<std::size_t>(std::min<std::uint64_t>(left, kHeadMax)))
              .substr(0, static_cast<std::size_t>(std::min<std::uint64_t>(left, kHeadMax)));
      const std::size_t end = end_of_head(ahead);
      http = {};
      if (end != std::string_view::npos) {
        http = parse_http_head(ahead.substr(0, end));
        stream_.pass(end);
        left -= end;
      }
    }
    info.type = http.type;
    if (!sink_.begin_part(info)) {
      full_ = true;
      return;
    }
    HttpBody body(http, sink_, limits_);
    const bool whole = block(left, [&](std::string_view piece) { body.feed(piece); });
    body.finish();
    if (!whole) {
      sink_.fail_part(Reason::truncated, "the archive ends in this record");
      sink_.finding(Reason::truncated, "the last record ends early");
    } else if (const HttpBody::Fault* fault = body.fault()) {
      sink_.fail_part(fault->why, fault->detail);
    } else {
      sink_.end_part();
    }
  }

  void revisit(const Head& head) {
    sink_.lost_part(info_of(head), Reason::missing_part,
                    "a second visit: the bytes are in an earlier record");
    pass(head.bytes);
  }

  void information(const Head& head) {
    std::string text;
    const bool whole = block(head.bytes, [&](std::string_view piece) {
      if (text.size() < kHeadMax) text += piece.substr(0, kHeadMax - text.size());
    });
    if (!whole) sink_.finding(Reason::truncated, "the last record ends early");
    for (const std::string_view line : base::split(text, '\n'))
      if (base::starts_with_ci(line, "software:")) sink_.meta("software", base::trim(line.substr(9)));
    if (!head.date.empty()) sink_.meta("date.created", head.date);
    sink_.text(text + "\n");
  }

  Stream stream_;
  const Limits& limits_;
  Sink& sink_;
  std::uint64_t order_ = 0;
  bool full_ = false;
};

base::Status read_warc(Source& source, const Request& request, Sink& sink) {
  return Reading(source, request, sink).run();
}

}  // namespace

extern const Reader warc_reader;
const Reader warc_reader{{"warc", "1"}, kWarcTypes, read_warc};

}  // namespace extract

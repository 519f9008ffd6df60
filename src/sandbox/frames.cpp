#include <base/bytes.h>
#include <base/handle.h>
#include <base/text.h>
#include <sandbox/frames.h>

#include <unistd.h>

namespace sandbox {
namespace {

void put(std::string& out, std::string_view s) {
  base::append_le<std::uint32_t>(out, static_cast<std::uint32_t>(s.size()));
  out += s;
}
std::string_view get(base::Cursor& c) { return c.take(c.le<std::uint32_t>()); }

std::string info_text(const extract::PartInfo& i) {
  std::string out;
  out += static_cast<char>(i.kind);
  base::append_le<std::uint64_t>(out, i.order);
  put(out, base::cut(base::clean(i.name), 8192));
  put(out, base::cut(base::clean(i.type), 256));
  put(out, base::cut(base::clean(i.modified), 64));
  return out;
}
// Text as it may go on: the writer has cleaned it, and a writer that was taken over has not.
bool is_text(std::string_view s) {
  return base::is_utf8(s) && s.find_first_of(std::string_view("\0\f", 2)) == std::string_view::npos;
}
bool get_info(base::Cursor& c, extract::PartInfo& i) {
  const auto kind = c.le<std::uint8_t>();
  i.order = c.le<std::uint64_t>();
  i.name = base::clean(get(c)), i.type = base::clean(get(c)), i.modified = base::clean(get(c));
  i.kind = static_cast<extract::PartKind>(kind);
  return c.ok() && kind <= 3 && i.name.size() <= 32768;
}

}  // namespace

std::string job_text(const std::vector<Task>& tasks) {
  std::string out;
  std::size_t bytes = 0;
  for (const Task& t : tasks) bytes += t.bytes.size();
  out.reserve(bytes + bytes / 8 + 4096);
  base::append_le<std::uint64_t>(out, 0);
  base::append_le<std::uint32_t>(out, static_cast<std::uint32_t>(tasks.size()));
  for (const Task& t : tasks) {
    base::append_le<std::uint64_t>(out, t.size);
    out += static_cast<char>(t.inlined | t.ocr << 1 | t.strings << 2 | static_cast<int>(t.wish) << 3);
    if (t.wish == Wish::picture) {
      base::append_le<std::uint32_t>(out, t.page);
      base::append_le<std::uint32_t>(out, t.width);
    }
    put(out, t.name);
    base::append_le<std::uint32_t>(out, static_cast<std::uint32_t>(t.passwords.size()));
    for (const std::string& p : t.passwords) put(out, p);
    put(out, t.bytes);
  }
  std::string length;
  base::append_le<std::uint64_t>(length, out.size() - sizeof(std::uint64_t));
  return out.replace(0, length.size(), length);
}

base::Result<std::vector<Task>> parse_job(std::string_view text) {
  base::Cursor c(text);
  std::vector<Task> tasks(std::min<std::uint32_t>(c.le<std::uint32_t>(), 1 << 20));
  for (Task& t : tasks) {
    t.size = c.le<std::uint64_t>();
    const auto flags = c.le<std::uint8_t>();
    t.inlined = flags & 1, t.ocr = flags & 2, t.strings = flags & 4;
    if ((flags >> 3) > static_cast<int>(Wish::peaks)) return base::Error{base::Refusal::damaged, "job text"};
    t.wish = static_cast<Wish>(flags >> 3);
    if (t.wish == Wish::picture) t.page = c.le<std::uint32_t>(), t.width = c.le<std::uint32_t>();
    t.name = get(c);
    for (auto n = c.le<std::uint32_t>(); n > 0 && c.ok(); --n) t.passwords.emplace_back(get(c));
    t.bytes = get(c);
    if (!c.ok()) return base::Error{base::Refusal::damaged, "job text"};
  }
  return tasks;
}

void FrameWriter::frame(Kind kind, std::string_view payload) {
  base::append_le<std::uint32_t>(out_, static_cast<std::uint32_t>(payload.size()));
  out_ += static_cast<char>(kind);
  out_ += payload;
  if (out_.size() > 256 * 1024) flush();
}
void FrameWriter::flush() {
  if (!base::write_all(fd_, out_)) _exit(3);  // nobody listens any more
  out_.clear();
}
void FrameWriter::begin(std::uint64_t index, std::uint64_t source_bytes) {
  source_bytes_ = source_bytes;
  parts_ = parts_bytes_ = 0;
  parts_told_ = in_part_ = false;
  text_bytes_.assign(1, 0), text_told_.assign(1, false);
  depth_ = 0;
  std::string p;
  base::append_le<std::uint64_t>(p, index);
  frame(Kind::item, p);
}
void FrameWriter::done() {
  close_open();
  if (closing) closing(0);
  frame(Kind::done, {});
}
void FrameWriter::close_open() {
  if (in_part_) fail_part(extract::Reason::internal, "the reader gave up inside this part");
  while (depth_ > 0) end_item();
}
bool FrameWriter::read(std::uint64_t offset, std::size_t n, std::string& out) {
  std::string p;
  base::append_le<std::uint64_t>(p, offset);
  base::append_le<std::uint32_t>(p, static_cast<std::uint32_t>(n));
  frame(Kind::read, p);
  flush();
  std::uint32_t length = 0;
  if (!base::read_exactly(fd_, &length, sizeof length) || length > n) return false;
  out.resize(length);
  return base::read_exactly(fd_, out.data(), length);
}

void FrameWriter::meta(std::string_view key, std::string_view value) {
  std::string p;
  put(p, base::cut(key, 64));
  put(p, base::cut(base::clean(value.substr(0, 65536)), 16384));
  frame(Kind::meta, p);
}
bool FrameWriter::text(std::string_view t) {
  const auto level = static_cast<std::size_t>(depth_);
  const std::uint64_t room = limits_.text_bytes_max - std::min(limits_.text_bytes_max, text_bytes_[level]);
  const bool fits = t.size() <= room;
  t = fits ? t : base::cut(t, room);
  text_bytes_[level] += t.size();
  while (!t.empty()) {
    const std::string_view piece = base::cut(t, 65536).empty() ? t.substr(0, 65536) : base::cut(t, 65536);
    const std::string cleaned = base::is_utf8(piece) &&
                                        piece.find_first_of("\r\f\v") == std::string_view::npos &&
                                        piece.find('\0') == std::string_view::npos
                                    ? std::string(piece)
                                    : base::clean(piece);
    if (listener) listener(depth_, cleaned);
    frame(Kind::text, cleaned);
    t.remove_prefix(piece.size());
  }
  if (!fits && !text_told_[level]) {
    text_told_[level] = true;
    finding(extract::Reason::too_large,
            "text beyond " + std::to_string(limits_.text_bytes_max >> 20) + " MiB is not taken");
  }
  return fits;
}
void FrameWriter::next_page() { frame(Kind::page, {}); }
void FrameWriter::finding(extract::Reason r, std::string_view detail) {
  std::string p(1, static_cast<char>(r));
  frame(Kind::finding, p.append(base::cut(base::clean(detail), 500)));
}
void FrameWriter::derived(std::string_view kind, std::string_view bytes) {
  // Long objects go in pieces of one kind, joined outside.
  for (std::size_t at = 0; at == 0 || at < bytes.size(); at += 512 * 1024) {
    std::string p;
    put(p, kind);
    frame(Kind::derived, p.append(bytes.substr(at, 512 * 1024)));
  }
}
void FrameWriter::machine(std::string_view e, std::string_view v, std::string_view parameters) {
  std::string p;
  put(p, base::clean(e)), put(p, base::clean(v)), put(p, base::clean(parameters));
  frame(Kind::machine, p);
}
void FrameWriter::expect(std::uint64_t n) {
  std::string p;
  base::append_le<std::uint64_t>(p, n);
  frame(Kind::expect, p);
}
bool FrameWriter::count_part() {
  if (++parts_ <= limits_.parts_max && parts_bytes_ <= limits_.parts_bytes_max) return true;
  if (!std::exchange(parts_told_, true)) finding(extract::Reason::too_large, "more parts than the limit");
  return false;
}
bool FrameWriter::begin_part(const extract::PartInfo& info) {
  CHECK(!in_part_);
  if (!count_part()) return false;
  in_part_ = true, part_full_ = false, part_bytes_ = 0;
  frame(Kind::part, info_text(info));
  return true;
}
bool FrameWriter::part_bytes(std::string_view bytes) {
  CHECK(in_part_);
  if (part_full_) return false;
  part_bytes_ += bytes.size(), parts_bytes_ += bytes.size();
  const bool bomb = parts_bytes_ > limits_.ratio_floor && parts_bytes_ / limits_.ratio_max > source_bytes_;
  if (bomb || part_bytes_ > limits_.part_bytes_max || parts_bytes_ > limits_.parts_bytes_max) {
    part_full_ = true;
    end_badly(bomb ? extract::Reason::bomb : extract::Reason::too_large,
              bomb ? "expands beyond " + std::to_string(limits_.ratio_max) + " times its size"
                   : "beyond the limit on parts");
    return false;
  }
  while (!bytes.empty()) {
    frame(Kind::bytes, bytes.substr(0, 256 * 1024));
    bytes.remove_prefix(std::min<std::size_t>(bytes.size(), 256 * 1024));
  }
  return true;
}
void FrameWriter::end_part() {
  CHECK(in_part_);
  in_part_ = false;
  if (!part_full_) frame(Kind::end_part, {});
}
void FrameWriter::end_badly(extract::Reason r, std::string_view detail) {
  std::string p(1, static_cast<char>(r));
  frame(Kind::fail_part, p.append(base::cut(base::clean(detail), 500)));
}
void FrameWriter::fail_part(extract::Reason r, std::string_view detail) {
  CHECK(in_part_);
  in_part_ = false;
  if (!part_full_) end_badly(r, detail);
}
void FrameWriter::lost_part(const extract::PartInfo& info, extract::Reason r, std::string_view detail) {
  CHECK(!in_part_);
  if (!count_part()) return;
  std::string p(1, static_cast<char>(r));
  put(p, base::cut(base::clean(detail), 500));
  frame(Kind::lost_part, p + info_text(info));
}
bool FrameWriter::begin_item(const extract::PartInfo& info) {
  CHECK(!in_part_);
  if (static_cast<std::uint32_t>(depth_) >= limits_.depth_max || !count_part()) return false;
  frame(Kind::sub, info_text(info));
  ++depth_;
  text_bytes_.push_back(0), text_told_.push_back(false);
  return true;
}
void FrameWriter::end_item() {
  CHECK(depth_ > 0 && !in_part_);
  if (closing) closing(depth_);
  frame(Kind::end_sub, {});
  --depth_;
  text_bytes_.pop_back(), text_told_.pop_back();
}

base::Status FrameReader::take(
    std::string_view bytes,
    const std::function<base::Status(std::uint64_t, std::uint64_t, std::uint32_t)>& read) {
  if (!pending_.empty()) {
    pending_ += bytes;
    bytes = pending_;
  }
  std::size_t at = 0;
  while (bytes.size() - at >= 5) {
    const auto n = base::load_le<std::uint32_t>(bytes.data() + at);
    if (n > kFrameMax) return base::Error{base::Refusal::damaged, "frame too long"};
    if (bytes.size() - at < 5 + std::size_t{n}) break;
    TRY(frame(static_cast<Kind>(bytes[at + 4]), bytes.substr(at + 5, n), read));
    at += 5 + n;
  }
  std::string rest(bytes.substr(at));
  pending_ = std::move(rest);
  return base::Done{};
}

base::Status FrameReader::frame(
    Kind kind, std::string_view p,
    const std::function<base::Status(std::uint64_t, std::uint64_t, std::uint32_t)>& read) {
  const auto bad = [&](const char* what) {
    return base::Error{base::Refusal::damaged, std::string("frame: ") + what};
  };
  base::Cursor c(p);
  if (kind == Kind::item) {
    if (open_ || c.le<std::uint64_t>() != next_ || !c.ok() || next_ >= items_) return bad("item out of turn");
    open_ = true;
    to_.begin(next_);
    return base::Done{};
  }
  if (!open_) return bad("outside of an item");
  if (in_part_ && kind != Kind::bytes && kind != Kind::end_part && kind != Kind::fail_part &&
      kind != Kind::read && kind != Kind::meta && kind != Kind::finding && kind != Kind::text &&
      kind != Kind::page && kind != Kind::expect)
    return bad("inside of a part");
  extract::Sink& s = to_.sink();
  const auto reason = [&](std::uint8_t b) { return static_cast<extract::Reason>(b); };
  const auto known = [&](std::uint8_t b) { return b < extract::kReasonNames.size(); };
  switch (kind) {
    case Kind::done:
      if (depth_) return bad("done inside of a part");
      open_ = false;
      to_.done(next_++);
      break;
    case Kind::meta: {
      const std::string_view key = get(c), value = get(c);
      if (!c.ok() || key.empty() || key.size() > 64 || !is_text(key)) return bad("meta");
      s.meta(key, is_text(value) ? std::string(value) : base::clean(value));
      break;
    }
    case Kind::text:
      if (is_text(p))
        s.text(p);
      else
        s.text(base::clean(p));
      break;
    case Kind::page: s.next_page(); break;
    case Kind::finding: {
      const auto r = c.le<std::uint8_t>();
      if (!c.ok() || !known(r)) return bad("finding");
      s.finding(reason(r), base::clean(p.substr(1)));
      break;
    }
    case Kind::derived: {
      const std::string_view k = get(c);
      if (!c.ok() || k.size() > 64) return bad("derived");
      s.derived(base::clean(k), c.take(c.left()));
      break;
    }
    case Kind::machine: {
      const std::string_view e = get(c), v = get(c), a = get(c);
      if (!c.ok()) return bad("machine");
      s.machine(base::clean(e), base::clean(v), base::clean(a));
      break;
    }
    case Kind::expect: s.expect(c.le<std::uint64_t>()); break;
    case Kind::part:
    case Kind::sub: {
      extract::PartInfo info;
      if (!get_info(c, info)) return bad("part");
      if (kind == Kind::part) {
        in_part_ = true;
        s.begin_part(info);
      } else {
        if (++depth_ > 1000) return bad("too deep");
        s.begin_item(info);
      }
      break;
    }
    case Kind::bytes:
      if (!in_part_) return bad("bytes outside of a part");
      s.part_bytes(p);
      break;
    case Kind::end_part:
      if (!std::exchange(in_part_, false)) return bad("end outside of a part");
      s.end_part();
      break;
    case Kind::fail_part: {
      const auto r = c.le<std::uint8_t>();
      if (!std::exchange(in_part_, false) || !c.ok() || !known(r)) return bad("failed part");
      s.fail_part(reason(r), base::clean(p.substr(1)));
      break;
    }
    case Kind::lost_part: {
      const auto r = c.le<std::uint8_t>();
      const std::string_view detail = get(c);
      extract::PartInfo info;
      if (!get_info(c, info) || !known(r)) return bad("lost part");
      s.lost_part(info, reason(r), base::clean(detail));
      break;
    }
    case Kind::end_sub:
      if (depth_ == 0) return bad("end outside of a part");
      --depth_;
      s.end_item();
      break;
    case Kind::read: {
      const auto offset = c.le<std::uint64_t>();
      const auto n = c.le<std::uint32_t>();
      if (!c.ok() || n > kWindow) return bad("request for bytes");
      return read(next_, offset, n);
    }
    default: return bad("unknown kind");
  }
  return base::Done{};
}

}  // namespace sandbox

#include "charset.h"
#include "number_format.h"
#include "ole.h"
#include "readers_list.h"
#include "text_out.h"
#include "types.h"

#include <base/bytes.h>
#include <base/text.h>

namespace extract {
namespace {

using base::load_le;

enum Record : std::uint16_t {
  kFormula = 0x06,
  kEof = 0x0A,
  kBof2 = 0x09,
  kBof3 = 0x209,
  kBof4 = 0x409,
  kBof = 0x809,
  kHeader = 0x14,
  kFooter = 0x15,
  kNote = 0x1C,
  kDateMode = 0x22,
  kFilePass = 0x2F,
  kContinue = 0x3C,
  kCodePage = 0x42,
  kBoundSheet = 0x85,
  kMulRk = 0xBD,
  kRstring = 0xD6,
  kXf = 0xE0,
  kSst = 0xFC,
  kLabelSst = 0xFD,
  kTxo = 0x1B6,
  kHlink = 0x1B8,
  kNumber = 0x203,
  kLabel = 0x204,
  kBoolErr = 0x205,
  kString = 0x207,
  kRk = 0x27E,
  kFormat = 0x41E,
  kFormula3 = 0x206,
  kFormula4 = 0x406,
  kNumber2 = 0x03,
  kLabel2 = 0x04,
  kInteger2 = 0x02
};

double rk(std::uint32_t v) {
  double d;
  if (v & 2) d = static_cast<double>(static_cast<std::int32_t>(v) >> 2);
  else d = std::bit_cast<double>(static_cast<std::uint64_t>(v & ~3u) << 32);
  return v & 1 ? d / 100 : d;
}

// A record and those that continue it: characters may change their width where one ends.
class Segments {
 public:
  explicit Segments(std::vector<std::string_view> s) : s_(std::move(s)) {}
  bool ok() const { return ok_; }
  bool more() const { return ok_ && (at_ < here().size() || which_ + 1 < s_.size()); }
  template <class T>
  T le() {
    settle();
    if (here().size() - at_ < sizeof(T)) {
      ok_ = false;
      return {};
    }
    at_ += sizeof(T);
    return load_le<T>(here().data() + at_ - sizeof(T));
  }
  void skip(std::uint64_t n) {
    while (n && ok_) {
      settle();
      const std::size_t k = static_cast<std::size_t>(std::min<std::uint64_t>(n, here().size() - at_));
      if (!k) ok_ = false;
      at_ += k, n -= k;
    }
  }
  std::string characters(std::size_t count, bool wide) {
    std::string out;
    while (count && ok_) {
      if (at_ >= here().size()) {
        if (which_ + 1 >= s_.size()) {
          ok_ = false;
          break;
        }
        ++which_, at_ = 0;
        if (here().empty()) {
          ok_ = false;
          break;
        }
        wide = here()[at_++] & 1;
      }
      const std::size_t size = wide ? 2 : 1;
      const std::size_t n = std::min(count, (here().size() - at_) / size);
      if (!n) {
        ok_ = false;
        break;
      }
      const std::string_view bytes = here().substr(at_, n * size);
      if (wide) out += from_utf16le(bytes);
      else
        for (const char c : bytes) base::append_utf8(out, static_cast<unsigned char>(c));
      at_ += n * size, count -= n;
    }
    return out;
  }
  // cch of 16 bits, flags, characters, and what describes them.
  std::string unicode() {
    const auto count = le<std::uint16_t>();
    return unicode_of(count);
  }
  std::string unicode_of(std::size_t count) {
    const auto flags = le<std::uint8_t>();
    const std::uint64_t runs = flags & 8 ? le<std::uint16_t>() : 0;
    const std::uint64_t phonetic = flags & 4 ? le<std::uint32_t>() : 0;
    std::string t = characters(count, flags & 1);
    skip(runs * 4 + phonetic);
    return t;
  }

 private:
  std::string_view here() const { return which_ < s_.size() ? s_[which_] : std::string_view{}; }
  void settle() {
    while (at_ >= here().size() && which_ + 1 < s_.size()) ++which_, at_ = 0;
  }
  std::vector<std::string_view> s_;
  std::size_t which_ = 0, at_ = 0;
  bool ok_ = true;
};

class Book {
 public:
  Book(std::string_view s, const Limits& limits, Sink& sink)
      : s_(s), limits_(limits), sink_(sink), out_(sink) {}

  void read() {
    while (s_.size() - at_ >= 4 && !out_.full() && !stop_) {
      const std::size_t start = at_;
      const auto type = load_le<std::uint16_t>(&s_[at_]), size = load_le<std::uint16_t>(&s_[at_ + 2]);
      at_ += 4;
      if (size > s_.size() - at_) {
        sink_.finding(Reason::truncated, "inside a record");
        break;
      }
      const std::string_view data = s_.substr(at_, size);
      at_ += size;
      record(type, data, start);
    }
    out_.line();
    out_.flush();
    if (!stop_ && depth_ > 0 && !out_.full()) sink_.finding(Reason::truncated, "sheets are left open");
    sink_.meta("pages", std::to_string(std::max<std::size_t>(sheets_.size(), pages_)));
  }

 private:
  struct Sheet {
    std::string name;
    std::uint32_t at = 0;
  };
  Segments with_continues(std::string_view data) {
    std::vector<std::string_view> all{data};
    while (s_.size() - at_ >= 4 && load_le<std::uint16_t>(&s_[at_]) == kContinue) {
      const auto size = load_le<std::uint16_t>(&s_[at_ + 2]);
      if (size > s_.size() - at_ - 4) break;
      all.push_back(s_.substr(at_ + 4, size));
      at_ += 4u + size;
    }
    return Segments(std::move(all));
  }
  std::string bytes_text(std::string_view b) const {
    return charset_.empty() ? decode(b).text : decode_as(b, charset_);
  }

  void begin_sheet(std::size_t start) {
    if (pages_ >= limits_.pages_max) {
      sink_.finding(Reason::too_large, "sheets");
      stop_ = true;
      return;
    }
    if (pages_++) out_.page();
    row_ = -1;
    for (const Sheet& s : sheets_)
      if (s.at == start) out_.add(s.name), out_.line();
  }

  void record(std::uint16_t type, std::string_view d, std::size_t start) {
    base::Cursor c(d);
    switch (type) {
      case kBof2:
      case kBof3:
      case kBof4:
      case kBof: {
        const auto version = c.le<std::uint16_t>(), kind = c.le<std::uint16_t>();
        if (type != kBof) biff8_ = false, old_ = true;
        else if (depth_ == 0) biff8_ = version >= 0x600;
        if (depth_++ == 0 && (kind != 5 || old_)) begin_sheet(start);
        return;
      }
      case kEof: depth_ -= depth_ > 0; return;
      case kFilePass:
        sink_.finding(Reason::encrypted, "Excel");
        stop_ = true;
        return;
      case kCodePage: charset_ = charset_of_code_page(c.le<std::uint16_t>()); return;
      case kDateMode: formats_.since_1904 = c.le<std::uint16_t>() == 1; return;
      case kBoundSheet: return bound_sheet(c);
      case kSst: return shared(with_continues(d));
      case kFormat: {
        const auto id = c.le<std::uint16_t>();
        Segments s({d.substr(std::min<std::size_t>(2, d.size()))});
        formats_.define(id, biff8_ ? s.unicode() : bytes_text(d.substr(std::min<std::size_t>(3, d.size()))));
        return;
      }
      case kXf:
        c.le<std::uint16_t>();
        xfs_.push_back(c.le<std::uint16_t>());
        return;
      case kHeader:
      case kFooter:
        if (d.size() > 2)
          out_.line(), out_.add(biff8_ ? Segments({d}).unicode() : bytes_text(d.substr(1))), out_.line();
        return;
      case kTxo: {
        Segments s = with_continues(d);
        s.skip(10);
        const auto count = s.le<std::uint16_t>();
        s.skip(6);
        if (!count || !s.more()) return;
        const bool wide = s.le<std::uint8_t>() & 1;
        out_.line(), out_.add(s.characters(count, wide)), out_.line();
        return;
      }
      case kHlink: return;
      case kString:
        if (std::exchange(wants_string_, false)) {
          Segments s = with_continues(d);
          put(biff8_ ? s.unicode() : bytes_text(d.substr(std::min<std::size_t>(old_ ? 1 : 2, d.size()))));
        }
        return;
      default: return cell(type, c, d);
    }
  }

  void bound_sheet(base::Cursor& c) {
    Sheet s;
    s.at = c.le<std::uint32_t>();
    const auto state = c.le<std::uint8_t>();
    c.le<std::uint8_t>();
    const auto n = c.le<std::uint8_t>();
    Segments rest({c.take(c.left())});
    if (biff8_) {
      const bool wide = rest.le<std::uint8_t>() & 1;
      s.name = rest.characters(n, wide);
    } else {
      std::string name;
      for (unsigned i = 0; i < n && rest.more(); ++i) name += static_cast<char>(rest.le<std::uint8_t>());
      s.name = bytes_text(name);
    }
    if (state & 3) sink_.meta("x.hidden_sheet", s.name);
    if (sheets_.size() < limits_.pages_max) sheets_.push_back(std::move(s));
  }
  void shared(Segments s) {
    s.le<std::uint32_t>();
    const auto count = s.le<std::uint32_t>();
    while (strings_.size() < count && s.more()) strings_.push_back(s.unicode());
    if (strings_.size() < count) sink_.finding(Reason::damaged, "shared strings");
  }

  void to(std::uint16_t row, std::uint16_t column) {
    if (row != row_) out_.line(), row_ = row, column_ = 0;
    else out_.add("\t");
    column_ = column;
  }
  void put(std::string_view t) { out_.add(t); }
  std::uint32_t format_of(std::uint16_t xf) const { return xf < xfs_.size() ? xfs_[xf] : 0; }
  void put_number(double d, std::uint16_t xf) { put(formats_.number(format_of(xf), d)); }
  void put_text(std::string_view t, std::uint16_t xf) { put(formats_.text(format_of(xf), t)); }

  void cell(std::uint16_t type, base::Cursor& c, std::string_view d) {
    switch (type) {
      case kLabelSst:
      case kLabel:
      case kRstring:
      case kNumber:
      case kRk:
      case kMulRk:
      case kFormula:
      case kFormula3:
      case kFormula4: case kBoolErr: case kNumber2: case kLabel2: case kInteger2: case kNote: break;
      default: return;
    }
    const auto row = c.le<std::uint16_t>(), column = c.le<std::uint16_t>();
    if (type == kNote) {
      if (!biff8_) c.take(2), out_.line(), out_.add(bytes_text(c.take(c.left()))), out_.line();
      return;
    }
    if (type == kLabel2 || type == kNumber2 || type == kInteger2) {  // BIFF 2: three bytes of attributes
      c.take(3);
      to(row, column);
      if (type == kLabel2) put(bytes_text(c.take(std::min<std::size_t>(c.le<std::uint8_t>(), c.left()))));
      else put_number(type == kNumber2 ? c.le<double>() : c.le<std::uint16_t>(), 0);
      return;
    }
    const auto xf = type == kMulRk ? std::uint16_t{0} : c.le<std::uint16_t>();
    if (!c.ok()) return;
    to(row, column);
    switch (type) {
      case kLabelSst: {
        const auto i = c.le<std::uint32_t>();
        if (i < strings_.size()) put_text(strings_[i], xf);
        return;
      }
      case kLabel:
      case kRstring:
        if (biff8_) put_text(Segments({d.substr(6)}).unicode(), xf);
        else put_text(bytes_text(c.take(std::min<std::size_t>(c.le<std::uint16_t>(), c.left()))), xf);
        return;
      case kNumber: return put_number(c.le<double>(), xf);
      case kRk: return put_number(rk(c.le<std::uint32_t>()), xf);
      case kMulRk:
        for (bool first = true; c.left() >= 8; first = false) {
          const auto x = c.le<std::uint16_t>();
          if (!first) out_.add("\t");
          put_number(rk(c.le<std::uint32_t>()), x);
        }
        return;
      case kBoolErr: {
        const auto v = c.le<std::uint8_t>(), error = c.le<std::uint8_t>();
        put(error ? "#" + std::to_string(v) : v ? "TRUE" : "FALSE");
        return;
      }
      default: {  // a formula: only its result
        const std::string_view result = c.take(8);
        if (result.size() < 8) return;
        if (!result.ends_with("\xFF\xFF")) return put_number(load_le<double>(result.data()), xf);
        if (result[0] == 0) wants_string_ = true;
        else if (result[0] == 1) put(result[2] ? "TRUE" : "FALSE");
      }
    }
  }

  std::string_view s_;
  const Limits& limits_;
  Sink& sink_;
  TextOut out_;
  std::size_t at_ = 0, pages_ = 0;
  unsigned depth_ = 0;
  std::vector<Sheet> sheets_;
  std::vector<std::string> strings_;
  std::vector<std::uint16_t> xfs_;
  NumberFormats formats_;
  std::string charset_;
  std::int32_t row_ = -1, column_ = 0;
  bool biff8_ = false, old_ = false, wants_string_ = false, stop_ = false;
};

base::Status read_xls(Source& source, const Request& request, Sink& sink) {
  if (!source.read(0, 8).starts_with("\xD0\xCF\x11\xE0")) {  // before Excel 5: no container
    const std::string_view bytes = TRY(source.all());
    Book(bytes, request.limits, sink).read();
    return base::Done{};
  }
  const Ole ole = TRY(Ole::open(source, request.limits));
  tell_ole_properties(ole, "", sink);
  auto book = ole.read("Workbook");
  if (!book) book = ole.read("Book");
  if (!book) return base::Error{base::Refusal::damaged, "Workbook stream"};
  Book(*book, request.limits, sink).read();
  if (ole.broken()) sink.finding(Reason::damaged, "compound file");
  if (ole.find("_VBA_PROJECT_CUR")) sink.meta("x.macros", "yes");
  if (const std::uint64_t n = give_ole_objects(ole, "", 0, sink)) sink.expect(n);
  return base::Done{};
}

constexpr std::string_view kXlsTypes[] = {types::kXls};

}  // namespace

const Reader xls_reader{{"custos.xls", "1"}, kXlsTypes, read_xls};

}  // namespace extract

#include "charset.h"
#include "ole.h"
#include "readers_list.h"
#include "text_out.h"
#include "types.h"

#include <base/bytes.h>
#include <base/text.h>

#include <utility>

namespace extract {
namespace {

using base::load_le;

std::uint32_t u32(std::string_view s, std::size_t at) {
  return at + 4 <= s.size() ? load_le<std::uint32_t>(&s[at]) : 0;
}
std::uint16_t u16(std::string_view s, std::size_t at) {
  return at + 2 <= s.size() ? load_le<std::uint16_t>(&s[at]) : 0;
}

// Characters of Word become text: marks of paragraphs, cells and fields. Of a field its instruction is given
// (the name of a merge field), then its result, each a word of its own. The address of a link waits for the
// end of its paragraph, that sentences stay whole.
class Characters {
 public:
  Characters(TextOut& out, Sink& sink) : out_(out), sink_(sink) {}
  void add(std::string_view utf8) {
    std::size_t from = 0;
    for (std::size_t i = 0; i < utf8.size(); ++i) {
      const auto c = static_cast<unsigned char>(utf8[i]);
      if (c >= 0x20) continue;
      plain(utf8.substr(from, i - from));
      from = i + 1;
      control(c);
    }
    plain(utf8.substr(from));
  }
  void finish() { give_instruction(), give_links(); }

 private:
  static constexpr std::size_t kInstruction = 4096;
  static constexpr unsigned kLinks = 200;  // told as properties; all are in the text

  bool in_instruction() const { return instructions_ >> depth_ & 1; }
  void plain(std::string_view s) {
    if (!in_instruction()) return out_.add(s);
    instruction_ += s;
    if (instruction_.size() > kInstruction) give_instruction();
  }
  void control(unsigned char c) {
    switch (c) {
      case 0x13:
        give_instruction();
        out_.space();
        depth_ += depth_ < 63;
        instructions_ |= 1ull << depth_;
        return;
      case 0x14:
        give_instruction();
        instructions_ &= ~(1ull << depth_);
        return;
      case 0x15:
        give_instruction();
        instructions_ &= ~(1ull << depth_);
        depth_ -= depth_ > 0;
        return;
      case 0x0D:
        give_links();
        return plain("\n");
      case 0x0B:
      case 0x0C:
      case 0x0E: return plain("\n");
      case 0x07:
        give_links();
        return plain("\t");
      case 0x09: return plain("\t");
      case 0x1E: return plain("-");
      default: return;  // anchors of pictures, notes and comments; optional hyphens
    }
  }
  void give_instruction() {
    const std::string all = std::exchange(instruction_, {});
    const std::string_view t = base::trim(all);
    if (t.empty()) return;
    if (base::starts_with_ci(t, "HYPERLINK")) return link(t.substr(9));
    out_.space(), out_.add(t), out_.space();
  }
  void link(std::string_view t) {
    t = base::trim(t);
    const std::size_t end = t.starts_with('"') ? t.find('"', 1) : t.find(' ');
    const std::string_view address = t.starts_with('"') ? t.substr(1, end - 1) : t.substr(0, end);
    if (!t.starts_with('\\') && !address.empty() && links_++ < kLinks) sink_.meta("x.link", address);
    waiting_ += ' ';
    waiting_ += t;
    if (waiting_.size() > kInstruction) give_links();
  }
  void give_links() {
    if (!waiting_.empty()) out_.add(std::exchange(waiting_, {}));
  }

  TextOut& out_;
  Sink& sink_;
  unsigned depth_ = 0, links_ = 0;
  std::uint64_t instructions_ = 0;  // a bit for each open field that has not come to its result
  std::string instruction_, waiting_;
};

struct Piece {
  std::uint64_t at = 0, bytes = 0;
  bool wide = false;
};

// The piece table: text in the order of the document. `word6`: pieces are of bytes.
std::vector<Piece> pieces_of(std::string_view clx, bool word6) {
  std::vector<Piece> out;
  base::Cursor c(clx);
  while (c.left() && c.ok()) {
    const auto kind = c.le<std::uint8_t>();
    if (kind == 1) {
      c.take(c.le<std::uint16_t>());
      continue;
    }
    if (kind != 2) break;
    const std::string_view plc = c.take(std::min<std::size_t>(c.le<std::uint32_t>(), c.left()));
    if (plc.size() < 16) break;
    const std::size_t n = (plc.size() - 4) / 12;
    for (std::size_t i = 0; i < n; ++i) {
      const std::uint32_t first = u32(plc, 4 * i), last = u32(plc, 4 * i + 4),
                          fc = u32(plc, 4 * (n + 1) + 8 * i + 2);
      if (last <= first) continue;
      const bool wide = !word6 && !(fc & 0x40000000);
      const std::uint64_t at = word6 || wide ? fc : (fc & 0x3FFFFFFF) / 2;
      out.push_back({at, (std::uint64_t{last} - first) * (wide ? 2 : 1), wide});
    }
    break;
  }
  return out;
}

std::string charset_of_language(std::uint16_t language) {
  switch (language & 0x3FF) {
    case 0x19:
    case 0x22:
    case 0x23:
    case 0x02:
    case 0x2F: return "windows-1251";
    case 0x05:
    case 0x0E:
    case 0x15:
    case 0x18:
    case 0x1A:
    case 0x1B:
    case 0x24: return "windows-1250";
    case 0x08: return "windows-1253";
    case 0x1F: return "windows-1254";
    case 0x0D: return "windows-1255";
    case 0x01:
    case 0x20:
    case 0x29: return "windows-1256";
    case 0x11: return "windows-31j";
    case 0x12: return "windows-949";
    case 0x04: return language == 0x404 ? "big5" : "gb18030";
    default: return "windows-1252";
  }
}

// False: the document is locked, or no text is where it says.
void tell_text(std::string_view word, const Ole* ole, Sink& sink) {
  const std::uint16_t fib = u16(word, 2), flags = u16(word, 0x0A);
  if (flags & 0x0100) return sink.finding(Reason::encrypted, "Word");
  const bool word6 = fib < 0xC0;
  std::vector<Piece> pieces;
  if (!word6 && ole) {
    const auto table = ole->read(flags & 0x0200 ? "1Table" : "0Table");
    if (!table) {
      sink.finding(Reason::missing_part, "table stream");
    } else {
      const std::size_t at = u32(word, 0x1A2), n = u32(word, 0x1A6);
      if (at <= table->size()) pieces = pieces_of(std::string_view(*table).substr(at, n), false);
    }
  } else if ((flags & 4) && ole) {
    const std::size_t at = u32(word, 0x160), n = u32(word, 0x164);
    if (at <= word.size()) pieces = pieces_of(word.substr(at, n), true);
  }
  const std::uint32_t start = u32(word, 0x18), end = u32(word, 0x1C);
  if (pieces.empty() && start < end && start < word.size()) {
    if (!word6) sink.finding(Reason::damaged, "piece table; the text may be in another order");
    pieces.push_back({start, end - start, false});
  }
  if (pieces.empty()) return sink.finding(Reason::damaged, "no text where the header says");
  TextOut out(sink);
  Characters characters(out, sink);
  const std::string charset = word6 ? charset_of_language(u16(word, 6)) : "windows-1252";
  bool cut = false;
  std::uint64_t total = 0;
  for (const Piece& p : pieces) {
    if (p.at >= word.size()) {
      cut = true;
      continue;
    }
    const std::string_view bytes =
        word.substr(static_cast<std::size_t>(p.at), static_cast<std::size_t>(p.bytes));
    cut |= bytes.size() < p.bytes;
    // Pieces may repeat one another's bytes; an honest document does not, much.
    if ((total += bytes.size()) > word.size() * 4 + (1 << 20)) {
      sink.finding(Reason::bomb, "pieces overlap");
      break;
    }
    characters.add(p.wide ? from_utf16le(bytes.substr(0, bytes.size() & ~std::size_t{1}))
                          : decode_as(bytes, charset));
    if (out.full()) break;
  }
  characters.finish();
  out.flush();
  if (cut) sink.finding(Reason::truncated, "text lies beyond the end");
}

base::Status read_doc(Source& source, const Request& request, Sink& sink) {
  const std::string start(source.read(0, 4));
  if (start.starts_with("\xDB\xA5") || start.starts_with("\x9B\xA5")) {  // Word 1 and 2: no container
    const std::string_view word = TRY(source.all());
    tell_text(word, nullptr, sink);
    return base::Done{};
  }
  const Ole ole = TRY(Ole::open(source, request.limits));
  tell_ole_properties(ole, "", sink);
  const auto word = ole.read("WordDocument");
  if (!word || word->size() < 0x60) return base::Error{base::Refusal::damaged, "WordDocument stream"};
  tell_text(*word, &ole, sink);
  if (ole.broken()) sink.finding(Reason::damaged, "compound file");
  if (ole.find("Macros")) sink.meta("x.macros", "yes");
  if (const std::uint64_t n = give_ole_objects(ole, "ObjectPool", 0, sink)) sink.expect(n);
  return base::Done{};
}

constexpr std::string_view kDocTypes[] = {types::kDoc};

}  // namespace

const Reader doc_reader{{"custos.doc", "1"}, kDocTypes, read_doc};

}  // namespace extract

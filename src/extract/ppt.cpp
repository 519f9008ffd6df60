#include "charset.h"
#include "ole.h"
#include "readers_list.h"
#include "text_out.h"
#include "types.h"

#include <base/bytes.h>
#include <base/text.h>

#include <zlib.h>

#include <map>

namespace extract {
namespace {

using base::load_le;

enum Record : std::uint16_t {
  kDocument = 1000,
  kSlide = 1006,
  kSlideAtom = 1007,
  kNotes = 1008,
  kNotesAtom = 1009,
  kSlidePersist = 1011,
  kTextChars = 4000,
  kTextBytes = 4008,
  kString = 4026,
  kUserEdit = 4085,
  kPersistDirectory = 6002,
  kSlideList = 4080,
  kOleStorage = 4113,
  kMaster = 1016
};

struct Header {
  std::uint16_t version = 0, instance = 0, type = 0;
  std::size_t from = 0, to = 0;  // of the content
  bool container() const { return version == 0xF; }
};

std::optional<Header> header_at(std::string_view s, std::size_t at) {
  if (at > s.size() || s.size() - at < 8) return {};
  Header h;
  const auto first = load_le<std::uint16_t>(&s[at]);
  h.version = first & 15, h.instance = first >> 4;
  h.type = load_le<std::uint16_t>(&s[at + 2]);
  h.from = at + 8;
  h.to = h.from + std::min<std::size_t>(load_le<std::uint32_t>(&s[at + 4]), s.size() - h.from);
  return h;
}

// Calls f for each record below, containers before what they hold. No recursion: containers are entered
// by going on inside them; f says false to pass one over.
template <class F>
void each(std::string_view s, std::size_t from, std::size_t to, F&& f) {
  for (std::size_t at = from; at + 8 <= to;) {
    const auto h = header_at(s, at);
    if (!h) return;
    const bool enter = f(*h);
    at = h->container() && enter ? h->from : h->to;
  }
}

std::string atom_text(std::string_view s, const Header& h) {
  const std::string_view bytes = s.substr(h.from, h.to - h.from);
  std::string out;
  if (h.type == kTextBytes)
    for (const char c : bytes) base::append_utf8(out, static_cast<unsigned char>(c));
  else out = from_utf16le(bytes.substr(0, bytes.size() & ~std::size_t{1}));
  for (char& c : out)
    if (c == '\r' || c == '\v') c = '\n';
  return out;
}

class Show {
 public:
  Show(std::string_view s, std::string_view current, const Limits& limits, Sink& sink)
      : s_(s), limits_(limits), sink_(sink), out_(sink) {
    load_directory(current);
  }

  void read() {
    if (encrypted_) return sink_.finding(Reason::encrypted, "PowerPoint");
    const auto document = persist_.find(document_);
    const auto h = document == persist_.end() ? std::nullopt : header_at(s_, document->second);
    if (h && h->type == kDocument) by_slides(*h);
    else linear();
    out_.flush();
  }

 private:
  struct Slide {
    std::uint32_t reference = 0, id = 0;
    std::string outline;
  };

  // Edits from the newest to the oldest: the first place told of an object is where it is now.
  void load_directory(std::string_view current) {
    if (current.size() < 20) return;
    encrypted_ = load_le<std::uint32_t>(&current[12]) == 0xF3D1C4DF;
    std::size_t at = load_le<std::uint32_t>(&current[16]);
    for (int edits = 0; edits < 10'000; ++edits) {
      const auto h = header_at(s_, at);
      if (!h || h->type != kUserEdit || h->to - h->from < 20) return;
      const char* e = &s_[h->from];
      if (!document_) document_ = load_le<std::uint32_t>(e + 16);
      if (const auto d = header_at(s_, load_le<std::uint32_t>(e + 12)); d && d->type == kPersistDirectory)
        directory(*d);
      const std::size_t before = load_le<std::uint32_t>(e + 8);
      if (before == 0 || before >= at) return;
      at = before;
    }
  }
  void directory(const Header& h) {
    base::Cursor c(s_.substr(h.from, h.to - h.from));
    while (c.left() >= 4) {
      const auto v = c.le<std::uint32_t>();
      for (std::uint32_t i = 0; i < v >> 20 && c.left() >= 4; ++i)
        persist_.try_emplace((v & 0xFFFFF) + i, c.le<std::uint32_t>());
    }
  }

  void by_slides(const Header& document) {
    std::vector<Slide> slides, notes;
    std::vector<Slide>* into = nullptr;
    each(s_, document.from, document.to, [&](const Header& h) {
      if (h.type == kSlideList) into = h.instance == 0 ? &slides : h.instance == 2 ? &notes : nullptr;
      else if (h.type == kSlidePersist && into && h.to - h.from >= 16)
        into->push_back({load_le<std::uint32_t>(&s_[h.from]), load_le<std::uint32_t>(&s_[h.from + 12]), {}});
      else if ((h.type == kTextChars || h.type == kTextBytes) && into && !into->empty())
        into->back().outline += atom_text(s_, h) + "\n";
      return true;
    });
    std::map<std::uint32_t, std::string> notes_of;
    for (const Slide& n : notes) {
      std::uint32_t slide = 0;
      std::string text = n.outline + text_of(n.reference, &slide);
      notes_of[slide] += text;
    }
    std::size_t page = 0;
    for (const Slide& s : slides) {
      if (page >= limits_.pages_max) {
        sink_.finding(Reason::too_large, "slides");
        break;
      }
      if (page++) out_.page();
      out_.add(s.outline);
      out_.add(text_of(s.reference, nullptr));
      if (!persist_.contains(s.reference)) sink_.finding(Reason::missing_part, "a slide");
      const auto n = notes_of.find(s.id);
      if (n != notes_of.end()) out_.line(), out_.add(n->second), n->second.clear();
      if (out_.full()) return;
    }
    for (const auto& [slide, text] : notes_of)
      if (slide == 0 || !text.empty()) out_.line(), out_.add(text);
    sink_.meta("pages", std::to_string(slides.size()));
  }

  std::string text_of(std::uint32_t reference, std::uint32_t* slide) {
    std::string out;
    const auto place = persist_.find(reference);
    const auto h = place == persist_.end() ? std::nullopt : header_at(s_, place->second);
    // An object named by several slides is read for each; the sum stays in proportion to the stream.
    if (!h || !h->container() || (budget_ += h->to - h->from) > s_.size() * 8 + (1 << 20)) return out;
    each(s_, h->from, h->to, [&](const Header& r) {
      if (r.type == kNotesAtom && slide && r.to - r.from >= 4) *slide = load_le<std::uint32_t>(&s_[r.from]);
      else if (r.type == kTextChars || r.type == kTextBytes) out += atom_text(s_, r) + "\n";
      return true;
    });
    return out;
  }

  // Without a directory: every text there is, older versions included.
  void linear() {
    sink_.finding(Reason::damaged, "no directory of slides; texts in the order of the stream");
    each(s_, 0, s_.size(), [&](const Header& h) {
      if (h.type == kTextChars || h.type == kTextBytes) out_.add(atom_text(s_, h)), out_.line();
      return !out_.full() && h.type != kMaster;
    });
  }

  std::string_view s_;
  const Limits& limits_;
  Sink& sink_;
  TextOut out_;
  std::map<std::uint32_t, std::uint32_t> persist_;
  std::uint32_t document_ = 0;
  std::uint64_t budget_ = 0;
  bool encrypted_ = false;
};

// Pictures lie one after another in a stream of their own; bitmaps are given as they are.
std::uint64_t give_pictures(std::string_view s, std::uint64_t n, Sink& sink) {
  bool open = true;
  each(s, 0, s.size(), [&](const Header& h) {
    const char* suffix = h.type == 0xF01D || h.type == 0xF02A ? ".jpg"
                         : h.type == 0xF01E                   ? ".png"
                         : h.type == 0xF01F                   ? ".dib"
                                                              : nullptr;
    const std::size_t skip = (h.instance & 1) ? 33 : 17;
    if (!suffix || h.to - h.from <= skip) return false;
    PartInfo info;
    info.name = "picture-" + std::to_string(n + 1) + suffix, info.order = n++;
    if (open && (open = sink.begin_part(info))) {
      sink.part_bytes(s.substr(h.from + skip, h.to - h.from - skip));
      sink.end_part();
    }
    return false;
  });
  return n;
}

// Embedded objects are compound files, deflated.
std::uint64_t give_objects(std::string_view s, std::uint64_t n, const Limits& limits, Sink& sink) {
  bool open = true;
  each(s, 0, s.size(), [&](const Header& h) {
    if (h.type != kOleStorage || h.to - h.from < 8) return true;
    PartInfo info;
    info.name = "object-" + std::to_string(n + 1), info.order = n++;
    if (!open || !(open = sink.begin_part(info))) return true;
    const std::string_view packed =
        s.substr(h.from + (h.instance ? 4 : 0), h.to - h.from - (h.instance ? 4 : 0));
    if (!h.instance) {
      sink.part_bytes(packed);
      sink.end_part();
      return true;
    }
    std::string bytes(static_cast<std::size_t>(
                          std::min<std::uint64_t>({load_le<std::uint32_t>(&s[h.from]), limits.whole_bytes_max,
                                                   packed.size() * std::uint64_t{limits.ratio_max} + 65536})),
                      '\0');
    uLongf size = bytes.size();
    const int done = uncompress(reinterpret_cast<Bytef*>(bytes.data()), &size,
                                reinterpret_cast<const Bytef*>(packed.data()), packed.size());
    sink.part_bytes(std::string_view(bytes).substr(0, std::min<std::size_t>(size, bytes.size())));
    if (done == Z_OK) sink.end_part();
    else sink.fail_part(Reason::damaged, "deflated object");
    return true;
  });
  return n;
}

base::Status read_ppt(Source& source, const Request& request, Sink& sink) {
  const Ole ole = TRY(Ole::open(source, request.limits));
  tell_ole_properties(ole, "", sink);
  const auto stream = ole.read("PowerPoint Document");
  if (!stream) {
    sink.finding(Reason::unsupported, "PowerPoint 95 and older");
    return base::Done{};
  }
  Show(*stream, ole.read("Current User").value_or(""), request.limits, sink).read();
  if (ole.broken()) sink.finding(Reason::damaged, "compound file");
  std::uint64_t n = give_objects(*stream, 0, request.limits, sink);
  if (const auto pictures = ole.read("Pictures")) n = give_pictures(*pictures, n, sink);
  if (n) sink.expect(n);
  return base::Done{};
}

constexpr std::string_view kPptTypes[] = {types::kPpt};

}  // namespace

const Reader ppt_reader{{"custos.ppt", "1"}, kPptTypes, read_ppt};

}  // namespace extract

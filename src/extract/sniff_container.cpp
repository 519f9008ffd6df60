#include "sniff.h"

#include <base/bytes.h>
#include <base/text.h>

namespace extract::sniff {
namespace {

constexpr std::size_t kDirectoryBytes = 512 << 10;
constexpr unsigned kMembers = 8192, kSectors = 256;

constexpr std::pair<std::string_view, std::string_view> kStreams[] = {
    {"WordDocument", types::kDoc},
    {"Workbook", types::kXls},
    {"Book", types::kXls},
    {"WORKBOOK", types::kXls},
    {"BOOK", types::kXls},
    {"PowerPoint Document", types::kPpt},
    {"PP40", types::kPpt},
    {"__properties_version1.0", types::kMsg},
    {"__nameid_version1.0", types::kMsg},
    {"EncryptedPackage", types::kOfficeEncrypted},
    {"VisioDocument", "application/vnd.visio"},
    {"Quill", "application/x-mspublisher"},
};

// What the names seen so far speak for.
struct Names {
  bool content_types = false, word = false, sheet = false, slides = false, epub = false, kml = false,
       opf = false, manifest = false, android = false, iwork = false, xps = false, binary_sheet = false;
  std::string mimetype;

  void see(std::string_view n) {
    if (n.find('\\') != n.npos) {
      std::string slashed(n);
      for (char& c : slashed)
        if (c == '\\') c = '/';
      return see(slashed);
    }
    if (base::iequals_ascii(n, "[Content_Types].xml")) content_types = true;
    else if (n.starts_with("word/")) word = true;
    else if (n.starts_with("xl/")) sheet = true, binary_sheet |= n == "xl/workbook.bin";
    else if (n.starts_with("ppt/")) slides = true;
    else if (n == "META-INF/container.xml") epub = true;
    else if (n == "META-INF/MANIFEST.MF") manifest = true;
    else if (n == "AndroidManifest.xml") android = true;
    else if (n == "Index/Document.iwa" || n == "Index.zip") iwork = true;
    else if (n.ends_with(".fdseq")) xps = true;
    else if (n.ends_with(".opf")) opf = true;
    else if (n.ends_with(".kml") && (n.find('/') == n.npos || n == "doc.kml")) kml = true;
  }
  std::string_view type() const {
    static constexpr std::string_view kOdf = "application/vnd.oasis.opendocument.";
    if (mimetype == types::kEpub || (epub && opf)) return types::kEpub;
    if (mimetype.starts_with(kOdf) || mimetype.starts_with("application/vnd.sun.xml.")) {
      const std::string_view m = mimetype;
      if (m.find("spreadsheet") != m.npos || m.ends_with("calc")) return types::kOds;
      if (m.find("presentation") != m.npos || m.ends_with("impress")) return types::kOdp;
      if (m.find("graphics") != m.npos || m.ends_with("draw")) return types::kOdg;
      return types::kOdt;
    }
    if (content_types || (!manifest && !android)) {
      if (word && !slides) return types::kDocx;
      if (sheet && !slides)
        return binary_sheet ? "application/vnd.ms-excel.sheet.binary.macroEnabled.12" : types::kXlsx;
      if (slides) return types::kPptx;
      if (xps) return "application/vnd.ms-xpsdocument";
    }
    if (kml) return types::kKmz;
    if (android) return "application/vnd.android.package-archive";
    if (iwork) return "application/vnd.apple.iwork";
    if (manifest) return "application/java-archive";
    return types::kZip;
  }
};

// The member "mimetype" is to be stored, not compressed.
std::string stored_at(Source& source, std::uint64_t offset) {
  const std::string_view h = source.read(offset, 256);
  if (h.size() < 30 || !h.starts_with("PK\3\4") || base::load_le<std::uint16_t>(&h[8]) != 0) return {};
  const std::size_t start = 30u + base::load_le<std::uint16_t>(&h[26]) + base::load_le<std::uint16_t>(&h[28]);
  const std::size_t n = base::load_le<std::uint32_t>(&h[22]);
  if (start > h.size()) return {};
  std::string_view v = h.substr(start, n ? n : 128);
  if (!n) v = v.substr(0, v.find("PK"));
  return std::string(base::trim(v));
}

// Without a central directory (a cut download) the local headers in the head still tell.
std::string_view by_local_headers(Source& source) {
  const std::string head(source.read(0, 256 << 10));
  Names names;
  std::size_t at = 0;
  for (unsigned i = 0; i < kMembers; ++i) {
    at = head.find("PK\3\4", at);
    if (at == head.npos || head.size() - at < 30) break;
    const std::size_t n = base::load_le<std::uint16_t>(&head[at + 26]);
    const std::string_view name = std::string_view(head).substr(at + 30, n);
    names.see(name);
    if (name == "mimetype") names.mimetype = stored_at(source, at);
    at += 30 + n;
    if (at > head.size()) break;
  }
  return names.type();
}

}  // namespace

std::string_view zip(Source& source) {
  const std::uint64_t size = source.size();
  for (const std::uint64_t window : {std::uint64_t{1} << 10, std::uint64_t{66} << 10}) {
    const std::uint64_t from = size > window ? size - window : 0;
    const std::string_view tail = source.read(from, static_cast<std::size_t>(size - from));
    const std::size_t end = tail.rfind("PK\5\6");
    if (end == tail.npos || tail.size() - end < 22) continue;
    const std::uint64_t bytes = base::load_le<std::uint32_t>(&tail[end + 12]);
    std::uint64_t start = base::load_le<std::uint32_t>(&tail[end + 16]);
    if (bytes > from + end) return by_local_headers(source);
    if (start + bytes != from + end && bytes != 0xFFFFFFFF)
      start = from + end - bytes;  // bytes before the archive
    const std::string directory(source.read(start, static_cast<std::size_t>(std::min<std::uint64_t>(
                                                        bytes, kDirectoryBytes))));
    Names names;
    std::size_t at = 0;
    for (unsigned i = 0; i < kMembers && directory.size() - at >= 46; ++i) {
      if (directory.compare(at, 4, "PK\1\2") != 0) break;
      const std::size_t n = base::load_le<std::uint16_t>(&directory[at + 28]);
      const std::string_view name = std::string_view(directory).substr(at + 46, n);
      names.see(name);
      if (name == "mimetype")
        names.mimetype = stored_at(source, base::load_le<std::uint32_t>(&directory[at + 42]));
      at += 46 + n + base::load_le<std::uint16_t>(&directory[at + 30]) +
            base::load_le<std::uint16_t>(&directory[at + 32]);
      if (at > directory.size()) break;
    }
    if (at) return names.type();
    return by_local_headers(source);
  }
  return by_local_headers(source);
}

std::string_view ole(Source& source) {
  const std::string header(source.read(0, 512));
  if (header.size() < 512) return types::kOle;
  const unsigned shift = base::load_le<std::uint16_t>(&header[30]);
  if (shift != 9 && shift != 12) return types::kOle;
  const std::size_t sector = std::size_t{1} << shift;
  std::string entries;
  std::uint32_t at = base::load_le<std::uint32_t>(&header[48]);
  for (unsigned i = 0; i < kSectors && at < 0xFFFFFFF0; ++i) {
    entries += source.read((at + 1ull) << shift, sector);
    // The next sector of the chain, through the FAT sectors that the header itself names.
    const std::size_t block = at / (sector / 4);
    if (block >= 109) break;
    const std::uint32_t fat = base::load_le<std::uint32_t>(&header[76 + 4 * block]);
    if (fat >= 0xFFFFFFF0) break;
    const std::string_view next = source.read(((fat + 1ull) << shift) + 4ull * (at % (sector / 4)), 4);
    if (next.size() < 4) break;
    at = base::load_le<std::uint32_t>(next.data());
  }
  // Only what the root holds counts: embedded documents have streams of the same names, deeper.
  std::string_view type = types::kOle;
  std::vector<std::uint32_t> ahead;
  if (entries.size() >= 128) ahead.push_back(base::load_le<std::uint32_t>(&entries[76]));
  for (unsigned steps = 0; !ahead.empty() && steps < kMembers; ++steps) {
    const std::uint64_t e = ahead.back() * 128ull;
    ahead.pop_back();
    if (e + 128 > entries.size()) continue;
    const char* entry = &entries[static_cast<std::size_t>(e)];
    ahead.push_back(base::load_le<std::uint32_t>(entry + 68));
    ahead.push_back(base::load_le<std::uint32_t>(entry + 72));
    std::string name;
    for (std::size_t k = 0; k < 31 && entry[2 * k]; ++k) name += entry[2 * k];
    for (const auto& [stream, means] : kStreams)
      if (name == stream) type = means;
    if (type == types::kOfficeEncrypted || type == types::kMsg) break;
  }
  return type;
}

}  // namespace extract::sniff

#include "sniff.h"

#include <base/bytes.h>

namespace extract::sniff {
namespace {

using namespace std::string_view_literals;

struct Signature {
  std::size_t at;
  std::string_view bytes, type;
};

// Longest and most certain first; those of two bytes are checked further in code.
constexpr Signature kSignatures[] = {
    {0, "\xFF\xD8\xFF"sv, "image/jpeg"},
    {0, "PK\3\4"sv, types::kZip},
    {0, "PK\5\6"sv, types::kZip},
    {0, "PK\7\b"sv, types::kZip},
    {0, "PK00PK\3\4"sv, types::kZip},
    {0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv, types::kOle},
    {0, "\x89PNG\r\n\x1A\n"sv, "image/png"},
    {0, "GIF87a"sv, "image/gif"},
    {0, "GIF89a"sv, "image/gif"},
    {0, "II*\0"sv, "image/tiff"},
    {0, "MM\0*"sv, "image/tiff"},
    {0, "II+\0"sv, "image/tiff"},
    {0, "MM\0+"sv, "image/tiff"},
    {0, "\x1F\x8B\x08"sv, "application/gzip"},
    {0, "BZh"sv, "application/x-bzip2"},
    {0, "\xFD" "7zXZ\0"sv, "application/x-xz"},
    {0, "\x28\xB5\x2F\xFD"sv, "application/zstd"},
    {0, "7z\xBC\xAF\x27\x1C"sv, "application/x-7z-compressed"},
    {0, "Rar!\x1A\x07"sv, "application/vnd.rar"},
    {0, "MSCF\0\0\0\0"sv, "application/vnd.ms-cab-compressed"},
    {0, "\x1F\x9D"sv, "application/x-compress"},
    {0, "LZIP"sv, "application/x-lzip"},
    {0, "\x04\x22\x4D\x18"sv, "application/x-lz4"},
    {0, "\x60\xEA"sv, "application/x-arj"},
    {0, "070701"sv, "application/x-cpio"},
    {0, "070702"sv, "application/x-cpio"},
    {0, "070707"sv, "application/x-cpio"},
    {0, "!<arch>\n"sv, "application/x-archive"},
    {0, "xar!"sv, "application/x-xar"},
    {0, "\xED\xAB\xEE\xDB"sv, "application/x-rpm"},
    {257, "ustar"sv, types::kTar},
    {0, "!BDN"sv, types::kPst},
    {0, "SQLite format 3\0"sv, types::kSqlite},
    {0, "WARC/"sv, types::kWarc},
    {0, "\x78\x9F\x3E\x22"sv, types::kTnef},
    {0, "{\\rtf"sv, types::kRtf},
    {0, "\xFFWPC"sv, "application/vnd.wordperfect"},
    {60, "BOOKMOBI"sv, "application/x-mobipocket-ebook"},
    {60, "TEXtREAd"sv, "application/x-palm-doc"},
    {0, "ITOLITLS"sv, "application/x-ms-reader"},
    {0, "ITSF"sv, "application/vnd.ms-htmlhelp"},
    {4, "Standard Jet DB\0"sv, "application/x-msaccess"},
    {4, "Standard ACE DB\0"sv, "application/x-msaccess"},
    {0, "\0\0\x02\0\x06\x04\x06\0"sv, "application/vnd.lotus-1-2-3"},
    {0, "\0\0\x02\0\x04\x04"sv, "application/vnd.lotus-1-2-3"},
    {0, "\0\0\x1A\0"sv, "application/vnd.lotus-1-2-3"},
    {0, "\xDB\xA5\x2D\0"sv, types::kDoc},      // Word 2
    {0, "\x9B\xA5\x21\0"sv, types::kDoc},      // Word 1
    {0, "\x31\xBE\0\0\0\xAB"sv, "application/x-mswrite"},
    {0, "\x32\xBE\0\0\0\xAB"sv, "application/x-mswrite"},
    {0, "\x09\x08\x10\0\0\x06\x05\0"sv, types::kXls},  // BIFF8 without a container
    {0, "\x09\x08\x08\0\0\x05\x05\0"sv, types::kXls},
    {0, "\x09\x08\x08\0\0\x05\x10\0"sv, types::kXls},
    {0, "\x09\x04\x06\0\0\0\x10\0"sv, types::kXls},
    {0, "\x09\x02\x06\0\0\0\x10\0"sv, types::kXls},
    {0, "\x09\0\x04\0\x02\0\x10\0"sv, types::kXls},
    {0, "ID3"sv, "audio/mpeg"},
    {0, "fLaC"sv, "audio/flac"},
    {0, "#!AMR"sv, "audio/amr"},
    {0, "MThd"sv, "audio/midi"},
    {0, ".snd"sv, "audio/basic"},
    {0, "MAC "sv, "audio/x-ape"},
    {0, "MPCK"sv, "audio/x-musepack"},
    {0, "MP+"sv, "audio/x-musepack"},
    {0, "DSD "sv, "audio/x-dsf"},
    {0, "FRM8"sv, "audio/x-dff"},
    {0, "wvpk"sv, "audio/x-wavpack"},
    {0, "TTA1"sv, "audio/x-tta"},
    {0, "OFR "sv, "audio/x-optimfrog"},
    {0, "\x0B\x77"sv, "audio/ac3"},
    {0, "ADIF"sv, "audio/aac"},
    {0, "FLV\x01"sv, "video/x-flv"},
    {0, "\x30\x26\xB2\x75\x8E\x66\xCF\x11"sv, "video/x-ms-asf"},
    {0, "\0\0\x01\xBA"sv, "video/mpeg"},
    {0, "\0\0\x01\xB3"sv, "video/mpeg"},
    {0, ".RMF"sv, "application/vnd.rn-realmedia"},
    {0, "8BPS"sv, "image/vnd.adobe.photoshop"},
    {0, "\0\0\0\x0CjP  \r\n"sv, "image/jp2"},
    {0, "\xFF\x4F\xFF\x51"sv, "image/x-jp2-codestream"},
    {0, "\0\0\0\x0CJXL "sv, "image/jxl"},
    {0, "AT&TFORM"sv, "image/vnd.djvu"},
    {0, "\0\0\x01\0"sv, "image/vnd.microsoft.icon"},
    {0, "\xD7\xCD\xC6\x9A"sv, "image/wmf"},
    {40, " EMF"sv, "image/emf"},
    {0, "\x7F" "ELF"sv, "application/x-executable"},
    {0, "\xCA\xFE\xBA\xBE"sv, "application/java-vm"},
    {0, "\xCF\xFA\xED\xFE"sv, "application/x-mach-binary"},
    {0, "wOFF"sv, "font/woff"},
    {0, "wOF2"sv, "font/woff2"},
    {0, "OTTO"sv, "font/otf"},
    {0, "\0\x01\0\0\0"sv, "font/ttf"},
    {0, "L\0\0\0\x01\x14\x02\0"sv, "application/x-ms-shortcut"},
    {0, "ElfFile\0"sv, "application/x-ms-evtx"},
    {0, "regf"sv, "application/x-ms-registry"},
    {0, "\xD4\xC3\xB2\xA1"sv, "application/vnd.tcpdump.pcap"},
    {0, "\x0A\x0D\x0D\x0A"sv, "application/x-pcapng"},
    {0, "\0\0\x27\x0A"sv, "application/x-esri-shape"},
    {0, "bplist0"sv, "application/x-bplist"},
    {0, "CWS"sv, "application/x-shockwave-flash"},
    {0, "FWS"sv, "application/x-shockwave-flash"},
    {0, "ZWS"sv, "application/x-shockwave-flash"},
    {0, "%!PS"sv, types::kPostscript},
    {0, "\xC5\xD0\xD3\xC6"sv, types::kPostscript},
    {0, "AC10"sv, "image/vnd.dwg"},
    {0, "PAR1"sv, "application/vnd.apache.parquet"},
    {0, "\x1A\0\0\x04\0\0"sv, "application/vnd.lotus-notes"},
};

bool at(std::string_view head, std::size_t offset, std::string_view bytes) {
  return offset <= head.size() && head.substr(offset).starts_with(bytes);
}

// Of letters only: a text may begin so too ("MAC addresses of ...").
bool is_word(std::string_view bytes) {
  for (const char c : bytes)
    if (c < 0x20 || c > 0x7E) return false;
  return true;
}

// The numbers of a cpio header, written in digits: nothing else begins with so many.
bool is_cpio(std::string_view head) {
  const bool octal = head.starts_with("070707");
  const std::string_view numbers = head.substr(0, octal ? 76 : 110);
  return numbers.size() == (octal ? 76 : 110) &&
         numbers.find_first_not_of(octal ? "01234567" : "0123456789abcdefABCDEF") == numbers.npos;
}

bool is_text_format(std::string_view type) {
  return type == types::kRtf || type == types::kWarc || type == types::kPostscript;
}

std::string_view of_riff(std::string_view head) {
  if (at(head, 8, "WAVE")) return "audio/wav";
  if (at(head, 8, "AVI ")) return "video/x-msvideo";
  if (at(head, 8, "WEBP")) return "image/webp";
  if (at(head, 8, "CDXA")) return "video/mpeg";
  return "application/x-riff";
}

std::string_view of_brand(std::string_view head) {
  const std::string_view brand = head.size() < 12 ? ""sv : head.substr(8, 4);
  if (brand == "heic" || brand == "heix" || brand == "heim" || brand == "heis" || brand == "hevc" ||
      brand == "mif1" || brand == "msf1")
    return head.substr(0, 64).find("avif") != head.npos ? "image/avif" : "image/heic";
  if (brand == "avif" || brand == "avis") return "image/avif";
  if (brand == "M4A " || brand == "M4B " || brand == "M4P ") return "audio/mp4";
  if (brand == "qt  ") return "video/quicktime";
  if (brand == "crx ") return "image/x-canon-cr3";
  if (brand.starts_with("3g")) return "video/3gpp";
  return "video/mp4";
}

std::string_view of_ogg(std::string_view head) {
  const std::string_view start = head.substr(0, 256);
  if (start.find("theora") != start.npos || head.find("\x80theora") != head.npos) return "video/ogg";
  return "audio/ogg";
}

// An MPEG audio frame header whose next frame is where it should be; two bytes alone prove nothing.
std::string_view of_mpeg_audio(std::string_view head) {
  const auto u = [&](std::size_t i) { return static_cast<unsigned char>(head[i]); };
  if (head.size() < 8 || u(0) != 0xFF || (u(1) & 0xE0) != 0xE0) return {};
  if ((u(1) & 0xF6) == 0xF0) {  // ADTS
    const std::size_t n = (u(3) & 3u) << 11 | u(4) << 3 | u(5) >> 5;
    if (n < 7) return {};
    return n + 1 >= head.size() || (u(n) == 0xFF && (u(n + 1) & 0xF6) == 0xF0) ? "audio/aac"sv : ""sv;
  }
  if ((u(1) & 0x18) == 0x08 || (u(1) & 6) == 0 || (u(2) & 0xF0) == 0xF0 || (u(2) & 0x0C) == 0x0C) return {};
  // Text in UTF-16 begins FF FE; its third and fourth bytes make no frame that is followed by another.
  for (std::size_t i = 24; i + 1 < head.size() && i < 4096; ++i)
    if (u(i) == 0xFF && u(i + 1) == u(1)) return "audio/mpeg";
  return {};
}

bool is_v7_tar(std::string_view head) {
  if (head.size() < 512 || head[0] == 0) return false;
  unsigned sum = 0;
  for (std::size_t i = 0; i < 512; ++i)
    sum += i >= 148 && i < 156 ? unsigned{' '} : static_cast<unsigned char>(head[i]);
  unsigned said = 0, digits = 0;
  for (std::size_t i = 148; i < 156; ++i) {
    if (head[i] == ' ' && !digits) continue;
    if (head[i] < '0' || head[i] > '7') break;
    said = said * 8 + static_cast<unsigned>(head[i] - '0'), ++digits;
  }
  return digits >= 3 && said == sum;
}

std::string_view of_structure(std::string_view head) {
  if (at(head, 4, "ftyp")) return of_brand(head);
  if (at(head, 4, "moov") || at(head, 4, "mdat") || at(head, 4, "wide") || at(head, 4, "free") ||
      at(head, 4, "skip"))
    return "video/quicktime";
  if (head.starts_with("RIFF") && head.size() >= 12) return of_riff(head);
  if (head.starts_with("OggS")) return of_ogg(head);
  if (head.starts_with("FORM") && (at(head, 8, "AIFF") || at(head, 8, "AIFC"))) return "audio/aiff";
  if (head.starts_with("\x1A\x45\xDF\xA3"))
    return head.substr(0, 128).find("webm") != head.npos ? "video/webm" : "video/x-matroska";
  if (head.starts_with("BM") && head.size() >= 26 && base::load_le<std::uint32_t>(&head[14]) <= 124 &&
      base::load_le<std::uint32_t>(&head[14]) >= 12 && base::load_le<std::uint32_t>(&head[6]) == 0)
    return "image/bmp";
  if (head.size() > 6 && head[0] == 'P' && head[1] >= '1' && head[1] <= '6' &&
      (head[2] == '\n' || head[2] == ' ') && ((head[3] >= '0' && head[3] <= '9') || head[3] == '#'))
    return head[1] == '1' || head[1] == '4'   ? "image/x-portable-bitmap"
           : head[1] == '2' || head[1] == '5' ? "image/x-portable-graymap"
                                              : "image/x-portable-pixmap";
  if (head.size() > 64 && head.starts_with("MZ") && head.substr(0, 64).find('\0') != head.npos)
    return "application/vnd.microsoft.portable-executable";
  if (head.size() > 22 && at(head, 2, "-l") && head[6] == '-' && (head[4] == 'h' || head[4] == 'z'))
    return "application/x-lzh-compressed";
  if (head.size() > 377 && head[0] == 0x47 && head[188] == 0x47 && head[376] == 0x47) return "video/mp2t";
  if (head.size() > 13 && head.starts_with("\x5D\0\0"sv) && (head[12] == '\0' || head[12] == '\xFF'))
    return "application/x-lzma";
  return of_mpeg_audio(head);
}

}  // namespace

std::string_view signature(std::string_view head) {
  for (const Signature& s : kSignatures)
    if (at(head, s.at, s.bytes)) {
      if (s.type == "application/x-cpio" && is_cpio(head)) return s.type;
      if (s.at == 0 && is_word(s.bytes) && !is_text_format(s.type) && looks_like_text(head)) continue;
      return s.type;
    }
  if (const std::string_view t = of_structure(head); !t.empty()) return t;
  // Readers of PDF accept a header within the first 1024 bytes; so do writers of mail that come before it,
  // which therefore must not hold one. A misspelt header counts where an object or the end follows.
  const std::size_t pdf = head.substr(0, 1024).find("%PDF");
  if (pdf != head.npos && (pdf == 0 || !looks_like_headers(head)) &&
      (at(head, pdf, "%PDF-") || head.find(" obj", pdf) != head.npos || head.find("%%EOF", pdf) != head.npos))
    return types::kPdf;
  if (is_v7_tar(head)) return types::kTar;
  return {};
}

}  // namespace extract::sniff

// Containers of files, through libarchive: names are data, links and devices are told and not followed, and
// what the container names but does not give is told too. For zip the container's own directory is the judge.
#include "archive_stream.h"
#include "zip_directory.h"

#include <base/text.h>
#include <base/time.h>
#include <extract/memory.h>

#include <algorithm>

namespace extract {
namespace {

constexpr std::string_view kArchiveTypes[] = {
    "application/zip",
    "application/x-tar",
    "application/gzip",
    "application/x-bzip2",
    "application/x-xz",
    "application/zstd",
    "application/x-compress",
    "application/x-lzma",
    "application/x-lz4",
    "application/x-7z-compressed",
    "application/vnd.rar",
    "application/x-iso9660-image",
    "application/vnd.ms-cab-compressed",
    "application/x-lzh-compressed",
    "application/x-cpio",
    "application/x-archive",
    "application/x-xar",
    "application/x-lzip",
};

bool packed_stream(std::string_view type) {
  for (const std::string_view t :
       {"application/gzip", "application/x-bzip2", "application/x-xz", "application/zstd",
        "application/x-compress", "application/x-lzma", "application/x-lz4", "application/x-lzip"})
    if (t == type) return true;
  return false;
}

// "a/report.txt.gz" holds "report.txt".
std::string name_without_suffix(std::string_view name) {
  name = name.substr(name.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::string(name.empty() ? "content" : name);
  const std::string_view suffix = name.substr(dot + 1);
  std::string stem(name.substr(0, dot));
  for (const std::string_view tar : {"tgz", "tbz", "tbz2", "txz", "tzst"})
    if (base::iequals_ascii(suffix, tar)) stem += ".tar";
  return stem;
}

constexpr std::uint64_t kTrialBytes = 1 << 20;
constexpr std::uint64_t kLocalHeadMax =
    30 + 2 * 65535 + 24;  // with its name, extra field and what follows it

class Unpacking {
 public:
  Unpacking(Source& source, const Request& request, Sink& sink)
      : source_(source), request_(request), limits_(request.limits), sink_(sink) {}

  base::Status run() {
    const bool zip = request_.type == "application/zip";
    std::optional<ZipDirectory> directory;
    if (zip) {
      directory.emplace(source_, limits_);
      directory_ = directory->found() ? &*directory : nullptr;
      tell_directory(*directory);
    }
    using Wanted = ArchiveStream::Wanted;
    const Wanted wanted = zip                            ? Wanted::zip
                          : packed_stream(request_.type) ? Wanted::unpacked
                                                         : Wanted::members;
    if (packed_stream(request_.type)) tell_gzip_name();
    read_all(wanted);
    // What begins with zeros looks like a tape without members: then the bytes themselves are the part.
    if (packed_stream(request_.type) && order_ == 0) read_all(Wanted::stream);
    if (directory_) tell_unmet();
    tell_end();
    return base::Done{};
  }

 private:
  // The old cipher of ZIP checks a password by one byte: of many that are given several seem to fit, and the
  // library takes the first of them. The one that opens the smallest encrypted member goes before the others.
  std::vector<std::string> passwords() const {
    std::vector<std::string> all(request_.passwords.begin(), request_.passwords.end());
    const ZipMember* smallest = nullptr;
    if (directory_ && all.size() > 1)
      for (const ZipMember& m : directory_->members())
        if (m.encrypted && !m.folder && (!smallest || m.packed_bytes < smallest->packed_bytes)) smallest = &m;
    if (!smallest) return all;
    // By itself it is an archive that begins with a member: no password costs more than this one does.
    const std::string bytes(source_.read(
        smallest->offset,
        static_cast<std::size_t>(std::min(smallest->packed_bytes + kLocalHeadMax, kTrialBytes))));
    const bool cut = bytes.size() == kTrialBytes;
    if (opens(bytes, all, cut)) return all;
    for (auto p = all.begin(); p != all.end(); ++p)
      if (opens(bytes, std::span(&*p, 1), cut)) {
        std::rotate(all.begin(), p, p + 1);
        break;
      }
    return all;
  }
  // Do they open the first member of these bytes? Of a member that was cut, as far as it goes.
  static bool opens(std::string_view bytes, std::span<const std::string> passwords, bool cut) {
    MemorySource source(bytes);
    ArchiveStream trial(source, ArchiveStream::Wanted::zip, passwords);
    if (!trial.next()) return false;
    while (!trial.read().empty()) {}
    return !trial.bad() || (cut && reason_of_message(trial.message()) == Reason::truncated);
  }

  void read_all(ArchiveStream::Wanted wanted) {
    stream_ = std::make_unique<ArchiveStream>(source_, wanted, passwords());
    while (archive_entry* entry = stream_->next()) {
      if (order_ == 0) tell_format();
      if (!member(entry)) break;
      ++order_;
    }
  }

  void tell_directory(const ZipDirectory& d) {
    if (!d.found())
      sink_.finding(Reason::truncated, "the directory of the archive is missing");
    else if (d.cut())
      sink_.finding(Reason::damaged, "the directory of the archive names fewer members than it counts");
    if (!d.comment().empty()) sink_.meta("comment", zip_name(d.comment()));
  }

  void tell_format() {
    const char* format = archive_format_name(stream_->get());
    if (format) sink_.meta("x.archive_format", format);
  }

  void tell_gzip_name() {
    const std::string head(source_.read(0, 1024));
    if (head.size() < 18 || !head.starts_with("\x1f\x8b")) return;
    std::size_t at = 10;
    if (head[3] & 4)
      at += 2u + static_cast<unsigned char>(head[10]) + 256u * static_cast<unsigned char>(head[11]);
    if (!(head[3] & 8) || at >= head.size()) return;
    const std::size_t end = head.find('\0', at);
    if (end != std::string::npos) sink_.meta("x.gzip_name", zip_name(head.substr(at, end - at)));
  }

  PartInfo info_of(archive_entry* entry) {
    PartInfo info;
    const char* name = archive_entry_pathname(entry);
    if (!name) name = archive_entry_pathname_utf8(entry);
    const bool raw = archive_format(stream_->get()) == ARCHIVE_FORMAT_RAW;
    if (raw)
      info.name = name_without_suffix(request_.name);
    else if (name && *name)
      info.name = base::cut(directory_            ? zip_name(name)
                            : base::is_utf8(name) ? name
                                                  : base::name_as_text(name),
                            16 * 1024);
    else
      info.name = "member " + std::to_string(order_ + 1);
    if (archive_entry_mtime_is_set(entry) && !(raw && archive_entry_mtime(entry) == 0)) {
      const std::int64_t t = archive_entry_mtime(entry);
      if (t > -62135596800 && t < 253402300800) info.modified = base::rfc3339(t);
    }
    info.order = order_;
    return info;
  }

  // False: give no more members.
  bool member(archive_entry* entry) {
    const char* raw_name = archive_entry_pathname(entry);
    ZipMember* listed = directory_ && raw_name ? directory_->meet(raw_name) : nullptr;
    const auto type = archive_entry_filetype(entry);
    if (type == AE_IFDIR) return true;
    const PartInfo info = info_of(entry);
    if (archive_entry_hardlink(entry) &&
        (!archive_entry_size_is_set(entry) || archive_entry_size(entry) == 0)) {
      lose(info, Reason::symlink, "hard link to " + base::clean(archive_entry_hardlink(entry)));
      return true;
    }
    if (type == AE_IFLNK) {
      const char* to = archive_entry_symlink(entry);
      lose(info, Reason::symlink, "to " + base::clean(to ? to : "?"));
      return true;
    }
    if (type != 0 && type != AE_IFREG) {
      lose(info, Reason::special_file, "a device, pipe or socket");
      return true;
    }
    if (listed && listed->overlaps) {
      lose(info, Reason::bomb, "overlaps another member");
      return true;
    }
    return give(info, listed, archive_entry_is_encrypted(entry) != 0);
  }

  // Bytes that came in for these that went out, and whether no honest archive does that.
  bool too_good(std::uint64_t in, std::uint64_t out) const {
    return out > limits_.ratio_floor && out / limits_.ratio_max > in;
  }

  bool give(const PartInfo& info, const ZipMember* listed, bool encrypted) {
    // The first block decides whether there are bytes at all: without any, the member is lost, not failed.
    const std::uint64_t taken_before = stream_->taken();
    std::string_view block = stream_->read();
    if (block.empty() && stream_->bad()) {
      const Reason why = encrypted ? Reason::encrypted : why_bad();
      lose(info, why, stream_->message());
      return true;
    }
    ++given_;
    if (!sink_.begin_part(info)) {
      full_ = true;
      return false;
    }
    std::uint64_t out = 0;
    for (; !block.empty(); block = stream_->read()) {
      out += block.size();
      total_out_ += block.size();
      const std::uint64_t in = listed ? listed->packed_bytes : stream_->taken() - taken_before + 256 * 1024;
      if (too_good(in, out) || too_good(stream_->taken() + 256 * 1024, total_out_)) {
        sink_.fail_part(Reason::bomb, "expands more than " + std::to_string(limits_.ratio_max) + " times");
        return true;
      }
      if (out > limits_.part_bytes_max) {
        sink_.fail_part(Reason::too_large, "more bytes than one part may have");
        return true;
      }
      if (!sink_.part_bytes(block)) {
        sink_.end_part();
        return true;
      }
    }
    if (stream_->bad())
      sink_.fail_part(encrypted ? Reason::encrypted : why_bad(), stream_->message());
    else if (listed && listed->bytes > out)
      sink_.fail_part(Reason::truncated, "fewer bytes than the directory says");
    else
      sink_.end_part();
    return true;
  }

  Reason why_bad() const {
    const Reason why = reason_of_message(stream_->message());
    if (why == Reason::damaged && stream_->farthest() >= stream_->size() && !directory_)
      return Reason::truncated;
    return why;
  }

  void lose(const PartInfo& info, Reason why, std::string_view detail) {
    ++given_;
    sink_.lost_part(info, why, base::cut(detail, 500));
  }

  // What the directory names and the library did not yield.
  void tell_unmet() {
    std::uint64_t unmet = 0;
    for (const ZipMember& m : directory_->members()) {
      if (m.met || m.folder) continue;
      ++unmet;
      if (full_) continue;
      PartInfo info;
      info.name = zip_name(directory_->name_of(source_, m));
      info.order = order_++;
      const bool beyond = m.offset >= source_.size();
      sink_.lost_part(
          info,
          m.overlaps    ? Reason::bomb
          : m.encrypted ? Reason::encrypted
          : beyond      ? Reason::missing_part
                        : Reason::damaged,
          m.overlaps ? "overlaps another member" : "the directory names it, its bytes cannot be read");
    }
    sink_.expect(given_ + unmet);
  }

  void tell_end() {
    if (stream_->fault()) {
      std::string detail(base::cut(stream_->message(), 500));
      if (!stream_->opened() && detail.empty()) detail = "not an archive that can be read";
      sink_.finding(why_bad(), detail);
    } else if (!full_ && !directory_) {
      tell_rest();
    }
    // Of an archive that it could not open the library looks at a format beyond its table.
    if (stream_->opened() && given_ == 0 && archive_read_has_encrypted_entries(stream_->get()) == 1)
      sink_.finding(Reason::encrypted, "the list of members is encrypted");
    if (!directory_) sink_.expect(given_);
  }

  // Bytes after the end the library saw; zeros are padding.
  void tell_rest() {
    const la_int64_t end = archive_filter_bytes(stream_->get(), -1);
    const int format = archive_format(stream_->get());
    if (end < 0 || (format & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_7ZIP ||
        (format & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ISO9660 ||
        (format & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_RAR ||
        (format & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_RAR_V5 ||
        (format & ARCHIVE_FORMAT_BASE_MASK) == ARCHIVE_FORMAT_ZIP)
      return;
    const auto at = static_cast<std::uint64_t>(end);
    if (at >= source_.size()) return;
    const std::string_view rest = source_.read(at, 64 * 1024);
    if (std::any_of(rest.begin(), rest.end(), [](char c) { return c != 0; }))
      sink_.finding(Reason::damaged,
                    std::to_string(source_.size() - at) + " bytes follow the end of the archive");
  }

  Source& source_;
  const Request& request_;
  const Limits& limits_;
  Sink& sink_;
  std::unique_ptr<ArchiveStream> stream_;
  ZipDirectory* directory_ = nullptr;
  std::uint64_t order_ = 0, given_ = 0, total_out_ = 0;
  bool full_ = false;
};

base::Status read_archive(Source& source, const Request& request, Sink& sink) {
  return Unpacking(source, request, sink).run();
}

}  // namespace

extern const Reader archive_reader;
const Reader archive_reader{{"libarchive", ARCHIVE_VERSION_ONLY_STRING}, kArchiveTypes, read_archive};

}  // namespace extract

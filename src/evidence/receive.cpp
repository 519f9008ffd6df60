#include "pipeline.h"

#include <base/handle.h>
#include <base/text.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <functional>
#include <sys/stat.h>
#include <unistd.h>

namespace evidence {
namespace {

constexpr std::size_t kSmall = 4 << 20, kPiece = 1 << 20;

std::string stamp_of(const struct stat& s) {
  return std::to_string(s.st_size) + " " + std::to_string(s.st_mtim.tv_sec) + "." +
         std::to_string(s.st_mtim.tv_nsec) + " " + std::to_string(s.st_ctim.tv_sec) + "." +
         std::to_string(s.st_ctim.tv_nsec) + " " + std::to_string(s.st_dev) + ":" + std::to_string(s.st_ino);
}

class Walker {
 public:
  explicit Walker(Pipeline& p) : p_(p), seen_(p.file().another_connection()) {
    any_ = seen_->number("select 1 from item limit 1") > 0;
  }

  // `real` is the absolute path on disk, `path` its forensic path.
  void visit(const std::string& real, const std::string& path, const std::string& root, int depth) {
    if (p_.stopping()) return;
    struct stat s {};
    if (::lstat(real.c_str(), &s)) {
      not_taken(real, path, kFailed, extract::Reason::unreadable, std::strerror(errno));
      return;
    }
    if (S_ISDIR(s.st_mode)) return folder(real, path, root, depth);
    if (S_ISLNK(s.st_mode)) return link(real, path, root);
    if (!S_ISREG(s.st_mode))
      return not_taken(real, path, kSkipped, extract::Reason::special_file, "not a file of bytes");
    file(real, path, s);
  }

  // What comes without a path on disk. Its origin names it for good, so its bytes never change.
  void visit(const Incoming& in) {
    const std::string stamp = "incoming " + std::to_string(in.size);
    if (p_.stopping() || known(in.origin, stamp)) return;
    Arrival a{fresh(in.origin, in.path), nullptr};
    a.item.stamp = stamp;
    std::string piece;
    std::uint64_t at = 0;
    const auto next = [&]() -> base::Result<std::string_view> {
      piece.clear();
      if (at < in.size) {
        piece = TRY(in.read(at, static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, in.size - at))));
        if (piece.empty()) return base::Error{base::Refusal::damaged, "it ends before its size"};
      }
      at += piece.size();
      return std::string_view(piece);
    };
    if (take(a, in.origin, in.path, next)) p_.arrive(std::move(a));
  }

 private:
  Item fresh(const std::string& real, const std::string& path) {
    Item i;
    i.kind = "file", i.path = base::name_as_text(path), i.origin = base::name_as_text(real);
    if (!base::is_utf8(real)) i.name_bytes = Octets{real.substr(real.rfind('/') + 1)};
    i.state = kPending, i.findings = i.metadata = "[]";
    i.received = p_.file().office().clock().unix_micros();
    return i;
  }
  // Met in this case before, and unchanged since by all the file system tells?
  bool known(const std::string& real, const std::string& stamp) {
    if (!met_.insert(std::hash<std::string>()(real)).second) return true;
    if (!any_) return false;
    bool same = false;
    seen_->each(
        "select stamp from item where origin = ?",
        [&](store::Statement& row) { same |= row.text(0) == stamp; },
        std::string_view(base::name_as_text(real)));
    if (same) ++p_.watch().progress->known;
    return same;
  }
  void not_taken(const std::string& real, const std::string& path, std::string_view state,
                 extract::Reason reason, const std::string& detail) {
    if (known(real, "-")) return;
    Arrival a{fresh(real, path), nullptr};
    a.item.state = state, a.item.reason = std::string(extract::name_of(reason)), a.item.stamp = "-";
    a.item.findings = json_of({{std::string(extract::name_of(reason)), detail}});
    p_.arrive(std::move(a));
  }
  void link(const std::string& real, const std::string& path, const std::string& root) {
    char target[4096];
    const ssize_t n = ::readlink(real.c_str(), target, sizeof target);
    const std::string to = n < 0 ? "?" : base::name_as_text({target, static_cast<std::size_t>(n)});
    std::error_code error;
    const std::string end = std::filesystem::weakly_canonical(real, error).string();
    const bool inside = !error && (end == root || end.compare(0, root.size() + 1, root + "/") == 0);
    not_taken(real, path, kSkipped, inside ? extract::Reason::symlink : extract::Reason::outside,
              "a link to " + to + ", not followed");
  }
  void folder(const std::string& real, const std::string& path, const std::string& root, int depth) {
    const base::Handle<DIR, ::closedir> d(::opendir(real.c_str()));
    if (!d || depth > 1000)
      return not_taken(real, path, kFailed, d ? extract::Reason::too_deep : extract::Reason::unreadable,
                       d ? "folders nested too deep" : std::strerror(errno));
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* e = ::readdir(d.get())) {
      const std::string_view name = e->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
      errno = 0;
    }
    if (errno) not_taken(real, path, kFailed, extract::Reason::unreadable, std::strerror(errno));
    std::ranges::sort(names);
    for (const std::string& n : names) visit(real + "/" + n, path + "/" + n, root, depth + 1);
  }
  void file(const std::string& real, const std::string& path, const struct stat& s) {
    const std::string stamp = stamp_of(s);
    if (known(real, stamp)) return;
    const base::Fd fd(::open(real.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY));
    if (!fd) return not_taken(real, path, kFailed, extract::Reason::unreadable, std::strerror(errno));
    ::posix_fadvise(fd.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
    Arrival a{fresh(real, path), nullptr};
    a.item.stamp = stamp;
    a.item.modified = base::rfc3339(s.st_mtim.tv_sec);
    std::string piece(static_cast<std::size_t>(std::clamp<std::int64_t>(s.st_size + 1, 4096, kPiece)), '\0');
    const auto next = [&]() -> base::Result<std::string_view> {
      for (;;) {
        const ssize_t n = ::read(fd.get(), piece.data(), piece.size());
        if (n >= 0) return std::string_view(piece.data(), static_cast<std::size_t>(n));
        if (errno != EINTR) return base::Error{base::Refusal::damaged, std::strerror(errno)};
      }
    };
    if (!take(a, real, path, next)) return;
    struct stat after {};
    if (!::fstat(fd.get(), &after) && stamp_of(after) != stamp)
      a.item.findings = json_of({{"damaged", "the file was changed by others while it was read"}});
    p_.arrive(std::move(a));
  }
  // Hashes and keeps what `next` gives until that is nothing. False: it could not be read, which is told, or
  // all is to stop.
  bool take(Arrival& a, const std::string& real, const std::string& path,
            const std::function<base::Result<std::string_view>()>& next) {
    Progress& progress = *p_.watch().progress;
    store::Vault::Appender& vault = p_.receiver_appender();
    a.bytes = std::make_shared<std::string>();
    base::Hasher sha256;
    std::optional<base::Hasher> sha1, md5;
    if (p_.options().old_hashes) sha1.emplace("SHA1"), md5.emplace("MD5");
    bool streaming = false;
    std::string trouble;
    while (trouble.empty()) {
      const base::Result<std::string_view> got = next();
      if (!got.ok()) {
        trouble = got.error().message;
        break;
      }
      if (got->empty()) break;
      sha256.add(*got);
      if (sha1) sha1->add(*got), md5->add(*got);
      a.item.size += static_cast<std::int64_t>(got->size());
      if (!streaming && a.item.size > static_cast<std::int64_t>(kSmall)) {
        vault.begin();
        vault.add(*a.bytes);
        a.bytes.reset();
        streaming = true;
      }
      if (streaming) {
        vault.add(*got);
        progress.sealed_bytes += static_cast<std::int64_t>(got->size());
      } else {
        a.bytes->append(*got);
      }
      if (p_.stopping()) trouble = "interrupted";
    }
    if (!trouble.empty()) {
      if (streaming) vault.abandon();
      met_.erase(std::hash<std::string>()(real));
      if (!p_.stopping()) not_taken(real, path, kFailed, extract::Reason::unreadable, trouble);
      return false;
    }
    if (streaming) {
      const store::Place place = vault.finish();
      vault.sync();
      a.item.pack = place.pack, a.item.pack_offset = place.offset,
      a.item.commitment = Octets{place.commitment};
    } else {
      progress.sealed_bytes += a.item.size;
    }
    a.item.sha256 = Octets{sha256.finish()};
    if (sha1) a.item.sha1 = Octets{sha1->finish()}, a.item.md5 = Octets{md5->finish()};
    return true;
  }

  Pipeline& p_;
  std::unique_ptr<store::Sql> seen_;
  std::unordered_set<std::size_t> met_;
  bool any_ = false;
};

}  // namespace

base::Status receive(Pipeline& p) {
  Walker walker(p);
  for (const std::string& given : p.options().places) {
    std::string path = given;
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    // A link that is given by name is meant; only links met on the way are not followed.
    const std::string root = std::filesystem::canonical(path).string();
    const std::size_t slash = root.rfind('/');
    walker.visit(root, slash + 1 < root.size() ? root.substr(slash + 1) : "root", root, 0);
  }
  for (const Incoming& in : p.options().incoming) walker.visit(in);
  return base::Done{};
}

}  // namespace evidence

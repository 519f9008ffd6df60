#include "outgoing.h"

#include <base/bytes.h>
#include <store/vault.h>

#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace store {
namespace {

constexpr std::size_t kSalt = 24, kCommitment = 32, kTag = 16, kPrefix = kSalt + kCommitment;
constexpr std::string_view kLabel = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM";
constexpr std::string_view kPackMagic = "custos pack v1\n\n";  // 16 bytes
constexpr std::size_t kFrame = 16;                             // "object\n\0" and the length of what follows
constexpr std::string_view kFrameMagic("object\n\0", 8);
constexpr std::size_t kBuffer = 2 << 20;

std::uint64_t sealed_bytes(std::uint64_t plain) { return kPrefix + plain + (plain / kChunk + 1) * kTag; }

struct Derived {
  std::string key, nonce, commitment;
};

// HKDF-Expand with SHA-256 (RFC 5869 §2.3) to 76 bytes: key, base nonce, commitment.
Derived derive(std::string_view key, std::string_view salt, std::string_view context) {
  std::string info(kLabel);
  info += '\0';
  info.append(salt).append(context);
  std::string out, previous;
  for (char i = 1; out.size() < 76; ++i) {
    previous = base::hmac_sha256(key, previous + info + i);
    out += previous;
  }
  return {out.substr(0, 32), out.substr(32, 12), out.substr(44, 32)};
}

void nonce_of(const std::string& base, std::uint64_t chunk, unsigned char* nonce) {
  std::memcpy(nonce, base.data(), 12);
  for (int i = 0; i < 8; ++i)
    nonce[11 - i] = static_cast<unsigned char>(nonce[11 - i] ^ (chunk >> (8 * i) & 255));
}

}  // namespace

// Encrypts one object as it streams by.
class Vault::Appender::Sealer {
 public:
  Sealer(std::string_view key, std::string_view context, Outgoing& out) : out_(out) {
    const std::string salt = base::random_bytes(kSalt);
    Derived d = derive(key, salt, context);
    commitment_ = std::move(d.commitment);
    nonce_ = std::move(d.nonce);
    aead_ = std::make_unique<base::Aead>(d.key);
    out_.append(salt);
    out_.append(commitment_);
  }
  const std::string& commitment() const { return commitment_; }
  void add(std::string_view plain) {
    if (!pending_.empty()) {
      const std::size_t n = std::min(plain.size(), kChunk - pending_.size());
      pending_.append(plain.substr(0, n));
      plain.remove_prefix(n);
      if (pending_.size() < kChunk) return;
      chunk(pending_);
      pending_.clear();
    }
    while (plain.size() >= kChunk) {
      chunk(plain.substr(0, kChunk));
      plain.remove_prefix(kChunk);
    }
    pending_.assign(plain);
  }
  void finish() { chunk(pending_); }  // the last, short chunk

 private:
  void chunk(std::string_view plain) {
    unsigned char nonce[12];
    nonce_of(nonce_, number_++, nonce);
    aead_->seal(nonce, {}, plain.data(), plain.size(), out_.room(plain.size() + kTag));
  }
  Outgoing& out_;
  std::string commitment_, nonce_, pending_;
  std::unique_ptr<base::Aead> aead_;
  std::uint64_t number_ = 0;
};

Vault::Vault(std::string folder, std::string key, std::string context)
    : folder_(std::move(folder)), key_(std::move(key)), context_(std::move(context)) {
  CHECK(key_.size() == 32);
}
std::string Vault::pack_path(std::int64_t pack) const {
  char name[32];
  std::snprintf(name, sizeof name, "/%08lld.pack", static_cast<long long>(pack));
  return folder_ + name;
}

Vault::Appender::Appender(const Vault& vault) : vault_(vault), out_(std::make_unique<Outgoing>()) {}
Vault::Appender::~Appender() = default;

// A new pack for each appender: packs of ended runs are never appended to, so a torn tail stays a tail.
// Written past the page cache: what was just encrypted is not read soon, and copying it costs more than the
// encryption. Where a file system cannot do that, through the cache.
void Vault::Appender::open_pack() {
  std::int64_t last = 0;
  const base::Handle<DIR, ::closedir> folder(::opendir(vault_.folder_.c_str()));
  if (!folder) base::fault_errno("cannot open the vault " + vault_.folder_);
  while (const dirent* e = ::readdir(folder.get()))
    last = std::max(last, std::int64_t{std::strtoll(e->d_name, nullptr, 10)});
  for (pack_ = last + 1;; ++pack_) {
    fd_ = base::Fd(::open(vault_.pack_path(pack_).c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (fd_) break;
    if (errno != EEXIST) base::fault_errno("cannot make " + vault_.pack_path(pack_));
  }
  past_cache(true);
  out_->cut(0);
  out_->append(kPackMagic);
  written_ = 0;
  dirty_ = true;
  base::sync_folder(vault_.folder_);
}
void Vault::Appender::past_cache(bool on) { ::fcntl(fd_.get(), F_SETFL, on ? O_DIRECT : 0); }
void Vault::Appender::broken(std::string_view did) {
  const int why = errno;
  failed_ = true;
  errno = why;
  base::fault_errno("cannot " + std::string(did) + " " + vault_.pack_path(pack_));
}
// Writes the whole blocks of what waits.
void Vault::Appender::flush() {
  CHECK(!failed_);
  const std::size_t whole = out_->size() / Outgoing::kBlock * Outgoing::kBlock;
  for (std::size_t done = 0; done < whole;) {
    const ssize_t n =
        ::pwrite(fd_.get(), out_->data() + done, whole - done, static_cast<off_t>(written_ + done));
    if (n > 0)
      done += static_cast<std::size_t>(n);
    else if (n < 0 && errno == EINVAL && ::fcntl(fd_.get(), F_GETFL) & O_DIRECT)
      past_cache(false);
    else if (n == 0 || errno != EINTR)
      broken("write");
    if (done % Outgoing::kBlock) past_cache(false);  // a write cut short in the middle of a block
  }
  written_ += whole;
  out_->drop(whole);
}
void Vault::Appender::begin() {
  CHECK(!sealer_);
  if (!fd_ || written_ + out_->size() > kPackBytes) {
    if (fd_) sync();
    open_pack();
  }
  dirty_ = true;
  object_at_ = written_ + out_->size();
  object_bytes_ = 0;
  out_->append(kFrameMagic);
  out_->append(std::string_view("\0\0\0\0\0\0\0\0", 8));  // length: filled in by finish(), informative only
  sealer_ = std::make_unique<Sealer>(vault_.key_, vault_.context_, *out_);
}
void Vault::Appender::add(std::string_view bytes) {
  object_bytes_ += bytes.size();
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kBuffer);
    sealer_->add(piece);
    if (out_->size() >= kBuffer) flush();
    bytes.remove_prefix(piece.size());
  }
}
Place Vault::Appender::finish() {
  sealer_->finish();
  Place p{pack_, static_cast<std::int64_t>(object_at_), static_cast<std::int64_t>(object_bytes_),
          sealer_->commitment()};
  sealer_.reset();
  std::string length;
  base::append_le<std::uint64_t>(length, sealed_bytes(object_bytes_));
  // The frame may lie on both sides of what is written.
  for (std::uint64_t i = 0, at = object_at_ + 8; i < length.size();) {
    if (at + i >= written_) {
      std::memcpy(out_->at(at + i - written_), length.data() + i, length.size() - i);
      break;
    }
    const std::size_t n = std::min<std::uint64_t>(length.size() - i, written_ - at - i);
    past_cache(false);
    const ssize_t did = ::pwrite(fd_.get(), length.data() + i, n, static_cast<off_t>(at + i));
    if (did != static_cast<ssize_t>(n)) broken("write");
    past_cache(true);
    i += n;
  }
  return p;
}
Place Vault::Appender::put(std::string_view bytes) {
  begin();
  add(bytes);
  return finish();
}
// Takes the unfinished object back. Its bytes were never named by the records, so this overwrites nothing.
void Vault::Appender::abandon() {
  sealer_.reset();
  if (object_at_ >= written_) {
    out_->cut(object_at_ - written_);
    return;
  }
  // The block that the object began in is held again: it is written whole, with what follows.
  const std::uint64_t block = object_at_ / Outgoing::kBlock * Outgoing::kBlock;
  const std::size_t before = object_at_ - block;
  past_cache(false);
  out_->cut(0);
  if (::ftruncate(fd_.get(), static_cast<off_t>(object_at_)) ||
      ::pread(fd_.get(), out_->room(before), before, static_cast<off_t>(block)) !=
          static_cast<ssize_t>(before))
    broken("write");
  past_cache(true);
  written_ = block;
}
void Vault::Appender::take_back(const Place& last) {
  CHECK(!sealer_ && last.pack == pack_ && last.offset == static_cast<std::int64_t>(object_at_));
  abandon();
}
void Vault::Appender::sync() {
  CHECK(!sealer_);
  if (!fd_ || !dirty_) return;
  out_->pad();
  flush();
#ifdef CUSTOS_PLANTS  // a defect that the power-cut harness must find; only in builds for tests
  if (const char* plant = std::getenv("CUSTOS_PLANT"); plant && std::string_view(plant) == "no_fsync") return;
#endif
  if (::fdatasync(fd_.get())) broken("sync");  // after that nothing is known of the pages: never tried again
  dirty_ = false;
}

base::Status Vault::check_pack(std::int64_t pack) const {
  const base::Fd fd(::open(pack_path(pack).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return base::Error{base::Refusal::not_found, "pack " + pack_path(pack) + " is missing"};
  char head[kPackMagic.size()];
  if (::pread(fd.get(), head, sizeof head, 0) != static_cast<ssize_t>(sizeof head) ||
      std::string_view(head, sizeof head) != kPackMagic)
    return base::Error{base::Refusal::damaged, "the head of pack " + pack_path(pack) + " is changed"};
  return base::Done{};
}

Opener Vault::open(const Place& place) const { return Opener(*this, place); }

base::Status Opener::open() {
  fd_ = base::Fd(::open(vault_.pack_path(place_.pack).c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd_)
    return base::Error{base::Refusal::not_found, "pack " + vault_.pack_path(place_.pack) + " is missing"};
  char head[kFrame + kPrefix];
  if (::pread(fd_.get(), head, sizeof head, place_.offset) != static_cast<ssize_t>(sizeof head))
    return base::Error{base::Refusal::damaged, "pack " + vault_.pack_path(place_.pack) + " ends too early"};
  if (std::string_view(head, 8) != kFrameMagic ||
      base::load_le<std::uint64_t>(head + 8) != sealed_bytes(static_cast<std::uint64_t>(place_.bytes)))
    return base::Error{base::Refusal::damaged, "frame of an object is changed"};
  Derived d = derive(vault_.key_, {head + kFrame, kSalt}, vault_.context_);
  if (d.commitment != std::string_view(head + kFrame + kSalt, kCommitment) ||
      d.commitment != place_.commitment)
    return base::Error{base::Refusal::damaged, "key commitment does not hold"};
  nonce_ = d.nonce;
  aead_ = std::make_unique<base::Aead>(d.key);
  return base::Done{};
}

base::Result<std::string_view> Opener::chunk(std::uint64_t number) {
  if (!aead_) TRY(open());
  const std::uint64_t total = static_cast<std::uint64_t>(place_.bytes), last = total / kChunk;
  if (number > last) return base::Error{base::Refusal::invalid, "no such chunk"};
  const std::size_t n = number < last ? kChunk : total % kChunk;
  sealed_.resize(n + kTag);
  plain_.resize(n);
  const auto at = static_cast<off_t>(static_cast<std::uint64_t>(place_.offset) + kFrame + kPrefix +
                                     number * (kChunk + kTag));
  if (::pread(fd_.get(), sealed_.data(), sealed_.size(), at) != static_cast<ssize_t>(sealed_.size()))
    return base::Error{base::Refusal::damaged, "pack " + vault_.pack_path(place_.pack) + " ends too early"};
  unsigned char nonce[12];
  nonce_of(nonce_, number, nonce);
  if (!aead_->open(nonce, {}, sealed_.data(), n, plain_.data()))
    return base::Error{base::Refusal::damaged, "chunk " + std::to_string(number) + " is changed"};
  return std::string_view(plain_);
}

base::Status Opener::check_behind() {
  if (!aead_) TRY(open());
  const std::uint64_t end = static_cast<std::uint64_t>(place_.offset) + kFrame +
                            sealed_bytes(static_cast<std::uint64_t>(place_.bytes));
  const std::size_t rest = (Outgoing::kBlock - end % Outgoing::kBlock) % Outgoing::kBlock;
  char bytes[Outgoing::kBlock];
  const ssize_t n = ::pread(fd_.get(), bytes, rest, static_cast<off_t>(end));
  const std::string_view got(bytes, n < 0 ? 0 : static_cast<std::size_t>(n));
  const std::size_t seen = std::min(rest, kFrameMagic.size());  // of the frame of another object
  if (seen && got.substr(0, seen) == kFrameMagic.substr(0, seen)) return base::Done{};
  if (got.size() != rest)
    return base::Error{base::Refusal::damaged, "pack " + vault_.pack_path(place_.pack) + " ends too early"};
  if (got.find_first_not_of('\0') != std::string_view::npos)
    return base::Error{base::Refusal::damaged, "bytes behind the object are changed"};
  return base::Done{};
}

base::Result<std::string> Vault::read(const Place& place, std::uint64_t offset, std::size_t n) const {
  Opener opener = open(place);
  const auto total = static_cast<std::uint64_t>(place.bytes);
  std::string out;
  if (offset >= total) return out;
  n = static_cast<std::size_t>(std::min<std::uint64_t>(n, total - offset));
  out.reserve(n);
  for (std::uint64_t number = offset / kChunk; out.size() < n; ++number) {
    std::string_view c = TRY(opener.chunk(number));
    if (number == offset / kChunk) c.remove_prefix(offset % kChunk);
    out.append(c.substr(0, n - out.size()));
  }
  return out;
}
base::Result<std::string> Vault::read(const Place& place) const {
  if (place.bytes == 0) {
    Opener opener = open(place);
    TRY(opener.chunk(0));
    return std::string();
  }
  return read(place, 0, static_cast<std::size_t>(place.bytes));
}

}  // namespace store

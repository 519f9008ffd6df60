#include <base/bytes.h>
#include <store/vault.h>

#include <openssl/hmac.h>

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
constexpr std::size_t kBuffer = 1 << 20;

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

Sealer::Sealer(std::string_view key, std::string_view context) : salt_(base::random_bytes(kSalt)) {
  Derived d = derive(key, salt_, context);
  commitment_ = std::move(d.commitment);
  nonce_ = std::move(d.nonce);
  aead_ = std::make_unique<base::Aead>(d.key);
}
void Sealer::start(std::string& out) { out.append(salt_).append(commitment_); }
void Sealer::chunk(std::string_view plain, std::string& out) {
  unsigned char nonce[12];
  nonce_of(nonce_, number_++, nonce);
  const std::size_t at = out.size();
  out.resize(at + plain.size() + kTag);
  aead_->seal(nonce, {}, plain.data(), plain.size(), out.data() + at);
}
void Sealer::add(std::string_view plain, std::string& out) {
  if (!pending_.empty()) {
    const std::size_t n = std::min(plain.size(), kChunk - pending_.size());
    pending_.append(plain.substr(0, n));
    plain.remove_prefix(n);
    if (pending_.size() < kChunk) return;
    chunk(pending_, out);
    pending_.clear();
  }
  while (plain.size() >= kChunk) {
    chunk(plain.substr(0, kChunk), out);
    plain.remove_prefix(kChunk);
  }
  pending_.assign(plain);
}
void Sealer::finish(std::string& out) {
  chunk(pending_, out);
  pending_.clear();
}

Vault::Vault(std::string folder, std::string key, std::string context)
    : folder_(std::move(folder)), key_(std::move(key)), context_(std::move(context)) {
  CHECK(key_.size() == 32);
}
std::string Vault::pack_path(std::int64_t pack) const {
  char name[32];
  std::snprintf(name, sizeof name, "/%08lld.pack", static_cast<long long>(pack));
  return folder_ + name;
}

Vault::Appender::Appender(const Vault& vault) : vault_(vault) {}
Vault::Appender::~Appender() = default;

// A new pack for each appender: packs of ended runs are never appended to, so a torn tail stays a tail.
void Vault::Appender::open_pack() {
  std::int64_t last = 0;
  const base::Handle<DIR, ::closedir> folder(::opendir(vault_.folder_.c_str()));
  if (!folder) base::fault_errno("cannot open the vault " + vault_.folder_);
  while (const dirent* e = ::readdir(folder.get()))
    last = std::max(last, std::int64_t{std::strtoll(e->d_name, nullptr, 10)});
  for (pack_ = last + 1;; ++pack_) {
    fd_ = base::Fd(::open(vault_.pack_path(pack_).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    if (fd_) break;
    if (errno != EEXIST) base::fault_errno("cannot make " + vault_.pack_path(pack_));
  }
  buffer_ = kPackMagic;
  written_ = 0;
  dirty_ = true;
  base::sync_folder(vault_.folder_);
}
void Vault::Appender::flush() {
  CHECK(!failed_);
  if (!base::write_all(fd_.get(), buffer_)) {
    failed_ = true;
    base::fault_errno("cannot write " + vault_.pack_path(pack_));
  }
  written_ += buffer_.size();
  buffer_.clear();
}
void Vault::Appender::begin() {
  CHECK(!sealer_);
  if (!fd_ || written_ + buffer_.size() > kPackBytes) {
    if (fd_) sync();
    open_pack();
  }
  dirty_ = true;
  object_at_ = written_ + buffer_.size();
  object_bytes_ = 0;
  buffer_.append(kFrameMagic);
  base::append_le<std::uint64_t>(buffer_, 0);  // length: filled in by finish(), informative only
  sealer_ = std::make_unique<Sealer>(vault_.key_, vault_.context_);
  sealer_->start(buffer_);
}
void Vault::Appender::add(std::string_view bytes) {
  object_bytes_ += bytes.size();
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kBuffer);
    sealer_->add(piece, buffer_);
    if (buffer_.size() >= kBuffer) flush();
    bytes.remove_prefix(piece.size());
  }
}
Place Vault::Appender::finish() {
  sealer_->finish(buffer_);
  Place p{pack_, static_cast<std::int64_t>(object_at_), static_cast<std::int64_t>(object_bytes_),
          sealer_->commitment()};
  sealer_.reset();
  std::string length;
  base::append_le<std::uint64_t>(length, sealed_bytes(object_bytes_));
  const std::uint64_t at = object_at_ + 8;
  if (at >= written_)
    buffer_.replace(at - written_, 8, length);
  else if (::pwrite(fd_.get(), length.data(), 8, static_cast<off_t>(at)) != 8) {
    failed_ = true;
    base::fault_errno("cannot write " + vault_.pack_path(pack_));
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
    buffer_.resize(object_at_ - written_);
    return;
  }
  buffer_.clear();
  if (::ftruncate(fd_.get(), static_cast<off_t>(object_at_)) ||
      ::lseek(fd_.get(), static_cast<off_t>(object_at_), SEEK_SET) < 0) {
    failed_ = true;
    base::fault_errno("cannot write " + vault_.pack_path(pack_));
  }
  written_ = object_at_;
}
void Vault::Appender::take_back(const Place& last) {
  CHECK(!sealer_ && last.pack == pack_ && last.offset == static_cast<std::int64_t>(object_at_));
  abandon();
}
void Vault::Appender::sync() {
  CHECK(!sealer_);
  if (!fd_ || !dirty_) return;
  flush();
#ifdef CUSTOS_PLANTS  // a defect that the power-cut harness must find; only in builds for tests
  if (const char* plant = std::getenv("CUSTOS_PLANT"); plant && std::string_view(plant) == "no_fsync") return;
#endif
  if (::fdatasync(fd_.get())) {
    failed_ = true;  // after a failed sync nothing is known of the pages: never tried again
    base::fault_errno("cannot sync " + vault_.pack_path(pack_));
  }
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

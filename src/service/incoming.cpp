#include "incoming.h"

#include <base/bytes.h>
#include <base/json.h>

#include <boost/json.hpp>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace service {
namespace {

namespace fs = std::filesystem;

// Kinds of frames: a head, pieces of which the last of a chunk closes it, an end with the hash.
constexpr char kHead = 'h', kPiece = 'p', kClosing = 'c', kEnd = 'e', kAbout = 'a';

base::Error damaged(const std::string& path) {
  return {base::Refusal::damaged, "what was received in " + path + " is not what was sealed; send it again"};
}
std::uint64_t size_of(int fd) {
  struct stat s {};
  if (::fstat(fd, &s)) base::fault_errno("cannot look at a file on its way in");
  return static_cast<std::uint64_t>(s.st_size);
}
void write_at(int fd, std::uint64_t at, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) base::fault_errno("cannot keep a file on its way in");
    bytes.remove_prefix(static_cast<std::size_t>(n));
    at += static_cast<std::uint64_t>(n);
  }
}
bool read_at(int fd, std::uint64_t at, char* to, std::size_t n) {
  while (n) {
    const ssize_t k = ::pread(fd, to, n, static_cast<off_t>(at));
    if (k < 0 && errno == EINTR) continue;
    if (k <= 0) return false;
    to += k, n -= static_cast<std::size_t>(k), at += static_cast<std::uint64_t>(k);
  }
  return true;
}

}  // namespace

Shelf::Shelf(std::string folder, std::string key, std::string upload)
    : folder_(std::move(folder)), key_(std::move(key)), upload_(std::move(upload)) {}

std::string Shelf::path_of(std::uint64_t n) const { return folder_ + "/" + std::to_string(n); }

std::string Shelf::bound(std::uint64_t n, char kind, std::uint64_t offset) const {
  std::string out = "custos incoming v1 " + upload_ + " ";
  base::append_le(out, n);
  out += kind;
  base::append_le(out, offset);
  return out;
}
std::string Shelf::sealed(base::Aead& aead, std::uint64_t n, char kind, std::uint64_t offset,
                          std::string_view plain) const {
  std::string out(1, kind);
  base::append_le(out, static_cast<std::uint32_t>(plain.size()));
  out += base::random_bytes(base::Aead::nonce_bytes);
  const std::size_t head = out.size();
  out.resize(overhead + plain.size());
  aead.seal(reinterpret_cast<const unsigned char*>(out.data()) + 5, bound(n, kind, offset), plain.data(),
            plain.size(), out.data() + head);
  return out;
}
std::optional<Shelf::Frame> Shelf::peek(int fd, std::uint64_t at, std::uint64_t end) {
  char head[5];
  if (at + overhead > end || !read_at(fd, at, head, sizeof head)) return {};
  Frame f{head[0], base::load_le<std::uint32_t>(head + 1), 0};
  f.next = at + overhead + f.bytes;
  if (f.bytes > piece_bytes || f.next > end) return {};
  return f;
}
base::Result<std::string> Shelf::open(base::Aead& aead, int fd, std::uint64_t n, std::uint64_t at,
                                      const Frame& f, std::uint64_t offset) const {
  std::string all(overhead + f.bytes, '\0'), out(f.bytes, '\0');
  if (!read_at(fd, at, all.data(), all.size()) ||
      !aead.open(reinterpret_cast<const unsigned char*>(all.data()) + 5, bound(n, f.kind, offset),
                 all.data() + 5 + base::Aead::nonce_bytes, f.bytes, out.data()))
    return damaged(path_of(n));
  return out;
}

void Shelf::keep_about(std::string_view json) const {
  base::Aead aead(key_);
  base::replace_file(folder_ + "/about", sealed(aead, 0, kAbout, 0, json));
}
base::Result<std::string> Shelf::about() const {
  const std::string path = folder_ + "/about";
  const base::Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return base::Error{base::Refusal::not_found, path + " is no upload"};
  const auto frame = peek(fd.get(), 0, size_of(fd.get()));
  if (!frame || frame->kind != kAbout) return damaged(path);
  base::Aead aead(key_);
  return open(aead, fd.get(), 0, 0, *frame, 0);
}

Shelf::Lock::Lock(const Shelf& shelf, Is is)
    : fd_(::open((shelf.folder_ + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  while (!fd_ || ::flock(fd_.get(), is == Is::whole ? LOCK_EX : LOCK_SH))
    if (!fd_ || errno != EINTR) base::fault_errno("cannot lock " + shelf.folder_);
}
Shelf::Claim::~Claim() {
  if (!file_) return;
  const std::lock_guard lock(file_->claim_mutex);
  if (--file_->claims == 0) file_->claimed.close();
}
base::Result<Shelf::Claim> Shelf::claim(std::uint64_t n, const std::shared_ptr<IncomingFile>& file) const {
  const std::lock_guard lock(file->claim_mutex);
  if (file->claims == 0) {
    base::Fd fd(::open(path_of(n).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd) base::fault_errno("cannot keep a file on its way in");
    if (::flock(fd.get(), LOCK_EX | LOCK_NB))
      return base::Error{base::Refusal::conflict, "file " + std::to_string(n) +
                                                      " is being received by another server just now; ask "
                                                      "what is there and go on"};
    file->claimed = std::move(fd);
  }
  ++file->claims;
  return Claim(file);
}

std::vector<std::uint64_t> Shelf::numbers() const {
  std::vector<std::uint64_t> out;
  for (const auto& e : fs::directory_iterator(folder_)) {
    const std::string name = e.path().filename().string();
    std::uint64_t n = 0;
    const auto number = std::from_chars(name.data(), name.data() + name.size(), n);
    if (number.ec == std::errc() && number.ptr == name.data() + name.size()) out.push_back(n);
  }
  return out;
}
base::Result<std::shared_ptr<IncomingFile>> Shelf::look(std::uint64_t n) const {
  const base::Fd fd(::open(path_of(n).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!fd && errno != ENOENT) base::fault_errno("cannot open " + path_of(n));
  const std::uint64_t end = fd ? size_of(fd.get()) : 0;
  const auto frame = fd ? peek(fd.get(), 0, end) : std::nullopt;
  if (!frame || frame->kind != kHead) return std::shared_ptr<IncomingFile>();  // cut before it began
  base::Aead aead(key_);
  const auto head = boost::json::parse(TRY(open(aead, fd.get(), n, 0, *frame, 0)));
  auto file = std::make_shared<IncomingFile>();
  file->path = head.at("path").as_string();
  file->size = head.at("size").to_number<std::uint64_t>();
  file->end = file->hashed_end = frame->next;
  TRY(go_on(fd.get(), n, end, *file));
  return file;
}
base::Status Shelf::go_on(int fd, std::uint64_t n, std::uint64_t end, IncomingFile& file) const {
  std::uint64_t offset = file.received;
  std::optional<Frame> frame;
  for (std::uint64_t at = file.end; (frame = peek(fd, at, end)); at = frame->next) {
    if (frame->kind == kEnd && offset == file.size) {
      base::Aead aead(key_);
      file.sha256 = TRY(open(aead, fd, n, at, *frame, offset));
      file.received = offset, file.end = at;
      break;
    }
    if (frame->kind != kPiece && frame->kind != kClosing) break;
    offset += frame->bytes;
    // The last chunk counts by the end frame alone: before it the hash was not compared.
    if (frame->kind == kClosing && offset < file.size) file.received = offset, file.end = frame->next;
  }
  return base::Done{};
}
base::Status Shelf::catch_up(std::uint64_t n, IncomingFile& file) const {
  if (file.gone) return base::Done{};
  if (file.end == 0) {  // not yet begun here
    const auto there = TRY(look(n));
    if (!there) return base::Done{};
    if (there->path != file.path || there->size != file.size) {
      file.gone = true;
      return base::Done{};
    }
    file.received = there->received, file.end = there->end, file.sha256 = there->sha256;
    file.hashed = 0, file.hashed_end = 0;
    return base::Done{};
  }
  const base::Fd fd(::open(path_of(n).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  const std::uint64_t end = fd ? size_of(fd.get()) : 0;
  if (end < file.end)
    file.gone = true;
  else if (file.sha256.empty())
    return go_on(fd.get(), n, end, file);
  return base::Done{};
}

void Shelf::remove(std::uint64_t n) const {
  if (::unlink(path_of(n).c_str()) && errno != ENOENT) base::fault_errno("cannot remove " + path_of(n));
}
void Shelf::remove() const {
  if (::unlink((folder_ + "/about").c_str()) && errno != ENOENT)
    base::fault_errno("cannot remove " + folder_);
  base::sync_folder(folder_);
  fs::remove_all(folder_);
}

Shelf::Chunk::Chunk(const Shelf& shelf, std::uint64_t n, IncomingFile& file)
    : shelf_(shelf), n_(n), file_(file), at_(file.end), offset_(file.received), aead_(shelf.key_) {
  fd_ = base::Fd(::open(shelf.path_of(n).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  // What a chunk left that was cut goes first.
  if (!fd_ || ::ftruncate(fd_.get(), static_cast<off_t>(at_)))
    base::fault_errno("cannot keep a file on its way in");
  if (at_ != 0) return;
  std::string head;
  base::JsonWriter(head).object().member("path", file.path).member("size", file.size).end_object();
  put(kHead, 0, head);
  offset_ = 0;
  file_.end = file_.hashed_end = at_;
}
void Shelf::Chunk::put(char kind, std::uint64_t offset, std::string_view plain) {
  const std::string frame = shelf_.sealed(aead_, n_, kind, offset, plain);
  write_at(fd_.get(), at_, frame);
  at_ += frame.size();
  offset_ = offset + plain.size();
}
void Shelf::Chunk::add(std::string_view bytes) {
  // The last piece waits: it is known as the last only at the end.
  for (; waiting_.size() + bytes.size() > piece_bytes; waiting_.clear()) {
    const std::size_t n = piece_bytes - waiting_.size();
    waiting_.append(bytes.substr(0, n));
    bytes.remove_prefix(n);
    put(kPiece, offset_, waiting_);
  }
  waiting_.append(bytes);
}
void Shelf::Chunk::catch_up() {
  if (!file_.hasher || file_.hashed > file_.received)
    file_.hasher = std::make_unique<base::Hasher>(), file_.hashed = 0, file_.hashed_end = 0;
  if (file_.hashed_end == 0) {
    const auto head = peek(fd_.get(), 0, at_);
    CHECK(head);
    file_.hashed_end = head->next;
  }
  while (file_.hashed_end < at_) {
    const auto frame = peek(fd_.get(), file_.hashed_end, at_);
    auto plain = frame ? shelf_.open(aead_, fd_.get(), n_, file_.hashed_end, *frame, file_.hashed)
                       : damaged(shelf_.path_of(n_));
    if (!plain.ok()) base::fault(plain.error().message);
    file_.hasher->add(*plain);
    file_.hashed += plain->size(), file_.hashed_end = frame->next;
  }
}
Shelf::Chunk::End Shelf::Chunk::close(std::string_view sha256) {
  if (!waiting_.empty()) put(kClosing, offset_, waiting_);
  waiting_.clear();
  catch_up();
  const std::uint64_t end = at_;
  std::string hash;
  if (offset_ == file_.size) {
    hash = file_.hasher->finish();
    file_.hasher.reset();
    if (hash != sha256) return End::differs;
    put(kEnd, offset_, hash);
  }
  if (::fdatasync(fd_.get())) base::fault_errno("cannot keep a file on its way in");
  if (file_.received == 0) base::sync_folder(shelf_.folder_);
  file_.received = hash.empty() ? offset_ : file_.size;
  file_.end = end;
  file_.sha256 = hash;
  return hash.empty() ? End::more : End::whole;
}

base::Result<std::string> Shelf::Reader::next(bool head) {
  const auto frame = peek(fd_.get(), at_, size_of(fd_.get()));
  if (!frame || (frame->kind == kHead) != head || frame->kind == kEnd) return damaged(shelf_.path_of(n_));
  std::string plain = TRY(shelf_.open(aead_, fd_.get(), n_, at_, *frame, offset_));
  at_ = frame->next;
  return plain;
}
base::Result<std::string> Shelf::Reader::read(std::uint64_t n, std::uint64_t offset, std::size_t bytes) {
  const auto run = [&]() -> base::Result<std::string> {
    if (!fd_ || n_ != n || offset + piece_.size() < offset_) {
      n_ = n, at_ = offset_ = 0;
      fd_ = base::Fd(::open(shelf_.path_of(n).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
      if (!fd_) return damaged(shelf_.path_of(n));
      TRY(next(true));
      piece_.clear();
    }
    std::string out;
    while (out.size() < bytes) {
      const std::uint64_t want = offset + out.size(), begin = offset_ - piece_.size();
      if (want < offset_) {
        const std::string_view have = std::string_view(piece_).substr(want - begin);
        out.append(have.substr(0, bytes - out.size()));
        continue;
      }
      piece_ = TRY(next(false));
      offset_ += piece_.size();
    }
    return out;
  };
  base::Result<std::string> out = run();
  failed_ |= !out.ok();
  return out;
}

}  // namespace service

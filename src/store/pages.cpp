#include "pages.h"

#include <base/bytes.h>
#include <base/crypto.h>

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <unistd.h>
#include <map>
#include <memory>
#include <mutex>

// A logical file of blocks lies in a physical file as
//   64 bytes   "CustosPages1\n" (a log: "CustosPages2\n"), 19 zero bytes, 32 bytes salt
//   then each block as nonce (12) ‖ AES-256-GCM ciphertext (n) ‖ tag (16), the last block being shorter.
// A block has 4,096 bytes: a page. In a write-ahead log the first has 32 and each other 24 + 4,096: the heads
// and frames of SQLite's format, so that a frame is sealed and written once, and never again.
// The key of a file is HKDF-SHA-512(key, salt); the block number is authenticated. A block is written whole,
// so SQLite must not believe that bytes beside a write are safe: the layer reports 4,096-byte sectors and
// takes "powersafe overwrite" back, upon which SQLite fills its log up behind each commit.
namespace store {
namespace {

constexpr int kPage = 4096, kOverhead = 28, kHeader = 64;
constexpr int kLogHead = 32, kFrameHead = 24,
              kBlockMax = kFrameHead + kPage;  // www.sqlite.org/walformat.html
constexpr int kLooks = 60;                     // at a block that does not open, before it is believed
constexpr char kMagic[] = "CustosPages1\n", kLogMagic[] = "CustosPages2\n";

std::mutex g_mutex;
std::map<std::string, std::string>& keys() {
  static std::map<std::string, std::string> k;
  return k;
}

sqlite3_vfs* under() { return static_cast<sqlite3_vfs*>(sqlite3_vfs_find("unix")); }

// Where blocks begin and how long they are.
struct Layout {
  int first, each;
  sqlite3_int64 block_of(sqlite3_int64 at) const { return at < first ? 0 : 1 + (at - first) / each; }
  sqlite3_int64 start(sqlite3_int64 block) const { return block == 0 ? 0 : first + (block - 1) * each; }
  int length(sqlite3_int64 block) const { return block == 0 ? first : each; }
  sqlite3_int64 physical(sqlite3_int64 block) const { return kHeader + start(block) + block * kOverhead; }
  int bytes_in(sqlite3_int64 size, sqlite3_int64 block) const {  // of a file of this size
    const sqlite3_int64 n = size - start(block);
    return n <= 0 ? 0 : static_cast<int>(std::min<sqlite3_int64>(n, length(block)));
  }
  sqlite3_int64 logical(sqlite3_int64 physical_size) const {
    sqlite3_int64 p = physical_size - kHeader;
    if (p <= kOverhead) return 0;
    if (p <= first + kOverhead) return p - kOverhead;
    p -= first + kOverhead;
    const sqlite3_int64 rest = p % (each + kOverhead);
    return first + p / (each + kOverhead) * each + (rest > kOverhead ? rest - kOverhead : 0);
  }
};

struct State {
  std::string key;  // of the caller; the file's own is derived
  std::unique_ptr<base::Aead> aead;
  bool main = false, log = false;
  Layout layout{kPage, kPage};
  sqlite3_int64 head_of = 0;  // frame whose head waits in `head` for its page, which SQLite writes next
  char head[kFrameHead]{};
  std::size_t nonces_left = 0;
  char nonces[12 * 64];  // random; taken from the end
  char plain[kBlockMax]{};
  char sealed[kBlockMax + kOverhead]{};
};

struct File {
  sqlite3_file base;
  State* state;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* self(sqlite3_file* f) { return reinterpret_cast<File*>(f); }
sqlite3_file* real(sqlite3_file* f) { return self(f)->real(); }

int logical_size(sqlite3_file* f, sqlite3_int64* size) {
  sqlite3_int64 p = 0;
  if (const int rc = real(f)->pMethods->xFileSize(real(f), &p); rc != SQLITE_OK) return rc;
  *size = self(f)->state->layout.logical(p);
  return SQLITE_OK;
}

void derive(State& s, std::string_view salt) {
  s.aead = std::make_unique<base::Aead>(base::hkdf_sha512(s.key, salt, "custos pages v1", 32));
}

// Reads or, for a new file, writes the header. The salt decides the key.
int need_header(sqlite3_file* f, bool create) {
  State& s = *self(f)->state;
  if (s.aead) return SQLITE_OK;
  const char* const magic = s.log ? kLogMagic : kMagic;
  char head[kHeader]{};
  sqlite3_int64 size = 0;
  if (const int rc = real(f)->pMethods->xFileSize(real(f), &size); rc != SQLITE_OK) return rc;
  if (size >= kHeader) {
    if (const int rc = real(f)->pMethods->xRead(real(f), head, kHeader, 0); rc != SQLITE_OK) return rc;
    if (std::memcmp(head, magic, sizeof kMagic - 1) != 0) return SQLITE_NOTADB;
    derive(s, {head + 32, 32});
    return SQLITE_OK;
  }
  if (!create) return SQLITE_IOERR_SHORT_READ;
  std::memcpy(head, magic, sizeof kMagic - 1);
  base::random_bytes(head + 32, 32);
  if (const int rc = real(f)->pMethods->xWrite(real(f), head, kHeader, 0); rc != SQLITE_OK) return rc;
  derive(s, {head + 32, 32});
  return SQLITE_OK;
}

std::string_view number(const sqlite3_int64& block) {
  return {reinterpret_cast<const char*>(&block), sizeof block};
}

// A block into state.plain, and how many bytes it has into n (0: beyond the end). A block may be written
// while a reader is at it: it looks again. What still does not open is, in a log, a torn write after a
// power cut and reads as zeros, which ends the log there; in a database it is an error.
int open_block(sqlite3_file* f, sqlite3_int64 block, int& n) {
  State& s = *self(f)->state;
  for (int attempt = 0;; ++attempt) {
    n = s.layout.length(block);
    const int rc = real(f)->pMethods->xRead(real(f), s.sealed, n + kOverhead, s.layout.physical(block));
    if (rc == SQLITE_IOERR_SHORT_READ) {
      sqlite3_int64 size = 0;
      if (const int why = logical_size(f, &size); why != SQLITE_OK) return why;
      n = s.layout.bytes_in(size, block);
      if (n == 0) return SQLITE_OK;
    } else if (rc != SQLITE_OK) {
      return rc;
    }
    if (s.aead->open(reinterpret_cast<unsigned char*>(s.sealed), number(block), s.sealed + 12,
                     static_cast<std::size_t>(n), s.plain))
      return SQLITE_OK;
    if (attempt < kLooks) {
      ::usleep(attempt < 10 ? 20 : 500);
      continue;
    }
    if (s.main) return SQLITE_IOERR_DATA;
    std::memset(s.plain, 0, sizeof s.plain);
    return SQLITE_OK;
  }
}

int seal_block(sqlite3_file* f, sqlite3_int64 block, const char* plain, int n) {
  State& s = *self(f)->state;
  if (s.nonces_left == 0) {
    base::random_bytes(s.nonces, sizeof s.nonces);
    s.nonces_left = sizeof s.nonces / 12;
  }
  std::memcpy(s.sealed, s.nonces + --s.nonces_left * 12, 12);
  s.aead->seal(reinterpret_cast<unsigned char*>(s.sealed), number(block), plain, static_cast<std::size_t>(n),
               s.sealed + 12);
  return real(f)->pMethods->xWrite(real(f), s.sealed, n + kOverhead, s.layout.physical(block));
}

int write_through(sqlite3_file* f, const char* in, int n, sqlite3_int64 at);

// Writes the head that waits; its page did not follow.
int settle(sqlite3_file* f) {
  State& s = *self(f)->state;
  if (s.head_of == 0) return SQLITE_OK;
  const sqlite3_int64 block = std::exchange(s.head_of, 0);
  return write_through(f, s.head, kFrameHead, s.layout.start(block));
}

int x_close(sqlite3_file* f) {
  settle(f);
  delete std::exchange(self(f)->state, nullptr);
  return real(f)->pMethods->xClose(real(f));
}

int x_size(sqlite3_file* f, sqlite3_int64* size) {
  if (const int rc = settle(f); rc != SQLITE_OK) return rc;
  return logical_size(f, size);
}

int x_read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
  auto* out = static_cast<char*>(to);
  const State& s = *self(f)->state;
  if (const int rc = settle(f); rc != SQLITE_OK) return rc;
  const int header = need_header(f, false);
  if (header != SQLITE_OK && header != SQLITE_IOERR_SHORT_READ) return header;
  int left = n;
  while (left > 0 && header == SQLITE_OK) {
    const sqlite3_int64 block = s.layout.block_of(at);
    const int within = static_cast<int>(at - s.layout.start(block));
    int have = 0;
    const int rc = open_block(f, block, have);
    if (rc == SQLITE_IOERR_DATA && n < 512) break;  // the look at page 1 before the log is replayed
    if (rc != SQLITE_OK) return rc;
    if (have <= within) break;
    const int take = std::min(left, have - within);
    std::memcpy(out, s.plain + within, static_cast<std::size_t>(take));
    out += take, at += take, left -= take;
  }
  if (left == 0) return SQLITE_OK;
  std::memset(out, 0, static_cast<std::size_t>(left));
  return SQLITE_IOERR_SHORT_READ;
}

int write_through(sqlite3_file* f, const char* in, int n, sqlite3_int64 at) {
  State& s = *self(f)->state;
  const Layout& layout = s.layout;
  sqlite3_int64 size = 0;
  if (const int rc = logical_size(f, &size); rc != SQLITE_OK) return rc;
  // A write beyond the end: the gap becomes zeros, block by block.
  while (size < at) {
    const sqlite3_int64 block = layout.block_of(size);
    int have = layout.bytes_in(size, block);
    const int want = layout.bytes_in(at, block);
    if (have) {
      if (const int rc = open_block(f, block, have); rc != SQLITE_OK) return rc;
    }
    std::memset(s.plain + have, 0, static_cast<std::size_t>(want - have));
    if (const int rc = seal_block(f, block, s.plain, want); rc != SQLITE_OK) return rc;
    size = layout.start(block) + want;
  }
  while (n > 0) {
    const sqlite3_int64 block = layout.block_of(at);
    const int within = static_cast<int>(at - layout.start(block));
    const int put = std::min(n, layout.length(block) - within);
    int have = layout.bytes_in(size, block);
    int rc = SQLITE_OK;
    if (within == 0 && put >= have) {
      rc = seal_block(f, block, in, put);
    } else {
      if (have) rc = open_block(f, block, have);
      if (rc == SQLITE_OK) {
        std::memcpy(s.plain + within, in, static_cast<std::size_t>(put));
        rc = seal_block(f, block, s.plain, std::max(have, within + put));
      }
    }
    if (rc != SQLITE_OK) return rc;
    in += put, at += put, n -= put;
    size = std::max(size, at);
  }
  return SQLITE_OK;
}

int x_write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  if (const int rc = need_header(f, true); rc != SQLITE_OK) return rc;
  State& s = *self(f)->state;
  if (s.head_of && n == kPage && at == s.layout.start(s.head_of) + kFrameHead) {
    std::memcpy(s.plain, s.head, kFrameHead);
    std::memcpy(s.plain + kFrameHead, from, kPage);
    // SQLite writes frames one behind the other; were there a gap, it would read as zeros and end the log.
    return seal_block(f, std::exchange(s.head_of, 0), s.plain, kFrameHead + kPage);
  }
  if (const int rc = settle(f); rc != SQLITE_OK) return rc;
  const sqlite3_int64 block = s.layout.block_of(at);
  if (s.log && n == kFrameHead && block > 0 && at == s.layout.start(block)) {
    std::memcpy(s.head, from, kFrameHead);
    s.head_of = block;
    return SQLITE_OK;
  }
  return write_through(f, static_cast<const char*>(from), n, at);
}

int x_truncate(sqlite3_file* f, sqlite3_int64 to) {
  if (const int rc = settle(f); rc != SQLITE_OK) return rc;
  sqlite3_int64 size = 0;
  if (const int rc = logical_size(f, &size); rc != SQLITE_OK) return rc;
  if (to >= size) return SQLITE_OK;
  const State& s = *self(f)->state;
  const sqlite3_int64 block = s.layout.block_of(to);
  const int keep = static_cast<int>(to - s.layout.start(block));
  if (keep) {
    if (const int rc = need_header(f, false); rc != SQLITE_OK) return rc;
    int have = 0;
    if (const int rc = open_block(f, block, have); rc != SQLITE_OK) return rc;
    if (const int rc = seal_block(f, block, s.plain, keep); rc != SQLITE_OK) return rc;
  }
  return real(f)->pMethods->xTruncate(real(f), s.layout.physical(block) + (keep ? keep + kOverhead : 0));
}

int x_sync(sqlite3_file* f, int flags) {
  if (const int rc = settle(f); rc != SQLITE_OK) return rc;
  return real(f)->pMethods->xSync(real(f), flags);
}
int x_lock(sqlite3_file* f, int l) { return real(f)->pMethods->xLock(real(f), l); }
int x_unlock(sqlite3_file* f, int l) { return real(f)->pMethods->xUnlock(real(f), l); }
int x_reserved(sqlite3_file* f, int* r) { return real(f)->pMethods->xCheckReservedLock(real(f), r); }
int x_control(sqlite3_file* f, int op, void* arg) {
  if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE) return SQLITE_OK;
  if (op == SQLITE_FCNTL_MMAP_SIZE) {
    *static_cast<sqlite3_int64*>(arg) = 0;
    return SQLITE_OK;
  }
  return real(f)->pMethods->xFileControl(real(f), op, arg);
}
int x_sector(sqlite3_file*) { return kPage; }
int x_device(sqlite3_file*) { return 0; }
int x_shm_map(sqlite3_file* f, int p, int n, int w, void volatile** o) {
  return real(f)->pMethods->xShmMap(real(f), p, n, w, o);
}
int x_shm_lock(sqlite3_file* f, int o, int n, int flags) {
  return real(f)->pMethods->xShmLock(real(f), o, n, flags);
}
void x_shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int x_shm_unmap(sqlite3_file* f, int d) { return real(f)->pMethods->xShmUnmap(real(f), d); }

const sqlite3_io_methods kMethods{2,        x_close,   x_read,     x_write,       x_truncate,  x_sync,
                                  x_size,   x_lock,    x_unlock,   x_reserved,    x_control,   x_sector,
                                  x_device, x_shm_map, x_shm_lock, x_shm_barrier, x_shm_unmap, nullptr,
                                  nullptr};

std::string key_of(const char* name) {
  if (!name) return base::random_bytes(32);  // a temporary file: nobody needs to read it again
  const std::lock_guard lock(g_mutex);
  const std::string path = name;
  for (const auto& [prefix, key] : keys())
    if (path.compare(0, prefix.size(), prefix) == 0) return key;
  return {};
}

int x_open(sqlite3_vfs*, const char* name, sqlite3_file* f, int flags, int* out) {
  f->pMethods = nullptr;
  const std::string key = key_of(name);
  if (key.empty()) return SQLITE_CANTOPEN;
  if (const int rc = under()->xOpen(under(), name, real(f), flags, out); rc != SQLITE_OK) return rc;
  auto state = std::make_unique<State>();
  state->key = key;
  state->main = flags & SQLITE_OPEN_MAIN_DB;
  state->log = flags & SQLITE_OPEN_WAL;
  if (state->log) state->layout = {kLogHead, kFrameHead + kPage};
  self(f)->state = state.release();
  f->pMethods = &kMethods;
  return SQLITE_OK;
}

}  // namespace

void use_key(const std::string& path, const std::string& key) {
  const std::lock_guard lock(g_mutex);
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs v = *under();
    v.szOsFile = static_cast<int>(sizeof(File)) + under()->szOsFile;
    v.pNext = nullptr;
    v.zName = kPagesVfs;
    v.xOpen = x_open;
    return v;
  }();
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  CHECK(registered == SQLITE_OK);
  keys()[path] = key;
}

}  // namespace store

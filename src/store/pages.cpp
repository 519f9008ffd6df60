#include "pages.h"

#include <base/bytes.h>
#include <base/crypto.h>

#include <sqlite3.h>

#include <cstring>
#include <unistd.h>
#include <map>
#include <memory>
#include <mutex>

// A logical file of 4,096-byte blocks lies in a physical file as
//   64 bytes   "CustosPages1\n", 19 zero bytes, 32 bytes salt
//   then each block as nonce (12) ‖ AES-256-GCM ciphertext (n) ‖ tag (16), the last block being shorter.
// The key of a file is HKDF-SHA-512(key, salt); the block number is authenticated. A block is written whole,
// so SQLite must not believe that bytes beside a write are safe: the layer reports 4,096-byte sectors and
// takes "powersafe overwrite" back, upon which SQLite pads its log to whole sectors before each commit.
namespace store {
namespace {

constexpr int kBlock = 4096, kOverhead = 28, kHeader = 64;
constexpr int kLooks = 60;  // at a block that does not open, before it is believed
constexpr char kMagic[] = "CustosPages1\n";

std::mutex g_mutex;
std::map<std::string, std::string>& keys() {
  static std::map<std::string, std::string> k;
  return k;
}

sqlite3_vfs* under() { return static_cast<sqlite3_vfs*>(sqlite3_vfs_find("unix")); }

struct State {
  std::string key;  // of the caller; the file's own is derived
  std::unique_ptr<base::Aead> aead;
  bool main = false;
  sqlite3_int64 cached = -1;  // block in `plain`
  int cached_bytes = 0;
  unsigned char cached_nonce[12]{};
  char plain[kBlock]{};
  char sealed[kBlock + kOverhead]{};
};

struct File {
  sqlite3_file base;
  State* state;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File* self(sqlite3_file* f) { return reinterpret_cast<File*>(f); }
sqlite3_file* real(sqlite3_file* f) { return self(f)->real(); }

sqlite3_int64 physical(sqlite3_int64 block) { return kHeader + block * (kBlock + kOverhead); }

int logical_size(sqlite3_file* f, sqlite3_int64* size) {
  sqlite3_int64 p = 0;
  if (const int rc = real(f)->pMethods->xFileSize(real(f), &p); rc != SQLITE_OK) return rc;
  if (p <= kHeader) {
    *size = 0;
    return SQLITE_OK;
  }
  p -= kHeader;
  const sqlite3_int64 rest = p % (kBlock + kOverhead);
  *size = p / (kBlock + kOverhead) * kBlock + (rest > kOverhead ? rest - kOverhead : 0);
  return SQLITE_OK;
}

void derive(State& s, std::string_view salt) {
  s.aead = std::make_unique<base::Aead>(base::hkdf_sha512(s.key, salt, "custos pages v1", 32));
}

// Reads or, for a new file, writes the header. The salt decides the key.
int need_header(sqlite3_file* f, bool create) {
  State& s = *self(f)->state;
  if (s.aead) return SQLITE_OK;
  char head[kHeader]{};
  sqlite3_int64 size = 0;
  if (const int rc = real(f)->pMethods->xFileSize(real(f), &size); rc != SQLITE_OK) return rc;
  if (size >= kHeader) {
    if (const int rc = real(f)->pMethods->xRead(real(f), head, kHeader, 0); rc != SQLITE_OK) return rc;
    if (std::memcmp(head, kMagic, sizeof kMagic - 1) != 0) return SQLITE_NOTADB;
    derive(s, {head + 32, 32});
    return SQLITE_OK;
  }
  if (!create) return SQLITE_IOERR_SHORT_READ;
  std::memcpy(head, kMagic, sizeof kMagic - 1);
  base::random_bytes(head + 32, 32);
  if (const int rc = real(f)->pMethods->xWrite(real(f), head, kHeader, 0); rc != SQLITE_OK) return rc;
  derive(s, {head + 32, 32});
  return SQLITE_OK;
}

std::string_view number(const sqlite3_int64& block) {
  return {reinterpret_cast<const char*>(&block), sizeof block};
}

int bytes_in(sqlite3_int64 size, sqlite3_int64 block) {
  const sqlite3_int64 n = size - block * kBlock;
  return n <= 0 ? 0 : n >= kBlock ? kBlock : static_cast<int>(n);
}

// A block into state.plain, and how many bytes it has into n (0: beyond the end). The last block of a log is
// written again as it grows, so a reader may catch it between two states: it looks again. What still does not
// open is, in a log, a torn write after a power cut and reads as zeros, which ends the log there; in a
// database it is an error.
int open_block(sqlite3_file* f, sqlite3_int64 block, int& n) {
  State& s = *self(f)->state;
  for (int attempt = 0;; ++attempt) {
    sqlite3_int64 size = 0;
    if (const int rc = logical_size(f, &size); rc != SQLITE_OK) return rc;
    n = bytes_in(size, block);
    if (n == 0) return SQLITE_OK;
    if (s.cached == block && s.cached_bytes == n) {
      unsigned char nonce[12];
      const int rc = real(f)->pMethods->xRead(real(f), nonce, 12, physical(block));
      if (rc == SQLITE_OK && std::memcmp(nonce, s.cached_nonce, 12) == 0) return SQLITE_OK;
    }
    s.cached = -1;
    const int rc = real(f)->pMethods->xRead(real(f), s.sealed, n + kOverhead, physical(block));
    if (rc == SQLITE_OK && s.aead->open(reinterpret_cast<unsigned char*>(s.sealed), number(block),
                                        s.sealed + 12, static_cast<std::size_t>(n), s.plain)) {
      s.cached = block;
      s.cached_bytes = n;
      std::memcpy(s.cached_nonce, s.sealed, 12);
      return SQLITE_OK;
    }
    if (rc != SQLITE_OK && rc != SQLITE_IOERR_SHORT_READ) return rc;
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
  base::random_bytes(s.sealed, 12);
  s.aead->seal(reinterpret_cast<unsigned char*>(s.sealed), number(block), plain, static_cast<std::size_t>(n),
               s.sealed + 12);
  if (plain != s.plain && !s.main) std::memcpy(s.plain, plain, static_cast<std::size_t>(n));
  s.cached = s.main ? -1 : block;  // logs are appended to: their last block is needed again
  s.cached_bytes = n;
  std::memcpy(s.cached_nonce, s.sealed, 12);
  return real(f)->pMethods->xWrite(real(f), s.sealed, n + kOverhead, physical(block));
}

int x_close(sqlite3_file* f) {
  delete std::exchange(self(f)->state, nullptr);
  return real(f)->pMethods->xClose(real(f));
}

int x_read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) {
  auto* out = static_cast<char*>(to);
  const int header = need_header(f, false);
  sqlite3_int64 size = 0;
  if (header == SQLITE_OK) {
    if (const int rc = logical_size(f, &size); rc != SQLITE_OK) return rc;
  } else if (header != SQLITE_IOERR_SHORT_READ) {
    return header;
  }
  int left = n;
  while (left > 0 && at < size) {
    const sqlite3_int64 block = at / kBlock;
    const int within = static_cast<int>(at % kBlock);
    int have = 0;
    const int rc = open_block(f, block, have);
    if (rc == SQLITE_IOERR_DATA && n < 512) break;  // the look at page 1 before the log is replayed
    if (rc != SQLITE_OK) return rc;
    if (have <= within) break;
    const int take = std::min(left, have - within);
    std::memcpy(out, self(f)->state->plain + within, static_cast<std::size_t>(take));
    out += take, at += take, left -= take;
  }
  if (left == 0) return SQLITE_OK;
  std::memset(out, 0, static_cast<std::size_t>(left));
  return SQLITE_IOERR_SHORT_READ;
}

int x_write(sqlite3_file* f, const void* from, int n, sqlite3_int64 at) {
  if (const int rc = need_header(f, true); rc != SQLITE_OK) return rc;
  const auto* in = static_cast<const char*>(from);
  State& s = *self(f)->state;
  sqlite3_int64 size = 0;
  if (const int rc = logical_size(f, &size); rc != SQLITE_OK) return rc;
  // A write beyond the end: the gap becomes zeros, block by block.
  while (size < at) {
    const sqlite3_int64 block = size / kBlock;
    int have = bytes_in(size, block);
    const int want = bytes_in(at, block);
    if (have) {
      if (const int rc = open_block(f, block, have); rc != SQLITE_OK) return rc;
    }
    std::memset(s.plain + have, 0, static_cast<std::size_t>(want - have));
    if (const int rc = seal_block(f, block, s.plain, want); rc != SQLITE_OK) return rc;
    size = block * kBlock + want;
  }
  while (n > 0) {
    const sqlite3_int64 block = at / kBlock;
    const int within = static_cast<int>(at % kBlock), put = std::min(n, kBlock - within);
    int have = bytes_in(size, block);
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

int x_truncate(sqlite3_file* f, sqlite3_int64 to) {
  sqlite3_int64 size = 0;
  if (const int rc = logical_size(f, &size); rc != SQLITE_OK) return rc;
  if (to >= size) return SQLITE_OK;
  self(f)->state->cached = -1;
  const sqlite3_int64 block = to / kBlock;
  const int keep = static_cast<int>(to % kBlock);
  if (keep) {
    if (const int rc = need_header(f, false); rc != SQLITE_OK) return rc;
    int have = 0;
    if (const int rc = open_block(f, block, have); rc != SQLITE_OK) return rc;
    if (const int rc = seal_block(f, block, self(f)->state->plain, keep); rc != SQLITE_OK) return rc;
  }
  return real(f)->pMethods->xTruncate(real(f), physical(block) + (keep ? keep + kOverhead : 0));
}

int x_sync(sqlite3_file* f, int flags) { return real(f)->pMethods->xSync(real(f), flags); }
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
int x_sector(sqlite3_file*) { return kBlock; }
int x_device(sqlite3_file*) { return 0; }
int x_shm_map(sqlite3_file* f, int p, int n, int w, void volatile** o) {
  return real(f)->pMethods->xShmMap(real(f), p, n, w, o);
}
int x_shm_lock(sqlite3_file* f, int o, int n, int flags) {
  return real(f)->pMethods->xShmLock(real(f), o, n, flags);
}
void x_shm_barrier(sqlite3_file* f) { real(f)->pMethods->xShmBarrier(real(f)); }
int x_shm_unmap(sqlite3_file* f, int d) { return real(f)->pMethods->xShmUnmap(real(f), d); }

const sqlite3_io_methods kMethods{
    2,          x_close,       x_read,      x_write,   x_truncate, x_sync,   logical_size,
    x_lock,     x_unlock,      x_reserved,  x_control, x_sector,   x_device, x_shm_map,
    x_shm_lock, x_shm_barrier, x_shm_unmap, nullptr,   nullptr};

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

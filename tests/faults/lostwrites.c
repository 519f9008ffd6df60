// A power cut for one process, by LD_PRELOAD: whatever was written below a folder and not yet synced is lost.
//
// Before every change of a file or folder below LOSTWRITES_ROOT the state before it is kept (an undo list). fsync
// and fdatasync of a file make its changes durable; fsync of a folder makes its names durable. At the change number
// LOSTWRITES_AT what is not durable is undone, newest first, and the process ends with status 137. Which files lose
// their writes: all of them with LOSTWRITES_SEED=0, else each by the toss of a coin (a disk writes in its own order).
// Without LOSTWRITES_AT the number of changes is written to LOSTWRITES_COUNT when the process ends.
//
// Only the process that loaded it is cut; forked children pass through. Not seen: mmap, io_uring, stdio's own writes.
//
//   cc -O1 -shared -fPIC -o lostwrites.so lostwrites.c -ldl -lpthread
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum Kind { kBytes, kCreated, kRenamed, kRemoved, kFolder };
struct Change {  // one entry of the undo list
  enum Kind kind;
  dev_t dev;
  ino_t ino;         // of the file (kBytes), else of the folder that holds the name
  int fd;            // kBytes: our own descriptor of the file
  off_t at, size;    // kBytes: where, and how long the file was
  size_t held;       // kBytes: so many old bytes
  char *bytes, *name, *other;
  struct Change* before;
};
static struct Change* newest;
static char root[PATH_MAX], count_file[PATH_MAX];
static size_t root_length;
static long changes, cut_at = -1, seed;
static volatile char* alive;  // a page that the kernel empties in every forked child: they pass through, unlocked
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

#define ALL(X) X(write) X(pwrite) X(pwrite64) X(writev) X(pwritev) X(ftruncate) X(ftruncate64) X(posix_fallocate) \
  X(posix_fallocate64) X(fsync) X(fdatasync) X(openat64) X(rename) X(renameat2) X(unlink) X(unlinkat) X(mkdirat)
#define DECLARE(name) static __typeof__(&name) real_##name;
ALL(DECLARE)
#define RESOLVE(name) if (!real_##name && !(real_##name = (__typeof__(&name))dlsym(RTLD_NEXT, #name))) abort();
static void resolve(void) { ALL(RESOLVE) }
#define REAL(name) (real_##name ? (void)0 : resolve(), real_##name)

__attribute__((constructor)) static void begin(void) {
  resolve();
  const char* folder = getenv("LOSTWRITES_ROOT");
  if (folder && realpath(folder, root)) root_length = strlen(root);
  if (getenv("LOSTWRITES_AT")) cut_at = atol(getenv("LOSTWRITES_AT"));
  if (getenv("LOSTWRITES_SEED")) seed = atol(getenv("LOSTWRITES_SEED"));
  if (getenv("LOSTWRITES_COUNT")) snprintf(count_file, sizeof count_file, "%s", getenv("LOSTWRITES_COUNT"));
  unsetenv("LD_PRELOAD"), unsetenv("LOSTWRITES_AT");  // programs started by this one are not cut
  void* page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED || madvise(page, 4096, MADV_WIPEONFORK)) abort();
  alive = page;
  *alive = 1;
}
static int seen(void) { return alive && *alive; }
__attribute__((destructor)) static void end(void) {
  if (!count_file[0] || !seen()) return;
  FILE* out = fopen(count_file, "w");
  if (out) fprintf(out, "%ld\n", changes), fclose(out);
}

static int ours(const char* path) {
  return root_length && !strncmp(path, root, root_length) && (path[root_length] == '/' || !path[root_length]);
}
static int path_of(int fd, char* out) {  // of an open file below the root
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, out, PATH_MAX - 1);
  if (n <= 0) return 0;
  out[n] = 0;
  char* gone = strstr(out, " (deleted)");
  if (gone) *gone = 0;
  return ours(out);
}
static int absolute(int folder, const char* path, char* out) {  // 1 if below the root
  char base[PATH_MAX] = "";
  if (!path || !root_length) return 0;
  if (path[0] == '/') return snprintf(out, PATH_MAX, "%s", path) < PATH_MAX && ours(out);
  if (folder == AT_FDCWD) { if (!getcwd(base, sizeof base)) return 0; }
  else { char link[64]; snprintf(link, sizeof link, "/proc/self/fd/%d", folder); ssize_t n = readlink(link, base, sizeof base - 1); if (n <= 0) return 0; base[n] = 0; }
  return snprintf(out, PATH_MAX, "%.2000s/%.2000s", base, path) < PATH_MAX && ours(out);
}
static void folder_of(const char* path, struct Change* c) {
  char up[PATH_MAX];
  struct stat st;
  snprintf(up, sizeof up, "%s", path);
  char* slash = strrchr(up, '/');
  if (slash) *slash = 0;
  if (stat(up, &st) == 0) c->dev = st.st_dev, c->ino = st.st_ino;
}
static struct Change* note(enum Kind kind) {
  struct Change* c = calloc(1, sizeof *c);
  if (!c) abort();
  c->kind = kind, c->before = newest, c->fd = -1;
  return newest = c;
}

static int lost(const struct Change* c) {  // does the coin say that this file (this folder) loses its changes?
  if (!seed) return 1;
  unsigned long x = (unsigned long)c->ino * 2654435761u + (unsigned long)seed * 40503u;
  x ^= x >> 13, x *= 0x9E3779B97F4A7C15u;
  return (x >> 40) & 1;
}
static void undo(struct Change* c) {
  if (c->kind == kBytes) {
    if (c->held && REAL(pwrite64)(c->fd, c->bytes, c->held, c->at) < 0) abort();
    struct stat st;
    if (fstat(c->fd, &st) == 0 && st.st_size != c->size && REAL(ftruncate64)(c->fd, c->size)) abort();
  } else if (c->kind == kCreated) REAL(unlink)(c->name);
  else if (c->kind == kFolder) rmdir(c->name);
  else if (c->kind == kRenamed) {
    REAL(rename)(c->other, c->name);
    if (c->bytes) REAL(rename)(c->bytes, c->other);
  } else if (c->bytes) REAL(rename)(c->bytes, c->name);
}
static void discard_kept(void) {  // hidden copies of names that stayed gone
  for (struct Change* c = newest; c; c = c->before)
    if ((c->kind == kRenamed || c->kind == kRemoved) && c->bytes) REAL(unlink)(c->bytes);
}
static void step(void) {  // called before every change: is this the moment?
  if (++changes != cut_at) return;
  for (struct Change* c = newest; c; c = c->before)
    if (lost(c)) undo(c);
  discard_kept();
  _exit(137);
}
static void make_durable(dev_t dev, ino_t ino, int names) {
  for (struct Change** link = &newest; *link;) {
    struct Change* c = *link;
    if ((c->kind == kBytes) != names && c->dev == dev && c->ino == ino) {
      if (c->bytes && c->kind != kBytes) REAL(unlink)(c->bytes);
      *link = c->before;
      free(c->bytes), free(c->name), free(c->other), free(c);
    } else link = &c->before;
  }
}
static int descriptor_of(dev_t dev, ino_t ino, int fd) {  // one of our own for each file, never closed: locks
  static struct { dev_t dev; ino_t ino; int fd; } known[512];
  for (int i = 0; i < 512; ++i) {
    if (known[i].fd && known[i].dev == dev && known[i].ino == ino) return known[i].fd;
    if (known[i].fd) continue;
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    known[i].dev = dev, known[i].ino = ino;
    return known[i].fd = REAL(openat64)(AT_FDCWD, link, O_RDWR | O_CLOEXEC);
  }
  abort();
}
static void before_bytes(int fd, off_t at, size_t n, int to_end) {
  struct stat st;
  if (fstat(fd, &st) || !S_ISREG(st.st_mode)) return;
  step();
  struct Change* c = note(kBytes);
  c->dev = st.st_dev, c->ino = st.st_ino, c->size = st.st_size, c->at = at;
  c->fd = descriptor_of(st.st_dev, st.st_ino, fd);
  size_t old = at >= st.st_size ? 0 : (size_t)(st.st_size - at);
  if (!to_end && old > n) old = n;
  if (!old) return;
  c->bytes = malloc(old);
  ssize_t got = c->bytes ? pread(c->fd, c->bytes, old, at) : -1;
  if (got < 0) abort();
  c->held = (size_t)got;
}
static char* keep(const char* path) {  // a second name of a file about to lose its own; NULL if there is none
  static int number;
  char name[PATH_MAX];
  snprintf(name, sizeof name, "%.3000s/.lostwrites-%d", root, ++number);
  return link(path, name) ? NULL : strdup(name);
}
static off_t place(int fd) {
  struct stat st;
  if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &st) == 0) return st.st_size;
  return lseek(fd, 0, SEEK_CUR);
}

#define LOCKED(type, value) ({ type result_ = (value); int e_ = errno; pthread_mutex_unlock(&lock); errno = e_; return result_; })
#define UNSEEN(call) if (!seen()) return call
#define BYTES(type, call, fd, at, n, to_end) \
  { UNSEEN(call); char path_[PATH_MAX]; pthread_mutex_lock(&lock); if (path_of(fd, path_)) before_bytes(fd, at, n, to_end); LOCKED(type, call); }

ssize_t write(int fd, const void* b, size_t n) BYTES(ssize_t, REAL(write)(fd, b, n), fd, place(fd), n, 0)
ssize_t pwrite(int fd, const void* b, size_t n, off_t at) BYTES(ssize_t, REAL(pwrite)(fd, b, n, at), fd, at, n, 0)
ssize_t pwrite64(int fd, const void* b, size_t n, off64_t at) BYTES(ssize_t, REAL(pwrite64)(fd, b, n, at), fd, at, n, 0)
static size_t total(const struct iovec* v, int n) { size_t all = 0; while (n-- > 0) all += v[n].iov_len; return all; }
ssize_t writev(int fd, const struct iovec* v, int n) BYTES(ssize_t, REAL(writev)(fd, v, n), fd, place(fd), total(v, n), 0)
ssize_t pwritev(int fd, const struct iovec* v, int n, off_t at) BYTES(ssize_t, REAL(pwritev)(fd, v, n, at), fd, at, total(v, n), 0)
int ftruncate(int fd, off_t n) BYTES(int, REAL(ftruncate)(fd, n), fd, n, 0, 1)
int ftruncate64(int fd, off64_t n) BYTES(int, REAL(ftruncate64)(fd, n), fd, n, 0, 1)
int posix_fallocate(int fd, off_t at, off_t n) BYTES(int, REAL(posix_fallocate)(fd, at, n), fd, at, 0, 0)
int posix_fallocate64(int fd, off64_t at, off64_t n) BYTES(int, REAL(posix_fallocate64)(fd, at, n), fd, at, 0, 0)

static void synced(int fd) {
  char path[PATH_MAX];
  struct stat st;
  if (path_of(fd, path) && fstat(fd, &st) == 0) { step(); make_durable(st.st_dev, st.st_ino, S_ISDIR(st.st_mode)); }
}
// The cut may come before the sync (step), never between the sync and our note of it: the lock is held.
int fsync(int fd) { UNSEEN(REAL(fsync)(fd)); pthread_mutex_lock(&lock); synced(fd); LOCKED(int, REAL(fsync)(fd)); }
int fdatasync(int fd) { UNSEEN(REAL(fdatasync)(fd)); pthread_mutex_lock(&lock); synced(fd); LOCKED(int, REAL(fdatasync)(fd)); }

static int opened(int folder, const char* path, int flags, mode_t mode) {
  UNSEEN(REAL(openat64)(folder, path, flags, mode));
  char name[PATH_MAX];
  struct stat st;
  pthread_mutex_lock(&lock);
  int within = absolute(folder, path, name), fresh = within && (flags & O_CREAT) && lstat(name, &st) != 0;
  if (within && !fresh && (flags & O_TRUNC)) {
    int fd = REAL(openat64)(folder, path, O_RDWR | O_CLOEXEC);
    if (fd >= 0) before_bytes(fd, 0, 0, 1);  // stays open: closing it would drop locks
  }
  if (fresh) step();
  int fd = REAL(openat64)(folder, path, flags, mode);
  if (fresh && fd >= 0) { struct Change* c = note(kCreated); c->name = strdup(name); folder_of(name, c); }
  LOCKED(int, fd);
}
#define MODE mode_t mode = 0; if (flags & (O_CREAT | __O_TMPFILE)) { va_list a; va_start(a, flags); mode = va_arg(a, mode_t); va_end(a); }
int open(const char* p, int flags, ...) { MODE return opened(AT_FDCWD, p, flags, mode); }
int open64(const char* p, int flags, ...) { MODE return opened(AT_FDCWD, p, flags, mode); }
int openat(int f, const char* p, int flags, ...) { MODE return opened(f, p, flags, mode); }
int openat64(int f, const char* p, int flags, ...) { MODE return opened(f, p, flags, mode); }
int __open_2(const char* p, int flags) { return opened(AT_FDCWD, p, flags, 0); }
int __open64_2(const char* p, int flags) { return opened(AT_FDCWD, p, flags, 0); }
int __openat_2(int f, const char* p, int flags) { return opened(f, p, flags, 0); }
int __openat64_2(int f, const char* p, int flags) { return opened(f, p, flags, 0); }
int creat(const char* p, mode_t mode) { return opened(AT_FDCWD, p, O_CREAT | O_WRONLY | O_TRUNC, mode); }

int renameat2(int f, const char* from, int t, const char* to, unsigned flags) {
  UNSEEN(REAL(renameat2)(f, from, t, to, flags));
  char old[PATH_MAX], fresh[PATH_MAX];
  pthread_mutex_lock(&lock);
  int within = absolute(f, from, old) && absolute(t, to, fresh);
  char* kept = NULL;
  if (within) { step(); kept = keep(fresh); }
  int done = REAL(renameat2)(f, from, t, to, flags);
  int e = errno;
  if (within && done == 0) { struct Change* c = note(kRenamed); c->name = strdup(old), c->other = strdup(fresh), c->bytes = kept; folder_of(fresh, c); }
  else if (kept) REAL(unlink)(kept), free(kept);
  errno = e;
  LOCKED(int, done);
}
int renameat(int f, const char* from, int t, const char* to) { return renameat2(f, from, t, to, 0); }
int rename(const char* from, const char* to) { return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int f, const char* path, int flags) {
  UNSEEN(REAL(unlinkat)(f, path, flags));
  char name[PATH_MAX];
  pthread_mutex_lock(&lock);
  int within = absolute(f, path, name) && !(flags & AT_REMOVEDIR);
  char* kept = NULL;
  if (within) { step(); kept = keep(name); }
  int done = REAL(unlinkat)(f, path, flags);
  int e = errno;
  if (within && done == 0) { struct Change* c = note(kRemoved); c->name = strdup(name), c->bytes = kept; folder_of(name, c); }
  else if (kept) REAL(unlink)(kept), free(kept);
  errno = e;
  LOCKED(int, done);
}
int unlink(const char* path) { return unlinkat(AT_FDCWD, path, 0); }

int mkdirat(int f, const char* path, mode_t mode) {
  UNSEEN(REAL(mkdirat)(f, path, mode));
  char name[PATH_MAX];
  pthread_mutex_lock(&lock);
  int within = absolute(f, path, name);
  if (within) step();
  int done = REAL(mkdirat)(f, path, mode);
  int e = errno;
  if (within && done == 0) { struct Change* c = note(kFolder); c->name = strdup(name); folder_of(name, c); }
  errno = e;
  LOCKED(int, done);
}
int mkdir(const char* path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

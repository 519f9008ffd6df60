#pragma once
// Files on their way in, as they lie on disk: sealed frames behind each other, so that a stolen disk yields
// nothing, a cut upload goes on, and no frame passes for another of any file. docs/formats/home.md.

#include <base/crypto.h>
#include <base/handle.h>
#include <base/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace service {

// What is known of one file. All but the names is guarded by `mutex`.
struct IncomingFile {
  std::string path;
  std::uint64_t size = 0;
  std::mutex mutex;
  std::uint64_t received = 0;  // plain bytes that count, all durable
  std::uint64_t end = 0;       // of the frames that hold them
  std::string sha256;          // raw; empty until the file is whole
  std::uint64_t turn = 0;      // of its latest chunk: one that was cut and still comes counts no more
  bool gone = false;           // refused: another takes its number
  std::unique_ptr<base::Hasher> hasher;
  std::uint64_t hashed = 0, hashed_end = 0;
  std::mutex claim_mutex;  // for what follows
  base::Fd claimed;
  int claims = 0;
};

// The folder of one upload.
class Shelf {
 public:
  static constexpr std::size_t piece_bytes = 256 * 1024;  // of plaintext in a frame, at most

  // `key`: 32 bytes, of this upload alone; `upload`: its id, bound into every frame.
  Shelf(std::string folder, std::string key, std::string upload);
  const std::string& folder() const { return folder_; }

  // What the upload is. Refuses: not_found, damaged.
  void keep_about(std::string_view json) const;
  base::Result<std::string> about() const;

  // While somebody has it whole, nobody has it in part: whether files still come is decided under it, by all
  // processes of the office.
  class Lock {
   public:
    enum class Is : std::uint8_t { part, whole };
    Lock(const Shelf& shelf, Is is);

   private:
    base::Fd fd_;
  };
  // Of a file, by this process, while it is written to.
  class Claim {
   public:
    explicit Claim(std::shared_ptr<IncomingFile> file) : file_(std::move(file)) {}
    Claim(Claim&&) = default;
    Claim& operator=(Claim&&) = delete;
    ~Claim();

   private:
    std::shared_ptr<IncomingFile> file_;
  };
  // Refuses: conflict (another process writes to it just now).
  base::Result<Claim> claim(std::uint64_t n, const std::shared_ptr<IncomingFile>& file) const;

  std::vector<std::uint64_t> numbers() const;  // of the files that lie there
  // A file as it lies there; none: nothing of it was received. Refuses: damaged (a head that does not open).
  base::Result<std::shared_ptr<IncomingFile>> look(std::uint64_t n) const;
  // What another process has added or taken away since. The file's lock is held by whoever calls. Refuses:
  // damaged.
  base::Status catch_up(std::uint64_t n, IncomingFile& file) const;
  void remove(std::uint64_t n) const;
  void remove() const;  // the whole folder, what makes it an upload first

  // One chunk of a file, at its end. Nothing of it counts before close(). The file's lock is held by whoever
  // calls.
  class Chunk {
   public:
    Chunk(const Shelf& shelf, std::uint64_t n, IncomingFile& file);
    void add(std::string_view bytes);
    enum class End { more, whole, differs };
    // Durable afterwards, unless the hash differs from `sha256` (raw): then the file is to be removed.
    End close(std::string_view sha256);

   private:
    void put(char kind, std::uint64_t offset, std::string_view plain);
    void catch_up();
    const Shelf& shelf_;
    const std::uint64_t n_;
    IncomingFile& file_;
    std::string waiting_;
    std::uint64_t at_, offset_;
    base::Fd fd_;
    base::Aead aead_;
  };

  // Plain bytes of whole files, best read in order. One thread.
  class Reader {
   public:
    explicit Reader(const Shelf& shelf) : shelf_(shelf), aead_(shelf.key_) {}
    // Refuses: damaged.
    base::Result<std::string> read(std::uint64_t n, std::uint64_t offset, std::size_t bytes);
    bool failed() const { return failed_; }  // once is enough

   private:
    base::Result<std::string> next(bool head);
    const Shelf& shelf_;
    base::Aead aead_;
    base::Fd fd_;
    std::uint64_t n_ = 0, at_ = 0, offset_ = 0;  // of the next frame
    std::string piece_;                          // the frame before that
    bool failed_ = false;
  };

 private:
  struct Frame {
    char kind = 0;
    std::uint32_t bytes = 0;  // of plaintext
    std::uint64_t next = 0;
  };
  static constexpr std::size_t overhead = 5 + base::Aead::nonce_bytes + base::Aead::tag_bytes;
  std::string path_of(std::uint64_t n) const;
  std::string bound(std::uint64_t n, char kind, std::uint64_t offset) const;
  std::string sealed(base::Aead& aead, std::uint64_t n, char kind, std::uint64_t offset,
                     std::string_view plain) const;
  static std::optional<Frame> peek(int fd, std::uint64_t at, std::uint64_t end);
  base::Status go_on(int fd, std::uint64_t n, std::uint64_t end, IncomingFile& file) const;
  base::Result<std::string> open(base::Aead& aead, int fd, std::uint64_t n, std::uint64_t at,
                                 const Frame& frame, std::uint64_t offset) const;

  std::string folder_, key_, upload_;
};

}  // namespace service

#pragma once
// The vault keeps sealed bytes: originals exactly as received, and what was derived from them. It is a folder
// of packs; an object lies in one pack, encrypted, and is never overwritten. Where an object lies is told by
// its Place, which the records keep. Format: docs/formats/vault.md (C2SP chunked-encryption, HKDF-SHA-256,
// AES-256-GCM).

#include <base/crypto.h>
#include <base/handle.h>
#include <base/result.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace store {

struct Place {
  std::int64_t pack = 0, offset = 0;  // of the object's frame in its pack
  std::int64_t bytes = 0;             // of plaintext
  std::string commitment;             // 32 bytes: the key commitment, which no other key or object opens
};

inline constexpr std::size_t kChunk = 16384;
inline constexpr std::uint64_t kPackBytes = 1ull << 30;  // a pack is closed once it is past this

class Vault {
 public:
  // `key`: 32 bytes, of one case. `context` binds every object to this vault (the id of the case).
  Vault(std::string folder, std::string key, std::string context);

  // One writer thread's end of the vault: appends to a pack nobody else writes. What was added is durable
  // after sync(). An object not committed to the records is free space that is never read.
  class Appender {
   public:
    explicit Appender(const Vault& vault);
    ~Appender();
    Appender(const Appender&) = delete;
    Appender& operator=(const Appender&) = delete;
    Place put(std::string_view bytes);  // a whole object at once
    // A stream: begin, add..., then finish or abandon. One at a time.
    void begin();
    void add(std::string_view bytes);
    Place finish();
    void abandon();
    void take_back(const Place& last);  // the object finished last turns out not to be needed
    void sync();                        // throws Fault; afterwards the appender is not used again

   private:
    class Sealer;
    void open_pack();
    void past_cache(bool on);
    void flush();
    [[noreturn]] void broken(std::string_view did);
    const Vault& vault_;
    base::Fd fd_;
    std::int64_t pack_ = 0;
    std::uint64_t written_ = 0;            // bytes in the file, whole blocks
    std::unique_ptr<class Outgoing> out_;  // not yet written
    std::unique_ptr<Sealer> sealer_;
    std::uint64_t object_at_ = 0, object_bytes_ = 0;
    bool failed_ = false, dirty_ = false;
  };

  // Plaintext [offset, offset+n) of an object, less only at its end. Refuses: damaged (tag or commitment
  // wrong, or the bytes are gone), not_found (no such pack).
  base::Result<std::string> read(const Place& place, std::uint64_t offset, std::size_t n) const;
  base::Result<std::string> read(const Place& place) const;
  // Chunk by chunk, for streams. The vault must outlive it.
  class Opener open(const Place& place) const;

  base::Status check_pack(std::int64_t pack) const;  // its head. Refuses: damaged, not_found

  const std::string& folder() const { return folder_; }
  std::string pack_path(std::int64_t pack) const;

 private:
  friend class Appender;
  friend class Opener;
  std::string folder_, key_, context_;
};

// Reads one object by chunks, keeping the derived key: for verification and for streaming.
class Opener {
 public:
  base::Result<std::string_view> chunk(std::uint64_t number);  // view until the next call
  // What lies behind the object: another one, or zeros to the end of the block. Refuses: damaged.
  base::Status check_behind();
  std::uint64_t chunks() const { return static_cast<std::uint64_t>(place_.bytes) / kChunk + 1; }

 private:
  friend class Vault;
  Opener(const Vault& vault, const Place& place) : vault_(vault), place_(place) {}
  base::Status open();
  const Vault& vault_;
  Place place_;
  base::Fd fd_;
  std::unique_ptr<base::Aead> aead_;
  std::string nonce_, sealed_, plain_;
};

}  // namespace store

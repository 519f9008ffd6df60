// The proof folder: written for a stranger, and read back by the second of its two verifiers.
// docs/formats/proof.md.
#include "case_file.h"
#include "canonical.h"

#include <base/bytes.h>
#include <base/handle.h>
#include <base/json.h>
#include <base/text.h>
#include <evidence/ask.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <map>
#include <sys/stat.h>
#include <unistd.h>

namespace evidence {

std::string_view verify_script();
std::string_view proof_readme();

namespace {

namespace fs = std::filesystem;

std::string manifest_name(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == '%')
      out += "%25";
    else if (c == '\r')
      out += "%0D";
    else if (c == '\n')
      out += "%0A";
    else
      out += c;
  }
  return out;
}

// Ed25519 SubjectPublicKeyInfo (RFC 8410): a fixed prefix and the key.
std::string public_pem(std::string_view key) {
  return "-----BEGIN PUBLIC KEY-----\n" +
         base::base64(base::unhex("302a300506032b6570032100").value() + std::string(key)) +
         "\n-----END PUBLIC KEY-----\n";
}

std::string number4(std::size_t n) {
  char b[16];
  std::snprintf(b, sizeof b, "%04zu", n);
  return b;
}

// A name for data/: the last part of the path, its own bytes where they are known.
std::string data_name(const Item& i) {
  std::string name = i.name_bytes ? i.name_bytes->bytes : i.path.substr(i.path.rfind('/') + 1);
  std::erase(name, '/');
  std::erase(name, '\0');
  if (name.empty() || name == "." || name == "..") name = "original";
  if (name.size() > 200) name = std::string(base::cut(name, 200));
  return name;
}

}  // namespace

base::Status write_proof(CaseFile& file, std::int64_t n, const std::string& out) {
  const Item i = TRY(file.item(n));
  if (i.pack == 0)
    return base::Error{base::Refusal::not_found,
                       file.code_of(n) + " has no bytes of its own; prove the item it was found in, " +
                           (i.parent ? file.code_of(i.parent) : "which does not exist")};
  std::error_code error;
  if (fs::exists(out, error) && !fs::is_empty(out, error))
    return base::Error{base::Refusal::conflict, out + " is not empty; name a new folder"};
  for (const char* part : {"/data", "/custody", "/keys"}) {
    fs::create_directories(out + part, error);
    if (error) return base::Error{base::Refusal::denied, "cannot make " + out + ": " + error.message()};
  }
  // The copy is an act too, and the folder shows it: told first, then the head is taken and signed.
  TRY(file.desk().change([&](kernel::Change& c) -> base::Status {
    c.tell({"copied_out", file.actor(), file.code_of(n), R"({"what":"proof"})"});
    return base::Done{};
  }));
  const auto [head, note] = TRY(file.checkpoint());

  std::map<std::string, std::string> tags;  // path -> SHA-256
  const auto put = [&](const std::string& path, std::string_view content, int mode = 0644) {
    base::replace_file(out + "/" + path, content, mode);
    tags[path] = base::hex(base::view(base::sha256(content)));
  };
  const std::string name = data_name(i);
  {
    const base::Fd fd(::open((out + "/data/" + name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!fd) base::fault_errno("cannot write " + out + "/data");
    base::Hasher hasher;
    store::Opener opener = file.vault().open(CaseFile::bytes_place(i));
    for (std::uint64_t k = 0; k < opener.chunks(); ++k) {
      const std::string_view chunk = TRY(opener.chunk(k));
      hasher.add(chunk);
      if (!base::write_all(fd.get(), chunk)) base::fault_errno("cannot write " + out + "/data");
    }
    const std::string hash = hasher.finish();
    if (hash != i.sha256->bytes)
      return base::Error{base::Refusal::damaged,
                         "the vault gives other bytes than were sealed; run `custos verify`"};
    if (::fsync(fd.get())) base::fault_errno("cannot write " + out + "/data");
    put("manifest-sha256.txt", base::hex(hash) + "  data/" + manifest_name(name) + "\n");
  }
  struct Kept {
    std::uint64_t seq;
    std::string entry, salt, payload;
  };
  std::vector<Kept> rows;
  file.desk().ledger().of_item(file.code_of(n), [&](const store::Ledger::Row& r) {
    rows.push_back({r.seq, std::string(r.entry), std::string(r.salt), std::string(r.payload)});
  });
  std::size_t number = 0;
  for (const Kept& r : rows) {
    const std::string base_name = "custody/" + number4(++number);
    put(base_name + ".json", r.entry);
    put(base_name + ".payload", r.payload);
    put(base_name + ".salt", base::hex(r.salt) + "\n");
    std::string proof = "c2sp.org/tlog-proof@v1\nindex " + std::to_string(r.seq) + "\n";
    for (const base::Digest& d : file.desk().ledger().inclusion(r.seq, head.size))
      proof += base::base64(base::view(d)) + "\n";
    put(base_name + ".tlog-proof", proof + "\n" + note);
  }
  put("keys/log.vkey",
      store::verifier_key(file.office().signer(), file.office().secrets().public_key()) + "\n");
  put("keys/log.pub", public_pem(file.office().secrets().public_key()));
  put("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
  put("README.txt", proof_readme());
  put("verify.sh", verify_script(), 0755);
  std::string manifest;
  for (const auto& [path, hash] : tags) manifest += hash + "  " + path + "\n";
  base::replace_file(out + "/tagmanifest-sha256.txt", manifest, 0644);
  return base::Done{};
}

namespace {

// Reads a folder by the one spelling it may have. The first thing that deviates ends the check.
class Checker {
 public:
  explicit Checker(std::string folder) : folder_(std::move(folder)) {}

  base::Status check() {
    TRY(list());
    if (TRY(small("bagit.txt", 1000)) != "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
      return wrong("bagit.txt is not that of BagIt 1.0");
    TRY(manifests());
    TRY(keys());
    TRY(custody());
    return base::Done{};
  }

 private:
  static base::Error wrong(std::string what) { return {base::Refusal::damaged, std::move(what)}; }

  base::Status list() {
    std::error_code error;
    for (fs::recursive_directory_iterator at(folder_, fs::directory_options::none, error), end;
         !error && at != end; at.increment(error)) {
      const fs::file_status s = at->symlink_status(error);
      std::string path = at->path().string().substr(folder_.size() + 1);
      if (s.type() == fs::file_type::directory) {
        if (path != "data" && path != "custody" && path != "keys")
          return wrong("folder " + path + " does not belong here");
        continue;
      }
      if (s.type() != fs::file_type::regular) return wrong(path + " is no plain file");
      files_.insert({std::move(path), {}});
    }
    if (error) return wrong("the folder cannot be read: " + error.message());
    for (const auto& [path, hash] : files_) {
      const bool named = path == "bagit.txt" || path == "bag-info.txt" || path == "manifest-sha256.txt" ||
                         path == "tagmanifest-sha256.txt" || path == "README.txt" || path == "verify.sh" ||
                         path == "keys/log.vkey" || path == "keys/log.pub";
      if (path.starts_with("data/")) {
        if (!data_.empty()) return wrong("more than one file lies in data/");
        data_ = path;
      } else if (path.starts_with("custody/")) {
        const std::size_t dot = path.find('.');
        const std::string digits = path.substr(8, dot == std::string::npos ? 0 : dot - 8),
                          end = dot == std::string::npos ? "" : path.substr(dot);
        if (digits.size() != 4 || digits.find_first_not_of("0123456789") != std::string::npos ||
            (end != ".json" && end != ".payload" && end != ".salt" && end != ".tlog-proof"))
          return wrong(path + " does not belong here");
        if (end == ".json") ++entries_;
      } else if (!named) {
        return wrong(path + " does not belong here");
      }
    }
    for (const char* needed : {"manifest-sha256.txt", "tagmanifest-sha256.txt", "keys/log.vkey",
                               "keys/log.pub", "bagit.txt", "README.txt", "verify.sh"})
      if (!files_.contains(needed)) return wrong(std::string(needed) + " is missing");
    if (data_.empty()) return wrong("the original is missing from data/");
    if (entries_ == 0) return wrong("no entry lies in custody/");
    std::size_t custody_files = 0;
    for (const auto& [path, hash] : files_) custody_files += path.starts_with("custody/");
    if (custody_files != 4 * entries_) return wrong("custody/ does not hold four files an entry");
    for (std::size_t k = 1; k <= entries_; ++k)
      for (const char* end : {".json", ".payload", ".salt", ".tlog-proof"})
        if (!files_.contains("custody/" + number4(k) + end))
          return wrong("custody/" + number4(k) + end + " is missing");
    return base::Done{};
  }
  base::Result<std::string> small(const std::string& path, std::uintmax_t bytes_max) {
    std::error_code error;
    const auto n = fs::file_size(folder_ + "/" + path, error);
    if (error || n > bytes_max)
      return wrong(path + (error ? " cannot be read" : " is larger than the format allows"));
    return base::read_file(folder_ + "/" + path);
  }
  base::Result<std::string> hash_of(const std::string& path, std::uint64_t* size = nullptr) {
    const base::Fd fd(::open((folder_ + "/" + path).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd) return wrong(path + " cannot be read");
    base::Hasher h;
    std::string piece(1 << 18, '\0');
    for (std::uint64_t total = 0;;) {
      const ssize_t n = ::read(fd.get(), piece.data(), piece.size());
      if (n < 0) return wrong(path + " cannot be read");
      if (n == 0) {
        if (size) *size = total;
        return base::hex(h.finish());
      }
      total += static_cast<std::uint64_t>(n);
      h.add({piece.data(), static_cast<std::size_t>(n)});
    }
  }
  base::Status manifests() {
    data_hash_ = TRY(hash_of(data_, &data_size_));
    if (TRY(small("manifest-sha256.txt", 8192)) != data_hash_ + "  " + manifest_name(data_) + "\n")
      return wrong("manifest-sha256.txt does not fit the file in data/");
    std::string expected;
    std::vector<std::string> paths;
    for (const auto& [path, hash] : files_)
      if (path != data_ && path != "tagmanifest-sha256.txt") paths.push_back(path);
    std::ranges::sort(paths);
    for (const std::string& p : paths) expected += TRY(hash_of(p)) + "  " + p + "\n";
    if (TRY(small("tagmanifest-sha256.txt", 1 << 24)) != expected)
      return wrong("tagmanifest-sha256.txt does not fit the files");
    return base::Done{};
  }
  static bool good_name(std::string_view n) {
    return !n.empty() && std::ranges::all_of(n, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
             c == '.' || c == '_' || c == '/';
    });
  }
  base::Status keys() {
    const std::string line = TRY(small("keys/log.vkey", 512));
    const std::size_t a = line.find('+'), b = a == std::string::npos ? a : line.find('+', a + 1);
    if (b == std::string::npos || line.back() != '\n') return wrong("keys/log.vkey is no verifier key");
    name_ = line.substr(0, a);
    const auto key = base::unbase64(std::string_view(line).substr(b + 1, line.size() - b - 2));
    if (!good_name(name_) || !key || key->size() != 33 || (*key)[0] != 1)
      return wrong("keys/log.vkey is no verifier key");
    key_ = key->substr(1);
    if (store::verifier_key(name_, key_) + "\n" != line)
      return wrong("keys/log.vkey is not in its one spelling");
    if (TRY(small("keys/log.pub", 1000)) != public_pem(key_))
      return wrong("keys/log.pub is another key than keys/log.vkey");
    return base::Done{};
  }
  base::Status custody() {
    std::string checkpoint;
    bool sealed = false;
    std::int64_t last = -1;
    for (std::size_t k = 1; k <= entries_; ++k) {
      const std::string at = "custody/" + number4(k);
      const std::string entry = TRY(small(at + ".json", 256 << 10)), salt_line = TRY(small(at + ".salt", 65));
      const auto parsed = canonical::parse_object(entry);
      if (!parsed.ok()) return wrong(at + ".json: " + parsed.error().message);
      const canonical::Object& o = *parsed;
      for (const auto& [name, value] : o)
        if (name != "act" && name != "actor" && name != "commit" && name != "item" && name != "seq" &&
            name != "time")
          return wrong(at + ".json has a member " + name);
      for (const char* needed : {"act", "actor", "commit", "time"})
        if (!o.contains(needed) || o.at(needed).kind != canonical::Value::Kind::string)
          return wrong(at + ".json has no " + needed);
      if (o.contains("item") && o.at("item").kind != canonical::Value::Kind::string)
        return wrong(at + ".json: item is no string");
      if (!o.contains("seq") || o.at("seq").kind != canonical::Value::Kind::integer ||
          o.at("seq").integer <= last)
        return wrong(at + ".json: seq does not grow");
      last = o.at("seq").integer;
      if (!canonical::is_time(o.at("time").text)) return wrong(at + ".json: time is no time");
      const auto salt = salt_line.size() == 65 && salt_line[64] == '\n' ? base::unhex(salt_line.substr(0, 64))
                                                                        : std::nullopt;
      if (!salt || base::hex(*salt) != salt_line.substr(0, 64)) return wrong(at + ".salt is no salt");
      const std::string payload = TRY(small(at + ".payload", 64 << 20));
      if (base::hex(base::view(base::sha256(*salt, payload))) != o.at("commit").text)
        return wrong(at + ": the payload is not what the entry commits to");
      TRY(proof(at, entry, last, checkpoint));
      if (o.at("act").text != "sealed" && o.at("act").text != "extracted") continue;
      if (std::exchange(sealed, true)) return wrong("more than one entry tells of the sealing");
      const auto told = canonical::parse_object(payload);
      if (!told.ok()) return wrong(at + ".payload: " + told.error().message);
      if (!told->contains("sha256") || told->at("sha256").text != data_hash_)
        return wrong("the original is not the one that was sealed");
      if (!told->contains("size") || told->at("size").kind != canonical::Value::Kind::integer ||
          told->at("size").integer != static_cast<std::int64_t>(data_size_))
        return wrong("the original has not the size that was sealed");
    }
    if (!sealed) return wrong("no entry tells of the sealing");
    return base::Done{};
  }
  base::Status proof(const std::string& at, const std::string& entry, std::int64_t seq,
                     std::string& checkpoint) {
    const std::string text = TRY(small(at + ".tlog-proof", 8192));
    const std::size_t gap = text.find("\n\n");
    if (gap == std::string::npos || text.back() != '\n') return wrong(at + ".tlog-proof has no checkpoint");
    const std::string note = text.substr(gap + 2);
    const std::vector<std::string_view> lines = base::split(std::string_view(text).substr(0, gap), '\n');
    if (lines.size() < 2 || lines[0] != "c2sp.org/tlog-proof@v1" ||
        lines[1] != "index " + std::to_string(seq))
      return wrong(at + ".tlog-proof is not of this entry");
    std::vector<base::Digest> path;
    for (std::size_t k = 2; k < lines.size(); ++k) {
      const auto d = base::unbase64(lines[k]);
      if (!d || d->size() != 32) return wrong(at + ".tlog-proof: a line is no hash");
      std::memcpy(path.emplace_back().data(), d->data(), 32);
    }
    if (!checkpoint.empty() && note != checkpoint)
      return wrong(at + ".tlog-proof carries another checkpoint");
    if (std::ranges::count(note, '\n') != 5)
      return wrong(at + ".tlog-proof: the checkpoint has not exactly one signature");
    const auto head = store::open_checkpoint(note, name_, key_);
    if (!head.ok()) return wrong(at + ".tlog-proof: " + head.error().message);
    if (!good_name(head->origin) || (head->origin != name_ && (!head->origin.starts_with(name_ + "/") ||
                                                               head->origin.size() == name_.size() + 1)))
      return wrong(at + ".tlog-proof: the checkpoint is of another ledger");
    if (head->size >= 1'000'000'000'000'000'000u) return wrong(at + ".tlog-proof: size has too many digits");
    if (!store::includes(*head, static_cast<std::uint64_t>(seq), store::leaf_hash(entry), path))
      return wrong(at + ": the entry is not in the ledger that was signed");
    checkpoint = note;
    return base::Done{};
  }

  std::string folder_, data_, data_hash_, name_, key_;
  std::uint64_t data_size_ = 0;
  std::size_t entries_ = 0;
  std::map<std::string, std::string> files_;
};

}  // namespace

std::vector<std::string> check_proof(const std::string& folder) {
  std::string path = folder;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  if (!fs::is_directory(path)) return {"there is no folder " + folder};
  const base::Status s = Checker(path).check();
  return s.ok() ? std::vector<std::string>{} : std::vector<std::string>{s.error().message};
}

}  // namespace evidence

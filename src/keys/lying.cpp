#include "lying.h"

#include <access/shares.h>
#include <base/bytes.h>
#include <base/handle.h>
#include <base/json.h>

#include <boost/json.hpp>

#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace keys {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::Refusal;
using boost::json::value;

const rights::Random kRandom = [](std::size_t n) { return base::random_bytes(n); };

struct File {
  value v;
  std::string text(const char* k) const {
    const auto* m = v.get_object().if_contains(k);
    return m && m->is_string() ? std::string(m->get_string()) : std::string();
  }
  std::int64_t number(const char* k) const {
    const auto* m = v.get_object().if_contains(k);
    return m && m->is_int64() ? m->get_int64() : 0;
  }
  std::optional<std::string> bytes(const char* k) const { return base::unhex(text(k)); }
  By by() const {
    return v.get_object().contains("secret")   ? By::file
           : v.get_object().contains("needed") ? By::shares
                                               : By::passphrase;
  }
};

Error damaged(const std::string& path) {
  return {Refusal::damaged, path + " is no key file of Custos, or damaged; restore it from your copy"};
}
base::Result<File> read(const std::string& folder, const std::string& name) {
  const std::string path = folder + "/" + name;
  if (!base::file_exists(path))
    return Error{Refusal::not_found, "the key of this office is not at hand: expected " + path +
                                         "; bring it there or set CUSTOS_KEYS to its folder"};
  boost::json::error_code error;
  File f{boost::json::parse(base::read_file(path), error)};
  if (error || !f.v.is_object()) return damaged(path);
  if (f.number("format") > 2)
    return Error{Refusal::unsupported, path + " was made by a newer Custos; use that version"};
  return f;
}

void write(const std::string& path, std::string_view secret, const Sealing& how,
           std::string_view unseal_key) {
  std::string out;
  base::JsonWriter w(out);
  w.object();
  if (how.shares) {
    const rights::SealedRoot root = rights::seal_root(secret, unseal_key, kRandom);
    w.member("format", 2)
        .member("needed", std::int64_t{how.shares->needed})
        .member("shares", std::int64_t{how.shares->shares})
        .member("root_salt", base::hex(root.salt))
        .member("root_commitment", base::hex(root.commitment))
        .member("root_nonce", base::hex(root.nonce))
        .member("root_sealed", base::hex(root.sealed));
  } else if (!how.passphrase.empty()) {
    const base::Argon2 cost;
    const std::string salt = base::random_bytes(16);
    std::string key = base::argon2id(how.passphrase, salt, cost, 32);
    w.member("format", 1)
        .member("argon2id_kib", std::int64_t{cost.memory_kib})
        .member("argon2id_passes", std::int64_t{cost.passes})
        .member("salt", base::hex(salt))
        .member("sealed", base::hex(wrap(key, "custos secret v1", secret)));
    base::wipe(key);
  } else {
    w.member("format", 1).member("secret", base::hex(secret));
  }
  w.end_object();
  base::replace_file(path, out + "\n", 0600);
  base::wipe(out);
}

std::string next_of(std::string_view name) { return std::string(name) + ".next"; }

// Beside those that lie there; the shares, if they lie in shares.
base::Result<std::vector<std::string>> write_next(const std::string& folder, std::string_view office,
                                                  std::string_view signing, const Sealing& how) {
  std::vector<std::string> printed;
  std::string unseal_key;
  if (how.shares) {
    unseal_key = base::random_bytes(32);
    for (const rights::Share& s :
         TRY(rights::split(unseal_key, {how.shares->shares, how.shares->needed}, kRandom)))
      printed.push_back(rights::print_share(s));
  }
  std::error_code error;
  fs::create_directories(folder + "/checkpoints", error);
  if (error) return Error{Refusal::denied, "cannot make " + folder + ": " + error.message()};
  ::chmod(folder.c_str(), 0700);
  write(folder + "/" + next_of(kOfficeKey), office, how, unseal_key);
  write(folder + "/" + next_of(kSigningKey), signing, how, unseal_key);
  base::wipe(unseal_key);
  return printed;
}
// Cut between the two, the second is opened as it lies beside.
void take_next(const std::string& folder) {
  for (const char* name : {kOfficeKey, kSigningKey}) {
    const std::string path = folder + "/" + name, next = folder + "/" + next_of(name);
    if (base::file_exists(next) && ::rename(next.c_str(), path.c_str()))
      base::fault_errno("cannot replace " + path);
  }
  base::sync_folder(folder);
}

base::Result<base::Secret> open_one(const std::string& folder, const std::string& name, const Proof& proof) {
  const File f = TRY(read(folder, name));
  const std::string path = folder + "/" + name;
  if (f.by() == By::file) {
    auto s = f.bytes("secret");
    if (!s || s->size() != 32) return damaged(path);
    base::Secret out(*s);
    base::wipe(*s);
    return out;
  }
  base::Result<std::string> opened = damaged(path);
  if (f.by() == By::passphrase) {
    const auto salt = f.bytes("salt"), sealed = f.bytes("sealed");
    const std::int64_t kib = f.number("argon2id_kib"), passes = f.number("argon2id_passes");
    if (!salt || salt->size() != 16 || !sealed || kib < 8 || kib > (8 << 20) || passes < 1 || passes > 100)
      return damaged(path);
    if (proof.passphrase.empty())
      return Error{Refusal::denied, "the key of this office is under a passphrase; set CUSTOS_PASSPHRASE"};
    std::string key = base::argon2id(
        proof.passphrase, *salt, {static_cast<std::uint32_t>(kib), static_cast<std::uint32_t>(passes)}, 32);
    opened = unwrap(key, "custos secret v1", *sealed);
    base::wipe(key);
    if (!opened.ok())
      return Error{Refusal::denied,
                   "the passphrase in CUSTOS_PASSPHRASE does not open the key of this office"};
  } else {
    rights::SealedRoot root;
    const std::pair<std::string*, const char*> parts[] = {{&root.salt, "root_salt"},
                                                          {&root.commitment, "root_commitment"},
                                                          {&root.nonce, "root_nonce"},
                                                          {&root.sealed, "root_sealed"}};
    for (const auto& [to, part] : parts) {
      const auto bytes = f.bytes(part);
      if (!bytes || bytes->empty()) return damaged(path);
      *to = *bytes;
    }
    if (proof.shares.empty())
      return Error{Refusal::denied,
                   "the key of this office lies in shares; it is opened by `custos keys "
                   "unseal` while `custos serve` or `custos keys serve` runs"};
    std::vector<rights::Share> shares;
    for (const std::string& typed : proof.shares) shares.push_back(TRY(rights::read_share(typed)));
    opened = rights::open_root(root, shares);
    for (rights::Share& s : shares) base::wipe(s.bytes);
    if (!opened.ok()) return Error{Refusal::denied, opened.error().message};
  }
  if (opened->size() != 32) return damaged(path);
  base::Secret out(*opened);
  base::wipe(*opened);
  return out;
}

}  // namespace

base::Result<base::Secret> open_file(const std::string& folder, const char* name, const Proof& proof) {
  auto opened = open_one(folder, name, proof);
  if (opened.ok() || opened.error().why != Refusal::denied) return opened;
  auto next = open_one(folder, next_of(name), proof);
  return next.ok() ? std::move(next) : std::move(opened);
}

base::Result<Lying> how_they_lie(const std::string& folder) {
  const File f = TRY(read(folder, kOfficeKey));
  return Lying{f.by(), f.number("needed")};
}

base::Result<std::vector<std::string>> make(const std::string& folder, const Sealing& sealing) {
  const base::Secret office(base::random_bytes(32)), signing(base::SigningKey::make().seed);
  auto shares = TRY(write_next(folder, office.view(), signing.view(), sealing));
  take_next(folder);
  return shares;
}
base::Result<std::vector<std::string>> seal_anew(const std::string& folder, const Proof& proof,
                                                 const Sealing& sealing) {
  const base::Secret office = TRY(open_file(folder, kOfficeKey, proof));
  const base::Secret signing = TRY(open_file(folder, kSigningKey, proof));
  auto shares = TRY(write_next(folder, office.view(), signing.view(), sealing));
  if (shares.empty()) take_next(folder);
  return shares;
}
base::Status confirm(const std::string& folder, const Proof& proof) {
  bool met = false;
  for (const char* name : {kOfficeKey, kSigningKey})
    if (base::file_exists(folder + "/" + next_of(name))) {
      TRY(open_one(folder, next_of(name), proof));
      met = true;
    }
  if (!met) return Error{Refusal::not_found, "nothing waits to be confirmed; begin with `custos keys split`"};
  take_next(folder);
  return base::Done{};
}

std::string derive(std::string_view key, std::string_view use) {
  return base::hkdf_sha512(key, "", "custos " + std::string(use) + " v1", 32);
}
std::string wrap(std::string_view key, std::string_view name, std::string_view secret) {
  std::string out = base::random_bytes(12);
  out.resize(12 + secret.size() + 16);
  base::Aead(key).seal(reinterpret_cast<const unsigned char*>(out.data()), name, secret.data(), secret.size(),
                       out.data() + 12);
  return out;
}
base::Result<std::string> unwrap(std::string_view key, std::string_view name, std::string_view wrapped) {
  const Error other{Refusal::damaged, "this is not what was sealed under this key and name"};
  if (wrapped.size() < 28) return other;
  std::string out(wrapped.size() - 28, '\0');
  if (!base::Aead(key).open(reinterpret_cast<const unsigned char*>(wrapped.data()), name, wrapped.data() + 12,
                            out.size(), out.data()))
    return other;
  return out;
}

base::Result<std::string> Heads::place_of(const std::string& origin) const {
  const std::string ours = "custos/" + office_ + "/";
  const std::string name = origin.starts_with(ours) ? origin.substr(ours.size()) : std::string();
  if (name.empty() || name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789") != std::string::npos)
    return Error{Refusal::invalid, "\"" + origin + "\" is no ledger of this office"};
  return folder_ + "/checkpoints/" + name + ".checkpoint";
}
base::Result<std::string> Heads::last(const std::string& origin) const {
  const std::string path = TRY(place_of(origin));
  return base::file_exists(path) ? base::read_file(path) : std::string();
}

base::Result<std::string> Heads::sign(const store::Checkpoint& head, const Consistency& way,
                                      std::string_view seed, const std::optional<std::uint64_t>& older) {
  const std::string path = TRY(place_of(head.origin));
  const std::lock_guard alone(mutex_);
  std::error_code error;
  fs::create_directories(folder_ + "/checkpoints", error);
  const base::Fd lock(::open((folder_ + "/checkpoints/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!lock || ::flock(lock.get(), LOCK_EX)) base::fault_errno("cannot lock " + folder_ + "/checkpoints");
  const base::SigningKey key = base::SigningKey::from_seed(seed);
  const std::string signer = "custos/" + office_;
  store::Checkpoint before{head.origin, 0, base::sha256("")};
  std::string note;
  if (base::file_exists(path)) {
    note = base::read_file(path);
    const auto kept = store::open_checkpoint(note, signer, key.public_key);
    if (!kept.ok() || kept->origin != head.origin)
      return Error{Refusal::damaged, path + " is not what this office signed" +
                                         (kept.ok() ? "" : " (" + kept.error().message + ")") +
                                         "; nothing is signed until it is restored or set aside"};
    before = *kept;
  }
  if (older && *older != before.size) return Error{Refusal::exhausted, "another head was signed meanwhile"};
  if (!note.empty() && head.size == before.size && head.root == before.root) return note;
  if (head.size < before.size)
    return Error{Refusal::conflict,
                 "the ledger " + head.origin + " has " + std::to_string(head.size) + " rows, but " +
                     std::to_string(before.size) +
                     " were signed: rows were cut off, or an older copy was restored. Nothing is signed; run "
                     "`custos verify`, and `custos keys follow` if an older copy is what you want"};
  if (before.size && !store::same_history(before, head, way(before.size)))
    return Error{Refusal::conflict, "the ledger " + head.origin +
                                        " does not continue what was signed of it: its rows were changed. "
                                        "Nothing is signed; run `custos verify`"};
  note = store::sign_checkpoint(head, signer, key);
  base::replace_file(path, note, 0600);
  return note;
}

int set_aside(const std::string& folder, const std::function<bool(const std::string& note)>& which,
              std::int64_t unix_micros) {
  int n = 0;
  std::error_code error;
  std::vector<std::string> met;
  for (const auto& e : fs::directory_iterator(folder + "/checkpoints", error))
    if (e.path().extension() == ".checkpoint") met.push_back(e.path().string());
  for (const std::string& path : met)
    if (which(base::read_file(path))) {
      if (::rename(path.c_str(), (path + "." + std::to_string(unix_micros)).c_str()))
        base::fault_errno("cannot set " + path + " aside");
      ++n;
    }
  return n;
}

}  // namespace keys

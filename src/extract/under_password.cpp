#include "under_password.h"

#include "xml_scan.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/foreign_ciphers.h>
#include <base/text.h>

#include <algorithm>

namespace extract {
namespace {

using base::load_le;
using base::Refusal;
using Event = XmlScan::Event;

// A document says how often a password is hashed, and the list of passwords may be long: together no more
// than some ten seconds.
constexpr std::uint64_t kRounds = 20'000'000;

std::string utf16le(std::string_view text) {
  std::string out;
  for (const char32_t c : base::utf32(text)) {
    if (c < 0x10000)
      base::append_le(out, static_cast<std::uint16_t>(c));
    else
      base::append_le(out, static_cast<std::uint16_t>(0xD800 + ((c - 0x10000) >> 10))),
          base::append_le(out, static_cast<std::uint16_t>(0xDC00 + ((c - 0x10000) & 0x3FF)));
  }
  return out;
}
std::string number(std::uint32_t n) {
  std::string out;
  base::append_le(out, n);
  return out;
}
std::string hash(base::Hasher& h, std::string_view a, std::string_view b) {
  h.add(a), h.add(b);
  return h.finish();
}
std::string spun(base::Hasher& h, std::string_view salt, std::string_view password, std::uint32_t rounds) {
  std::string state = hash(h, salt, utf16le(password));
  for (std::uint32_t i = 0; i < rounds; ++i) state = hash(h, number(i), state);
  return state;
}
std::string fitted(std::string s, std::size_t n) {  // [MS-OFFCRYPTO] 2.3.4.11, 2.3.4.12
  s.resize(n, '\x36');
  return s;
}
std::string bytes_of(const XmlScan& xml, std::string_view attribute) {
  return base::unbase64(xml.attribute(attribute)).value_or("");
}
std::uint32_t number_of(const XmlScan& xml, std::string_view attribute) {
  return static_cast<std::uint32_t>(std::strtoul(xml.attribute(attribute).c_str(), nullptr, 10));
}

// How a key is made and what it seals with: keyData and encryptedKey of the agile way.
struct Recipe {
  std::string hash, cipher, chaining, salt;
  std::uint32_t key_bits = 0, block = 0;
  static Recipe of(const XmlScan& xml) {
    return {xml.attribute("hashAlgorithm"), xml.attribute("cipherAlgorithm"), xml.attribute("cipherChaining"),
            bytes_of(xml, "saltValue"),     number_of(xml, "keyBits"),        number_of(xml, "blockSize")};
  }
  bool known() const {
    return cipher == "AES" && chaining == "ChainingModeCBC" && block == 16 &&
           (key_bits == 128 || key_bits == 192 || key_bits == 256) &&
           (hash == "SHA1" || hash == "SHA256" || hash == "SHA384" || hash == "SHA512");
  }
};

struct Agile {
  Recipe data, key;
  std::uint32_t rounds = 0;
  std::string verifier, verifier_hash, sealed_key;

  explicit Agile(std::string_view description) {
    XmlScan xml(description);
    for (Event e = xml.next(); e != Event::done; e = xml.next()) {
      if (e != Event::start) continue;
      if (xml.name() == "keyData") data = Recipe::of(xml);
      if (xml.name() != "encryptedKey") continue;
      key = Recipe::of(xml), rounds = number_of(xml, "spinCount");
      verifier = bytes_of(xml, "encryptedVerifierHashInput");
      verifier_hash = bytes_of(xml, "encryptedVerifierHashValue");
      sealed_key = bytes_of(xml, "encryptedKeyValue");
    }
  }
  bool known() const { return data.known() && key.known() && rounds <= 10'000'000; }

  // The key of the package, when this is the password.
  std::optional<std::string> unlock(std::string_view password) const {
    base::Hasher h(key.hash.c_str());
    const std::string state = spun(h, key.salt, password, rounds), start = fitted(key.salt, key.block);
    const auto opened = [&](std::string_view purpose, std::string_view sealed) {
      return base::open_aes(base::Chaining::cbc, fitted(hash(h, state, purpose), key.key_bits / 8), start,
                            sealed);
    };
    const auto said = opened("\xfe\xa7\xd2\x76\x3b\x4b\x9e\x79", verifier);
    auto answer = opened("\xd7\xaa\x0f\x6d\x30\x61\x34\x4e", verifier_hash);
    auto out = opened("\x14\x6e\x0b\xe7\xab\xac\xd0\xd6", sealed_key);
    if (!said || !answer || !out || said->size() < key.salt.size() || out->size() < data.key_bits / 8)
      return {};
    const std::string expected = hash(h, std::string_view(*said).substr(0, key.salt.size()), "");
    if (!answer->starts_with(expected)) return {};
    out->resize(data.key_bits / 8);
    return out;
  }
  std::optional<std::string> open(std::string_view package_key, std::string_view sealed) const {
    constexpr std::size_t kSegment = 4096;
    base::Hasher h(data.hash.c_str());
    std::string out;
    for (std::uint32_t i = 0; std::size_t{i} * kSegment < sealed.size(); ++i) {
      const auto piece =
          base::open_aes(base::Chaining::cbc, package_key, fitted(hash(h, data.salt, number(i)), data.block),
                         sealed.substr(std::size_t{i} * kSegment, kSegment));
      if (!piece) return {};
      out += *piece;
    }
    return out;
  }
};

struct Standard {
  static constexpr std::uint32_t kPasses = 50'000;  // [MS-OFFCRYPTO] 2.3.4.7
  std::string salt, verifier, verifier_hash;
  std::uint32_t key_bits = 0, cipher = 0, hash_kind = 0;

  explicit Standard(std::string_view info) {  // what follows the version
    base::Cursor at(info);
    at.take(4);  // flags, again in the header
    const auto header_bytes = at.take(4);
    const std::string_view header =
        at.take(header_bytes.size() == 4 ? load_le<std::uint32_t>(header_bytes.data()) : 0);
    const std::string_view rest = at.take(4 + 16 + 16 + 4 + 32);
    if (header.size() < 20 || rest.empty()) return;
    cipher = load_le<std::uint32_t>(&header[8]), hash_kind = load_le<std::uint32_t>(&header[12]);
    key_bits = load_le<std::uint32_t>(&header[16]);
    salt = rest.substr(4, 16), verifier = rest.substr(20, 16), verifier_hash = rest.substr(40, 32);
  }
  bool known() const {
    return cipher >= 0x660E && cipher <= 0x6610 && (hash_kind == 0x8004 || hash_kind == 0) &&
           (key_bits == 128 || key_bits == 192 || key_bits == 256);
  }
  std::optional<std::string> unlock(std::string_view password) const {
    base::Hasher h("SHA1");
    const std::string state = hash(h, spun(h, salt, password, kPasses), number(0));
    std::string key;
    for (const char pad : {'\x36', '\x5C'}) {
      std::string block(64, pad);
      for (std::size_t i = 0; i < state.size(); ++i) block[i] = static_cast<char>(block[i] ^ state[i]);
      key += hash(h, block, "");
    }
    key.resize(key_bits / 8);
    const auto said = base::open_aes(base::Chaining::ecb, key, {}, verifier);
    const auto answer = base::open_aes(base::Chaining::ecb, key, {}, verifier_hash);
    if (!said || !answer || !answer->starts_with(hash(h, *said, ""))) return {};
    return key;
  }
  std::optional<std::string> open(std::string_view key, std::string_view sealed) const {
    return base::open_aes(base::Chaining::ecb, key, {}, sealed);
  }
};

template <class Way>
base::Result<std::string> open_by(const Way& way, std::uint32_t rounds, std::string_view package,
                                  std::span<const std::string> passwords) {
  std::uint64_t spent = 0;
  for (const std::string& password : passwords) {
    if ((spent += rounds) > kRounds)
      return base::Error{Refusal::denied, "there are more passwords than can be tried on an Office document"};
    const auto key = way.unlock(password);
    if (!key) continue;
    const std::uint64_t size = load_le<std::uint64_t>(package.data());
    package.remove_prefix(8);
    auto out = way.open(*key, package.substr(0, package.size() / 16 * 16));
    if (!out || out->size() < size)
      return base::Error{Refusal::damaged, "the sealed package of an Office document"};
    out->resize(static_cast<std::size_t>(size));
    return std::move(*out);
  }
  return base::Error{Refusal::denied, "Office document with a password"};
}

}  // namespace

base::Result<std::string> open_package(const Ole& ole, std::span<const std::string> passwords) {
  const auto info = ole.read("EncryptionInfo");
  const auto package = ole.read("EncryptedPackage");
  if (!info || !package || info->size() < 8 || package->size() < 8)
    return base::Error{Refusal::damaged, "the description of the password of an Office document"};
  const auto major = load_le<std::uint16_t>(info->data()), minor = load_le<std::uint16_t>(info->data() + 2);
  if (major == 4 && minor == 4) {
    const Agile way(std::string_view(*info).substr(8));
    if (way.known()) return open_by(way, way.rounds, *package, passwords);
  } else if (minor == 2) {
    const Standard way(std::string_view(*info).substr(4));
    if (way.known()) return open_by(way, Standard::kPasses, *package, passwords);
  }
  return base::Error{Refusal::unsupported, "the cipher of the password of an Office document"};
}

bool OdfSeal::Member::known() const {
  return cipher.ends_with("#aes256-cbc") && start.size() == 16 && key_bytes == 32 && rounds > 0 &&
         rounds <= 10'000'000;
}

OdfSeal::OdfSeal(std::string_view manifest) {
  XmlScan xml(manifest);
  std::string path;
  for (Event e = xml.next(); e != Event::done; e = xml.next()) {
    if (e != Event::start) continue;
    const std::string_view n = xml.name();
    if (n == "file-entry") {
      path = xml.attribute("full-path");
    } else if (n == "encryption-data") {
      Member& m = members_[path];
      m.checksum_type = xml.attribute("checksum-type"), m.checksum = bytes_of(xml, "checksum");
    } else if (const auto at = members_.find(path); at != members_.end()) {
      Member& m = at->second;
      if (n == "algorithm")
        m.cipher = xml.attribute("algorithm-name"), m.start = bytes_of(xml, "initialisation-vector");
      else if (n == "key-derivation")
        m.salt = bytes_of(xml, "salt"), m.rounds = number_of(xml, "iteration-count"),
        m.key_bytes = xml.attribute("key-size").empty() ? 16 : number_of(xml, "key-size");
      else if (n == "start-key-generation")
        m.start_key = xml.attribute("start-key-generation-name");
    }
  }
}

std::optional<std::string> OdfSeal::open(const Member& m, std::string_view password,
                                         std::string_view packed) {
  if (!m.known()) return {};
  base::Hasher start(m.start_key.ends_with("#sha256") ? "SHA256" : "SHA1");
  const auto key = base::pbkdf2_sha1(hash(start, password, ""), m.salt, m.rounds, m.key_bytes);
  auto out = key ? base::open_aes(base::Chaining::cbc, *key, m.start, packed) : std::nullopt;
  if (!out || out->empty()) return {};
  // The padding of W3C: the last byte counts it.
  const auto pad = static_cast<unsigned char>(out->back());
  if (pad == 0 || pad > 16 || pad > out->size()) return {};
  out->erase(out->size() - pad);
  base::Hasher sum(base::lower_ascii(m.checksum_type).find("sha256") != std::string::npos ? "SHA256"
                                                                                          : "SHA1");
  if (hash(sum, std::string_view(*out).substr(0, 1024), "") != m.checksum) return {};
  return out;
}

base::Status OdfSeal::unlock(std::string_view member, std::string_view packed,
                             std::span<const std::string> passwords) {
  const auto at = members_.find(member);
  if (at == members_.end() || !at->second.known())
    return base::Error{Refusal::unsupported, "the cipher of the password of an OpenDocument"};
  std::uint64_t spent = 0;
  for (const std::string& password : passwords) {
    if ((spent += at->second.rounds) > kRounds) break;
    if (!open(at->second, password, packed)) continue;
    password_ = password;
    return base::Done{};
  }
  return base::Error{Refusal::denied, "OpenDocument"};
}

std::optional<std::string> OdfSeal::open(std::string_view member, std::string_view packed) const {
  const auto at = members_.find(member);
  return at == members_.end() ? std::nullopt : open(at->second, password_, packed);
}

}  // namespace extract

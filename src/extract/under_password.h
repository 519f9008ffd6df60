#pragma once
// Office documents under a password. A package of Office is sealed whole, inside a compound file
// ([MS-OFFCRYPTO] 2.3.4, standard and agile); of OpenDocument each member is sealed by itself (ODF 1.2 part
// 3, 3.4 and 3.8).

#include "ole.h"

#include <map>
#include <span>

namespace extract {

// What is told of a document that one of the given passwords opened, as "x.encrypted".
inline constexpr std::string_view kOpenedByPassword = "opened with a given password";

// The package that the compound file holds, opened by one of the passwords.
// Refuses: denied (none opens it), unsupported (which cipher), damaged.
base::Result<std::string> open_package(const Ole& ole, std::span<const std::string> passwords);

class OdfSeal {
 public:
  // By META-INF/manifest.xml.
  explicit OdfSeal(std::string_view manifest);
  bool any() const { return !members_.empty(); }
  // Takes the first password that opens `member`, given as it is packed.
  // Refuses: denied (none opens it), unsupported (which cipher).
  base::Status unlock(std::string_view member, std::string_view packed,
                      std::span<const std::string> passwords);
  bool sealed(std::string_view member) const { return members_.contains(member); }
  // What the member holds, compressed by deflate still. Nothing: it is not what was sealed.
  std::optional<std::string> open(std::string_view member, std::string_view packed) const;

 private:
  struct Member {
    std::string cipher, checksum_type, checksum, start, salt, start_key;
    unsigned rounds = 0, key_bytes = 0;
    bool known() const;
  };
  static std::optional<std::string> open(const Member& member, std::string_view password,
                                         std::string_view packed);
  std::map<std::string, Member, std::less<>> members_;
  std::string password_;
};

}  // namespace extract

#include "lying.h"

#include <keys/doors.h>

#include <filesystem>

namespace keys {
namespace {

class AtHand final : public Keys {
 public:
  AtHand(const std::string& folder, const std::string& office, base::Secret key, base::Secret seed)
      : key_(std::move(key)),
        seed_(std::move(seed)),
        public_key_(base::SigningKey::from_seed(seed_.view()).public_key),
        heads_(folder, office) {}
  base::Result<std::string> derived(std::string_view use) const override { return derive(key_.view(), use); }
  base::Result<std::string> wrapped(std::string_view name, std::string_view secret) const override {
    return wrap(key_.view(), name, secret);
  }
  base::Result<std::string> unwrapped(std::string_view name, std::string_view wrapped) const override {
    return unwrap(key_.view(), name, wrapped);
  }
  const std::string& public_key() const override { return public_key_; }
  base::Result<std::string> sign(const store::Checkpoint& head, const Consistency& way) override {
    return heads_.sign(head, way, seed_.view());
  }
  base::Result<std::string> last(const std::string& origin) const override { return heads_.last(origin); }

 private:
  base::Secret key_, seed_;
  std::string public_key_;
  Heads heads_;
};

}  // namespace

base::Result<std::unique_ptr<Keys>> at_hand(const std::string& folder, const std::string& office,
                                            const Proof& proof) {
  base::Secret key = TRY(open_file(folder, kOfficeKey, proof));
  return std::unique_ptr<Keys>(
      new AtHand(folder, office, std::move(key), TRY(open_file(folder, kSigningKey, proof))));
}

std::vector<std::string> doors_in(const std::string& folder) {
  std::vector<std::string> out;
  std::error_code error;
  for (const auto& e : std::filesystem::directory_iterator(folder + "/doors", error))
    if (e.is_directory()) out.push_back(e.path().string());
  return out;
}

base::Result<std::unique_ptr<Keys>> found(const std::string& folder, const std::string& office,
                                          const Proof& proof) {
  auto here = at_hand(folder, office, proof);
  if (here.ok() || here.error().why != base::Refusal::denied) return here;
  for (const std::string& doors : doors_in(folder))
    if (auto there = behind(doors, office); there.ok()) return there;
  return here;
}

}  // namespace keys

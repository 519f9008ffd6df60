#include <base/bytes.h>
#include <store/ledger.h>

namespace {

constexpr std::string_view kName = "custos/fuzz";

const base::SigningKey& key() {
  static const base::SigningKey k = base::SigningKey::from_seed(std::string(32, 'k'));
  return k;
}
// The four bytes that name the key, out of a note signed by it.
const std::string& key_hash() {
  static const std::string hash = [] {
    const std::string note = store::sign_checkpoint({"o", 1, {}}, std::string(kName), key());
    const std::size_t at = note.rfind(' ') + 1;
    return base::unbase64(std::string_view(note).substr(at, note.size() - at - 1))->substr(0, 4);
  }();
  return hash;
}
void open(std::string_view note) {
  const auto c = store::open_checkpoint(note, std::string(kName), key().public_key);
  if (c.ok()) CHECK(note.starts_with(c->body() + "\n"));
}

}  // namespace

// A note that opens begins with the one spelling of what it tells: as it came, and as a body that we signed.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  open(text);
  open(std::string(text) + "\n\xE2\x80\x94 " + std::string(kName) + " " +
       base::base64(key_hash() + key().sign(text)) + "\n");
  return 0;
}

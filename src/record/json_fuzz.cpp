#include <record/text.h>

namespace {

struct Kept {
  std::int64_t id{};
  std::string path;
  record::Octets sha256;
  std::optional<double> latitude;
  std::optional<std::string> note;
  bool machine{};
};

}  // namespace

template <>
inline constexpr auto record::description<Kept> = record::describe(
    "kept", record::field<&Kept::id>(1, "id", "Number"), record::field<&Kept::path>(2, "path", "Path"),
    record::field<&Kept::sha256>(3, "sha256", "SHA-256"),
    record::field<&Kept::latitude>(4, "latitude", "Latitude"), record::field<&Kept::note>(5, "note", "Note"),
    record::field<&Kept::machine>(6, "machine", "Machine-made"));

static_assert(record::complete<Kept>());

// What is accepted, written and read again is the same record.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto once = record::from_json<Kept>({reinterpret_cast<const char*>(data), size});
  if (!once.ok()) return 0;
  const std::string written = record::to_json(*once);
  const auto twice = record::from_json<Kept>(written);
  CHECK(twice.ok() && record::changed(*once, *twice).empty());
  CHECK(record::to_json(*twice) == written);
  return 0;
}

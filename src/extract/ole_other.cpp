#include "ole.h"
#include "readers_list.h"
#include "types.h"

namespace extract {
namespace {

// A compound file of a program that has no reader here: its properties, and its streams as parts, so that
// what they hold is looked at.
base::Status read(Source& source, const Request& request, Sink& sink) {
  const Ole ole = TRY(Ole::open(source, request.limits));
  tell_ole_properties(ole, "", sink);
  if (request.type == types::kOfficeEncrypted) {
    sink.finding(Reason::encrypted, "Office document with a password");
    return base::Done{};
  }
  std::uint64_t n = 0;
  bool open = true;
  for (const Ole::Entry& e : ole.entries()) {
    if (e.kind != 2 || e.size == 0 || e.name.starts_with('\x05')) continue;
    PartInfo info;
    info.name = e.path, info.order = n++;
    if (!open || !(open = sink.begin_part(info))) continue;
    const std::string bytes = ole.read(e);
    sink.part_bytes(bytes);
    if (bytes.size() < e.size) sink.fail_part(Reason::truncated, "stream");
    else sink.end_part();
  }
  sink.expect(n);
  if (ole.broken()) sink.finding(Reason::damaged, "compound file");
  return base::Done{};
}

constexpr std::string_view kTypes[] = {types::kOle, types::kOfficeEncrypted, "application/vnd.visio",
                                       "application/x-mspublisher"};

}  // namespace

const Reader ole_reader{{"custos.ole", "1"}, kTypes, read};

}  // namespace extract

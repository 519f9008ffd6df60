#include "ole.h"
#include "readers_list.h"
#include "types.h"
#include "under_password.h"

namespace extract {
namespace {

// A package of Office under a password: what it holds is a document of its own, with a type of its own.
base::Status give_package(const Ole& ole, const Request& request, Sink& sink) {
  const auto opened = open_package(ole, request.passwords);
  if (!opened.ok()) {
    const base::Refusal why = opened.error().why;
    const Reason reason = why == base::Refusal::denied        ? Reason::encrypted
                          : why == base::Refusal::unsupported ? Reason::unsupported
                                                              : Reason::damaged;
    sink.finding(reason, opened.error().message);
    return base::Done{};
  }
  sink.meta("x.encrypted", kOpenedByPassword);
  sink.expect(1);
  PartInfo info;
  info.name = "package";
  if (!sink.begin_part(info)) return base::Done{};
  sink.part_bytes(*opened);
  sink.end_part();
  return base::Done{};
}

// A compound file of a program that has no reader here: its properties, and its streams as parts, so that
// what they hold is looked at.
base::Status read_ole(Source& source, const Request& request, Sink& sink) {
  const Ole ole = TRY(Ole::open(source, request.limits));
  tell_ole_properties(ole, "", sink);
  if (request.type == types::kOfficeEncrypted) return give_package(ole, request, sink);
  std::uint64_t n = 0;
  bool open = true;
  for (const Ole::Entry& e : ole.entries()) {
    if (e.kind != 2 || e.size == 0 || e.name.starts_with('\x05')) continue;
    PartInfo info;
    info.name = e.path, info.order = n++;
    if (!open || !(open = sink.begin_part(info))) continue;
    const std::string bytes = ole.read(e);
    sink.part_bytes(bytes);
    if (bytes.size() < e.size)
      sink.fail_part(Reason::truncated, "stream");
    else
      sink.end_part();
  }
  sink.expect(n);
  if (ole.broken()) sink.finding(Reason::damaged, "compound file");
  return base::Done{};
}

constexpr std::string_view kOleTypes[] = {types::kOle, types::kOfficeEncrypted, "application/vnd.visio",
                                       "application/x-mspublisher"};

}  // namespace

const Reader ole_reader{{"custos.ole", "1"}, kOleTypes, read_ole};

}  // namespace extract

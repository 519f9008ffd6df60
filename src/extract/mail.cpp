#include "charset.h"
#include "mbox.h"
#include "message.h"
#include "readers_list.h"
#include "types.h"

namespace extract {
namespace {

base::Status read_mail(Source& source, const Request& request, Sink& sink) {
  const std::string_view bytes = TRY(source.all());
  if (bytes.starts_with("From ") && holds_messages(bytes)) return read_mbox(source, request, sink);
  std::string storage;
  const std::string_view wide = wide_charset(bytes.substr(0, 4096));
  if (!wide.empty()) {  // saved by a program that thought it was text
    storage = decode_as(bytes.substr(mark_bytes(bytes, wide)), wide);
    read_message(storage, request.limits, sink);
  } else {
    read_message(bytes, request.limits, sink);
  }
  return base::Done{};
}

constexpr std::string_view kMailTypes[] = {types::kMail};

}  // namespace

const Reader mail_reader{{"custos.mail", "1"}, kMailTypes, read_mail};

}  // namespace extract

#include "charset.h"
#include "content_line.h"
#include "mime.h"
#include "readers_list.h"
#include "types.h"

#include <base/text.h>

namespace extract {
namespace {

struct Card {
  std::string text, name;
  std::vector<std::pair<std::string, std::string>> files;  // name, bytes
};

void add(Card& card, const ContentLine& l) {
  if (l.name == "VERSION" || l.name == "PRODID" || l.name == "UID" || l.name == "REV") return;
  const std::string encoding = base::lower_ascii(l.parameter("ENCODING"));
  std::string_view v = l.value;
  const bool data = base::starts_with_ci(v, "data:");
  if (encoding == "b" || encoding == "base64" || (data && v.find(";base64,") != v.npos)) {
    if (data) v = v.substr(v.find(',') + 1);
    const std::string kind = base::lower_ascii(l.parameter("TYPE"));
    card.files.emplace_back(base::lower_ascii(l.name) + "." +
                                (kind.empty() || kind.size() > 4 ? l.name == "PHOTO" ? "jpg" : "bin" : kind),
                            mime::from_base64(v));
    return;
  }
  const std::string t = l.text();
  if (t.empty()) return;
  if (l.name == "FN" || (l.name == "N" && card.name.empty())) card.name = t;
  card.text += l.name + ": " + t + "\n";
}

void give(const Card& card, Sink& sink) {
  if (!card.name.empty()) sink.meta("title", card.name);
  sink.text(card.text);
  std::uint64_t n = 0;
  for (const auto& [name, bytes] : card.files) {
    PartInfo info;
    info.name = name, info.order = n++;
    if (!sink.begin_part(info)) break;
    sink.part_bytes(bytes);
    sink.end_part();
  }
}

base::Status read_vcard(Source& source, const Request&, Sink& sink) {
  const std::string_view bytes = TRY(source.all());
  const Decoded d = decode(bytes);
  sink.meta("charset", d.charset);
  std::vector<Card> cards;
  std::size_t at = 0;
  int depth = 0;
  for (ContentLine l; next_content_line(d.text, at, l);) {
    if (l.name == "BEGIN" && depth++ == 0) cards.emplace_back();
    else if (l.name == "END") depth -= depth > 0;
    else if (!cards.empty() && l.name != "BEGIN") add(cards.back(), l);
  }
  if (depth > 0) sink.finding(Reason::truncated, "a card without its end");
  if (cards.size() == 1) {
    give(cards[0], sink);
    return base::Done{};
  }
  sink.expect(cards.size());
  std::uint64_t n = 0;
  for (const Card& card : cards) {
    PartInfo info;
    info.kind = PartKind::record, info.order = n++;
    info.name = card.name.empty() ? "card-" + std::to_string(n) : std::string(base::cut(card.name, 200));
    if (!sink.begin_item(info)) break;
    give(card, sink);
    sink.end_item();
  }
  return base::Done{};
}

constexpr std::string_view kVcardTypes[] = {types::kVcard};

}  // namespace

const Reader vcard_reader{{"custos.vcard", "1"}, kVcardTypes, read_vcard};

}  // namespace extract

#include "charset.h"
#include "content_line.h"
#include "dates.h"
#include "readers_list.h"
#include "types.h"

#include <base/text.h>

namespace extract {
namespace {

struct Event {
  std::string title, text;
  std::vector<std::pair<std::string, std::string>> metas;
};

std::string person(const ContentLine& l) {
  std::string address = l.text();
  if (base::starts_with_ci(address, "mailto:")) address.erase(0, 7);
  const std::string name = l.parameter("CN");
  return name.empty() || name == address ? address : name + " <" + address + ">";
}

// "20210304T101112Z" has its offset; a TZID is a name without one, and is kept beside.
void add_date(Event& e, std::string_view key, const ContentLine& l) {
  if (const std::string d = iso_date(l.value); !d.empty()) e.metas.emplace_back(key, d);
  if (const std::string zone = l.parameter("TZID"); !zone.empty()) e.metas.emplace_back("x.time_zone", zone);
}

void add(Event& e, const ContentLine& l) {
  if (l.name == "SUMMARY") e.title = l.text();
  else if (l.name == "DTSTART") add_date(e, "date.start", l);
  else if (l.name == "DTEND" || l.name == "DUE") add_date(e, "date.end", l);
  else if (l.name == "CREATED") add_date(e, "date.created", l);
  else if (l.name == "LAST-MODIFIED") add_date(e, "date.modified", l);
  else if (l.name == "ORGANIZER") e.metas.emplace_back("from", person(l));
  else if (l.name == "ATTENDEE") e.metas.emplace_back("to", person(l));
  else if (l.name == "CATEGORIES") e.metas.emplace_back("category", l.text());
  else if (l.name == "UID") e.metas.emplace_back("message_id", l.text());
  else if (l.name == "GEO") {
    std::string g = l.value;
    for (char& c : g)
      if (c == ';') c = ',';
    e.metas.emplace_back("gps", g);
  } else if (l.name == "DESCRIPTION" || l.name == "LOCATION" || l.name == "COMMENT" || l.name == "CONTACT" ||
             l.name == "URL" || l.name == "ATTACH" || l.name == "STATUS" || l.name == "RRULE") {
    if (const std::string t = l.text(); !t.empty() && l.parameter("ENCODING").empty()) e.text += t + "\n";
  }
}

base::Status read_ical(Source& source, const Request& request, Sink& sink) {
  const std::string_view bytes = TRY(source.all());
  const Decoded d = decode(bytes);
  sink.meta("charset", d.charset);
  std::vector<Event> events;
  std::size_t at = 0, depth = 0, event_depth = 0;
  for (ContentLine l; next_content_line(d.text, at, l);) {
    if (l.name == "BEGIN") {
      ++depth;
      const std::string what = base::lower_ascii(base::trim(l.value));
      if (!event_depth && (what == "vevent" || what == "vtodo" || what == "vjournal"))
        events.emplace_back(), event_depth = depth;
    } else if (l.name == "END") {
      if (depth == event_depth) event_depth = 0;
      depth -= depth > 0;
    } else if (event_depth) {
      add(events.back(), l);  // alarms within an event speak of the event
    } else if (l.name == "X-WR-CALNAME") {
      sink.meta("title", l.text());
    } else if (l.name == "PRODID") {
      sink.meta("software", l.text());
    } else if (l.name == "METHOD") {
      sink.meta("x.method", l.text());
    }
  }
  if (depth > 0) sink.finding(Reason::truncated, "a component without its end");
  sink.expect(events.size());
  std::uint64_t n = 0;
  for (const Event& e : events) {
    PartInfo info;
    info.kind = PartKind::record, info.order = n++;
    info.name = e.title.empty() ? "event-" + std::to_string(n) : std::string(base::cut(e.title, 200));
    if (n > request.limits.parts_max || !sink.begin_item(info)) break;
    if (!e.title.empty()) sink.meta("title", e.title);
    for (const auto& [key, value] : e.metas) sink.meta(key, value);
    sink.text(e.title + "\n" + e.text);
    sink.end_item();
  }
  return base::Done{};
}

constexpr std::string_view kIcalTypes[] = {types::kCalendar};

}  // namespace

const Reader ical_reader{{"custos.ical", "1"}, kIcalTypes, read_ical};

}  // namespace extract

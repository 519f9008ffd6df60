#include "charset.h"
#include "chat_stamp.h"
#include "dates.h"
#include "readers_list.h"
#include "types.h"

#include <base/text.h>
#include <base/time.h>

#include <algorithm>
#include <cstdio>
#include <set>

namespace extract {
namespace {

constexpr std::size_t kParticipants = 2000, kSenderBytes = 120;

enum class Order { day_month_year, month_day_year, year_month_day };

DateFields fields_of(const ChatStamp& s, Order order) {
  DateFields f;
  const int a = s.date[0], b = s.date[1], c = s.date[2];
  f.day = order == Order::day_month_year ? a : order == Order::month_day_year ? b : c;
  f.month = order == Order::day_month_year ? b : order == Order::month_day_year ? a : b;
  f.year = order == Order::year_month_day ? a : c;
  if (f.year < 100) f.year += 2000;
  else if (f.year > 2400) f.year -= 543;         // Buddhist
  f.hour = s.hour % 24, f.minute = s.minute, f.second = std::max(s.second, 0);
  if (s.half != DayHalf::none) f.hour = s.hour % 12 + (s.half == DayHalf::pm ? 12 : 0);
  return f;
}

struct Line {
  ChatStamp stamp;
  std::string sender;
  std::string_view text;  // to the next stamp
  bool system = false;
};

// A day in the name of a file that a message brings: "IMG-20241202-WA0001.jpg".
std::string day_in(std::string_view text) {
  text = text.substr(0, 100);
  for (std::size_t k = text.find("-20"); k != text.npos; k = text.find("-20", k + 1)) {
    const std::string_view day = text.substr(k + 1, 8);
    if (day.size() == 8 && day.find_first_not_of("0123456789") == day.npos &&
        text.substr(k + 9).starts_with("-"))
      return std::string(day.substr(0, 4)) + "-" + std::string(day.substr(4, 2)) + "-" +
             std::string(day.substr(6, 2));
  }
  return {};
}

struct Fit {
  std::size_t faults = 0;  // dates that do not exist, and steps back in time
  std::size_t against = 0; // days in the names of files that contradict
  std::int64_t span = 0;   // from the first message to the last
};

Fit fit_of(const std::vector<Line>& lines, Order order) {
  Fit fit;
  std::string before, first;
  for (const Line& l : lines) {
    const DateFields f = fields_of(l.stamp, order);
    const std::string t = date_text(f, "");
    if (t.empty() || f.year < 2009) {
      fit.faults += 1000;
      continue;
    }
    if (t < before) ++fit.faults;
    else before = t;
    if (first.empty()) first = t;
    if (const std::string day = day_in(l.text); !day.empty()) fit.against += !t.starts_with(day);
  }
  fit.span = base::parse_rfc3339(before + "Z").value_or(0) - base::parse_rfc3339(first + "Z").value_or(0);
  return fit;
}

// The order under which every date exists and time runs forward; when several do, the one that agrees with
// the files that are named, then the one that keeps the conversation together.
Order order_of(const std::vector<Line>& lines, bool& certain) {
  const ChatStamp& first = lines.front().stamp;
  certain = true;
  if (first.digits[0] == 4) return Order::year_month_day;
  const bool american = first.separator == '/' && first.half != DayHalf::none;
  std::vector<Order> candidates{Order::day_month_year, Order::month_day_year};
  if (american) std::swap(candidates[0], candidates[1]);
  if (first.digits[2] == 2 && first.digits[0] == 2) candidates.push_back(Order::year_month_day);
  Order best = candidates[0];
  Fit best_fit = fit_of(lines, best);
  for (std::size_t i = 1; i < candidates.size(); ++i) {
    const Fit fit = fit_of(lines, candidates[i]);
    const bool tie = fit.faults == best_fit.faults && fit.against == best_fit.against;
    const bool better =
        tie ? fit.span * 3 < best_fit.span
            : std::pair(fit.faults, fit.against) < std::pair(best_fit.faults, best_fit.against);
    if (better) best = candidates[i], best_fit = fit;
    if (tie) certain = false;
    else if (better) certain = true;
  }
  return best;
}

std::string_view without_marks(std::string_view s) {
  for (;;) {
    if (s.starts_with("\xE2\x80\x8E") || s.starts_with("\xE2\x80\x8F") || s.starts_with("\xE2\x80\xAA") ||
        s.starts_with("\xE2\x80\xAC"))
      s.remove_prefix(3);
    else if (s.ends_with("\xE2\x80\x8E") || s.ends_with("\xE2\x80\xAC")) s.remove_suffix(3);
    else return s;
  }
}

// Who speaks: what is before the first colon. A line without one is told by the program.
void split_sender(Line& l, std::string_view rest) {
  std::size_t colon = rest.substr(0, kSenderBytes).find(": ");
  if (colon == rest.npos) {
    const std::string_view first = rest.substr(0, std::min(rest.find('\n'), rest.size()));
    colon = first.substr(0, 40).find(':');
    if (colon != rest.npos && (first.find('"') < colon || first.substr(colon).starts_with("://")))
      colon = rest.npos;
  }
  if (colon == rest.npos || colon == 0 || rest.substr(0, colon).find('\n') != rest.npos) {
    l.system = true;
    l.text = rest;
    return;
  }
  l.sender = without_marks(base::trim(rest.substr(0, colon)));
  if (l.sender.starts_with("~")) l.sender = std::string(base::trim(std::string_view(l.sender).substr(1)));
  l.text = rest.substr(colon + 1);
}

std::vector<Line> lines_of(std::string_view text, std::size_t& stray, std::uint32_t most) {
  std::vector<Line> out;
  const char* start = nullptr;
  const auto finish = [&](const char* end) {
    if (!start || out.empty()) return;
    split_sender(out.back(), base::trim(std::string_view(start, static_cast<std::size_t>(end - start))));
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (const auto stamp = chat_stamp(line); stamp && out.size() < most) {
      finish(line.data());
      out.push_back({*stamp, {}, {}, false});
      start = line.data() + stamp->length;
    } else if (out.empty()) {
      stray += !base::trim(line).empty();
    }
    at = end + 1;
  }
  finish(text.data() + text.size());
  return out;
}

std::string title_of(std::string_view name) {
  name = name.substr(name.find_last_of('/') + 1);
  if (const std::size_t dot = name.rfind('.'); dot != name.npos) name = name.substr(0, dot);
  for (const std::string_view before :
       {"WhatsApp Chat with ", "WhatsApp Chat - ", "WhatsApp Chat mit ", "Чат WhatsApp с контактом ",
        "Discussion WhatsApp avec ", "Chat de WhatsApp con ", "Conversa do WhatsApp com "})
    if (name.starts_with(before)) return std::string(name.substr(before.size()));
  return name == "_chat" ? "" : std::string(name);
}

// The file that a message speaks of: "<attached: X>" or "X (file attached)".
std::string attachment_of(std::string_view text) {
  text = without_marks(base::trim(text));
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.starts_with('<') && line.ends_with('>'))
    if (const std::size_t colon = line.find(": "); colon != line.npos)
      return std::string(line.substr(colon + 2, line.size() - colon - 3));
  const std::size_t open = line.rfind(" (");
  if (open == line.npos || !line.ends_with(')') || open < 5 || open > 100) return {};
  const std::string_view file = line.substr(0, open);
  const std::size_t dot = file.rfind('.');
  return dot != file.npos && file.size() - dot <= 5 && file.find(' ') == file.npos ? std::string(file)
                                                                                   : std::string{};
}

base::Status read_chat(Source& source, const Request& request, Sink& sink) {
  const std::string_view bytes = TRY(source.all());
  const Decoded d = decode(bytes);
  sink.meta("charset", d.charset);
  std::size_t stray = 0;
  const std::vector<Line> lines = lines_of(d.text, stray, request.limits.parts_max);
  if (lines.empty()) {
    sink.text(d.text);
    return base::Done{};
  }
  if (const std::string title = title_of(request.name); !title.empty()) sink.meta("title", title);
  bool certain = false;
  const Order order = order_of(lines, certain);
  static constexpr std::string_view kOrders[] = {"day month year", "month day year", "year month day"};
  sink.meta("x.date_order",
            std::string(kOrders[static_cast<std::size_t>(order)]) + (certain ? "" : " (assumed)"));
  std::set<std::string_view> people;
  for (const Line& l : lines)
    if (!l.sender.empty() && people.size() < kParticipants && people.insert(l.sender).second)
      sink.meta("x.participant", l.sender);
  if (stray) sink.finding(Reason::damaged, "lines before the first message");
  sink.expect(lines.size());
  std::uint64_t n = 0;
  for (const Line& l : lines) {
    PartInfo info;
    char name[24];
    std::snprintf(name, sizeof name, "%06llu", static_cast<unsigned long long>(n + 1));
    info.name = name, info.kind = PartKind::message, info.order = n++;
    if (!sink.begin_item(info)) break;
    if (!l.sender.empty()) sink.meta("from", l.sender);
    if (l.system) sink.meta("x.system", "yes");
    std::string when = date_text(fields_of(l.stamp, order), "");
    if (!when.empty()) sink.meta("date.sent", when);
    if (const std::string file = attachment_of(l.text); !file.empty()) sink.meta("x.attachment", file);
    const bool more = sink.text(base::trim(l.text));
    sink.end_item();
    if (!more) break;
  }
  return base::Done{};
}

constexpr std::string_view kChatTypes[] = {types::kWhatsapp};

}  // namespace

const Reader chat_reader{{"custos.chat", "1"}, kChatTypes, read_chat};

}  // namespace extract

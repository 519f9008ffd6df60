#include "dates.h"
#include "readers_list.h"
#include "types.h"

#include <base/text.h>
#include <base/time.h>

#include <boost/json.hpp>

#include <charconv>
#include <set>

namespace extract {
namespace {

namespace json = boost::json;

constexpr std::size_t kParticipants = 2000;

std::string_view string_of(const json::object& o, std::string_view key) {
  const json::value* v = o.if_contains(key);
  return v && v->is_string() ? std::string_view(v->get_string()) : std::string_view{};
}
std::string scalar_of(const json::object& o, std::string_view key) {
  const json::value* v = o.if_contains(key);
  if (!v) return {};
  if (v->is_string()) return std::string(std::string_view(v->get_string()));
  if (v->is_int64()) return std::to_string(v->get_int64());
  if (v->is_uint64()) return std::to_string(v->get_uint64());
  if (v->is_double()) return std::to_string(v->get_double());
  return {};
}

// A string, or runs of it with their markup.
std::string text_of(const json::object& message) {
  const json::value* v = message.if_contains("text");
  if (!v) return {};
  if (v->is_string()) return std::string(std::string_view(v->get_string()));
  std::string out;
  if (v->is_array())
    for (const json::value& run : v->get_array()) {
      if (run.is_string()) out += std::string_view(run.get_string());
      else if (run.is_object()) out += string_of(run.get_object(), "text");
    }
  return out;
}

// The export has local time without an offset, and beside it seconds since 1970: together they give both.
std::string date_of(const json::object& m, std::string_view local_key, std::string_view unix_key) {
  const std::string local = iso_date(string_of(m, local_key)), unix_text = scalar_of(m, unix_key);
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(unix_text.data(), unix_text.data() + unix_text.size(), seconds);
  if (unix_text.empty() || error != std::errc{} || seconds < 0 || seconds > 253402300799) return local;
  if (local.empty()) return base::rfc3339(seconds);
  const auto as_utc = base::parse_rfc3339(local + "Z");
  const std::int64_t offset = as_utc ? *as_utc - seconds : 0;
  if (!as_utc || offset % 60 || offset < -18 * 3600 || offset > 18 * 3600) return base::rfc3339(seconds);
  return base::rfc3339(seconds, static_cast<int>(offset / 60));
}

class Export {
 public:
  explicit Export(Sink& sink) : sink_(sink) {}

  void read(const json::object& root) {
    if (root.if_contains("messages")) return chat(root);
    std::vector<const json::object*> chats;
    for (const std::string_view group : {"chats", "left_chats"})
      if (const json::value* g = root.if_contains(group); g && g->is_object())
        if (const json::value* list = g->get_object().if_contains("list"); list && list->is_array())
          for (const json::value& c : list->get_array())
            if (c.is_object()) chats.push_back(&c.get_object());
    if (const json::value* p = root.if_contains("personal_information"); p && p->is_object()) {
      const json::object& o = p->get_object();
      sink_.meta("author",
                 std::string(string_of(o, "first_name")) + " " + std::string(string_of(o, "last_name")));
      sink_.text(std::string(string_of(o, "phone_number")) + "\n" + std::string(string_of(o, "username")) +
                 "\n" + std::string(string_of(o, "bio")));
    }
    sink_.expect(chats.size());
    std::uint64_t n = 0;
    for (const json::object* c : chats) {
      PartInfo info;
      info.kind = PartKind::record, info.order = n++;
      info.name = string_of(*c, "name");
      if (info.name.empty()) info.name = "chat-" + std::to_string(n);
      if (!sink_.begin_item(info)) return;
      chat(*c);
      sink_.end_item();
    }
  }

 private:
  void chat(const json::object& c) {
    if (const std::string_view name = string_of(c, "name"); !name.empty()) sink_.meta("title", name);
    if (const std::string_view type = string_of(c, "type"); !type.empty()) sink_.meta("category", type);
    if (const std::string id = scalar_of(c, "id"); !id.empty()) sink_.meta("x.chat_id", id);
    const json::value* list = c.if_contains("messages");
    if (!list || !list->is_array()) return sink_.finding(Reason::damaged, "a chat without messages");
    std::set<std::string_view> people;
    for (const json::value& m : list->get_array())
      if (m.is_object())
        if (const std::string_view from = string_of(m.get_object(), "from");
            !from.empty() && people.size() < kParticipants && people.insert(from).second)
          sink_.meta("x.participant", from);
    sink_.expect(list->get_array().size());
    std::uint64_t n = 0;
    for (const json::value& m : list->get_array()) {
      PartInfo info;
      info.kind = PartKind::message, info.order = n++;
      const std::string id = m.is_object() ? scalar_of(m.get_object(), "id") : "";
      info.name = id.empty() ? std::to_string(n) : id;
      if (!m.is_object()) {
        sink_.lost_part(info, Reason::damaged, "no object");
        continue;
      }
      if (!sink_.begin_item(info)) return;
      message(m.get_object());
      sink_.end_item();
    }
  }

  void message(const json::object& m) {
    static constexpr std::pair<std::string_view, std::string_view> kKeys[] = {
        {"from", "from"},
        {"actor", "from"},
        {"from_id", "x.from_id"},
        {"actor_id", "x.from_id"},
        {"id", "message_id"},
        {"reply_to_message_id", "in_reply_to"},
        {"forwarded_from", "x.forwarded_from"},
        {"action", "x.action"},
        {"photo", "x.attachment"},
        {"file", "x.attachment"},
        {"media_type", "x.media_type"},
        {"via_bot", "x.via_bot"},
        {"title", "x.title"},
        {"saved_from", "x.saved_from"},
        {"phone_number", "x.phone_number"}};
    for (const auto& [from, key] : kKeys)
      if (const std::string v = scalar_of(m, from); !v.empty()) sink_.meta(key, v);
    if (string_of(m, "type") == "service") sink_.meta("x.system", "yes");
    if (const std::string d = date_of(m, "date", "date_unixtime"); !d.empty()) sink_.meta("date.sent", d);
    if (const std::string d = date_of(m, "edited", "edited_unixtime"); !d.empty() && !d.starts_with("1970"))
      sink_.meta("date.modified", d);
    if (const json::value* p = m.if_contains("location_information"); p && p->is_object())
      sink_.meta("gps",
                 scalar_of(p->get_object(), "latitude") + "," + scalar_of(p->get_object(), "longitude"));
    std::string text = text_of(m);
    if (const json::value* p = m.if_contains("contact_information"); p && p->is_object())
      for (const auto& [key, v] : p->get_object())
        if (v.is_string()) text += "\n" + std::string(std::string_view(v.get_string()));
    if (const json::value* p = m.if_contains("poll"); p && p->is_object()) {
      text += "\n" + std::string(string_of(p->get_object(), "question"));
      if (const json::value* a = p->get_object().if_contains("answers"); a && a->is_array())
        for (const json::value& answer : a->get_array())
          if (answer.is_object()) text += "\n" + std::string(string_of(answer.get_object(), "text"));
    }
    sink_.text(text);
  }
  Sink& sink_;
};

base::Status read_telegram(Source& source, const Request& request, Sink& sink) {
  const std::string_view bytes = TRY(source.all());
  json::error_code error;
  json::parse_options options;
  options.max_depth = 64;
  options.allow_invalid_utf8 = true;
  json::monotonic_resource memory;
  const json::value root = json::parse({bytes.data(), bytes.size()}, error, &memory, options);
  if (error || !root.is_object()) {
    sink.finding(Reason::damaged, "JSON: " + error.message());
    return json_reader.read(source, request, sink);  // whatever text there is
  }
  Export(sink).read(root.get_object());
  return base::Done{};
}

constexpr std::string_view kTelegramTypes[] = {types::kTelegram};

}  // namespace

const Reader telegram_reader{{"custos.telegram", "1"}, kTelegramTypes, read_telegram};

}  // namespace extract

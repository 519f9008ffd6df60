// What needs somebody: tasks that the workflows leave, and notices.
#include "say.h"

#include <base/text.h>
#include <base/time.h>
#include <kinds/limit.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

}  // namespace

void Records::notice(std::int64_t to, const Words& words, std::string_view code) {
  const std::int64_t id = sql().number("select coalesce(max(id), 0) + 1 from record_notice");
  sql().run("insert into record_notice (id, person, at, en, fr, code, seen) values (?, ?, ?, ?, ?, ?, 0)", id,
            to, clock_.unix_micros(), words.en, words.fr, code);
}

// From today, by the table of time limits; 0 when there is none of that name.
std::int64_t Records::days_of_limit(std::string_view name, std::vector<std::string>* roles) const {
  const auto limits = declared_->vocabulary("time_limit");
  if (!limits) return 0;
  for (const auto& c : limits->declaration.at("codes").get_array()) {
    if (std::string_view(c.at("code").get_string()) != name) continue;
    const auto* of = c.get_object().if_contains("roles");
    if (roles && of && of->is_array())
      for (const auto& r : of->get_array())
        if (r.is_string()) roles->emplace_back(r.get_string());
    const auto* days = c.get_object().if_contains("days");
    if (days && days->is_int64()) return days->get_int64();
    const auto free = declared_->vocabulary("non_working_day");
    const auto limit = Limit::of(c.get_object());
    const auto working = free ? WorkingDays::of(free->declaration) : WorkingDays();
    const auto due = limit && working ? reckon(*limit, today(), *working) : limit.error();
    return due ? due->due - today() : 0;
  }
  return 0;
}

void Records::open_task(const Asker& who, const Stored& r, const TaskRule& rule) {
  std::int64_t due = rule.days ? today() + rule.days : 0;
  if (!rule.limit.empty()) due = today() + days_of_limit(rule.limit);
  std::int64_t next = sql().number("select coalesce(max(id), 0) from record_task");
  const auto add = [&](std::int64_t holder, const std::string& role) {
    sql().run(
        "insert into record_task (id, record, person, role, en, fr, due, made, state, reminded) values (?, "
        "?, ?, ?, ?, ?, ?, ?, "
        "'open', 0)",
        ++next, r.id, holder, role, rule.label.en, rule.label.fr, due, clock_.unix_micros());
  };
  const auto* holder = rule.field.empty() ? nullptr : r.values.if_contains(rule.field);
  if (holder && holder->is_string() && holder->get_string().starts_with("P-")) {
    const std::int64_t number = std::atoll(holder->get_string().c_str() + 2);
    add(number, "");
    if (number != who.person)
      notice(number, {"A task for you: " + rule.label.en, "Une tâche pour vous : " + rule.label.fr}, r.code);
    return;
  }
  for (const std::string& role : rule.roles) add(0, role);
}

json::object Records::inbox(const Asker& who) {
  struct Task {
    std::int64_t id, record, person, due;
    std::string en, fr;
  };
  std::vector<Task> met;
  sql().each(
      "select id, record, person, role, en, fr, due from record_task where state = 'open' order by due = 0, "
      "due, id",
      [&](store::Statement& s) {
        const std::int64_t person = s.integer(2);
        const std::string_view role = s.text(3);
        const bool mine = person == who.person;
        if (mine || (!person && std::ranges::find(who.roles, role) != who.roles.end()))
          met.push_back({s.integer(0), s.integer(1), person, s.integer(6), std::string(s.text(4)),
                         std::string(s.text(5))});
      });
  json::array tasks;
  for (const Task& t : met) {
    const auto r = load(t.record);
    if (!r || !decide(who, *r, rights::Act::read).allowed) continue;
    tasks.push_back(json::object{{"id", t.id},
                                 {"code", r->code},
                                 {"kind", r->kind->name},
                                 {"title", r->title},
                                 {"label", json::object{{"en", t.en}, {"fr", t.fr}}},
                                 {"due", t.due ? json::value(date_of(t.due)) : json::value()},
                                 {"overdue", t.due && t.due < today()},
                                 {"mine", t.person == who.person}});
  }
  struct Notice {
    std::int64_t id, at;
    std::string en, fr, code;
    bool seen;
  };
  std::vector<Notice> told;
  sql().each(
      "select id, at, en, fr, code, seen from record_notice where person = ? order by id desc limit 100",
      [&](store::Statement& s) {
        told.push_back({s.integer(0), s.integer(1), std::string(s.text(2)), std::string(s.text(3)),
                        std::string(s.text(4)), s.integer(5) != 0});
      },
      who.person);
  json::array notices;
  for (const Notice& n : told) {
    const auto r = n.code.empty() ? std::nullopt : load(n.code);
    if (!n.code.empty() && (!r || !decide(who, *r, rights::Act::read).allowed)) continue;
    notices.push_back(json::object{{"id", n.id},
                                   {"at", base::rfc3339(n.at / 1'000'000)},
                                   {"text", json::object{{"en", n.en}, {"fr", n.fr}}},
                                   {"code", n.code.empty() ? json::value() : json::value(n.code)},
                                   {"read", n.seen}});
  }
  return {{"tasks", std::move(tasks)}, {"notices", std::move(notices)}};
}

base::Status Records::read_notice(const Asker& who, std::int64_t id) {
  if (!sql().run("update record_notice set seen = 1 where id = ? and person = ?", id, who.person))
    return not_there();
  return base::Done{};
}

// RFC 5545. A calendar is read by programs outside the office: it tells days and codes, no names, no titles.
std::string Records::calendar(const Asker& who) {
  std::string out =
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Custos//Due "
      "dates//EN\r\nCALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n";
  const json::object mine = inbox(who);
  for (const auto& t : mine.at("tasks").get_array()) {
    if (t.at("due").is_null()) continue;
    std::string day(t.at("due").get_string());
    std::erase(day, '-');
    const std::string stamp = [&] {
      std::string s = base::rfc3339(clock_.unix_micros() / 1'000'000);
      std::erase(s, '-'), std::erase(s, ':');
      return s;
    }();
    out += "BEGIN:VEVENT\r\nUID:task-" + std::to_string(t.at("id").get_int64()) +
           "@custos\r\nDTSTAMP:" + stamp + "\r\nDTSTART;VALUE=DATE:" + day +
           "\r\nSUMMARY:" + std::string(t.at("code").get_string()) +
           "\r\nCLASS:PRIVATE\r\nTRANSP:TRANSPARENT\r\nEND:VEVENT\r\n";
  }
  return out + "END:VCALENDAR\r\n";
}

base::Status Records::keep_feed(const Asker& who, std::string_view token_hash) {
  return desk_.change([&](kernel::Change& c) -> base::Status {
    sql().run("delete from record_feed where person = ?", who.person);
    sql().run("insert into record_feed (person, token_hash) values (?, ?)", who.person, token_hash);
    c.tell({"calendar_made", who.code, who.code, "{}"});
    return base::Done{};
  });
}
std::optional<std::int64_t> Records::feed_of(std::string_view token_hash) {
  const std::int64_t person = sql().number("select person from record_feed where token_hash = ?", token_hash);
  return person ? std::optional(person) : std::nullopt;
}

json::object Records::views(const Asker& who, std::string_view kind) {
  json::array out;
  sql().each(
      "select id, name, body from record_view where person = ? and kind = ? order by name",
      [&](store::Statement& s) {
        out.push_back(
            json::object{{"id", s.integer(0)},
                         {"name", std::string(s.text(1))},
                         {"query", json::parse(json::string_view(s.text(2).data(), s.text(2).size()))}});
      },
      who.person, kind);
  return {{"views", std::move(out)}};
}

base::Result<std::int64_t> Records::add_view(const Asker& who, std::string_view kind, std::string_view name,
                                             const json::object& query) {
  const std::string clean = base::clean(base::trim(name));
  if (!declared_->kind(kind)) return not_there();
  if (clean.empty() || clean.size() > 200)
    return base::Error{base::Refusal::invalid, "a view has a name of 1 to 200 characters"};
  const std::string body = json::serialize(query);
  if (body.size() > 50'000)
    return base::Error{base::Refusal::invalid, "the query of a view has at most 50,000 characters"};
  std::int64_t id = 0;
  TRY(desk_.change([&](kernel::Change& c) -> base::Status {
    if (sql().number("select count(*) from record_view where person = ?", who.person) >= 500)
      return base::Error{base::Refusal::exhausted, "you keep 500 views already: drop some"};
    id = sql().number("select coalesce(max(id), 0) + 1 from record_view");
    sql().run("insert into record_view (id, person, kind, name, body) values (?, ?, ?, ?, ?)", id, who.person,
              kind, clean, body);
    c.tell({"view_kept", who.code, kind, "{}"});
    return base::Done{};
  }));
  return id;
}

base::Status Records::drop_view(const Asker& who, std::int64_t id) {
  return desk_.change([&](kernel::Change& c) -> base::Status {
    if (!sql().run("delete from record_view where id = ? and person = ?", id, who.person)) return not_there();
    c.tell({"view_dropped", who.code, "", "{}"});
    return base::Done{};
  });
}

}  // namespace kinds

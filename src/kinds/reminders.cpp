// What time does to tasks: they are recalled, told as overdue, and told to those above.
#include "say.h"

#include <base/text.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

enum Told : std::int64_t { nothing = 0, soon = 1, overdue = 2, above = 3 };

}  // namespace

void Records::remind() {
  std::vector<std::string> heads;
  const std::int64_t before = days_of_limit("reminder"), patience = days_of_limit("escalation", &heads);
  struct Task {
    std::int64_t id, person, due, told;
    std::string role, en, fr, code;
  };
  std::vector<Task> all;
  sql().each(
      "select t.id, t.person, t.due, t.reminded, t.role, t.en, t.fr, r.code from record_task t join record r "
      "on r.id = "
      "t.record where t.state = 'open' and t.due > 0 and t.due <= ? and t.reminded < 3",
      [&](store::Statement& s) {
        all.push_back({s.integer(0), s.integer(1), s.integer(2), s.integer(3), std::string(s.text(4)),
                       std::string(s.text(5)), std::string(s.text(6)), std::string(s.text(7))});
      },
      today() + before);
  if (all.empty()) return;
  const auto staff = around_.staff();
  const auto has = [](const auto& person, const std::vector<std::string>& roles) {
    return std::ranges::any_of(
        person.roles, [&](const std::string& r) { return std::ranges::find(roles, r) != roles.end(); });
  };
  const base::Status told = desk_.change([&](kernel::Change&) -> base::Status {
    for (const Task& t : all) {
      const std::int64_t late = today() - t.due;
      const Told now = late > patience ? above : late > 0 ? overdue : soon;
      if (now <= t.told) continue;
      // Another server may have told it meanwhile.
      if (!sql().run("update record_task set reminded = ? where id = ? and reminded = ?", std::int64_t{now},
                     t.id, t.told))
        continue;
      const std::string day = date_of(t.due);
      const Words words =
          late > 0 ? Words{"Overdue since " + day + ": " + t.en, "En retard depuis le " + day + " : " + t.fr}
                   : Words{"Due on " + day + ": " + t.en, "Échéance le " + day + " : " + t.fr};
      for (const auto& p : staff) {
        const bool theirs = t.person ? p.person == t.person : has(p, {t.role});
        if (theirs || (now == above && has(p, heads))) notice(p.person, words, t.code);
      }
    }
    return base::Done{};
  });
  CHECK(told.ok());
}

std::vector<Records::Unsent> Records::unsent() {
  struct Row {
    std::int64_t person, told;
    std::string address;
  };
  std::vector<Row> rows;
  sql().each(
      "select m.person, m.told, m.address from record_mail m where m.address <> '' and exists (select 1 from "
      "record_notice n "
      "where n.person = m.person and n.seen = 0 and n.id > m.told)",
      [&](store::Statement& s) {
        rows.push_back({s.integer(0), s.integer(1), std::string(s.text(2))});
      });
  std::vector<Unsent> out;
  for (const Row& row : rows) {
    Unsent u{row.address, row.person, 0, 0};
    around_.as(row.person, [&](const Asker& who) {
      const json::object mine = inbox(who);
      for (const auto& n : mine.at("notices").get_array())
        u.notices += !n.at("read").get_bool() && n.at("id").get_int64() > row.told;
      for (const auto& t : mine.at("tasks").get_array()) u.overdue += t.at("overdue").get_bool();
    });
    const std::int64_t last =
        sql().number("select coalesce(max(id), 0) from record_notice where person = ?", row.person);
    // By one server, where there are several.
    const bool ours = sql().run("update record_mail set told = ? where person = ? and told = ?", last,
                                row.person, row.told) == 1;
    if (ours && u.notices) out.push_back(std::move(u));
  }
  return out;
}

base::Result<std::string> Records::mail_address(const Asker& who) {
  std::string out;
  sql().each(
      "select address from record_mail where person = ?", [&](store::Statement& s) { out = s.text(0); },
      who.person);
  return out;
}

base::Status Records::set_mail_address(const Asker& who, std::string_view typed) {
  const std::string_view address = base::trim(typed);
  const std::size_t at = address.find('@');
  const bool plain = std::ranges::all_of(
      address, [](char c) { return c > 0x20 && c < 0x7F && c != '<' && c != '>' && c != ','; });
  if (!address.empty() && (!plain || at == std::string_view::npos || at == 0 || at + 1 == address.size() ||
                           address.find('@', at + 1) != std::string_view::npos || address.size() > 254))
    return base::Error{base::Refusal::invalid, "an address for mail looks like name@office.example"};
  return desk_.change([&](kernel::Change& c) -> base::Status {
    const std::int64_t last =
        sql().number("select coalesce(max(id), 0) from record_notice where person = ?", who.person);
    sql().run("delete from record_mail where person = ?", who.person);
    sql().run("insert into record_mail (person, address, told) values (?, ?, ?)", who.person, address, last);
    c.tell({"mail_address_set", who.code, who.code, "{}"});
    return base::Done{};
  });
}

}  // namespace kinds

// The operations manual (SYSTEMS.md M05): which chapters are in force, who has read which edition, who was
// trained for it.
#include "rules.h"

#include <base/text.h>
#include <casework/module.h>
#include <kinds/date.h>
#include <kinds/value.h>

#include <algorithm>
#include <charconv>

namespace casework {
namespace {

namespace json = boost::json;
using kinds::Records;
using kinds::text_in;

constexpr std::int64_t kMost = 100'000;  // editions of chapters

void chapter(Records& records, Records::Writing& w) {
  if (const auto* rows = w.values.if_contains("templates"); rows && rows->is_array()) {
    const std::vector<std::string> known = records.template_names();
    std::size_t n = 0;
    for (const auto& row : rows->get_array()) {
      const std::string name = text_in(row.get_object(), "template");
      if (std::ranges::find(known, name) == known.end())
        w.wrong.push_back(
            {"templates[" + std::to_string(n) + "].template",
             "no_template",
             {"There is no template " + name + ": take a name of the list of templates",
              "Il n'existe pas de modèle " + name + " : prenez un nom de la liste des modèles"}});
      ++n;
    }
  }
  if (const std::string old = text_in(w.values, "replaces"); !old.empty())
    if (const auto before = w.read(old)) {
      const double edition = kinds::figure_in(*before, "edition", 0);
      if (text_in(*before, "number") != text_in(w.values, "number") ||
          kinds::figure_in(w.values, "edition", 0) <= edition)
        w.wrong.push_back(
            {"edition",
             "not_next",
             {"It replaces edition " + std::to_string(static_cast<int>(edition)) + " of chapter " +
                  text_in(*before, "number") + ": give it that number and a higher edition",
              "Il remplace l'édition " + std::to_string(static_cast<int>(edition)) + " du chapitre " +
                  text_in(*before, "number") + " : donnez-lui ce numéro et une édition supérieure"}});
    }
  if (w.state == "in_force" && w.was != "in_force") w.values["in_force_on"] = kinds::date_of(w.today);
  if (w.state == "out_of_force" && w.was != "out_of_force")
    w.values["out_of_force_on"] = kinds::date_of(w.today);
}

void acknowledge(Records::Writing& w) {
  const std::string code = text_in(w.values, "chapter");
  const auto of = w.read(code);
  if (!of) return;
  if (w.before) {
    w.wrong.push_back({"chapter",
                       "stays",
                       {"What was read stays as it is: acknowledge another chapter anew",
                        "Une prise de connaissance ne se modifie pas : faites-en une autre"}});
    return;
  }
  if (!of->contains("in_force_on") || of->contains("out_of_force_on"))
    w.wrong.push_back({"chapter",
                       "not_in_force",
                       {code + " is not in force: read the edition that is",
                        code + " n'est pas en vigueur : lisez l'édition qui l'est"}});
  for (const std::string& other : w.having("acknowledgement", "chapter", code))
    if (const auto met = w.read(other); met && text_in(*met, "person") == w.by)
      w.wrong.push_back(
          {"chapter",
           "twice",
           {"You have acknowledged " + code + " already", "Vous avez déjà pris connaissance de " + code}});
  w.values["person"] = w.by, w.values["on"] = kinds::date_of(w.today);
  const auto edition = static_cast<std::int64_t>(kinds::figure_in(*of, "edition", 0));
  w.values["edition"] = edition;
  w.values["title"] = text_in(*of, "number") + " (" + std::to_string(edition) + ") " + std::string(w.by);
}

// 3.10 stands behind 3.9.
std::vector<int> places_in(std::string_view number) {
  std::vector<int> out;
  for (const std::string_view part : base::split(number, '.')) {
    int n = 0;
    std::from_chars(part.data(), part.data() + part.size(), n);
    out.push_back(n);
  }
  return out;
}

json::object named(const Staff& s) { return {{"code", s.code}, {"name", s.name}}; }

}  // namespace

void bring_manual(Records& records) {
  records.on_write("manual_chapter", [&records](Records::Writing& w) { chapter(records, w); });
  records.on_write("acknowledgement", acknowledge);
}

base::Result<json::object> manual(Records& records, const kinds::Asker& who, const std::vector<Staff>& staff,
                                  bool tells_who, std::int64_t today) {
  // Of each number the newest edition in force.
  std::map<std::vector<int>, Records::Seen> chapters;
  std::map<std::string, std::string> number_of;  // of every edition
  const auto edition = [](const Records::Seen& s) { return kinds::figure_in(s.values, "edition", 0); };
  for (Records::Seen& c : records.every(who, "manual_chapter", kMost)) {
    const std::string number = number_of[c.code] = text_in(c.values, "number");
    if (c.state != "in_force") continue;
    const auto [at, fresh] = chapters.try_emplace(places_in(number), c);
    if (!fresh && edition(at->second) < edition(c)) at->second = std::move(c);
  }
  std::vector<std::string> in_force, every;
  for (const auto& [place, c] : chapters) in_force.push_back(c.code);
  for (const auto& [code, number] : number_of) every.push_back(code);
  std::map<std::string, std::map<std::string, std::string>> read, trained;  // chapter, person: day
  for (const Records::Seen& a : records.naming(who, "acknowledgement", "chapter", in_force))
    read[text_in(a.values, "chapter")][text_in(a.values, "person")] = text_in(a.values, "on");
  // A training holds for the chapter that it names, and for other editions of the same number.
  for (const Records::Seen& t : records.naming(who, "training", "chapters", every)) {
    const auto expires = kinds::days_of(text_in(t.values, "expires_on"));
    if (t.state != "confirmed" || (expires.ok() && expires->to < today)) continue;
    for (const std::string& c : texts(t.values, "chapters")) {
      std::string& day = trained[number_of[c]][text_in(t.values, "person")];
      day = std::max(day, text_in(t.values, "completed_on"));
    }
  }
  TRY(records.tell(who, "manual_viewed", "", "{}"));
  json::array out;
  for (const auto& [place, c] : chapters) {
    const std::vector<std::string> roles = texts(c.values, "roles");
    const std::string number = text_in(c.values, "number");
    const bool needs_training = yes(c.values, "training_needed");
    const auto concerns = [&](const Staff& s) {
      return roles.empty() || std::ranges::any_of(s.roles, [&](const std::string& r) {
               return std::ranges::find(roles, r) != roles.end();
             });
    };
    json::array unread, untrained, points;
    std::int64_t concerned = 0, done = 0, taught = 0;
    json::object mine{{"concerned", false}, {"read_on", nullptr}, {"trained_on", nullptr}};
    const auto day = [](const std::map<std::string, std::string>& all,
                        const std::string& person) -> json::value {
      const auto at = all.find(person);
      return at == all.end() ? json::value() : json::value(at->second);
    };
    for (const Staff& s : staff) {
      const bool concerned_by_it = concerns(s);
      const json::value read_on = day(read[c.code], s.code), trained_on = day(trained[number], s.code);
      if (s.code == who.code)
        mine = {{"concerned", concerned_by_it}, {"read_on", read_on}, {"trained_on", trained_on}};
      if (const auto focal = texts(c.values, "focal_points"); std::ranges::find(focal, s.code) != focal.end())
        points.push_back(named(s));
      if (!concerned_by_it) continue;
      ++concerned, done += !read_on.is_null(), taught += !trained_on.is_null();
      if (read_on.is_null()) unread.push_back(named(s));
      if (needs_training && trained_on.is_null()) untrained.push_back(named(s));
    }
    const auto review_by = kinds::days_of(text_in(c.values, "review_by"));
    json::array templates;
    if (const auto* rows = c.values.if_contains("templates"); rows && rows->is_array())
      for (const auto& row : rows->get_array())
        templates.push_back(json::object{{"name", text_in(row.get_object(), "template")},
                                         {"when", text_in(row.get_object(), "when")}});
    json::object chapter{{"code", c.code},
                         {"number", number},
                         {"title", c.title},
                         {"edition", c.values.at("edition")},
                         {"in_force_on", text_in(c.values, "in_force_on")},
                         {"review_by", text_in(c.values, "review_by")},
                         {"late", review_by.ok() && review_by->to < today},
                         {"focal_points", std::move(points)},
                         {"templates", std::move(templates)},
                         {"training_needed", needs_training},
                         {"mine", std::move(mine)},
                         {"concerned", concerned},
                         {"read", done},
                         {"trained", taught}};
    if (tells_who) chapter["unread"] = std::move(unread), chapter["untrained"] = std::move(untrained);
    out.push_back(std::move(chapter));
  }
  return json::object{{"chapters", std::move(out)}};
}

}  // namespace casework

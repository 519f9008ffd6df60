// The public view of warrants: made of what was declared public alone, so that what is sealed leaves no
// trace.
#include "rules.h"

#include <casework/module.h>
#include <kinds/date.h>
#include <kinds/value.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace casework {
namespace {

namespace json = boost::json;
using kinds::Records;
using kinds::text_in;

// A record whose own label was raised above that of its case is never told of, whoever asks.
bool raised(const Records::Seen& r, const LabelOfCase& label_of) {
  const rights::Label its_case = label_of(r.case_id);
  return r.label.classification > std::max(its_case.classification, rights::Classification::internal) ||
         !r.label.compartments.within(its_case.compartments);
}

// The title of the record that a field names, when it may be told.
std::string told_title(Records& records, const kinds::Asker& who, std::string_view kind,
                       const json::object& values, std::string_view field, const LabelOfCase& label_of) {
  const auto r = records.one(who, kind, text_in(values, field));
  return r && !raised(*r, label_of) ? r->title : std::string();
}

json::object both(const kinds::Words& w) { return {{"en", w.en}, {"fr", w.fr}}; }
json::value or_null(std::string s) { return s.empty() ? json::value() : json::value(std::move(s)); }

}  // namespace

void bring_public(Records& records) {
  records.on_vocabulary("public_state", [&records](const kinds::Vocabulary& v) -> base::Status {
    const kinds::Kind* kind = records.declared()->kind("suspect_case");
    for (const kinds::Code& c : v.codes)
      if (kind && !kind->workflow.state(c.code))
        return base::Error{
            base::Refusal::invalid,
            "public_state." + c.code + ": name a state of a person in a case, for example c08"};
    return base::Done{};
  });
}

base::Result<json::object> public_warrants(Records& records, const kinds::Asker& who, std::int64_t today,
                                           const LabelOfCase& label_of) {
  const auto declared = records.declared();
  const auto states = declared->vocabulary("public_state"), crimes = declared->vocabulary("crime");
  std::map<std::string, Records::Seen> persons;  // by code, which is told to nobody
  for (Records::Seen& r : records.every(who, "suspect_case", std::numeric_limits<std::int64_t>::max())) {
    const auto since = kinds::days_of(text_in(r.values, "public_on"));
    const kinds::Code* state = states ? states->code(r.state) : nullptr;
    if (since && since->to <= today && state && !state->retired && !raised(r, label_of))
      persons.emplace(r.code, std::move(r));
  }
  // A count that is an idea or a request of the office is not public: the stages say in which states it is.
  std::set<std::string> told;
  if (const auto stages = declared->vocabulary("stage"))
    for (const auto& stage : stages->declaration.at("codes").get_array())
      for (std::string& state : texts(stage.get_object(), "public_in")) told.insert(std::move(state));
  std::vector<std::string> codes;
  for (const auto& [code, r] : persons) codes.push_back(code);
  std::map<std::string, std::set<std::pair<std::string, std::string>>> charged;  // labels in both languages
  for (const Records::Seen& count : records.naming(who, "count", "person", codes)) {
    const kinds::Code* crime = crimes ? crimes->code(text_in(count.values, "crime")) : nullptr;
    if (crime && told.contains(count.state) && !raised(count, label_of))
      charged[text_in(count.values, "person")].emplace(crime->label.en, crime->label.fr);
  }
  TRY(records.tell(who, "public_view_viewed", "", "{}"));
  // In an order of their own words: that of their codes would tell of what lies between.
  std::vector<std::pair<std::string, json::object>> lines;
  for (const auto& [code, r] : persons) {
    std::string name = told_title(records, who, "profile", r.values, "person", label_of);
    if (name.empty()) continue;
    json::array of;
    for (const auto& [en, fr] : charged[code]) of.push_back(json::object{{"en", en}, {"fr", fr}});
    json::object line{
        {"name", name},
        {"situation", or_null(told_title(records, who, "situation", r.values, "situation", label_of))},
        {"warrant_on", or_null(text_in(r.values, "warrant_on"))},
        {"state", both(states->code(r.state)->label)},
        {"text", or_null(text_in(r.values, "public_text"))},
        {"crimes", std::move(of)}};
    lines.emplace_back(name + '\n' + json::serialize(line), std::move(line));
  }
  std::ranges::sort(lines, {}, &std::pair<std::string, json::object>::first);
  json::array out;
  for (auto& [order, line] : lines) out.push_back(std::move(line));
  return json::object{{"persons", std::move(out)}};
}

Chart public_chart(const json::object& view, bool french) {
  const char* language = french ? "fr" : "en";
  const auto text = [](const json::value& v) {
    return v.is_string() ? std::string(v.get_string()) : std::string();
  };
  Chart out;
  out.title = french ? "Mandats et citations : vue publique" : "Warrants and summonses: public view";
  out.code = french ? "Mandats" : "Warrants";
  out.header =
      french
          ? std::vector<std::string>{"Nom",
                                     "Situation",
                                     "Mandat ou citation",
                                     "Où en est l'affaire",
                                     "Ce qui en est dit",
                                     "Crimes"}
          : std::vector<std::string>{
                "Name", "Situation", "Warrant or summons", "Where it stands", "What is said of it", "Crimes"};
  for (const json::value& line : view.at("persons").get_array()) {
    std::vector<std::string> crimes;
    for (const json::value& c : line.at("crimes").get_array()) crimes.push_back(text(c.at(language)));
    std::ranges::sort(crimes);
    std::string all;
    for (const std::string& c : crimes) all += (all.empty() ? "" : "\n") + c;
    out.rows.push_back({text(line.at("name")), text(line.at("situation")), text(line.at("warrant_on")),
                        text(line.at("state").at(language)), text(line.at("text")), std::move(all)});
  }
  return out;
}

}  // namespace casework

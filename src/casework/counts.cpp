// Counts: what can be charged, where a count comes from, how each stage ended for it (casework.md 1.4, 1.6).
#include "rules.h"

#include <casework/module.h>
#include <kinds/value.h>

#include <algorithm>
#include <limits>

namespace casework {
namespace {

namespace json = boost::json;
using kinds::Records;
using kinds::text_in;

void chargeable(Records::Writing& w, const json::object& crime) {
  const auto* why = crime.if_contains("not_chargeable");
  if (!why) return;
  w.wrong.push_back(
      {"crime",
       "not_chargeable",
       {text_in(crime, "code") + " cannot be charged " + text_in(why->get_object(), "en"),
        text_in(crime, "code") + " ne peut être reproché " + text_in(why->get_object(), "fr")}});
}

// A new count is charged under the newest edition that has begun, unless another was chosen; it keeps it.
void under_an_edition(Records::Writing& w, const kinds::Declared& declared) {
  const auto editions = declared.vocabulary("legal_edition");
  if (!editions || w.before || w.values.contains("edition")) return;
  std::int64_t newest = std::numeric_limits<std::int64_t>::min();
  for (const auto& each : editions->declaration.at("codes").get_array()) {
    const json::object& edition = each.get_object();
    const auto since = kinds::days_of(text_in(edition, "since"));
    const std::int64_t from = since ? since->from : newest;
    if (yes(edition, "retired") || from > w.today || from < newest) continue;
    newest = from;
    w.values["edition"] = edition.at("code");
  }
}
void of_its_edition(Records::Writing& w, const kinds::Declared& declared) {
  const std::string edition = edition_of(declared, w.values);
  const auto check = [&](const char* field, const char* vocabulary, const std::string& code) {
    const json::object* met = code_of(declared, vocabulary, code);
    if (!met || !of_another_edition(*met, edition)) return;
    w.wrong.push_back(
        {field,
         "other_edition",
         {code + " is not in the texts of " + edition + ": choose one that is, or another edition",
          code + " ne figure pas dans les textes de " + edition +
              " : choisissez-en un qui y figure, ou une autre édition"}});
  };
  check("crime", "crime", text_in(w.values, "crime"));
  for (const std::string& mode : texts(w.values, "modes")) check("modes", "liability_mode", mode);
}
// What names editions names those that there are.
base::Status names_editions(const kinds::Vocabulary& v, const kinds::Declared& declared) {
  const auto editions = declared.vocabulary("legal_edition");
  for (const auto& each : v.declaration.at("codes").get_array())
    for (const std::string& edition : texts(each.get_object(), "editions"))
      if (!editions || !editions->code(edition))
        return base::Error{base::Refusal::invalid, v.name + "." + text_in(each.get_object(), "code") +
                                                       ".editions: \"" + edition +
                                                       "\" is no code of the vocabulary legal_edition"};
  return base::Done{};
}
base::Status begin_on_days(const kinds::Vocabulary& v) {
  for (const auto& each : v.declaration.at("codes").get_array()) {
    const auto* since = each.get_object().if_contains("since");
    if (since && (!since->is_string() || !kinds::days_of(std::string_view(since->get_string()))))
      return base::Error{base::Refusal::invalid, "legal_edition." + text_in(each.get_object(), "code") +
                                                     ".since: give a date, for example \"2027-01-01\""};
  }
  return base::Done{};
}

// What the crime says by itself, until a lawyer says otherwise; what depends on the facts ("SGBC?") is left
// to them.
void flag(Records::Writing& w, const json::object& crime) {
  if (w.before) return;
  const std::string said = text_in(crime, "default_flags");
  for (const auto& [word, field] : {std::pair{"SGBC", "sgbc"}, std::pair{"CAC", "children"}}) {
    const std::size_t at = said.find(word);
    if (at == std::string::npos || w.values.contains(field)) continue;
    if (const std::size_t end = at + std::string_view(word).size(); end >= said.size() || said[end] != '?')
      w.values[field] = true;
  }
}

void comes_from(Records::Writing& w, const kinds::Declared& declared) {
  // From count to count, each once: it ends where none comes from another.
  const auto wrong = [&](const char* code, kinds::Words words) {
    w.wrong.push_back({"origin", code, std::move(words)});
  };
  std::vector<std::string> open = texts(w.values, "origin");
  if (const json::object* how = code_of(declared, "lineage", text_in(w.values, "lineage"))) {
    const auto n = static_cast<double>(open.size());
    if (n < kinds::figure_in(*how, "least", 1))
      wrong("few_origins", {"A count of this lineage comes from several: name them all",
                            "Un chef de cette filiation est issu de plusieurs : nommez-les tous"});
    if (n > kinds::figure_in(*how, "most", 1e9))
      wrong("origins", {"A count of this lineage comes from one: name that one alone",
                        "Un chef de cette filiation est issu d'un seul : ne nommez que lui"});
  }
  std::set<std::string> met;
  while (!open.empty()) {
    const std::string code = std::move(open.back());
    open.pop_back();
    if (code == w.code) {
      wrong("circle", {"This count would come from itself: take " + code + " out",
                       "Ce chef serait issu de lui-même : retirez " + code});
      return;
    }
    if (!met.insert(code).second) continue;
    if (const auto values = w.read(code))
      for (std::string& further : texts(*values, "origin")) open.push_back(std::move(further));
  }
}

void of_its_stage(Records::Writing& w, const kinds::Declared& declared) {
  const auto* rows = w.values.if_contains("outcomes");
  if (!rows || !rows->is_array()) return;
  std::size_t n = 0;
  for (const auto& row : rows->get_array()) {
    const std::string stage = text_in(row.get_object(), "stage"),
                      outcome = text_in(row.get_object(), "outcome");
    const json::object* code = code_of(declared, "stage_outcome", outcome);
    if (code && text_in(*code, "parent") != stage)
      w.wrong.push_back({"outcomes[" + std::to_string(n) + "].outcome",
                         "other_stage",
                         {"This outcome belongs to another stage: choose one of the stage in this row",
                          "Cette issue relève d'un autre stade : choisissez-en une du stade de la ligne"}});
    ++n;
  }
}

// Of each stage that a count has reached there is an outcome: which states say so, the vocabulary tells
// (casework.md 7.2, 6).
void reconcile(Records::Writing& w, const kinds::Declared& declared) {
  const auto stages = declared.vocabulary("stage");
  if (!stages) return;
  std::set<std::string> told;
  if (const auto* rows = w.values.if_contains("outcomes"); rows && rows->is_array())
    for (const auto& row : rows->get_array()) told.insert(text_in(row.get_object(), "stage"));
  for (const auto& each : stages->declaration.at("codes").get_array()) {
    const json::object& stage = each.get_object();
    const std::vector<std::string> by = texts(stage, "reached_by");
    if (std::ranges::find(by, w.state) == by.end() || told.contains(text_in(stage, "code"))) continue;
    w.wrong.push_back({"outcomes",
                       "no_outcome",
                       {"The outcome of this stage is missing: " + text_in(stage, "en"),
                        "L'issue de ce stade manque : " + text_in(stage, "fr")}});
  }
}

}  // namespace

const json::object* code_of(const kinds::Declared& declared, std::string_view vocabulary,
                            std::string_view code) {
  if (const auto v = declared.vocabulary(vocabulary))
    for (const auto& c : v->declaration.at("codes").get_array())
      if (c.at("code").get_string() == code) return &c.get_object();
  return nullptr;
}

std::string edition_of(const kinds::Declared& declared, const json::object& count) {
  std::string out = text_in(count, "edition");
  const auto editions = declared.vocabulary("legal_edition");
  if (out.empty() && editions && !editions->codes.empty()) out = editions->codes.front().code;
  return out;
}
std::vector<std::string> with_what_it_is_part_of(const kinds::Declared& declared, std::string crime) {
  std::vector<std::string> out;
  while (!crime.empty() && std::ranges::find(out, crime) == out.end()) {
    out.push_back(crime);
    const json::object* code = code_of(declared, "crime", crime);
    crime = code ? text_in(*code, "parent") : "";
  }
  return out;
}

void bring_counts(Records& records) {
  for (const char* name : {"crime", "liability_mode", "element"})
    records.on_vocabulary(
        name, [&records](const kinds::Vocabulary& v) { return names_editions(v, *records.declared()); });
  records.on_vocabulary("legal_edition", begin_on_days);
  records.on_write("count", [&records](Records::Writing& w) {
    const auto declared = records.declared();
    if (const json::object* crime = code_of(*declared, "crime", text_in(w.values, "crime"))) {
      if (!w.before || text_in(*w.before, "crime") != text_in(w.values, "crime")) chargeable(w, *crime);
      flag(w, *crime);
    }
    under_an_edition(w, *declared);
    of_its_edition(w, *declared);
    comes_from(w, *declared);
    of_its_stage(w, *declared);
    reconcile(w, *declared);
  });
}

}  // namespace casework

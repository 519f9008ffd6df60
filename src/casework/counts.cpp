// Counts: what can be charged, where a count comes from, how each stage ended for it (casework.md 1.4, 1.6).
#include "rules.h"

#include <casework/module.h>
#include <kinds/value.h>

#include <algorithm>

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
  if (!stages || w.was == w.state) return;
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

void bring_counts(Records& records) {
  records.on_write("count", [&records](Records::Writing& w) {
    const auto declared = records.declared();
    if (const json::object* crime = code_of(*declared, "crime", text_in(w.values, "crime"))) {
      if (!w.before || text_in(*w.before, "crime") != text_in(w.values, "crime")) chargeable(w, *crime);
      flag(w, *crime);
    }
    comes_from(w, *declared);
    of_its_stage(w, *declared);
    reconcile(w, *declared);
  });
}

}  // namespace casework

#include "rules.h"

#include <base/json.h>
#include <base/time.h>
#include <casework/module.h>
#include <casework/proof.h>
#include <kinds/value.h>

#include <algorithm>
#include <functional>
#include <utility>

namespace casework {
namespace {

namespace json = boost::json;
using kinds::Records;
using kinds::text_in;

json::value copied(const json::object& o, std::string_view name) {
  const auto* v = o.if_contains(name);
  return v ? *v : json::value();
}

// Codes of a vocabulary as it was declared, with what else it says of them.
void each_code(const kinds::Declared& declared, std::string_view name,
               const std::function<void(const json::object&)>& f) {
  if (const auto v = declared.vocabulary(name))
    for (const auto& c : v->declaration.at("codes").get_array()) f(c.get_object());
}
json::object named(const kinds::Declared& declared, std::string_view vocabulary, const std::string& code) {
  json::object out{{"code", code}};
  if (const auto v = declared.vocabulary(vocabulary))
    if (const kinds::Code* c = v->code(code)) out["label"] = {{"en", c->label.en}, {"fr", c->label.fr}};
  return out;
}

using Closed = std::set<std::string, std::less<>>;  // codes of what cannot be disclosed
Closed closed_of(const kinds::Declared& declared) {
  Closed out;
  each_code(declared, "admissibility", [&](const json::object& c) {
    if (yes(c, "cannot_be_disclosed")) out.insert(text_in(c, "code"));
  });
  return out;
}

const std::string& key_of(const std::string& element, const std::string& mode) {
  return element.empty() ? mode : element;
}

// What one count needs: the elements of its crime, and of what that is a part of, in the order of the
// Elements of Crimes, the contextual ones last, then those of each mode that it charges; of the edition of
// the legal texts that it is charged under. A crime or a mode of which the vocabulary has no elements is one
// itself. What else something was said of (`spoken_of`: a mode as a whole, an element that the count had
// before its crime or its edition was another) is shown and decides nothing.
struct Need {
  Element element;
  std::string type;
  json::object named;
};
std::vector<Need> needs_of(const kinds::Declared& declared, const json::object& count,
                           const std::vector<std::string>& spoken_of) {
  std::vector<Need> out;
  const std::string edition = edition_of(declared, count);
  const auto mandatory = [](const json::object& c) {
    const auto* v = c.if_contains("mandatory");
    return !v || *v != json::value(false);
  };
  const auto take = [&](const char* of, const std::vector<std::string>& codes, const std::string& mode) {
    const std::size_t before = out.size();
    each_code(declared, "element", [&](const json::object& c) {
      if (std::ranges::find(codes, text_in(c, of)) == codes.end() || of_another_edition(c, edition)) return;
      if (yes(c, "retired") && !c.contains("editions")) return;  // with them it is kept for older counts
      out.push_back({{text_in(c, "code"), mode, {}, mandatory(c)},
                     text_in(c, "element_type"),
                     named(declared, "element", text_in(c, "code"))});
    });
    return out.size() > before;
  };
  const std::string crime = text_in(count, "crime");
  if (!take("crime", with_what_it_is_part_of(declared, crime), ""))
    out.push_back({{crime, "", {}, true}, "crime", named(declared, "crime", crime)});
  for (const std::string& mode : texts(count, "modes"))
    if (const bool none = !take("mode", {mode}, mode);
        none || std::ranges::find(spoken_of, mode) != spoken_of.end())
      out.push_back({{mode, mode, {}, none}, "mode", named(declared, "liability_mode", mode)});
  for (const std::string& code : spoken_of)
    if (!code.empty() && std::ranges::find(out, code, [](const Need& n) -> const std::string& {
                           return n.element.code;
                         }) == out.end())
      out.push_back(
          {{code, "", {}, false},
           "left",
           named(declared, code_of(declared, "element", code) ? "element" : "liability_mode", code)});
  return out;
}

// All that hangs on the counts, by the code of what it hangs on.
struct Hanging {
  std::map<std::string, std::vector<const Records::Seen*>> of;
  Hanging(const std::vector<Records::Seen>& all, const char* field) {
    for (const Records::Seen& s : all) of[text_in(s.values, field)].push_back(&s);
  }
  const std::vector<const Records::Seen*>& at(const std::string& code) const {
    static const std::vector<const Records::Seen*> none;
    const auto met = of.find(code);
    return met == of.end() ? none : met->second;
  }
};

// A count with what was said of it; judge() adds what follows from that.
json::object count_json(const kinds::Declared& declared, const Closed& closed, const Records::Seen& count,
                        const Hanging& propositions, const Hanging& ratings, const Hanging& proofs,
                        std::string_view standard) {
  std::vector<std::string> spoken_of;
  for (const Hanging* all : {&propositions, &ratings})
    for (const Records::Seen* s : all->at(count.code))
      spoken_of.push_back(key_of(text_in(s->values, "element"), text_in(s->values, "mode")));
  std::vector<Need> needs = needs_of(declared, count.values, spoken_of);
  json::array elements;
  for (Need& n : needs) {
    // The newest of each reviewer.
    std::map<std::string, const Records::Seen*> newest;
    for (const Records::Seen* r : ratings.at(count.code)) {
      if (key_of(text_in(r->values, "element"), text_in(r->values, "mode")) != n.element.code) continue;
      if (!standard.empty() && text_in(r->values, "standard") != standard) continue;
      const Records::Seen*& kept = newest[text_in(r->values, "by")];
      if (!kept || kept->changed <= r->changed) kept = r;
    }
    json::array said;
    for (const auto& [by, r] : newest)
      said.push_back(json::object{{"code", r->code},
                                  {"rating", text_in(r->values, "rating")},
                                  {"standard", text_in(r->values, "standard")},
                                  {"by", by},
                                  {"rationale", text_in(r->values, "rationale")},
                                  {"changed", base::rfc3339(r->changed / 1'000'000)}});
    json::array served;
    for (const Records::Seen* p : propositions.at(count.code)) {
      if (key_of(text_in(p->values, "element"), text_in(p->values, "mode")) != n.element.code) continue;
      json::array shown;
      for (const Records::Seen* proof : proofs.at(p->code)) {
        json::object l{{"code", proof->code},
                       {"disclosable", !closed.contains(text_in(proof->values, "admissibility"))}};
        for (const char* name : {"quote", "items", "page", "place_in_item", "direction", "source",
                                 "evidence_type", "weight", "reliability", "admissibility", "comment"})
          l[name] = copied(proof->values, name);
        shown.push_back(std::move(l));
      }
      served.push_back(json::object{{"code", p->code},
                                    {"text", p->title},
                                    {"kind", text_in(p->values, "kind")},
                                    {"rating", copied(p->values, "rating")},
                                    {"searched", yes(p->values, "exonerating_searched")},
                                    {"links", std::move(shown)}});
    }
    json::object e = std::move(n.named);
    e["type"] = n.type, e["mode"] = n.element.mode, e["mandatory"] = n.element.mandatory;
    e["ratings"] = std::move(said), e["propositions"] = std::move(served);
    elements.push_back(std::move(e));
  }
  json::array modes;
  for (const std::string& mode : texts(count.values, "modes"))
    modes.push_back(named(declared, "liability_mode", mode));
  return {{"code", count.code},        {"title", count.title},
          {"state", count.state},      {"crime", named(declared, "crime", text_in(count.values, "crime"))},
          {"modes", std::move(modes)}, {"elements", std::move(elements)}};
}

// The codes that a matrix brings along, with their words.
const json::array& codes_in(const json::object& matrix, std::string_view vocabulary) {
  static const json::array none;
  const auto* codes = matrix.at("vocabularies").get_object().if_contains(vocabulary);
  return codes ? codes->get_array() : none;
}

json::object coverage_json(const Coverage& c, const json::array& evidence_types) {
  json::array types;
  for (const auto& [type, n] : c.sources_by_type) {
    json::object t{{"code", type}, {"sources", n}};
    for (const auto& known : evidence_types)
      if (known.at("code").get_string() == type)
        t["label"] = {{"en", known.at("en")}, {"fr", known.at("fr")}};
    types.push_back(std::move(t));
  }
  return {{"links", c.links},
          {"incriminating", c.incriminating},
          {"exonerating", c.exonerating},
          {"sources", c.sources},
          {"types", std::move(types)},
          {"disclosable_sources", c.disclosable_sources},
          {"depends", c.depends}};
}

json::value or_null(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value();
}

std::vector<std::string> codes_of(const std::vector<Records::Seen>& all) {
  std::vector<std::string> out;
  for (const auto& s : all) out.push_back(s.code);
  return out;
}

}  // namespace

void judge(json::object& matrix) {
  Ranks ranks;
  for (const auto& c : codes_in(matrix, "proof_rating"))
    if (const auto* rank = c.get_object().if_contains("rank"); rank && rank->is_int64())
      ranks[text_in(c.get_object(), "code")] = static_cast<int>(rank->get_int64());
  const json::array& types = codes_in(matrix, "evidence_type");
  const auto codes = [](const std::vector<std::string>& all) { return json::array(all.begin(), all.end()); };
  for (auto& each : matrix.at("counts").get_array()) {
    json::object& count = each.get_object();
    std::vector<Element> rated;
    for (auto& one : count.at("elements").get_array()) {
      json::object& e = one.get_object();
      Element element{text_in(e, "code"), text_in(e, "mode"), {}, yes(e, "mandatory")};
      for (const auto& r : e.at("ratings").get_array())
        element.ratings.push_back(text_in(r.get_object(), "rating"));
      std::vector<Link> links;
      std::size_t unsearched = 0;
      const json::array& propositions = e.at("propositions").get_array();
      for (const auto& p : propositions) {
        unsearched += !yes(p.get_object(), "searched");
        for (const auto& link : p.at("links").get_array()) {
          const json::object& l = link.get_object();
          links.push_back({text_in(l, "code"), text_in(l, "direction"), text_in(l, "source"),
                           text_in(l, "evidence_type"), texts(l, "items"), yes(l, "disclosable")});
        }
      }
      const Coverage covered = coverage_of(links);
      json::array gaps;
      for (const Gap g : gaps_of(element, covered, propositions.size(), unsearched))
        gaps.emplace_back(name_of(g));
      e["level"] = or_null(level_of(element, ranks));
      e["coverage"] = coverage_json(covered, types), e["gaps"] = std::move(gaps);
      rated.push_back(std::move(element));
    }
    std::vector<std::string> modes;
    for (auto& m : count.at("modes").get_array()) {
      modes.push_back(text_in(m.get_object(), "code"));
      const Level level = level_of_count(rated, {modes.back()}, ranks);
      m.get_object()["level"] = or_null(level.rating), m.get_object()["weakest"] = codes(level.weakest);
    }
    const Level level = level_of_count(rated, modes, ranks);
    count["level"] = or_null(level.rating), count["best_mode"] = level.mode;
    count["weakest"] = codes(level.weakest);
  }
}

std::optional<json::object> matrix_of(Records& records, const kinds::Asker& who, std::string_view code,
                                      std::string_view standard) {
  const auto declared = records.declared();
  std::optional<Records::Seen> of = records.one(who, "suspect_case", code);
  std::vector<Records::Seen> counts;
  if (of)
    counts = records.naming(who, "count", "person", {of->code});
  else if ((of = records.one(who, "count", code)))
    counts.push_back(*of);
  else
    return {};
  const std::vector<std::string> of_counts = codes_of(counts);
  const auto propositions = records.naming(who, "proposition", "count", of_counts);
  const auto ratings = records.naming(who, "element_rating", "count", of_counts);
  const auto proofs = records.naming(who, "proof", "proposition", codes_of(propositions));
  const Closed closed = closed_of(*declared);
  const Hanging by_count(propositions, "count"), rated(ratings, "count"),
      by_proposition(proofs, "proposition");
  json::array shown;
  for (const Records::Seen& count : counts)
    shown.push_back(count_json(*declared, closed, count, by_count, rated, by_proposition, standard));
  rights::Classification highest = of->label.classification;
  for (const auto* all : {&std::as_const(counts), &propositions, &ratings, &proofs})
    for (const Records::Seen& each : *all) highest = std::max(highest, each.label.classification);
  json::object vocabularies;
  for (const char* name :
       {"proof_rating", "direction", "evidence_type", "admissibility", "fact_kind", "standard_of_proof"})
    if (const auto v = declared->vocabulary(name)) vocabularies[name] = v->declaration.at("codes");
  json::object out{{"code", of->code},
                   {"title", of->title},
                   {"case", of->case_id},
                   {"class", rights::name_of(highest)},
                   {"standard", std::string(standard)},
                   {"counts", std::move(shown)},
                   {"vocabularies", std::move(vocabularies)}};
  judge(out);
  return out;
}

base::Result<json::object> matrix(Records& records, const kinds::Asker& who, std::string_view code,
                                  std::string_view standard) {
  std::optional<json::object> m = matrix_of(records, who, code, standard);
  if (!m) m = TRY(frozen_matrix(records, who, code));
  if (!m) return base::Error{base::Refusal::not_found, "there is nothing here, or nothing for you to see"};
  std::uint64_t counts = 0, links = 0;
  for (const auto& count : m->at("counts").get_array()) {
    ++counts;
    for (const auto& e : count.at("elements").get_array())
      for (const auto& p : e.at("propositions").get_array()) links += p.at("links").get_array().size();
  }
  std::string payload;
  base::JsonWriter(payload).object().member("counts", counts).member("links", links).end_object();
  TRY(records.tell(who, "matrix_viewed", m->at("code").get_string(), payload));
  return std::move(*m);
}

namespace {

std::string word(const json::object& matrix, const char* vocabulary, const json::value& code, bool french) {
  if (!code.is_string()) return {};
  if (const auto* codes = matrix.at("vocabularies").get_object().if_contains(vocabulary))
    for (const auto& c : codes->get_array())
      if (c.at("code") == code) return std::string(c.at(french ? "fr" : "en").get_string());
  return std::string(code.get_string());
}
std::string label(const json::object& named, bool french) {
  const auto* l = named.if_contains("label");
  return std::string(l ? l->at(french ? "fr" : "en").get_string() : named.at("code").get_string());
}
std::string cell(const json::value& v) {
  if (v.is_string()) return std::string(v.get_string());
  if (v.is_int64()) return std::to_string(v.get_int64());
  if (!v.is_array()) return {};
  std::string out;
  for (const auto& each : v.get_array()) out += (out.empty() ? "" : ", ") + cell(each);
  return out;
}

}  // namespace

Chart chart_of(const json::object& m, bool french) {
  Chart out;
  out.title = m.at("title").get_string(), out.code = m.at("code").get_string();
  if (french)
    out.header = {"Chef",     "Élément",   "Appréciation",  "Proposition", "Sens",
                  "Citation", "Pièce",     "Page",          "Endroit",     "Source",
                  "Type",     "Fiabilité", "Admissibilité", "Commentaire"};
  else
    out.header = {"Count", "Element", "Rating", "Proposition", "Direction",   "Quote",         "Item",
                  "Page",  "Place",   "Source", "Type",        "Reliability", "Admissibility", "Comment"};
  for (const auto& count : m.at("counts").get_array())
    for (const auto& each : count.at("elements").get_array()) {
      const json::object& e = each.get_object();
      std::vector<std::string> row{std::string(count.at("title").get_string()), label(e, french),
                                   word(m, "proof_rating", e.at("level"), french)};
      row.resize(out.header.size());
      bool any = false;
      for (const auto& p : e.at("propositions").get_array()) {
        row[3] = p.at("text").get_string();
        for (std::size_t i = 4; i < row.size(); ++i) row[i].clear();
        if (p.at("links").get_array().empty()) out.rows.push_back(row), any = true;
        for (const auto& l : p.at("links").get_array()) {
          row[4] = word(m, "direction", l.at("direction"), french), row[5] = cell(l.at("quote"));
          row[6] = cell(l.at("items")), row[7] = cell(l.at("page")), row[8] = cell(l.at("place_in_item"));
          row[9] = cell(l.at("source")), row[10] = word(m, "evidence_type", l.at("evidence_type"), french);
          row[11] = cell(l.at("reliability")),
          row[12] = word(m, "admissibility", l.at("admissibility"), french);
          row[13] = cell(l.at("comment"));
          out.rows.push_back(row), any = true;
        }
      }
      if (!any) out.rows.push_back(std::move(row));
    }
  return out;
}

// --- rules

namespace {

void fits_count(Records::Writing& w, const kinds::Declared& declared) {
  const auto count = w.read(text_in(w.values, "count"));
  if (!count) return;
  const std::string element = text_in(w.values, "element"), mode = text_in(w.values, "mode"),
                    crime = text_in(*count, "crime"), edition = edition_of(declared, *count);
  const std::vector<std::string> modes = texts(*count, "modes"),
                                 crimes = with_what_it_is_part_of(declared, crime);
  const auto other_mode = [](const char* field) {
    return kinds::Wrong{
        field,
        "other_mode",
        {"The count does not charge this mode: add it there, or choose one that it charges",
         "Ce chef ne retient pas ce mode : ajoutez-le au chef, ou choisissez-en un qu'il retient"}};
  };
  if (!element.empty())
    each_code(declared, "element", [&](const json::object& c) {
      if (text_in(c, "code") != element) return;
      const std::string of = text_in(c, "mode");
      if (of_another_edition(c, edition)) {
        w.wrong.push_back(
            {"element",
             "other_edition",
             {"The count is charged under " + edition +
                  ", whose texts do not have this element: choose one of that edition",
              "Le chef relève de " + edition +
                  ", dont les textes n'ont pas cet élément : choisissez-en un de cette édition"}});
      } else if (!of.empty()) {
        if (std::ranges::find(modes, of) == modes.end()) w.wrong.push_back(other_mode("element"));
      } else if (std::ranges::find(crimes, text_in(c, "crime")) == crimes.end()) {
        w.wrong.push_back({"element",
                           "other_crime",
                           {"The count is of " + crime + ", this element of " + text_in(c, "crime") +
                                ": choose an element of the crime of the count",
                            "Le chef porte sur " + crime + ", cet élément sur " + text_in(c, "crime") +
                                " : choisissez un élément du crime de ce chef"}});
      }
    });
  if (!mode.empty() && std::ranges::find(modes, mode) == modes.end()) w.wrong.push_back(other_mode("mode"));
}

}  // namespace

void bring(Records& records) {
  for (const char* kind : {"proposition", "element_rating"})
    records.on_write(kind, [&records](Records::Writing& w) { fits_count(w, *records.declared()); });
  bring_plans(records);
  bring_reviews(records);
  bring_counts(records);
  bring_falls(records);
  bring_manual(records);
  bring_gcu(records);
  bring_tracking(records);
  bring_public(records);
  bring_priorities(records);
}

}  // namespace casework

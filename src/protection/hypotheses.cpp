// Analyses of competing hypotheses: from the rows of a record to a matrix, and what the rows must not say.
#include "settings.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/json.h>
#include <base/text.h>
#include <kinds/date.h>
#include <kinds/value.h>
#include <protection/module.h>
#include <risk/hypotheses.h>

#include <algorithm>
#include <map>
#include <set>

namespace protection {
namespace {

namespace json = boost::json;
using kinds::figure_in;
using kinds::Records;
using kinds::text_in;
using rights::Words;

bool yes(const json::object& row, std::string_view column) {
  const auto* v = row.if_contains(column);
  return v && v->is_bool() && v->get_bool();
}

// The vocabulary ach_rating. Refuses: invalid, naming the code: figures that are none, or a rating that is
// less likely than another and yet counts less against a hypothesis.
using Ratings = std::map<std::string, risk::Rated, std::less<>>;
base::Result<Ratings> ratings_of(const json::object& vocabulary) {
  Ratings out;
  for (const auto& each : vocabulary.at("codes").as_array()) {
    const auto& code = each.as_object();
    const std::string name = text_in(code, "code");
    const auto wrong = [&](const std::string& what) {
      return base::Error{base::Refusal::invalid, "ach_rating." + name + ": " + what};
    };
    const risk::Rated r{figure_in(code, "likelihood", 0), figure_in(code, "against", -1)};
    if (!(r.likelihood >= 0.01 && r.likelihood <= 100))
      return wrong("\"likelihood\" is a number from 0.01 to 100");
    if (!(r.against >= 0 && r.against <= 100)) return wrong("\"against\" is a number from 0 to 100");
    for (const auto& [other, o] : out)
      if ((r.likelihood < o.likelihood && r.against < o.against) ||
          (o.likelihood < r.likelihood && o.against < r.against))
        return wrong("of this and " + other + " the one that is less likely counts less against");
    out.emplace(name, r);
  }
  return out;
}
double most_likely(const Ratings& all) {
  double out = 0;
  for (const auto& [code, r] : all) out = std::max(out, r.likelihood);
  return out;
}

struct Matrix {
  std::vector<const json::object*> hypotheses, evidence;
  std::map<std::pair<std::string, std::string>, std::string> ratings;  // by evidence and hypothesis

  explicit Matrix(const json::object& values)
      : hypotheses(rows_of(values, "hypotheses")), evidence(rows_of(values, "evidence")) {
    for (const json::object* row : rows_of(values, "ratings"))
      ratings.emplace(std::pair(text_in(*row, "evidence"), text_in(*row, "hypothesis")),
                      text_in(*row, "rating"));
  }
  std::string rating(const json::object& e, const json::object& h) const {
    const auto at = ratings.find({text_in(e, "code"), text_in(h, "code")});
    return at == ratings.end() ? std::string() : at->second;
  }
};

// The first few by name, the others by their number.
Words named(const std::vector<std::string>& all) {
  constexpr std::size_t kNamed = 12;
  const std::vector<std::string> some(
      all.begin(), all.begin() + static_cast<std::ptrdiff_t>(std::min(all.size(), kNamed)));
  Words out{base::join(some, ", "), base::join(some, ", ")};
  if (all.size() > kNamed) {
    const std::string more = std::to_string(all.size() - kNamed);
    out.en += " and " + more + " more", out.fr += " et " + more + " autres";
  }
  return out;
}

// What a review still lacks, with the field where it is put right.
std::vector<std::pair<std::string, Words>> lacking(const json::object& values, const Ratings& ratings) {
  const Matrix m(values);
  std::vector<std::pair<std::string, Words>> out;
  const auto deception = std::ranges::find_if(m.hypotheses, [](auto* h) { return yes(*h, "deception"); });
  const bool none = deception == m.hypotheses.end();
  if (m.hypotheses.size() < 2)
    out.push_back(
        {"hypotheses",
         {none ? "At least two hypotheses are weighed against one another, one of them that somebody "
                 "deceives us (R-STRA-5): add them"
               : "At least two hypotheses are weighed against one another: add another",
          none ? "Au moins deux hypothèses sont comparées, dont une de tromperie (R-STRA-5) : "
                 "ajoutez-les"
               : "Au moins deux hypothèses sont comparées : ajoutez-en une autre"}});
  else if (none)
    out.push_back(
        {"hypotheses",
         {"R-STRA-5: no hypothesis says that somebody deceives us: add one, or mark the one that does",
          "R-STRA-5 : aucune hypothèse de tromperie : ajoutez-en une, ou signalez celle qui l'est"}});
  if (m.evidence.empty())
    out.push_back({"evidence",
                   {"There is no evidence to weigh the hypotheses by: add it",
                    "Aucun élément ne permet de comparer les hypothèses : ajoutez-en"}});
  std::vector<std::string> unrated, deceived;
  for (const json::object* e : m.evidence)
    for (const json::object* h : m.hypotheses) {
      const std::string rating = m.rating(*e, *h), pair = text_in(*e, "code") + "/" + text_in(*h, "code");
      if (rating.empty())
        unrated.push_back(pair);
      else if (yes(*e, "deceptive") && yes(*h, "deception") &&
               ratings.at(rating).likelihood < most_likely(ratings))
        deceived.push_back(pair);
    }
  if (!unrated.empty()) {
    const Words pairs = named(unrated);
    out.push_back({"ratings",
                   {"Every piece of evidence is rated against every hypothesis: rate " + pairs.en,
                    "Chaque élément est coté face à chaque hypothèse : cotez " + pairs.fr}});
  } else if (!deceived.empty()) {
    const Words pairs = named(deceived);
    out.push_back({"ratings",
                   {"Evidence of a source that is known to deceive is very consistent with deception: rate " +
                        pairs.en + " so",
                    "Un élément d'une source connue pour tromper est très compatible avec la tromperie : "
                    "cotez ainsi " +
                        pairs.fr}});
  }
  return out;
}

std::set<std::string> codes_once(Records::Writing& w, const char* field, const Words& what) {
  std::set<std::string> out;
  const auto all = rows_of(w.values, field);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (const std::string code = text_in(*all[i], "code"); !out.insert(code).second)
      w.wrong.push_back({field + ("[" + std::to_string(i) + "].code"),
                         "twice",
                         {"The code \"" + code + "\" stands for two " + what.en + ": change one",
                          "Le code « " + code + " » désigne deux " + what.fr + " : changez-en un"}});
  return out;
}

// Reports of one ultimate origin count once. Looks only at information that who writes may find.
void check_origins(Records::Writing& w) {
  struct First {
    std::string code, origin;
  };
  std::map<std::string, First> met;  // by the origin group of the information
  const auto all = rows_of(w.values, "evidence");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string information = text_in(*all[i], "information"), code = text_in(*all[i], "code");
    if (information.empty() || !w.found(information)) continue;
    const auto of = w.read(information);
    const std::string group = of ? text_in(*of, "origin_group") : std::string();
    if (group.empty()) continue;
    const std::string own = text_in(*all[i], "origin"), origin = own.empty() ? information : own;
    const auto [at, fresh] = met.emplace(group, First{code, origin});
    if (!fresh && at->second.origin != origin)
      w.wrong.push_back({"evidence[" + std::to_string(i) + "].origin",
                         "origin",
                         {"The information behind \"" + at->second.code + "\" and \"" + code +
                              "\" has one origin group: give both the same, so that they count once",
                          "Les informations derrière « " + at->second.code + " » et « " + code +
                              " » ont le même groupe d'origine : donnez-leur le même, pour qu'elles ne "
                              "comptent qu'une fois"}});
  }
}

void check_matrix_of(Records::Writing& w, const kinds::Declared& declared) {
  const auto hypotheses = codes_once(w, "hypotheses", {"hypotheses", "hypothèses"});
  const auto evidence = codes_once(w, "evidence", {"pieces of evidence", "éléments"});
  const auto wrong = [&](std::string field, const char* code, Words words) {
    w.wrong.push_back({std::move(field), code, std::move(words)});
  };
  const auto items = rows_of(w.values, "evidence");
  for (std::size_t i = 0; i < items.size(); ++i)
    if (const auto* grade = items[i]->if_contains("grade");
        grade && text_in(grade->as_object(), "scheme") != "admiralty")
      wrong("evidence[" + std::to_string(i) + "].grade", "scheme",
            {"Only grades of the Admiralty scheme have a weight: translate it by the crosswalk",
             "Seules les cotations de l'Amirauté ont un poids : convertissez-la par la table"});
  std::set<std::pair<std::string, std::string>> met;
  const auto rated = rows_of(w.values, "ratings");
  for (std::size_t i = 0; i < rated.size(); ++i) {
    const std::string e = text_in(*rated[i], "evidence"), h = text_in(*rated[i], "hypothesis");
    const std::string at = "ratings[" + std::to_string(i) + "].";
    if (!evidence.contains(e))
      wrong(at + "evidence", "unknown",
            {"There is no piece of evidence \"" + e + "\": name one by its code, or drop the rating",
             "Il n'y a pas d'élément « " + e + " » : nommez-en un par son code, ou retirez la cotation"});
    if (!hypotheses.contains(h))
      wrong(at + "hypothesis", "unknown",
            {"There is no hypothesis \"" + h + "\": name one by its code, or drop the rating",
             "Il n'y a pas d'hypothèse « " + h + " » : nommez-en une par son code, ou retirez la cotation"});
    if (!met.emplace(e, h).second)
      wrong(at + "rating", "twice",
            {"\"" + e + "\" is rated against \"" + h + "\" already: drop one of the two",
             "« " + e + " » est déjà coté face à « " + h + " » : retirez l'une des deux cotations"});
  }
  check_origins(w);
  if (w.state != "reviewed" || w.was == "reviewed") return;
  // Was judged when it was shipped, and at each change since.
  const auto ratings = ratings_of(declared.vocabulary("ach_rating")->declaration);
  CHECK(ratings.ok());
  for (auto& [field, words] : lacking(w.values, *ratings)) wrong(field, "missing", std::move(words));
}

// What an item weighs on a day: its grade, and how much of it is left; of a source that deceives nothing.
double weight_of(const json::object& e, const risk::Model& model, const json::object& ages,
                 std::int64_t day) {
  if (yes(e, "deceptive")) return 0;
  std::optional<double> tau;
  double shape = 1;
  for (const auto& c : ages.at("codes").as_array())
    if (text_in(c.as_object(), "code") == text_in(e, "ages") && c.as_object().contains("tau_days"))
      tau = figure_in(c.as_object(), "tau_days", 0), shape = figure_in(c.as_object(), "delta", 1);
  double kept = 1;
  if (const auto dated = kinds::days_of(text_in(e, "dated")); dated && tau && *tau > 0 && shape > 0)
    kept = risk::decay(static_cast<double>(std::max<std::int64_t>(0, day - dated->from)), tau, shape);
  const auto* grade = e.if_contains("grade");
  const std::string source = grade ? text_in(grade->as_object(), "source") : "F";
  const std::string said = grade ? text_in(grade->as_object(), "information") : "6";
  const auto w = risk::weight(model, source.empty() ? 'F' : source[0],
                              said.empty() ? 6 : static_cast<int>(said[0] - '0'), kept);
  return w.ok() ? *w : 0;
}

// Of one origin: what says so; else what rests on one information; else nothing but itself.
std::string origin_of(const json::object& e) {
  if (const std::string own = text_in(e, "origin"); !own.empty()) return "origin " + own;
  if (const std::string of = text_in(e, "information"); !of.empty()) return "information " + of;
  return "evidence " + text_in(e, "code");
}

}  // namespace

void bring_hypotheses(Records& records) {
  records.on_vocabulary("ach_rating", [](const kinds::Vocabulary& v) -> base::Status {
    static_cast<void>(TRY(ratings_of(v.declaration)));
    return base::Done{};
  });
  records.on_write("ach", [&records](Records::Writing& w) { check_matrix_of(w, *records.declared()); });
}

base::Result<json::object> hypotheses(Records& records, const kinds::Asker& who, std::string_view code,
                                      std::int64_t today) {
  const auto record = records.one(who, "ach", code);
  if (!record)
    return base::Error{base::Refusal::not_found, "there is nothing here, or nothing for you to see"};
  const auto declared = records.declared();
  const json::object& rating_words = declared->vocabulary("ach_rating")->declaration;
  const json::object& ages = declared->vocabulary("expiry_class")->declaration;
  const json::object& weights = declared->vocabulary("risk_model")->declaration;
  const Ratings ratings = TRY(ratings_of(rating_words));
  const risk::Model model = model_of(*declared);
  // What was reviewed stays as it was weighed then.
  std::int64_t day = today;
  if (record->state == "reviewed")
    if (const auto on = kinds::days_of(text_in(record->values, "reviewed_on"))) day = on->from;

  const Matrix m(record->values);
  std::vector<risk::Weighed> items;
  for (const json::object* e : m.evidence) {
    risk::Weighed item{origin_of(*e), weight_of(*e, model, ages, day), {}};
    for (const json::object* h : m.hypotheses) {
      const auto at = ratings.find(m.rating(*e, *h));
      item.of.push_back(at == ratings.end() ? risk::Rated{} : at->second);
    }
    items.push_back(std::move(item));
  }
  const risk::Hypotheses found = TRY(risk::weigh(items, m.hypotheses.size()));

  const base::Digest figures =
      base::sha256(json::serialize(record->values),
                   json::serialize(rating_words) + json::serialize(ages) + json::serialize(weights));
  const std::string made_of = base::hex(base::view(figures));
  std::string payload;
  base::JsonWriter(payload).object().member("figures", made_of).end_object();
  TRY(records.tell(who, "hypotheses_viewed", record->code, payload));

  const auto codes = [](const std::vector<const json::object*>& rows, const std::vector<std::size_t>& at) {
    json::array out;
    for (const std::size_t i : at) out.emplace_back(text_in(*rows[i], "code"));
    return out;
  };
  const auto first = [&](const std::vector<std::size_t>& rank) {
    std::vector<std::size_t> out;
    for (std::size_t h = 0; h < rank.size(); ++h)
      if (rank[h] == 1) out.push_back(h);
    return codes(m.hypotheses, out);
  };
  json::array columns, rows, turns, lacks;
  for (std::size_t h = 0; h < m.hypotheses.size(); ++h) {
    const json::object& of = *m.hypotheses[h];
    columns.push_back(json::object{{"code", text_in(of, "code")},
                                   {"text", text_in(of, "text")},
                                   {"deception", yes(of, "deception")},
                                   {"inconsistency", rounded(found.inconsistency[h], 1000)},
                                   {"rank", found.rank[h]},
                                   {"once", rounded(found.once[h], 1000)},
                                   {"rank_once", found.rank_once[h]},
                                   {"posterior", rounded(found.posterior[h], 1000)}});
  }
  for (std::size_t k = 0; k < m.evidence.size(); ++k) {
    const json::object& of = *m.evidence[k];
    json::array cells;
    for (const json::object* h : m.hypotheses) {
      const std::string rating = m.rating(of, *h);
      cells.push_back(rating.empty() ? json::value(nullptr) : json::value(rating));
    }
    json::value information = nullptr;
    if (const auto named_one = records.one(who, "information", text_in(of, "information")))
      information = json::object{{"code", named_one->code}, {"title", named_one->title}};
    rows.push_back(json::object{{"code", text_in(of, "code")},
                                {"text", text_in(of, "text")},
                                {"absence", yes(of, "absence")},
                                {"deceptive", yes(of, "deceptive")},
                                {"origin", text_in(of, "origin")},
                                {"information", std::move(information)},
                                {"weight", rounded(items[k].weight, 1000)},
                                {"diagnosticity", rounded(found.diagnosticity[k], 1000)},
                                {"ratings", std::move(cells)}});
  }
  for (const auto& t : found.turns)
    turns.push_back(
        json::object{{"without", codes(m.evidence, t.without)}, {"least", codes(m.hypotheses, t.least)}});
  for (const auto& [field, words] : lacking(record->values, ratings))
    lacks.push_back(json::object{{"en", words.en}, {"fr", words.fr}});
  return json::object{
      {"code", record->code},        {"as_of", kinds::date_of(day)}, {"hypotheses", std::move(columns)},
      {"evidence", std::move(rows)}, {"least", first(found.rank)},   {"least_once", first(found.rank_once)},
      {"turns", std::move(turns)},   {"lacking", std::move(lacks)},  {"figures", made_of}};
}

}  // namespace protection

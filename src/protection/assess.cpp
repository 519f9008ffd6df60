#include "settings.h"

#include <kinds/value.h>
#include <protection/module.h>
#include <risk/risk.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <span>

namespace protection {
namespace {

namespace json = boost::json;
using kinds::figure_in;
using kinds::text_in;

// What the office has set, out of the vocabularies risk_factor and risk_model.
struct Settings {
  struct Factor {
    std::string code;
    bool able = false;
    double weight = 0;
  };
  std::vector<Factor> factors;
  risk::Model model;
  double base_rate = 0, horizon = 0;
  std::map<std::string, double, std::less<>> confidence;
};

base::Error wrong_figures(const kinds::Vocabulary& v, std::string_view code, const std::string& what) {
  return {base::Refusal::invalid, v.name + "." + std::string(code) + ": " + what};
}

// Refuses: invalid, naming the code: figures that are missing, too few or too many; a matrix that is not
// monotone.
base::Status read_model(const kinds::Vocabulary& v, Settings& out) {
  const auto figures = [&](std::string_view code, std::span<double> to) -> base::Status {
    for (const auto& c : v.declaration.at("codes").get_array()) {
      if (std::string_view(c.at("code").get_string()) != code) continue;
      const auto* values = c.get_object().if_contains("values");
      const bool fits = values && values->is_array() && values->get_array().size() == to.size();
      for (std::size_t i = 0; fits && i < to.size(); ++i) {
        const auto& x = values->get_array()[i];
        if (!x.is_number()) return wrong_figures(v, code, "\"values\" holds figures");
        to[i] = x.to_number<double>();
      }
      if (fits) return base::Done{};
    }
    return wrong_figures(v, code, "\"values\" holds " + std::to_string(to.size()) + " figures");
  };
  risk::Model& m = out.model;
  std::array<double, 3> taken{};
  std::array<double, 2> spread{}, below{};
  TRY(figures("base_rate", {&out.base_rate, 1}));
  TRY(figures("horizon_days", {&out.horizon, 1}));
  TRY(figures("confidence_taken", taken));
  TRY(figures("reliability", m.reliability));
  TRY(figures("credibility", m.credibility));
  TRY(figures("threat", m.threat));
  TRY(figures("base", {&m.base, 1}));
  TRY(figures("level_from", m.level_from));
  TRY(figures("severity", m.severity));
  TRY(figures("common_cause", {&m.common_cause, 1}));
  TRY(figures("best_reduction", {&m.best_reduction, 1}));
  TRY(figures("spread", spread));
  TRY(figures("confidence_below", below));
  m.spread_least = spread[0], m.spread_more = spread[1];
  m.low_below = below[0], m.moderate_below = below[1];
  out.confidence = {{"low", taken[0]}, {"moderate", taken[1]}, {"high", taken[2]}};
  for (std::size_t l = 0; l < m.matrix.size(); ++l) {
    const std::string code = "matrix_" + std::to_string(l + 1);
    std::array<double, 5> row{};
    TRY(figures(code, row));
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (row[i] != std::floor(row[i])) return wrong_figures(v, code, "a level is a whole number, 0 to 4");
      m.matrix[l][i] = static_cast<int>(row[i]);
    }
  }
  return risk::check_matrix(m);
}

base::Status read_factors(const kinds::Vocabulary& v, Settings& out) {
  for (const auto& c : v.declaration.at("codes").get_array()) {
    const auto& o = c.get_object();
    const std::string code(c.at("code").get_string());
    const auto *side = o.if_contains("side"), *weight = o.if_contains("weight");
    if (!side || (*side != "able" && *side != "exposed") || !weight || !weight->is_number())
      return wrong_figures(v, code, "\"side\" is exposed or able, and \"weight\" a figure");
    const double w = weight->to_number<double>();
    if (!(w >= 0 && w <= 1)) return wrong_figures(v, code, "\"weight\" lies between 0 and 1");
    out.factors.push_back({code, *side == "able", w});
  }
  return base::Done{};
}

// The greatest threat of the actors that are named; the middle of the scale where none is.
double threat_of(const json::object& values, const kinds::Records::Writing& w, const risk::Model& model) {
  double out = 0;
  if (const auto* actors = values.if_contains("actors"); actors && actors->is_array())
    for (const auto& code : actors->get_array())
      if (const auto actor = w.read(std::string_view(code.get_string())))
        if (actor->contains("intent") && actor->contains("capability"))
          out = std::max(
              out, risk::threat(model, figure_in(*actor, "intent", 1), figure_in(*actor, "capability", 1),
                                figure_in(*actor, "inhibiting", 5)));  // not known: no inhibition
  return out > 0 ? out : 3;
}

double vulnerability_of(const json::object& values, const Settings& s, std::string_view without = {}) {
  std::vector<double> exposed, able;
  for (const Settings::Factor& f : s.factors) {
    const double score = f.code == without ? 0 : figure_in(values, f.code, 0);
    (f.able ? able : exposed).push_back(score / 4 * f.weight);
  }
  return risk::vulnerability(exposed, able);
}

constexpr const char* kComputed[] = {"threat", "vulnerability", "chance", "computed_level", "effects"};
constexpr const char* kLevels[] = {"low", "medium", "high", "very_high", "unacceptable"};

void assess(kinds::Records::Writing& w, const kinds::Declared& declared) {
  for (const char* name : kComputed) w.values.erase(name);
  const std::string judged = text_in(w.values, "judged_level");
  if (judged.empty() || !w.values.contains("impact")) return;
  Settings s;
  // Both were judged when they were shipped, and at each change since.
  CHECK(read_factors(*declared.vocabulary("risk_factor"), s).ok());
  CHECK(read_model(*declared.vocabulary("risk_model"), s).ok());
  const risk::Model& model = s.model;
  const double threat = threat_of(w.values, w, model), v = vulnerability_of(w.values, s);
  const auto chance = [&](double vulnerability, double days) {
    return risk::probability(risk::rate(model, s.base_rate, threat, vulnerability), days);
  };
  const std::string word = text_in(w.values, "confidence");
  const auto sure = s.confidence.find(word.empty() ? "low" : word);
  const auto how = word == "high" ? risk::Confidence::Word::high : risk::Confidence::Word::low;
  const risk::Interval year =
      risk::interval(model, chance(v, 365), sure == s.confidence.end() ? 0 : sure->second);
  const int impact = static_cast<int>(figure_in(w.values, "impact", 5));
  const auto level = risk::level(model, risk::likelihood_level(model, risk::decided_on(year, how)), impact);
  w.values["threat"] = rounded(threat, 100);
  w.values["vulnerability"] = rounded(v, 100);
  w.values["chance"] = rounded(chance(v, s.horizon) * 100, 100);
  w.values["computed_level"] = kLevels[static_cast<std::size_t>(level)];
  json::array effects;
  for (const Settings::Factor& f : s.factors) {
    const double score = figure_in(w.values, f.code, 0);
    if (score <= 0) continue;
    const double points =
        (chance(v, s.horizon) - chance(vulnerability_of(w.values, s, f.code), s.horizon)) * 100;
    effects.push_back(json::object{
        {"factor", f.code}, {"score", static_cast<std::int64_t>(score)}, {"points", rounded(points, 100)}});
  }
  if (!effects.empty()) w.values["effects"] = std::move(effects);
  const auto place = std::ranges::find(kLevels, judged) - std::begin(kLevels);
  if (place < static_cast<std::ptrdiff_t>(level) && text_in(w.values, "assessor_2").empty())
    w.wrong.push_back(
        {"judged_level",
         "R-IRA-1",
         {"R-IRA-1: a judgement below the computed level needs a second assessor: name one",
          "R-IRA-1 : un jugement inférieur au niveau calculé exige un second évaluateur : nommez-le"}});
}

void reopen(kinds::Records::Writing& w) {
  const auto* victims = w.values.if_contains("victims");
  if (!victims || !victims->is_array()) return;
  for (const auto& subject : victims->get_array()) {
    const bool was = w.before && w.before->contains("victims") &&
                     std::ranges::find(w.before->at("victims").get_array(), subject) !=
                         w.before->at("victims").get_array().end();
    if (was) continue;
    for (const std::string& ira : w.having("ira", "subject", std::string_view(subject.get_string())))
      w.task(ira, {{"R-IRA-4: a new incident; review the assessment",
                    "R-IRA-4 : nouvel incident ; réexaminer l'évaluation"},
                   "",
                   {"protection_officer"},
                   1,
                   ""});
  }
}

}  // namespace

risk::Model model_of(const kinds::Declared& declared) {
  Settings s;
  CHECK(read_model(*declared.vocabulary("risk_model"), s).ok());  // judged as above
  return s.model;
}

void bring(kinds::Records& records) {
  records.on_vocabulary("risk_model", [](const kinds::Vocabulary& v) {
    Settings s;
    return read_model(v, s);
  });
  records.on_vocabulary("risk_factor", [](const kinds::Vocabulary& v) {
    Settings s;
    return read_factors(v, s);
  });
  bring_costs(records);
  bring_hypotheses(records);
  bring_patterns(records);
  records.on_write("ira", [&records](kinds::Records::Writing& w) { assess(w, *records.declared()); });
  records.on_write("incident", [](kinds::Records::Writing& w) { reopen(w); });
}

}  // namespace protection

// The ranking of prioritisations: from the scores of their records to an order, and how much of it is the
// weights'.
#include "rules.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <base/json.h>
#include <casework/module.h>
#include <casework/priority.h>
#include <kinds/date.h>
#include <kinds/value.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>

namespace casework {
namespace {

namespace json = boost::json;
using base::Refusal;
using kinds::figure_in;
using kinds::Records;
using kinds::text_in;

struct Criterion {
  std::string code;
  double weight = 0;
  json::object named;
};
// The vocabulary priority_criterion: what is in use.
base::Result<std::vector<Criterion>> criteria_of(const json::object& vocabulary) {
  std::vector<Criterion> out;
  double whole = 0;
  for (const auto& each : vocabulary.at("codes").as_array()) {
    const json::object& c = each.as_object();
    if (const auto* retired = c.if_contains("retired"); retired && retired->is_bool() && retired->get_bool())
      continue;
    Criterion made{text_in(c, "code"), figure_in(c, "weight", -1), {}};
    if (!(made.weight >= 0 && made.weight <= 1'000))
      return base::Error{Refusal::invalid,
                         "priority_criterion." + made.code + ": \"weight\" is a number from 0 to 1000"};
    made.named = {{"code", made.code}, {"label", {{"en", text_in(c, "en")}, {"fr", text_in(c, "fr")}}}};
    if (const auto* note = c.if_contains("note")) made.named["note"] = *note;
    whole += made.weight;
    out.push_back(std::move(made));
  }
  if (!(whole > 0)) return base::Error{Refusal::invalid, "priority_criterion: some weight is above 0"};
  for (Criterion& c : out) c.named["weight"] = c.weight / whole;
  return out;
}

// The vocabulary priority_ranking.
struct Drawing {
  double draws = 0, closeness = 0, disputed = 0, cases = 0;
};
base::Result<Drawing> drawing_of(const json::object& vocabulary) {
  Drawing s;
  for (const auto& each : vocabulary.at("codes").as_array()) {
    const std::string code = text_in(each.as_object(), "code");
    double* to = code == "draws"       ? &s.draws
                 : code == "closeness" ? &s.closeness
                 : code == "disputed"  ? &s.disputed
                 : code == "cases"     ? &s.cases
                                       : nullptr;
    if (to) *to = figure_in(each.as_object(), "number", 0);
  }
  const auto within = [](double n, double most) { return n > 0 && n <= most; };
  if (!within(s.draws, 100'000) || !within(s.closeness, 100'000) || !within(s.disputed, 5) ||
      !within(s.cases, 200))
    return base::Error{
        Refusal::invalid,
        "priority_ranking: \"number\" of draws and closeness is at most 100000, of disputed 5, of "
        "cases 200, and all are above 0"};
  return s;
}

// Scores by criterion, as the rows of a record have them.
using Scores = std::map<std::string, std::vector<double>, std::less<>>;
Scores scores_of(const json::object& values) {
  Scores out;
  if (const auto* rows = values.if_contains("scores"); rows && rows->is_array())
    for (const auto& row : rows->get_array())
      if (row.is_object() && row.get_object().contains("score"))
        out[text_in(row.get_object(), "under")].push_back(figure_in(row.get_object(), "score", 0));
  return out;
}
std::vector<std::string> missing_in(const Scores& scores, const std::vector<Criterion>& criteria) {
  std::vector<std::string> out;
  for (const Criterion& c : criteria)
    if (!scores.contains(c.code)) out.push_back(c.code);
  return out;
}
std::vector<double> means_of(const Scores& scores, const std::vector<Criterion>& criteria) {
  std::vector<double> out;
  for (const Criterion& c : criteria) out.push_back(assessed(scores.find(c.code)->second).mean);
  return out;
}
std::vector<double> weights_of(const std::vector<Criterion>& criteria) {
  std::vector<double> out;
  for (const Criterion& c : criteria) out.push_back(c.weight);
  return out;
}

json::array shares(const std::vector<double>& all) {
  json::array out;
  for (const double s : all) out.push_back(std::round(s * 1e4) / 1e4);
  return out;
}

// A score that is worked out when all criteria are scored, with the version of the weights it was made by.
void weigh(Records& records, Records::Writing& w) {
  std::set<std::string> met;
  if (const auto* rows = w.values.if_contains("scores"); rows && rows->is_array())
    for (const auto& each : rows->get_array()) {
      const json::object& row = each.get_object();
      if (!met.insert(text_in(row, "under") + " " + text_in(row, "assessor")).second)
        w.wrong.push_back({"scores",
                           "twice",
                           {text_in(row, "assessor") + " has scored " + text_in(row, "under") +
                                " twice: keep one of the two",
                            text_in(row, "assessor") + " a noté deux fois " + text_in(row, "under") +
                                " : gardez l'une des deux notes"}});
    }
  const auto vocabulary = records.declared()->vocabulary("priority_criterion");
  const auto criteria =
      vocabulary ? criteria_of(vocabulary->declaration) : base::Result<std::vector<Criterion>>(base::Error{});
  const Scores scores = scores_of(w.values);
  w.values.erase("score"), w.values.erase("weights");
  if (!criteria || !missing_in(scores, *criteria).empty()) return;
  const auto one = Ranking::of({means_of(scores, *criteria)}, weights_of(*criteria));
  if (!one) return;
  w.values["score"] = std::round(one->score(0) * 1e3) / 1e3;
  w.values["weights"] = vocabulary->version;
}

}  // namespace

void bring_priorities(Records& records) {
  records.on_write("priority", [&records](Records::Writing& w) { weigh(records, w); });
  records.on_vocabulary("priority_criterion", [](const kinds::Vocabulary& v) -> base::Status {
    static_cast<void>(TRY(criteria_of(v.declaration)));
    return base::Done{};
  });
  records.on_vocabulary("priority_ranking", [](const kinds::Vocabulary& v) -> base::Status {
    static_cast<void>(TRY(drawing_of(v.declaration)));
    return base::Done{};
  });
}

base::Result<json::object> ranking(Records& records, const kinds::Asker& who, std::string_view case_id,
                                   std::int64_t today) {
  const json::object vocabulary = TRY(records.vocabulary("priority_criterion"));
  const std::vector<Criterion> criteria = TRY(criteria_of(vocabulary));
  const Drawing s = TRY(drawing_of(TRY(records.vocabulary("priority_ranking"))));
  std::vector<Records::Seen> cases;
  std::vector<std::vector<double>> means;
  json::array incomplete;
  bool more = false;
  for (Records::Seen& each : records.every(who, "priority", 10'000)) {
    if (!case_id.empty() && each.case_id != case_id) continue;
    if (cases.size() + incomplete.size() >= static_cast<std::size_t>(s.cases)) {
      more = true;
      break;
    }
    const Scores scores = scores_of(each.values);
    if (const auto missing = missing_in(scores, criteria); !missing.empty()) {
      json::array codes(missing.begin(), missing.end());
      incomplete.push_back(
          json::object{{"code", each.code}, {"title", each.title}, {"missing", std::move(codes)}});
      continue;
    }
    means.push_back(means_of(scores, criteria));
    cases.push_back(std::move(each));
  }
  const Ranking made = TRY(Ranking::of(std::move(means), weights_of(criteria)));
  // The same cases on any day have the same draws.
  std::string all;
  for (const Records::Seen& each : cases) all += each.code + " ";
  const auto seed = base::load_le<std::uint64_t>(base::sha256(all).data());
  const auto draws = static_cast<std::uint32_t>(s.draws);
  const auto near = made.acceptability(draws, s.closeness, seed);
  const auto even = made.acceptability(draws, 0, seed + 1);
  std::string payload;
  base::JsonWriter(payload).object().member("cases", static_cast<std::uint64_t>(cases.size())).end_object();
  TRY(records.tell(who, "ranking_viewed", "", payload));

  json::array ranked;
  const auto& order = made.order();
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const std::size_t at = order[rank];
    const Records::Seen& of = cases[at];
    const Scores scores = scores_of(of.values);
    json::array under;
    for (const Criterion& c : criteria) {
      const Assessed a = assessed(scores.find(c.code)->second);
      under.push_back(json::object{{"code", c.code},
                                   {"mean", a.mean},
                                   {"low", a.low},
                                   {"high", a.high},
                                   {"spread", std::round(a.spread * 1e3) / 1e3},
                                   {"assessors", a.assessors},
                                   {"disputed", a.high - a.low >= s.disputed}});
    }
    json::value turn;
    if (rank + 1 < order.size())
      if (const auto t = made.turn(at, order[rank + 1]))
        turn = json::object{{"criterion", criteria[t->criterion].code},
                            {"weight", made.weights()[t->criterion]},
                            {"to", t->to}};
    const std::string target = text_in(of.values, "target");
    const auto days = kinds::days_of(target);
    ranked.push_back(json::object{{"code", of.code},
                                  {"title", of.title},
                                  {"case", of.case_id},
                                  {"state", of.state},
                                  {"score", std::round(made.score(at) * 1e3) / 1e3},
                                  {"target", target.empty() ? json::value() : json::value(target)},
                                  {"late", days && days->to < today},
                                  {"under", std::move(under)},
                                  {"near", shares(near.share[at])},
                                  {"even", shares(even.share[at])},
                                  {"best", std::min(near.best[at], even.best[at]) + 1},
                                  {"worst", std::max(near.worst[at], even.worst[at]) + 1},
                                  {"turn", std::move(turn)}});
  }
  json::array by;
  for (const Criterion& c : criteria) by.push_back(c.named);
  return json::object{{"ranked", std::move(ranked)}, {"incomplete", std::move(incomplete)}, {"more", more},
                      {"criteria", std::move(by)},   {"version", vocabulary.at("version")}, {"draws", draws}};
}

Chart ranking_chart(const json::object& ranking, bool french) {
  const auto number = [&](const json::value& v, int digits) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*f", digits, v.to_number<double>());
    std::string out = text;
    if (french) std::ranges::replace(out, '.', ',');
    return out;
  };
  const auto percent = [&](const json::value& v) {
    return number(json::value(v.to_number<double>() * 100), 0) + (french ? " %" : "%");
  };
  Chart out;
  out.title = french ? "Classement des priorités" : "Ranking of priorities";
  if (french)
    out.header = {"Rang", "Affaire",        "Cote",
                  "Note", "Tient son rang", "Meilleur",
                  "Pire", "Objectif",       "Ce qui l'intervertirait avec la suivante"};
  else
    out.header = {"Rank",  "Case",           "Code",
                  "Score", "Holds its rank", "Best",
                  "Worst", "Target",         "What would swap it with the next"};
  const json::array& criteria = ranking.at("criteria").get_array();
  for (const json::value& c : criteria)
    out.header.emplace_back(c.at("label").at(french ? "fr" : "en").get_string());
  std::size_t rank = 0;
  for (const json::value& r : ranking.at("ranked").get_array()) {
    const auto text = [](const json::value& v) {
      return v.is_string() ? std::string(v.get_string()) : std::string();
    };
    std::string turn = french ? "aucune pondération seule" : "no weight alone";
    if (const auto* t = r.at("turn").if_object())
      for (const json::value& c : criteria)
        if (c.at("code") == t->at("criterion"))
          turn = std::string(c.at("label").at(french ? "fr" : "en").get_string()) + ": " +
                 percent(t->at("weight")) + " → " + percent(t->at("to"));
    if (rank + 1 == ranking.at("ranked").get_array().size()) turn.clear();
    std::vector<std::string> row{std::to_string(rank + 1),
                                 text(r.at("title")),
                                 text(r.at("code")),
                                 number(r.at("score"), 2),
                                 percent(r.at("near").at(rank)),
                                 number(r.at("best"), 0),
                                 number(r.at("worst"), 0),
                                 text(r.at("target")),
                                 turn};
    for (const json::value& u : r.at("under").get_array())
      row.push_back(number(u.at("mean"), 1) +
                    (u.at("disputed").get_bool()
                         ? (" (" + number(u.at("low"), 0) + "–" + number(u.at("high"), 0) + ")")
                         : ""));
    out.rows.push_back(std::move(row));
    ++rank;
  }
  return out;
}

}  // namespace casework

// Reviews of the evidence (casework.md 2.3): who may vote, and the matrix that they vote on.
#include "rules.h"

#include <base/bytes.h>
#include <base/crypto.h>
#include <casework/module.h>
#include <kinds/value.h>

#include <algorithm>

namespace casework {
namespace {

namespace json = boost::json;
using kinds::Records;
using kinds::text_in;

constexpr std::string_view kMatrix = "matrix";

std::string named(const std::set<std::string>& all) {
  std::string out;
  for (const std::string& each : all) out += (out.empty() ? "" : ", ") + each;
  return out;
}
std::string hash_of(std::string_view text) { return base::hex(base::view(base::sha256(text))); }

// What was said of a conflict, by member.
std::map<std::string, bool> declared_in(const json::object& review) {
  std::map<std::string, bool> out;
  for (const auto& row : rows_in(review, "declarations"))
    out[text_in(row.get_object(), "member")] |= yes(row.get_object(), "conflict");
  return out;
}

void vote_in_order(Records::Writing& w, const kinds::Declared& known) {
  const auto recused = [&](const std::string& vote) {
    const json::object* code = code_of(known, "vote", vote);
    return code && yes(*code, "recused");
  };
  const std::vector<std::string> members = texts(w.values, "members");
  const auto declared = declared_in(w.values);
  const std::string person = text_in(w.values, "person");
  const auto wrong = [&](std::size_t row, const char* column, const char* code, kinds::Words words) {
    w.wrong.push_back({"votes[" + std::to_string(row) + "]." + column, code, std::move(words)});
  };
  std::set<std::pair<std::string, std::string>> voted;
  std::size_t row = 0;
  for (const auto& each : rows_in(w.values, "votes")) {
    const json::object& vote = each.get_object();
    const std::string member = text_in(vote, "member"), count = text_in(vote, "count");
    if (w.state == "planned")
      wrong(row, "vote", "not_frozen",
            {"Votes are given on the frozen matrix: freeze it first",
             "On vote sur la matrice figée : figez-la d'abord"});
    if (std::ranges::find(members, member) == members.end())
      wrong(row, "member", "no_member",
            {member + " is no member of this review: add them, or take the vote out",
             member + " n'est pas membre de cet examen : ajoutez-le, ou retirez le vote"});
    const auto said = declared.find(member);
    if (said != declared.end() && said->second && !recused(text_in(vote, "vote")))
      wrong(row, "member", "conflicted",
            {member + " has declared a conflict of interest and does not vote: record them as recused",
             member + " a déclaré un conflit d'intérêts et ne vote pas : consignez sa récusation"});
    if (!voted.emplace(count, member).second)
      wrong(row, "member", "twice",
            {member + " has voted on " + count + " already", member + " a déjà voté sur " + count});
    if (const auto of = w.read(count); of && text_in(*of, "person") != person)
      wrong(row, "count", "other_person",
            {count + " is no count of the person under review",
             count + " n'est pas un chef de la personne examinée"});
    ++row;
  }
  if (w.state == "voted" && w.was != "voted") {
    std::set<std::string> lacking;
    for (const std::string& count : w.having("count", "person", person)) {
      if (!w.found(count)) continue;
      for (const std::string& member : members)
        if (!voted.contains({count, member})) lacking.insert(member + " (" + count + ")");
    }
    if (!lacking.empty())
      w.wrong.push_back({"votes",
                         "lacking",
                         {"These votes are missing, or the recusal: " + named(lacking),
                          "Il manque ces votes, ou la récusation : " + named(lacking)}});
  }
}

void declare_before(Records::Writing& w) {
  if (w.state == "planned") return;
  const auto declared = declared_in(w.values);
  std::set<std::string> silent;
  for (const std::string& member : texts(w.values, "members"))
    if (!declared.contains(member)) silent.insert(member);
  if (!silent.empty())
    w.wrong.push_back({"declarations",
                       "undeclared",
                       {"Each member says whether there is a conflict of interest; missing: " + named(silent),
                        "Chaque membre dit s'il a un conflit d'intérêts ; il manque : " + named(silent)}});
}

// The whole matrix, whoever freezes it, in one spelling.
void freeze(Records& records, Records::Writing& w) {
  if (w.state != "frozen" || w.was != "planned") return;
  const auto whole = matrix_of(records, Records::whole(), text_in(w.values, "person"), "");
  if (!whole || whole->at("counts").get_array().empty()) {
    w.wrong.push_back({"person",
                       "no_counts",
                       {"There is no count to review: add the counts of this person first",
                        "Il n'y a aucun chef à examiner : ajoutez d'abord les chefs de cette personne"}});
    return;
  }
  const std::string text = json::serialize(*whole);
  w.keep(kMatrix, text);
  w.values["matrix_hash"] = hash_of(text);
}

// What of the frozen matrix they may read now, judged and classed by that alone; records that are gone from
// their sight take what hangs on them along.
void keep_seen(Records& records, const kinds::Asker& who, const Records::Seen& review, json::object& matrix) {
  rights::Classification highest = review.label.classification;
  const auto sift = [&](json::array& all, const char* kind) {
    json::array kept;
    for (auto& v : all)
      if (const auto seen = records.one(who, kind, std::string_view(v.at("code").get_string()))) {
        highest = std::max(highest, seen->label.classification);
        kept.push_back(std::move(v));
      }
    all = std::move(kept);
  };
  sift(matrix.at("counts").get_array(), "count");
  for (auto& count : matrix.at("counts").get_array())
    for (auto& element : count.at("elements").get_array()) {
      sift(element.at("ratings").get_array(), "element_rating");
      sift(element.at("propositions").get_array(), "proposition");
      for (auto& p : element.at("propositions").get_array()) sift(p.at("links").get_array(), "proof");
    }
  matrix["class"] = rights::name_of(highest);
  judge(matrix);
}

// Levels that are others by now, of counts and of their elements.
json::array since(const json::object& then, const json::object& now) {
  json::array out;
  const auto by_code = [](const json::array& all, const json::value& code) -> const json::object* {
    for (const auto& v : all)
      if (v.at("code") == code) return &v.get_object();
    return nullptr;
  };
  for (const auto& was : then.at("counts").get_array()) {
    const json::object* is = by_code(now.at("counts").get_array(), was.at("code"));
    const auto note = [&](const json::value& element, const json::value& before, const json::value& after) {
      if (before != after)
        out.push_back(
            json::object{{"count", was.at("code")}, {"element", element}, {"then", before}, {"now", after}});
    };
    note(nullptr, was.at("level"), is ? is->at("level") : json::value());
    if (!is) continue;
    for (const auto& e : was.at("elements").get_array()) {
      const json::object* other = by_code(is->at("elements").get_array(), e.at("code"));
      note(e.at("code"), e.at("level"), other ? other->at("level") : json::value());
    }
  }
  return out;
}

}  // namespace

base::Result<std::optional<json::object>> frozen_matrix(Records& records, const kinds::Asker& who,
                                                        std::string_view code) {
  const auto review = records.one(who, "review", code);
  const auto text = review ? records.kept(who, "review", code, kMatrix) : std::nullopt;
  if (!text) return std::optional<json::object>();
  boost::system::error_code broken;
  json::value kept = json::parse(*text, broken);
  if (broken || !kept.is_object())
    return base::Error{base::Refusal::damaged,
                       "the matrix that " + std::string(code) + " froze cannot be read: restore a backup"};
  json::object out = std::move(kept.get_object());
  keep_seen(records, who, *review, out);
  const auto now = matrix_of(records, who, text_in(review->values, "person"), "");
  const std::string hash = text_in(review->values, "matrix_hash");
  out["frozen"] = json::object{{"review", review->code},
                               {"title", review->title},
                               {"hash", hash},
                               {"holds", hash_of(*text) == hash},
                               {"since", now ? since(out, *now) : json::array()}};
  return std::optional(std::move(out));
}

void bring_reviews(Records& records) {
  records.on_write("review", [&records](Records::Writing& w) {
    declare_before(w);
    vote_in_order(w, *records.declared());
    if (w.wrong.empty()) freeze(records, w);
  });
  records.on_write("suspect_case", [](Records::Writing& w) {
    for (const char* field : {"internal_review", "external_review"}) {
      const std::string review = text_in(w.values, field);
      if (review.empty()) continue;
      if (const auto of = w.read(review); of && text_in(*of, "person") != w.code)
        w.wrong.push_back({field,
                           "other_person",
                           {review + " is the review of another person: choose one of this person",
                            review + " est l'examen d'une autre personne : choisissez-en un de celle-ci"}});
    }
  });
}

}  // namespace casework

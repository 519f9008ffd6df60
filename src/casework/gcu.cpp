// What goes to the Gender and Children Unit (casework.md 5.2): products are sent by rule, and nothing goes on
// that the Unit has asked to be changed. The rules are members "routes" of the vocabulary gcu_product: of a
// kind (where `field` is a code), when it comes to a state, how many days the Unit has, and which state it
// does not come to while a review stands in one of some states.
#include "rules.h"

#include <casework/module.h>
#include <kinds/date.h>
#include <kinds/value.h>

#include <algorithm>

namespace casework {
namespace {

namespace json = boost::json;
using kinds::Records;
using kinds::text_in;

constexpr std::string_view kReview = "gcu_review";

void route(Records::Writing& w, const json::object& product, const json::object& rule) {
  const std::string field = text_in(rule, "field"), code = text_in(product, "code");
  if (text_in(rule, "kind") != w.kind.name) return;
  if (!field.empty() && text_in(w.values, field) != text_in(rule, "is")) return;
  std::vector<std::pair<std::string, std::string>> reviews;
  for (auto& [review, state] : w.naming(kReview, "about", w.code))
    if (const auto of = w.read(review); of && text_in(*of, "product") == code)
      reviews.emplace_back(std::move(review), std::move(state));
  if (w.state == text_in(rule, "when") && w.was != w.state && reviews.empty()) {
    const auto* title = w.values.if_contains(w.kind.name_field);
    w.add(kReview,
          {{"title", title ? *title : json::value(w.code)},
           {"product", code},
           {"about", json::array{json::value(w.code)}},
           {"due", kinds::date_of(w.today + static_cast<std::int64_t>(kinds::figure_in(rule, "days", 10)))}});
  }
  if (w.state != text_in(rule, "holds_up") || w.was == w.state) return;
  const std::vector<std::string> open = texts(rule, "while");
  for (const auto& [review, state] : reviews)
    if (std::ranges::find(open, state) != open.end()) {
      const std::string named = w.found(review) ? review + " " : std::string();
      w.wrong.push_back(
          {std::string(w.kind.name_field),
           "gcu",
           {"The Gender and Children Unit has this product before it, or has asked for changes: " + named +
                "is to be compliant first",
            "L'Unité genre et enfants examine ce produit ou a demandé des modifications : " + named +
                "doit d'abord être conforme"}});
    }
}

base::Status judged(const json::object& vocabulary, const kinds::Declared& known) {
  for (const auto& each : vocabulary.at("codes").get_array())
    for (const auto& rule : rows_in(each.get_object(), "routes")) {
      const std::string code = text_in(each.get_object(), "code");
      const json::object* r = rule.if_object();
      const kinds::Kind* kind = r ? known.kind(text_in(*r, "kind")) : nullptr;
      const auto refused = [&](const std::string& what) {
        return base::Error{base::Refusal::invalid, "gcu_product." + code + ".routes: " + what};
      };
      if (!kind) return refused("\"kind\" is a kind of records");
      const auto about = std::ranges::find(known.kind(kReview)->fields, "about", &kinds::Field::name);
      if (std::ranges::find(about->to, kind->name) == about->to.end())
        return refused("a review is not about " + kind->name);
      if (!kind->workflow.state(text_in(*r, "when"))) return refused("\"when\" is a state of " + kind->name);
      if (const std::string held = text_in(*r, "holds_up"); !held.empty() && !kind->workflow.state(held))
        return refused("\"holds_up\" is a state of " + kind->name);
      for (const std::string& s : texts(*r, "while"))
        if (!known.kind(kReview)->workflow.state(s)) return refused("\"while\" names states of a review");
      if (const double days = kinds::figure_in(*r, "days", 0); !(days >= 1 && days <= 365))
        return refused("\"days\" is a number from 1 to 365");
    }
  return base::Done{};
}

}  // namespace

void bring_gcu(Records& records) {
  records.on_write("*", [&records](Records::Writing& w) {
    const auto declared = records.declared();
    const auto products = declared->vocabulary("gcu_product");
    if (!products) return;
    for (const auto& each : products->declaration.at("codes").get_array())
      for (const auto& rule : rows_in(each.get_object(), "routes"))
        route(w, each.get_object(), rule.get_object());
  });
  records.on_vocabulary("gcu_product", [&records](const kinds::Vocabulary& v) {
    return judged(v.declaration, *records.declared());
  });
}

}  // namespace casework

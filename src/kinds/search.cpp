// Records found by words, in all kinds; and what is offered while somebody types.
#include "called.h"
#include "order.h"
#include "say.h"

#include <base/text.h>
#include <kinds/records.h>

#include <algorithm>

namespace kinds {
namespace {

namespace json = boost::json;

constexpr std::size_t kSuggested = 20;

}  // namespace

json::object Records::search(const Asker& who, std::string_view text, std::size_t limit) {
  std::vector<std::string> words = search_words(text);
  if (words.size() > 20) words.resize(20);
  json::array hits;
  std::int64_t total = 0;
  if (words.empty()) return {{"total", 0}, {"hits", std::move(hits)}};
  std::vector<std::pair<std::string, bool>> asked;  // the last may be the beginning of a word
  for (std::size_t i = 0; i < words.size(); ++i) asked.emplace_back(words[i], i + 1 == words.size());
  const Marks marks = with_words(std::move(asked));
  for (const auto& k : declared_->kinds()) {
    const auto may = visible(who, *k, rights::Act::search);
    if (may.empty()) continue;
    const auto order = *ordered(*k, {"-changed"});
    const Order::Met met = order->those(may, &marks, limit - std::min(limit, hits.size()));
    total += static_cast<std::int64_t>(met.total);
    for (const Stored& r : many(*k, {met.ids->begin(), met.ids->end()}))
      hits.push_back(json::object{{"code", r.code},
                                  {"kind", k->name},
                                  {"title", r.title},
                                  {"state", r.state},
                                  {"snippet", snippet(text_of(*k, r.values, *declared_), words)}});
  }
  return {{"total", total}, {"hits", std::move(hits)}};
}

json::object Records::suggest(const Asker& who, const std::vector<std::string>& kinds,
                              std::string_view text) {
  json::array hits;
  std::vector<std::pair<std::string, bool>> asked;
  for (std::string& word : search_words(text)) asked.emplace_back(std::move(word), true);
  std::optional<Marks> marks;
  if (!asked.empty()) marks = with_words(std::move(asked));
  for (const std::string& name : kinds) {
    const Kind* k = declared_->kind(name);
    if (!k || hits.size() >= kSuggested) continue;
    const auto may = visible(who, *k, rights::Act::search);
    const auto order = *ordered(*k, {"-changed"});
    const Order::Met met = order->those(may, marks ? &*marks : nullptr, kSuggested - hits.size());
    std::vector<std::int64_t> ids(met.ids->begin(), met.ids->end());
    // A person by another spelling, behind those whose words begin so.
    if (k->named() && marks)
      for (const Likeness& l : called(who, *k, text))
        if (hits.size() + ids.size() < kSuggested && std::ranges::find(ids, l.record) == ids.end())
          ids.push_back(l.record);
    for (const Stored& r : many(*k, ids))
      hits.push_back(json::object{{"code", r.code}, {"title", r.title}, {"kind", k->name}});
  }
  return {{"hits", std::move(hits)}};
}

json::object Records::suggest_staff(std::string_view text) {
  json::array hits;
  const std::string asked_for = base::lower_ascii(base::trim(text));
  for (const auto& p : around_.staff())
    if (hits.size() < kSuggested && (base::lower_ascii(p.name).find(asked_for) != std::string::npos ||
                                     base::iequals_ascii(p.code, asked_for)))
      hits.push_back(json::object{{"code", p.code}, {"name", p.name}});
  return {{"hits", std::move(hits)}};
}

}  // namespace kinds

// custos tag: what the web does with tags, for scripts.
#include "answer.h"

#include <base/json.h>
#include <base/text.h>
#include <evidence/tags.h>

#include <charconv>

namespace cli {
namespace {

int list(evidence::CaseFile& file, bool as_json) {
  std::string json, plain;
  base::JsonWriter w(json);
  w.object().key("tags").array();
  for (const evidence::TagView& t : evidence::tags(file)) {
    w.object().member("name", t.name).member("items", t.count).end_object();
    plain += base::with_commas(static_cast<std::uint64_t>(t.count)) + "\t" + t.name + "\n";
  }
  w.end_array().end_object();
  print(as_json ? json + "\n" : plain);
  return kWell;
}

base::Result<std::vector<std::uint32_t>> items_of(OpenCase& c, const Arguments& a) {
  if (a.words.size() > 1) {
    evidence::Search::Asked asked;
    asked.query = a.words[1], asked.ranked = 1;
    return TRY(evidence::Search::run(*c.file, asked))->items();
  }
  std::vector<std::uint32_t> out;
  const std::string listed = a.get("--items");
  for (const std::string_view code : base::split(listed, ',')) {
    const std::string one(base::trim(code));
    if (one.rfind('-') != a.get("--case").size() || !one.starts_with(a.get("--case") + "-"))
      return base::Error{base::Refusal::not_found,
                         "there is no item \"" + one + "\" in case " + a.get("--case")};
    out.push_back(static_cast<std::uint32_t>(TRY(evidence::open_item(*c.office, one)).second));
  }
  return out;
}

}  // namespace

int run_tag(const Arguments& a) {
  const bool undo = a.has("--undo"), sets = !a.words.empty();
  if (undo   ? sets || a.has("--off") || a.has("--items")
      : sets ? (a.words.size() > 1) == a.has("--items")
             : a.has("--off") || a.has("--items"))
    return wrong_usage(
        "`custos tag` takes a NAME with a QUERY or with --items, or --undo JOB alone, or nothing");
  OpenCase c = OR_REFUSE(case_of(a));
  if (!undo && !sets) return list(*c.file, a.has("--json"));
  std::int64_t job = 0;
  if (undo) {
    job = OR_REFUSE(
        evidence::begin_undo(*c.file, static_cast<std::int64_t>(OR_USAGE(number_of(a, "--undo", 0)))));
  } else {
    const std::vector<std::uint32_t> items = OR_REFUSE(items_of(c, a));
    const auto met = evidence::tag_named(*c.file, a.words[0]);
    if (!met && a.has("--off"))
      return refuse({base::Refusal::not_found, "there is no tag \"" + a.words[0] + "\" in this case"});
    if (items.empty()) return refuse({base::Refusal::invalid, "no item is found: nothing is tagged"});
    const std::int64_t tag = met ? met->id : OR_REFUSE(evidence::add_tag(*c.file, {a.words[0]}));
    job = OR_REFUSE(evidence::begin_tagging(*c.file, tag, !a.has("--off"), items));
  }
  {
    Bar bar("tagging", base::system_clock());
    evidence::run_tagging(*c.file, nullptr, [&](std::int64_t of, std::int64_t done, std::int64_t total) {
      if (of == job) bar.tick(done, total);
    });
  }
  const evidence::TagJob end = *evidence::tag_job(*c.file, job);
  std::string json;
  base::JsonWriter(json)
      .object()
      .member("job", job)
      .member("items", end.expected)
      .member("changed", end.changed)
      .end_object();
  const auto n = [](std::int64_t v) { return base::with_commas(static_cast<std::uint64_t>(v)); };
  if (a.has("--json"))
    print(json + "\n");
  else
    print("job " + std::to_string(job) + ": " + n(end.changed) + " of " + n(end.expected) + " items changed" +
          (undo ? "\n" : "; `custos tag --undo " + std::to_string(job) + "` takes it back\n"));
  return kWell;
}

}  // namespace cli

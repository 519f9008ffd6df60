// The commands whose answers are long: search, count, report, verify.
#include "answer.h"

#include <base/json.h>
#include <base/text.h>

#include <unistd.h>

namespace cli {

int run_search(const Arguments& a) {
  OpenCase c = OR_REFUSE(case_of(a));
  evidence::SearchOptions o;
  o.limit = OR_USAGE(number_of(a, "--limit", 20));
  o.offset = OR_USAGE(number_of(a, "--offset", 0));
  o.facets = a.has("--facets");
  const std::string sort = a.get("--sort", "relevance");
  if (sort == "date")
    o.sort = search::Sort::date;
  else if (sort == "path")
    o.sort = search::Sort::path;
  else if (sort != "relevance")
    return wrong_usage("--sort is relevance, date or path, not \"" + sort + "\"");
  const evidence::Found found = OR_REFUSE(evidence::find(*c.file, a.words[0], o));
  std::string out;
  if (a.has("--json")) {
    base::JsonWriter w(out);
    w.object().member("total", found.total).member("families", found.families).key("hits").array();
    for (const evidence::Hit& h : found.hits) {
      w.object()
          .member("item", h.item)
          .member("path", h.path)
          .member("type", h.type)
          .member("page", static_cast<std::uint64_t>(h.page))
          .member("offset", static_cast<std::uint64_t>(h.offset))
          .member("snippet", h.snippet)
          .member("title", h.title)
          .member("date", h.date)
          .member("from", h.sender)
          .member("family_items", h.family_items)
          .key("marks")
          .array();
      for (const auto& [b, e] : h.marks)
        w.array().value(static_cast<std::uint64_t>(b)).value(static_cast<std::uint64_t>(e)).end_array();
      w.end_array().end_object();
    }
    w.end_array();
    if (o.facets) {
      w.key("facets").object();
      for (const search::Facet& f : found.facets) {
        w.key(f.name).array();
        for (const auto& [value, n] : f.values)
          w.object().member("value", value).member("count", n).end_object();
        w.end_array();
      }
      w.end_object();
    }
    w.end_object();
    print(out + "\n");
    return kWell;
  }
  out = base::with_commas(found.total) + (found.total == 1 ? " item in " : " items in ") +
        base::with_commas(found.families) + (found.families == 1 ? " family\n" : " families\n");
  const bool bold = ::isatty(1);
  for (const evidence::Hit& h : found.hits) {
    out += "\n" + h.item + "  " + h.path + "  [" + h.type +
           (h.date.empty() ? "" : ", " + h.date.substr(0, 10)) + "]\n";
    if (!h.title.empty()) out += "  " + h.title + "\n";
    std::string snippet = h.snippet;
    for (auto m = h.marks.rbegin(); bold && m != h.marks.rend(); ++m)
      snippet.insert(m->second, "\x1b[0m"), snippet.insert(m->first, "\x1b[1m");
    if (!snippet.empty()) out += "  p. " + std::to_string(h.page) + ": " + snippet + "\n";
  }
  for (const search::Facet& f : found.facets) {
    if (f.values.empty()) continue;
    out += "\n" + f.name + "\n";
    for (std::size_t i = 0; i < std::min<std::size_t>(f.values.size(), 10); ++i)
      out += "  " + base::with_commas(f.values[i].second) + "\t" + f.values[i].first + "\n";
  }
  print(out);
  return kWell;
}

int run_count(const Arguments& a) {
  OpenCase c = OR_REFUSE(case_of(a));
  const std::vector<std::string> terms = OR_REFUSE(lines_of(a.get("--terms")));
  const auto counts = OR_REFUSE(evidence::count_terms(*c.file, terms));
  std::string out;
  base::JsonWriter w(out);
  w.object().key("terms").array();
  std::string plain = "line\titems\tfamilies\tunique\tterm\n";
  bool wrong = false;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const evidence::TermCount& t = counts[i];
    const std::string line = std::to_string(i + 1);
    w.object().member("line", static_cast<std::uint64_t>(i + 1)).member("term", t.term);
    if (!t.error.empty()) {
      wrong = true;
      w.member("error", t.error).end_object();
      plain += line + "\t-\t-\t-\t" + t.term + "\t! " + t.error + "\n";
      continue;
    }
    w.member("items", t.items)
        .member("families", t.families)
        .member("unique", t.unique)
        .member("items_with_families", t.with_families)
        .end_object();
    plain += line + "\t" + std::to_string(t.items) + "\t" + std::to_string(t.families) + "\t" +
             std::to_string(t.unique) + "\t" + t.term + "\n";
  }
  w.end_array().end_object();
  print(a.has("--json") ? out + "\n" : plain);
  if (wrong)
    std::fprintf(
        stderr, "custos: some lines could not be read as queries; they are marked, the others are counted\n");
  return wrong ? kRefused : kWell;
}

int run_report(const Arguments& a) {
  OpenCase c = OR_REFUSE(case_of(a));
  const evidence::Account r = evidence::account(*c.file);
  if (a.has("--json")) {
    std::string out;
    base::JsonWriter w(out);
    w.object()
        .key("totals")
        .object()
        .member("expected", r.totals.expected)
        .member("extracted", r.totals.extracted)
        .member("failed", r.totals.failed)
        .member("skipped", r.totals.skipped)
        .member("pending", r.totals.pending)
        .end_object();
    w.key("containers").array();
    for (const auto& k : r.containers)
      w.object()
          .member("item", k.item)
          .member("path", k.path)
          .member("type", k.type)
          .member("expected", k.expected)
          .member("extracted", k.extracted)
          .member("failed", k.failed)
          .member("skipped", k.skipped)
          .end_object();
    w.end_array();
    const auto list = [&](std::string_view name, const std::vector<evidence::Failure>& f) {
      w.key(name).array();
      for (const auto& k : f)
        w.object()
            .member("item", k.item)
            .member("path", k.path)
            .member("reason", k.reason)
            .member("detail", k.detail)
            .end_object();
      w.end_array();
    };
    list("failures", r.failures), list("skipped", r.skipped), list("partial", r.partial);
    const auto counts = [&](std::string_view name,
                            const std::vector<std::pair<std::string, std::int64_t>>& v) {
      w.key(name).object();
      for (const auto& [k, n] : v) w.member(k, n);
      w.end_object();
    };
    counts("types", r.types), counts("reasons", r.reasons);
    w.member("duplicates", r.duplicates)
        .member("near_duplicates", r.near_duplicates)
        .member("threads", r.threads)
        .member("low_confidence", r.low_ocr);
    w.key("bytes")
        .object()
        .member("originals", r.bytes_originals)
        .member("text", r.bytes_text)
        .member("vault", r.bytes_vault)
        .member("index", r.bytes_index)
        .member("records", r.bytes_records)
        .end_object()
        .end_object();
    print(out + "\n");
    return kWell;
  }
  const auto n = [](std::int64_t v) { return base::with_commas(static_cast<std::uint64_t>(v)); };
  std::string out = "expected " + n(r.totals.expected) + " = extracted " + n(r.totals.extracted) +
                    " + failed " + n(r.totals.failed) + " + skipped " + n(r.totals.skipped);
  if (r.totals.pending) out += " + pending " + n(r.totals.pending);
  out += "\ncontainers " + n(static_cast<std::int64_t>(r.containers.size())) + ", read in part " +
         n(static_cast<std::int64_t>(r.partial.size())) + ", exact duplicates " + n(r.duplicates) +
         ", near-duplicates " + n(r.near_duplicates) + ", mail threads " + n(r.threads) +
         ", low-confidence recognition " + n(r.low_ocr) + "\n";
  out += "bytes: originals " + n(r.bytes_originals) + ", text " + n(r.bytes_text) + ", vault " +
         n(r.bytes_vault) + ", index " + n(r.bytes_index) + ", records " + n(r.bytes_records) + "\n";
  out += "\nreasons\n";
  for (const auto& [k, v] : r.reasons) out += "  " + n(v) + "\t" + k + "\n";
  out += "\ntypes\n";
  for (const auto& [k, v] : r.types) out += "  " + n(v) + "\t" + (k.empty() ? "(not told)" : k) + "\n";
  if (!r.failures.empty()) out += "\nfailures\n";
  for (const auto& f : r.failures)
    out += "  " + f.item + "  " + f.reason + "  " + f.path +
           (f.detail.empty() ? "" : "  (" + f.detail + ")") + "\n";
  print(out);
  return kWell;
}

int run_verify(const Arguments& a) {
  const auto office = OR_REFUSE(office_of(a));
  std::vector<evidence::CaseName> cases;
  if (a.has("--case"))
    cases.push_back(OR_REFUSE(office->find_case(a.get("--case"))));
  else
    cases = office->cases();
  std::string json;
  base::JsonWriter w(json);
  w.object().key("cases").array();
  bool all = true;
  for (const evidence::CaseName& c : cases) {
    evidence::Verdict v;
    {
      Bar bar("verifying " + c.code, base::system_clock());
      try {
        const auto file = OR_REFUSE(evidence::open_case(*office, c));
        v = evidence::verify(*file, [&](std::int64_t done, std::int64_t total) { bar.tick(done, total); });
      } catch (const base::Fault& f) {
        v.deviations.push_back(std::string("the records cannot be read: ") + f.what());
      }
    }
    all &= v.deviations.empty();
    w.object()
        .member("case", c.code)
        .member("holds", v.deviations.empty())
        .member("items", v.items)
        .member("objects", v.objects)
        .member("bytes", v.object_bytes)
        .member("ledger_rows", v.rows)
        .member("checkpoints", v.checkpoints)
        .member("rows_per_second", v.seconds_rows > 0 ? static_cast<double>(v.rows) / v.seconds_rows : 0.0)
        .key("deviations")
        .array();
    for (const std::string& d : v.deviations) w.value(d);
    w.end_array().end_object();
    if (a.has("--json")) continue;
    std::string out = c.code + ": " + (v.deviations.empty() ? "holds" : "DOES NOT HOLD") + " (" +
                      base::with_commas(static_cast<std::uint64_t>(v.items)) + " items, " +
                      base::with_commas(static_cast<std::uint64_t>(v.objects)) + " objects, " +
                      base::with_commas(static_cast<std::uint64_t>(v.rows)) + " ledger rows, " +
                      std::to_string(v.checkpoints) + " checkpoints)\n";
    for (const std::string& d : v.deviations) out += "  " + d + "\n";
    print(out);
  }
  w.end_array();
  if (!a.has("--case")) {
    const evidence::Verdict v = evidence::verify_office(*office);
    all &= v.deviations.empty();
    w.key("office").object().member("holds", v.deviations.empty()).member("ledger_rows", v.rows);
    w.member("checkpoints", v.checkpoints).key("deviations").array();
    for (const std::string& d : v.deviations) w.value(d);
    w.end_array().end_object();
    if (!a.has("--json")) {
      std::string out = std::string("office: ") + (v.deviations.empty() ? "holds" : "DOES NOT HOLD") + " (" +
                        base::with_commas(static_cast<std::uint64_t>(v.rows)) + " ledger rows, " +
                        std::to_string(v.checkpoints) + " checkpoints)\n";
      for (const std::string& d : v.deviations) out += "  " + d + "\n";
      print(out);
    }
  }
  w.member("holds", all).end_object();
  if (a.has("--json")) print(json + "\n");
  return all ? kWell : kDeviations;
}

}  // namespace cli

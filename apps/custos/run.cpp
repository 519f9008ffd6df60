#include "progress.h"
#include "run.h"

#include <base/handle.h>
#include <base/json.h>
#include <base/text.h>
#include <evidence/ask.h>
#include <evidence/module.h>
#include <extract/account.h>
#include <sandbox/lane.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <charconv>
#include <unistd.h>

namespace cli {
namespace {

std::atomic<bool> g_stop{false};

void stop_on_signals() {
  const auto handler = [](int) {
    if (g_stop.exchange(true)) ::_exit(kInterrupted);
    static constexpr char word[] = "\ncustos: ending in good order; once more ends at once\n";
    if (::write(2, word, sizeof word - 1) < 0) return;
  };
  std::signal(SIGINT, handler);
  std::signal(SIGTERM, handler);
  std::signal(SIGPIPE, SIG_IGN);
}

base::Result<std::unique_ptr<evidence::Office>> office_of(const Arguments& a) {
  return evidence::Office::open(a.get("--home"), base::system_clock());
}

struct OpenCase {
  std::unique_ptr<evidence::Office> office;
  std::shared_ptr<evidence::CaseFile> file;
};
base::Result<OpenCase> case_of(const Arguments& a) {
  OpenCase c;
  c.office = TRY(office_of(a));
  c.file = TRY(evidence::open_case(*c.office, TRY(c.office->find_case(a.get("--case")))));
  return c;
}



}  // namespace

// A reader that has gone away ends the program quietly; a full disk does not.
void print(std::string_view text) {
  if (!base::write_all(1, text)) {
    if (errno == EPIPE) ::_exit(kWell);
    base::fault_errno("cannot write the answer");
  }
}

int wrong_usage(const std::string& message) {
  std::fprintf(stderr, "custos: %s\n", message.c_str());
  return kUsage;
}

int refuse(const base::Error& e) {
  std::fprintf(stderr, "custos: %s\n", e.message.c_str());
  return kRefused;
}

// The value, or the exit code of wrong usage.
#define OR_USAGE(expression) OR_USAGE_NAMED(expression, BASE_JOIN(answer_, __COUNTER__))
#define OR_USAGE_NAMED(expression, name)                   \
  __extension__({                                          \
    auto name = (expression);                              \
    if (!name.ok()) return wrong_usage(name.error().message); \
    std::move(name).value();                               \
  })
#define OR_REFUSE(expression) OR_REFUSE_NAMED(expression, BASE_JOIN(answer_, __COUNTER__))
#define OR_REFUSE_NAMED(expression, name)        \
  __extension__({                                \
    auto name = (expression);                    \
    if (!name.ok()) return refuse(name.error()); \
    std::move(name).value();                     \
  })

std::string worker_path() {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "custos-worker").string();
}

base::Result<std::uint64_t> number_of(const Arguments& a, std::string_view name, std::uint64_t otherwise) {
  if (!a.has(name)) return otherwise;
  const std::string v = a.get(name);
  std::uint64_t n = 0;
  const auto r = std::from_chars(v.data(), v.data() + v.size(), n);
  if (r.ec != std::errc() || r.ptr != v.data() + v.size() || v.empty())
    return base::Error{base::Refusal::invalid, std::string(name) + " must be a whole number, not \"" + v + "\""};
  return n;
}

base::Result<std::vector<std::string>> lines_of(const std::string& path) {
  if (!base::file_exists(path)) return base::Error{base::Refusal::not_found, "there is no file " + path};
  const std::string text = base::read_file(path);
  std::vector<std::string> out;
  for (std::string_view l : base::split(text, '\n')) {
    if (!l.empty() && l.back() == '\r') l.remove_suffix(1);
    out.emplace_back(l);
  }
  while (!out.empty() && out.back().empty()) out.pop_back();
  return out;
}

int run_init(const Arguments& a) {
  const char* user = std::getenv("USER");
  const auto office = OR_REFUSE(evidence::Office::make(a.get("--home"), a.get("--owner", user && *user ? user : "Owner"), base::system_clock()));
  print("office " + office->id() + " opened in " + office->home() + "\nkeys: " + office->keys() +
        "\n  Without them the office cannot be read. Keep this folder on another disk, and a copy of it apart.\n");
  return kWell;
}

int run_case(const Arguments& a) {
  const auto office = OR_REFUSE(office_of(a));
  if (a.words[0] == "add") {
    if (!a.has("--code")) return wrong_usage("`custos case add` needs --code CODE");
    const evidence::CaseName c = OR_REFUSE(office->add_case(a.get("--code"), a.get("--title", a.get("--code"))));
    print("case " + c.code + " opened\n");
    return kWell;
  }
  if (a.words[0] != "list") return wrong_usage("`custos case` takes add or list");
  std::string out;
  base::JsonWriter w(out);
  w.object().key("cases").array();
  for (const evidence::CaseName& c : office->cases()) {
    w.object().member("code", c.code).member("title", c.title).end_object();
    if (!a.has("--json")) print(c.code + "\t" + c.title + "\n");
  }
  w.end_array().end_object();
  if (a.has("--json")) print(out + "\n");
  return kWell;
}

namespace {

int told(const evidence::IngestEnd& end, std::string_view verb) {
  const auto n = [](std::int64_t v) { return base::with_commas(static_cast<std::uint64_t>(v)); };
  std::string out;
  if (end.resumed) out += n(end.resumed) + " items taken up from an earlier run\n";
  if (end.added == 0 && end.parts == 0 && verb == "sealed")
    out += "nothing new: " + n(end.known) + " items are in the case already\n";
  else
    out += n(end.added) + " " + std::string(verb) + " (" + n(end.bytes) + " bytes), " + n(end.parts) + " parts found inside, " + n(end.known) +
           " known before, " + n(end.failed) + " failed\n";
  if (end.interrupted) out += "interrupted: call the same command again to go on\n";
  print(out);
  return end.interrupted ? kInterrupted : kWell;
}

}  // namespace

int run_ingest(const Arguments& a) {
  const auto office = OR_REFUSE(office_of(a));
  const evidence::CaseName name = OR_REFUSE(office->find_case(a.get("--case")));
  evidence::IngestOptions o;
  o.places = a.words, o.source = a.get("--source"), o.collector = a.get("--collector"), o.note = a.get("--note");
  o.ocr = !a.has("--no-ocr"), o.old_hashes = a.has("--old-hashes"), o.worker = worker_path();
  o.lanes = static_cast<unsigned>(OR_USAGE(number_of(a, "--lanes", 0)));
  if (a.has("--passwords")) o.passwords = OR_REFUSE(lines_of(a.get("--passwords")));
  stop_on_signals();
  evidence::Progress progress;
  evidence::IngestWatch watch{&progress, &g_stop, {}, [](const std::string& s) { std::fprintf(stderr, "custos: %s\n", s.c_str()); }};
  if (a.has("--acknowledge")) watch.sealed = [](const std::string& hash, const std::string& path) { print("sealed " + hash + " " + path + "\n"); };
  base::Result<evidence::IngestEnd> end = [&] {
    const IngestBar bar(progress, base::system_clock());
    return evidence::ingest(*office, name, o, watch);
  }();
  return told(OR_REFUSE(std::move(end)), "sealed");
}

int run_retry(const Arguments& a) {
  if (a.has("--reason") && !extract::reason_named(a.get("--reason")))
    return wrong_usage("there is no reason \"" + a.get("--reason") + "\"; docs/formats/account.md lists them");
  const auto office = OR_REFUSE(office_of(a));
  const evidence::CaseName name = OR_REFUSE(office->find_case(a.get("--case")));
  evidence::RetryOptions o;
  o.reason = a.get("--reason"), o.type = a.get("--type"), o.worker = worker_path(), o.ocr = !a.has("--no-ocr");
  if (a.has("--passwords")) o.passwords = OR_REFUSE(lines_of(a.get("--passwords")));
  for (const std::string& w : a.words) o.items.push_back(OR_REFUSE(evidence::open_item(*office, w)).second);
  stop_on_signals();
  evidence::Progress progress;
  base::Result<evidence::IngestEnd> end = [&] {
    const IngestBar bar(progress, base::system_clock());
    return evidence::retry(*office, name, o, {&progress, &g_stop, {}, {}});
  }();
  return told(OR_REFUSE(std::move(end)), "to be processed again");
}

int run_search(const Arguments& a) {
  OpenCase c = OR_REFUSE(case_of(a));
  evidence::SearchOptions o;
  o.limit = OR_USAGE(number_of(a, "--limit", 20));
  o.offset = OR_USAGE(number_of(a, "--offset", 0));
  o.facets = a.has("--facets");
  const std::string sort = a.get("--sort", "relevance");
  if (sort == "date") o.sort = search::Sort::date;
  else if (sort == "path") o.sort = search::Sort::path;
  else if (sort != "relevance") return wrong_usage("--sort is relevance, date or path, not \"" + sort + "\"");
  const evidence::Found found = OR_REFUSE(evidence::find(*c.file, a.words[0], o));
  std::string out;
  if (a.has("--json")) {
    base::JsonWriter w(out);
    w.object().member("total", found.total).member("families", found.families).key("hits").array();
    for (const evidence::Hit& h : found.hits) {
      w.object().member("item", h.item).member("path", h.path).member("type", h.type).member("page", static_cast<std::uint64_t>(h.page))
          .member("offset", static_cast<std::uint64_t>(h.offset)).member("snippet", h.snippet).member("title", h.title).member("date", h.date).member("from", h.sender)
          .member("family_items", h.family_items).key("marks").array();
      for (const auto& [b, e] : h.marks) w.array().value(static_cast<std::uint64_t>(b)).value(static_cast<std::uint64_t>(e)).end_array();
      w.end_array().end_object();
    }
    w.end_array();
    if (o.facets) {
      w.key("facets").object();
      for (const search::Facet& f : found.facets) {
        w.key(f.name).array();
        for (const auto& [value, n] : f.values) w.object().member("value", value).member("count", n).end_object();
        w.end_array();
      }
      w.end_object();
    }
    w.end_object();
    print(out + "\n");
    return kWell;
  }
  out = base::with_commas(found.total) + (found.total == 1 ? " item in " : " items in ") + base::with_commas(found.families) +
        (found.families == 1 ? " family\n" : " families\n");
  const bool bold = ::isatty(1);
  for (const evidence::Hit& h : found.hits) {
    out += "\n" + h.item + "  " + h.path + "  [" + h.type + (h.date.empty() ? "" : ", " + h.date.substr(0, 10)) + "]\n";
    if (!h.title.empty()) out += "  " + h.title + "\n";
    std::string snippet = h.snippet;
    for (auto m = h.marks.rbegin(); bold && m != h.marks.rend(); ++m) snippet.insert(m->second, "\x1b[0m"), snippet.insert(m->first, "\x1b[1m");
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
    w.member("items", t.items).member("families", t.families).member("unique", t.unique).member("items_with_families", t.with_families).end_object();
    plain += line + "\t" + std::to_string(t.items) + "\t" + std::to_string(t.families) + "\t" + std::to_string(t.unique) + "\t" + t.term + "\n";
  }
  w.end_array().end_object();
  print(a.has("--json") ? out + "\n" : plain);
  if (wrong) std::fprintf(stderr, "custos: some lines could not be read as queries; they are marked, the others are counted\n");
  return wrong ? kRefused : kWell;
}

int run_show(const Arguments& a) {
  if (a.has("--text") + a.has("--original") + a.has("--custody") + (a.has("--json") && !a.has("--custody")) > 1)
    return wrong_usage("`custos show` takes one of --json, --text, --custody and --original");
  const auto office = OR_REFUSE(office_of(a));
  const auto [file, item] = OR_REFUSE(evidence::open_item(*office, a.words[0]));
  if (a.has("--original")) {
    OR_REFUSE(evidence::show_original(*file, item, [](std::string_view b) { print(b); }));
    return kWell;
  }
  if (a.has("--text")) print(OR_REFUSE(evidence::show_text(*file, item)) + "\n");
  else if (a.has("--custody")) print(OR_REFUSE(evidence::show_custody(*file, item, a.has("--json"))) + "\n");
  else if (a.has("--json")) print(OR_REFUSE(evidence::show_json(*file, item)) + "\n");
  else print(OR_REFUSE(evidence::show_plain(*file, item)));
  return kWell;
}

int run_report(const Arguments& a) {
  OpenCase c = OR_REFUSE(case_of(a));
  const evidence::Account r = evidence::account(*c.file);
  if (a.has("--json")) {
    std::string out;
    base::JsonWriter w(out);
    w.object().key("totals").object().member("expected", r.totals.expected).member("extracted", r.totals.extracted).member("failed", r.totals.failed)
        .member("skipped", r.totals.skipped).member("pending", r.totals.pending).end_object();
    w.key("containers").array();
    for (const auto& k : r.containers)
      w.object().member("item", k.item).member("path", k.path).member("type", k.type).member("expected", k.expected).member("extracted", k.extracted)
          .member("failed", k.failed).member("skipped", k.skipped).end_object();
    w.end_array();
    const auto list = [&](std::string_view name, const std::vector<evidence::Failure>& f) {
      w.key(name).array();
      for (const auto& k : f) w.object().member("item", k.item).member("path", k.path).member("reason", k.reason).member("detail", k.detail).end_object();
      w.end_array();
    };
    list("failures", r.failures), list("skipped", r.skipped), list("partial", r.partial);
    const auto counts = [&](std::string_view name, const std::vector<std::pair<std::string, std::int64_t>>& v) {
      w.key(name).object();
      for (const auto& [k, n] : v) w.member(k, n);
      w.end_object();
    };
    counts("types", r.types), counts("reasons", r.reasons);
    w.member("duplicates", r.duplicates).member("near_duplicates", r.near_duplicates).member("threads", r.threads).member("low_confidence", r.low_ocr);
    w.key("bytes").object().member("originals", r.bytes_originals).member("text", r.bytes_text).member("vault", r.bytes_vault).member("index", r.bytes_index)
        .member("records", r.bytes_records).end_object().end_object();
    print(out + "\n");
    return kWell;
  }
  const auto n = [](std::int64_t v) { return base::with_commas(static_cast<std::uint64_t>(v)); };
  std::string out = "expected " + n(r.totals.expected) + " = extracted " + n(r.totals.extracted) + " + failed " + n(r.totals.failed) + " + skipped " + n(r.totals.skipped);
  if (r.totals.pending) out += " + pending " + n(r.totals.pending);
  out += "\ncontainers " + n(static_cast<std::int64_t>(r.containers.size())) + ", read in part " + n(static_cast<std::int64_t>(r.partial.size())) + ", exact duplicates " +
         n(r.duplicates) + ", near-duplicates " + n(r.near_duplicates) + ", mail threads " + n(r.threads) + ", low-confidence recognition " + n(r.low_ocr) + "\n";
  out += "bytes: originals " + n(r.bytes_originals) + ", text " + n(r.bytes_text) + ", vault " + n(r.bytes_vault) + ", index " + n(r.bytes_index) + ", records " + n(r.bytes_records) + "\n";
  out += "\nreasons\n";
  for (const auto& [k, v] : r.reasons) out += "  " + n(v) + "\t" + k + "\n";
  out += "\ntypes\n";
  for (const auto& [k, v] : r.types) out += "  " + n(v) + "\t" + (k.empty() ? "(not told)" : k) + "\n";
  if (!r.failures.empty()) out += "\nfailures\n";
  for (const auto& f : r.failures) out += "  " + f.item + "  " + f.reason + "  " + f.path + (f.detail.empty() ? "" : "  (" + f.detail + ")") + "\n";
  print(out);
  return kWell;
}

int run_verify(const Arguments& a) {
  const auto office = OR_REFUSE(office_of(a));
  std::vector<evidence::CaseName> cases;
  if (a.has("--case")) cases.push_back(OR_REFUSE(office->find_case(a.get("--case"))));
  else cases = office->cases();
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
    w.object().member("case", c.code).member("holds", v.deviations.empty()).member("items", v.items).member("objects", v.objects).member("bytes", v.object_bytes)
        .member("ledger_rows", v.rows).member("checkpoints", v.checkpoints).member("rows_per_second", v.seconds_rows > 0 ? static_cast<double>(v.rows) / v.seconds_rows : 0.0)
        .key("deviations").array();
    for (const std::string& d : v.deviations) w.value(d);
    w.end_array().end_object();
    if (a.has("--json")) continue;
    std::string out = c.code + ": " + (v.deviations.empty() ? "holds" : "DOES NOT HOLD") + " (" + base::with_commas(static_cast<std::uint64_t>(v.items)) + " items, " +
                      base::with_commas(static_cast<std::uint64_t>(v.objects)) + " objects, " + base::with_commas(static_cast<std::uint64_t>(v.rows)) + " ledger rows, " +
                      std::to_string(v.checkpoints) + " checkpoints)\n";
    for (const std::string& d : v.deviations) out += "  " + d + "\n";
    print(out);
  }
  w.end_array().member("holds", all).end_object();
  if (a.has("--json")) print(json + "\n");
  return all ? kWell : kDeviations;
}

int run_proof(const Arguments& a) {
  const auto office = OR_REFUSE(office_of(a));
  const auto [file, item] = OR_REFUSE(evidence::open_item(*office, a.words[0]));
  OR_REFUSE(evidence::write_proof(*file, item, a.get("--out")));
  print("proof of " + a.words[0] + " written to " + a.get("--out") + "; run verify.sh in it\n");
  return kWell;
}

int run_check_proof(const Arguments& a) {
  const std::vector<std::string> wrong = evidence::check_proof(a.words[0]);
  for (const std::string& s : wrong) print("FAILED  " + s + "\n");
  print(wrong.empty() ? "PROVEN: everything in this folder holds\n" : "NOT PROVEN\n");
  return wrong.empty() ? kWell : kRefused;
}

int run_list(const Arguments& a) {
  OpenCase c = OR_REFUSE(case_of(a));
  evidence::list_items(*c.file, [](const std::string& l) { print(l + "\n"); });
  return kWell;
}
int run_texts(const Arguments& a) {
  OpenCase c = OR_REFUSE(case_of(a));
  evidence::list_texts(*c.file, [](const std::string& l) { print(l + "\n"); });
  return kWell;
}
int run_reindex(const Arguments& a) {
  const auto office = OR_REFUSE(office_of(a));
  std::vector<evidence::CaseName> cases;
  if (a.has("--case")) cases.push_back(OR_REFUSE(office->find_case(a.get("--case"))));
  else cases = office->cases();
  for (const evidence::CaseName& c : cases) {
    Bar bar("indexing " + c.code, base::system_clock());
    const auto file = OR_REFUSE(evidence::open_case(*office, c));
    OR_REFUSE(evidence::reindex(*file, [&](std::int64_t done, std::int64_t total) { bar.tick(done, total); }));
    print("case " + c.code + " indexed\n");
  }
  return kWell;
}

int run_backup(const Arguments& a) {
  const auto office = OR_REFUSE(office_of(a));
  Bar bar("copying", base::system_clock());
  OR_REFUSE(evidence::backup(*office, a.get("--to"), [&](std::int64_t done, std::int64_t total) { bar.tick(done, total); }));
  print("backup written to " + a.get("--to") + " and read back; the keys in " + office->keys() + " are not in it\n");
  return kWell;
}
// A restored office is the backup copied to where it shall live, and verified there.
int run_restore(const Arguments& a) {
  if (base::file_exists(a.get("--home") + "/office.json"))
    return refuse({base::Refusal::conflict, "there is an office in " + a.get("--home") + " already; restore to a new folder"});
  {
    const auto source = OR_REFUSE(evidence::Office::open(a.get("--from"), base::system_clock()));
    Bar bar("copying", base::system_clock());
    OR_REFUSE(evidence::backup(*source, a.get("--home"), [&](std::int64_t done, std::int64_t total) { bar.tick(done, total); }));
  }
  Arguments again;
  again.command = "verify";
  again.options["--home"] = a.get("--home");
  return run_verify(again);
}

int run_users(const Arguments& a) {
  const auto office = OR_REFUSE(office_of(a));
  if (!a.words.empty()) {
    if (a.words[0] != "add" || !a.has("--name")) return wrong_usage("`custos users add` needs --name NAME");
    OR_REFUSE(office->add_user(a.get("--name")));
  }
  std::string json;
  base::JsonWriter w(json);
  w.object().key("users").array();
  for (const evidence::User& u : office->users()) {
    w.object().member("code", u.code).member("name", u.name).member("state", u.state).end_object();
    if (!a.has("--json")) print(u.code + "\t" + u.name + "\t" + u.state + "\n");
  }
  w.end_array().end_object();
  if (a.has("--json")) print(json + "\n");
  return kWell;
}

int run_describe(const Arguments&) {
  kernel::Registrar r;
  evidence::module.bring(r);
  print(r.lock());
  return kWell;
}
int run_completion(const Arguments& a) {
  if (a.words[0] != "bash") return refuse({base::Refusal::unsupported, "completion is there for bash"});
  print(completion_bash());
  return kWell;
}
int run_man(const Arguments&) {
  print(man_page());
  return kWell;
}
int run_version(const Arguments& a) {
  print("custos " CUSTOS_VERSION "\n");
  if (!a.has("--sandbox")) return kWell;
  struct Nothing final : sandbox::FrameReader::Listener {
    void begin(std::uint64_t) override {}
    void done(std::uint64_t) override {}
    extract::Sink& sink() override { std::terminate(); }
  } nothing;
  sandbox::Lane lane({.worker = worker_path()});
  lane.run({}, nothing);
  print(lane.versions() + "\nsandbox: namespaces, empty root, Landlock, seccomp, limits; the self-test refused every escape\n");
  return kWell;
}

}  // namespace cli

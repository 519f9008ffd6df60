#include "progress.h"
#include "answer.h"

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

}  // namespace

base::Result<std::unique_ptr<evidence::Office>> office_of(const Arguments& a) {
  return evidence::Office::open(a.get("--home"), base::system_clock());
}

base::Result<OpenCase> case_of(const Arguments& a) {
  OpenCase c;
  c.office = TRY(office_of(a));
  c.file = TRY(evidence::open_case(*c.office, TRY(c.office->find_case(a.get("--case")))));
  return c;
}

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

std::string worker_path() {
  return (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "custos-worker").string();
}

base::Result<std::uint64_t> number_of(const Arguments& a, std::string_view name, std::uint64_t otherwise) {
  if (!a.has(name)) return otherwise;
  const std::string v = a.get(name);
  std::uint64_t n = 0;
  const auto r = std::from_chars(v.data(), v.data() + v.size(), n);
  if (r.ec != std::errc() || r.ptr != v.data() + v.size() || v.empty())
    return base::Error{base::Refusal::invalid,
                       std::string(name) + " must be a whole number, not \"" + v + "\""};
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
  const auto office =
      OR_REFUSE(evidence::Office::make(a.get("--home"), a.get("--owner", user && *user ? user : "Owner"),
                                       base::system_clock(), a.get("--database")));
  print("office " + office->id() + " opened in " + office->home() + "\nkeys: " + office->keys() +
        "\n  Without them the office cannot be read. Keep this folder on another disk, and a copy of it "
        "apart.\n");
  return kWell;
}

int run_case(const Arguments& a) {
  const auto office = OR_REFUSE(office_of(a));
  if (a.words[0] == "add") {
    if (!a.has("--code")) return wrong_usage("`custos case add` needs --code CODE");
    const evidence::CaseName c =
        OR_REFUSE(office->add_case(a.get("--code"), a.get("--title", a.get("--code"))));
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
    out += n(end.added) + " " + std::string(verb) + " (" + n(end.bytes) + " bytes), " + n(end.parts) +
           " parts found inside, " + n(end.known) + " known before, " + n(end.failed) + " failed\n";
  if (end.interrupted) out += "interrupted: call the same command again to go on\n";
  print(out);
  return end.interrupted ? kInterrupted : kWell;
}

}  // namespace

int run_ingest(const Arguments& a) {
  const auto office = OR_REFUSE(office_of(a));
  const evidence::CaseName name = OR_REFUSE(office->find_case(a.get("--case")));
  evidence::IngestOptions o;
  o.places = a.words, o.source = a.get("--source"), o.collector = a.get("--collector"),
  o.note = a.get("--note");
  o.ocr = !a.has("--no-ocr"), o.old_hashes = a.has("--old-hashes"), o.worker = worker_path();
  o.lanes = static_cast<unsigned>(OR_USAGE(number_of(a, "--lanes", 0)));
  if (a.has("--passwords")) o.passwords = OR_REFUSE(lines_of(a.get("--passwords")));
  stop_on_signals();
  evidence::Progress progress;
  evidence::IngestWatch watch{
      &progress, &g_stop, {}, [](const std::string& s) { std::fprintf(stderr, "custos: %s\n", s.c_str()); }};
  if (a.has("--acknowledge"))
    watch.sealed = [](const std::string& hash, const std::string& path) {
      print("sealed " + hash + " " + path + "\n");
    };
  base::Result<evidence::IngestEnd> end = [&] {
    const IngestBar bar(progress, base::system_clock());
    return evidence::ingest(*office, name, o, watch);
  }();
  return told(OR_REFUSE(std::move(end)), "sealed");
}

int run_retry(const Arguments& a) {
  if (a.has("--reason") && !extract::reason_named(a.get("--reason")))
    return wrong_usage("there is no reason \"" + a.get("--reason") +
                       "\"; docs/formats/account.md lists them");
  const auto office = OR_REFUSE(office_of(a));
  const evidence::CaseName name = OR_REFUSE(office->find_case(a.get("--case")));
  evidence::RetryOptions o;
  o.reason = a.get("--reason"), o.type = a.get("--type"), o.worker = worker_path(),
  o.ocr = !a.has("--no-ocr"), o.strings = a.has("--strings");
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

int run_show(const Arguments& a) {
  if (a.has("--text") + a.has("--original") + a.has("--custody") + (a.has("--json") && !a.has("--custody")) >
      1)
    return wrong_usage("`custos show` takes one of --json, --text, --custody and --original");
  const auto office = OR_REFUSE(office_of(a));
  const auto [file, item] = OR_REFUSE(evidence::open_item(*office, a.words[0]));
  if (a.has("--original")) {
    OR_REFUSE(evidence::show_original(*file, item, [](std::string_view b) { print(b); }));
    return kWell;
  }
  if (a.has("--text"))
    print(OR_REFUSE(evidence::show_text(*file, item)) + "\n");
  else if (a.has("--custody"))
    print(OR_REFUSE(evidence::show_custody(*file, item, a.has("--json"))) + "\n");
  else if (a.has("--json"))
    print(OR_REFUSE(evidence::show_json(*file, item)) + "\n");
  else
    print(OR_REFUSE(evidence::show_plain(*file, item)));
  return kWell;
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
  if (a.has("--case"))
    cases.push_back(OR_REFUSE(office->find_case(a.get("--case"))));
  else
    cases = office->cases();
  for (const evidence::CaseName& c : cases) {
    Bar bar("indexing " + c.code, base::system_clock());
    const auto file = OR_REFUSE(evidence::open_case(*office, c));
    OR_REFUSE(
        evidence::reindex(*file, [&](std::int64_t done, std::int64_t total) { bar.tick(done, total); }));
    print("case " + c.code + " indexed\n");
  }
  return kWell;
}

int run_backup(const Arguments& a) {
  const auto office = OR_REFUSE(office_of(a));
  Bar bar("copying", base::system_clock());
  OR_REFUSE(evidence::backup(*office, a.get("--to"),
                             [&](std::int64_t done, std::int64_t total) { bar.tick(done, total); }));
  print("backup written to " + a.get("--to") + " and read back; the keys in " + office->keys() +
        " are not in it\n");
  return kWell;
}
// A restored office is the backup copied to where it shall live, and verified there.
int run_restore(const Arguments& a) {
  if (base::file_exists(a.get("--home") + "/office.json"))
    return refuse({base::Refusal::conflict,
                   "there is an office in " + a.get("--home") + " already; restore to a new folder"});
  {
    const auto source = OR_REFUSE(evidence::Office::open(a.get("--from"), base::system_clock()));
    Bar bar("copying", base::system_clock());
    OR_REFUSE(evidence::backup(*source, a.get("--home"),
                               [&](std::int64_t done, std::int64_t total) { bar.tick(done, total); }));
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
  print(lane.versions() +
        "\nsandbox: namespaces, empty root, Landlock, seccomp, limits; the self-test refused every escape\n");
  return kWell;
}

}  // namespace cli

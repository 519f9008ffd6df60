// Measures single parts of Custos on this machine. The whole is measured by bench/run.
#include "run.h"

#include <base/bytes.h>
#include <base/handle.h>
#include <base/json.h>
#include <base/text.h>
#include <base/time.h>
#include <search/index.h>
#include <store/ledger.h>
#include <store/vault.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <random>
#include <thread>
#include <sys/resource.h>

namespace cli {
namespace {

namespace fs = std::filesystem;

struct Scratch {
  std::string path = fs::temp_directory_path().string() + "/custos-bench-" + base::hex(base::random_bytes(8));
  Scratch() { fs::create_directories(path); }
  ~Scratch() { fs::remove_all(path); }
};

double cpu_seconds() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
         static_cast<double>(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

double peak_mb() {
  rusage use{};
  ::getrusage(RUSAGE_SELF, &use);
  return static_cast<double>(use.ru_maxrss) / 1024;
}

int answer(const Arguments& a, const std::string& json) {
  print(a.has("--json") ? json + "\n" : json + "\n");
  return kWell;
}

// What sealing costs: hash, encrypt, write and sync objects of 64 KiB, on one thread.
int seal(const Arguments& a, double seconds) {
  const Scratch scratch;
  const base::Clock& clock = base::system_clock();
  const store::Vault vault(scratch.path, std::string(32, 'k'), "bench");
  store::Vault::Appender appender(vault);
  const std::string object = base::random_bytes(64 * 1024);
  std::uint64_t bytes = 0;
  base::Hasher hasher;
  const double began = clock.seconds(), cpu = cpu_seconds();
  while (clock.seconds() - began < seconds) {
    for (int i = 0; i < 256; ++i) {
      hasher.add(object);
      hasher.finish();
      appender.put(object);
      bytes += object.size();
    }
    appender.sync();
  }
  const double took = clock.seconds() - began;
  std::string json;
  base::JsonWriter(json)
      .object()
      .member("mb_per_s", static_cast<double>(bytes) / 1e6 / took)
      .member("mb_per_cpu_s", static_cast<double>(bytes) / 1e6 / (cpu_seconds() - cpu))
      .member("seconds", took)
      .member("peak_mb", peak_mb())
      .end_object();
  return answer(a, json);
}

double ledger_rows_per_second(int rows) {
  const Scratch scratch;
  const auto sql =
      store::open_sqlite(scratch.path + "/l.db", {.key = std::string(32, 'k'), .durable = false});
  sql->script(store::Ledger::schema());
  store::Ledger ledger(*sql);
  for (int done = 0; done < rows;) {
    store::Transaction t(*sql);
    for (int i = 0; i < 20'000 && done < rows; ++i, ++done)
      ledger.append(
          {"sealed", "P-1", "BENCH-" + std::to_string(done),
           R"({"path":"disk/folder/file.eml","sha256":"0000000000000000000000000000000000000000000000000000000000000000","size":6000})"},
          1'700'000'000'000'000 + done);
    t.commit();
  }
  const base::Clock& clock = base::system_clock();
  const double began = clock.seconds();
  store::Frontier tree;
  ledger.scan([&](const store::Ledger::Row& r) {
    if (!store::Ledger::check_row(r).ok()) base::fault("a row does not hold");
    tree.add(store::leaf_hash(r.entry));
    return true;
  });
  if (tree.root() != ledger.root_of(tree.size())) base::fault("the tree does not fit");
  return static_cast<double>(rows) / (clock.seconds() - began);
}

// Sentences of real text, to make documents of.
base::Result<std::vector<std::string>> sentences(const Arguments& a) {
  std::vector<std::string> files, out;
  const char* corpus = std::getenv("CUSTOS_CORPUS");
  const std::string from =
      a.get("--text", corpus ? std::string(corpus) + "/multilang" : "../shared/corpus/multilang");
  std::error_code error;
  if (fs::is_regular_file(from, error))
    files.push_back(from);
  else
    for (const auto& e : fs::recursive_directory_iterator(from, error))
      if (e.is_regular_file() && e.path().extension() == ".txt") files.push_back(e.path().string());
  std::ranges::sort(files);
  for (const std::string& f : files) {
    const std::string text = base::clean(base::read_file(f));
    std::size_t begin = 0;
    for (std::size_t i = 0; i + 1 < text.size(); ++i)
      if (text[i] == '.' && (text[i + 1] == ' ' || text[i + 1] == '\n') && i - begin > 40) {
        if (i - begin < 2000) out.push_back(text.substr(begin, i + 1 - begin) + "\n");
        begin = i + 1;
      }
  }
  if (out.size() < 1000)
    return base::Error{base::Refusal::not_found,
                       "there is not enough text in " + from + "; name a file or folder of text with --text"};
  return out;
}

struct Class {
  std::string name;
  std::vector<std::string> queries;
  bool facets = false;
};

int measure_search(const Arguments& a, std::uint64_t documents) {
  const auto material = sentences(a);
  if (!material.ok()) return refuse(material.error());
  const Scratch scratch;
  const base::Clock& clock = base::system_clock();
  std::mt19937_64 chance(42);
  std::uint64_t text_bytes = 0;
  std::vector<std::string> some_texts;
  double began = clock.seconds();
  {
    search::Index index(
        {scratch.path, std::string(32, 'k'), std::max(1u, std::thread::hardware_concurrency())});
    static constexpr std::string_view types[] = {"message/rfc822", "application/pdf", "text/html",
                                                 "text/plain", "image/jpeg"};
    static constexpr std::string_view languages[] = {"en", "en", "en", "fr", "de", "ru"};
    for (std::uint64_t n = 1; n <= documents; ++n) {
      search::Document d;
      d.sequence = static_cast<std::int64_t>(n), d.item = static_cast<std::uint32_t>(n),
      d.family = d.same_as = d.item;
      for (std::uint64_t k = 4 + chance() % 16; k > 0; --k)
        d.body += (*material)[chance() % material->size()];
      d.type = types[chance() % std::size(types)],
      d.languages = {std::string(languages[chance() % std::size(languages)])};
      d.date = 1'000'000'000 + static_cast<std::int64_t>(chance() % 600'000'000), d.size = d.body.size();
      d.folder = "disk/folder-" + std::to_string(chance() % 200);
      text_bytes += d.body.size();
      if (some_texts.size() < 4000 && chance() % (documents / 4000 + 1) == 0) some_texts.push_back(d.body);
      index.add(std::move(d));
      if (n % 100'000 == 0) {
        index.commit();
        std::fprintf(stderr, "%s of %s documents indexed, %.1f MB/s\n", base::with_commas(n).c_str(),
                     base::with_commas(documents).c_str(),
                     static_cast<double>(text_bytes) / 1e6 / (clock.seconds() - began));
      }
    }
    index.commit();
  }
  const double indexing = clock.seconds() - began;
  began = clock.seconds();
  search::Index index({scratch.path, std::string(32, 'k'), 2});
  index.columns();
  const double opening = clock.seconds() - began;
  // Queries from the documents themselves: two words, two neighbours, the head of a word, two words with
  // facets.
  const auto words_of = [](const std::string& text) {
    std::vector<std::string> words;
    std::string w;
    for (const char c : text) {
      if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        w += c;
      else {
        words.push_back(w);
        w.clear();
      }
    }
    return words;
  };
  std::vector<Class> classes{
      {"two words", {}, false}, {"phrase", {}, false}, {"prefix", {}, false}, {"facets", {}, true}};
  while (classes[0].queries.size() < 200) {
    const std::vector<std::string> w = words_of(some_texts[chance() % some_texts.size()]);
    if (w.size() < 30) continue;
    const std::size_t i = chance() % (w.size() - 1), k = chance() % w.size();
    if (w[i].size() < 4 || w[i + 1].size() < 4 || w[k].size() < 5) continue;
    classes[0].queries.push_back(w[i] + " " + w[k]);
    classes[1].queries.push_back("\"" + w[i] + " " + w[i + 1] + "\"");
    classes[2].queries.push_back(w[k].substr(0, 4) + "*");
    classes[3].queries.push_back(w[i] + " " + w[k]);
  }
  const search::Index::Lookup none = [](std::string_view, std::string_view) { return std::nullopt; };
  std::string json;
  base::JsonWriter w(json);
  w.object()
      .member("documents", documents)
      .member("text_mb", static_cast<double>(text_bytes) / 1e6)
      .member("index_to_text", static_cast<double>(index.bytes_on_disk()) / static_cast<double>(text_bytes))
      .member("indexing_mb_per_s", static_cast<double>(text_bytes) / 1e6 / indexing)
      .member("opening_ms", opening * 1000)
      .key("classes")
      .array();
  for (const Class& c : classes) {
    std::vector<double> ms;
    double hits = 0;
    for (const std::string& q : c.queries) {
      const auto tree = search::parse_query(q);
      if (!tree.ok()) base::fault(tree.error().message);
      began = clock.seconds();
      auto m = index.search(**tree, none);
      if (!m.ok()) base::fault(m.error().message);
      hits += static_cast<double>(m->size());
      if (c.facets) index.facets(*m);
      search::Index::rank(*m, 20);
      ms.push_back((clock.seconds() - began) * 1000);
    }
    std::ranges::sort(ms);
    w.object()
        .member("class", c.name)
        .member("p50_ms", ms[ms.size() / 2])
        .member("p95_ms", ms[ms.size() * 95 / 100])
        .member("mean_hits", hits / static_cast<double>(c.queries.size()))
        .end_object();
    std::fprintf(stderr, "%s: p50 %.1f ms, p95 %.1f ms, %.0f hits on average\n", c.name.c_str(),
                 ms[ms.size() / 2], ms[ms.size() * 95 / 100], hits / static_cast<double>(ms.size()));
  }
  w.end_array()
      .member("ledger_rows_per_s", ledger_rows_per_second(400'000))
      .member("peak_mb", peak_mb())
      .end_object();
  return answer(a, json);
}

}  // namespace

int run_bench(const Arguments& a) {
  const auto seconds = number_of(a, "--seconds", 3), documents = number_of(a, "--documents", 100'000);
  if (!seconds.ok()) return wrong_usage(seconds.error().message);
  if (!documents.ok() || *documents < 1000 || *documents > 50'000'000)
    return wrong_usage("--documents is a number from 1000 to 50 million");
  if (a.words[0] == "seal") return seal(a, static_cast<double>(*seconds));
  if (a.words[0] == "search") return measure_search(a, *documents);
  if (a.words[0] == "ledger") {
    std::string json;
    base::JsonWriter(json).object().member("rows_per_s", ledger_rows_per_second(400'000)).end_object();
    return answer(a, json);
  }
  return wrong_usage("there is no measure named " + a.words[0] + "; seal, search and ledger are there");
}

}  // namespace cli

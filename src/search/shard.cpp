#include "shard.h"
#include "tokenize.h"

#include <base/handle.h>
#include <store/sqlite.h>

#include <sqlite3.h>

#include <cmath>

namespace search {

std::string Forms::name(std::vector<std::string> forms) {
  lists.push_back(std::move(forms));
  return "\x7f" + std::to_string(lists.size() - 1);
}

struct Shard::State {
  std::unique_ptr<store::Sql> sql;
  sqlite3* db = nullptr;
  // For the tokenizer: the languages of the text that is being indexed, or the forms of the query.
  std::map<std::string, Stemmer, std::less<>> stemmers;
  Stemmer* stemmer = nullptr;
  const Forms* forms = nullptr;
  std::uint32_t words = 0;
  // For the ranking.
  const std::vector<std::uint32_t>* lengths = nullptr;
  double mean_length = 1;
  std::vector<Match>* out = nullptr;
  std::vector<double> weights;  // of the phrases of the query
};

namespace {

int tokenizer_create(void* context, const char**, int, Fts5Tokenizer** out) {
  *out = static_cast<Fts5Tokenizer*>(context);
  return SQLITE_OK;
}
void tokenizer_delete(Fts5Tokenizer*) {}

using TokenOut = int (*)(void*, int, const char*, int, int, int);

int tokenize(Fts5Tokenizer* self, void* context, int flags, const char* text, int n, TokenOut token) {
  auto& s = *reinterpret_cast<Shard::State*>(self);
  if (flags & FTS5_TOKENIZE_QUERY) {
    if (!s.forms || n < 2 || text[0] != '\x7f') return SQLITE_ERROR;
    const auto& list = s.forms->lists.at(
        static_cast<std::size_t>(std::atoll(std::string(text + 1, static_cast<std::size_t>(n - 1)).c_str())));
    bool first = true;
    for (const std::string& f : list) {
      const int rc =
          token(context, first ? 0 : FTS5_TOKEN_COLOCATED, f.data(), static_cast<int>(f.size()), 0, n);
      if (rc != SQLITE_OK) return rc;
      first = false;
    }
    return SQLITE_OK;
  }
  int rc = SQLITE_OK;
  std::string marked;
  each_word({text, static_cast<std::size_t>(n)}, [&](const Word& w) {
    ++s.words;
    rc = token(context, 0, w.exact.data(), static_cast<int>(w.exact.size()), static_cast<int>(w.begin),
               static_cast<int>(w.end));
    if (rc != SQLITE_OK) return false;
    if (s.stemmer && w.lower.size() > 3) {
      const std::string_view stem = s.stemmer->stem(w.lower);
      if (stem != w.exact) {
        marked.assign(1, s.stemmer->mark()).append(stem);
        rc = token(context, FTS5_TOKEN_COLOCATED, marked.data(), static_cast<int>(marked.size()),
                   static_cast<int>(w.begin), static_cast<int>(w.end));
      }
    }
    return rc == SQLITE_OK;
  });
  return rc;
}

fts5_api* api_of(sqlite3* db) {
  fts5_api* api = nullptr;
  sqlite3_stmt* s = nullptr;
  if (sqlite3_prepare_v2(db, "select fts5(?1)", -1, &s, nullptr) == SQLITE_OK) {
    sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", nullptr);
    sqlite3_step(s);
  }
  sqlite3_finalize(s);
  if (!api) base::fault("this SQLite has no FTS5");
  return api;
}

// Occurrences of a phrase in the row, those in the title counting three: read from the bytes of its position
// list, where a 1 announces a column and every other varint is an occurrence.
double occurrences(const Fts5PhraseIter& it, int column) {
  const auto weight = [](int c) { return c == 1 ? 3.0 : 1.0; };
  double n = weight(column);
  for (const unsigned char* p = it.a; p < it.b;) {
    if (*p == 1) {
      ++p;
      column = 0;
      while (p < it.b) {
        column = column << 7 | (*p & 0x7f);
        if (!(*p++ & 0x80)) break;
      }
      if (p >= it.b) break;
    }
    while (p < it.b && (*p & 0x80)) ++p;
    ++p;
    n += weight(column);
  }
  return n;
}

int count_row(const Fts5ExtensionApi*, Fts5Context*, void* n) {
  ++*static_cast<sqlite3_int64*>(n);
  return SQLITE_OK;
}

// custos_take(): called once a match, in order of rowid. Scores by BM25 and keeps the match; its value means
// nothing.
void take(const Fts5ExtensionApi* api, Fts5Context* fts, sqlite3_context* context, int, sqlite3_value**) {
  auto& s = *static_cast<Shard::State*>(api->xUserData(fts));
  const int phrases = api->xPhraseCount(fts);
  if (s.weights.empty()) {
    const auto n = static_cast<double>(s.lengths->size());
    for (int i = 0; i < phrases; ++i) {
      sqlite3_int64 rows = 0;
      if (phrases > 1 && phrases <= 64) api->xQueryPhrase(fts, i, &rows, count_row);
      const auto df = static_cast<double>(rows);
      s.weights.push_back(phrases > 1 && phrases <= 64 ? std::log(1 + (n - df + 0.5) / (df + 0.5)) : 1.0);
    }
  }
  const auto item = static_cast<std::uint32_t>(api->xRowid(fts));
  const double length = item < s.lengths->size() ? (*s.lengths)[item] : s.mean_length;
  const double norm = 1.2 * (0.25 + 0.75 * length / s.mean_length);
  double score = 0;
  for (int i = 0; i < phrases; ++i) {
    Fts5PhraseIter it;
    int column = -1, offset = 0;
    api->xPhraseFirst(fts, i, &it, &column, &offset);
    if (column < 0) continue;
    const double tf = occurrences(it, column);
    score += s.weights[static_cast<std::size_t>(i)] * tf * 2.2 / (tf + norm);
  }
  s.out->push_back({item, static_cast<float>(score)});
  sqlite3_result_int(context, 0);
}

std::string with_forms_of(const Document& d) { return d.languages.empty() ? std::string() : d.languages[0]; }

}  // namespace

Shard::Shard(const std::string& path, const std::string& key, Use use) : state_(std::make_unique<State>()) {
  // Derived data: losing the last commits in a power cut costs work, not evidence.
  state_->sql = store::open_sqlite(
      path, {.key = key, .durable = false, .cache_kib = use == Use::write ? 24 * 1024 : 64 * 1024});
  state_->db = static_cast<sqlite3*>(store::sqlite_handle(*state_->sql));
  sqlite3_busy_timeout(state_->db, 60'000);
  sqlite3_db_config(state_->db, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
  fts5_api* api = api_of(state_->db);
  fts5_tokenizer t{tokenizer_create, tokenizer_delete, tokenize};
  if (api->xCreateTokenizer(api, "custos", state_.get(), &t, nullptr) != SQLITE_OK ||
      api->xCreateFunction(api, "custos_take", state_.get(), take, nullptr) != SQLITE_OK)
    base::fault("FTS5 refuses our tokenizer");
  if (use == Use::write)
    state_->sql->script(
        "create virtual table if not exists t using fts5(body, title, sender, receiver, author, path, "
        "content='', columnsize=0,"
        " tokenize='custos');"
        "create table if not exists seen (sequence integer not null);"
        "create virtual table if not exists v using fts5vocab('t', 'row');"
        "insert into t(t, rank) values ('hashsize', 33554432);"
        "insert into t(t, rank) values ('automerge', 8);"
        "insert into t(t, rank) values ('crisismerge', 24);");
}
Shard::~Shard() = default;

bool Shard::made() {
  return state_->sql->number("select count(*) from sqlite_master where name in ('t', 'v', 'seen')") == 3;
}
std::int64_t Shard::seen() { return state_->sql->number("select coalesce(max(sequence), 0) from seen"); }
void Shard::begin() { state_->sql->begin(); }

std::uint32_t Shard::add(const Document& d) {
  State& s = *state_;
  s.stemmer = nullptr;
  if (const std::string language = with_forms_of(d); stem_mark(language)) {
    s.stemmer = &s.stemmers.try_emplace(language, language).first->second;
  }
  s.words = 0;
  s.sql->run("insert into t(rowid, body, title, sender, receiver, author, path) values (?, ?, ?, ?, ?, ?, ?)",
             std::int64_t{d.item}, std::string_view(d.body), std::string_view(d.title),
             std::string_view(d.from), std::string_view(d.to), std::string_view(d.author),
             std::string_view(d.path));
  return s.words;
}
void Shard::remove(const Document& d) {
  State& s = *state_;
  s.stemmer = nullptr;
  if (const std::string language = with_forms_of(d); stem_mark(language))
    s.stemmer = &s.stemmers.try_emplace(language, language).first->second;
  s.sql->run(
      "insert into t(t, rowid, body, title, sender, receiver, author, path) values ('delete', ?, ?, ?, ?, ?, "
      "?, ?)",
      std::int64_t{d.item}, std::string_view(d.body), std::string_view(d.title), std::string_view(d.from),
      std::string_view(d.to), std::string_view(d.author), std::string_view(d.path));
}
void Shard::commit(std::int64_t sequence) {
  state_->sql->run("delete from seen");
  state_->sql->run("insert into seen values (?)", sequence);
  state_->sql->commit();
}
void Shard::optimize() {
  state_->sql->script("insert into t(t) values ('optimize'); pragma wal_checkpoint(truncate);");
}

void Shard::match(const std::string& fts, const Forms& forms, const std::vector<std::uint32_t>& lengths,
                  double mean_length, std::vector<Match>& out) {
  State& s = *state_;
  s.forms = &forms, s.lengths = &lengths, s.mean_length = std::max(mean_length, 1.0), s.out = &out;
  s.weights.clear();
  // As a condition that never holds, the function sees every match and no row comes back.
  s.sql->number("select 1 from t where t match ? and custos_take(t)", std::string_view(fts));
  s.forms = nullptr;
}

void Shard::words(std::string_view low, std::string_view high,
                  const std::function<bool(std::string_view)>& word) {
  store::Statement& st = high.empty()
                             ? state_->sql->prepare("select term from v where term >= ?").with(1, low)
                             : state_->sql->prepare("select term from v where term >= ? and term < ?")
                                   .with(1, low)
                                   .with(2, high);
  while (st.step())
    if (!word(st.text(0))) break;
  st.reset();
}

}  // namespace search

#include "columns.h"
#include "expand.h"
#include "shard.h"
#include "shard_writer.h"
#include "tokenize.h"
#include "values.h"

#include <base/text.h>
#include <base/time.h>

#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>

namespace search {
namespace {

constexpr std::size_t kExpansionMax = 20'000;

using Matches = std::vector<Match>;

Matches both(const Matches& a, const Matches& b) {
  Matches out;
  for (std::size_t i = 0, k = 0; i < a.size() && k < b.size();) {
    if (a[i].item < b[k].item)
      ++i;
    else if (b[k].item < a[i].item)
      ++k;
    else
      out.push_back({a[i].item, a[i].score + b[k].score}), ++i, ++k;
  }
  return out;
}
Matches either(const Matches& a, const Matches& b) {
  Matches out;
  out.reserve(a.size() + b.size());
  std::size_t i = 0, k = 0;
  while (i < a.size() || k < b.size()) {
    if (k == b.size() || (i < a.size() && a[i].item < b[k].item))
      out.push_back(a[i++]);
    else if (i == a.size() || b[k].item < a[i].item)
      out.push_back(b[k++]);
    else
      out.push_back({a[i].item, a[i].score + b[k].score}), ++i, ++k;
  }
  return out;
}
Matches without(const Matches& a, const Matches& b) {
  Matches out;
  std::size_t k = 0;
  for (const Match& m : a) {
    while (k < b.size() && b[k].item < m.item) ++k;
    if (k == b.size() || b[k].item != m.item) out.push_back(m);
  }
  return out;
}

std::string_view column_of(std::string_view field) {
  return field == "from" ? "sender" : field == "to" ? "receiver" : field;
}

}  // namespace

struct Index::Impl {
  Options options;
  std::unique_ptr<ColumnStore> store;
  std::vector<std::unique_ptr<ShardWriter>> writers;
  std::vector<std::unique_ptr<Shard>> readers;
  std::int64_t last = 0;
  Columns columns;
  bool loaded = false;
  std::int64_t loaded_at = 0;
  double mean_length = 1;

  std::string shard_path(unsigned n) const { return options.folder + "/shard-" + std::to_string(n) + ".db"; }
  void open_readers() {
    if (!readers.empty()) return;
    for (unsigned i = 0; i < store->shards(); ++i) {
      auto shard = std::make_unique<Shard>(shard_path(i), options.key, Shard::Use::read);
      if (!shard->made()) {  // new, or its making was interrupted
        shard.reset();
        Shard(shard_path(i), options.key, Shard::Use::write);
        shard = std::make_unique<Shard>(shard_path(i), options.key, Shard::Use::read);
      }
      readers.push_back(std::move(shard));
    }
  }
  void open_writers() {
    if (!writers.empty()) return;
    for (unsigned i = 0; i < store->shards(); ++i)
      writers.push_back(std::make_unique<ShardWriter>(shard_path(i), options.key, *store));
  }

  // A query over one shard.
  struct Run {
    Impl& index;
    unsigned shard;
    const Lookup& lookup;
    std::vector<Stemmer> stemmers;

    base::Result<std::vector<std::string>> expand(const Term& t) {
      if (t.kind == Term::Kind::stemmed || t.kind == Term::Kind::exact) return forms(t, stemmers);
      std::vector<std::string> out;
      const std::u32string target = t.kind == Term::Kind::fuzzy ? base::utf32(t.word) : std::u32string();
      std::string low, high;
      if (t.kind == Term::Kind::wildcard) low = t.word.substr(0, t.word.find_first_of("*?"));
      if (!low.empty()) high = low + "\xff";
      if (low.empty()) low = "0";  // stems carry a mark below every letter and digit
      index.readers[shard]->words(low, high, [&](std::string_view w) {
        const bool fits = t.kind == Term::Kind::fuzzy
                              ? (w.size() <= 120 && within_distance(target, base::utf32(w), t.distance))
                              : fits_wildcard(t.word, w);
        if (fits) out.emplace_back(w);
        return out.size() <= kExpansionMax;
      });
      if (out.size() > kExpansionMax)
        return base::Error{base::Refusal::exhausted, "\"" + t.word + "\" stands for more than " +
                                                         std::to_string(kExpansionMax) +
                                                         " words; write more of its letters"};
      return out;
    }

    // The phrase for FTS5; empty when it can match nothing.
    base::Result<std::string> phrase(const Node& n, Forms& f, bool alone) {
      std::vector<std::vector<std::string>> lists;
      for (const Term& t : n.terms) {
        if (t.kind == Term::Kind::prefix) {
          lists.push_back({t.word});
          if (&t != &n.terms.back()) {
            Term w = t;
            w.kind = Term::Kind::wildcard;
            w.word += '*';
            lists.back() = TRY(expand(w));
          }
        } else {
          lists.push_back(TRY(expand(t)));
        }
        if (lists.back().empty()) return std::string();
      }
      const bool prefix = n.terms.back().kind == Term::Kind::prefix;
      if (lists.size() == 1 && alone && !prefix) {
        std::string out = "(";
        for (const std::string& form : lists[0]) {
          if (out.size() > 1) out += " OR ";
          out += "\"" + f.name({form}) + "\"";
        }
        return out + ")";
      }
      std::string out;
      for (auto& l : lists) out += (out.empty() ? "\"" : " + \"") + f.name(std::move(l)) + "\"";
      return prefix ? out + " *" : out;
    }

    // Can FTS5 answer this alone?
    static bool textual(const Node& n) {
      switch (n.kind) {
        case Node::Kind::phrase:
        case Node::Kind::near: return true;
        case Node::Kind::disjunction:
          return std::ranges::all_of(n.children, [](const auto& c) { return textual(*c); });
        case Node::Kind::conjunction: {
          bool positive = false;
          for (const auto& c : n.children) {
            if (c->kind == Node::Kind::negation ? !textual(*c->children[0]) : !textual(*c)) return false;
            positive |= c->kind != Node::Kind::negation;
          }
          return positive;
        }
        default: return false;
      }
    }
    // The expression for FTS5; empty when it can match nothing.
    base::Result<std::string> expression(const Node& n, Forms& f) {
      const std::string filter = n.column.empty() ? std::string("{body title sender receiver author} : ")
                                                  : std::string(column_of(n.column)) + " : ";
      switch (n.kind) {
        case Node::Kind::phrase: {
          const std::string p = TRY(phrase(n, f, true));
          return p.empty() ? p : filter + p;
        }
        case Node::Kind::near: {
          std::string out = "NEAR(";
          const std::string& column = n.children[0]->column;
          for (const auto& c : n.children) {
            const std::string p = TRY(phrase(*c, f, false));
            if (p.empty()) return std::string();
            out += p + " ";
          }
          // FTS5 counts the words between; we count the distance between.
          return (column.empty() ? filter : std::string(column_of(column)) + " : ") + out + ", " +
                 std::to_string(n.distance - 1) + ")";
        }
        case Node::Kind::disjunction: {
          std::string out;
          for (const auto& c : n.children) {
            const std::string e = TRY(expression(*c, f));
            if (e.empty()) continue;
            out += (out.empty() ? "(" : " OR (") + e + ")";
          }
          return out;
        }
        default: {
          std::string out, minus;
          for (const auto& c : n.children) {
            const bool negative = c->kind == Node::Kind::negation;
            const std::string e = TRY(expression(negative ? *c->children[0] : *c, f));
            if (negative) {
              if (!e.empty()) minus += " NOT (" + e + ")";
              continue;
            }
            if (e.empty()) return std::string();
            out += (out.empty() ? "(" : " AND (") + e + ")";
          }
          return minus.empty() ? out : "(" + out + ")" + minus;
        }
      }
    }

    Matches every(const std::function<bool(std::uint32_t)>& test) {
      Matches out;
      const Columns& c = index.columns;
      for (std::uint32_t i = shard; i < c.items(); i += static_cast<std::uint32_t>(index.readers.size()))
        if (c.family[i] && test(i)) out.push_back({i, 0});
      return out;
    }

    base::Result<Matches> eval(const Node& n) {
      if (textual(n)) {
        Forms f;
        const std::string e = TRY(expression(n, f));
        Matches out;
        if (!e.empty()) index.readers[shard]->match(e, f, index.columns.length, index.mean_length, out);
        return out;
      }
      switch (n.kind) {
        case Node::Kind::everything: return every([](std::uint32_t) { return true; });
        case Node::Kind::field: return every(TRY(predicate(n, index.columns, *index.store, lookup)));
        case Node::Kind::negation: {
          const Matches out = TRY(eval(*n.children[0]));
          return without(every([](std::uint32_t) { return true; }), out);
        }
        case Node::Kind::disjunction: {
          Matches out;
          for (const auto& c : n.children) out = either(out, TRY(eval(*c)));
          return out;
        }
        default: {
          // The textual children go to FTS5 together; the others narrow what it found.
          std::optional<Matches> out;
          const auto narrow = [&](Matches m) { out = out ? both(*out, m) : std::move(m); };
          std::string text;
          Forms f;
          for (const auto& c : n.children)
            if (textual(*c)) {
              const std::string e = TRY(expression(*c, f));
              if (e.empty()) return Matches();
              text += (text.empty() ? "(" : " AND (") + e + ")";
            }
          if (!text.empty()) {
            Matches m;
            index.readers[shard]->match(text, f, index.columns.length, index.mean_length, m);
            narrow(std::move(m));
          }
          for (const auto& c : n.children) {
            if (textual(*c) || c->kind == Node::Kind::negation) continue;
            if (c->kind == Node::Kind::field && out) {
              const auto test = TRY(predicate(*c, index.columns, *index.store, lookup));
              std::erase_if(*out,
                            [&](const Match& m) { return m.item >= index.columns.items() || !test(m.item); });
            } else {
              narrow(TRY(eval(*c)));
            }
          }
          if (!out) out = every([](std::uint32_t) { return true; });
          for (const auto& c : n.children)
            if (c->kind == Node::Kind::negation) out = without(*out, TRY(eval(*c->children[0])));
          return std::move(*out);
        }
      }
    }
  };
};

Index::Index(Options options) : impl_(std::make_unique<Impl>()) {
  impl_->options = std::move(options);
  std::filesystem::create_directories(impl_->options.folder);
  impl_->store = std::make_unique<ColumnStore>(impl_->options.folder + "/columns.db", impl_->options.key,
                                               std::max(1u, impl_->options.shards));
}
Index::~Index() {
  for (const auto& w : impl_->writers) w->end();
}

std::int64_t Index::seen() const {
  std::int64_t least = impl_->store->seen();
  if (impl_->writers.empty()) impl_->open_readers();
  for (const auto& w : impl_->writers) least = std::min(least, w->seen());
  if (impl_->writers.empty())
    for (const auto& r : impl_->readers) least = std::min(least, r->seen());
  return least;
}
void Index::add(Document d) {
  impl_->open_writers();
  impl_->last = std::max(impl_->last, d.sequence);
  impl_->writers[d.item % impl_->writers.size()]->add(std::move(d));
}
void Index::commit() {
  impl_->open_writers();
  if (impl_->last == 0) return;
  for (const auto& w : impl_->writers) w->commit(impl_->last);
  for (const auto& w : impl_->writers) w->wait();
  impl_->store->commit(impl_->last);
  impl_->loaded = false;
}
void Index::optimize() {
  impl_->open_writers();
  for (const auto& w : impl_->writers) w->shard().optimize();
}

const Columns& Index::columns() {
  // Another process may have written since.
  const std::int64_t now = impl_->store->seen();
  if (!impl_->loaded || impl_->loaded_at != now) {
    impl_->loaded_at = now;
    impl_->store->load(impl_->columns);
    double words = 0, items = 0;
    for (const std::uint32_t n : impl_->columns.length)
      if (n) words += n, ++items;
    impl_->mean_length = items > 0 ? words / items : 1;
    impl_->loaded = true;
  }
  return impl_->columns;
}

base::Result<std::vector<Match>> Index::search(const Node& query, const Lookup& lookup) {
  columns();
  impl_->open_readers();
  // A query word is stemmed in every language that occurs in the case.
  std::vector<std::string> languages = impl_->store->words(Dictionary::language);
  std::vector<std::optional<base::Result<Matches>>> answers(impl_->readers.size());
  std::vector<std::exception_ptr> failures(impl_->readers.size());
  const auto work = [&](unsigned shard) {
    try {
      Impl::Run run{*impl_, shard, lookup, {}};
      for (const std::string& l : languages)
        if (stem_mark(l)) run.stemmers.emplace_back(l);
      answers[shard] = run.eval(query);
    } catch (...) { failures[shard] = std::current_exception(); }
  };
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < answers.size(); ++i) threads.emplace_back(work, i);
  work(0);
  for (std::thread& t : threads) t.join();
  for (const std::exception_ptr& f : failures)
    if (f) std::rethrow_exception(f);
  Matches all;
  for (auto& a : answers) {
    Matches m = TRY(std::move(*a));
    all.insert(all.end(), m.begin(), m.end());
  }
  return all;
}

void Index::rank(std::vector<Match>& m, std::size_t n) {
  n = std::min(n, m.size());
  std::partial_sort(m.begin(), m.begin() + static_cast<std::ptrdiff_t>(n), m.end(),
                    [](const Match& a, const Match& b) {
                      return a.score != b.score ? a.score > b.score : a.item < b.item;
                    });
}

std::vector<Facet> Index::facets(const std::vector<Match>& matches) {
  const Columns& c = columns();
  ColumnStore& s = *impl_->store;
  std::vector<std::uint64_t> types(1 << 16), languages(1 << 16), custodians(1 << 16);
  std::unordered_map<std::uint32_t, std::uint64_t> folders;
  std::map<std::int64_t, std::uint64_t> years;
  for (const Match& m : matches) {
    if (m.item >= c.items()) continue;
    ++types[c.type[m.item]], ++languages[c.language[0][m.item]], ++custodians[c.custodian[m.item]];
    ++folders[c.folder[m.item]];
    if (c.date[m.item] != kNoDate) ++years[base::civil(c.date[m.item]).year];
  }
  const auto facet = [&](std::string name, Dictionary d, const std::vector<std::uint64_t>& counts) {
    Facet f{std::move(name), {}};
    for (std::uint32_t i = 1; i < counts.size(); ++i)
      if (counts[i]) f.values.emplace_back(s.word(d, i), counts[i]);
    return f;
  };
  std::vector<Facet> out{facet("type", Dictionary::type, types),
                         {"year", {}},
                         facet("language", Dictionary::language, languages),
                         facet("custodian", Dictionary::custodian, custodians),
                         {"folder", {}}};
  for (const auto& [y, n] : years) out[1].values.emplace_back(std::to_string(y), n);
  for (const auto& [f, n] : folders)
    if (f) out[4].values.emplace_back(s.word(Dictionary::folder, f), n);
  for (Facet& f : out)
    std::ranges::sort(f.values, [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
  return out;
}

bool Index::keep(std::vector<Match>& matches, std::string_view facet,
                 const std::vector<std::string>& values) {
  const Columns& c = columns();
  ColumnStore& s = *impl_->store;
  const auto wanted = [&](std::string_view v) { return std::ranges::find(values, v) != values.end(); };
  const auto by = [&](Dictionary d, const auto& column) {
    std::unordered_map<std::uint32_t, bool> known;
    std::erase_if(matches, [&](const Match& m) {
      const std::uint32_t v = m.item < c.items() ? column[m.item] : 0;
      const auto [at, fresh] = known.try_emplace(v, false);
      if (fresh) at->second = v != 0 && wanted(s.word(d, v));
      return !at->second;
    });
  };
  if (facet == "type")
    by(Dictionary::type, c.type);
  else if (facet == "language")
    by(Dictionary::language, c.language[0]);
  else if (facet == "custodian")
    by(Dictionary::custodian, c.custodian);
  else if (facet == "folder")
    by(Dictionary::folder, c.folder);
  else if (facet == "year")
    std::erase_if(matches, [&](const Match& m) {
      return m.item >= c.items() || c.date[m.item] == kNoDate ||
             !wanted(std::to_string(base::civil(c.date[m.item]).year));
    });
  else
    return false;
  return true;
}

std::uint64_t Index::bytes_on_disk() const {
  std::uint64_t n = 0;
  for (const auto& e : std::filesystem::directory_iterator(impl_->options.folder))
    if (e.is_regular_file()) n += e.file_size();
  return n;
}

}  // namespace search
